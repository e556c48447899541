#!/usr/bin/python3
"""`carnet oms` against model_signing, whole processes, on a model of few large files and on one of
many small ones, which lie in the page cache.

usage: oms_bench.py [CARNET [MODEL_SIGNING]]

MODEL_SIGNING is the program that `./dev interop` fetches; where it is absent, carnet's times are
printed alone. Both sign with one P-256 key and verify what carnet signed, in turn, each with the
threads that it takes by itself. `--small` as the last argument: a tenth of it, for a try.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CARNET = ROOT / "build/bench/carnet"
MODEL_SIGNING = ROOT / "build/interop/venv-model-signing/bin/model_signing"
MIB = 1024 * 1024
MODELS = (("4 x 768 MiB", 4, 768 * MIB, 3, ">= 1.0"),
          ("10,000 x 64 KiB", 10_000, 64 * 1024, 5, ">= 1.3"))


def write_model(folder, count, size):
    """Files that differ, in folders of a hundred."""
    block = os.urandom(min(size, 16 * MIB))
    for i in range(count):
        path = folder / f"{i // 100:03d}" / f"{i:05d}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(i.to_bytes(8, "big"))
            left = size - 8
            while left > 0:
                left -= file.write(block[:left])


def timed(command):
    """Seconds, and the largest resident set of a process of it in MiB."""
    began = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, env={**os.environ, "CARNET_PASSWORD": ""})
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"oms_bench: {command}: {process.stderr.read().decode()}")
    return seconds, usage.ru_maxrss / 1024


def commands(tool, folder, joint, name):
    """How it signs, and how it verifies what carnet signed."""
    private, public = f"--private{joint}key", f"--public{joint}key"
    return {"sign": (*tool, "sign", "key", folder / "model", "--signature", folder / f"{name}.sig",
                     private, folder / "key.pem"),
            "verify": (*tool, "verify", "key", folder / "model", "--signature",
                       folder / "carnet.sig", public, folder / "key.pub")}


def forget(folder, name):
    (folder / f"{name}.sig").unlink(missing_ok=True)


def compare(folder, carnet, model_signing, rounds, goal, title):
    tools = {"carnet": commands((carnet, "oms"), folder, "-", "carnet")}
    if model_signing.exists():
        tools["model_signing"] = commands((model_signing,), folder, "_", "model_signing")
    for verb in ("sign", "verify"):
        runs = {name: [] for name in tools}
        for turn in range(rounds + 1):  # the first reads the files into the page cache
            for name, made in tools.items():
                if verb == "sign":
                    forget(folder, name)
                measured = timed(made[verb])
                if turn:
                    runs[name].append(measured)
        print_row(f"{title}, {verb}", runs, goal)


def print_row(title, runs, goal):
    mine = [seconds for seconds, _ in runs["carnet"]]
    text = (f"{title:24} carnet {statistics.median(mine):6.2f} s (best {min(mine):.2f}, "
            f"{max(each[1] for each in runs['carnet']):.0f} MiB)")
    if "model_signing" not in runs:
        print(text + "   model_signing: skipped, not fetched")
        return
    peer = [seconds for seconds, _ in runs["model_signing"]]
    ratio = statistics.median(theirs / ours for ours, theirs in zip(mine, peer))
    print(f"{text}   model_signing {statistics.median(peer):6.2f} s (best {min(peer):.2f}, "
          f"{max(each[1] for each in runs['model_signing']):.0f} MiB)   {ratio:.2f} x faster   "
          f"(goal {goal})", flush=True)


def make_key(folder):
    for command in (("ecparam", "-genkey", "-noout", "-name", "prime256v1", "-out", "key.pem"),
                    ("ec", "-in", "key.pem", "-pubout", "-out", "key.pub")):
        subprocess.run(("openssl", *command), cwd=folder, check=True, stderr=subprocess.DEVNULL)


def main(carnet, model_signing, small):
    print(f"whole process, files in the page cache, {os.cpu_count()} cores, medians; in brackets "
          "the best and the peak memory")
    for title, count, size, rounds, goal in MODELS:
        with tempfile.TemporaryDirectory(prefix="carnet-") as scratch:
            folder = pathlib.Path(scratch)
            needed = count * size + 1024 * MIB
            if shutil.disk_usage(folder).free < needed:
                print(f"{title}: skipped, needs {needed // MIB} MiB of disk")
                continue
            make_key(folder)
            write_model(folder / "model", count // (10 if small and count > 10 else 1),
                        size // (10 if small and count <= 10 else 1))
            compare(folder, carnet, model_signing, rounds, goal, title + (" / 10" if small else ""))


if __name__ == "__main__":
    tried = sys.argv[-1] == "--small"
    given = [pathlib.Path(each).resolve() for each in sys.argv[1:] if each != "--small"]
    main(given[0] if given else CARNET, given[1] if len(given) > 1 else MODEL_SIGNING, tried)
