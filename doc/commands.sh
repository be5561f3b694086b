#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# commands.sh - a section for help2man with what every command says of itself and of its options: their --help, each
# paragraph and each option of which is one line where lines may be as long as they like, as filled text.
# usage: commands.sh PROGRAM
set -eu
COLUMNS=100000
export COLUMNS
echo '[COMMANDS IN DETAIL]'
"$1" --help | sed -n '/^Commands:/,/^$/s/^  plim \([a-z]*\) .*/\1/p' | while read -r command; do
  printf '.SS "plim %s"\n' "$command"
  "$1" "$command" --help | awk '
    # roff takes a leading dot or quote for a request, a backslash for an escape, a bare - for a hyphen
    function roff(text) {
      gsub(/\\/, "\\e", text)
      gsub(/-/, "\\-", text)
      return text ~ /^[.\047]/ ? "\\&" text : text
    }
    /^Usage: / { print ".B " roff(substr($0, 8)); next }
    /^[A-Z][a-z]* options:$/ { print ".PP\n.I " roff(substr($0, 1, length($0) - 1)); options = 1; next }
    /^$/ { next }
    !options { print ".PP\n" roff($0); next }
    /^ +-/ {
      sub(/^ */, "")
      head = $0
      words = ""
      if (match($0, /  +/)) {
        head = substr($0, 1, RSTART - 1)
        words = substr($0, RSTART + RLENGTH)
      }
      print ".TP\n.B " roff(head)
      if (words != "")
        print roff(words)
      next
    }
    /^ / { sub(/^ */, ""); print roff($0); next } # of an option too long to stand beside its words
    { exit } # what holds for every command stands elsewhere'
done
