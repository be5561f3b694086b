# SPDX-License-Identifier: GPL-3.0-or-later
# build.sh - what the subjects that build plim in several ways share; sourced by them.
# shellcheck shell=bash
set -uo pipefail
: "${top:?started by tests/long/run}"
jobs=$(nproc)
part=${1-}
parts=0
failed=0
lacking=0
[[ -x $top/configure ]] || {
  echo 'there is no configure: autoreconf -fi makes it'
  exit 77
}

# part_wanted NAME: whether this part of the subject is to be run: the first words of its name, or several with | between
part_wanted()
{
  [[ -z $part || $1 =~ ^($part)( |$) ]] || return
  parts=$((parts + 1))
}

# try NAME COMMAND...: one step in a subshell; what it said is shown where it fails
try()
{
  local name=$1 started=$SECONDS said
  shift
  printf '  %s: ' "$name"
  if said=$("$@" 2>&1 </dev/null); then
    printf 'passed (%d s)\n' $((SECONDS - started))
  else
    printf 'FAILED (%d s)\n%s\n' $((SECONDS - started)) "$(grep -E '^(FAIL|ERROR):' <<<"$said"; tail -n 40 <<<"$said")"
    failed=1
    return 1
  fi
}

# lacks NAME WHAT: in words, what keeps a step from being run here
lacks()
{
  printf '  %s: could not be run here: %s\n' "$1" "$2"
  lacking=1
}

finish()
{
  ((parts > 0)) || {
    echo "there is no part $part here"
    exit 1
  }
  ((failed == 0)) || exit 1
  ((lacking == 0)) || exit 77
  exit 0
}

# built FOLDER ARGUMENT...: make a build folder of these arguments to configure, with its test programs
built()
{
  mkdir "$1" && cd "$1" && "$top/configure" -q --enable-werror "${@:2}" && make -s -j"$jobs" dist_man_MANS= check TESTS=
}

# numbers PROGRAM...: limits, simulated numbers and verdicts at one place, as CSV
numbers()
(
  exec </dev/null # not what a loop around it reads
  "$@" theory -q risk0,risk1,train1,theta1,kappa,ntk_ridge --psi1 2.385 --psi2 1.617 --lambda 0.137 --format csv &&
    "$@" simulate -q risk0,risk1,theta1,ntk_ridge --d 40 --lambda 0.137 --replicas 3 --threads 1 --format csv &&
    "$@" compare -q risk1 --d 20,40,80 --replicas 100 --threads 1 --format csv
  (($? == 0 || $? == 3)) # a verdict may be UNDECIDED
)

# same_verdicts FILE OTHER: two such files have the same words; says how far their values are from each other
same_verdicts()
{
  paste -d '\n' "$1" "$2" | awk -F, '
    function number(text) {return text ~ /^[-+0-9.e]+$/}
    NR % 2 {count = NF; split($0, first); next}
    {
      if (NF != count) {print "not the same columns"; wrong = 1; exit}
      for (i = 1; i <= NF; i++)
        if (!(number(first[i]) && number($i)) && first[i] != $i) {print first[i] " and " $i; wrong = 1; exit}
      if (!number($3)) next # a heading
      apart = (first[3] - $3) / (first[3] == 0 ? 1 : first[3])
      if (apart < 0) apart = -apart
      if (apart > most[$2]) most[$2] = apart
      seen++
    }
    END {
      if (seen < 10) {print seen + 0 " rows"; wrong = 1}
      for (source in most) said = said sprintf(" %s %.0e", source, most[source])
      print "  largest relative difference of a value:" (said == "" ? " none" : said)
      exit wrong
    }'
}
