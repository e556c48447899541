#!/usr/bin/env python3
"""Takes each rule of the passport out of the gate, R1 to R38, and asks whether a test notices.

usage: mutate_checks.py BUILD_FOLDER [REMOVAL …]

A removal is a rule, and for a rule with several reasons each of them alone: "33", "33 device-time".
Without any, all of verifier/rules.h. The suite `verifier` runs once with each, up to the first check
that fails (tests/support/removed_rule.cc), and `passport` where none did; neither is compiled anew.

Prints for each removal the case that noticed, and as the last line `N of M removals caught`. Exits
1 when one survived, and 2 when nothing can be said: a suite that fails with all rules in place, or
that ends without saying how.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

import make_rules

SUITES = {  # options of each; what makes findings itself would notice every removal
    "verifier": ("--run_test=!findings",),
    "passport": (),
}
LAST_RULE = 38
# Of rules that refuse nothing; as in tests/support/removed_rule.cc.
PARTS = {28: (), 36: (), 37: ("lower-bound", "upper-bound")}
SECONDS = 600  # of a suite; what does not end is looked at, not counted


class CannotTell(Exception):
    pass


def all_removals(rules):
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


def run(build, suite, removal):
    """The case that noticed; None where the suite passed."""
    folder = build / "tests" / suite
    environment = dict(os.environ, CARNET_SOURCE=str(make_rules.ROOT), CARNET_BUILD=str(build))
    environment.pop("CARNET_REMOVED_RULE", None)
    if removal:
        environment["CARNET_REMOVED_RULE"] = removal
    name = f"suite {suite} without R{removal}" if removal else f"suite {suite}"
    try:
        done = subprocess.run([folder / f"{suite}_test", "--color_output=no", *SUITES[suite]],
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
    for suite in SUITES:
        case = run(build, suite, removal)
        if case:
            return f"{suite}: {case}"
    return None


def main(build, wanted):
    began = time.monotonic()
    removals = wanted or all_removals(make_rules.read_rules())
    caught = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda suite: run(build, suite, ""), SUITES):
            pass
        for removal, noticed in zip(removals, pool.map(lambda each: judge(build, each), removals)):
            caught += noticed is not None
            print(f"R{removal:<32} {noticed or 'SURVIVED'}", flush=True)
    print(f"in {time.monotonic() - began:.0f} s")
    print(f"{caught} of {len(removals)} removals caught")
    return 0 if caught == len(removals) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
    except CannotTell as error:
        print(f"mutate_checks: {error}", file=sys.stderr)
        sys.exit(2)
