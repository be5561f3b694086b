# SPDX-License-Identifier: GPL-3.0-or-later
# study.sh - the one place where the study stands; sourced by the jobs. Edit this.
# shellcheck shell=sh disable=SC2034
command='simulate -q risk1,train1 --d 500,1000,2000 --replicas 200'
file=study.csv
shards=16
