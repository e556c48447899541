#!/usr/bin/python3
"""`carnet verify-all` on a hub's back catalogue of small models, against a loop of `carnet verify`
and one of `model_signing verify`.

usage: catalogue_bench.py [CARNET [MODEL_SIGNING]]

The catalogue is 10,000 copies of one model of 64 KiB and its passport of 8 attestations: nothing is
remembered from one to the next. The loops are over some of them. Figures are processor time, of the
program and all that it starts, so that other work on the machine counts little; files lie in the
page cache. MODEL_SIGNING is the program that `./dev interop` fetches; where it is absent its row is
skipped. `--small` as the last argument: a hundredth of it, for a try.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SMALL = sys.argv[-1] == "--small"
GIVEN = [pathlib.Path(each).resolve() for each in sys.argv[1:] if each != "--small"]
ROOT = pathlib.Path(__file__).resolve().parent.parent
CARNET = GIVEN[0] if GIVEN else ROOT / "build/bench/carnet"
MODEL_SIGNING = (GIVEN[1] if len(GIVEN) > 1
                 else ROOT / "build/interop/venv-model-signing/bin/model_signing")
sys.argv[1:] = [str(CARNET)]
import process_bench  # noqa: E402  makes the model and its passport with the same binary

MODELS = 100 if SMALL else 10_000
LOOPED = {"carnet verify": 50 if SMALL else 500, "model_signing verify": 10 if SMALL else 60}
GOAL = 10_000  # models an hour and core


def processor_seconds(commands, folder):
    """Of all of these commands; each has to succeed. Also the last one's output and the peak MiB."""
    used = peak = 0
    for command in commands:
        with tempfile.TemporaryFile("w+") as out:
            process = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=out,
                                       stderr=out)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            text = out.read()
        if process.returncode != 0:
            sys.exit(f"catalogue_bench: {command}: {text[-500:]}")
        used += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
    return used, text, peak


def make_catalogue(world):
    ids = process_bench.make_shared(world)
    process_bench.make_model(world, ids, "made", 16 * 1024)
    hub = world.folder / "hub"
    hub.mkdir()
    for i in range(MODELS):
        shutil.copytree(world.folder / "made", hub / f"{i:05d}")
        shutil.copy(world.folder / "made.jsonl", hub / f"{i:05d}.passport.sigstore.jsonl")
    for command in (("ecparam", "-genkey", "-noout", "-name", "prime256v1", "-out", "sign.pem"),
                    ("ec", "-in", "sign.pem", "-pubout", "-out", "sign.pub")):
        subprocess.run(("openssl", *command), cwd=world.folder, check=True,
                       stderr=subprocess.DEVNULL)
    world.carnet("oms", "sign", "key", "made", "--signature", "made.sig", "--private-key",
                 "sign.pem")


def row(name, count, seconds, peak, ours=None):
    each = 1000 * seconds / count
    text = f"{name:22} {count:6,} models  {each:9.2f} ms each  {3600 * count / seconds:12,.0f} an hour"
    if ours is not None:
        text += f"   verify-all takes 1/{each / ours:.1f} of it"
    print(f"{text}   peak {peak:.0f} MiB", flush=True)
    return each


def main():
    print("processor time, one core")
    with tempfile.TemporaryDirectory(prefix="carnet-") as scratch:
        world = process_bench.World(pathlib.Path(scratch))
        make_catalogue(world)
        batch = (CARNET, "verify-all", "hub", "--trust", "trust", "--jobs", "1", "--json-lines")
        processor_seconds([batch], scratch)  # reads the files into the page cache
        seconds, out, peak = processor_seconds([batch], scratch)
        summary = json.loads(out.splitlines()[-1])["summary"]
        if summary["pass"] != MODELS:
            sys.exit(f"catalogue_bench: {summary}")
        ours = row("carnet verify-all", MODELS, seconds, peak)
        print(f"{'':22} goal: {GOAL:,} models an hour")
        loops = {"carnet verify": [(CARNET, "verify", f"hub/{i:05d}", "--trust", "trust", "--json")
                                   for i in range(LOOPED["carnet verify"])]}
        if MODEL_SIGNING.exists():
            loops["model_signing verify"] = [
                (MODEL_SIGNING, "verify", "key", f"hub/{i:05d}", "--signature", "made.sig",
                 "--public_key", "sign.pub") for i in range(LOOPED["model_signing verify"])]
        else:
            print("model_signing: skipped, not fetched")
        for name, commands in loops.items():
            seconds, _, peak = processor_seconds(commands, scratch)
            row(name, len(commands), seconds, peak, ours)


if __name__ == "__main__":
    main()
