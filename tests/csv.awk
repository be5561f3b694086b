# SPDX-License-Identifier: GPL-3.0-or-later
# csv.awk - a reader of CSV by the rules of RFC 4180, line ends LF: fields come out apart by the character US (octal 037).
function stop(why) {
  print "record " NR ": " why > "/dev/stderr"
  failed = 1
  exit 1
}
{
  text = $0
  record = ""
  fields = 0
  if (index(text, "\r") || index(text, "\037")) stop("a control character")
  while (1) {
    field = ""
    if (substr(text, 1, 1) == "\"") {
      text = substr(text, 2)
      while (1) {
        at = index(text, "\"")
        if (at == 0) stop("a quote that does not end")
        field = field substr(text, 1, at - 1)
        text = substr(text, at + 1)
        if (substr(text, 1, 1) != "\"") break
        field = field "\""
        text = substr(text, 2)
      }
      if (text != "" && substr(text, 1, 1) != ",") stop("text after a quote")
    } else {
      at = index(text, ",")
      field = at ? substr(text, 1, at - 1) : text
      if (index(field, "\"")) stop("a quote inside a field")
      text = at ? substr(text, at) : ""
    }
    record = record (fields++ ? "\037" : "") field
    if (text == "") break
    text = substr(text, 2)
  }
  if (NR == 1) columns = fields
  if (fields != columns) stop(fields " fields, the header has " columns)
  print record
}
END {if (!failed && NR == 0) {print "empty" > "/dev/stderr"; exit 1}}
