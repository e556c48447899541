"""The blocks of docs/python.md and of README's "From Python", as printed there."""
import contextlib
import io
import os
import pathlib
import re
import shutil
import tempfile
import unittest

from recorded import recorded

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

try:
    import networkx
except ImportError:
    networkx = None


class DocumentsTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        for name in ("model", "trust", "ledger", "data"):
            shutil.copytree(recorded().folder / name, pathlib.Path(scratch.name) / name)
        shutil.copy(recorded().folder / "lab.key", scratch.name)
        shutil.copy(recorded().passport,
                    pathlib.Path(scratch.name) / "model.passport.sigstore.jsonl")
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(scratch.name)

    def play(self, text):
        """Runs the blocks one after the other; what one printed is the text block that follows."""
        blocks, names, printed, count = BLOCK.findall(text), {}, "", 0
        for kind, block in blocks:
            if kind == "text":
                self.assertEqual(printed, block)
                printed = ""
                continue
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(block, "the page", "exec"), names)  # as its reader would
            printed, count = out.getvalue(), count + 1
        return count

    @unittest.skipUnless(networkx, "no package networkx")
    def test_the_guide_prints_what_it_says(self):
        self.assertEqual(self.play((ROOT / "docs/python.md").read_text()), 8)

    def test_the_readme_runs(self):
        section = (ROOT / "README.md").read_text().split("## From Python\n")[1].split("\n## ")[0]
        self.assertEqual(self.play(section), 1)
