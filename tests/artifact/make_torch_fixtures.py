#!/usr/bin/env python3
"""Rewrites tests/artifact/torch/ with PyTorch: make_torch_fixtures.py

The files are what torch.save writes; expected.tsv says what PyTorch itself sees in them: file,
tensor, dtype, shape, elements that another tensor has, SHA-256 of the bytes. Made with 1.13.
"""

import hashlib
from pathlib import Path

import torch

DTYPES = {
    torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64",
}
FOLDER = Path(__file__).parent / "torch"
lines = []


def digest(tensor):
    flat = torch.empty(0, dtype=tensor.dtype).set_(
        tensor.storage(), tensor.storage_offset(), (tensor.numel(),), (1,))
    return hashlib.sha256(flat.view(torch.uint8).numpy().tobytes() if flat.dtype != torch.bool
                          else flat.numpy().tobytes()).hexdigest()


def save(name, value, tensors, shared=(), legacy=False):
    torch.save(value, FOLDER / name, _use_new_zipfile_serialization=not legacy)
    for key, tensor in tensors.items():
        shape = ",".join(map(str, tensor.shape))
        lines.append(f"{name}\t{key}\t{DTYPES[tensor.dtype]}\t{shape}\t"
                     f"{tensor.numel() if key in shared else 0}\t{digest(tensor.detach())}\n")


torch.manual_seed(1)
FOLDER.mkdir(exist_ok=True)
network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4),
                              torch.nn.Linear(4, 2))
state = network.state_dict()
save("zip.pt", state, state)
save("legacy.bin", state, state, legacy=True)
several = {str(dtype): torch.randint(0, 2, (2, 3)).to(dtype) for dtype in DTYPES}
several["parameter"] = torch.nn.Parameter(torch.randn(3))
save("dtypes.pth", several, several)
table = torch.randn(5, 4)
tied = {"embed": table, "head": table, "other": torch.randn(2)}
save("tied.pt", tied, tied, shared={"head"})
whole = torch.randn(4, 6)
views = {"q": whole[:2], "k": whole[2:3], "v": whole[3:],
         "image": torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)}
save("views.pt", views, views)
optimizer = torch.optim.AdamW(network.parameters())
network[2](torch.randn(1, 4)).sum().backward()
optimizer.step()
save("checkpoint.ckpt", {"epoch": 1, "model": network.state_dict(),
                         "optimizer": optimizer.state_dict()}, network.state_dict())
(FOLDER / "expected.tsv").write_text("".join(lines))
