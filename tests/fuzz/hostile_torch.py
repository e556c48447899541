"""Hostile and border inputs of the targets that read PyTorch files, for make_hostile.py."""
import io
import struct
import zipfile

TENSOR = b"ctorch._utils\n_rebuild_tensor_v2\n"
STORAGE = b"(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0%dX\3\0\0\0cpuK\4tQ"


def program(body):
    return b"\x80\2" + body + b"."


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def tensor(key=0, offset=0, size=4, stride=1):
    return (TENSOR + b"(" + STORAGE % key + b"K" + bytes([offset]) + b"K" + bytes([size]) + b"\x85K" +
            bytes([stride]) + b"\x85\x89ccollections\nOrderedDict\n)RtR")


def state(**tensors):
    return b"}(" + b"".join(text(name) + made for name, made in tensors.items()) + b"u"


def archive(body, storages=1, compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        entries = [("a/data.pkl", program(body)), ("a/byteorder", b"little")]
        entries += [(f"a/data/{i}", bytes(range(16))) for i in range(storages)]
        for name, content in entries:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = compression
            made.writestr(info, content)
    return out.getvalue()


def legacy(body):
    magic = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
    system = program(b"}" + text("little_endian") + b"\x88s")
    return (magic + program(b"M\xe9\3") + system + program(body) + program(b"]" + text("0") + b"a") +
            struct.pack("<q", 4) + bytes(range(16)))


pickle = {
    "state": program(state(w=tensor())),
    "system": program(b"cposix\nsystem\n" + text("id") + b"\x85R"),
    "stack_global": program(b"\x8c\2os\x8c\6system\x93"),
    "own_member": program(b"]q\0h\0a"),
    "memo_gap": program(b"Nr\xff\xff\x3f\0h\0"),
    "marks": program(b"(((1110N"),
    "long_text": program(b"\x8d" + struct.pack("<Q", 2**63) + b"x"),
    "newer_opcodes": b"\x80\4\x95\5\0\0\0\0\0\0\0\x8f(K\1\x90\x94.",
    "pairs": program(b"ccollections\nOrderedDict\n](K\1K\2\x86K\3K\4\x86e\x85R"),
    "build": program(b"ccollections\nOrderedDict\n)R}b"),
}

torch_file = {
    "one_tensor": archive(state(w=tensor())),
    "legacy": legacy(state(w=tensor())),
    "tied": archive(state(v=tensor(), w=tensor())),
    "overlap": archive(state(v=tensor(size=2), w=tensor(offset=1, size=3))),
    "beyond": archive(state(w=tensor(offset=1))),
    "expanded": archive(state(w=tensor(stride=0))),
    "empty_tensor": archive(state(v=tensor(size=0), w=tensor())),
    "checkpoint": archive(b"}(" + text("model") + state(w=tensor()) + text("epoch") + b"K\1u"),
    "own_member": archive(b"}q\0" + text("a") + b"h\0s" + text("w") + tensor() + b"s"),
    "shared_dicts": archive(b"}q\0(" + b"".join(
        text(str(i)) + b"}(" + text("a") + b"h\0" + text("b") + b"h\0u" for i in range(9)) +
        text("w") + b"]" + tensor() + b"au"),
    "deflated": archive(state(w=tensor()), compression=zipfile.ZIP_DEFLATED),
    "hidden_storage": archive(state(w=tensor()), storages=2),
    "system": archive(b"cposix\nsystem\n" + text("id") + b"\x85R"),
    "directory_alone": b"PK\5\6" + bytes(18),
}
