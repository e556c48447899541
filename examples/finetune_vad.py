#!/usr/bin/python3
"""Fine-tunes a real model that has no passport: Silero's voice activity detector (MIT licence).

    finetune_vad.py --init base --data sounds --out tuned [--steps 40]

Reads base/model.safetensors, the file silero_vad/data/silero_vad_16k.safetensors of the Python
package silero-vad, and WAV files of 16 kHz, mono, 16 bit: what a name that begins with `speech`
holds counts as speech, all else as none. Writes the tuned model, and tuned.json: what a segment
states of this training. `--make-data` writes four short sounds into the folder instead.
"""
import argparse
import array
import json
import math
import pathlib
import random
import struct
import sys
import time
import wave

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

RATE, CHUNK, CONTEXT, BATCH = 16_000, 512, 64, 8


class Detector(nn.Module):
    """As silero_vad/tinygrad_model.py has it: a fixed spectrum, four convolutions, one LSTM cell."""

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
        x = (x[:, :129] ** 2 + x[:, 129:] ** 2 + 1e-12).sqrt()
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
        if name == "convolution":
            self.flop += 2 * result.numel() * args[1][0].numel()
        if name == "convolution_backward":
            for wanted in args[-1][:2]:  # of the input, of the weights
                self.flop += 2 * args[0].numel() * args[2][0].numel() if wanted else 0
        return result


def read_safetensors(path):
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    tensors = {}
    for name, entry in json.loads(content[8:8 + length]).items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(content[begin:end]), dtype=torch.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def write_safetensors(path, tensors):
    header, data, offset = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        raw = tensor.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + len(raw)]}
        data.append(raw)
        offset += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data))


def make_data(folder):
    """Two sounds with the pitch and rhythm of a voice, two of noise."""
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
        for begin in range(0, len(whole) - CHUNK - CONTEXT, CHUNK):
            sounds.append(whole[begin:begin + CHUNK + CONTEXT])
            speech.append(float(path.name.startswith("speech")))
    if not sounds:
        sys.exit(f"finetune_vad: error: {folder} has no WAV file that is long enough")
    return torch.stack(sounds), torch.tensor(speech)


def utc(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}Z"


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


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    folder = pathlib.Path
    parser.add_argument("--make-data", type=folder, help="write four sounds into this new folder")
    parser.add_argument("--init", type=folder, help="folder of the model to tune")
    parser.add_argument("--data", type=folder, help="folder of WAV files")
    parser.add_argument("--out", type=folder, help="new folder for the tuned model")
    parser.add_argument("--steps", type=int, default=40, help="of 8 chunks each (default: 40)")
    arguments = parser.parse_args()
    if not arguments.make_data and not (arguments.init and arguments.data and arguments.out):
        parser.error("--init, --data and --out are required")
    return arguments


def main():
    arguments = parse_arguments()
    if arguments.make_data:
        return make_data(arguments.make_data)
    torch.manual_seed(1)
    torch.set_num_threads(1)
    model = Detector()
    model.load_state_dict(read_safetensors(arguments.init / "model.safetensors"))
    sounds, speech = read_chunks(arguments.data)
    begin, started = time.time_ns() // 1_000_000, time.monotonic_ns()
    loss, flop = tune(model, sounds, speech, arguments.steps)
    ms = (time.monotonic_ns() - started) // 1_000_000 + 1
    arguments.out.mkdir(parents=True)
    write_safetensors(arguments.out / "model.safetensors", model.state_dict())
    report = {"steps": arguments.steps, "tokens": arguments.steps * BATCH, "flop": str(flop),
              "from": utc(begin), "to": utc(begin + ms), "ms": ms}
    arguments.out.with_name(arguments.out.name + ".json").write_text(json.dumps(report) + "\n")
    print(f"{arguments.steps} steps, loss {loss:.3f}, {flop} FLOP counted")
    return None


if __name__ == "__main__":
    main()
