# SPDX-License-Identifier: GPL-3.0-or-later
# report.awk - the page that doc/mutation.md is: awk -v date=DATE -v version=COMMIT -v tells=FILE -f report.awk RESULT
# RESULT has the lines of tests/mutation/run, by tabs: name, file, table, verdict, seconds, claims, what plim verify said of
# them. FILE has those of table.awk's mode=tell.
BEGIN {
  FS = "\t"
  while ((getline <tells) > 0)
    plants[$1] = $2
  close(tells)
}

{
  count++
  if ($4 ~ /^killed by /)
    killed++
  seconds += $5
  if (!($3 in faults))
    order[++parts] = $3
  verdict = $4
  sub(/^killed by /, "", verdict)
  gsub(/tests\//, "", verdict)
  gsub(/\*/, "\\*", plants[$1])
  gsub(/\|/, "\\|", plants[$1])
  if ($7 != "") {
    asked++
    noticed += $7 != "AGREE" && $7 != "not run" && $7 != "not built"
  }
  part[count] = $3
  row[count] = sprintf("| `%s` | %s | %s | %s |", $1, plants[$1], $2, verdict)
  claims[count] = $7 == "" ? "" : $6 ": " $7
  faults[$3]++
}

END {
  print "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->"
  print "<!-- Written by tests/mutation/run --report doc/mutation.md; do not edit. -->"
  print "# Would plim notice?"
  print ""
  print "A verdict AGREE is worth what the verifier would have said had the theory, the simulation or the judge been"
  print "wrong. So faults are planted, one at a time, in a copy of the source; the copy is built, and a test or a claim has"
  print "to turn red. A fault that every test lets pass is a hole in the tests."
  print ""
  printf "**Result of %s, commit %s: %d faults planted, %d noticed, %d not.**\n", date, version, count, killed, count - killed
  print ""
  print "`make mutation` does it again; `tests/mutation/run NAME...` some of them. The column \"first to turn red\" has just"
  print "that: the fast unit tests come first, and a fault may well turn others red too."
  if (asked > 0)
    printf "The last column is what `plim verify` says of the claims that should notice, with no unit test at hand: %d of %d noticed.\n", noticed, asked
  titles["theory"] = "In the theory"
  titles["simulation"] = "In the simulation"
  titles["judge"] = "In the judge, and in what carries its verdict"
  for (i = 1; i <= parts; i++) {
    printf "\n## %s (%d)\n\n", order[i] in titles ? titles[order[i]] : order[i], faults[order[i]]
    print "| fault | what it plants | file | first to turn red |" (asked > 0 ? " claims |" : "")
    print "|---|---|---|---|" (asked > 0 ? "---|" : "")
    for (k = 1; k <= count; k++)
      if (part[k] == order[i])
        print row[k] (asked > 0 ? " " claims[k] " |" : "")
  }
}
