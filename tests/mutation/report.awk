# SPDX-License-Identifier: GPL-3.0-or-later
# report.awk - the page that doc/mutation.md is: awk -f report.awk TELL OUTCOMES
# TELL is what table.awk's mode=tell prints. OUTCOMES has lines of tests/mutation/run, by tabs: fault, tests or claims,
# date, commit, seconds, outcome. Of claims the outcome is "those that DISAGREE;those that no longer AGREE".
BEGIN {
  FS = "\t"
  most_named = 6
  asked["tests"] = asked["claims"] = 0
}

# Markdown's own signs are text.
function plain(text)
{
  gsub(/\*/, "\\*", text)
  gsub(/\|/, "\\|", text)
  return text
}

# Up to so many of the names, and how many more there are.
function some_of(list,    names, count, i, text)
{
  count = split(list, names, " ")
  for (i = 1; i <= count && i <= most_named; i++)
    text = text (i > 1 ? ", " : "") names[i]
  return count > most_named ? text " and " count - most_named " more" : text
}

function claims_of(fault,    said, part)
{
  said = outcome[fault, "claims"]
  if (said ~ /;/) {
    split(said, part, ";")
    if (part[1] != "")
      return "DISAGREE: " some_of(part[1])
    if (part[2] != "")
      return "in doubt: " some_of(part[2])
  } else if (said != "") {
    return said
  }
  if (why[fault] != "")
    return (said == "" ? "not asked; " : "") "unit tests alone: " why[fault]
  return said != "" ? "**none**" : "not asked"
}

# The runs that the outcomes come from: "97 on 2026-11-24 at commit 3099f11, ..."
function runs_of(kind,    i, text)
{
  for (i = 1; i <= runs; i++)
    if (run_kind[i] == kind)
      text = text (text == "" ? "" : ", ") of_run[run_name[i]] " on " run_title[i]
  return text
}

FNR == NR {
  if (!($2 in faults))
    order[++parts] = $2
  faults[$2]++
  name[++count] = $1
  part_of[$1] = $2
  file[$1] = $3
  plants[$1] = plain($4)
  why[$1] = plain($5)
  next
}

/^#/ || !($1 in part_of) {
  next
}

{
  asked[$2]++
  outcome[$1, $2] = $6
  if (!(($2, $3, $4) in of_run)) {
    run_name[++runs] = $2 SUBSEP $3 SUBSEP $4
    run_kind[runs] = $2
    run_title[runs] = $3 " at commit " $4
  }
  of_run[$2, $3, $4]++
  seconds[$2] += $5
  if ($2 == "tests")
    killed += $6 ~ /^killed by /
  else if ($6 ~ /^;$/)
    unseen += why[$1] == ""
  else if ($6 !~ /^;/ && $6 !~ /compile/)
    refuted++
  else if ($6 ~ /^;/)
    doubted++
}

END {
  print "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->"
  print "<!-- Written by tests/mutation/run --page doc/mutation.md; do not edit. -->"
  print "# Would plim notice?"
  print ""
  print "A verdict AGREE is worth what the verifier would have said had the theory, the simulation or the judge been"
  print "wrong. So faults are planted, one at a time, in a copy of the source; the copy is built, and a test or a claim has"
  print "to turn red. A fault that every test lets pass is a hole in the tests."
  print ""
  printf "**%d faults planted. %d run against the unit tests: %d noticed, %d not.** (%s.)\n", count, asked["tests"], killed, asked["tests"] - killed, runs_of("tests")
  print ""
  print "`make mutation` does it again; `tests/mutation/run NAME...` some of them. The column \"first to turn red\" has just"
  print "that: the fast unit tests come first, and a fault may well turn others red too."
  print ""
  printf "**%d run against the claims, with no unit test at hand: %d refuted (DISAGREE, or no end), %d put in doubt (AGREE no longer), %d not noticed, of which %d have a reason.**", asked["claims"], refuted, doubted, asked["claims"] - refuted - doubted, asked["claims"] - refuted - doubted - unseen
  if (asked["claims"] > 0)
    printf " (%s; %.0f s each.)", runs_of("claims"), seconds["claims"] / asked["claims"]
  print ""
  print ""
  print "A fault of the theory or the judge leaves the samples what they are. So all claims are judged once more on samples kept"
  print "of a clean `plim verify`, by the program with the fault in it: `tests/mutation/run --claims JOURNAL`. Replicas that it"
  print "would want beyond those are not drawn; the penalties of the claims drawn around the best one are those of the clean"
  print "program. A fault of the simulation has the claims that it names drawn anew. \"Unit tests alone\" says why no claim can"
  print "see a fault: claims are true statements, judged by a program that is told nothing else."
  titles["theory"] = "In the theory"
  titles["simulation"] = "In the simulation"
  titles["judge"] = "In the judge, and in what carries its verdict"
  for (i = 1; i <= parts; i++) {
    printf "\n## %s (%d)\n\n", order[i] in titles ? titles[order[i]] : order[i], faults[order[i]]
    print "| fault | what it plants | file | first to turn red | claims that saw it |"
    print "|---|---|---|---|---|"
    for (k = 1; k <= count; k++)
      if (part_of[name[k]] == order[i]) {
        verdict = outcome[name[k], "tests"]
        sub(/^killed by /, "", verdict)
        sub(/tests\//, "", verdict)
        printf "| `%s` | %s | %s | %s | %s |\n", name[k], plants[name[k]], file[name[k]], verdict == "" ? "not run" : verdict, claims_of(name[k])
      }
  }
}
