#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# commands.sh - manual pages of what the program says of itself: each paragraph and each option of `plim help --all` is one
# line where lines may be as long as they like.
# usage: commands.sh PROGRAM COMMAND   the page plim-COMMAND(1)
#        commands.sh PROGRAM           sections of plim(1) for help2man: of lists and grids, exit statuses, the other pages
set -eu
COLUMNS=100000
export COLUMNS
unset NO_COLOR
# roff takes a leading dot or quote for a request, a backslash for an escape, a bare - for a hyphen
roff='
function roff(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  return text ~ /^[.\047]/ ? "\\&" text : text
}'
if [ $# -lt 2 ]; then
  "$1" help --all | awk "$roff"'
    /^Numeric options/ { print "[LISTS AND GRIDS]\n" roff($0) "\n[EXIT STATUS]"; next }
    /^Exit status:$/ { statuses = 1; next }
    /^$/ { statuses = 0 }
    statuses { status = $1; sub(/^ *[0-9]+ */, ""); print ".TP\n.B " status "\n" roff($0) }'
  echo '[SEE ALSO]'
  "$1" help | sed -n '/^Commands:/,/^$/s/^  plim \([a-z]*\) .*/\1/p' |
    awk '{line = line sep ".BR plim\\-" $1 " (1)"; sep = ",\n"} END {print line}'
  exit
fi
title=$(printf 'PLIM\\-%s' "$2" | tr '[:lower:]' '[:upper:]')
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
  date=$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" '+%B %Y')
else
  date=$(LC_ALL=C date -u '+%B %Y')
fi
version=$("$1" --version | sed -n '1s/^plim \([^ ]*\).*/\1/p')
printf '.\\" SPDX-License-Identifier: GPL-3.0-or-later\n.TH %s "1" "%s" "plim %s" "User Commands"\n' "$title" "$date" "$version"
"$1" help --all "$2" | awk -v name="$2" "$roff"'
  /^Usage: / {
    usage = substr($0, 8)
    next
  }
  summary == "" {
    summary = tolower(substr($0, 1, 1)) substr($0, 2, length($0) - 2)
    print ".SH NAME\nplim\\-" name " \\- " roff(summary)
    print ".SH SYNOPSIS\n.B " roff(usage) "\n.SH DESCRIPTION"
    next
  }
  /^[A-Z][a-z]* options:$/ {
    if (!options)
      print ".SH OPTIONS"
    print ".SS " roff(substr($0, 1, length($0) - 1))
    options = 1
    next
  }
  /^Numeric options/ { print ".SH \"LISTS AND GRIDS\"\n" roff($0); options = 0; next }
  /^Exit status:$/ { print ".SH \"EXIT STATUS\""; options = 0; statuses = 1; next }
  /^Examples:$/ { print ".SH EXAMPLES"; statuses = 0; examples = 1; next }
  /^$/ { next }
  examples { sub(/^ */, ""); print ".PP\n.B " roff($0); next }
  statuses { status = $1; sub(/^ *[0-9]+ */, ""); print ".TP\n.B " status "\n" roff($0); next }
  options && /^ +-/ {
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
  options { sub(/^ */, ""); print roff($0); next } # of an option too long to stand beside its words
  { print (described++ ? ".PP\n" : "") roff($0) }'
printf '.SH "SEE ALSO"\n.BR plim (1)\n.PP\nThere stand the columns of CSV, the files, signals and the environment.\n'
