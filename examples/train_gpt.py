#!/usr/bin/python3
"""Trains a small byte-level GPT on text files, for a limited time, on a CPU.

    python3 train_gpt.py --data /usr/share/common-licenses --out model --seconds 20
    python3 train_gpt.py --data letters --init model --out tuned --seconds 8

It needs PyTorch and nothing else. The time is divided into segments. After each one it writes a
checkpoint (model.safetensors, config.json) and what the segment did (segment-<seq>.json) and,
with --on-segment, runs a command that can record them; it finds their paths in the environment as
CARNET_SEGMENT and CARNET_CHECKPOINT. The model in --out is the last checkpoint, byte for byte.

With --record it is recorded by the package carnet instead (docs/training.md): a run with the fields
of --run, by the key and ledger in CARNET_KEY and CARNET_LEDGER.

A segment's floating-point operations are stated by two independent methods: from the architecture
(6 per parameter and token, plus attention; look-up tables cost nothing), and by counting the matrix
products that were actually executed, forward and backward. One multiply-add is two operations.
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import time
import types

import torch
from torch import nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

CONFIG = {"architecture": "byte-gpt", "vocabulary": 256, "width": 128, "layers": 4, "heads": 4,
          "context": 64}
BATCH = 16
LOOKUP_TABLES = {"token_embedding.weight": "token", "position_embedding.weight": "position"}
LOSS_WINDOW = 20  # steps over which a printed or recorded loss is averaged


class Block(nn.Module):
    """Causal self-attention and a perceptron, each added to its normalised input."""

    def __init__(self, config):
        super().__init__()
        width, context = config["width"], config["context"]
        self.heads = config["heads"]
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        future = torch.ones(context, context).triu(1).bool()
        self.register_buffer("future", future, persistent=False)

    def attend(self, x):
        batch, length, width = x.shape
        query, key, value = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in self.query_key_value(x).split(width, dim=2))
        score = query @ key.transpose(2, 3) / math.sqrt(width // self.heads)
        weight = score.masked_fill(self.future[:length, :length], -math.inf).softmax(dim=3)
        return self.projection((weight @ value).transpose(1, 2).reshape(batch, length, width))

    def forward(self, x):
        x = x + self.attend(self.norm_1(x))
        return x + self.narrow(functional.gelu(self.widen(self.norm_2(x))))


class Gpt(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["width"]
        self.token_embedding = nn.Embedding(config["vocabulary"], width)
        self.position_embedding = nn.Embedding(config["context"], width)
        self.blocks = nn.Sequential(*(Block(config) for _ in range(config["layers"])))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, config["vocabulary"], bias=False)
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=0.02)

    def forward(self, tokens):
        x = self.token_embedding(tokens) + self.position_embedding.weight[:tokens.shape[1]]
        return self.head(self.norm(self.blocks(x)))


def architecture_inputs(model, config):
    """What the architecture's formula needs: tokens x (sum of coefficient x parameters + attention).

    Attention is counted in full, as it is executed: the mask discards what was computed."""
    sizes = {name: parameter.numel() for name, parameter in model.named_parameters()}
    shapes = {name: parameter.shape for name, parameter in model.named_parameters()}
    lookup = sum(sizes[name] for name in LOOKUP_TABLES)
    tables = [{"tensor": name, "role": role, "rows": shapes[name][0], "columns": shapes[name][1]}
              for name, role in LOOKUP_TABLES.items()]
    return {
        "classes": [
            {"treatment": "trained", "parameters": sum(sizes.values()) - lookup},
            {"treatment": "lookup", "parameters": lookup, "tables": tables},
        ],
        "attention_flop_per_token": 12 * config["layers"] * config["width"] * config["context"],
    }


def architecture_flop(architecture, tokens):
    trained = architecture["classes"][0]["parameters"]
    return tokens * (6 * trained + architecture["attention_flop_per_token"])


class FlopCounter(TorchDispatchMode):
    """Counts 2 m n k for every matrix product that runs while it is active, in either direction."""

    def __init__(self):
        super().__init__()
        self.flop = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        first = {"mm": 0, "bmm": 0, "addmm": 1, "baddbmm": 1}.get(operation.overloadpacket.__name__)
        if first is not None:
            left, right = args[first:first + 2]
            self.flop += 2 * left.numel() * right.shape[-1]
        return operation(*args, **(kwargs or {}))


def read_text(folder):
    """All regular files of a folder, concatenated in the order of their paths."""
    paths = sorted(path for path in pathlib.Path(folder).rglob("*")
                   if path.is_file() and not path.is_symlink())
    text = b"".join(path.read_bytes() for path in paths)
    if len(text) <= CONFIG["context"]:
        sys.exit(f"train_gpt: error: {folder} has {len(text)} bytes of text, too few to train on")
    return torch.frombuffer(bytearray(text), dtype=torch.uint8).long()


def write_safetensors(path, tensors):
    header, data, offset = {}, [], 0
    for name in sorted(tensors):
        raw = tensors[name].contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape),
                        "data_offsets": [offset, offset + len(raw)]}
        data.append(raw)
        offset += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data))


def read_safetensors(path):
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    tensors = {}
    for name, entry in json.loads(content[8:8 + length]).items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(content[begin:end]), dtype=torch.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def load_model(init):
    model = Gpt(CONFIG)
    if init is not None:
        if json.loads((init / "config.json").read_text()) != CONFIG:
            sys.exit(f"train_gpt: error: {init}/config.json describes another architecture")
        model.load_state_dict(read_safetensors(init / "model.safetensors"))
    return model


def write_model(folder, model):
    folder.mkdir(parents=True)
    write_safetensors(folder / "model.safetensors", model.state_dict())
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")


class Clock:
    """Wall-clock milliseconds that never go back: one reading, then the monotonic clock."""

    def __init__(self):
        self.offset = time.time_ns() - time.monotonic_ns()

    def now_ms(self):
        return (self.offset + time.monotonic_ns()) // 1_000_000


def utc(ms):
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000))
    return f"{seconds}.{ms % 1000:03d}Z"


class Trainer:
    def __init__(self, model, text, learning_rate, seed):
        self.model, self.text = model, text
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate)
        self.shuffle = torch.Generator().manual_seed(seed)
        self.window = torch.arange(CONFIG["context"] + 1)
        self.step = 0
        self.losses = []

    def train_step(self):
        last = len(self.text) - CONFIG["context"]
        starts = torch.randint(last, (BATCH, 1), generator=self.shuffle)
        window = self.text[starts + self.window]
        logits = self.model(window[:, :-1])
        loss = functional.cross_entropy(logits.flatten(0, 1), window[:, 1:].flatten())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self.losses.append(loss.item())
        if self.step == 1 or self.step % LOSS_WINDOW == 0:
            print(f"step {self.step:5d}  loss {self.recent_loss():.3f}", flush=True)

    def recent_loss(self):
        recent = self.losses[-LOSS_WINDOW:]
        return sum(recent) / len(recent)

    def train_segment(self, seconds, clock):
        """Trains for some time, at least one step; returns what it did, with times and counts."""
        from_step, from_ms = self.step, clock.now_ms()
        with FlopCounter() as counter:
            while self.step == from_step or clock.now_ms() - from_ms < 1000 * seconds:
                self.train_step()
        return {"from_step": from_step, "to_step": self.step, "from_ms": from_ms,
                "to_ms": clock.now_ms(), "counter_flop": counter.flop}


def write_segment(path, seq, did, trainer):
    """The only place that knows how a segment is described to others."""
    tokens = (did["to_step"] - did["from_step"]) * BATCH * CONFIG["context"]
    architecture = architecture_inputs(trainer.model, CONFIG)
    segment = {
        "seq": seq,
        "steps": {"from": did["from_step"], "to": did["to_step"]},
        "tokens": tokens,
        "time": {"from": utc(did["from_ms"]), "to": utc(did["to_ms"])},
        "ms": did["to_ms"] - did["from_ms"],
        "sequence_length": CONFIG["context"],
        "precision": "fp32",
        "architecture": architecture,
        "architecture_flop": str(architecture_flop(architecture, tokens)),
        "counter_flop": str(did["counter_flop"]),
        "loss_milli": round(1000 * trainer.recent_loss()),
    }
    path.write_text(json.dumps(segment, indent=2) + "\n")
    return segment


def report_segment(segment, checkpoint, command):
    agreement = 100 * int(segment["counter_flop"]) / int(segment["architecture_flop"])
    print(f"segment {segment['seq']}: {segment['tokens']} tokens in {segment['ms']} ms, "
          f"{float(segment['architecture_flop']):.3e} FLOP from the architecture, "
          f"the counter found {agreement:.1f} % of it", flush=True)
    if command:
        paths = {"CARNET_SEGMENT": checkpoint.parent / f"segment-{segment['seq']}.json",
                 "CARNET_CHECKPOINT": checkpoint}
        done = subprocess.run(command, shell=True, check=False,
                              env={**os.environ, **{k: str(v) for k, v in paths.items()}})
        if done.returncode != 0:
            sys.exit(f"train_gpt: error: the --on-segment command exited with {done.returncode}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    folder = pathlib.Path
    parser.add_argument("--data", type=folder, required=True, help="folder of text files")
    parser.add_argument("--out", type=folder, required=True, help="new folder for the model")
    parser.add_argument("--init", type=folder, help="model to fine-tune (default: random weights)")
    parser.add_argument("--seconds", type=float, default=20, help="training time (default: 20)")
    parser.add_argument("--segments", type=int, default=3, help="how many segments (default: 3)")
    parser.add_argument("--checkpoints", type=folder,
                        help="new folder for checkpoints (default: <out>.checkpoints)")
    parser.add_argument("--on-segment", metavar="CMD", help="command to run after each segment")
    parser.add_argument("--record", type=folder, metavar="DIR", help="folder for the recorded run")
    parser.add_argument("--run", type=folder, metavar="JSON", help="what carnet.Run is told of it")
    parser.add_argument("--seed", type=int, default=1, help="random seed (default: 1)")
    parser.add_argument("--lr", type=float, default=1e-3, help="learning rate (default: 0.001)")
    arguments = parser.parse_args()
    if arguments.segments < 1:
        parser.error("--segments must be at least 1")
    if arguments.checkpoints is None:
        arguments.checkpoints = arguments.out.with_name(arguments.out.name + ".checkpoints")
    for path in (arguments.out, arguments.checkpoints):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            parser.error(f"{path} exists and is not an empty folder")
    return arguments


def train_reported(arguments, trainer):
    """Writes what each segment did; returns the last checkpoint."""
    clock = Clock()
    for seq in range(arguments.segments):
        did = trainer.train_segment(arguments.seconds / arguments.segments, clock)
        checkpoint = arguments.checkpoints / str(seq)
        write_model(checkpoint, trainer.model)
        path = arguments.checkpoints / f"segment-{seq}.json"
        report_segment(write_segment(path, seq, did, trainer), checkpoint, arguments.on_segment)
    return checkpoint


def train_recorded(arguments, trainer):
    """The package records the run; returns the last checkpoint."""
    import carnet.torch
    trainer.model.config = types.SimpleNamespace(  # by the names that count attention
        num_hidden_layers=CONFIG["layers"], hidden_size=CONFIG["width"])
    run = carnet.Run(arguments.record, strict=True, **json.loads(arguments.run.read_text()))
    run.describe(seed=arguments.seed, configuration=CONFIG)
    recorder = carnet.torch.recorder(run, trainer.model)
    for seq in range(arguments.segments):
        begun, end = trainer.step, time.monotonic() + arguments.seconds / arguments.segments
        while time.monotonic() < end or trainer.step < begun + 2:  # the second one is counted
            with recorder.step(BATCH * CONFIG["context"], CONFIG["context"]):
                trainer.train_step()
        checkpoint = arguments.checkpoints / str(seq)
        write_model(checkpoint, trainer.model)
        recorder.checkpoint(checkpoint, trainer.step)
        print(f"checkpoint {seq} after {trainer.step} steps", flush=True)
    run.complete(checkpoint)
    return checkpoint


def main():
    arguments = parse_arguments()
    torch.set_num_threads(1)  # a second thread only slows down operations of this size
    torch.manual_seed(arguments.seed)
    text = read_text(arguments.data)
    trainer = Trainer(load_model(arguments.init), text, arguments.lr, arguments.seed)
    train = train_reported if arguments.record is None else train_recorded
    checkpoint = train(arguments, trainer)
    shutil.copytree(checkpoint, arguments.out, dirs_exist_ok=True)
    print(f"model in {arguments.out}, loss {trainer.recent_loss():.3f}")


if __name__ == "__main__":
    main()
