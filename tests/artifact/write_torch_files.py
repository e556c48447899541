#!/usr/bin/env python3
"""Writes PyTorch files without PyTorch: write_torch_files.py OUTPUT_FOLDER

Good ones go to good/, with good.tsv: file, tensor, dtype, shape, elements that another tensor has,
SHA-256 of the bytes. Bad ones go to bad/, with bad.tsv: file, error code, part of the message. The
bytes are the same at every run. Standard library only: the pickles are made by `pickle` over
classes that only have the names of PyTorch's.
"""

import hashlib
import io
import os
import pickle
import random
import struct
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path

# storage: (dtype as safetensors spells it, bytes of an element)
STORAGES = {
    "FloatStorage": ("F32", 4), "DoubleStorage": ("F64", 8), "HalfStorage": ("F16", 2),
    "BFloat16Storage": ("BF16", 2), "LongStorage": ("I64", 8), "IntStorage": ("I32", 4),
    "ShortStorage": ("I16", 2), "CharStorage": ("I8", 1), "ByteStorage": ("U8", 1),
    "BoolStorage": ("BOOL", 1), "ComplexFloatStorage": ("C64", 8),
    "ComplexDoubleStorage": ("C128", 16),
}
NEWER_DTYPES = {"float8_e4m3fn": ("F8_E4M3", 1), "uint16": ("U16", 2)}


def fake_module(name, **members):
    module = types.ModuleType(name)
    for key, value in members.items():
        value.__module__ = name
        value.__qualname__ = key
        setattr(module, key, value)
    sys.modules[name] = module


def named(name):
    return type(name, (), {})


class Dtype:
    """Pickled as the global that it is in torch."""

    def __init__(self, name):
        self.name = name

    def __reduce__(self):
        return self.name


def rebuild(*_):
    raise AssertionError("only its name is used")


fake_module("torch", Size=type("Size", (tuple,), {}), **{name: named(name) for name in STORAGES})
fake_module("torch._utils",
            _rebuild_tensor_v2=types.FunctionType(rebuild.__code__, {}),
            _rebuild_tensor_v3=types.FunctionType(rebuild.__code__, {}),
            _rebuild_parameter=types.FunctionType(rebuild.__code__, {}))
fake_module("torch.storage", UntypedStorage=named("UntypedStorage"))
torch, utils = sys.modules["torch"], sys.modules["torch._utils"]
for dtype_name in NEWER_DTYPES:
    setattr(torch, dtype_name, Dtype(dtype_name))
    getattr(torch, dtype_name).__module__ = "torch"


class Storage:
    def __init__(self, kind, data, claimed=None):
        self.kind, self.data, self.claimed = kind, data, claimed

    def elements(self):
        if self.claimed is not None:
            return self.claimed
        return len(self.data) // (1 if self.kind == "UntypedStorage" else STORAGES[self.kind][1])


class Tensor:
    def __init__(self, storage, shape, offset=0, strides=None, dtype=None):
        self.storage, self.shape, self.offset, self.dtype = storage, tuple(shape), offset, dtype
        if strides is None:
            strides, inside = [], 1
            for size in reversed(self.shape):
                strides.insert(0, inside)
                inside *= size
        self.strides = tuple(strides)

    def arguments(self):
        return (self.storage, self.offset, self.shape, self.strides, False, OrderedDict())

    def __reduce__(self):
        if self.dtype:
            return utils._rebuild_tensor_v3, self.arguments() + (getattr(torch, self.dtype),)
        return utils._rebuild_tensor_v2, self.arguments()


class Parameter(Tensor):
    def __reduce__(self):
        plain = Tensor(self.storage, self.shape, self.offset, self.strides)
        return utils._rebuild_parameter, (plain, True, OrderedDict())


class Pickler(pickle._Pickler):
    """The Python implementation, which asks for persistent ids and keeps its own memo."""

    def __init__(self, file, protocol, legacy):
        super().__init__(file, protocol)
        self.storages, self.legacy = {}, legacy

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        key = self.storages.setdefault(id(value), (str(len(self.storages)), value))[0]
        kind = (sys.modules["torch.storage"].UntypedStorage if value.kind == "UntypedStorage"
                else getattr(torch, value.kind))
        found = ("storage", kind, key, "cpu", value.elements())
        return found + (None,) if self.legacy else found


def dump(value, protocol=2, legacy=False):
    out = io.BytesIO()
    pickler = Pickler(out, protocol, legacy)
    pickler.dump(value)
    return out.getvalue(), [stored for _, stored in pickler.storages.values()]


def zip_of(entries, compression=zipfile.ZIP_STORED, wide=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = compression
            with archive.open(info, "w", force_zip64=name in wide) as entry:
                entry.write(data)
    return out.getvalue()


def entries_of(value, folder="archive", protocol=2, byteorder=b"little"):
    program, storages = dump(value, protocol)
    entries = [(f"{folder}/data.pkl", program)]
    if byteorder is not None:
        entries.append((f"{folder}/byteorder", byteorder))
    entries += [(f"{folder}/data/{i}", stored.data) for i, stored in enumerate(storages)]
    return entries + [(f"{folder}/version", b"3\n")]


def zip_file(value, **options):
    return zip_of(entries_of(value, **options))


def legacy_file(value, system=None, reverse=True):
    program, storages = dump(value, 2, legacy=True)
    system = system or {"protocol_version": 1001, "little_endian": True,
                        "type_sizes": {"short": 2, "int": 4, "long": 4}}
    keys = [str(i) for i in range(len(storages))]
    order = list(reversed(keys)) if reverse else keys
    parts = [0x1950A86A20F9469CFC6C, 1001, system]
    out = b"".join(pickle.dumps(part, 2) for part in parts) + program + pickle.dumps(order, 2)
    for key in order:
        stored = storages[int(key)]
        out += struct.pack("<q", stored.elements()) + stored.data
    return out


def floats(rng, count, kind="FloatStorage"):
    return Storage(kind, rng.randbytes(count * STORAGES[kind][1]))


class Good:
    def __init__(self, folder):
        self.folder, self.lines = folder, []
        folder.mkdir(parents=True)

    def add(self, name, content, tensors, shared=()):
        """tensors: what is to be found, by name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        for key, tensor in tensors.items():
            storage = tensor.storage
            dtype, size = NEWER_DTYPES[tensor.dtype] if tensor.dtype else STORAGES[storage.kind]
            elements = 1
            for dimension in tensor.shape:
                elements *= dimension
            begin = tensor.offset * size
            digest = hashlib.sha256(storage.data[begin:begin + elements * size]).hexdigest()
            self.lines.append("\t".join([name, key, dtype, ",".join(map(str, tensor.shape)),
                                         str(elements if key in shared else 0), digest]))


def every_dtype(rng):
    tensors = OrderedDict()
    for kind in STORAGES:
        tensors[f"layer.{kind}"] = Tensor(floats(rng, 24, kind), (2, 3, 4))
    for dtype, (_, size) in NEWER_DTYPES.items():
        data = Storage("UntypedStorage", rng.randbytes(6 * size))
        tensors[f"layer.{dtype}"] = Tensor(data, (2, 3), dtype=dtype)
    tensors["scalar"] = Tensor(floats(rng, 1), ())
    tensors["empty"] = Tensor(floats(rng, 0), (0, 7))
    tensors["parameter"] = Parameter(floats(rng, 6), (6,))
    return tensors


def write_good(folder):
    rng, good = random.Random(2), Good(folder)
    tensors = every_dtype(rng)
    plain = {k: v for k, v in tensors.items() if not v.dtype}
    good.add("every_dtype.pt", zip_file(tensors), tensors)
    good.add("protocol_4.pth", zip_file(dict(tensors), protocol=4), tensors)
    good.add("legacy.bin", legacy_file(plain), plain)
    wide = zip_of(entries_of(plain, folder="any name"), wide={"any name/data/1", "any name/version"})
    good.add("zip64.bin", wide, plain)

    base = floats(rng, 60)
    views = {"a.whole": Tensor(base, (6, 5)), "b.tied": Tensor(base, (5, 6)),
             "c.second_half": Tensor(base, (30,), 30),
             "d.channels_last": Tensor(floats(rng, 36), (2, 3, 2, 3), 0, (18, 1, 9, 3))}
    good.add("views.pt", zip_file(views), views, shared={"b.tied"})
    good.add("views_legacy.pt", legacy_file(views, reverse=False), views, shared={"b.tied"})

    small = {"w": Tensor(floats(rng, 4), (2, 2))}
    large = {"w": Tensor(floats(rng, 4), (2, 2)), "nested": {"v": Tensor(floats(rng, 8), (8,))}}
    optimizer = {"state": {0: {"step": 1, "exp_avg": Tensor(floats(rng, 100), (100,))}},
                 "param_groups": [{"lr": 0.1, "params": [0]}]}
    flat = {"w": large["w"], "nested.v": large["nested"]["v"]}
    good.add("checkpoint.ckpt", zip_file({"model": small, "state_dict": large, "epoch": 3,
                                          "optimizer_states": [optimizer]}), flat)
    good.add("unknown_keys.pt", zip_file({"net": large, "optimizer": optimizer}),
             {"net." + key: tensor for key, tensor in flat.items()})
    several_reads = {"w": Tensor(floats(rng, 700_000), (700, 1000)), "v": Tensor(floats(rng, 3), (3,))}
    good.add("large.bin", zip_file(several_reads), several_reads)
    good.add("large_legacy.bin", legacy_file(several_reads), several_reads)
    (folder.parent / "good.tsv").write_text("".join(line + "\n" for line in good.lines))
    (folder.parent / "optimizer.pt").write_bytes(zip_file(optimizer))
    (folder.parent / "slice.pt").write_bytes(zip_file({"w": Tensor(floats(rng, 100), (10,), 7)}))
    (folder.parent / "foreign.pt").write_bytes(zip_of(
        entries_of({"w": Tensor(floats(rng, 1), (1,))})
        + [("archive/.format_version", bytes(100_000)), ("data/0", bytes(24))]))
    (folder.parent / "scheduler.pt").write_bytes(zip_file({"last_epoch": 3, "base_lrs": [0.1]}))


class Call:
    def __init__(self, callee, *arguments):
        self.callee, self.arguments = callee, arguments

    def __reduce__(self):
        return self.callee, self.arguments


class Built:
    """A tensor with a state, as a subclass would have."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return self.tensor.__reduce__() + ({"x": 1},)


class Plain:
    """An object of a class: NEWOBJ."""


def with_program(program):
    return zip_of([("a/data.pkl", program), ("a/version", b"3\n")])


def patched(content, old, new, from_end=False):
    at = content.rindex(old) if from_end else content.index(old)
    assert len(old) == len(new)
    return content[:at] + new + content[at + len(old):]


def bad_pickles(one):
    yield "system.pt", "rejected", "calls posix.system", zip_file({"w": one, "x": Call(os.system, "id")})
    yield "system_legacy.bin", "rejected", "calls posix.system", legacy_file(
        {"w": one, "x": Call(os.system, "id")})
    yield "eval_4.pt", "rejected", "calls builtins.eval", zip_file(Call(eval, "1"), protocol=4)
    yield "named_only.pt", "rejected", "calls posix.system", zip_file({"w": one, "x": os.system})
    yield "storage_type.pt", "rejected", "calls torch.FloatStorage", zip_file(
        {"w": one, "x": Call(torch.FloatStorage)})
    yield "subclass.pt", "rejected", "calls the __setstate__", zip_file({"w": Built(one)})
    yield "object.pt", "rejected", "calls __main__.Plain", zip_file({"w": one, "x": Plain()})
    yield "nothing.pt", "malformed", "does not begin as a pickle", with_program(b"x")
    yield "cut.pt", "malformed", "pickle is truncated", with_program(dump({"w": 1})[0][:-1])
    yield "more.pt", "malformed", "trailing data after it", with_program(dump({"w": 1})[0] + b"x")
    yield "list.pt", "unsupported", "is not a dictionary", zip_file([one])
    yield "in_a_list.pt", "unsupported", "has no state dictionary", zip_file({"w": [one]})


def bad_tensors(rng):
    def base():
        return floats(rng, 24)

    for name, tensor, code, reason in [
            ("beyond", Tensor(base(), (25,)), "malformed", "ends beyond the end of its storage"),
            ("offset", Tensor(base(), (4,), 21), "malformed", "ends beyond the end of its storage"),
            ("expanded", Tensor(base(), (4, 4), 0, (0, 1)), "unsupported", "do not fill a range"),
            ("gaps", Tensor(base(), (4,), 0, (2,)), "unsupported", "do not fill a range"),
            ("negative", Tensor(base(), (-4,)), "malformed", "size is not an unsigned"),
            ("overflow", Tensor(base(), (2**62, 8)), "malformed", "overflows 64 bits"),
            ("strides", Tensor(base(), (4,), 0, (1, 1)), "malformed", "differ in length"),
            ("rank", Tensor(base(), (1,) * 65), "malformed", "size is too long"),
            ("shape_text", Tensor(base(), ("4",)), "malformed", "size is not an unsigned"),
            ("untyped", Tensor(Storage("UntypedStorage", b"1234"), (4,)), "malformed", "no dtype"),
            ("claims_more", Tensor(Storage("FloatStorage", b"1234", 2), (2,)), "malformed",
             "is not of the size"),
    ]:
        yield f"{name}.pt", code, reason, zip_file({"w": tensor})
    shared = base()
    yield "overlap.pt", "unsupported", "overlap without being the same", zip_file(
        {"a": Tensor(shared, (12,)), "b": Tensor(shared, (12,), 6)})
    yield "inside.pt", "unsupported", "overlap without being the same", zip_file(
        {"a": Tensor(shared, (24,)), "b": Tensor(shared, (12,))})
    yield "long_name.pt", "malformed", "name is over 512 bytes", zip_file(
        {"a": {"n" * 300: {"m" * 300: Tensor(base(), (24,))}}})


def bad_zips(one):
    entries = entries_of({"w": one})
    good = zip_of(entries)
    yield "deflated.pt", "unsupported", "compressed", zip_of(entries, zipfile.ZIP_DEFLATED)
    yield "trailing.pt", "malformed", "does not end in a zip directory", good + b"x"
    yield "truncated.pt", "malformed", "does not end in a zip directory", good[:-1]
    yield "too_short.pt", "malformed", "too short", b"PK\3\4"
    yield "other_name.pt", "malformed", "local header and directory differ", patched(
        good, b"archive/data/0", b"archive/data/1")
    yield "other_size.pt", "malformed", "local header and directory differ", patched(
        good, struct.pack("<II", 96, 96), struct.pack("<II", 95, 95))
    yield "encrypted.pt", "unsupported", "encrypted", patched(
        good, b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0")
    yield "no_signature.pt", "malformed", "directory entry has no signature", patched(
        good, b"PK\1\2", b"PK\1\1")
    yield "gap.pt", "malformed", "does not begin where the one before it ends", gap(good)
    yield "count.pt", "malformed", "directory is truncated", patched(
        good, struct.pack("<HH", 4, 4), struct.pack("<HH", 5, 5), from_end=True)
    yield "fewer.pt", "malformed", "trailing data after the last entry", patched(
        good, struct.pack("<HH", 4, 4), struct.pack("<HH", 3, 3), from_end=True)
    yield "disks.pt", "unsupported", "several disks", patched(
        good, struct.pack("<HH", 4, 4), struct.pack("<HH", 3, 4), from_end=True)
    yield "twice.pt", "malformed", "appears more than once", zip_of(entries + entries[-1:])
    yield "no_pickle.pt", "unsupported", "without data.pkl", zip_of(entries[1:])
    yield "two_pickles.pt", "malformed", "two data.pkl", zip_of(entries + [("b/data.pkl", b"")])
    yield "big_endian.pt", "unsupported", "not little-endian", zip_file({"w": one}, byteorder=b"big")
    yield "no_storage.pt", "malformed", "storage \"0\" is missing", zip_of(
        [each for each in entries if "/data/" not in each[0]])
    yield "hidden_storage.pt", "malformed", "a storage that its pickle does not name", zip_of(
        entries + [("archive/data/7", b"hidden")])


def gap(good):
    """Two bytes after the first entry, with all places behind it moved: any unzip reads it."""
    end = good.rindex(b"PK\5\6")
    at = struct.unpack_from("<I", good, end + 16)[0]
    first_end = good.index(b"PK\3\4", 4)
    directory = bytearray(good[at:end])
    position, number = 0, 0
    while position < len(directory):
        place = struct.unpack_from("<I", directory, position + 42)[0]
        if number > 0:
            struct.pack_into("<I", directory, position + 42, place + 2)
        sizes = struct.unpack_from("<HHH", directory, position + 28)
        position += 46 + sum(sizes)
        number += 1
    tail = good[end:end + 16] + struct.pack("<I", at + 2) + good[end + 20:]
    return good[:first_end] + b"xx" + good[first_end:at] + bytes(directory) + tail


def bad_legacy(one):
    good = legacy_file({"w": one})
    yield "legacy_trailing.pt", "malformed", "trailing data after the last storage", good + b"x"
    yield "legacy_cut.pt", "malformed", "ends before its last storage", good[:-1]
    yield "legacy_no_count.pt", "malformed", "ends before its last storage", good[:-100]
    yield "legacy_pickle_cut.pt", "malformed", "pickle is truncated", good[:60]
    yield "legacy_big.pt", "unsupported", "not little-endian", legacy_file(
        {"w": one}, {"little_endian": False})
    yield "legacy_count.pt", "malformed", "is not of the size", patched(
        good, struct.pack("<q", 24), struct.pack("<q", 23), from_end=True)
    yield "legacy_protocol.pt", "unsupported", "protocol of the file", patched(
        good, b"\x80\2M\xe9\3.", b"\x80\2M\xea\3.")
    yield "neither.bin", "unsupported", "neither of PyTorch's two formats", b"weights"
    yield "empty.bin", "unsupported", "neither of PyTorch's two formats", b""


def write_bad(folder):
    rng = random.Random(3)
    folder.mkdir(parents=True)
    one = Tensor(floats(rng, 24), (4, 6))
    lines = []
    for cases in (bad_pickles(one), bad_tensors(rng), bad_zips(one), bad_legacy(one)):
        for name, code, reason, content in cases:
            (folder / name).write_bytes(content)
            lines.append(f"{name}\t{code}\t{reason}\n")
    (folder.parent / "bad.tsv").write_text("".join(lines))


if __name__ == "__main__":
    output = Path(sys.argv[1])
    write_good(output / "good")
    write_bad(output / "bad")
