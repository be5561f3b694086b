#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# rounds.sh - shards and merges in turn until the file is there: for compare and verify without --replicas, which draw look
# after look until their verdicts are settled. Run it where jobs are submitted; it waits.
set -eu
. ./study.sh

# shellcheck disable=SC2154 # study.sh has them
while :; do
  sbatch --wait --array="1-$shards" array.sbatch
  status=0
  plim merge -o "$file" || status=$?
  if [ "$status" -ne 75 ]; then exit "$status"; fi
done
