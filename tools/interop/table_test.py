#!/usr/bin/env python3
"""What table.py writes of made-up checks, and which disagreements compare.py takes as explained."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import compare  # noqa: E402
import table  # noqa: E402
from outcome import BAD, GOOD, SKIPPED, THEY_VERIFY, UNBUILT, WE_VERIFY, Row  # noqa: E402
from process import Done  # noqa: E402

YES, NO, BROKEN = Done(0, "", "", "yes"), Done(1, "", "bad hash", "no"), Done(2, "", "usage", "broken")


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"table_test: {what}:\n{found}\nexpected:\n{wanted}")


def test_expect():
    row = Row("client")
    for done, accepted in ((YES, True), (NO, False), (YES, False), (NO, True), (BROKEN, False)):
        row.expect(WE_VERIFY, "blob", done, accepted)
    expect("outcomes", [check.outcome for check in row.checks], [GOOD, GOOD, BAD, BAD, BAD])
    expect("reasons", [check.reason for check in row.checks[3:]],
           ["expected yes: bad hash", "expected no: usage"])


def test_cell():
    expect("no check", table.cell([]), "–")
    row = Row("client")
    for name, outcome, reason in (
            ("blob by key, by path", GOOD, ""), ("blob by key, by digest", GOOD, ""),
            ("blob: another key", GOOD, ""), ("blob: another | file", BAD, "expected no: fine"),
            ("shards", UNBUILT, ""), ("chains", UNBUILT, ""), ("all", SKIPPED, "go is not installed")):
        row.note(WE_VERIFY, name, outcome, reason)
    expect("a cell", table.cell(row.checks),
           "3 ok: blob by key (2), blob<br>**FAILED** blob: another \\| file: expected no: fine<br>"
           "*skipped:* all: go is not installed<br>*not built yet:* shards, chains")
    row.checks = [check for check in row.checks if check.outcome == SKIPPED]
    expect("a row", table.rows_text([row]).splitlines()[-1],
           "| client | – | *skipped:* all: go is not installed |")


def case(name, **verdicts):
    return compare.Case("our blob", name, None,
                        {client: (verdict, "why") for client, verdict in verdicts.items()})


def test_disagreements():
    rule = compare.Explained("cosign, go", "*/unknown field:*", "no", "w?y", "w*", "strict")
    for what, made, wanted in (
            ("explained", case("unknown field:a", carnet="no", cosign="yes"), [rule]),
            ("the other way round", case("unknown field:a", carnet="yes", cosign="no"), [None]),
            ("another client", case("unknown field:a", carnet="no", js="yes"), [None]),
            ("another reason", compare.Case("our blob", "unknown field:a", None, {
                "carnet": ("no", "another"), "cosign": ("yes", "")}), [None]),
            ("another reason of theirs", compare.Case("our blob", "unknown field:a", None, {
                "carnet": ("no", "why"), "cosign": ("yes", "no")}), [None]),
            ("another change", case("twice:a", carnet="no", cosign="yes"), [None]),
            ("could not tell", case("twice:a", carnet="broken", cosign="yes"), [None]),
            ("no is no", case("twice:a", carnet="broken", cosign="no"), []),
            ("without Carnet", case("twice:a", cosign="yes"), [])):
        expect(what, [why for _, _, why in compare.disagreements([made], [rule])], wanted)
    row, used = compare.judge([case("unknown field:a", carnet="no", cosign="yes"),
                               case("twice:a", carnet="no", cosign="yes")], [rule], [])
    expect("used", used, [(rule, 1)])
    expect("failed", [check.name for check in row.checks if check.outcome == BAD],
           ["our blob/twice:a"])


def test_explained_file():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "explained.tsv"
        path.write_text('client\tchange\tcarnet\treason\ttheirs\twhy\n'
                        'cosign\t*/x:*\tno\t*\t*\tas "it" says\n')
        expect("read", compare.read_explained(path),
               [compare.Explained("cosign", "*/x:*", "no", "*", "*", 'as "it" says')])
    for each in compare.read_explained():
        expect(f"{each}", (each.carnet in ("yes", "no"), bool(each.change), bool(each.why)),
               (True, True, True))
        expect(f"{each} is about something", (each.change, each.reason, each.theirs) != ("*", "*", "*"), True)


def test_page():
    row = Row("client")
    row.note(THEY_VERIFY, "blob", BAD, "expected yes: no")
    made = [case("twice:a", carnet="no", cosign="yes"), case("dropped:b", carnet="no", cosign="no")]
    wrong, used = compare.judge(made, [], [])
    page = table.page([row], wrong, made, used, 7, compare.kind_of, "a machine", "1.0")
    for text in ("on a machine, with Carnet 1.0", "2 bundles, the same ones for seed 7",
                 "| cosign | 2 | 1 |", "| twice | 0 of 1 | 1 of 1 |", "1 are not explained.",
                 "* client: blob: expected yes: no"):
        expect(text, text in page, True)
    expect("what nobody accepts", "| dropped |" in page, False)


def main():
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    for test in tests:
        test()
    print(f"table_test: {len(tests)} tests passed")


if __name__ == "__main__":
    main()
