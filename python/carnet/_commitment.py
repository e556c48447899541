"""Commitments (S8 of docs/formats.md): a digest that is stated now and opened later."""
from __future__ import annotations

import hashlib
import json
import os
import struct
import unicodedata
from collections.abc import Mapping


def run_subject(nonce: str) -> bytes:
    """The first subject of the run with this nonce, 32 bytes (S3)."""
    return hashlib.sha256(b"carnet-run-id-v1\n" + nonce.encode()).digest()


def commit(field: str, subject: bytes, value: Mapping[str, object]) -> tuple[str, dict]:
    """The commitment, hex, and what opens it.

    Args:
        field: `<kind>.<field>`, such as `run.seed_commitment`.
        subject: digest of the statement's first subject, 32 bytes.
        value: becomes an object of strings.
    """
    texts = {str(name): unicodedata.normalize("NFC", str(item)) for name, item in value.items()}
    # RFC 8785: keys by UTF-16 code units, no spaces, no escapes but those that are needed.
    ordered = dict(sorted(texts.items(), key=lambda pair: pair[0].encode("utf-16-be")))
    text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))
    salt = os.urandom(32)
    name = field.encode()
    digest = hashlib.sha256(b"carnet-commitment-v1\n" + struct.pack(">H", len(name)) + name +
                            subject + salt + text.encode()).hexdigest()
    return digest, {"field": field, "subject": subject.hex(), "salt": salt.hex(), "value": texts}
