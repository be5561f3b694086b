# SPDX-License-Identifier: GPL-3.0-or-later
# figures/labels.gp -> rows of a C table, {name, TeX}. A line that begins a label and has not both spellings is an error.
/^label_/ {
  if ($0 !~ /^label_[a-z0-9_]+ = "[^"]+" # \$[^$"]+\$$/) {
    print FILENAME ":" FNR ": not label_NAME = \"GNUPLOT\" # $TEX$: " $0 | "cat >&2"
    exit failed = 1
  }
  name = $1
  sub(/^label_/, "", name)
  tex = $0
  sub(/^[^$]*\$/, "", tex)
  sub(/\$$/, "", tex)
  gsub(/\\/, "&&", tex) # twice itself
  printf "{\"%s\", \"%s\"},\n", name, tex
}
