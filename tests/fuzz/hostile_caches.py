"""Hostile and border inputs of the target that reads digest caches, for make_hostile.py."""
import hashlib


def cache_entry(body):
    """As the format has it, with the key and boot id of tests/artifact/cache_of_tests.h."""
    message = b"carnet digest cache entry v1\n" + bytes(range(16)) + body
    return body + hashlib.blake2b(message, key=bytes(range(32)), digest_size=32).digest()


CACHE_HEAD = b"carnet-digest-cache-v1\n" + bytes(range(16))
CACHE_PLAIN = bytes(range(40)) + b"\x11" * 32 + b"\0"
digest_cache = {
    "empty": CACHE_HEAD + bytes(4),
    "one": CACHE_HEAD + b"\0\0\0\1" + cache_entry(CACHE_PLAIN),
    "edited": CACHE_HEAD + b"\0\0\0\1" + cache_entry(CACHE_PLAIN)[:-1] + b"\0",
    "twice": CACHE_HEAD + b"\0\0\0\2" + 2 * cache_entry(CACHE_PLAIN),
    "entries_bomb": CACHE_HEAD + b"\xff" * 4,
    "tensors_bomb": CACHE_HEAD + b"\0\0\0\1" + CACHE_PLAIN[:-1] + b"\1" + b"L" * 32 + b"\xff" * 4,
    "other_kind": CACHE_HEAD + b"\0\0\0\1" + cache_entry(CACHE_PLAIN[:-1] + b"\2"),
    "trailing": CACHE_HEAD + bytes(5),
    "later_version": b"carnet-digest-cache-v2\n",
    "other_boot": CACHE_HEAD[:-1] + b"\xff\0\0\0\1" + cache_entry(CACHE_PLAIN),
}
