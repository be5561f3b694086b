# SPDX-License-Identifier: GPL-3.0-or-later
# cli.sh - what the tests of the program share; sourced by them, run in the build folder.
# shellcheck shell=sh disable=SC2034 # names used by those who source this
set -eu
: "${srcdir:=.}"
plim=$PWD/plim
# what libtool left in the build folder is a script that sets LD_LIBRARY_PATH and takes a tenth of a second to do so
if [ -x .libs/plim ]; then
  plim=$PWD/.libs/plim
  LD_LIBRARY_PATH=$PWD/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
fi
json_check=$PWD/tests/json_check
PLIM_DATADIR=$(cd "$srcdir" && pwd)
export PLIM_DATADIR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
  echo "FAILED: $1" >&2
  [ ! -s "$work/err" ] || sed 's/^/  stderr: /' "$work/err" >&2
  exit 1
}

# expect STATUS COMMAND...: run it, standard output into $work/out, standard error into $work/err
expect()
{
  wanted=$1
  shift
  got=0
  "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
  [ "$got" -eq "$wanted" ] || fail "status $got, not $wanted: $*"
}

# says TEXT: the last command's standard error holds TEXT to the letter
says()
{
  grep -qF -- "$1" "$work/err" || fail "no word of: $1"
}

# prints TEXT: the same for its standard output
prints()
{
  grep -qF -- "$1" "$work/out" || { cat "$work/out" >&2; fail "not printed: $1"; }
}

# files FOLDER: the names in it, sorted, with a blank after each
files()
{
  (cd "$1" && for file in * .[!.]*; do [ ! -e "$file" ] || printf '%s ' "$file"; done)
}

# lines FILE: how many there are; 0 where there is no file
lines()
{
  if [ -e "$1" ]; then wc -l <"$1"; else echo 0; fi
}

# absent FILE...: nothing half written was left
absent()
{
  for file; do [ ! -e "$file" ] || fail "$file was left behind"; done
}

# column NAME FILE: that column of a CSV file whose fields hold no commas or quotes
column()
{
  awk -F, -v name="$1" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == name) c = i; next} {print $c}' "$2"
}
