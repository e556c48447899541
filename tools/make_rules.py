#!/usr/bin/env python3
"""Writes the head of each rule in docs/rules.md, and the table of rows in docs/formats.md, from the
table of rules in verifier/rules.h. The prose under each head is written by hand.

    tools/make_rules.py            rewrite both documents
    tools/make_rules.py --check    exit 1 if one would change, or if a rule has no prose
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = ROOT / "docs" / "rules.md"
FORMATS = ROOT / "docs" / "formats.md"
TOOL = "tools/make_rules.py"
ROWS_BEGIN, ROWS_END = f"<!-- rows: begin ({TOOL}) -->", "<!-- rows: end -->"

STRING = r'"(?:[^"\\]|\\.)*"'
RULE = re.compile(
    r"Of\((?P<number>\d+),\s*k(?P<row>\w+),\s*(?P<sentence>(?:" + STRING + r"\s*)+),"
    r"\s*\{(?P<reasons>[^}]*)\}(?:,\s*(?P<needs>[^;]*?))?\)(?=,\s*(?:Of\(|\}))", re.S)
CONSTANT = re.compile(r"constexpr RuleSet (k\w+) = ([^;]+);")


def hyphenated(name):
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


def rule_set(text, constants):
    """The numbers of a RuleSet as written in the table, sorted."""
    if not text:
        return []
    if text in constants:
        return constants[text]
    ranged = re.fullmatch(r"RuleSet::Range\((\d+), (\d+)\)", text)
    if ranged:
        return list(range(int(ranged.group(1)), int(ranged.group(2)) + 1))
    listed = re.fullmatch(r"\{([\d, ]+)\}", text)
    if not listed:
        sys.exit(f"verifier/rules.h: \"{text}\" is not a set of rules that {TOOL} can read")
    return [int(number) for number in listed.group(1).split(",")]


def read_rules():
    text = (ROOT / "verifier" / "rules.h").read_text()
    constants = {}
    for name, value in CONSTANT.findall(text):
        constants[name] = rule_set(value, constants)
    body = text[text.index("kTable = {"):text.index("constexpr bool InOrder")]
    rules = []
    for match in RULE.finditer(body):
        sentence = "".join(part[1:-1] for part in re.findall(STRING, match["sentence"]))
        rules.append({
            "number": int(match["number"]),
            "row": match["row"].lower(),
            "sentence": sentence.replace('\\"', '"'),
            "reasons": [hyphenated(r.strip()[1:]) for r in match["reasons"].split(",") if r.strip()],
            "needs": rule_set((match["needs"] or "").strip(), constants),
        })
    wanted = len(re.findall(r"\bOf\(\d", body))
    if [rule["number"] for rule in rules] != list(range(1, wanted + 1)) or wanted < 40:
        sys.exit(f"verifier/rules.h: {len(rules)} of {wanted} rules could be read")
    return rules


def spans(numbers):
    """R1–R3, R5"""
    parts = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"R{a}" if a == b else f"R{a}–R{b}" if b > a + 1 else f"R{a}, R{b}"
                     for a, b in parts)


def head(rule):
    number = rule["number"]
    row = "the decision" if rule["row"] == "decision" else f"row `{rule['row']}`"
    reasons = ", ".join(f'<a id="r{number}-{reason}"></a>`{reason}`' for reason in rule["reasons"])
    facts = [row[0].upper() + row[1:],
             f"refuses with {reasons}" if reasons else "refuses nothing by itself"]
    if rule["needs"]:
        facts.append(f"needs {spans(rule['needs'])}")
    return f"### R{number}\n\n**{rule['sentence']}**\n\n{'; '.join(facts)}."


def rewrite_rules(text, rules):
    for rule in rules:
        number = rule["number"]
        begin, end = f"<!-- R{number}: begin -->", f"<!-- R{number}: end -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            sys.exit(f"docs/rules.md: no place for R{number}: {begin} … {end}")
        before, rest = text.split(begin)
        after = rest.split(end)[1]
        prose = re.split(r"<!-- R\d+: begin -->|^## ", after, maxsplit=1, flags=re.M)[0]
        if len(prose.split()) < 5:
            sys.exit(f"docs/rules.md: R{number} has no prose")
        text = f"{before}{begin}\n{head(rule)}\n{end}{after}"
    return text


def rewrite_rows(text, rules):
    rows = {}
    for rule in rules:
        rows.setdefault(rule["row"], []).append(rule["number"])
    order = ("model", "signatures", "log", "identity", "lineage", "time", "compute", "custody",
             "hardware", "policy")
    unknown = set(rows) - set(order) - {"decision"}
    if unknown:
        sys.exit(f"verifier/rules.h: rows that {TOOL} does not know: {', '.join(sorted(unknown))}")
    table = "\n".join(["| row | rules |", "| --- | --- |"] + [
        f"| `{row}` | {spans(rows[row]) if row in rows else 'none: what is stated is shown, and not judged'} |"
        for row in order])
    before, rest = text.split(ROWS_BEGIN)
    return f"{before}{ROWS_BEGIN}\n\n{table}\n\n{ROWS_END}{rest.split(ROWS_END)[1]}"


def main():
    rules = read_rules()
    for document, rewrite in ((RULES, rewrite_rules), (FORMATS, rewrite_rows)):
        text = document.read_text()
        wanted = rewrite(text, rules)
        if "--check" not in sys.argv:
            document.write_text(wanted)
        elif wanted != text:
            sys.exit(f"{document.relative_to(ROOT)}: differs from verifier/rules.h: run {TOOL}")


if __name__ == "__main__":
    main()
