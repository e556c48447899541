"""Records a training loop of Hugging Face Accelerate.

    recorder = carnet.accelerate.Recorder(accelerator, run, model)
    for batch in loader:
        with recorder.step(batch):
            …                                    # forward, backward, optimizer
        if save:
            recorder.save("checkpoints/100", 100)
"""
from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import torch

from carnet import torch as recorded
from carnet._run import Run
from carnet._torch_run import Segments, longest_of, save_weights, tokens_of

__all__ = ["Recorder", "tokens_of"]

_AUTOCAST = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Recorder:
    """On every process; opens the run.

    Args:
        accelerator: it tells which process is the main one, and the mixed precision.
        run: of the same job.
        model: as `accelerator.prepare` returned it.
        step: optimiser steps that were done before, by a job that goes on.
        tokens: of one batch; by default `tokens_of`.
    """

    def __init__(self, accelerator: Any, run: Run, model: torch.nn.Module, *, step: int = 0,
                 tokens: Callable[[Any], int | torch.Tensor] = tokens_of) -> None:
        self._accelerator, self._run, self._tokens = accelerator, run, tokens
        self._module = accelerator.unwrap_model(model)
        run.describe(environment=recorded.environment())
        run.start(step)
        self._segments = Segments(run, self._module,
                                  _AUTOCAST.get(str(accelerator.mixed_precision)))

    @contextlib.contextmanager
    def step(self, batch: Any) -> Iterator[None]:
        """Around what is done with one batch."""
        self._segments.begin_step()
        with self._run.guard("count", loses=True):
            self._segments.add(self._tokens(batch), longest_of(batch))
        try:
            yield
        finally:
            self._segments.end_step()

    def save(self, folder: str | os.PathLike[str], step: int) -> pathlib.Path:
        """Writes the weights as `model.safetensors` and hands them over; on every process.

        Args:
            step: optimiser steps of the run until now.
        """
        self._accelerator.wait_for_everyone()
        if self._accelerator.is_main_process:
            save_weights(self._module, folder)
        self._accelerator.wait_for_everyone()
        self._segments.checkpoint(folder, step)
        return pathlib.Path(folder)
