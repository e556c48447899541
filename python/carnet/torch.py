"""What a PyTorch module says about its own compute, for the drafts of a recorded run.

    run.describe(environment=carnet.torch.environment(),
                 segment={"flop": carnet.torch.figure(model)})

Needs PyTorch 1.13 or later. Nothing is stated below what can be shown: what is not known to cost
less counts as trained.
"""
from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Mapping, Set
from typing import Any

import torch
from torch import nn

# Distributions whose versions say how a training behaves, where they are loaded.
_NAMED = ("torch", "transformers", "accelerate", "lightning", "pytorch_lightning", "peft",
          "deepspeed", "flash_attn")
_PRECISIONS = {torch.float64: "fp64", torch.float32: "fp32", torch.bfloat16: "bf16",
               torch.float16: "fp16"}


def environment() -> str:
    """Versions of Python and of the libraries that are loaded."""
    versions = [f"python {platform.python_version()}"]
    versions += [f"{name} {getattr(sys.modules[name], '__version__', '?')}" for name in _NAMED
                 if name in sys.modules]
    return "; ".join(versions)


def precision(model: nn.Module, autocast: torch.dtype | None = None) -> list[str]:
    """Formats of the matrix products: of automatic mixed precision where it is on, else of the
    parameters; 32 bit as tf32 where PyTorch may round so."""
    types = {autocast} if autocast is not None else {one.dtype for one in model.parameters()}
    names = {_PRECISIONS[one] for one in types if one in _PRECISIONS}
    cuda = any(one.is_cuda for one in model.parameters())
    if "fp32" in names and cuda and torch.backends.cuda.matmul.allow_tf32:
        names = (names - {"fp32"}) | {"tf32"}
    return sorted(names)


def _tables(model: nn.Module) -> Iterator[tuple[str, str, nn.Parameter]]:
    """(name, role, weight) of embeddings that are looked up and multiply nothing, a role once."""
    owners: dict[int, int] = {}
    for module in model.modules():
        for weight in module._parameters.values():
            if weight is not None:
                owners[id(weight)] = owners.get(id(weight), 0) + 1
    heads = {tuple(module.weight.shape) for module in model.modules()
             if isinstance(module, nn.Linear) and owners[id(module.weight)] == 1}
    found: set[str] = set()
    for name, module in model.named_modules():
        if not isinstance(module, nn.Embedding) or owners[id(module.weight)] > 1:
            continue
        last = name.rpartition(".")[2].lower()
        if "pos" in last or last == "wpe":
            role = "position"
        elif "type" in last:
            role = "token-type"
        elif tuple(module.weight.shape) in heads:
            role = "token"  # without an output layer of its own it would multiply there
        else:
            continue
        if role not in found and module.weight.requires_grad:
            found.add(role)
            yield f"{name}.weight" if name else "weight", role, module.weight


class GradientPaths:
    """Watches a training step: which frozen parameters a gradient passes on its way to others."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._hooks: list[Any] = []
        self.watched: set[str] = set()
        self.passed: set[str] = set()  # names of parameters

    def __enter__(self) -> GradientPaths:
        for name, module in self._model.named_modules():
            own = [f"{name}.{one}".lstrip(".") for one, weight in module._parameters.items()
                   if weight is not None and not weight.requires_grad]
            if own:
                self._hooks.append(module.register_forward_hook(self._hook(own)))
        return self

    def _hook(self, own: list[str]) -> Any:
        def look(module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
            self.watched.update(own)
            if any(isinstance(one, torch.Tensor) and one.requires_grad for one in inputs):
                self.passed.update(own)
        return look

    def __exit__(self, *error: object) -> None:
        for hook in self._hooks:
            hook.remove()

    @property
    def forward_only(self) -> set[str]:
        """Frozen parameters that ran and that no gradient passed."""
        return self.watched - self.passed


def classes(model: nn.Module, forward_only: Set[str] = frozenset()) -> list[dict[str, Any]]:
    """Parameter classes (S9): what training does to each parameter.

    Tensors are named as in `state_dict`, and so in the checkpoint. Experts count as if each token
    used all of them.

    Args:
        forward_only: frozen parameters that no gradient passes, as `GradientPaths` saw it; all
            other frozen ones count as if one did.
    """
    tables = list(_tables(model))
    looked_up = {name for name, _, _ in tables}
    frozen = {name: weight.numel() for name, weight in model.named_parameters()
              if not weight.requires_grad}
    ahead = {name: frozen.pop(name) for name in sorted(frozen.keys() & forward_only)}
    trained = sum(weight.numel() for name, weight in model.named_parameters()
                  if weight.requires_grad and name not in looked_up)
    found: list[dict[str, Any]] = [{"treatment": "trained", "parameters": trained}]
    if frozen:
        found.append({"treatment": "frozen-under-training", "parameters": sum(frozen.values()),
                      "tensors": sorted(frozen)})
    if ahead:
        found.append({"treatment": "forward-only", "parameters": sum(ahead.values()),
                      "tensors": sorted(ahead)})
    if tables:
        found.append({"treatment": "lookup",
                      "parameters": sum(weight.numel() for _, _, weight in tables),
                      "tables": [{"tensor": name, "role": role, "rows": weight.shape[0],
                                  "columns": weight.shape[1]} for name, role, weight in tables]})
    return found


def attention_per_token(config: Any, sequence_length: int) -> int | None:
    """FLOP of attention for a token, in full as without a mask; None where the configuration, of
    Hugging Face's names, does not say layers and width."""
    def first(*names: str) -> Any:
        return next((value for value in (getattr(config, name, None) for name in names)
                     if isinstance(value, int)), None)
    layers = first("num_hidden_layers", "n_layer", "num_layers")
    width = first("hidden_size", "n_embd", "d_model")
    return None if layers is None or width is None else 12 * layers * width * sequence_length


def figure(model: nn.Module, attention: int | None = None, *,
           forward_only: Set[str] = frozenset(), recomputation_excluded: bool = True,
           padding_excluded: bool = True) -> dict[str, Any]:
    """The `flop` of a segment's draft: by architecture, beside what the device time amounts to."""
    architecture: dict[str, Any] = {"method": "architecture",
                                    "classes": classes(model, forward_only)}
    if attention:
        architecture["attention_per_token"] = str(attention)
    return {"method": "architecture",
            "methods": [architecture, {"method": "hardware", "basis": "derived"}],
            "recomputation_excluded": recomputation_excluded, "padding_excluded": padding_excluded}


class Counter:
    """Counts the operations of matrix products while it is active, in both directions.

    By PyTorch's FlopCounterMode, which it has since 2.1; before, by the products that are
    dispatched, without those of fused kernels. It slows a step down by some percent.
    """

    def __init__(self) -> None:
        self.flop = 0
        self.source = "torch.utils.flop_counter.FlopCounterMode"
        try:
            from torch.utils.flop_counter import FlopCounterMode
            self._mode: Any = FlopCounterMode(display=False)
        except ImportError:
            self.source = "matrix products that PyTorch dispatched"
            self._mode = _products()

    def __enter__(self) -> Counter:
        self._mode.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._mode.__exit__(*error)
        get = getattr(self._mode, "get_total_flops", None)
        self.flop = int(get() if get is not None else self._mode.flop)


def _products() -> Any:
    from torch.utils._python_dispatch import TorchDispatchMode

    class Products(TorchDispatchMode):  # type: ignore[misc]
        """2 m n k for every matrix product, and 2 for each multiply-add of a convolution."""

        flop = 0

        def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (),
                               kwargs: Any = None) -> Any:
            name = operation.overloadpacket.__name__
            first = {"mm": 0, "bmm": 0, "addmm": 1, "baddbmm": 1}.get(name)
            if first is not None:
                left, right = args[first:first + 2]
                self.flop += 2 * left.numel() * right.shape[-1]
            result = operation(*args, **(kwargs or {}))
            if name == "convolution":
                self.flop += 2 * result.numel() * args[1][0].numel()
            elif name == "convolution_backward":  # the gradients of the input and of the weights
                self.flop += 2 * args[0].numel() * args[2][0].numel() * sum(args[-1][:2])
            return result

    return Products()


def recorder(run: Any, model: nn.Module, autocast: torch.dtype | None = None) -> Any:
    """For a plain loop: `with recorder.step(tokens): …`, and `recorder.checkpoint(path, step)`.

        recorder = carnet.torch.recorder(run, model)

    Args:
        run: a carnet.Run.
        autocast: the type of automatic mixed precision, where it is on.
    """
    from carnet._torch_run import Segments
    run.describe(environment=environment())
    run.start()
    return Segments(run, model, autocast)


def sampler_of(loader: Any) -> Mapping[str, object]:
    """What decides the order of the data, as far as a data loader says it."""
    sampler = getattr(loader, "sampler", None)
    told = {"sampler": type(sampler).__name__, "batch_size": getattr(loader, "batch_size", None)}
    for name in ("seed", "num_replicas", "shuffle", "replacement"):
        if hasattr(sampler, name):
            told[name] = getattr(sampler, name)
    try:
        told["examples"] = len(loader.dataset)
    except (AttributeError, TypeError):
        pass
    return told
