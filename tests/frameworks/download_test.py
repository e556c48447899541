"""examples/streaming: downloads that are judged while they arrive, from servers of the tests."""
import contextlib
import functools
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile

from recorded import command, recorded

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples/streaming"
PASSPORT = "model.passport.sigstore.jsonl"
COMMIT = "c" * 40


class Hub(http.server.BaseHTTPRequestHandler):
    """What of the Hugging Face hub's interface a download needs."""

    def __init__(self, folder, cut, *args):
        self.folder, self.cut = folder, cut
        super().__init__(*args)

    def do_GET(self):
        if self.path.startswith("/api/models/lab/model/revision/main"):
            names = sorted(str(path.relative_to(self.folder))
                           for path in self.folder.rglob("*") if path.is_file())
            self.answer(json.dumps({"id": "lab/model", "sha": COMMIT, "siblings": [
                {"rfilename": name} for name in names]}).encode())
        elif self.path.startswith(f"/lab/model/resolve/{COMMIT}/"):
            self.answer((self.folder / self.path.split("/", 5)[5]).read_bytes(),
                        self.cut and self.path.endswith(".safetensors"))
        else:
            self.send_error(404)

    def answer(self, body, cut=False):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:-1] if cut else body)

    def log_message(self, *ignored):
        pass


class DownloadTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.upload = self.folder / "upload"
        shutil.copytree(recorded().folder / "model", self.upload)
        shutil.copy(recorded().passport, self.upload / PASSPORT)

    def download(self, script, source, status, **environment):
        done = subprocess.run(
            [sys.executable, EXAMPLES / script, source, self.folder / "out", "--trust",
             recorded().folder / "trust"], check=False, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2]),
                 "HF_HUB_DISABLE_TELEMETRY": "1", **environment})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        left = {path.name for path in self.folder.iterdir()} - {"upload", "model.zip"}
        self.assertEqual(left, {"out"} if status == 0 else set())
        return done.stdout + done.stderr

    @contextlib.contextmanager
    def hub(self, cut=False):
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Hub, self.upload, cut))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_address[1]}"}
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def assert_complete(self):
        self.assertEqual(json.loads(command("verify", self.folder / "out", "--trust", recorded()
                                            .folder / "trust", "--json"))["decision"], "pass")

    def test_a_folder_that_fsspec_knows(self):
        self.download("from_fsspec.py", f"file://{self.upload}", 0)
        self.assert_complete()

    def test_an_archive_that_fsspec_knows(self):
        with zipfile.ZipFile(self.folder / "model.zip", "w") as archive:
            for path in self.upload.iterdir():
                archive.write(path, path.name)
        self.download("from_fsspec.py", str(self.folder / "model.zip"), 0)
        self.assert_complete()

    def test_an_archive_with_a_path_that_leads_out(self):
        with zipfile.ZipFile(self.folder / "model.zip", "w") as archive:
            for path in self.upload.iterdir():
                archive.write(path, path.name)
            archive.writestr("../escaped.txt", "x")
        said = self.download("from_fsspec.py", str(self.folder / "model.zip"), 1)
        self.assertIn("other-model", said)

    def test_a_folder_with_other_bytes(self):
        weights = self.upload / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
        said = self.download("from_fsspec.py", f"file://{self.upload}", 1)
        self.assertIn("other-model", said)

    def test_a_folder_without_a_passport(self):
        (self.upload / PASSPORT).unlink()
        said = self.download("from_fsspec.py", f"file://{self.upload}", 2)
        self.assertIn("could not tell: 0 passports", said)

    def test_a_repository_of_the_hub(self):
        with self.hub() as environment:
            self.download("from_hugging_face.py", "lab/model", 0, **environment)
        self.assert_complete()

    def test_a_repository_with_a_file_more(self):
        (self.upload / "tool.py").write_text("import os\n")
        with self.hub() as environment:
            said = self.download("from_hugging_face.py", "lab/model", 1, **environment)
        self.assertIn("tool.py", said)

    def test_a_connection_that_ends_early_says_nothing_of_the_model(self):
        with self.hub(cut=True) as environment:
            said = self.download("from_hugging_face.py", "lab/model", 2, **environment)
        self.assertIn("could not tell", said)
        self.assertNotIn("other-model", said)


if __name__ == "__main__":
    unittest.main()
