#!/usr/bin/env python3
"""Runs the tests of the Python package, and writes a JUnit log.

usage: run_tests.py PACKAGE_PARENT CARNET JUNIT_XML [--in FOLDER] [TEST ...]
       run_tests.py --missing REASON JUNIT_XML

PACKAGE_PARENT is the folder that has the package carnet, CARNET the command, which is the oracle of
several tests. FOLDER has other tests than those here. TEST is a module or more, such as
verify_test.VerifyTest; by default all. --missing writes a log that says why there is nothing to
test.
"""
import os
import pathlib
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent


class JUnitResult(unittest.TextTestResult):
    """Collects (case, outcome, message, seconds)."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.cases, self.began = [], 0.0

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def add(self, test, outcome, message=""):
        self.cases.append((test, outcome, message, time.monotonic() - self.began))

    def addSuccess(self, test):
        super().addSuccess(test)
        self.add(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.add(test, "failure", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.add(test, "error", self.errors[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.add(test, "skipped", reason)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.add(subtest, "failure", self._exc_info_to_string(err, test))


def write_junit(path, suite, cases):
    root = ElementTree.Element("testsuite", name=suite, tests=str(len(cases)))
    for test, outcome, message, seconds in cases:
        group, _, name = test.id().rpartition(".")
        case = ElementTree.SubElement(root, "testcase", classname=group, name=name,
                                      time=f"{seconds:.3f}")
        if outcome != "passed":
            last = message.strip().rpartition("\n")[2]
            ElementTree.SubElement(case, outcome, message=last).text = message
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def report_missing(reason, junit):
    root = ElementTree.Element("testsuite", name="python", tests="1")
    case = ElementTree.SubElement(root, "testcase", classname="python", name="the_package")
    ElementTree.SubElement(case, "skipped", message=reason)
    ElementTree.ElementTree(root).write(junit, encoding="utf-8", xml_declaration=True)


def main(parent, carnet, junit, *names):
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(pathlib.Path(parent).resolve()), str(HERE)]
    os.environ["PYTHONPATH"] = str(pathlib.Path(parent).resolve())
    os.environ["CARNET_BINARY"] = str(pathlib.Path(carnet).resolve())
    folder = HERE
    if names[:1] == ("--in",):
        folder, names = pathlib.Path(names[1]).resolve(), names[2:]
        sys.path.insert(1, str(folder))
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(names) if names else \
        loader.discover(str(folder), pattern="*_test.py", top_level_dir=str(folder))
    result = unittest.TextTestRunner(resultclass=JUnitResult, verbosity=2).run(suite)
    write_junit(junit, folder.name, result.cases)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    if sys.argv[1] == "--missing":
        sys.exit(report_missing(*sys.argv[2:]))
    sys.exit(main(*sys.argv[1:]))
