"""A hub of examples/hub on a port of this machine, and forms as clients send them."""
import contextlib
import dataclasses
import http.client
import os
import pathlib
import shutil
import socket
import sys
import tempfile
import threading

import carnet
import uvicorn
from recorded import PASSWORD, recorded

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "examples/hub"))
import app  # noqa: E402
import settings  # noqa: E402

BOUNDARY = "-----the-boundary"


def part(field, content, filename=None):
    """One part of a form; `filename` as bytes of its own."""
    name = b"" if filename is None else b'; filename="' + (
        filename if isinstance(filename, bytes) else filename.encode()) + b'"'
    return (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"'.encode() + name +
            b"\r\n\r\n" + content + b"\r\n")


def form(*parts, end=True):
    return b"".join(parts) + (f"--{BOUNDARY}--\r\n".encode() if end else b"")


def model_parts(name, field="file", folder="", changed=None, passport=None):
    """The model that was recorded; `changed` are files instead of its own."""
    source = recorded().folder / "model"
    files = {path.name: path.read_bytes() for path in sorted(source.iterdir())}
    files.update(changed or {})
    return [part("name", name.encode()),
            part("passport", recorded().passport.read_bytes() if passport is None else passport,
                 "model.passport.sigstore.jsonl"),
            *(part(field, content, folder + file) for file, content in files.items()
              if content is not None)]


class Served:
    """folder: hub.key ledger/ hub/"""

    def __init__(self, **options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="carnet-hub-"))
        os.environ["CARNET_PASSWORD"] = PASSWORD
        carnet.Key.generate(self.folder / "hub", PASSWORD)
        carnet.Ledger.create(self.folder / "ledger", "hub.example.org")
        self.settings = settings.Settings(
            folder=self.folder / "hub", trust=recorded().folder / "trust",
            key=self.folder / "hub.key", ledger=self.folder / "ledger",
            lineage=recorded().folder / "ledger")
        self.settings = dataclasses.replace(self.settings, **options)
        self.start()

    def start(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._server = uvicorn.Server(uvicorn.Config(app.create(self.settings), log_level="error"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],),
                                        daemon=True)
        self._thread.start()

    def stop(self):
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def end(self):
        self.stop()
        shutil.rmtree(self.folder)

    @contextlib.contextmanager
    def connection(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            yield connection
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def post(self, body, content_type=f"multipart/form-data; boundary={BOUNDARY}", **headers):
        return self.ask("POST", "/models", body, {"Content-Type": content_type, **headers})

    def ask(self, method, path, body, headers):
        """Status, headers and body."""
        with self.connection() as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def kept(self):
        """All files of the hub's folder."""
        return sorted(str(path.relative_to(self.settings.folder))
                      for path in self.settings.folder.rglob("*") if path.is_file())

    def logged(self):
        """How many entries its ledger has."""
        return carnet.LedgerReader.open(self.settings.ledger).info().tree_size
