"""The streaming gate for what writes to files, or copies from one to another."""
from __future__ import annotations

import io
from typing import BinaryIO

from carnet._carnet import StreamedFile, StreamingGate, Verdict


class Refused(Exception):
    """A model that is still arriving is refused: a verdict, raised to end the copying."""

    def __init__(self, verdict: Verdict) -> None:
        finding = verdict.findings[0] if verdict.findings else None
        super().__init__(f"{finding.reason}: {finding.message}" if finding else "refused")
        self.verdict = verdict


class JudgedFile(io.RawIOBase):
    """A file that can be written to, as the gate sees it; closing it ends it.

    Args:
        path: as in the model's folder, with '/'.
        size: in bytes, where it is known.
        copy: gets every chunk that was taken, after the gate.

    Leaving a `with` block by an exception does not: a file that was cut off is not whole.

    Raises:
        Refused: of `write` and `close`, where the model is refused.
        carnet.Error: nobody could tell.
    """

    def __init__(self, gate: StreamingGate, path: str, size: int | None = None,
                 copy: BinaryIO | None = None) -> None:
        super().__init__()
        self._gate = gate
        self._file: StreamedFile = gate.add(path, size)
        self._copy = copy
        self._ended = False
        self._check(not gate.refused)

    def _check(self, taken: bool) -> None:
        if not taken:
            self._ended = True
            refusal = self._gate.refusal
            assert refusal is not None
            raise Refused(refusal)

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, chunk) -> int:  # type: ignore[no-untyped-def, override]
        """Takes the next bytes, all of them."""
        if self._ended:
            raise ValueError("write to a file that is closed")
        if not isinstance(chunk, bytes):
            chunk = memoryview(chunk).tobytes()
        self._check(self._file.write(chunk))
        self._give_copy(chunk)
        return len(chunk)

    def _give_copy(self, chunk: bytes) -> None:
        while self._copy is not None and chunk:
            taken = self._copy.write(chunk)  # a raw file may take less than all
            chunk = chunk[len(chunk) if taken is None else taken:]

    def close(self) -> None:
        """Ends the file: all of it was written."""
        if not self._ended and not self.closed:
            self._ended = True
            self._check(self._file.close())
        super().close()

    def abandon(self) -> None:
        """Ends without the rest of the file, so that the model is not whole."""
        self._ended = True
        super().close()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def __del__(self) -> None:
        self.abandon()  # what was never closed is not whole
