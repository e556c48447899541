#!/usr/bin/env python3
"""Computes model digest and tensor roots another way: tensor_root_reference.py MODEL_FOLDER

Prints `model <digest>`, then for each weight set in the order of names
`set <root> <elements> <packed or plain> <tensors> <name>`. It trusts its input: the files come
from write_model_files.py. Standard library only.
"""

import hashlib
import json
import re
import struct
import sys
from pathlib import Path

GGML_NAMES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K",
    11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS",
    19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16",
    26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0",
    39: "MXFP4",
}
GGML_PLAIN_BYTES = {"F32": 4, "F16": 2, "I8": 1, "I16": 2, "I32": 4, "I64": 8, "F64": 8, "BF16": 2}
GGML_PACKED_BYTES = {  # of 256 elements
    "Q4_0": 144, "Q4_1": 160, "Q5_0": 176, "Q5_1": 192, "Q8_0": 272, "Q2_K": 84, "Q3_K": 110,
    "Q4_K": 144, "Q5_K": 176, "Q6_K": 210, "IQ2_XXS": 66, "IQ2_XS": 74, "IQ3_XXS": 98,
    "IQ1_S": 50, "IQ4_NL": 144, "IQ3_S": 110, "IQ2_S": 82, "IQ4_XS": 136, "IQ1_M": 56,
    "TQ1_0": 54, "TQ2_0": 66, "MXFP4": 136,
}


def sha256(data):
    return hashlib.sha256(data).digest()


def tree_hash(entries):
    """RFC 6962 section 2.1, as it is written there."""
    n = len(entries)
    if n == 0:
        return sha256(b"")
    if n == 1:
        return sha256(b"\0" + entries[0])
    k = 1
    while k * 2 < n:
        k *= 2
    return sha256(b"\1" + tree_hash(entries[:k]) + tree_hash(entries[k:]))


def safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    body = data[8 + length:]
    for name, info in json.loads(data[8:8 + length]).items():
        if name != "__metadata__":
            begin, end = info["data_offsets"]
            yield name, info["dtype"], info["shape"], body[begin:end]


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        (value,) = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def string(self):
        length = self.number("Q")
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def value(self, kind):
        if kind == 8:
            return self.string()
        if kind == 9:
            element, count = self.number("I"), self.number("Q")
            return [self.value(element) for _ in range(count)]
        return self.number("BbHhIif?__Qqd"[kind])


def gguf(path):
    cursor = Cursor(path.read_bytes())
    cursor.at = 8
    tensors, keys = cursor.number("Q"), cursor.number("Q")
    values = {}
    for _ in range(keys):
        key = cursor.string()
        values[key] = cursor.value(cursor.number("I"))
    infos = []
    for _ in range(tensors):
        name = cursor.string()
        dims = [cursor.number("Q") for _ in range(cursor.number("I"))]
        infos.append((name, dims, GGML_NAMES[cursor.number("I")], cursor.number("Q")))
    alignment = values.get("general.alignment", 32)
    start = -(-cursor.at // alignment) * alignment
    for name, dims, dtype, offset in infos:
        elements = 1
        for dimension in dims:
            elements *= dimension
        plain = GGML_PLAIN_BYTES.get(dtype)
        size = elements * plain if plain else elements * GGML_PACKED_BYTES[dtype] // 256
        yield name, dtype, dims[::-1], cursor.data[start + offset:start + offset + size]


def weight_sets(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    grouped = set()
    for path in files:
        if path.name.endswith(".safetensors.index.json"):
            shards = {path.parent / name for name in json.loads(path.read_text())["weight_map"].values()}
            grouped |= shards
            yield path, [t for shard in sorted(shards) for t in safetensors(shard)]
        series = re.fullmatch(r"(.*)-00001-of-(\d{5})\.gguf", path.name)
        if series:
            shards = [path.parent / f"{series[1]}-{i:05}-of-{series[2]}.gguf"
                      for i in range(1, int(series[2]) + 1)]
            grouped |= set(shards)
            yield path, [t for shard in shards for t in gguf(shard)]
    for path in files:
        if path not in grouped and path.suffix == ".safetensors":
            yield path, list(safetensors(path))
        if path not in grouped and path.suffix == ".gguf":
            yield path, list(gguf(path))


def describe(tensors):
    leaves, elements, packed = {}, 0, "plain"
    for name, dtype, shape, data in tensors:
        text = f"{sha256(data).hex()}  {dtype}  [{','.join(map(str, shape))}]  {name}\n"
        leaves[name.encode()] = text.encode()
        count = 1
        for dimension in shape:
            count *= dimension
        elements += count
        if dtype[:2] in ("F4", "F6") and dtype != "F64" or dtype in GGML_PACKED_BYTES:
            packed = "packed"
    root = tree_hash([leaves[name] for name in sorted(leaves)])
    return f"{root.hex()} {elements} {packed} {len(leaves)}"


def main(folder):
    lines = []
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix().encode()
            lines.append((name, sha256(path.read_bytes()).hex().encode()))
    sums = b"".join(digest + b"  " + name + b"\n" for name, digest in sorted(lines))
    print("model", sha256(sums).hex())
    sets = {path.relative_to(folder).as_posix(): describe(t) for path, t in weight_sets(folder)}
    for name in sorted(sets, key=str.encode):
        print("set", sets[name], name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
