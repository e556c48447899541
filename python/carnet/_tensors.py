"""carnet.tensor_digests and carnet.tensor_root: tensors in memory as digests."""
from __future__ import annotations

import collections
import hashlib
import logging
import math
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from carnet._carnet import digest_memory, root_of_tensors
from carnet._errors import Malformed, Unsupported

_LOG = logging.getLogger("carnet")

# What safetensors calls the types of PyTorch, and those of NumPy's array interface.
_TORCH_DTYPES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "float8_e5m2": "F8_E5M2",
    "float8_e4m3fn": "F8_E4M3", "float8_e8m0fnu": "F8_E8M0", "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2fnuz": "F8_E5M2FNUZ", "int16": "I16", "uint16": "U16", "float16": "F16",
    "bfloat16": "BF16", "int32": "I32", "uint32": "U32", "float32": "F32", "complex64": "C64",
    "int64": "I64", "uint64": "U64", "float64": "F64",
}
_ARRAY_DTYPES = {
    "b1": "BOOL", "u1": "U8", "i1": "I8", "i2": "I16", "u2": "U16", "f2": "F16", "i4": "I32",
    "u4": "U32", "f4": "F32", "c8": "C64", "i8": "I64", "u8": "U64", "f8": "F64",
}


class _Memory(NamedTuple):
    """As carnet._carnet.digest_memory takes it."""
    address: int
    bytes: int
    on_device: bool = False
    stream: int = 0


def tensor_digests(tensors: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each tensor's raw bytes, as in the tensor root of a safetensors file of them.

    Tensors on a CUDA device are digested there, or through the host where that is expected to be
    faster; where carnet was built without CUDA or there is no driver, they are copied to the host.
    The digests are the same. Nothing may write to a tensor meanwhile.

    Args:
        tensors: by name, such as a state dict: of PyTorch; with `__cuda_array_interface__`; or with
            the buffer protocol, such as NumPy's. Contiguous, little-endian.

    Returns:
        Lowercase hex, by the same names.

    Raises:
        Malformed: a tensor is not contiguous, is big-endian, or is none; the message names it.
        Rejected: bytes that are not in the memory of a device.
        IoError: CUDA failed.
    """
    digests: dict[str, str] = {}
    memory: dict[str, _Memory] = {}
    buffers: dict[str, memoryview] = {}
    for name, tensor in tensors.items():
        place: _Memory | memoryview = _look(name, tensor)
        if isinstance(place, memoryview):
            buffers[name] = place
        else:
            memory[name] = place
    digests.update(_of_memory(memory, tensors))
    digests.update(_of_buffers(buffers))
    return {name: digests[name] for name in tensors}


def tensor_root(tensors: Mapping[str, Any]) -> str:
    """The tensor root (docs/formats.md, S6) of tensors in memory: that of a safetensors file of
    them, however it is split into shards.

    Pass what is written to the file: of tied weights, safetensors keeps one name.

    Args:
        tensors: as for `tensor_digests`, of types that safetensors has.

    Returns:
        Lowercase hex, as `WeightSet.root`.

    Raises:
        Malformed: also a type that safetensors does not have, or a name that no passport may have.
        Rejected, IoError: as for `tensor_digests`.
    """
    parts = {name: (_dtype(name, tensor), _shape(tensor)) for name, tensor in tensors.items()}
    digests = tensor_digests(tensors)
    return root_of_tensors([(name, dtype, shape, digests[name])
                            for name, (dtype, shape) in parts.items()])


def _is_torch(tensor: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(tensor, torch.Tensor)


def _refused(name: str, why: str) -> Malformed:
    return Malformed(f"tensor {name!r}: {why}")


def _look(name: str, tensor: Any) -> _Memory | memoryview:
    if _is_torch(tensor):
        return _look_at_torch(name, tensor)
    interface = getattr(tensor, "__cuda_array_interface__", None)
    if interface is not None:
        return _look_at_interface(name, interface)
    return _look_at_buffer(name, tensor)


def _look_at_torch(name: str, tensor: Any) -> _Memory:
    torch = sys.modules["torch"]
    if tensor.layout is not torch.strided or not tensor.is_contiguous():
        raise _refused(name, "is not contiguous")
    if tensor.is_conj() or tensor.is_neg():
        raise _refused(name, "is a view that PyTorch has not resolved")
    if tensor.device.type not in ("cpu", "cuda"):
        raise _refused(name, f"is on the device {tensor.device}")
    size = tensor.numel() * tensor.element_size()
    if tensor.device.type == "cpu":
        return _Memory(tensor.data_ptr(), size)
    stream = torch.cuda.current_stream(tensor.device).cuda_stream
    return _Memory(tensor.data_ptr(), size, True, stream)


def _look_at_interface(name: str, interface: Mapping[str, Any]) -> _Memory:
    if interface.get("mask") is not None:
        raise _refused(name, "has a mask")
    typestr, shape = interface["typestr"], interface["shape"]
    if typestr[0] == ">":
        raise _refused(name, "is big-endian")
    size = int(typestr[2:])
    for length, stride in zip(reversed(shape), reversed(interface.get("strides") or ())):
        if length > 1 and stride != size:
            raise _refused(name, "is not contiguous")
        size *= length
    address, _ = interface["data"]
    return _Memory(address or 0, math.prod(shape) * int(typestr[2:]), True,
                   interface.get("stream") or 0)


def _look_at_buffer(name: str, tensor: Any) -> memoryview:
    try:
        view = memoryview(tensor)
    except (TypeError, ValueError, BufferError) as error:
        raise _refused(name, f"is no tensor or buffer: {error}") from None
    if not view.c_contiguous:
        raise _refused(name, "is not contiguous")
    if view.format[:1] in (">", "!"):
        raise _refused(name, "is big-endian")
    return view


def _of_memory(memory: Mapping[str, _Memory], tensors: Mapping[str, Any]) -> dict[str, str]:
    try:
        digests = digest_memory(list(memory.values()), 0)
    except Unsupported as without_cuda:
        _LOG.debug("%s: copying tensors to the host", without_cuda)
        on_host = {name: _copy(tensors[name], without_cuda) if place.on_device else tensors[name]
                   for name, place in memory.items()}
        return tensor_digests(on_host)
    _LOG.debug("tensors digested: %s", dict(collections.Counter(way for _, way in digests)))
    return {name: sha256 for name, (sha256, _) in zip(memory, digests)}


def _copy(tensor: Any, why_not: Unsupported) -> Any:
    """On the host: by PyTorch's name for it, or CuPy's."""
    for method in ("cpu", "get"):
        copy: Callable[[], Any] | None = getattr(tensor, method, None)
        if copy is not None:
            return copy()
    raise why_not


def _of_buffers(buffers: Mapping[str, memoryview]) -> dict[str, str]:
    """hashlib lets other threads run meanwhile."""
    if not buffers:
        return {}
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return dict(zip(buffers, threads.map(lambda view: hashlib.sha256(view).hexdigest(),
                                             buffers.values())))


def _dtype(name: str, tensor: Any) -> str:
    if _is_torch(tensor):
        own, known = str(tensor.dtype).removeprefix("torch."), _TORCH_DTYPES
    else:
        interface = getattr(tensor, "__cuda_array_interface__", None) or \
            getattr(tensor, "__array_interface__", None)
        if interface is None:
            raise _refused(name, "has no type")
        own, known = interface["typestr"][1:], _ARRAY_DTYPES
    if own not in known:
        raise _refused(name, f"is of a type that safetensors does not have: {own}")
    return known[own]


def _shape(tensor: Any) -> list[int]:
    return [int(length) for length in tensor.shape]
