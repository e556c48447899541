#!/usr/bin/env python3
"""mutate_checks.py on suites that are scripts: what it counts as caught, as survived, and as neither."""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_rules
import mutate_checks

TOOL = pathlib.Path(__file__).with_name("mutate_checks.py")
HONEST = """#!/bin/sh
case "${CARNET_REMOVED_RULE-${CARNET_REMOVED_CHECK-none}}" in
  none) ;;
  SEEN) echo 'caught by a_suite/a_case'; exit 3 ;;
  *) echo 'survived 2 removals' ;;
esac
"""
BLIND = HONEST.replace("SEEN", "nothing")


def suite(seen="", **changes):
    text = HONEST.replace("SEEN", seen) if seen else BLIND
    for before, after in changes.values():
        text = text.replace(before, after)
    return text


# name, verifier, passport, removals, exit status, text of the output
CASES = (
    ("caught by one suite is caught", suite("33|'33 device-time'"), suite(),
     ["33", "33 device-time"], 0, "R33                               verifier: a_suite/a_case\n"),
    ("caught by the other", suite(), suite("7"), ["7"], 0, "passport: a_suite/a_case"),
    ("the last line counts", suite("1|2"), suite("2|4"), ["1", "2", "3", "4"], 1,
     "3 of 4 removals caught (0 of 0 checks)\n"),
    ("what no suite notices survives", suite("1"), suite("1"), ["2"], 1, "SURVIVED"),
    ("a suite that fails with all rules", suite(a=("none) ;;", "none) exit 201 ;;")), suite(),
     ["1"], 2, "suite verifier ended with 201"),
    ("a crash that no case reports", suite(a=("*) echo", "*) kill -9 $$; echo")), suite(), ["1"],
     2, "without R1 ended with -9"),
    ("a rule that the suite does not know", suite(a=("*) echo 'survived 2 removals'", "*) exit 4")),
     suite(), ["1"], 2, "without R1 ended with 4"),
    ("a failure that is not said to be one", suite(a=("*) echo", "*) exit 3; echo")), suite(),
     ["1"], 2, "without R1 ended with 3"),
    ("a suite that does not look at the switch", suite(a=("*) echo 'survived 2 removals'", "*)")),
     suite(), ["1"], 2, "without R1 ended with 0"),
    ("a check of bundles is the bundle suite's", suite(), suite("'3 a'"), ["check 3 a"], 1,
     "check 3 a                         SURVIVED\n"),
    ("caught there", suite(), suite(), ["check 3 seen"], 0,
     "check 3 seen                      verifier/bundle: a_suite/a_case\n"),
    ("a check of lines is the passport suite's", suite(), suite("'R5 a'"), ["check R5 a", "5"], 1,
     "passport: a_suite/a_case\nR5                                SURVIVED\n"),
    ("or the verifier suite's, and is counted", suite("'R5 a'"), suite(), ["check R5 a"], 0,
     "1 of 1 removals caught (1 of 1 checks)\n"),
    ("a suite that is not there", None, suite(), ["1"], 2, "suite verifier does not start"),
)


def run_on(suites, removals):
    with tempfile.TemporaryDirectory() as root:
        for name, text in suites.items():
            folder = pathlib.Path(root) / "tests" / name
            folder.mkdir(parents=True, exist_ok=True)
            if text is None:
                continue
            program = folder / f"{folder.name}_test"
            program.write_text(text)
            program.chmod(0o755)
        done = subprocess.run([sys.executable, TOOL, root, *removals], capture_output=True,
                              text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def names_twice():
    """A name that stands for two checks would take both out, and hide one."""
    with tempfile.TemporaryDirectory() as root:
        source = pathlib.Path(root) / "verifier/identity/a.cc"
        source.parent.mkdir(parents=True)
        source.write_text('if (Fails("1 a", x)) f();\nif (Fails(\n    "1 a", y)) g();\n')
        try:
            return [f"a name that is there twice: {mutate_checks.all_checks(pathlib.Path(root))}"]
        except mutate_checks.CannotTell as error:
            return [] if str(error) == "checks named twice: 1 a" else [str(error)]


def main():
    wrong = []
    for name, verifier, passport, removals, status, text in CASES:
        code, output = run_on({"verifier": verifier, "passport": passport,
                               "verifier/bundle": suite("'3 seen'")}, removals)
        if code != status or text not in output:
            wrong.append(f"{name}: expected {status} and \"{text}\"\n  got {code}: {output}")
    removals = mutate_checks.all_rules(make_rules.read_rules())
    for number in range(1, 39):
        if not any(each.split()[0] == str(number) for each in removals):
            wrong.append(f"R{number} is not removed")
    for each in ("33", "33 device-time", "33 beyond-physics", "4", "28", "37 upper-bound"):
        if removals.count(each) != 1:
            wrong.append(f"R{each} is removed {removals.count(each)} times")
    for each in ("4 duplicate-statement", "37", "39", "40"):  # the same as the rule; no removals
        if each in removals:
            wrong.append(f"R{each} is a removal")
    checks = mutate_checks.all_checks(make_rules.ROOT)
    for each in ("check 3 path", "check 2a token", "check R15 created-late"):
        if checks.count(each) != 1:
            wrong.append(f"{each} is removed {checks.count(each)} times")
    wrong += names_twice()
    print("\n".join(wrong) or f"mutate_checks: {len(CASES) + 1} cases as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
