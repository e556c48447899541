"""A Callback of Lightning, in either of its packages, that records the training.

    trainer = Trainer(…, callbacks=[carnet.lightning.Callback(run, "checkpoints"), …])
"""
from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Callable
from typing import Any

import torch

from carnet import torch as recorded
from carnet._run import Run
from carnet._torch_run import Segments, longest_of, save_weights, tokens_of

if "lightning" in sys.modules or "pytorch_lightning" not in sys.modules:
    try:
        from lightning.pytorch import Callback as _Callback
    except ImportError:
        from pytorch_lightning import Callback as _Callback
else:
    from pytorch_lightning import Callback as _Callback

__all__ = ["Callback", "tokens_of"]

_AUTOCAST = {"bf16": torch.bfloat16, "bf16-mixed": torch.bfloat16, "16": torch.float16,
             "16-mixed": torch.float16}


class Callback(_Callback):  # type: ignore[misc]
    """Records a Trainer's run. Whenever Lightning writes a checkpoint, and at the end of the fit,
    the weights of the module are written beside it, as `<folder>/<step>/model.safetensors`:
    Lightning's own checkpoints are pickles of the whole state. The last of them is `model`.

    Args:
        run: of the same job, on every rank.
        folder: for the weights.
        tokens: of one batch; by default `tokens_of`.
        module: what of the LightningModule is the model; by default all of it.
    """

    def __init__(self, run: Run, folder: str | os.PathLike[str], *,
                 tokens: Callable[[Any], int | torch.Tensor] = tokens_of,
                 module: Callable[[Any], torch.nn.Module] = lambda module: module) -> None:
        self.run = run
        self.model: pathlib.Path | None = None
        self._folder = pathlib.Path(folder)
        self._tokens, self._module = tokens, module
        self._segments: Segments | None = None
        self._step = self._wanted = -1

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        loader = trainer.train_dataloader
        order = {**recorded.sampler_of(getattr(loader, "loaders", loader)),
                 "epochs": trainer.max_epochs, "seed": os.environ.get("PL_GLOBAL_SEED")}
        self.run.describe(environment=recorded.environment(), data_order=order,
                          configuration=dict(pl_module.hparams))
        self.run.start(trainer.global_step)
        self._segments = Segments(self.run, self._module(pl_module),
                                  _AUTOCAST.get(str(trainer.precision)))

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int,
                             *ignored: Any) -> None:
        if self._segments is not None:
            self._segments.begin_step()
            with self.run.guard("count", loses=True):
                self._segments.add(self._tokens(batch), longest_of(batch))

    def on_train_batch_end(self, trainer: Any, pl_module: Any, *ignored: Any) -> None:
        if self._segments is not None:
            self._segments.end_step()
        self._write(trainer, pl_module)

    def on_save_checkpoint(self, trainer: Any, pl_module: Any, checkpoint: Any) -> None:
        self._wanted = trainer.global_step

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        self._wanted = trainer.global_step
        self._write(trainer, pl_module)
        self._segments = None

    def _write(self, trainer: Any, pl_module: Any) -> None:
        step = trainer.global_step
        if self._segments is None or self._wanted < 0 or step <= self._step:
            return
        path = self._folder / str(step)
        if trainer.is_global_zero:
            save_weights(self._module(pl_module), path)
        self._segments.checkpoint(path, step)
        self.model, self._step, self._wanted = path, step, -1
