#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# claims.sh - doc/claims.md, made of what the program says of its claims; a test compares the two.
# usage: claims.sh PROGRAM
set -eu
cat <<'HEAD'
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Made by doc/claims.sh from `plim cite`; do not edit. -->
# The claims of `plim verify`

`plim verify CLAIM` draws, measures and judges; `plim verify` all of them. Every finding is judged by the rules of [judge.md](judge.md),
with Holm's correction over all findings of the run. Margins are those of `--tier quick`; `--tier full` halves them, with one size more and
four times the replicas; it has been run for some of the claims, which verify.md names, and not as a whole.

How large an error of a formula each claim sees is computed from what a run measured: [detection.md](detection.md) (`make detection`).

"What would make it fail" is what the theory says a fault would do to the numbers. The faults planted so far each turned a test of
`make check` red. Which claims see them, with no unit test at hand, is measured: the last column of [mutation.md](mutation.md)
(`tests/mutation/run --claims`).
HEAD
"$1" list claims | awk '{print $1}' | while read -r claim; do
  printf '\n## %s\n\n' "$claim"
  # the title without the name, then the sections up to the first BibTeX entry
  "$1" cite "$claim" | awk '
    NR == 1 {sub(/^[^ ]+ +/, ""); print toupper(substr($0, 1, 1)) substr($0, 2) "."; next}
    /^@/ {exit}
    /^$/ {blank = 1; next}
    /^  / {if (!open) {print "```"; open = 1} print substr($0, 3); next}
    {if (open) print "```"; open = 0; printf "\n**%s**\n\n", $0}
    END {if (open) print "```"}'
done
