"""examples/git-lfs/pre-push: real pushes with real Git LFS objects, to a repository in a folder."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from recorded import recorded

HOOK = pathlib.Path(__file__).resolve().parents[2] / "examples/git-lfs/pre-push"
NAME = "a model\nof 'ours' & <$(x)>"  # a folder of the repository
PASSPORT = "model.passport.sigstore.jsonl"


def has_git_lfs():
    return shutil.which("git-lfs") is not None and shutil.which("git") is not None


def is_other_disk(folder):
    return os.path.isdir(folder) and os.stat(folder).st_dev != os.stat(tempfile.gettempdir()).st_dev


@unittest.skipUnless(has_git_lfs(), "git-lfs is not installed")
class PrePushTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="carnet-git-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.tree, self.remote = self.folder / "work", self.folder / "remote.git"
        (self.folder / "home").mkdir()
        commands = self.folder / "bin"
        commands.mkdir()
        (commands / "carnet").symlink_to(os.environ["CARNET_BINARY"])
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("GIT_", "CARNET_"))}
        self.environment = {
            **kept, "HOME": str(self.folder / "home"), "GIT_CONFIG_NOSYSTEM": "1",
            "XDG_CONFIG_HOME": str(self.folder / "home"),
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}
        self.run_in(self.folder, "git", "init", "-q", "--bare", self.remote)
        self.run_in(self.folder, "git", "init", "-q", "-b", "main", self.tree)
        for name, value in (("user.name", "A"), ("user.email", "a@example.org"),
                            ("carnet.trust", recorded().folder / "trust")):
            self.git("config", name, value)
        self.git("lfs", "install", "--local", "--skip-repo")
        self.git("remote", "add", "origin", f"file://{self.remote}")
        hook = self.tree / ".git/hooks/pre-push"
        hook.parent.mkdir(exist_ok=True)
        shutil.copy(HOOK, hook)
        (self.tree / ".gitattributes").write_text("*.safetensors filter=lfs diff=lfs -text\n")
        self.write_model(self.tree)
        self.commit()

    def run_in(self, folder, *arguments, status=0, **options):
        done = subprocess.run([*map(str, arguments)], cwd=folder, env=self.environment,
                              capture_output=True, text=True, errors="replace", check=False,
                              **options)
        self.assertEqual(done.returncode == 0, status == 0, done.stdout + done.stderr)
        return done

    def git(self, *arguments, **options):
        return self.run_in(self.tree, "git", *arguments, **options).stdout.strip()

    def write_model(self, folder, passport=PASSPORT):
        shutil.copytree(recorded().folder / "model", folder, dirs_exist_ok=True)
        if passport:
            shutil.copy(recorded().passport, folder / passport)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "a change")
        return self.git("rev-parse", "HEAD")

    def push(self, *what, status=0, said=()):
        """A push leaves nothing behind; one that is refused does not change the remote."""
        before = self.pushed()
        done = self.run_in(self.tree, "git", "push", "origin", *(what or ("main",)), status=status)
        for text in [said] if isinstance(said, str) else said:
            self.assertIn(text, done.stderr)
        self.assertEqual(list((self.tree / ".git").glob("carnet-pre-push*")), [])
        if status:
            self.assertIn("nothing was pushed", done.stderr)
            self.assertEqual(self.pushed(), before)
        return done.stderr

    def pushed(self):
        return self.run_in(self.remote, "git", "for-each-ref", "--format=%(refname)").stdout.split()

    def objects(self, repository):
        return sorted(path.name for path in (repository / "lfs/objects").glob("*/*/*"))

    def test_a_model_that_passes_is_pushed_with_its_objects(self):
        self.assertEqual(len(self.objects(self.tree / ".git")), 1)
        said = self.push(said="decision     pass")
        self.assertNotIn("was pushed", said)
        self.assertEqual(self.pushed(), ["refs/heads/main"])
        self.assertEqual(self.objects(self.remote), self.objects(self.tree / ".git"))

    def test_what_is_pushed_counts_and_not_the_working_tree(self):
        (self.tree / "config.json").write_text("[]\n")
        (self.tree / "model.safetensors").unlink()
        self.push()
        self.commit()
        self.write_model(self.tree)  # the working tree is right again, the commit is not
        self.push(status=1, said=("refused: the model of refs/heads/main does not pass",
                                  "config.json is sha256:"))

    def test_a_setting_that_skips_smudging_changes_nothing(self):
        self.environment["GIT_LFS_SKIP_SMUDGE"] = "1"
        self.push(said="decision     pass")

    @unittest.skipUnless(is_other_disk("/dev/shm"), "there is no second file system here")
    def test_objects_are_found_where_they_cannot_be_linked(self):
        storage = tempfile.TemporaryDirectory(dir="/dev/shm")
        self.addCleanup(storage.cleanup)
        shutil.move(self.tree / ".git/lfs/objects", storage.name)
        self.git("config", "lfs.storage", storage.name)
        self.push(said="decision     pass")

    def test_judging_installs_nothing_and_leaves_the_objects_alone(self):
        before = [(path, path.lstat().st_nlink) for path in sorted(self.tree.rglob("*"))
                  if ".git/hooks" in str(path) or ".git/lfs/objects" in str(path)]
        self.write_model(self.tree, passport=None)
        (self.tree / PASSPORT).write_text("{}\n")
        self.commit()
        self.push(status=1, said="malformed")
        self.assertEqual([(path, path.lstat().st_nlink) for path, _ in before], before)
        self.assertEqual(sorted(path.name for path in (self.tree / ".git/hooks").glob("po*")
                                if path.suffix != ".sample"), [])

    def test_changed_weights_are_refused(self):
        weights = self.tree / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
        self.commit()
        self.push(status=1, said=("other-model", "refused: the model of refs/heads/main"))
        self.assertFalse((self.remote / "lfs").exists())

    def test_a_model_without_a_passport_is_refused(self):
        (self.tree / PASSPORT).unlink()
        self.commit()
        self.push(status=1, said="no passport")

    def test_an_object_that_is_missing_or_damaged_is_never_a_pass(self):
        store, = (self.tree / ".git/lfs/objects").glob("*/*/*")
        content = store.read_bytes()
        store.chmod(0o644)
        store.write_bytes(content[:-1] + b"\0")
        self.push(status=1, said=("could not tell", "is damaged"))
        store.unlink()
        self.push(status=1, said=("could not tell", "model.safetensors is not here"))

    def test_paths_and_passports_are_those_of_the_settings(self):
        self.git("rm", "-q", "-r", "--cached", ".")
        for name in ("config.json", "model.safetensors", PASSPORT):
            (self.tree / name).unlink()
        self.write_model(self.tree / NAME, passport=None)
        shutil.copy(recorded().passport, self.tree / f"{NAME}.passport.sigstore.jsonl")
        (self.tree / "papers").mkdir()
        shutil.copy(recorded().passport, self.tree / "papers/of it.jsonl")
        self.commit()
        self.push(status=1, said="contains a control or invisible character")
        self.git("config", "carnet.model", f"./{NAME}/")
        self.push(said="decision     pass")
        self.git("config", "carnet.passport", "papers/of it.jsonl")
        self.push("main:papers", said="decision     pass")
        self.git("config", "carnet.passport", recorded().passport)
        self.push("main:outside", said="decision     pass")
        self.git("config", "carnet.passport", "papers/none.jsonl")
        self.push("main:none", status=1, said="refs/heads/none has no papers/none.jsonl")

    def test_names_of_files_are_told_so_that_a_terminal_obeys_none(self):
        (self.tree / "x\n\x1b[31m").symlink_to("config.json")
        self.commit()
        said = self.push(status=1, said="is a symbolic link")
        self.assertNotIn("\x1b[31m", said)

    def test_a_link_is_refused_and_nothing_outside_is_read(self):
        for name, target in (("out.json", recorded().folder / "lab.key"), ("in", "config.json")):
            with self.subTest(name=name):
                (self.tree / name).symlink_to(target)
                self.commit()
                self.push(status=1, said=f"{name} is a symbolic link")
                (self.tree / name).unlink()
        self.git("config", "carnet.model", "link")
        (self.tree / "link").symlink_to(recorded().folder / "model")
        self.commit()
        self.push(status=1, said="link is a symbolic link")

    def test_a_name_that_leads_out_of_the_folder_is_refused(self):
        blob = self.git("hash-object", "-w", "config.json")
        inner = self.mktree(f"100644 blob {blob}\tescaped")
        for name, of in ((".., with a folder", f"040000 tree {inner}\t.."),
                         (".git", f"040000 tree {inner}\t.GIT")):
            with self.subTest(name=name):
                tree = self.mktree(of)
                commit = self.git("commit-tree", "-m", "x", tree)
                self.push(f"{commit}:refs/heads/out", status=1, said="the commit has a file at")
        self.assertEqual(list(self.folder.rglob("escaped")), [])

    def mktree(self, listing):
        return self.git("mktree", input=listing + "\n")

    def test_nothing_of_the_repository_is_run_or_decides_what_is_judged(self):
        ran = self.folder / "ran"
        self.git("config", "filter.evil.smudge", f"touch {ran}; cat")
        (self.tree / ".gitattributes").write_text(
            "*.safetensors filter=lfs -text\n*.json filter=evil\nextra.bin export-ignore\n")
        self.commit()
        self.push(said="decision     pass")
        (self.tree / "extra.bin").write_bytes(b"not in the passport")
        self.commit()
        self.push(status=1, said="extra.bin is in the model, but not in the passport")
        self.assertFalse(ran.exists())

    def test_what_replaces_an_object_here_is_not_what_is_judged(self):
        good = self.git("rev-parse", "HEAD")
        (self.tree / "config.json").write_text("[]\n")
        self.git("replace", self.commit(), good)
        self.push(status=1, said="config.json is sha256:")

    def test_several_refs_are_judged_each_and_the_same_files_once(self):
        self.git("tag", "-a", "-m", "a version", "v1")
        self.git("tag", "light")
        said = self.push("main", "v1", "light")
        self.assertEqual(said.count("decision     pass"), 1)
        self.assertEqual(self.pushed(), ["refs/heads/main", "refs/tags/light", "refs/tags/v1"])
        (self.tree / "config.json").write_text("[]\n")
        self.commit()
        self.git("tag", "-a", "-m", "another", "v2")
        self.push("v1:refs/heads/again", "v2", status=1, said="the model of refs/tags/v2 does not")

    def test_an_expression_with_spaces_is_a_ref_like_others(self):
        self.push("HEAD^{/a change}:refs/heads/found", said="decision     pass")
        (self.tree / "config.json").write_text("[]\n")
        self.commit()
        self.push("HEAD^{/a change}:refs/heads/found", status=1, said="config.json is sha256:")

    def test_a_deletion_is_not_judged(self):
        self.push("main:gone")
        said = self.push(":gone")
        self.assertNotIn("decision", said)
        self.assertEqual(self.pushed(), [])

    def test_a_ref_without_the_model_is_refused_unless_the_settings_leave_it_out(self):
        self.git("config", "carnet.model", "weights")
        self.push(status=1, said="refs/heads/main has no weights, which git config carnet.model")
        blob = self.git("hash-object", "-w", "config.json")
        self.git("tag", "blob", blob)
        self.push("blob", status=1, said="refs/tags/blob is no commit")
        self.git("config", "carnet.ref", "refs/heads/rel*")
        self.git("config", "--add", "carnet.ref", "refs/heads/stable")
        self.push(said="refs/heads/main is not judged")
        for name in ("release", "stable"):
            self.push(f"main:{name}", status=1, said=f"refs/heads/{name} has no weights")

    def test_what_is_not_set_up_is_never_a_pass(self):
        for name, value, said in (
                ("carnet.trust", "", "whom do you trust"),
                ("carnet.trust", "no-folder", "there is no trust directory"),
                ("carnet.policy", "no-policy", "could not tell whether the model"),
                ("carnet.model", "../model", "a setting has the path ../model"),
                ("carnet.model", "/model", "a setting has the path /model")):
            with self.subTest(name=name, value=value):
                before = self.git("config", "--default", "", name)
                self.git("config", name, value)
                self.push(status=1, said=said)
                self.git("config", name, before)
        (self.folder / "bin/carnet").unlink()
        (self.folder / "bin/carnet").write_text("#!/bin/sh\nkill -SEGV $$\n")
        (self.folder / "bin/carnet").chmod(0o755)
        self.push(status=1, said="could not tell whether the model of refs/heads/main passes")

    def test_a_toml_file_in_the_repository_decides_nothing(self):
        (self.folder / "carnet.toml").write_text("not toml")
        (self.tree / "carnet.toml").write_text("policy = 'none'\n")
        self.push(said="decision     pass")

    def test_the_status_of_git_lfs_is_that_of_the_push(self):
        self.git("config", "lfs.url", f"file://{self.folder}/no-remote")
        done = self.run_in(self.tree, "git", "push", "origin", "main", status=1)
        self.assertIn("decision     pass", done.stderr)
        self.assertEqual(self.pushed(), [])
