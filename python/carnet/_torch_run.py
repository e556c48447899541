"""What the recorders of PyTorch's frameworks share: tokens, one counted step, and weights."""
from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch

from carnet import torch as recorded
from carnet._run import Run


def tokens_of(inputs: Any) -> int | torch.Tensor:
    """Tokens of a batch without padding, as far as its masks show it; of an encoder and decoder,
    those of both. Of inputs without text, the examples."""
    found: int | torch.Tensor = 0
    if isinstance(inputs, Mapping):
        for mask, ids in (("attention_mask", "input_ids"),
                          ("decoder_attention_mask", "decoder_input_ids")):
            if inputs.get(mask) is not None and inputs[mask].dim() == 2:
                found = found + inputs[mask].sum()
            elif inputs.get(ids) is not None:
                found = found + inputs[ids].numel()
        if isinstance(found, torch.Tensor) or found:
            return found
        inputs = list(inputs.values())
    parts = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    return next((len(part) for part in parts if isinstance(part, torch.Tensor) and part.dim()), 0)


def longest_of(inputs: Any) -> int:
    """Length of the sequences of a batch with `input_ids`; else 0."""
    ids = inputs.get("input_ids") if isinstance(inputs, Mapping) else None
    return 0 if ids is None else int(ids.shape[-1])


class Segments:
    """The segments of a module's training: what was counted since the last checkpoint.

    Tokens are summed on the module's device, as reading them would wait for the step. One step of
    each segment is counted, the second, as the first one of a job is not like the others.
    """

    def __init__(self, run: Run, module: torch.nn.Module,
                 autocast: torch.dtype | None = None) -> None:
        self._run, self._module, self._autocast = run, module, autocast
        run.count_later(lambda: int(self._seen))
        self._seen: int | torch.Tensor = 0
        self._longest = self._steps = 0
        self._before: int | torch.Tensor = 0
        self._counter: recorded.Counter | None = None
        self._counted: dict[str, Any] | None = None
        self._forward_only: set[str] = set()

    def add(self, tokens: int | torch.Tensor, longest: int = 0) -> None:
        with self._run.guard("count", loses=True), torch.no_grad():
            self._seen = self._seen + tokens
        self._longest = max(self._longest, longest)

    def begin_step(self) -> None:
        if self._steps == 1 and self._counter is None:
            with self._run.guard("counted step"):
                self._before = self._seen
                self._paths = recorded.GradientPaths(self._module).__enter__()
                self._counter = recorded.Counter().__enter__()

    def end_step(self) -> None:
        self._steps += 1
        if self._counter is None:
            return
        counter, self._counter = self._counter, None
        with self._run.guard("counted step"):
            counter.__exit__(None, None, None)
            self._paths.__exit__(None, None, None)
            self._forward_only = self._paths.forward_only
            self._counted = {"flop": counter.flop, "tokens": self._seen - self._before,
                             "source": counter.source}

    @contextlib.contextmanager
    def step(self, tokens: int | torch.Tensor, longest: int = 0) -> Iterator[None]:
        """Around one training step of a plain loop.

        Args:
            tokens: that it processes, without padding; of inputs without text, the examples.
            longest: length of its sequences, for attention.
        """
        self.begin_step()
        self.add(tokens, longest)
        try:
            yield
        finally:
            self.end_step()

    def checkpoint(self, path: str | os.PathLike[str], step: int) -> None:
        """Hands the checkpoint over; on every rank."""
        with self._run.guard(f"checkpoint {os.fspath(path)}"):  # then it is part of the next one
            config = getattr(self._module, "config", None)
            attention = recorded.attention_per_token(config, self._longest)
            fields: dict[str, Any] = {
                "precision": recorded.precision(self._module, self._autocast),
                "flop": recorded.figure(self._module, attention, forward_only=self._forward_only)}
            if self._counted is not None and int(self._counted["tokens"]):
                fields["counted"] = {**self._counted, "tokens": int(self._counted["tokens"])}
            seen, self._seen = int(self._seen), 0
            self._run.checkpoint(path, step, tokens=seen, **fields)
            self._longest, self._steps, self._counted = 0, 0, None
            self._forward_only = set()


def save_weights(module: torch.nn.Module, folder: str | os.PathLike[str]) -> pathlib.Path:
    """The module's state as `model.safetensors` in a new folder; shared tensors once. Needs the
    package safetensors."""
    from safetensors.torch import save_file
    path = pathlib.Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    seen: set[tuple[int, tuple[int, ...]]] = set()
    tensors = {}
    for name, tensor in module.state_dict().items():
        place = (tensor.data_ptr(), tuple(tensor.shape))
        if tensor.numel() and place in seen:
            continue
        seen.add(place)
        tensors[name] = tensor.detach().cpu().contiguous()
    save_file(tensors, path / "model.safetensors", metadata={"format": "pt"})
    return path
