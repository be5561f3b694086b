#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# commands.sh - a section for help2man with the help of every command, word for word.
# usage: commands.sh PROGRAM
set -eu
echo '[COMMANDS IN DETAIL]'
"$1" --help | sed -n 's/^  plim \([a-z]*\) .*/\1/p' | sort -u | while read -r command; do
  printf '.SS plim %s\n.nf\n' "$command"
  "$1" "$command" --help | sed -e 's/\\/\\\\/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"
  printf '.fi\n'
done
