"""One upload: a form whose files are judged and stored while they arrive."""
import errno
import os
import pathlib
import re

import carnet
import python_multipart.multipart as multipart

from refusal import Refusal

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.ASCII)
PASSPORT = ".passport.sigstore.jsonl"
_MAX_PASSPORT = 64 << 20  # bytes: more than the gate reads
_MAX_NAME = 63
_NOT_OF_THE_MODEL = (".git", ".cache")  # the gate does not look into them, so they are not stored
_ESCAPED = (("%22", '"'), ("%0D", "\r"), ("%0A", "\n"))  # by browsers, in names of files


class Upload:
    """Fed with the bytes of a multipart form: fields `name` and `passport`, then the files, each as
    `file` with its path in the model, or as `folder` with the model's folder before it, as browsers
    send it.

    Nothing of it may be used before `verdict` passes.

    Args:
        boundary: of the form.
        gate: that judges.
        folder: empty; gets `model/` and the passport.
        max_bytes: of the whole form.
    """

    def __init__(self, boundary: bytes, gate: carnet.Gate, folder: pathlib.Path,
                 max_bytes: int) -> None:
        self.name = ""
        self._gate, self._folder, self._left = gate, folder, max_bytes
        self._passport: bytes | None = None
        self._stream: carnet.StreamingGate | None = None
        self._refused: carnet.Verdict | None = None
        self._whole = False
        self._header, self._value, self._headers = b"", b"", {}
        self._field = ""
        self._small = bytearray()
        self._judged: carnet.JudgedFile | None = None
        self._copy = None
        (folder / "model").mkdir()
        self._parser = multipart.MultipartParser(boundary, {
            "on_part_begin": self._begin, "on_header_field": self._header_field,
            "on_header_value": self._header_value, "on_header_end": self._header_end,
            "on_headers_finished": self._open, "on_part_data": self._data,
            "on_part_end": self._close, "on_end": self._end})

    def write(self, chunk: bytes) -> None:
        """Raises Refusal, and carnet.Error: nobody could tell."""
        self._left -= len(chunk)
        if self._left < 0:
            raise Refusal(413, "the upload is larger than this hub takes")
        if self._refused is not None:
            return  # read to its end, so that the browser shows the answer
        try:
            self._parser.write(chunk)
        except carnet.Refused as refused:
            self._refused = refused.verdict
        except multipart.FormParserError as error:
            raise Refusal(400, f"the form cannot be read: {error}") from None
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Refusal(507, "the hub has no room for this upload") from None
            raise

    def verdict(self) -> carnet.Verdict:
        """Of what arrived. Raises Refusal, carnet.Error."""
        if self._refused is not None:
            return self._refused
        if not self._whole:
            raise Refusal(400, "the upload ended early")
        if not self.name:
            raise Refusal(400, "the form has no name for the model")
        if self._passport is None:
            raise Refusal(400, f"the form has no passport (*{PASSPORT}), and this hub takes no "
                               "model without one")
        verdict = self._gate_stream().finish()
        if verdict.passed:
            (self._folder / f"model{PASSPORT}").write_bytes(self._passport)
        return verdict

    def close(self) -> None:
        """Frees the files."""
        if self._judged is not None:
            self._judged.abandon()
        if self._copy is not None:
            self._copy.close()

    # --- what the parser finds

    def _begin(self) -> None:
        self._header, self._value, self._headers = b"", b"", {}
        self._small.clear()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _open(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        kind, said = multipart.parse_options_header(disposition)
        if kind != b"form-data" or b"name" not in said:
            raise Refusal(400, "a part of the form has no name")
        self._field = said[b"name"].decode("utf-8", "replace")
        if self._field in ("file", "folder"):
            self._open_file(self._path(said.get(b"filename", b"")))
        elif self._field not in ("name", "passport"):
            raise Refusal(400, "the form has a field other than name, passport, file and folder")

    def _path(self, sent: bytes) -> str:
        try:
            path = sent.decode()
        except UnicodeDecodeError:
            raise Refusal(400, "a file's name is not UTF-8") from None
        for escaped, meant in _ESCAPED:
            path = path.replace(escaped, meant)
        return path.partition("/")[2] if self._field == "folder" else path

    def _open_file(self, path: str) -> None:
        parts = path.split("/")
        if parts[0] in _NOT_OF_THE_MODEL or (len(parts) == 1 and path.endswith(PASSPORT)):
            return
        if path == "":  # what a browser sends where no file was chosen
            return
        self._judged = carnet.JudgedFile(self._gate_stream(), path)  # refuses what leads out of it
        target = self._folder / "model" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self._copy = open(target, "xb")

    def _gate_stream(self) -> carnet.StreamingGate:
        if self._passport is None:
            raise Refusal(400, f"the form has no passport (*{PASSPORT}) before its files")
        if self._stream is None:
            self._stream = carnet.StreamingGate.open(self._gate, self._passport,
                                                     spool_folder=self._folder)
            if self._stream.refusal is not None:
                raise carnet.Refused(self._stream.refusal)
        return self._stream

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field in ("name", "passport"):
            if len(self._small) + end - start > (_MAX_NAME if self._field == "name"
                                                 else _MAX_PASSPORT):
                raise Refusal(413, f"the {self._field} is too long")
            self._small += data[start:end]
        elif self._judged is not None:
            chunk = data[start:end]
            self._judged.write(chunk)
            self._copy.write(chunk)

    def _close(self) -> None:
        if self._field == "name":
            self.name = self._small.decode("utf-8", "replace")
            if not NAME.fullmatch(self.name):
                raise Refusal(400, "a name is lowercase letters, digits, '.', '_' and '-', at most "
                                   "63, and begins with a letter or digit")
        elif self._field == "passport" and self._small:
            if self._passport is not None:
                raise Refusal(400, "the form has two passports")
            self._passport = bytes(self._small)
        elif self._judged is not None:
            judged, self._judged = self._judged, None
            copy, self._copy = self._copy, None
            with copy:
                judged.close()
                copy.flush()
                os.fsync(copy.fileno())

    def _end(self) -> None:
        self._whole = True
