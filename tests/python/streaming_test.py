"""The streaming gate: what it says is what the command says of the same folder."""
import gc
import io
import json
import pathlib
import shutil
import tempfile
import threading
import unittest

import carnet
from recorded import command, recorded

FILES = ("config.json", "model.safetensors")


class StreamingTest(unittest.TestCase):
    def open(self, **options):
        return carnet.StreamingGate.open(recorded().gate(), recorded().passport.read_bytes(),
                                         **options)

    def content(self, name):
        return (recorded().folder / "model" / name).read_bytes()

    def stream(self, gate, name, content=None, chunk=7):
        content = self.content(name) if content is None else content
        with carnet.JudgedFile(gate, name, len(content)) as file:
            for at in range(0, len(content), chunk):
                file.write(content[at:at + chunk])

    def by_command(self, files, status):
        with tempfile.TemporaryDirectory() as scratch:
            model = pathlib.Path(scratch) / "model"
            model.mkdir()
            for name, content in files.items():
                (model / name).write_bytes(content)
            return json.loads(command("verify", model, "--passport", recorded().passport,
                                      "--trust", recorded().folder / "trust", "--json",
                                      status=status))

    def test_a_whole_model_passes_as_with_the_command(self):
        gate = self.open()
        self.assertIsNone(gate.model)
        for name in FILES:
            self.stream(gate, name)
        verdict = gate.finish()
        said = self.by_command({name: self.content(name) for name in FILES}, 0)
        self.assertEqual((verdict.decision, verdict.model), (said["decision"], said["model"]))
        self.assertFalse(gate.refused)
        self.assertIsNone(gate.refusal)
        self.assertEqual(gate.model.digest, carnet.digest(recorded().folder / "model").digest)

    def test_each_departure_is_refused_where_it_shows(self):
        weights = self.content("model.safetensors")
        for name, content, why in (
                ("other.bin", b"x", "other-model"), ("../config.json", b"x", "other-model"),
                ("config.json", b"{}\n\n", "other-model"), ("config.json", b"[]\n", "other-model"),
                ("model.safetensors", b"\0" + weights[1:], "other-model"),
                ("model.safetensors", weights[:-1] + b"\0", "other-model")):
            with self.subTest(name=name, content=content[:4]):
                gate = self.open()
                with self.assertRaises(carnet.Refused) as refused:
                    self.stream(gate, name, content)
                self.assertEqual(refused.exception.verdict.findings[0].reason, why)
                self.assertTrue(gate.refused)
                self.assertFalse(gate.add("config.json").write(b"{}\n"))
                self.assertEqual(gate.finish().decision, "fail")

    def test_all_that_is_wrong_is_named_where_nothing_is_refused_early(self):
        gate = self.open(refuse_early=False)
        self.stream(gate, "config.json", b"[]\n")
        self.stream(gate, "model.safetensors")
        files = {"config.json": b"[]\n", "model.safetensors": self.content("model.safetensors")}
        said = self.by_command(files, 1)
        self.assertEqual([(one.reason, one.message) for one in gate.finish().findings],
                         [(one["reason"], one["message"]) for one in said["findings"]])

    def test_a_file_that_is_cut_off_is_not_whole(self):
        for end in ("exception", "forgotten", "missing"):
            with self.subTest(end=end):
                gate = self.open()
                self.stream(gate, "config.json")
                if end == "exception":
                    with self.assertRaises(KeyError):
                        with carnet.JudgedFile(gate, "model.safetensors") as file:
                            file.write(self.content("model.safetensors"))
                            raise KeyError
                elif end == "forgotten":
                    carnet.JudgedFile(gate, "model.safetensors").write(
                        self.content("model.safetensors"))
                    gc.collect()
                self.assertEqual(gate.finish().decision, "fail")
                self.assertIsNone(self.open().model)

    def test_what_was_taken_goes_to_the_copy_and_nothing_else(self):
        gate, copy = self.open(), io.BytesIO()
        with carnet.JudgedFile(gate, "config.json", 3, copy) as file:
            shutil.copyfileobj(io.BytesIO(self.content("config.json")), file)
        self.assertEqual(copy.getvalue(), self.content("config.json"))
        refused, copy = self.open(), io.BytesIO()
        with self.assertRaises(carnet.Refused):
            with carnet.JudgedFile(refused, "config.json", 3, copy) as file:
                file.write(b"{}\n")
                file.write(b"more")
        self.assertEqual(copy.getvalue(), b"{}\n")

    def test_a_copy_that_takes_less_at_once_gets_every_byte(self):
        class Raw(io.RawIOBase):
            got = b""

            def writable(self):
                return True

            def write(self, chunk):
                self.got += bytes(chunk[:2])
                return min(2, len(chunk))

        copy = Raw()
        with carnet.JudgedFile(self.open(), "config.json", 3, copy) as file:
            self.assertEqual(file.write(self.content("config.json")), 3)
        self.assertEqual(copy.got, self.content("config.json"))

    def test_bytes_of_every_kind_are_taken_and_nothing_else(self):
        gate = self.open()
        file = gate.add("config.json")
        for part in (b"{", bytearray(b"}"), memoryview(b"\n")):
            self.assertTrue(file.write(part))
        judged = carnet.JudgedFile(gate, "model.safetensors")
        for other in ("text", 3, None, [1]):
            for taker in (file, judged):
                with self.subTest(other=other, taker=taker), self.assertRaises(TypeError):
                    taker.write(other)
        self.assertTrue(file.close())
        with self.assertRaises(carnet.Conflict):
            file.write(b"x")

    def test_files_arrive_from_several_threads(self):
        gate = self.open()
        threads = [threading.Thread(target=self.stream, args=(gate, name), kwargs={"chunk": 1})
                   for name in FILES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(gate.finish().decision, "pass")

    def test_a_passport_that_never_passes_refuses_at_once(self):
        line = bytearray(recorded().passport.read_bytes())
        line[line.index(b'"sig":"') + 20] ^= 1
        gate = carnet.StreamingGate.open(recorded().gate(), bytes(line))
        self.assertTrue(gate.refused)
        self.assertFalse(gate.refusal.passed)
        with self.assertRaises(carnet.Refused):
            carnet.JudgedFile(gate, "config.json")


if __name__ == "__main__":
    unittest.main()
