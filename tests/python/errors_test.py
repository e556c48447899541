"""Each code of the library's errors is one exception, with the message as the library words it."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import carnet
from recorded import PASSWORD, command, recorded

CODES = (carnet.Malformed, carnet.NotFound, carnet.Rejected, carnet.Conflict, carnet.Corruption,
         carnet.IoError, carnet.Unsupported)


class ErrorsTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def raised(self, code, call, *arguments, **options):
        with self.assertRaises(carnet.Error) as caught:
            call(*arguments, **options)
        self.assertIs(type(caught.exception), code)
        return str(caught.exception)

    def test_all_are_errors_of_carnet_and_none_of_another(self):
        for code in CODES:
            self.assertEqual(code.__mro__[1:3], (carnet.Error, Exception))
            self.assertEqual(code.__module__, "carnet")
            self.assertTrue(code.__doc__)

    def test_malformed(self):
        path = self.folder / "p.toml"
        path.write_text("[")
        self.assertIn("p.toml", self.raised(carnet.Malformed, carnet.Policy.load, path))

    def test_not_found(self):
        message = self.raised(carnet.NotFound, carnet.digest, self.folder / "nowhere")
        self.assertEqual(message, f"{self.folder}/nowhere: stat: No such file or directory")

    def test_rejected(self):
        message = self.raised(carnet.Rejected, carnet.Key.load, recorded().folder / "lab.key",
                              "wrong")
        self.assertIn("wrong password", message)
        self.assertIn("lab.key", message)

    def test_conflict(self):
        self.raised(carnet.Conflict, carnet.Key.generate, recorded().folder / "lab", PASSWORD)

    def test_corruption(self):
        folder = self.folder / "ledger"
        carnet.Ledger.create(folder, "log.example.org")
        tables = sorted((folder / "db").glob("*.log"))
        self.assertTrue(tables)
        for table in tables:
            table.write_bytes(bytes(b ^ 0xff for b in table.read_bytes()))
        self.raised(carnet.Corruption, carnet.Ledger.open, folder)

    def test_io(self):
        folder = self.folder / "folder.toml"
        folder.mkdir()
        self.assertIn("folder.toml", self.raised(carnet.IoError, carnet.Policy.load, folder))

    def test_unsupported(self):
        key = self.folder / "rsa.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True,
                       capture_output=True)
        self.raised(carnet.Unsupported, carnet.Key.load, key)

    def test_the_message_is_the_commands(self):
        said = json.loads(command("digest", self.folder / "nowhere", "--json", status=3))
        self.assertEqual(said["error"]["code"], "not-found")
        self.assertEqual(self.raised(carnet.NotFound, carnet.digest, self.folder / "nowhere"),
                         said["error"]["message"])

    def test_wrong_types_are_no_errors_of_carnet(self):
        for call in (lambda: carnet.Trust.load(7), lambda: carnet.Policy.shipped(None),
                     lambda: carnet.Gate(None, None), lambda: carnet.verify("m", trust=7),
                     lambda: carnet.trace(7, recorded().folder / "ledger"), lambda: carnet.digest("m", threads="2"),
                     lambda: carnet.attest(None, None, "device", {}),
                     lambda: carnet.digest("m", nonsense=True)):
            with self.assertRaises(TypeError):
                call()
