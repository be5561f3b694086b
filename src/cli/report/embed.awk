# SPDX-License-Identifier: GPL-3.0-or-later
# A text file -> NAME, its lines as strings, and NAME_hash, its SHA-256 in base64 as a policy of HTML names it; the latter
# not where SHA256_IN_HEX is none.
# usage: awk -v name=NAME -v sum=SHA256_IN_HEX -f embed.awk FILE
function base64(hex,  digits, at, three, left, i, text) {
  digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  for (at = 1; at <= length(hex); at += 6) {
    three = 0
    for (i = 0; i < 6; i++)
      three = 16 * three + (at + i <= length(hex) ? index("0123456789abcdef", substr(hex, at + i, 1)) - 1 : 0)
    left = (length(hex) - at + 1) / 2 # bytes
    for (i = 0; i < 4; i++)
      text = text (i > left ? "=" : substr(digits, int(three / 64 ^ (3 - i)) % 64 + 1, 1))
  }
  return text
}
BEGIN {
  if (sum != "none" && (length(sum) != 64 || sum ~ /[^0-9a-f]/)) {
    print "embed.awk: no SHA-256: " sum | "cat >&2"
    exit failed = 1
  }
  if (sum != "none")
    printf "static const char %s_hash[] = \"%s\";\n", name, base64(sum)
  printf "static const char *const %s[] = {\n", name
}
{
  line = $0
  gsub(/\\/, "&&", line) # twice itself: backslashes of a replacement mean another thing to each awk
  gsub(/"/, "\\\"", line)
  printf " \"%s\\n\",\n", line
}
END {
  if (!failed)
    print " NULL};"
}
