# SPDX-License-Identifier: GPL-3.0-or-later
# claims.sh - what plim verify says of a planted fault; for tests/mutation/run, which has the names used here.
# shellcheck shell=sh disable=SC2154,SC2034 # those names
# verdicts_of FILE: claim and verdict, one line each, of a CSV by plim verify
verdicts_of()
{
  awk -F , 'NR > 1 && /^[a-z0-9-]+,/ {v = $3 == "ok" ? $2 : "none"; if (!seen[$1 v]++) print $1 "\t" v}' "$1"
}

# judge HOW CLAIMS FILE: into FILE what plim makes of the kept samples (HOW is again), or of new ones of some claims
# (anew). False with `judged` set where it comes to no end, or to none with verdicts.
judge()
{
  rm -f "$work/x.csv" "$work"/x.csv.*
  if [ "$1" = again ]; then
    set -- "$3" merge --so-far "$journal"
  else
    # shellcheck disable=SC2086 # a list of words
    set -- "$3" verify $2 --budget $budget --threads "$jobs"
  fi
  said=$1
  shift
  timeout --foreground -k 5 "$seconds_allowed" ./plim "$@" --quiet -o "$work/x.csv" >"$work/test.log" 2>&1 </dev/null
  ended=$?
  if [ -s "$work/x.csv" ] && [ $ended -le 3 ] && [ $ended -ne 2 ]; then
    verdicts_of "$work/x.csv" >"$said"
    [ ! -s "$said" ] || return 0
  fi
  case $ended in 124 | 137) judged='no end' ;; *) judged="no result (status $ended)" ;; esac
  return 1
}

# Which claims see a fault, from the verdicts without and with it: those that DISAGREE, those that have no verdict where
# they had one, and those UNDECIDED that were AGREE.
seen_by() # CLEAN FAULTY
{
  awk -F "$tab" '
    function add(list, name) {return list (list == "" ? "" : " ") name}
    FILENAME == ARGV[1] {clean[$1] = $2; next}
    {faulty[$1] = 1}
    $2 == clean[$1] {next}
    $2 == "DISAGREE" {disagree = add(disagree, $1); next}
    clean[$1] != "AGREE" && $2 != "none" {next}
    {doubt = add(doubt, $1)}
    END {
      for (name in clean)
        if (!(name in faulty) && clean[name] != "none")
          doubt = add(doubt, name)
      printf "%s;%s", disagree, doubt
    }' "$1" "$2"
}

# Does the program with the fault in it say something else? Sets `judged` to what it comes to: names of claims that
# DISAGREE;names of those that no longer AGREE.
ask_claims() # PART CLAIMS
{
  judged='does not compile'
  make -s -j"$jobs" plim >"$work/make.log" 2>&1 || return
  how=again
  [ "$1" != simulation ] || how=anew
  clean=$work/clean.$(printf '%s' "$how $2" | cksum | cut -d ' ' -f 1)
  [ $how = anew ] || clean=$work/clean.again
  judge $how "$2" "$work/faulty" || return 0
  judged=$(seen_by "$clean" "$work/faulty")
}

# same_design JOURNAL PROVENANCE: samples drawn for claims of other sizes, or other claims, would be taken for those of
# these
same_design()
{
  drawn_for=$(sed -n '1s/.*"design": *{"crc32": *"\([0-9a-f]*\)".*/\1/p' "$1")
  judged_for=$(sed -n '/^ *"design"/,$s/^ *"crc32": *"\([0-9a-f]*\)".*/\1/p' "$2" | head -n 1)
  [ -n "$drawn_for" ] && [ "$drawn_for" = "$judged_for" ]
}

# Before any fault: what plim says of the samples without one.
ask_clean()
{
  judge again - "$work/clean.again" || return
  same_design "$journal" "$work/x.csv.provenance.json" || {
    say "$journal was drawn for claims that are others now; name a file that is not there, and it is drawn anew" >&2
    return 1
  }
  say "of the kept samples $(grep -c "$tab" "$work/clean.again") claims have a verdict, AGREE for $(grep -c "${tab}AGREE" "$work/clean.again")"
  cut -f 4,5 "$work/todo" | grep "${tab}simulation" | sort -u >"$work/drawn"
  while IFS=$tab read -r claims part; do
    [ "$claims" = - ] || judge anew "$claims" "$work/clean.$(printf '%s' "anew $claims" | cksum | cut -d ' ' -f 1)" || return
  done <"$work/drawn"
}

# The samples of all claims. The journal goes when its file stands, so it gets a second name as soon as it is there.
draw_journal()
{
  say "drawing all claims for $journal"
  prepare && cd "$build" && make -s -j"$jobs" plim >"$work/make.log" 2>&1 || return
  rm -f "$journal".csv "$journal".csv.* "$journal".part
  ./plim verify --quiet --threads "$jobs" -o "$journal.csv" >"$work/test.log" 2>&1 &
  while [ ! -f "$journal.csv.journal" ] && kill -0 $! 2>/dev/null; do sleep 1; done
  ln "$journal.csv.journal" "$journal.part" || return
  wait $!
  [ $? -le 3 ] && [ -s "$journal.csv" ] && mv "$journal.part" "$journal" && rm -f "$journal".csv "$journal".csv.*
}

clean_claims()
{
  { make -s -j"$jobs" plim >"$work/make.log" 2>&1 && ask_clean; } || {
    say 'the clean tree does not judge:' >&2
    cat "$work/make.log" "$work/test.log" >&2
    exit 2
  }
}
