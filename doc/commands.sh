#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# commands.sh - a section for help2man with what every command says of itself; the options stand in sections of
# their own, marked with the commands that take them.
# usage: commands.sh PROGRAM
set -eu
echo '[COMMANDS IN DETAIL]'
"$1" --help | sed -n '/^Commands:/,/^$/s/^  plim \([a-z]*\) .*/\1/p' | while read -r command; do
  printf '.SS "plim %s"\n.nf\n' "$command"
  "$1" "$command" --help | sed -e '/^[A-Z][a-z]* options:$/,$d' |
    sed -e 's/\\/\\\\/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"
  printf '.fi\n'
done
