#!/usr/bin/env python3
"""Writes the model folders that model_files_test.cc reads: write_model_files.py OUTPUT_FOLDER

The bytes are the same at every run. Standard library only.
"""

import json
import random
import struct
import sys
from pathlib import Path

SAFETENSORS_BITS = {
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8,
    "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16,
    "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "I64": 64, "U64": 64,
    "F64": 64,
}
# id: (elements of a block, bytes of a block), from ggml's type_traits
GGML_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110),
    22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8),
    29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}


def product(shape):
    result = 1
    for dimension in shape:
        result *= dimension
    return result


def write_safetensors(path, tensors, metadata=None, pad_to=8):
    """tensors: list of (name, dtype, shape, bytes) in the order of their data."""
    header, offset = {}, 0
    if metadata is not None:
        header["__metadata__"] = metadata
    entries = []
    for name, dtype, shape, data in tensors:
        entries.append((name, {"dtype": dtype, "shape": shape,
                               "data_offsets": [offset, offset + len(data)]}))
        offset += len(data)
    header.update(sorted(entries))  # the header's order is not that of the data
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % pad_to)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(t[3] for t in tensors))


def gguf_string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def gguf_key_values(alignment):
    scalars = [
        ("a.u8", 0, "<B", 7), ("a.i8", 1, "<b", -7), ("a.u16", 2, "<H", 7), ("a.i16", 3, "<h", -7),
        ("a.u32", 4, "<I", 7), ("a.i32", 5, "<i", -7), ("a.f32", 6, "<f", 0.5),
        ("a.bool", 7, "<B", 1), ("a.u64", 10, "<Q", 7), ("a.i64", 11, "<q", -7),
        ("a.f64", 12, "<d", 0.5), ("general.alignment", 4, "<I", alignment),
    ]
    items = [gguf_string(key) + struct.pack("<I", kind) + struct.pack(form, value)
             for key, kind, form, value in scalars]
    items.append(gguf_string("general.name") + struct.pack("<I", 8) + gguf_string("test"))
    tokens = [f"token{i}" for i in range(20000)]  # makes the header longer than one read
    items.append(gguf_string("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, len(tokens)) +
                 b"".join(map(gguf_string, tokens)))
    nested = struct.pack("<IQ", 7, 3) + bytes([0, 1, 1])
    items.append(gguf_string("a.nested") + struct.pack("<IIQ", 9, 9, 2) + nested + nested)
    return items


def write_gguf(path, tensors, alignment=32, trailing_padding=True):
    """tensors: list of (name, type id, dims as GGUF orders them, bytes)."""
    items = gguf_key_values(alignment)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(items)) + b"".join(items)
    data = b""
    for number, (name, kind, dims, content) in enumerate(tensors):
        data += b"\0" * (-len(data) % alignment)
        head += gguf_string(name) + struct.pack("<I", len(dims))
        head += b"".join(struct.pack("<Q", d) for d in dims)
        head += struct.pack("<IQ", kind, len(data))
        data += content
    if trailing_padding:
        data += b"\0" * (-len(data) % alignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head + b"\0" * (-len(head) % alignment) + data)


def every_dtype(rng):
    tensors = []
    for dtype, bits in SAFETENSORS_BITS.items():
        shape = [rng.randint(1, 5), 3, 8]
        tensors.append((f"layer.{dtype}.weight", dtype, shape,
                        rng.randbytes(product(shape) * bits // 8)))
    tensors.append(("scalar", "F32", [], rng.randbytes(4)))
    tensors.append(("empty", "BF16", [0, 7], b""))
    tensors.append(("name with ü and 層", "I64", [1], rng.randbytes(8)))
    rng.shuffle(tensors)
    return tensors


def big_tensors(rng, count):
    """Sizes from nothing to several times what is read at once."""
    sizes = [0, 1, 63, 64, 65, 4095, 4096, 100_000, 262_144, 300_001, 700_000, 1_048_576]
    return [(f"block.{i}.weight", "U8", [sizes[i % len(sizes)]],
             rng.randbytes(sizes[i % len(sizes)])) for i in range(count)]


def every_ggml_type(rng):
    tensors = []
    for kind, (elements, size) in GGML_BLOCKS.items():
        rows = rng.randint(1, 3)
        dims = [elements * 2, rows, 2]
        tensors.append((f"blk.{kind}.weight", kind, dims, rng.randbytes(2 * size * rows * 2)))
    tensors.append(("scalar", 0, [], rng.randbytes(4)))
    tensors.append(("nothing", 0, [5, 0], b""))
    tensors.append(("large", 30, [1000, 700], rng.randbytes(1_400_000)))
    return tensors


def write_shards(folder, shards, stem="model"):
    weight_map, total = {}, 0
    for number, tensors in enumerate(shards, 1):
        name = f"{stem}-{number:05}-of-{len(shards):05}.safetensors"
        write_safetensors(folder / name, tensors, {"format": "pt"})
        weight_map.update({tensor[0]: name for tensor in tensors})
        total += sum(len(tensor[3]) for tensor in tensors)
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / f"{stem}.safetensors.index.json").write_text(json.dumps(index, indent=2))


def main(output):
    rng = random.Random(6962)
    (output / "every_dtype").mkdir(parents=True)
    write_safetensors(output / "every_dtype/model.safetensors", every_dtype(rng), {"format": "pt"})
    write_safetensors(output / "every_dtype/adapter/unpadded.safetensors", [], None, pad_to=1)
    (output / "every_dtype/config.json").write_text("{}\n")
    (output / "every_dtype/empty.txt").write_bytes(b"")
    (output / "every_dtype/a b  c\u00fc.dat").write_bytes(rng.randbytes(1_000_003))

    tensors = big_tensors(rng, 40)
    write_shards(output / "three_shards", [tensors[:10], tensors[10:31], tensors[31:]])
    write_shards(output / "two_shards", [tensors[25:], tensors[:25]], stem="weights")
    write_safetensors(output / "one_file/model.safetensors", tensors[::-1])

    quantised = every_ggml_type(rng)
    write_gguf(output / "gguf/every_type.gguf", quantised)
    write_gguf(output / "gguf/aligned_8.gguf", quantised[:3], alignment=8, trailing_padding=False)
    write_gguf(output / "gguf/no_tensors.gguf", [], trailing_padding=False)
    for number, part in enumerate([[], quantised[:11], quantised[11:]], 1):
        write_gguf(output / f"series/sub/every-{number:05}-of-00003.gguf", part, alignment=128)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
