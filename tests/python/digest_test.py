"""carnet.digest, against hashlib and the command."""
import hashlib
import json
import os
import pathlib
import tempfile
import threading
import unittest

import carnet
from recorded import PARAMETERS, command, recorded


def sums_digest(files):
    """S5 of docs/formats.md: `sha256sum` of what `sha256sum` prints for the sorted paths."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n".encode()
             for path, content in sorted(files.items(), key=lambda item: item[0].encode())]
    return hashlib.sha256(b"".join(lines)).hexdigest()


class DigestTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def write(self, files):
        for path, content in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)

    def test_the_digest_is_that_of_sha256sum(self):
        files = {"b.txt": b"b", "a/z": b"", "a/é": b"\0\xff" * 5000, "a.txt": b"a"}
        self.write(files)
        model = carnet.digest(self.folder)
        self.assertEqual(model.digest, sums_digest(files))
        self.assertEqual({file.path: (file.sha256, file.bytes) for file in model.files},
                         {path: (hashlib.sha256(content).hexdigest(), len(content))
                          for path, content in files.items()})
        self.assertEqual(model.total_bytes, sum(map(len, files.values())))

    def test_what_hubs_add_is_left_out_unless_all_is_covered(self):
        files = {"README.md": b"read me", "a.txt": b"a"}
        self.write(files)
        model = carnet.digest(self.folder)
        self.assertEqual(model.digest, sums_digest({"a.txt": b"a"}))
        self.assertEqual(model.not_covered, ("README.md",))
        whole = carnet.digest(self.folder, cover_all=True)
        self.assertEqual(whole.digest, sums_digest(files))
        self.assertEqual(whole.not_covered, ())

    def test_the_command_says_the_same(self):
        model = recorded().model
        said = json.loads(command("digest", recorded().folder / "model", "--json", "--tensors"))
        self.assertEqual(said["model"], model.digest)
        self.assertEqual([file["path"] for file in said["files"]],
                         [file.path for file in model.files])
        self.assertEqual(said["weight_sets"][0]["root"], model.weight_sets[0].root)

    def test_tensors_are_counted_and_can_be_left(self):
        weights, = recorded().model.weight_sets
        self.assertEqual((weights.name, weights.tensors, weights.elements, weights.packed),
                         ("model.safetensors", 2, PARAMETERS, False))
        without = carnet.digest(recorded().folder / "model", tensors=False)
        self.assertEqual(without.weight_sets, ())
        self.assertEqual(without.digest, recorded().model.digest)

    def test_a_path_may_be_str_or_pathlike_in_any_encoding(self):
        name = os.fsencode(self.folder) + b"/\xe9"
        os.mkdir(name)
        with open(name + b"/a.txt", "wb") as file:
            file.write(b"a")
        self.assertEqual(carnet.digest(os.fsdecode(name)).digest, sums_digest({"a.txt": b"a"}))
        self.assertEqual(carnet.digest(pathlib.Path(os.fsdecode(name))).files[0].path, "a.txt")

    def test_what_is_no_path_is_refused(self):
        for wrong in (7, None, ["a"], "a\0b"):
            with self.subTest(wrong=wrong), self.assertRaises(TypeError):
                carnet.digest(wrong)

    def test_links_are_followed_only_when_asked(self):
        self.write({"a.txt": b"a"})
        os.symlink("a.txt", self.folder / "b.txt")
        with self.assertRaisesRegex(carnet.Rejected, "b.txt: is a symbolic link"):
            carnet.digest(self.folder)
        self.assertEqual(carnet.digest(self.folder, follow_links=True).digest,
                         sums_digest({"a.txt": b"a", "b.txt": b"a"}))

    def test_a_pattern_that_s5_does_not_list_is_malformed(self):
        self.write({"a.txt": b"a"})
        with self.assertRaisesRegex(carnet.Malformed, "not_covered"):
            carnet.digest(self.folder, not_covered=["a.txt"])

    def test_progress_ends_with_all_bytes_and_comes_from_other_threads(self):
        self.write({"a.bin": b"x" * (3 << 20), "b.bin": b"y" * 10})
        calls = []
        carnet.digest(self.folder,
                      progress=lambda *done: calls.append((threading.get_ident(), done)))
        self.assertEqual(calls[-1][1], ((3 << 20) + 10, (3 << 20) + 10))
        self.assertEqual([done for _, (done, _) in calls],
                         sorted(done for _, (done, _) in calls))
        self.assertNotIn(threading.get_ident(), {thread for thread, _ in calls})

    def test_what_progress_raises_ends_the_reading(self):
        self.write({"a.bin": b"x" * (8 << 20)})
        calls = []

        def raising(done, total):
            calls.append(done)
            raise LookupError(f"seen {total}")

        with self.assertRaisesRegex(LookupError, f"seen {8 << 20}"):
            carnet.digest(self.folder, threads=1, progress=raising)
        self.assertEqual(len(calls), 1)
        self.assertLess(calls[0], 8 << 20)

    def test_a_model_says_what_it_is_and_never_changes(self):
        model = recorded().model
        self.assertRegex(repr(model), r"^Model\(sha256:[0-9a-f]{64}, 2 files, \d+ bytes\)$")
        with self.assertRaises(AttributeError):
            model.digest = "0" * 64
        with self.assertRaises(AttributeError):
            model.files[0].path = "other"
        with self.assertRaises(TypeError):
            carnet.Model()
