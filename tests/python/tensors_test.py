"""carnet.tensor_digests and carnet.tensor_root of buffers and arrays, against hashlib and
carnet.digest. Those of PyTorch are in tests/frameworks."""
import array
import ctypes
import hashlib
import json
import pathlib
import struct
import tempfile
import unittest

import carnet


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def write_safetensors(path, tensors):
    """`tensors`: name -> (dtype, shape, bytes). By hand, as the format says."""
    header, data = {}, b""
    for name, (dtype, shape, content) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class OnDevice:
    """An array that says it is on a CUDA device; CuPy's `get` copies it."""

    def __init__(self, content, **interface):
        self._memory = ctypes.create_string_buffer(content, len(content))
        self.content, self.copies = content, 0
        self.__cuda_array_interface__ = {
            "data": (ctypes.addressof(self._memory), False), "shape": (len(content),),
            "typestr": "|u1", "version": 3, **interface}

    def get(self):
        self.copies += 1
        return self.content


class TensorDigestsTest(unittest.TestCase):
    def test_buffers_are_those_of_hashlib_in_the_order_given(self):
        tensors = {"b": b"b" * 70000, "a": bytearray(b""), "c": array.array("f", [1.5, -2.0]),
                   "d": memoryview(b"0123456789")[2:5]}
        digests = carnet.tensor_digests(tensors)
        self.assertEqual(list(digests), ["b", "a", "c", "d"])
        for name, tensor in tensors.items():
            self.assertEqual(digests[name], sha256(bytes(memoryview(tensor).cast("B"))), name)

    def test_of_nothing_are_none(self):
        self.assertEqual(carnet.tensor_digests({}), {})

    def test_what_is_no_tensor_is_malformed_and_named(self):
        for wrong in (7, None, "text", [1.0]):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(
                    carnet.Malformed, "tensor 'layer.0': is no tensor or buffer"):
                carnet.tensor_digests({"layer.0": wrong})

    def test_a_buffer_with_gaps_is_malformed(self):
        with self.assertRaisesRegex(carnet.Malformed, "tensor 'w': is not contiguous"):
            carnet.tensor_digests({"w": memoryview(b"0123456789")[::2]})

    def test_a_big_endian_array_is_malformed(self):
        big = (ctypes.c_uint32.__ctype_be__ * 2)(1, 2)
        with self.assertRaisesRegex(carnet.Malformed, "tensor 'w': is big-endian"):
            carnet.tensor_digests({"w": big})
        with self.assertRaisesRegex(carnet.Malformed, "tensor 'w': is big-endian"):
            carnet.tensor_digests({"w": OnDevice(b"1234", typestr=">f4", shape=(1,))})

    def test_where_there_is_no_cuda_an_array_of_a_device_is_copied(self):
        tensor = OnDevice(b"weights" * 100)
        try:
            digests = carnet.tensor_digests({"w": tensor, "v": b"v"})
        except carnet.Rejected:
            self.skipTest("there is CUDA, which knows that this memory is none of a device")
        self.assertEqual(digests, {"w": sha256(tensor.content), "v": sha256(b"v")})
        self.assertEqual(tensor.copies, 1)

    def test_an_array_of_a_device_has_to_be_whole(self):
        wrong = {"is not contiguous": {"shape": (2, 3), "strides": (4, 1)}, "has a mask":
                 {"mask": object()}}
        for why, interface in wrong.items():
            with self.subTest(why=why), self.assertRaisesRegex(carnet.Malformed, why):
                carnet.tensor_digests({"w": OnDevice(b"123456", **interface)})

    def test_strides_that_leave_no_gap_are_taken(self):
        tensor = OnDevice(b"123456", shape=(2, 1, 3), strides=(3, 99, 1))
        try:
            digests = carnet.tensor_digests({"w": tensor})
        except carnet.Rejected:
            return
        self.assertEqual(digests, {"w": sha256(b"123456")})


class Buffer(bytes):
    """bytes that say of what type and shape they are."""
    shape = ()
    __array_interface__ = {}


def typed(typestr, shape, content):
    buffer = Buffer(content)
    buffer.shape, buffer.__array_interface__ = shape, {"typestr": typestr}
    return buffer


class TensorRootTest(unittest.TestCase):
    def test_is_that_of_a_safetensors_file_of_the_tensors(self):
        with tempfile.TemporaryDirectory() as scratch:
            write_safetensors(pathlib.Path(scratch, "model.safetensors"), {
                "z": ("F32", [2, 3], bytes(range(24))), "a.weight": ("I64", [], b"12345678"),
                "empty": ("F16", [0, 4], b"")})
            weights, = carnet.digest(scratch).weight_sets
        root = carnet.tensor_root({"a.weight": typed("<i8", (), b"12345678"),
                                   "empty": typed("<f2", (0, 4), b""),
                                   "z": typed("<f4", (2, 3), bytes(range(24)))})
        self.assertEqual(root, weights.root)

    def test_is_of_name_type_shape_and_bytes(self):
        root = carnet.tensor_root({"a": typed("<f4", (2,), b"12345678")})
        for other in ({"b": typed("<f4", (2,), b"12345678")},
                      {"a": typed("<i4", (2,), b"12345678")},
                      {"a": typed("<f4", (1, 2), b"12345678")},
                      {"a": typed("<f4", (2,), b"12345679")}):
            self.assertNotEqual(carnet.tensor_root(other), root)

    def test_a_type_that_safetensors_does_not_have_is_malformed(self):
        with self.assertRaisesRegex(carnet.Malformed, "tensor 'a': is of a type .*: c16"):
            carnet.tensor_root({"a": typed("<c16", (1,), b"0" * 16)})
        with self.assertRaisesRegex(carnet.Malformed, "tensor 'a': has no type"):
            carnet.tensor_root({"a": b"1234"})

    def test_a_name_that_no_passport_may_have_is_malformed(self):
        with self.assertRaisesRegex(carnet.Malformed, "control or invisible character"):
            carnet.tensor_root({"a\n": typed("|u1", (1,), b"1")})
