#!/usr/bin/env python3
"""Each way in which a suite can fail, simulated by a shell script under the real ctest: count_tests.py
must notice it, even if the log says that all is well."""
import json
import pathlib
import subprocess
import sys
import tempfile

TOOL = pathlib.Path(__file__).with_name("count_tests.py")

GOOD = '<testsuite><testcase classname="a" name="one"/><testcase classname="a" name="two"/></testsuite>'
BAD = ('<testsuite><testcase classname="a" name="one"><failure message="1 != 2"/></testcase>'
       '<testcase name="two"/></testsuite>')
SKIPS = ('<testsuite><testcase name="one"><skipped/><system-out>- reason: \'precondition failed: '
         'vectors absent\'</system-out></testcase><testcase name="two"/></testsuite>')
NO_CASE = '<testsuite tests="0"></testsuite>'
WRITE = 'printf %s "$LOG" >junit-suite.xml'

# name, script of the suite, its log, expected last line, text that the output must contain
CASES = (
    ("passes", WRITE, GOOD, "2 passed, 0 failed, 0 skipped", "suite"),
    ("skips", WRITE, SKIPS, "1 passed, 0 failed, 1 skipped", "skipped: one: vectors absent"),
    ("fails", WRITE + "; exit 201", BAD, "1 passed, 1 failed, 0 skipped", "failed: a/one: 1 != 2"),
    ("fails_but_exits_0", WRITE, BAD, "1 passed, 1 failed, 0 skipped", "failed: a/one: 1 != 2"),
    ("exits_1_after_its_log", WRITE + "; exit 1", GOOD, "2 passed, 1 failed, 0 skipped",
     "failed: suite: its process failed, though no case in its log did"),
    ("crashes_after_its_log", WRITE + "; kill -SEGV $$", GOOD, "2 passed, 1 failed, 0 skipped",
     "failed: suite: its process failed"),
    ("hangs_after_its_log", WRITE + "; exec sleep 20", GOOD, "2 passed, 1 failed, 0 skipped",
     "failed: suite: its process failed"),
    ("crashes_without_a_log", "kill -SEGV $$", GOOD, "0 passed, 1 failed, 0 skipped",
     "failed: suite: no readable log"),
    ("leaves_no_log", "exit 0", GOOD, "0 passed, 1 failed, 0 skipped", "no readable log"),
    ("leaves_an_empty_log", ": >junit-suite.xml", GOOD, "0 passed, 1 failed, 0 skipped",
     "no readable log: no element found"),
    ("leaves_half_a_log", WRITE, GOOD[:70], "0 passed, 1 failed, 0 skipped", "no readable log"),
    ("ran_no_case", WRITE, NO_CASE, "0 passed, 1 failed, 0 skipped", "its log contains no case"),
    ("is_not_built", None, GOOD, "0 passed, 1 failed, 0 skipped", "no readable log"),
    ("is_not_built_with_an_old_log", None, GOOD, "2 passed, 1 failed, 0 skipped",
     "its process failed, though no case in its log did (Unable to find executable)"),
)


def tool(folder, listing):
    done = subprocess.run([sys.executable, TOOL, folder, listing], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def play(folder, name, script, log):
    """Runs ctest over one suite; returns the file of its listing."""
    # The log is passed in the environment: CMake's quoting does not suit scripts.
    (folder / "suite.sh").write_text(script or "")
    command = '"/bin/sh" "suite.sh"' if script else '"/nonexistent"'
    (folder / "CTestTestfile.cmake").write_text(
        f"add_test(suite {command})\nset_tests_properties(suite PROPERTIES TIMEOUT 2)\n")
    if name.endswith("_old_log"):
        (folder / "junit-suite.xml").write_text(log)
    subprocess.run(["ctest", "--output-junit", "ctest.xml"], cwd=folder, capture_output=True,
                   env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LOG": log}, check=False)
    listing = folder / "listing.json"
    listing.write_bytes(subprocess.run(["ctest", "--show-only=json-v1"], cwd=folder, check=True,
                                       capture_output=True).stdout)
    return listing


def check(wrong, name, result, last_line, text):
    code, output = result
    failed = " 0 failed" not in last_line
    if (code != 0) != failed or output.splitlines()[-1:] != [last_line] or text not in output:
        wrong.append(f"{name}: expected {text!r} and {last_line!r}\n  got {code}: {output}")


def main():
    wrong = []
    for name, script, log, last_line, text in CASES:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            check(wrong, name, tool(folder, play(folder, name, script, log)), last_line, text)
    with tempfile.TemporaryDirectory() as folder:  # as if ctest itself had been killed
        folder = pathlib.Path(folder)
        listing = play(folder, "killed", WRITE, GOOD)
        ctest_log = (folder / "ctest.xml").read_text()
        for name, content, text in (("no_log_of_ctest", None, "no readable log of ctest"),
                                    ("half_a_log_of_ctest", ctest_log[:100], "no readable log of"),
                                    ("log_of_other_suites", ctest_log.replace("suite\"", "s\""),
                                     "failed: suite: ctest ended before it did")):
            (folder / "ctest.xml").unlink(missing_ok=True)
            if content is not None:
                (folder / "ctest.xml").write_text(content)
            check(wrong, name, tool(folder, listing), "2 passed, 1 failed, 0 skipped", text)
        listing.write_text(json.dumps({"tests": []}))
        code, output = tool(folder, listing)
        if code != 1 or "no case ran" not in output:
            wrong.append(f"no_suite: not refused\n  got {code}: {output}")
    print("\n".join(wrong) or f"count_tests: {len(CASES) + 4} cases as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
