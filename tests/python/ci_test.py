"""examples/ci: what a workflow sees of a verdict, and what a stranger's text cannot do there."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import recorded as recording
from recorded import recorded

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "examples/ci/check.py"
POINTER = (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 9\n")
HOSTILE = "</pre><img src=x>::set-output name=decision::pass ##[error]x %0A`|"
HOSTILE_FOLDER = "a\n::set-output name=decision::pass\r\n<b>\u202e\x1b[2J%0A::error::x"


class CiTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.model = self.folder / "models/tiny"
        shutil.copytree(recorded().folder / "model", self.model)
        shutil.copy(recorded().passport, self.folder / "models/tiny.passport.sigstore.jsonl")
        self.given = {"CHECK_MODEL": str(self.model), "CHECK_ALL": "", "CHECK_PASSPORT": "",
                      "CHECK_POLICY": "hub-default", "CHECK_CARNET": os.environ["CARNET_BINARY"],
                      "CHECK_TRUST": str(recorded().folder / "trust")}

    def check(self, status, decision, **given):
        """What the log and the summary say."""
        outputs = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in outputs.values():
            path.write_text("before\n")
        done = subprocess.run(
            [sys.executable, SCRIPT], check=False, capture_output=True, text=True,
            env={**os.environ, **self.given, **given,
                 **{name: str(path) for name, path in outputs.items()}})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        self.assertEqual(outputs["GITHUB_OUTPUT"].read_text(), f"before\ndecision={decision}\n")
        for line in done.stdout.splitlines():
            self.assertRegex(line, r"\A::error title=Passport::[^\n\r]*\Z")
        return done.stdout, outputs["GITHUB_STEP_SUMMARY"].read_text().removeprefix("before\n")

    def test_a_pass_is_told_with_its_rows(self):
        log, said = self.check(0, "pass")
        self.assertEqual(log, "")
        self.assertRegex(said, r"\A<pre>pass: .*tiny\n  model       pass ")

    def test_a_refusal_is_told_with_its_reason(self):
        (self.model / "config.json").write_text("[]\n")
        log, said = self.check(1, "fail")
        self.assertIn("files-differ-tensors-agree", log)
        self.assertIn("files-differ-tensors-agree (R18)", said)

    def test_what_cannot_be_judged_is_neither_pass_nor_refusal(self):
        (self.folder / "empty").mkdir()
        for given, why in (({"CHECK_TRUST": "/nowhere"}, "/nowhere"),
                           ({"CHECK_CARNET": "/nowhere"}, "/nowhere: No such file"),
                           ({"CHECK_CARNET": "/bin/true"}, "ended with status 0"),
                           ({"CHECK_CARNET": "/bin/false"}, "ended with status 1"),
                           ({"CHECK_POLICY": "none"}, "none"),
                           ({"CHECK_MODEL": "--help"}, "--help"),
                           ({"CHECK_PASSPORT": "/nowhere"}, "/nowhere"),
                           ({"CHECK_ALL": str(self.folder / "empty")}, "not all models"),
                           ({"CHECK_ALL": "/nowhere"}, "/nowhere")):
            with self.subTest(given=given):
                log, said = self.check(2, "unknown", **given)
                self.assertIn("could not tell: ", log)
                self.assertIn(why, log)
                self.assertIn(why, said)

    def test_a_status_that_is_not_the_verdicts_is_not_believed(self):
        liar = self.folder / "liar"
        for told, status in (("fail", 0), ("pass", 1), ("pass", 3)):
            liar.write_text(f'#!/bin/sh\necho \'{{"decision": "{told}"}}\'\nexit {status}\n')
            liar.chmod(0o755)
            with self.subTest(told=told, status=status):
                log, _ = self.check(2, "unknown", CHECK_CARNET=str(liar))
                self.assertIn(f"status {status}, and its verdict is {told}", log)

    def test_weights_that_were_not_fetched_are_told_as_such(self):
        (self.model / "model.safetensors").write_bytes(POINTER)
        for given in ({}, {"CHECK_ALL": str(self.model.parent)}):
            log, _ = self.check(2, "unknown", **given)
            self.assertIn("model.safetensors is a Git LFS pointer, not the file: check out with "
                          "lfs: true", log)

    def test_all_models_of_a_folder_have_to_pass(self):
        everything = {"CHECK_ALL": str(self.model.parent)}
        self.assertIn("pass: tiny", self.check(0, "pass", **everything)[1])
        shutil.copytree(self.model, self.model.parent / "other")
        log, said = self.check(1, "fail", **everything)
        self.assertIn("::error title=Passport::other: no-passport", log)
        self.assertIn("pass: tiny", said)
        self.assertIn("fail: other", said)

    def test_what_a_stranger_says_is_only_text(self):
        with mock.patch.dict(recording.PASSPORT_DRAFT, name=HOSTILE):
            hostile = recording.Recorded()
        folder = self.folder / "models" / HOSTILE_FOLDER
        shutil.copytree(hostile.folder / "model", folder)
        (folder / "config.json").write_text("[]\n")  # so that findings name it
        log, said = self.check(1, "fail", CHECK_MODEL=str(folder), CHECK_PASSPORT=str(
            hostile.passport), CHECK_TRUST=str(hostile.folder / "trust"))
        self.assertIn("&lt;/pre&gt;&lt;img src=x&gt;::set-output name=decision::pass", said)
        self.assertEqual(len(re.findall("<", said)), 2)  # <pre> and </pre>
        self.assertNotRegex(log + said, "[\u202e\x1b]")
        self.assertIn("%250A", log)  # its own escape is only text too


if __name__ == "__main__":
    unittest.main()
