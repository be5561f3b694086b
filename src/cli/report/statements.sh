#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# statements.sh - statements.tex as rows of a C table, {claim, TeX, MathML}; MathML by blahtexml, which complains of what it
# does not know. A string of C has 4095 characters at most: longer ones go on in rows whose TeX is empty.
# usage: statements.sh BLAHTEXML STATEMENTS.tex >statements.inc
set -eu
blahtexml=$1
tab=$(printf '\t')
echo '/* Made by statements.sh of statements.tex. */'
awk -v tab="$tab" '/^%% / {claim = $2; next} /^%/ || /^$/ {next} {print claim tab $0}' "$2" |
  while IFS=$tab read -r claim tex; do
    rest=$tex markup=
    while [ -n "$rest" ]; do # what a \quad sets apart may stand on a line of its own
      part=${rest%%" \\quad "*}
      case $rest in
        *' \quad '*) rest=${rest#*" \\quad "} ;;
        *) rest= ;;
      esac
      made=$(printf '%s' "$part" | "$blahtexml" --mathml --displaymath --spacing relaxed --mathml-encoding numeric --other-encoding numeric)
      case $made in
        *'<markup>'*) ;;
        *)
          printf 'statements.tex: %s: %s\n%s\n' "$claim" "$part" "$made" >&2
          exit 1
          ;;
      esac
      markup="$markup${markup:+ }<math>$(printf '%s' "$made" | tr -d '\n' | sed 's/.*<markup>//; s/<\/markup>.*//; s/>-</>\&#x2212;</g')</math>"
    done
    printf '%s\t%s\t%s\n' "$claim" "$tex" "$markup"
  done >"statements.$$" || { rm -f "statements.$$"; exit 1; }
awk -F '\t' '
  function text(s) {
    gsub(/\\/, "&&", s)
    gsub(/"/, "\\\"", s)
    return "\"" s "\""
  }
  {
    tex = $2
    for (rest = $3; rest != "" || tex != ""; tex = "") {
      end = length(rest) > 2000 ? 2000 : length(rest)
      printf "{%s, %s, %s},\n", text($1), text(tex), text(substr(rest, 1, end))
      rest = substr(rest, end + 1)
    }
  }' "statements.$$"
rm -f "statements.$$"
