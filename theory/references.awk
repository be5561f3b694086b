# SPDX-License-Identifier: GPL-3.0-or-later
# references.bib -> rows {"KEY", "entry"}, of the table in theory.c.
/^@/ {
  inside = 1
  key = $0
  sub(/^@[a-z]*\{/, "", key)
  sub(/,.*/, "", key)
  printf "{\"%s\",\n", key
}
inside {
  line = $0
  gsub(/\\/, "&&", line) # twice itself: backslashes of a replacement mean another thing to each awk
  gsub(/"/, "\\\"", line)
  printf " \"%s\\n\"\n", line
}
inside && /^}/ {
  print "},"
  inside = 0
}
