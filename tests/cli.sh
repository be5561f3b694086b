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
journal_sums=$PWD/tests/journal_sums # gives the lines of a journal that was changed the checksums that they should have
stop_at_line=$PWD/tests/.libs/stop_at_line.so
PLIM_DATADIR=$(cd "$srcdir" && pwd)
export PLIM_DATADIR
unset COLUMNS # tables as wide as they are
work=$(mktemp -d)
mounted= # a file system that small_disk has mounted
clean_up()
{
  [ -z "$mounted" ] || umount "$mounted"
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM # not every sh minds EXIT when a signal ends it

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

# differs FILE OTHER WHAT: both are there, and not the same
differs()
{
  differing=0
  cmp -s "$1" "$2" || differing=$?
  [ "$differing" -ne 0 ] || fail "$3"
  [ "$differing" -eq 1 ] || fail "$1 and $2 cannot be compared"
}

# send SIGNAL PROCESS
send()
{
  kill -"$1" "$2" || fail "it was over before SIG$1 came"
}

# stopped SIGNAL LINES JOURNAL COMMAND...: sends the command the signal once so many lines stand in its journal, and waits
# for its end; its status in $got, its standard error in $work/err. By itself where it can be told to, see
# tests/stop_at_line.c: looking from outside comes too late for work that takes less than seconds.
stopped()
{
  stopping=$1 stop_at=$2 stop_journal=$3
  shift 3
  got=0
  if [ -e "$stop_at_line" ] && [ -d /proc/self/fd ]; then
    env LD_PRELOAD="$stop_at_line" PLIM_STOP="$stopping:$stop_at" "$@" 2>"$work/err" &
    wait $! || got=$?
    return
  fi
  "$@" 2>"$work/err" &
  pid=$!
  while [ "$(lines "$stop_journal")" -lt "$stop_at" ] && kill -0 $pid 2>/dev/null; do :; done
  send "$stopping" $pid
  wait $pid || got=$?
}

# small_disk FOLDER SIZE: a new folder that is a file system of that size, until no_disk or the end of the test; says so
# and fails where mounting is not allowed
small_disk()
{
  mkdir "$1"
  mount -t tmpfs -o "size=$2" none "$1" 2>/dev/null || {
    rmdir "$1"
    echo "not tried: a full disk, for mounting one ($1) is not allowed here"
    return 1
  }
  mounted=$(cd "$1" && pwd)
}

no_disk()
{
  umount "$mounted"
  mounted=
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

# csv FILE: its records, one a line, their fields apart by the character US (octal 037) and free of quotes. Stops with a
# message where a record breaks the rules of RFC 4180 (but for line ends, LF) or has another number of fields than the first.
csv()
{
  awk -f "$PLIM_DATADIR/tests/csv.awk" "$1"
}

# keys FILE ROWS [COLUMN...]: the file has that many rows with different identifying cells, all but the measured ones and the
# COLUMNs named; rows with equal identifying cells are equal altogether.
keys()
{
  file=$1 rows=$2
  shift 2
  csv "$file" >"$work/records" || fail "$file is not CSV"
  awk -F '\037' -v wanted="$rows" -v result="value error std ci_low ci_high status verdict margin p_agree p_disagree fit_p \
    agree_margin overturning_term neglected_bias effect claim_verdict predicted measured numerical_error monte_carlo_error finite_size_drift \
    difference $*" '
    BEGIN {n = split(result, name, " "); for (i = 1; i <= n; i++) is_result[name[i]] = 1}
    NR == 1 {for (i = 1; i <= NF; i++) part[i] = !($i in is_result); next}
    {
      key = ""
      for (i = 1; i <= NF; i++) if (part[i]) key = key FS $i
      if (key in row && row[key] != $0) {print "two rows with one key:"; print row[key]; print; exit bad = 1}
      if (!(key in row)) count++
      row[key] = $0
    }
    END {if (!bad && count != wanted) {print count + 0 " different keys, not " wanted; bad = 1}; exit bad}' \
    "$work/records" | tr '\037' ' ' >"$work/keys"
  [ ! -s "$work/keys" ] || { cat "$work/keys" >&2; fail "the rows of $file"; }
}

# column NAME FILE: that column of a CSV file whose fields hold no commas or quotes
column()
{
  awk -F, -v name="$1" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == name) c = i; next} {print $c}' "$2"
}
