"""Calls for a training loop in Megatron's style, where ranks share a model. Needs no Megatron.

    recorder = carnet.megatron.Recorder(run, args.global_batch_size * args.seq_length)
    …                                        # after each optimiser step, on every rank:
    recorder.train_step()
    …                                        # after weights were exported, on every rank:
    recorder.save_checkpoint("export/iter_100", iteration)
"""
from __future__ import annotations

import os
from typing import Any

from carnet._run import Run


class Recorder:
    """Opens the run, and counts the tokens of whole steps on the first rank only: ranks of one
    tensor- or pipeline-parallel group process the same tokens, and would count them again.

    Args:
        run: of the same job, on every rank.
        tokens_per_step: global batch size times sequence length; with padding, or without it where
            `train_step` is told better.
        iteration: steps that were done before, by a job that goes on.
        segment: fields that the draft of each segment has: `precision`, `flop` (docs/formats.md).
    """

    def __init__(self, run: Run, tokens_per_step: int, *, iteration: int = 0,
                 **segment: Any) -> None:
        self._run, self._tokens_per_step = run, tokens_per_step
        run.describe(segment=segment)
        run.start(iteration)

    def train_step(self, tokens: int | None = None) -> None:
        """One optimiser step was done."""
        if self._run.is_recording:
            self._run.count(self._tokens_per_step if tokens is None else tokens)

    def save_checkpoint(self, path: str | os.PathLike[str], iteration: int, **fields: Any) -> None:
        """Weights were written, as Hugging Face or safetensors have them: Megatron's own
        checkpoints are pickles of weights and optimiser together."""
        self._run.checkpoint(path, iteration, **fields)
