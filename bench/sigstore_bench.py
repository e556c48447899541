#!/usr/bin/python3
"""The general bundle verifier against @sigstore/verify, both in process, on the same two bundles.

usage: sigstore_bench.py [BUNDLE_BENCH [PACKAGES]]

PACKAGES is the folder of node_modules that `./dev interop` fills; where it or node is absent, the
comparison is reported as skipped. Both programs stay up, warm, and verify in turn; each refuses the
same bundles with one bit of the signature flipped first.
"""
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "build/bench/bench/bundle_bench"
PACKAGES = ROOT / "build/interop/npm"
ROUNDS = 21
A_ROUND = 40
WARM_UP = 400  # until the compiler of node has seen enough
GOAL = 3
CASES = {"key": "attestation by key, log", "certificate": "by certificate, log, token"}


class Program:
    """Answers a line for each line that it is asked."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        if self.read() != "ready":
            sys.exit(f"sigstore_bench: {command[0]} does not start")

    def read(self):
        return self.process.stdout.readline().strip()

    def ask(self, name, count):
        self.process.stdin.write(f"{name} {count}\n")
        self.process.stdin.flush()
        answer = self.read()
        if not answer:
            sys.exit(f"sigstore_bench: no answer about {name}")
        return answer

    def microseconds(self, name, count):
        return 1e6 * float(self.ask(name, count)) / count

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def compare(ours, theirs, name):
    for program in (ours, theirs):
        if program.ask(f"{name}-bad", 1) != "refused":
            sys.exit(f"sigstore_bench: {program.process.args[0]} takes a bad signature, by {name}")
        program.microseconds(name, WARM_UP)
    times = [(ours.microseconds(name, A_ROUND), theirs.microseconds(name, A_ROUND))
             for _ in range(ROUNDS)]
    mine, peer = (statistics.median(column) for column in zip(*times))
    ratio = statistics.median(each[1] / each[0] for each in times)
    print(f"{CASES[name]:28} carnet {mine:7.1f} us   @sigstore/verify {peer:7.1f} us   "
          f"{ratio:.2f} x faster   (goal >= {GOAL})")


def main(binary, packages):
    print(f"in process: from JSON text to verdict, trusted root read once; medians of {ROUNDS} "
          f"rounds of {A_ROUND}, in turn")
    if not shutil.which("node") or not (packages / "node_modules/@sigstore/verify").exists():
        print("skipped: needs node, and the packages that ./dev interop fetches")
        return
    with tempfile.TemporaryDirectory(prefix="carnet-") as folder:
        ours = Program(binary, folder)
        theirs = Program("node", pathlib.Path(__file__).with_name("verify_bundles.mjs"), packages,
                         folder)
        for name in CASES:
            compare(ours, theirs, name)
        ours.close()
        theirs.close()


if __name__ == "__main__":
    given = [pathlib.Path(each).resolve() for each in sys.argv[1:]]
    main(given[0] if given else BINARY, given[1] if len(given) > 1 else PACKAGES)
