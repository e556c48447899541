"""A TrainerCallback of Hugging Face transformers that records the training.

    run = carnet.Run("run1", datasets=…, kind="fine-tune", …)
    trainer = Trainer(…, callbacks=[carnet.transformers.Callback(run)])
"""
from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

import torch
from transformers import TrainerCallback

from carnet import torch as recorded
from carnet._run import Run
from carnet._torch_run import Segments, longest_of, tokens_of

__all__ = ["Callback", "tokens_of"]


def _has_tied_weights(model: torch.nn.Module) -> bool:
    weights = list(model.state_dict(keep_vars=True).values())
    return len({id(one) for one in weights}) < len(weights)


class Callback(TrainerCallback):  # type: ignore[misc]
    """Records a Trainer's run: opens it, counts tokens, and hands over every checkpoint, the last
    step's too. `run.complete` and `run.issue_passport` are for afterwards.

    Args:
        run: of the same job, on every rank.
        tokens: of one batch, from the inputs of the model; by default `tokens_of`.
    """

    def __init__(self, run: Run,
                 tokens: Callable[[Any], int | torch.Tensor] = tokens_of) -> None:
        self.run = run
        self._tokens = tokens
        self._model: torch.nn.Module | None = None
        self._segments: Segments | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None,
                       train_dataloader: Any = None, **ignored: Any) -> None:
        order = {**recorded.sampler_of(train_dataloader), "seed": args.seed,
                 "data_seed": getattr(args, "data_seed", None), "epochs": args.num_train_epochs}
        secret = ("token", "key", "password")
        configuration = {name: value for name, value in args.to_dict().items()
                         if not any(word in name for word in secret)}
        self.run.describe(environment=recorded.environment(), seed=args.seed, data_order=order,
                          configuration=configuration)
        self.run.start(state.global_step)
        autocast = torch.bfloat16 if args.bf16 else torch.float16 if args.fp16 else None
        self._segments = Segments(self.run, model, autocast)
        self._watch(model, self._segments)
        if _has_tied_weights(model) and not getattr(args, "save_safetensors", True):
            logging.getLogger("carnet").warning(
                "tied weights are twice in a pytorch_model.bin and once in a safetensors file: with "
                "save_safetensors=True checkpoints are as a model that is saved as safetensors, "
                "and the run can be completed with either")

    def on_step_begin(self, args: Any, state: Any, control: Any, **ignored: Any) -> None:
        if self._segments is not None:
            self._segments.begin_step()

    def on_step_end(self, args: Any, state: Any, control: Any, **ignored: Any) -> Any:
        if self._segments is not None:
            self._segments.end_step()
        if state.global_step >= state.max_steps:
            control.should_save = True  # the last weights are those that the passport is about
        return control

    def on_save(self, args: Any, state: Any, control: Any, **ignored: Any) -> None:
        if self._segments is not None:
            path = os.path.join(args.output_dir, f"checkpoint-{state.global_step}")
            self._segments.checkpoint(path, state.global_step)

    def on_train_end(self, args: Any, state: Any, control: Any, **ignored: Any) -> None:
        if self._model is not None:
            del self._model.forward  # the class's own again
        self._model = self._segments = None

    def _watch(self, model: torch.nn.Module, segments: Segments) -> None:
        """Counts what the model is given while it trains: callbacks are not told the batches."""
        forward = model.forward

        def counted(*args: Any, **inputs: Any) -> Any:
            if model.training:
                with self.run.guard("count", loses=True):
                    batch = inputs or args
                    segments.add(self._tokens(batch), longest_of(batch))
            return forward(*args, **inputs)

        model.forward = counted  # type: ignore[method-assign]
        self._model = model
