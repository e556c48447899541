"""carnet.tensor_digests and carnet.tensor_root of PyTorch's tensors, against hashlib and
carnet.digest of a safetensors file."""
import hashlib
import json
import pathlib
import struct
import tempfile
import unittest

import carnet
import torch
from torch import nn

DTYPES = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16", torch.int64: "I64",
          torch.uint8: "U8", torch.bool: "BOOL", torch.float64: "F64", torch.int8: "I8"}


def raw(tensor):
    """As safetensors writes it."""
    return bytes(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).tolist())


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        content = raw(tensor)
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def state():
    torch.manual_seed(7)
    tensors = {f"t.{dtype}": torch.randint(0, 2, (5, 3)).to(dtype) for dtype in DTYPES}
    tensors["layer.weight"] = nn.Parameter(torch.randn(300, 70))
    tensors["part"] = torch.randn(100).to(torch.bfloat16)[3:50]  # begins at an odd address of 2
    tensors["scalar"] = torch.tensor(1.5)
    tensors["none"] = torch.empty(0, 4)
    return tensors


class TorchTensorsTest(unittest.TestCase):
    def test_digests_are_those_of_hashlib(self):
        tensors = state()
        self.assertEqual(carnet.tensor_digests(tensors),
                         {name: hashlib.sha256(raw(tensor)).hexdigest()
                          for name, tensor in tensors.items()})

    def test_the_root_is_that_of_the_checkpoint(self):
        tensors = state()
        with tempfile.TemporaryDirectory() as scratch:
            write_safetensors(pathlib.Path(scratch, "model.safetensors"), tensors)
            weights, = carnet.digest(scratch).weight_sets
        self.assertEqual(carnet.tensor_root(tensors), weights.root)
        with torch.no_grad():
            tensors["scalar"] += 1
        self.assertNotEqual(carnet.tensor_root(tensors), weights.root)

    def test_numpy_arrays_are_digested_alike(self):
        tensor = torch.randn(30, 4)
        self.assertEqual(carnet.tensor_root({"a": tensor.numpy()}),
                         carnet.tensor_root({"a": tensor}))

    def test_views_that_are_not_their_bytes_are_malformed(self):
        whole = torch.randn(4, 6)
        views = {"is not contiguous": [whole.t(), whole[:, 1:], whole.to_sparse()],
                 "has not resolved": [whole.to(torch.complex64).conj()],
                 "on the device meta": [torch.empty(3, device="meta")]}
        for why, tensors in views.items():
            for tensor in tensors:
                with self.subTest(why=why), self.assertRaisesRegex(carnet.Malformed,
                                                                   f"tensor 'w': .*{why}"):
                    carnet.tensor_digests({"w": tensor})

    @unittest.skipUnless(torch.cuda.is_available(), "no CUDA device")
    def test_digests_on_a_device_are_those_on_the_host(self):
        tensors = state()
        tensors.update({f"expert.{i}": torch.randn(1000 + i) for i in range(500)})
        on_device = {name: tensor.detach().cuda() for name, tensor in tensors.items()}
        on_device["part"] = torch.cat([torch.zeros(3).to(torch.bfloat16), tensors["part"]]).cuda()[3:]
        self.assertEqual(carnet.tensor_digests(on_device), carnet.tensor_digests(tensors))
