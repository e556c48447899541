#!/usr/bin/python3
"""Carnet's digests against those of model_signing, in one process each, which time themselves: files
that lie in the page cache, each with the threads that it takes by itself.

usage: hashing_bench.py [CARNET [PYTHON]]

PYTHON is the interpreter of the environment that `./dev interop` fetches, which has model_signing;
where it is absent, Carnet's times are printed alone. CARNET is timed as a whole process, its start
included; model_signing inside of its interpreter, whose start would count against it.
CARNET_BENCH_MODEL adds a model of the caller's.
"""
import json
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
PYTHON = ROOT / "build/interop/venv-model-signing/bin/python"
MIB = 1024 * 1024
ROUNDS = 5

# File digests alone, no signature.
THEIRS = """
import pathlib, sys, time
from model_signing import hashing
began = time.perf_counter()
hashing.Config().hash(pathlib.Path(sys.argv[1]))
print(time.perf_counter() - began)
"""


def write_safetensors(path, number, tensors, size):
    """Tensors of `size` bytes each."""
    block = os.urandom(size)
    header = {f"file{number}.layer{i}": {"dtype": "U8", "shape": [size],
                                         "data_offsets": [i * size, (i + 1) * size]}
              for i in range(tensors)}
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _ in range(tensors):
            file.write(block)


def four_files(folder):
    for i in range(4):
        write_safetensors(folder / f"{i}.safetensors", i, 48, 16 * MIB)


def one_file(folder):
    write_safetensors(folder / "model.safetensors", 0, 300, 10 * MIB)


def short_files(folder):
    block = os.urandom(64 * 1024)
    for i in range(10_000):
        (folder / f"{i:05d}.bin").write_bytes(i.to_bytes(8, "big") + block[8:])


def seconds_of(command):
    began = time.perf_counter()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"hashing_bench: {command}: {done.stderr}")
    return time.perf_counter() - began, done.stdout


def compare(title, folder, carnet, python):
    """Medians of rounds in which each takes its turn."""
    plain, tensors, theirs = [], [], []
    for turn in range(ROUNDS + 1):  # the first reads the files into the page cache
        measured = [seconds_of((carnet, "digest", folder))[0],
                    seconds_of((carnet, "digest", "--tensors", folder))[0]]
        peer = (float(seconds_of((python, "-c", THEIRS, folder))[1]) if python.exists() else None)
        if turn == 0:
            continue
        plain.append(measured[0])
        tensors.append(measured[1])
        theirs.append(peer)
    size = sum(path.stat().st_size for path in pathlib.Path(folder).rglob("*") if path.is_file())
    rates = [size / statistics.median(times) / 1e9 for times in (plain, tensors)]
    text = f"{title:24} carnet {rates[0]:5.2f} GB/s, with tensor roots {rates[1]:5.2f}"
    if theirs[0] is None:
        print(text + "   model_signing: skipped, not fetched", flush=True)
        return
    rate = size / statistics.median(theirs) / 1e9
    print(f"{text}   model_signing {rate:5.2f}   {rates[0] / rate:.2f} x, with roots "
          f"{rates[1] / rate:.2f} x (goal >= 1.0)", flush=True)


def main(carnet, python):
    print(f"file digests, files in the page cache, {os.cpu_count()} cores, medians of {ROUNDS}")
    for title, write in (("4 x 768 MiB", four_files), ("3 GiB, 300 tensors", one_file),
                         ("10,000 x 64 KiB", short_files)):
        with tempfile.TemporaryDirectory(prefix="carnet-") as scratch:
            if shutil.disk_usage(scratch).free < 4096 * MIB:
                print(f"{title}: skipped, needs 4096 MiB of disk")
                continue
            write(pathlib.Path(scratch))
            compare(title, scratch, carnet, python)
    if "CARNET_BENCH_MODEL" in os.environ:
        compare("CARNET_BENCH_MODEL", os.environ["CARNET_BENCH_MODEL"], carnet, python)


if __name__ == "__main__":
    given = [pathlib.Path(each) for each in sys.argv[1:]]
    main(given[0].resolve() if given else CARNET, given[1] if len(given) > 1 else PYTHON)
