#!/usr/bin/env python3
"""Counts the cases of the tests that ctest knows, from their JUnit logs.

usage: count_tests.py BUILD_FOLDER CTEST_JSON
       (output of `ctest --show-only=json-v1`; BUILD_FOLDER has junit-<suite>.xml of each suite and
       ctest.xml of `ctest --output-junit ctest.xml`)

Prints one line per suite, why cases were skipped or failed, and as the last line
`N passed, N failed, N skipped`. Exits 1 when a case failed, when no case ran, or when a suite
counts as failed itself: it left no readable log or one without a case, ctest did not run it to its
end, or its process failed though all cases in the log passed. A crash is not a pass, even one
after the log was written.
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


REASONS = (  # as Boost.Test words them, then as any JUnit writer may
    r"^EXCEPTION STACK TRACE: -*\n(.+)$",
    r"^- reason: *'(?:precondition failed: )?(.+)'$",
    r"^- message: *(.+)$",
)


def reason_of(case):
    """Why a <testcase> failed or was skipped, in one line."""
    text = "\n".join(case.itertext())
    for pattern in REASONS:
        found = re.search(pattern, text, re.MULTILINE)
        if found:
            return found.group(1)
    messages = [child.get("message") for child in case if child.get("message")]
    return messages[0] if messages else text.strip().partition("\n")[0] or "no reason given"


def case_outcome(case):
    """(outcome, reason) of one <testcase>."""
    for outcome, tag in (("failed", "error"), ("failed", "failure"), ("skipped", "skipped")):
        if case.find(tag) is not None:
            return outcome, reason_of(case)
    return "passed", ""


def count(log):
    """(counts, [(outcome, case, reason)]) of one JUnit log."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    remarks = []
    for case in ElementTree.parse(log).getroot().iter("testcase"):
        outcome, reason = case_outcome(case)
        counts[outcome] += 1
        if outcome != "passed":
            name = "/".join(filter(None, (case.get("classname"), case.get("name"))))
            remarks.append((outcome, name, reason))
    return counts, remarks


def verdicts(log):
    """What ctest says of each suite: {name: None if its process ended well, otherwise why not}."""
    said = {}
    for case in ElementTree.parse(log).getroot().iter("testcase"):
        status = case.get("status")
        why = next((child.get("message") for child in case if child.get("message")), None)
        said[case.get("name")] = None if status == "run" else why or f"ctest says {status}"
    return said


def judge(suite, log, said):
    """(counts, remarks) of a suite, by its log and by what ctest said of its process."""
    try:
        counts, remarks = count(log)
    except (OSError, ElementTree.ParseError) as error:
        return {"passed": 0, "failed": 1, "skipped": 0}, [
            ("failed", suite, f"no readable log: {error}")]
    if not any(counts.values()):
        problem = "its log contains no case"
    elif suite not in said:
        problem = "ctest ended before it did"
    elif said[suite] is not None and counts["failed"] == 0:
        problem = f"its process failed, though no case in its log did ({said[suite]})"
    else:
        return counts, remarks
    counts["failed"] += 1
    return counts, remarks + [("failed", suite, problem)]


def main(build, ctest_json):
    suites = [test["name"] for test in json.loads(pathlib.Path(ctest_json).read_text())["tests"]]
    try:
        said = verdicts(pathlib.Path(build) / "ctest.xml")
    except (OSError, ElementTree.ParseError) as error:
        print(f"no readable log of ctest: {error}")
        said = {}
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for suite in suites:
        counts, remarks = judge(suite, pathlib.Path(build) / f"junit-{suite}.xml", said)
        print("{:<14} {passed:>6} passed {failed:>4} failed {skipped:>4} skipped".format(
            suite, **counts))
        for outcome, name, reason in remarks:
            print(f"    {outcome}: {name}: {reason}")
        for outcome in total:
            total[outcome] += counts[outcome]
    ran = total["passed"] + total["failed"]
    if ran == 0:
        print("no case ran")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**total))
    return 0 if ran > 0 and total["failed"] == 0 else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
