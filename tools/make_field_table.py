#!/usr/bin/env python3
"""Writes the field tables of docs/formats.md from schemas/*.capnp, between its two markers.

    tools/make_field_table.py            rewrite docs/formats.md
    tools/make_field_table.py --check    exit 1 if it would change
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "formats.md"
SCHEMAS = ("predicate.capnp", "flop.capnp", "values.capnp", "verdict.capnp")
BEGIN, END = "<!-- fields: begin (tools/make_field_table.py) -->", "<!-- fields: end -->"

# Values that JSON spells without a structure.
SPELLING = {
    "Count": "count", "FlopAmount": "FLOP", "Digest": "digest", "SignerRef": "signer id",
    "Nonce": "nonce", "Time": "time", "Flag": "true or false", "Text": "text",
    "Sources": "list of source", "DataUsed": "list of dataset use", "FlopFigure": "FLOP statement",
}
FIELD = re.compile(r"^\s*(\w+) @\d+ :([^;$]+?)\s*((?:\$[^;]*)?);\s*(?:#\s*(.*))?$")


def words(name, separator):
    return re.sub(r"(?<!^)([A-Z])", lambda m: separator + m.group(1).lower(), name).lower()


def spelt(kind):
    kind = kind.strip()
    listed = re.fullmatch(r"List\((.+)\)", kind)
    if listed:
        return "list of " + spelt(listed.group(1))
    kind = kind.split(".")[-1]
    return SPELLING.get(kind, words(kind, " "))


def rules_of(annotations):
    found = []
    for name, value in re.findall(r"\$(?:V\.)?(\w+)(?:\(([^)]*)\))?", annotations):
        found.append({"required": "required", "undisclosable": 'or `"undisclosed"`',
                      "notEmpty": "not empty", "multiLine": "may contain LF, ≤ 64 KiB",
                      "maxItems": f"≤ {int(value or 0):,} items" if name == "maxItems" else "",
                      "maxValue": f"≤ {int(value or 0):,}" if name == "maxValue" else "",
                      "jsonName": ""}.get(name, ""))
    return ", ".join(rule for rule in found if rule)


def json_name(field, annotations, foreign):
    given = re.search(r'\$V\.jsonName\("([^"]+)"\)', annotations)
    if given:
        return given.group(1)
    return field if foreign else words(field, "_")


def structs_of(text):
    """(keyword, name, foreign, lines) of each top-level enum and struct."""
    for block in re.finditer(r"^(struct|enum) (\w+)([^{\n]*)\{\n(.*?)^\}", text, re.M | re.S):
        yield block.group(1), block.group(2), "foreign" in block.group(3), block.group(4)


def table(name, foreign, body):
    rows = []
    lines = body.splitlines()
    for at, line in enumerate(lines):
        field = FIELD.match(line)
        if not field:
            continue
        comment = field.group(4) or ""
        for more in lines[at + 1:]:
            continued = re.match(r"^\s+# (.*)$", more)
            if not continued:
                break
            comment = (comment + " " + continued.group(1)).strip()
        rows.append(f"| `{json_name(field.group(1), field.group(3), foreign)}` | "
                    f"{spelt(field.group(2))} | {rules_of(field.group(3))} | {comment} |")
    if not rows:
        return ""
    title = words(name, " ")
    return "\n".join([f"**{title}**", "", "| field | value | rule | meaning |",
                      "| --- | --- | --- | --- |", *rows, ""])


def enumeration(name, body):
    found = re.findall(r"^\s*(\w+) @(\d+)", body, re.M)
    names = ", ".join(f"`{words(n, '-')}`" for n, number in found if number != "0")
    return f"**{words(name, ' ')}**: {names}\n"


def tables():
    parts = []
    for schema in SCHEMAS:
        for keyword, name, foreign, body in structs_of((ROOT / "schemas" / schema).read_text()):
            if keyword == "enum":
                parts.append(enumeration(name, body))
            elif name not in SPELLING:
                parts.append(table(name, foreign, body))
    return "\n".join(part for part in parts if part)


def main():
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    wanted = f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"
    if "--check" not in sys.argv:
        DOCUMENT.write_text(wanted)
    elif wanted != text:
        sys.exit("docs/formats.md: the field tables differ from schemas/*.capnp: run "
                 "tools/make_field_table.py")


if __name__ == "__main__":
    main()
