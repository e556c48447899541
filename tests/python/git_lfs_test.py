"""examples/git-lfs: real pushes of real repositories, through the hook."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from recorded import recorded

HOOK = pathlib.Path(__file__).resolve().parents[2] / "examples/git-lfs/pre-push"


@unittest.skipUnless(shutil.which("git-lfs"), "no git-lfs, which ./dev setup installs")
class GitLfsTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name).resolve()
        self.work, self.remote = self.folder / "work", self.folder / "remote.git"
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "carnet").symlink_to(os.environ["CARNET_BINARY"])
        self.environment = {
            "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1", "TMPDIR": str(self.folder / "tmp"),
            **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER")
               for what in ("NAME", "EMAIL")}}
        (self.folder / "tmp").mkdir()
        self.git("init", "-q", "--bare", self.remote, within=self.folder)
        self.git("init", "-q", "-b", "main", self.work, within=self.folder)
        self.git("lfs", "install", "--local", "--skip-repo")
        self.git("lfs", "track", "*.safetensors")
        self.git("remote", "add", "origin", f"file://{self.remote}")
        shutil.copy(HOOK, self.work / ".git/hooks/pre-push")
        self.configure("trust", recorded().folder / "trust")
        self.configure("model", "a model")
        shutil.copytree(recorded().folder / "model", self.work / "a model")
        shutil.copy(recorded().passport, self.work / "a model.passport.sigstore.jsonl")
        self.commit()

    def git(self, *arguments, status=0, within=None):
        done = subprocess.run(["git", *arguments], cwd=within or self.work, check=False,
                              capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def configure(self, name, value):
        self.git("config", f"carnet.{name}", value)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "A model")

    def push(self, *what, status=0):
        said = self.git("push", "origin", *(what or ("main",)), status=status)
        self.assertEqual(os.listdir(self.folder / "tmp"), [])
        return said

    def refs(self):
        return self.git("for-each-ref", "--format=%(refname)", within=self.remote).split()

    def refused(self, why, *what):
        before = self.refs()
        self.assertIn(why, self.push(*what, status=1))
        self.assertEqual(self.refs(), before)

    def test_a_model_that_passes_is_pushed_with_its_weights(self):
        blob = self.git("cat-file", "blob", "HEAD:a model/model.safetensors")
        self.assertIn("git-lfs.github.com/spec", blob)
        self.assertIn("pass", self.push())
        self.assertEqual(self.refs(), ["refs/heads/main"])
        weights = (self.work / "a model/model.safetensors").read_bytes()
        stored = [path.read_bytes() for path in (self.remote / "lfs/objects").rglob("*")
                  if path.is_file()]
        self.assertEqual(stored, [weights])

    def test_what_is_pushed_is_judged_and_not_the_working_tree(self):
        config = self.work / "a model/config.json"
        config.write_text("[]\n")
        self.push()  # the commit is whole
        self.commit()
        config.write_text("{}\n")
        self.refused("files-differ-tensors-agree")

    def test_other_weights_are_refused_and_not_sent(self):
        weights = self.work / "a model/model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
        self.commit()
        self.refused("other-model")
        self.assertFalse((self.remote / "lfs/objects").exists())

    def test_one_of_several_refs_that_does_not_pass_stops_all(self):
        self.git("tag", "-a", "-m", "good", "v1")
        self.git("checkout", "-q", "-b", "bad")
        (self.work / "a model/config.json").write_text("[]\n")
        self.commit()
        self.git("tag", "-a", "-m", "bad", "v2")
        for bad in ("bad", "v2"):
            self.refused("files-differ-tensors-agree", "main", bad)
        self.push("main", "v1")
        self.assertEqual(self.refs(), ["refs/heads/main", "refs/tags/v1"])
        self.push("--delete", "v1")
        self.assertEqual(self.refs(), ["refs/heads/main"])

    def test_without_a_passport_nothing_is_pushed(self):
        self.git("rm", "-q", "a model.passport.sigstore.jsonl")
        self.commit()
        self.refused("no passport that passes; nothing is pushed")

    def test_a_passport_elsewhere_is_found_where_it_is_said_to_be(self):
        self.git("mv", "a model.passport.sigstore.jsonl", "p.jsonl")
        self.commit()
        self.configure("passport", "p.jsonl")
        self.assertIn("pass", self.push())

    def test_what_cannot_be_judged_is_not_pushed(self):
        self.configure("model", "none")
        self.refused("has no none: git config carnet.model PATH")
        self.configure("model", "a model")
        self.configure("trust", "/nowhere")
        self.refused("/nowhere")
        self.git("config", "--unset", "carnet.trust")
        self.refused("whose keys count?")

    def test_weights_that_are_not_at_hand_are_told_as_such(self):
        shutil.rmtree(self.work / ".git/lfs/objects")
        self.refused("its weights are not at hand")

    def test_a_link_is_not_followed_out_of_the_commit(self):
        config = self.work / "a model/config.json"
        config.unlink()
        config.symlink_to(recorded().folder / "model/config.json")
        self.commit()
        self.refused("config.json")

    def test_the_repositorys_own_attributes_and_hooks_change_nothing(self):
        with open(self.work / ".gitattributes", "a", encoding="utf-8") as file:
            file.write("* text=auto eol=crlf\n*.json export-ignore\n*.json filter=evil\n")
        self.git("config", "filter.evil.smudge", "touch evil; cat")
        self.git("add", ".gitattributes")
        self.git("commit", "-q", "-m", "Attributes")
        self.assertIn("pass", self.push())
        self.assertFalse((self.work / "evil").exists())


if __name__ == "__main__":
    unittest.main()
