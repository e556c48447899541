#!/usr/bin/env python3
"""Stands in for examples/train_gpt.py: takes the same options and reports the same of its segments,
but trains nothing. Weights are 76 numbers from the seed of their segment; the compute stated is
what the machine could do in 20 ms, so that half a second is enough for it and a millisecond is not.
"""
import argparse
import json
import os
import pathlib
import random
import shlex
import shutil
import struct
import subprocess
import sys
import time

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
SHAPES = {"embedding.weight": [10, 4], "layer.weight": [6, 6]}
PARAMETERS = 76
SEGMENTS = 3
SECONDS = 0.3


def utc(ms):
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000))
    return f"{seconds}.{ms % 1000:03d}Z"


def write_model(folder, seed):
    numbers = random.Random(seed)
    header, data = {}, b""
    for name, shape in SHAPES.items():
        size = 4 * shape[0] * shape[1]
        header[name] = {"dtype": "F32", "shape": shape,
                        "data_offsets": [len(data), len(data) + size]}
        data += b"".join(struct.pack("<f", numbers.random()) for _ in range(size // 4))
    text = json.dumps(header, separators=(",", ":")).encode()
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    (folder / "config.json").write_text("{}\n")


def write_segment(path, seq, tokens):
    started = time.time_ns() // 1_000_000
    time.sleep(SECONDS)
    ended = time.time_ns() // 1_000_000
    flop = 6 * PARAMETERS * tokens
    path.write_text(json.dumps({
        "seq": seq,
        "steps": {"from": 10 * seq, "to": 10 * (seq + 1)},
        "tokens": tokens,
        "time": {"from": utc(started), "to": utc(ended)},
        "ms": ended - started,
        "sequence_length": 64,
        "precision": "fp32",
        "architecture": {"classes": [{"treatment": "trained", "parameters": PARAMETERS}],
                         "attention_flop_per_token": 0},
        "architecture_flop": str(flop),
        "counter_flop": str(flop * 98 // 100),
        "loss_milli": 4000 - 100 * seq,
    }))


def peak_of_this_machine():
    done = subprocess.run(["carnet", "flops", "--this-machine", "--json"], check=True,
                          stdout=subprocess.PIPE)
    return int(json.loads(done.stdout)["peak"])


def train_by_commands(story, name, draft, *options):
    """For demo.Story: opens the run, records the segments of this program, and closes it."""
    run, signing = f"runs/{name}", ("--ledger", "ledger", "--key", "keys/lab.key")
    story.carnet("run", "open", "--dir", run, draft, *signing)
    record = shlex.join([str(EXAMPLES / "record_segment.py"), "--carnet", "carnet", "--dir", run,
                         *signing, "--device", story.ids["device"], "--allocation",
                         story.ids["allocation"]])
    story.run(sys.executable, __file__, "--on-segment", record, *options)
    story.carnet("run", "complete", "--dir", run, "--model", f"models/{name}", *signing)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--data", "--out", "--checkpoints", "--init"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--seconds")
    parser.add_argument("--on-segment")
    options = parser.parse_args()
    tokens = peak_of_this_machine() // 50 // (6 * PARAMETERS) // 10 * 10
    for seq in range(SEGMENTS):
        checkpoint = options.checkpoints / str(seq)
        write_model(checkpoint, f"{options.out.name} {seq}")
        path = options.checkpoints / f"segment-{seq}.json"
        write_segment(path, seq, tokens)
        done = subprocess.run(options.on_segment, shell=True, check=False, env={
            **os.environ, "CARNET_SEGMENT": str(path), "CARNET_CHECKPOINT": str(checkpoint)})
        if done.returncode != 0:
            sys.exit(f"recorded_run: error: --on-segment command ended with {done.returncode}")
    shutil.copytree(checkpoint, options.out)


if __name__ == "__main__":
    main()
