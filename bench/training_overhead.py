#!/usr/bin/env python3
"""What carnet.Run costs a training: the time of steps with and without the recorder, in turns.

    CARNET_PASSWORD=… training_overhead.py [--blocks 12] [--steps 20]

Needs PyTorch, the packages carnet and safetensors, and the command. Two models start from the same
seed and see the same batches. Blocks of steps alternate; each ends with a checkpoint that both
write, and that the recorded one hands over. Counted is the time of the training thread, steps and
hand-over; the digests and signatures are behind it. Prints the ratio of the medians of all steps,
and that of the whole time.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import carnet
import carnet.torch
import torch
from carnet._torch_run import save_weights
from torch import nn

WIDTH, LAYERS, LENGTH, BATCH, VOCABULARY = 256, 4, 64, 16, 256


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 4 * WIDTH, dropout=0, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, LAYERS)
        self.head = nn.Linear(WIDTH, VOCABULARY)

    def forward(self, tokens):
        return self.head(self.layers(self.embedding(tokens)))


class Training:
    def __init__(self, recorder=None, run=None):
        self.model = Model()
        self.recorder = recorder(self.model) if recorder else None
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-4)
        self.batches = torch.Generator().manual_seed(1)
        self.steps, self.whole, self.done = [], 0.0, 0

    def step(self):
        tokens = torch.randint(VOCABULARY, (BATCH, LENGTH), generator=self.batches)
        loss = nn.functional.cross_entropy(self.model(tokens).flatten(0, 1), tokens.flatten())
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()

    def block(self, steps, folder):
        for _ in range(steps):
            began = time.perf_counter()
            if self.recorder is None:
                self.step()
            else:
                with self.recorder.step(BATCH * LENGTH, LENGTH):
                    self.step()
            self.steps.append(time.perf_counter() - began)
        self.whole += sum(self.steps[-steps:])
        self.done += steps
        path = save_weights(self.model, folder / f"{id(self)}-{self.done}")
        if self.recorder is not None:
            began = time.perf_counter()
            self.recorder.checkpoint(path, self.done)
            self.whole += time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--blocks", type=int, default=12)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        folder = pathlib.Path(scratch)
        subprocess.run(["carnet", "init", "lab", "--party", "lab", "--own-devices"], check=True,
                       capture_output=True)
        run = carnet.Run("run1", kind="pre-training", opened_by="lab", authorised_by="lab",
                         intended_deployment="research")
        plain = Training()
        recorded = Training(lambda model: carnet.torch.recorder(run, model))
        for block in range(options.blocks):
            pair = (plain, recorded) if block % 2 else (recorded, plain)
            for training in pair:
                training.block(options.steps, folder)
        run.close()
        if run.problems:
            raise SystemExit("\n".join(run.problems))
        same = all(torch.equal(one, other) for one, other in
                   zip(plain.model.state_dict().values(), recorded.model.state_dict().values()))
        median = [statistics.median(one.steps) for one in (recorded, plain)]
        print(f"{recorded.done} steps of {median[1] * 1000:.0f} ms each way, {options.blocks} "
              f"checkpoints; the weights are {'the same' if same else 'NOT the same'}")
        print(f"median step: {median[0] / median[1]:.4f} of one without the recorder")
        print(f"whole time:  {recorded.whole / plain.whole:.4f}, of which one counted step in "
              f"{options.steps}")


if __name__ == "__main__":
    main()
