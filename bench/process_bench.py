#!/usr/bin/python3
"""`carnet verify` as a whole process, against cosign's verification of one bundle of the same passport.

Makes a small world with the release binary: keys, a ledger, a recorded run of three segments and a
passport, for a model of 64 KiB and one of the demo's size. Where cosign is not installed, only
carnet's times are printed and the comparison is reported as skipped.
"""
import json
import os
import pathlib
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CARNET = (pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/bench/carnet").resolve()
ROUNDS = 41
TOKENS = 1000
KINDS = {"lab": ["dataset", "run", "segment", "completion", "passport"],
         "cloud": ["device", "allocation"]}


class World:
    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, "CARNET_PASSWORD": "bench"}

    def run(self, *command):
        done = subprocess.run([str(c) for c in command], cwd=self.folder, env=self.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f"process_bench: {command}: {done.stderr}")
        return done.stdout.strip()

    def carnet(self, *arguments):
        return self.run(CARNET, *arguments)

    def record(self, key, *arguments):
        return self.carnet(*arguments, "--ledger", "ledger", "--key", f"{key}.key").split()[-1]

    def write(self, name, value):
        (self.folder / name).write_text(json.dumps(value))
        return name


def write_model(folder, elements):
    """One F32 tensor of this many elements, as a safetensors file."""
    folder.mkdir(parents=True)
    header = json.dumps({"weight": {"dtype": "F32", "shape": [elements],
                                    "data_offsets": [0, 4 * elements]}}).encode()
    header += b" " * (-len(header) % 8)
    data = b"".join(struct.pack("<f", i / elements) for i in range(elements))
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)
    (folder / "config.json").write_text("{}\n")


def utc(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}Z"


def now():
    return time.time_ns() // 1_000_000


def segment(ids, elements, step):
    start = now()
    time.sleep(0.3)
    end = now()
    flop = str(6 * elements * TOKENS)
    figure = {"amount": flop, "method": "architecture", "precision": "fp32",
              "recomputation_excluded": True, "padding_excluded": True,
              "methods": [{"method": "architecture", "result": flop, "tokens": TOKENS,
                           "parameters": elements,
                           "classes": [{"treatment": "trained", "parameters": elements}]},
                          {"method": "counter", "result": flop, "source": "benchmark"}]}
    return {"steps": {"from": step, "to": step + 1}, "tokens": TOKENS,
            "time": {"from": utc(start), "to": utc(end)},
            "flop": {"update": figure, "total": figure}, "precision": ["fp32"],
            "usage": [{"device": ids["device"], "allocation": ids["allocation"], "units": 1,
                       "ms": end - start}]}


def make_shared(world):
    for party, kinds in KINDS.items():
        world.carnet("keygen", "--out", party)
        (world.folder / "trust/parties").mkdir(parents=True, exist_ok=True)
        shutil.copy(world.folder / f"{party}.pub", world.folder / f"trust/parties/{party}.pub")
        (world.folder / f"trust/parties/{party}.toml").write_text(
            f'party = "{party}"\n[[key]]\nfile = "{party}.pub"\nkinds = {json.dumps(kinds)}\n')
    world.carnet("ledger", "init", "ledger", "--origin", "localhost")
    world.carnet("ledger", "trust", "ledger", "--out", "trust/trusted_root.json")
    machine = json.loads(world.carnet("flops", "--this-machine", "--json"))
    keys = {party: next(fact["value"] for fact in json.loads(
        world.carnet("inspect", f"{party}.pub", "--json"))["facts"] if fact["name"] == "key id")
        for party in KINDS}
    ids = {"device": world.record("cloud", "attest", "--kind", "device", world.write("device", {
        "id": f"declared:{keys['cloud']}:bench", "units": 1, "vendor": machine["vendor"],
        "cpu": machine["cpu"]}))}
    ids["allocation"] = world.record("cloud", "attest", "--kind", "allocation", world.write(
        "allocation", {"holders": [keys["lab"]], "devices": [ids["device"]],
                       "window": {"from": utc(now() - 1000), "to": utc(now() + 10**7)}}))
    (world.folder / "data").mkdir()
    (world.folder / "data/text").write_text("text\n")
    ids["data"] = world.record("lab", "attest", "--kind", "dataset", world.write(
        "dataset", {"name": "text", "sources": [{"kind": "user"}]}), "--files", "data")
    return ids


def make_model(world, ids, name, elements):
    write_model(world.folder / name, elements)
    world.record("lab", "run", "open", "--dir", f"{name}.run", world.write("run", {
        "kind": "pre-training", "inputs": [], "datasets": [{"statement": ids["data"]}],
        "initial": "random", "opened_by": "bench", "authorised_by": "bench",
        "intended_deployment": "none"}))
    for step in range(3):
        world.record("lab", "run", "segment", "--dir", f"{name}.run", "--checkpoint", name,
                     world.write("segment", segment(ids, elements, step)))
    world.record("lab", "run", "complete", "--dir", f"{name}.run", "--model", name)
    world.record("lab", "passport", "issue", name, "--run", f"{name}.run", "--trust", "trust",
                 "--draft", world.write("passport", {"name": name, "intended_deployment": "none"}),
                 "--out", f"{name}.jsonl")
    digest = json.loads(world.carnet("digest", name, "--json"))["model"]
    line = next(text for text in (world.folder / f"{name}.jsonl").read_text().splitlines()
                if json.loads(text)["dsseEnvelope"]["payload"])
    (world.folder / f"{name}.bundle").write_text(line)
    return digest


def timed(world, command):
    started = time.perf_counter()
    world.run(*command)
    return 1000 * (time.perf_counter() - started)


def compare(world, name, digest, goal):
    ours = (CARNET, "verify", name, "--passport", f"{name}.jsonl", "--trust", "trust")
    theirs = ("cosign", "verify-blob-attestation", "--key", "lab.pub", "--bundle",
              f"{name}.bundle", "--trusted-root", "trust/trusted_root.json", "--type",
              "urn:carnet:passport:v1", "--digest", digest, "--digestAlg", "sha256")
    cosign = shutil.which("cosign") is not None
    times = {"carnet": [], "cosign": []}
    for _ in range(ROUNDS):
        times["carnet"].append(timed(world, ours))
        if cosign:
            times["cosign"].append(timed(world, theirs))
    mine = statistics.median(times["carnet"])
    if not cosign:
        print(f"{name:12} carnet verify {mine:6.1f} ms   cosign: skipped, not installed")
        return
    peer = statistics.median(times["cosign"])
    print(f"{name:12} carnet verify {mine:6.1f} ms   cosign, one bundle {peer:6.1f} ms   "
          f"{peer / mine:.2f} x faster   (goal >= {goal})")


def main():
    print("whole process: carnet verify (model, trust and passport read from files), median of "
          f"{ROUNDS}")
    with tempfile.TemporaryDirectory(prefix="carnet-") as scratch:
        world = World(pathlib.Path(scratch))
        ids = make_shared(world)
        for name, elements, goal in (("64-KiB", 16 * 1024, 5), ("demo-size", 867_072, 3)):
            compare(world, name, make_model(world, ids, name, elements), goal)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of any process: {peak:.1f} MiB")


if __name__ == "__main__":
    main()
