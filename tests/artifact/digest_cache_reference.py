#!/usr/bin/env python3
"""A digest cache as docs/formats.md states it: digest_cache_reference.py OUTPUT_FILE

Written without looking at Carnet's writer; digest_cache_test.cc has the same entries. Standard library only.
"""
import hashlib
import struct
import sys
from pathlib import Path

KEY = bytes(range(32))
BOOT = bytes(range(16))


def body(device, inode, size, modified_ns, changed_ns, sha256, layout=None, tensors=()):
    made = struct.pack(">QQQqq", device, inode, size, modified_ns, changed_ns) + sha256
    if layout is None:
        return made + b"\0"
    return made + b"\1" + layout + struct.pack(">I", len(tensors)) + b"".join(tensors)


def entry(entry_body, key=KEY, boot=BOOT):
    message = b"carnet digest cache entry v1\n" + boot + entry_body
    return entry_body + hashlib.blake2b(message, key=key, digest_size=32).digest()


def cache(*entries, boot=BOOT, version=b"1", count=None):
    count = struct.pack(">I", len(entries) if count is None else count)
    return b"carnet-digest-cache-v" + version + b"\n" + boot + count + b"".join(entries)


PLAIN = body(66305, 131, 1 << 40, 1_700_000_000_123_456_789, 1_700_000_001_000_000_000, b"\x11" * 32)
BEFORE_1970 = body(66305, 132, 7, -5, 0, b"\x22" * 32, b"\x33" * 32, [b"\x44" * 32, b"\x55" * 32])
NO_TENSORS = body(2, 131, 8, 1, 2, b"\x66" * 32, b"\x77" * 32)

if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(cache(entry(PLAIN), entry(BEFORE_1970), entry(NO_TENSORS)))
