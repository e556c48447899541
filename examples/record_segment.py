#!/usr/bin/python3
"""Turns what train_gpt.py reports of a segment into a draft and records it: `carnet run segment`.

    train_gpt.py … --on-segment 'record_segment.py --carnet carnet --dir run1 --ledger ledger \\
        --key lab.key --device <statement id> --allocation <statement id>'

Reads the two paths that train_gpt.py gives in CARNET_SEGMENT and CARNET_CHECKPOINT.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys


def flop_statement(segment):
    """One figure by two independent methods; the one from the architecture is the stated amount."""
    architecture = segment["architecture"]
    return {
        "amount": segment["architecture_flop"],
        "method": "architecture",
        "methods": [
            {
                "method": "architecture",
                "result": segment["architecture_flop"],
                "tokens": segment["tokens"],
                "parameters": sum(c["parameters"] for c in architecture["classes"]),
                "classes": architecture["classes"],
                "attention_per_token": str(architecture["attention_flop_per_token"]),
            },
            {
                "method": "counter",
                "result": segment["counter_flop"],
                "source": "matrix products counted by a TorchDispatchMode in train_gpt.py",
            },
        ],
        "precision": segment["precision"],
        "sequence_length": segment["sequence_length"],
        "recomputation_excluded": True,
        "padding_excluded": True,
    }


def draft(segment, device, allocation):
    flop = flop_statement(segment)
    return {
        "steps": segment["steps"],
        "tokens": segment["tokens"],
        "time": segment["time"],
        "flop": {"update": flop, "total": flop},
        "usage": [{"device": device, "allocation": allocation, "units": 1, "ms": segment["ms"]}],
        "precision": [segment["precision"]],
        "metrics": [{"name": "loss_milli", "value": str(segment["loss_milli"])}],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("--carnet", "--dir", "--ledger", "--key", "--device", "--allocation"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    path = pathlib.Path(os.environ["CARNET_SEGMENT"])
    predicate = draft(json.loads(path.read_text()), options.device, options.allocation)
    drafted = path.with_suffix(".draft.json")
    drafted.write_text(json.dumps(predicate, indent=2) + "\n")
    command = [options.carnet, "run", "segment", "--dir", options.dir, str(drafted),
               "--checkpoint", os.environ["CARNET_CHECKPOINT"], "--ledger", options.ledger,
               "--key", options.key]
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
