# SPDX-License-Identifier: GPL-3.0-or-later
"""Does JSON fit doc/plim.schema.json?  schema.py SCHEMA FILE...: a line a file, `FILE: fits` or `FILE: why not`.
schema.py SCHEMA --columns: the names of all columns of rows and findings, one a line. Ends with 77 where there is no
jsonschema."""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as stream:
    schema = json.load(stream)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
if sys.argv[2] == "--columns":
    named = schema["definitions"]
    findings = named["claims"]["properties"]["claims"]["items"]["properties"]["findings"]["items"]
    for part in (named["row"], named["judged_row"], named["parameter"], named["change"], findings):
        print("\n".join(part["properties"]))
else:
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as stream:
            wrong = next(validator.iter_errors(json.load(stream)), None)
        print(f"{name}: {'fits' if wrong is None else wrong.message[:160]}")
