#!/usr/bin/env python3
"""Real clients against Carnet, both ways: `./dev interop`.

usage: main.py [--no-fetch] [--seed N] [--out PAGE] CARNET

Installs clients into build/interop, or where CARNET_INTEROP_CACHE says, with go, npm and pip as far
as these are there, and says what it fetches. What the machine cannot get is skipped with the reason.
Writes docs/interop.md, or PAGE, and every verdict on every mutated bundle to verdicts.json in that
folder. Exits 1 when a check failed, or a disagreement on a mutated bundle is not explained.
"""
import argparse
import json
import os
import pathlib
import platform

import compare
import cosign
import mock
import oms
import openssl
import private_row
import sigstore_js
import sigstore_python
import softhsm
import table
from cache import Cache, say
from outcome import BAD, GOOD, SKIPPED, UNBUILT, Absent, Row
from world import World

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLIENTS = (cosign, sigstore_js, sigstore_python, oms, openssl, private_row, mock, softhsm)


def row_of(client, world):
    say(f"checking {client.NAME}")
    try:
        return client.row(world)
    except Absent as reason:
        row = Row(client.NAME)
        for direction in getattr(client, "DIRECTIONS", (table.THEY_VERIFY, table.WE_VERIFY)):
            row.note(direction, "all", SKIPPED, str(reason))
        return row


def save_verdicts(path, made, seed):
    path.write_text(json.dumps({"seed": seed, "cases": [
        {"base": case.base, "name": case.name, "verdicts": case.verdicts} for case in made]},
        indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def machine():
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except (OSError, AttributeError):
        system = platform.system()
    return f"{system}, {platform.machine()}"


def summary(rows):
    checks = [check for row in rows for check in row.checks]
    counts = [f"{sum(check.outcome == outcome for check in checks)} {outcome}"
              for outcome in (GOOD, BAD, SKIPPED, UNBUILT)]
    bad = [check for check in checks if check.outcome == BAD]
    for check in bad[:table.SHOWN]:
        print(f"FAILED {check.client}, {check.direction}: {check.name}: {check.reason}")
    if len(bad) > table.SHOWN:
        print(f"… and {len(bad) - table.SHOWN} more")
    print("interop: " + ", ".join(counts))
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(prog="./dev interop", description=__doc__.split("\n")[0])
    parser.add_argument("carnet", type=pathlib.Path)
    parser.add_argument("--no-fetch", action="store_true", help="use what the cache has")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations (default: 1)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs/interop.md")
    options = parser.parse_args()
    folder = pathlib.Path(os.environ.get("CARNET_INTEROP_CACHE") or ROOT / "build/interop")
    fetched = Cache(folder, fetch=not options.no_fetch)
    world = World(options.carnet.resolve(), fetched.folder / "run", fetched)
    version = world.carnet.must("--version").split()[-1]
    rows = [row_of(client, world) for client in CLIENTS]
    say("asking about wrong bundles")
    made = compare.cases(world, options.seed)
    missing = compare.ask_everyone(world, made)
    wrong, used = compare.judge(made, compare.read_explained(), missing)
    save_verdicts(fetched.folder / "verdicts.json", made, options.seed)
    options.out.write_text(table.page(rows, wrong, made, used, options.seed, compare.kind_of,
                                      machine(), version), encoding="utf-8")
    return summary([*rows, wrong])


if __name__ == "__main__":
    raise SystemExit(main())
