#!/usr/bin/python3
"""Fine-tunes a real model that has no passport: Silero's voice activity detector (MIT licence).

    finetune_vad.py --make-data sounds
    finetune_vad.py --init base --data sounds --out tuned --device <statement id>

Reads base/model.safetensors, the file silero_vad/data/silero_vad_16k.safetensors of the Python
package silero-vad 6.2, and WAV files of 16 kHz, mono, 16 bit: what is in a file whose name begins
with `speech` counts as speech, all else does not. Writes the tuned model, and beside it the draft of its
segment (tuned.json) for `carnet run segment`. `--make-data` writes four short sounds instead.

A token is a chunk of 512 samples, which the model classifies at once. The floating-point operations
are counted as they run, forward and backward: a convolution uses each of its weights at several
places, so that 6 per parameter and token would be too few. One multiply-add is two operations.
It needs PyTorch and the package safetensors.
"""
import argparse
import array
import json
import math
import pathlib
import random
import sys
import time
import wave

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

RATE, CHUNK, CONTEXT, BATCH = 16_000, 512, 64, 8


class Detector(nn.Module):
    """As in silero_vad/tinygrad_model.py: a fixed spectrum, four convolutions, one LSTM cell."""

    def __init__(self):
        super().__init__()
        self.stft_conv = nn.Conv1d(1, 258, 256, stride=128, bias=False)
        self.conv1 = nn.Conv1d(129, 128, 3, padding=1)
        self.conv2 = nn.Conv1d(128, 64, 3, stride=2, padding=1)
        self.conv3 = nn.Conv1d(64, 64, 3, stride=2, padding=1)
        self.conv4 = nn.Conv1d(64, 128, 3, padding=1)
        self.lstm_cell = nn.LSTMCell(128, 128)
        self.final_conv = nn.Conv1d(128, 1, 1)

    def forward(self, sound):
        x = nn.functional.pad(sound.unsqueeze(1), (0, 64), mode="reflect")
        x = self.stft_conv(x)
        x = (x[:, :129] ** 2 + x[:, 129:] ** 2).sqrt()
        for layer in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = layer(x).relu()
        hidden, _ = self.lstm_cell(x.squeeze(-1))
        return self.final_conv(hidden.relu().unsqueeze(-1)).flatten()


class FlopCounter(TorchDispatchMode):
    """Counts two operations a multiply-add of every matrix product and convolution that runs."""

    def __init__(self):
        super().__init__()
        self.flop = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        name = operation.overloadpacket.__name__
        first = {"mm": 0, "addmm": 1}.get(name)
        if first is not None:
            left, right = args[first:first + 2]
            self.flop += 2 * left.numel() * right.shape[-1]
        elif name == "convolution":
            self.flop += 2 * result.numel() * args[1][0].numel()
        elif name == "convolution_backward":
            output, weights, wanted = args[0], args[2], args[-1]
            # As many for the input as for the weights, of those that are asked for.
            self.flop += 2 * output.numel() * weights[0].numel() * sum(wanted[:2])
        return result


def make_data(folder):
    """Two sounds with the pitch and rhythm of a voice, one of noise, one of the mains."""
    chance = random.Random(7)
    folder.mkdir(parents=True)
    for name in ("speech-low", "speech-high", "noise-white", "noise-hum"):
        samples = array.array("h")
        for i in range(4 * RATE):
            at = i / RATE
            if name.startswith("speech"):
                pitch = (110 if name.endswith("low") else 210) * (1 + 0.1 * math.sin(6 * at))
                voice = sum(math.sin(2 * math.pi * k * pitch * at) / k for k in range(1, 12))
                value = voice * max(0.0, math.sin(2 * math.pi * 3 * at)) * 0.3
            elif name.endswith("white"):
                value = chance.uniform(-0.5, 0.5)
            else:
                value = 0.5 * math.sin(2 * math.pi * 50 * at)
            samples.append(int(32_767 * max(-1.0, min(1.0, value))))
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, len(samples), "NONE", ""))
            file.writeframes(samples.tobytes())


def read_chunks(folder):
    """(sounds, whether each is speech) of all WAV files of a folder."""
    sounds, speech = [], []
    for path in sorted(folder.glob("*.wav")):
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
                sys.exit(f"finetune_vad: error: {path} is not 16 kHz, mono, 16 bit")
            samples = array.array("h", file.readframes(file.getnframes()))
        whole = torch.tensor(samples, dtype=torch.float32) / 32_768
        for begin in range(0, len(whole) - CHUNK - CONTEXT + 1, CHUNK):
            sounds.append(whole[begin:begin + CHUNK + CONTEXT])
            speech.append(float(path.name.startswith("speech")))
    if not sounds:
        sys.exit(f"finetune_vad: error: {folder} has no WAV file that is long enough")
    return torch.stack(sounds), torch.tensor(speech)


def tune(model, sounds, speech, steps):
    """Trains all but the fixed spectrum; returns the last loss and what was counted."""
    model.stft_conv.weight.requires_grad_(False)
    optimizer = torch.optim.AdamW((p for p in model.parameters() if p.requires_grad), lr=1e-4)
    with FlopCounter() as counter:
        for _ in range(steps):
            chosen = torch.randint(len(sounds), (BATCH,))
            loss = nn.functional.binary_cross_entropy_with_logits(model(sounds[chosen]),
                                                                  speech[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    return loss.item(), counter.flop


def utc(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}Z"


def draft(device, steps, flop, begin, ms):
    """What the segment states, in the words of docs/formats.md."""
    figure = {
        "amount": str(flop),
        "method": "counter",
        "methods": [{"method": "counter", "result": str(flop),
                     "source": "matrix products and convolutions counted in finetune_vad.py"}],
        "precision": "fp32",
        "recomputation_excluded": True,
        "padding_excluded": True,
    }
    return {
        "steps": {"from": 0, "to": steps},
        "tokens": steps * BATCH,
        "time": {"from": utc(begin), "to": utc(begin + ms)},
        "flop": {"update": figure, "total": figure},
        "usage": [{"device": device, "units": 1, "ms": ms}],
        "precision": ["fp32"],
    }


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    folder = pathlib.Path
    parser.add_argument("--make-data", type=folder, help="write four sounds into this new folder")
    parser.add_argument("--init", type=folder, help="folder of the model to tune")
    parser.add_argument("--data", type=folder, help="folder of WAV files")
    parser.add_argument("--out", type=folder, help="new folder for the tuned model")
    parser.add_argument("--device", help="statement id of this machine, for the segment's draft")
    parser.add_argument("--steps", type=int, default=40, help="of 8 chunks each (default: 40)")
    arguments = parser.parse_args()
    needed = (arguments.init, arguments.data, arguments.out, arguments.device)
    if not arguments.make_data and not all(needed):
        parser.error("--init, --data, --out and --device are required")
    if arguments.steps < 1:
        parser.error("--steps must be at least 1")
    return arguments


def main():
    arguments = parse_arguments()
    if arguments.make_data:
        make_data(arguments.make_data)
        return
    torch.manual_seed(1)
    torch.set_num_threads(1)
    model = Detector()
    model.load_state_dict(load_file(arguments.init / "model.safetensors"))
    sounds, speech = read_chunks(arguments.data)
    begin, started = time.time_ns() // 1_000_000, time.monotonic_ns()
    loss, flop = tune(model, sounds, speech, arguments.steps)
    ms = (time.monotonic_ns() - started) // 1_000_000 + 1
    arguments.out.mkdir(parents=True)
    save_file(model.state_dict(), arguments.out / "model.safetensors")
    segment = draft(arguments.device, arguments.steps, flop, begin, ms)
    arguments.out.with_name(arguments.out.name + ".json").write_text(
        json.dumps(segment, indent=2) + "\n")
    print(f"{arguments.steps} steps, {arguments.steps * BATCH} chunks of sound, loss {loss:.3f}, "
          f"{flop:,} FLOP counted")


if __name__ == "__main__":
    main()
