# SPDX-License-Identifier: GPL-3.0-or-later
# table.awk - reads the tables of planted faults (*.faults); CONTRIBUTING.md says how they are written.
#
#   awk -v mode=check -v root=TREE -f table.awk *.faults     each fault is complete and its text stands once in TREE
#   awk -v mode=list  -f table.awk *.faults                  name, file, killers, claims, part: one line each, by tabs
#   awk -v mode=tell  -f table.awk *.faults                  name, part, file, what it plants, why no claim can see it
#   awk -v mode=plant -v name=NAME -v root=TREE -f table.awk *.faults     NAME's file with the fault in it

function complain(text)
{
  printf "%s: %s: %s\n", table, fault, text | "cat >&2"
  bad = 1
}

# The whole of a file, or "" with a complaint.
function text_of(path,    line, text)
{
  if (path in texts)
    return texts[path]
  text = ""
  while ((getline line <path) > 0)
    text = text line "\n"
  close(path)
  return texts[path] = text
}

# How often `part` stands in `text`.
function count(text, part,    at, times)
{
  times = 0
  while ((at = index(text, part)) > 0) {
    times++
    text = substr(text, at + length(part))
  }
  return times
}

function check_fault(part,    text, times, i, killers, list)
{
  if (fault !~ /^[a-z0-9-]+$/)
    complain("a name has lower-case letters, digits and hyphens only")
  if (seen[fault]++)
    complain("the name is taken")
  if (field["file"] == "" || field["plants"] == "" || field["killers"] == "" || old == "")
    complain("file, plants, killers and a line that begins with - are needed")
  text = text_of(root "/" field["file"])
  times = count(text, old)
  if (text == "")
    complain(field["file"] " cannot be read")
  else if (times != 1)
    complain(sprintf("the text it replaces stands %d times in %s; it must stand there once:\n%s", times, field["file"], old))
  if (old == new)
    complain("it changes nothing")
  if (part == "simulation" && (field["claims"] == "") == (field["alone"] == ""))
    complain("a fault of the simulation names the claims that should see it, or says why none can (alone), not both")
  killers = split(field["killers"], list, " ")
  for (i = 1; i <= killers; i++)
    if (text_of(root "/" list[i] (list[i] ~ /\.test$/ ? "" : ".c")) == "")
      complain("there is no test " list[i])
}

function plant(    text, at)
{
  text = text_of(root "/" field["file"])
  if (count(text, old) != 1) {
    complain("the text it replaces does not stand once in " field["file"])
    return
  }
  at = index(text, old)
  printf "%s%s%s", substr(text, 1, at - 1), new, substr(text, at + length(old))
  planted = 1
}

function finish_fault(    part)
{
  if (fault == "")
    return
  faults++
  part = table
  sub(/.*\//, "", part)
  sub(/\.faults$/, "", part)
  if (mode == "check")
    check_fault(part)
  else if (mode == "list")
    printf "%s\t%s\t%s\t%s\t%s\n", fault, field["file"], field["killers"], field["claims"] == "" ? "-" : field["claims"], part
  else if (mode == "tell")
    printf "%s\t%s\t%s\t%s\t%s\n", fault, part, field["file"], field["plants"], field["alone"]
  else if (mode == "plant" && fault == name)
    plant()
  fault = old = new = ""
  split("", field)
}

FNR == 1 {
  finish_fault()
  table = FILENAME
}

/^#/ || /^$/ {
  next
}

/^[-+]( |$)/ {
  line = substr($0, 3)
  if (/^-/)
    old = old (old == "" ? "" : "\n") line
  else
    new = new (new == "" ? "" : "\n") line
  next
}

{
  key = $1
  value = $0
  sub(/^[^ ]+ +/, "", value)
  if (key == "fault") {
    finish_fault()
    fault = value
  } else if (key == "file" || key == "plants" || key == "killers" || key == "claims" || key == "alone")
    field[key] = field[key] (field[key] == "" ? "" : " ") value
  else
    complain("what is this line? " $0)
}

END {
  finish_fault()
  if (mode == "plant" && !planted && !bad) {
    fault = name
    complain("there is no such fault")
  }
  if (faults == 0) {
    complain("no faults")
  }
  close("cat >&2")
  exit bad
}
