"""Files that are there whole or not at all, after a crash too."""
from __future__ import annotations

import os
import pathlib


def write_atomic(path: pathlib.Path, text: str, mode: int = 0o644) -> None:
    """Replaces the file; once this returns, it survives a loss of power."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with open(temporary, "w", encoding="utf-8", opener=lambda name, flags: os.open(
            name, flags, mode)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
