#!/usr/bin/env python3
"""The demo's story end to end (examples/demo.py), with a tiny recorded run instead of training.

usage: story_test.py CARNET FOLDER JUNIT_XML

Each chapter and each attack is a case. A chapter needs those before it: if one fails, the rest
count as failed too.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import traceback
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent.parent / "examples"))

import demo  # noqa: E402
import demo_attacks  # noqa: E402
import recorded_run  # noqa: E402


class Skipped(Exception):
    pass


def make_keys_and_ledger(story):
    demo.prepare()
    demo.make_keys_and_ledger(story)


def attest_hardware_and_data(story):
    demo.attest_hardware_and_data(story)
    shutil.copytree(story.out / "ledger", story.out / "attacks/yesterday")


def verify_and_log_the_verdict(story):
    size = tree_size(story)
    demo.verify(story)
    if tree_size(story) != size + 1:
        raise AssertionError("the signed verdict is not in the ledger")
    bundle = json.loads((story.out / f"bundles/{story.chat}.vsa.sigstore.json").read_text())
    predicate = demo_attacks.statement_of(bundle)["predicate"]
    if predicate["verificationResult"] != "PASSED":
        raise AssertionError(predicate)


def tree_size(story):
    return json.loads(story.carnet("ledger", "info", "ledger", "--json", quiet=True))["tree_size"]


def check_with_cosign(story):
    if shutil.which("cosign") is None:
        raise Skipped("no cosign on the PATH")
    demo.check_with_cosign(story)


def check_with_openssl(story):
    """As README says it to those who have nothing else."""
    readme = (HERE.parent.parent / "README.md").read_text()
    commands = readme.split("nothing but openssl")[1].split("```sh\n")[1].split("```")[0]
    here = story.out / "openssl"
    here.mkdir()
    shutil.copy(story.out / f"passports/{story.chat}.passport.sigstore.jsonl",
                here / "model.passport.sigstore.jsonl")
    shutil.copy(story.out / "keys/lab.pub", here)
    model = json.loads((story.out / "verdict.json").read_text())["model"]

    def checked(digest):
        done = subprocess.run(["bash", "-c", commands], cwd=here, capture_output=True, text=True,
                              env=story.environment | {"MODEL_DIGEST": digest})
        return done.stdout

    if checked(model) != "Verified OK\n1\n" or checked("0" * 64) != "Verified OK\n0\n":
        raise AssertionError((checked(model), checked("0" * 64)))


def play(cases, story):
    """[(name, outcome, message)]; outcome is passed, failure or skipped."""
    results, broken = [], None
    for case, needed in cases:
        outcome, message = "passed", ""
        if broken:
            outcome, message = "failure", f"not reached: {broken} failed"
        else:
            try:
                case(story)
            except Skipped as reason:
                outcome, message = "skipped", str(reason)
            except (Exception, SystemExit) as error:  # a step that did not end as expected
                traceback.print_exc()
                outcome, message = "failure", str(error) or repr(error)
                broken = case.__name__ if needed else None
        results.append((case.__name__, outcome, message))
        print(f"case {case.__name__}: {outcome} {message}", flush=True)
    return results


def write_junit(path, results, suite="story"):
    root = ElementTree.Element("testsuite", name=suite, tests=str(len(results)))
    for name, outcome, message in results:
        case = ElementTree.SubElement(root, "testcase", classname=suite, name=name)
        if outcome != "passed":
            ElementTree.SubElement(case, outcome, message=message)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def main(carnet, folder, junit):
    demo.CARNET = pathlib.Path(carnet).resolve()
    demo.OUT = pathlib.Path(folder).resolve()
    story = demo.Story()
    story.train = recorded_run.train_by_commands
    chapters = [(case, True) for case in
                (make_keys_and_ledger, attest_hardware_and_data, demo.train_base, demo.train_chat,
                 verify_and_log_the_verdict)]
    attacks = [(attack, False) for attack in demo_attacks.ATTACKS]
    results = play(chapters + attacks + [(demo.trace, False), (check_with_openssl, False),
                                         (check_with_cosign, False)], story)
    write_junit(junit, results)
    return 1 if any(outcome == "failure" for _, outcome, _ in results) else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
