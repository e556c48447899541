#!/usr/bin/env python3
"""Takes each rule of the passport out of the gate, R1 to R38, and each check of bundles and of
certificates out of the verifier, one at a time, and asks whether a test notices.

usage: mutate_checks.py BUILD_FOLDER [REMOVAL …]

A removal is a rule, and for a rule with several reasons each of them alone: "33", "33 device-time";
or a check by its name in the sources: "check 3 leaf-is-a-ca" (verifier/named_check.h). Without any,
all of them. Of a rule, the suite `verifier` runs with it, up to the first check that fails
(tests/support/removed_rule.cc), and `passport` where none did; of a check, the suites that show
bundles or certificates (tests/support/removed_check.cc). None is compiled anew.

Prints for each removal the case that noticed, and as the last line `N of M removals caught`, with
how many of these are checks. Exits 1 when one survived, and 2 when nothing can be said: a suite
that fails with everything in place, or that ends without saying how.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

import make_rules

# Suites with the options of each; what makes findings itself would notice every removal.
RULE_SUITES = (("verifier", "--run_test=!findings"), ("passport",))
BUNDLE_SUITES = (("verifier/bundle",),)
LINE_SUITES = (("passport", "--run_test=certificate,authority,log"), ("verifier", "--run_test=bundle_verify"))
LAST_RULE = 38
# Of rules that refuse nothing; as in tests/support/removed_rule.cc.
PARTS = {28: (), 36: (), 37: ("lower-bound", "upper-bound")}
# Where the names of checks stand: where they are asked, and where tests take lookups out.
NAMES = re.compile(r'\b(?:Fails|IsOut)\(\s*"([^"]+)"')
NAMING = ("verifier/bundle/*.cc", "verifier/identity/*.cc", "tests/support/removed_check.cc")
SECONDS = 600  # of a suite; what does not end is looked at, not counted


class CannotTell(Exception):
    pass


def all_rules(rules):
    """Every rule as a whole, then each of its parts where it has more than one."""
    removals = []
    for rule in rules:
        number = rule["number"]
        if number > LAST_RULE:
            continue
        if not rule["reasons"] and number not in PARTS:
            raise CannotTell(f"R{number} refuses nothing, and nothing says how to remove it")
        parts = PARTS.get(number, tuple(rule["reasons"]))
        if number not in PARTS or not parts:
            removals.append(str(number))
        if number in PARTS or len(parts) > 1:
            removals.extend(f"{number} {part}" for part in parts)
    return removals


def all_checks(root):
    """Every check that the sources name, in their order."""
    names = []
    for pattern in NAMING:
        for source in sorted(root.glob(pattern)):
            names.extend(NAMES.findall(source.read_text()))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        raise CannotTell(f"checks named twice: {', '.join(twice)}" if twice else "no check is named")
    return [f"check {name}" for name in names]


def suites_for(removal):
    if not removal.startswith("check "):
        return RULE_SUITES
    return LINE_SUITES if removal.startswith("check R") else BUNDLE_SUITES


def run(build, suite, removal):
    """The case that noticed; None where the suite passed."""
    folder = build / "tests" / suite[0]
    program = f"{pathlib.PurePath(suite[0]).name}_test"
    environment = dict(os.environ, CARNET_SOURCE=str(make_rules.ROOT), CARNET_BUILD=str(build))
    for switch in ("CARNET_REMOVED_RULE", "CARNET_REMOVED_CHECK"):
        environment.pop(switch, None)
    if removal.startswith("check "):
        environment["CARNET_REMOVED_CHECK"] = removal.removeprefix("check ")
    elif removal:
        environment["CARNET_REMOVED_RULE"] = removal
    name = f"suite {suite[0]}{' without ' + shown(removal) if removal else ''}"
    try:
        done = subprocess.run([folder / program, "--color_output=no", *suite[1:]],
                              cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS,
                              check=False)
    except OSError as error:
        raise CannotTell(f"{name} does not start: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise CannotTell(f"{name} did not end in {SECONDS} s") from error
    output = done.stdout.decode(errors="replace")
    caught = re.search(r"^caught by (.+)$", output, re.MULTILINE)
    survived = re.search(r"^survived \d+ removals$", output, re.MULTILINE)
    if removal and done.returncode == 3 and caught:
        return caught[1]
    if done.returncode == 0 and not caught and bool(survived) == bool(removal):
        return None
    raise CannotTell(f"{name} ended with {done.returncode}, and says:\n{output[-2000:]}")


def judge(build, removal):
    """Which case of which suite noticed; the later suite runs where the earlier one did not."""
    for suite in suites_for(removal):
        case = run(build, suite, removal)
        if case:
            return f"{suite[0]}: {case}"
    return None


def shown(removal):
    return removal if removal.startswith("check ") else f"R{removal}"


def main(build, wanted):
    began = time.monotonic()
    removals = wanted or all_rules(make_rules.read_rules()) + all_checks(make_rules.ROOT)
    needed = sorted({suite for removal in removals for suite in suites_for(removal)})
    caught = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda suite: run(build, suite, ""), needed):
            pass
        for removal, noticed in zip(removals, pool.map(lambda each: judge(build, each), removals)):
            if noticed:
                caught.append(removal)
            print(f"{shown(removal):<33} {noticed or 'SURVIVED'}", flush=True)
    print(f"in {time.monotonic() - began:.0f} s")
    checks = [sum(map(str.startswith, all, ["check "] * len(all))) for all in (caught, removals)]
    print(f"{len(caught)} of {len(removals)} removals caught ({checks[0]} of {checks[1]} checks)")
    return 0 if len(caught) == len(removals) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
    except CannotTell as error:
        print(f"mutate_checks: {error}", file=sys.stderr)
        sys.exit(2)
