"""carnet.Run, judged by the command."""
import base64
import contextlib
import datetime
import hashlib
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import carnet
from recorded import PASSWORD, SHAPES, command, write_weights

FIELDS = {"kind": "pre-training", "opened_by": "the lab", "authorised_by": "the board",
          "intended_deployment": "research"}
PARAMETERS = sum(rows * columns for rows, columns in SHAPES.values())
STEP_S = 0.02  # of a segment: the physics of a CPU allow its FLOP


class Project(unittest.TestCase):
    """A folder as `carnet init` makes it, in which the test works."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        before = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(before)))
        os.environ["CARNET_PASSWORD"] = PASSWORD
        command("init", "lab", "--party", "example-lab", "--own-devices")
        (self.folder / "data").mkdir()
        (self.folder / "data/a.txt").write_text("some text\n")

    def make(self, directory="run1", **options):
        run = carnet.Run(directory, **{"datasets": carnet.Data("data", source="public"), **FIELDS,
                                       **options})
        self.addCleanup(run.close)
        return run

    def train(self, run, number, tokens=100, step=None, **fields):
        """One checkpoint, after some time."""
        time.sleep(STEP_S)
        run.count(tokens)
        path = self.folder / f"checkpoints/{number}"
        shutil.rmtree(path, ignore_errors=True)
        write_weights(path, number)
        run.checkpoint(path, step or 10 * number, precision=["fp32"], **fields)
        return path

    def segments(self, directory="run1"):
        """The statements that are logged, oldest first, by the command."""
        found = []
        for number in range(sum(carnet.RunRecorder.read_state(directory).segments)):
            bundle = json.loads((pathlib.Path(directory) /
                                 f"segment-0-{number}.sigstore.json").read_text())
            payload = base64.b64decode(bundle["dsseEnvelope"]["payload"])
            found.append(json.loads(payload)["predicate"])
        return found

    def judged(self, model):
        return json.loads(command("verify", model, "--json"))


class RunTest(Project):
    def test_what_was_recorded_passes_and_adds_up(self):
        run = self.make(name="tiny")
        run.start()
        for number in (1, 2, 3):
            model = self.train(run, number, tokens=100 * number)
        run.complete(model)
        run.issue_passport()
        said = self.judged(model)
        self.assertEqual(said["decision"], "pass")
        self.assertEqual(run.problems, [])
        self.assertEqual([(one["steps"]["from"], one["steps"]["to"], one["tokens"])
                          for one in self.segments()], [(0, 10, 100), (10, 20, 200), (20, 30, 300)])
        self.assertEqual([int(one["flop"]["total"]["amount"]) for one in self.segments()],
                         [6 * PARAMETERS * 100 * number for number in (1, 2, 3)])
        command("ledger", "fsck", "ledger")
        self.assertEqual(list((self.folder / "run1/queue").iterdir()), [])

    def test_a_checkpoint_may_be_deleted_at_once(self):
        run = self.make()
        run.start()
        for number in (1, 2):
            model = self.train(run, number)
            expected = command("digest", model, "--json")
            shutil.rmtree(model)
        run.close()
        self.assertEqual(run.problems, [])
        self.assertEqual(self.segments()[1]["model"], json.loads(expected)["model"])

    def test_what_trainers_keep_to_go_on_from_is_no_part_of_the_model(self):
        run = self.make()
        run.start()
        path = self.folder / "one"
        write_weights(path, 7)
        expected = json.loads(command("digest", path, "--json"))["model"]
        (path / "optimizer.pt").write_bytes(b"state")
        (path / "rng_state_0.pth").write_bytes(b"state")
        time.sleep(STEP_S)
        run.count(5)
        run.checkpoint(path, 1, precision=["fp32"])
        run.close()
        self.assertEqual(self.segments()[0]["model"], expected)

    def test_what_cannot_be_recorded_becomes_part_of_the_next_segment(self):
        run = self.make()
        run.start()
        self.train(run, 1, tokens=10)
        run.wait()
        ledger = self.folder / "ledger"
        os.rename(ledger, self.folder / "away")  # for the drain of the next checkpoint
        self.train(run, 2, tokens=20)
        run.wait()
        self.assertEqual(len(run.problems), 1)
        self.assertIn("checkpoints/2: ledger", run.problems[0])
        os.rename(self.folder / "away", ledger)
        shutil.rmtree(next((self.folder / "run1/queue").glob("[0-9]*[0-9]")))  # its files are lost
        model = self.train(run, 3, tokens=30)
        run.complete(model)
        self.assertEqual([(one["steps"]["from"], one["steps"]["to"], one["tokens"])
                          for one in self.segments()], [(0, 10, 10), (10, 30, 50)])

    def test_a_gap_is_told_and_nothing_is_completed(self):
        run = self.make()
        run.start()
        first = self.train(run, 1)
        run.wait()
        os.rename("ledger", "away")
        self.train(run, 2)
        run.wait()
        os.rename("away", "ledger")
        shutil.rmtree(next((self.folder / "run1/queue").glob("[0-9]*[0-9]")))
        with self.assertRaisesRegex(carnet.Rejected,
                                    "cannot be completed: checkpoint .*/2: .*/queue/"):
            run.complete(first)
        linked = self.folder / "linked"
        linked.mkdir()
        (linked / "model.safetensors").symlink_to(first / "model.safetensors")
        other = self.make("run2")
        other.start()
        model = self.train(other, 1)
        other.checkpoint(linked, 20, tokens=5, precision=["fp32"])
        with self.assertRaisesRegex(carnet.Rejected, "linked: .*is a link"):
            other.complete(model)
        last = self.train(other, 3, tokens=7)
        other.complete(last)
        self.assertEqual([one["tokens"] for one in self.segments("run2")], [100, 12])
        self.assertEqual(carnet.RunRecorder.read_state("run1").outcome, "open")

    def test_training_goes_on_whatever_is_missing(self):
        for options, why in (({"key": "nowhere.key"}, "nowhere.key"),
                             ({"password": "wrong"}, "password"),
                             ({"ledger": "nowhere"}, "nowhere"),
                             ({"datasets": "nowhere"}, "nowhere"),
                             ({"opened_by": ""}, "opened_by")):
            with self.subTest(why=why):
                run = self.make(f"run-{why}", **options)
                with self.assertLogs("carnet", "WARNING") as logged:
                    self.train(run, 1)
                    run.wait()
                self.assertIn(why, logged.output[0])
                self.assertIn(why, run.problems[0])
                with self.assertRaises(carnet.Error):
                    self.make(f"strict-{why}", strict=True, **options).start()

    def test_without_a_project_it_says_how_to_make_one(self):
        os.chdir("/")
        os.environ["CARNET_CONFIG"] = "none"
        run = self.make(self.folder / "elsewhere")
        run.start()
        self.assertIn("`carnet init` writes one", run.problems[0])

    def test_a_ledger_that_another_writes_to_is_waited_for(self):
        run = self.make()
        run.start()
        with carnet.Ledger.open("ledger"):
            self.train(run, 1)
            time.sleep(0.5)
            self.assertEqual(carnet.RunRecorder.read_state("run1").segments, (0,))
        run.wait()
        self.assertEqual(carnet.RunRecorder.read_state("run1").segments, (1,))

    def test_the_base_is_judged_before_the_run_is_opened(self):
        first = self.make("first", name="base")
        first.start()
        base = self.train(first, 1)
        first.complete(base)
        issued = first.issue_passport()
        tuned = self.make("tuned", kind="fine-tune", base=base)
        tuned.start()
        model = self.train(tuned, 2)
        tuned.complete(model)
        tuned.issue_passport(name="tuned")
        traced = carnet.trace(carnet.digest(model).digest, "ledger")
        self.assertIn(issued.statement, [node.id for node in traced.nodes])
        self.assertEqual(self.judged(model)["decision"], "pass")
        other = self.make("other", kind="fine-tune", base=self.folder / "data")
        other.start()
        self.assertIn("has no passport", other.problems[0])
        (base / "model.safetensors").write_bytes(b"")
        changed = self.make("changed", kind="fine-tune", base=base)
        changed.start()
        self.assertIn("its passport does not pass: other-model", changed.problems[0])

    def test_commitments_open_with_what_is_kept(self):
        run = self.make()
        run.describe(seed=42, data_order={"sampler": "RandomSampler", "é": "ü"})
        run.start()
        kept = self.folder / "run1/openings.json"
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        opened = json.loads(kept.read_text())
        bundle = json.loads((self.folder / "run1/run.sigstore.json").read_text())
        statement = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
        subject = bytes.fromhex(statement["subject"][0]["digest"]["sha256"])
        for field, value in (("seed_commitment", '{"seed":"42"}'),
                             ("data_order_commitment", '{"sampler":"RandomSampler","é":"ü"}')):
            name = f"run.{field}".encode()
            digest = hashlib.sha256(
                b"carnet-commitment-v1\n" + bytes([0, len(name)]) + name + subject +
                bytes.fromhex(opened[field]["salt"]) + value.encode()).hexdigest()
            self.assertEqual(statement["predicate"][field], digest)
        again = self.make()
        again.describe(seed=43)
        again.start()
        self.assertIn("committed to {'seed': '42'}", again.problems[0])


class DocumentTest(Project):
    def test_the_page_prints_what_it_says(self):
        page = (pathlib.Path(__file__).resolve().parents[2] / "docs/training.md").read_text()
        block = page.split("```python\n")[1].split("```")[0]

        def train_step():
            time.sleep(STEP_S / 10)
            return 7

        def save_checkpoint(step):
            path = self.folder / f"checkpoints/{step}"
            write_weights(path, step)
            return path

        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(block, "the page", "exec"),
                 {"train_step": train_step, "save_checkpoint": save_checkpoint})
        self.assertEqual(out.getvalue(), page.split("```text\n")[1].split("```")[0])
        self.assertEqual([one["tokens"] for one in self.segments()], [350, 350])


KILLED = """
import os, signal, sys
sys.path[:0] = {path!r}
import run_test
from run_test import *
import carnet._run, carnet._queue
place = {place!r}
def die(*ignored, **named): os.kill(os.getpid(), signal.SIGKILL)
def after(function):
    def then(*args, **named):
        function(*args, **named)
        die()
    return then
os.environ["CARNET_PASSWORD"] = PASSWORD
run = carnet.Run("run1", datasets=carnet.Data("data", source="public"), **FIELDS)
run.start()
def train(number):
    time.sleep(STEP_S)
    run.count(100)
    write_weights(pathlib.Path(f"checkpoints/{{number}}"), number)
    run.checkpoint(f"checkpoints/{{number}}", 10 * number, precision=["fp32"])
train(1)
run.wait()
if place == "queued": carnet._run.Run._record = die
if place == "linked": carnet._queue.write_atomic = die
if place == "read": carnet._run.Run._step = die
if place == "signed": carnet._run.Run._step = after(carnet._run.Run._step)
if place == "remembered": carnet._queue.Queue.remove = die
train(2)
run.wait()
"""


class KilledTest(Project):
    def test_a_job_that_is_killed_anywhere_goes_on(self):
        for place in ("queued", "linked", "read", "signed", "remembered"):
            with self.subTest(place=place):
                directory = self.folder / place
                directory.mkdir()
                os.chdir(directory)
                shutil.copytree(self.folder / "data", "data")
                command("init", "lab", "--party", "example-lab", "--own-devices")
                done = subprocess.run([sys.executable, "-c", KILLED.format(
                    path=sys.path[:2], place=place)], check=False, capture_output=True, text=True)
                self.assertEqual(done.returncode, -signal.SIGKILL, done.stderr)
                run = carnet.Run("run1", datasets=carnet.Data("data", source="public"), **FIELDS)
                run.start()
                self.assertTrue(run.resumed)
                lost = place == "linked"  # before the call returned
                self.assertEqual(carnet.RunRecorder.read_state("run1").segments,
                                 (1 if lost else 2,))
                began = time.time()
                self.folder, folder = directory, self.folder
                model = self.train(run, 2 if lost else 3)
                run.complete(model)
                run.issue_passport(name="tiny")
                run.close()
                self.assertEqual(run.problems, [])
                self.assertEqual([one["tokens"] for one in self.segments()],
                                 [100] * (2 if lost else 3))
                last = self.segments()[-1]["time"]["from"]
                self.assertGreater(datetime.datetime.fromisoformat(
                    last.replace("Z", "+00:00")).timestamp(), began - 5)
                self.assertEqual(self.judged(model)["decision"], "pass")
                command("ledger", "fsck", "ledger")
                self.folder = folder


RANK = """
import os, sys
sys.path[:0] = {path!r}
from run_test import *
os.environ["CARNET_PASSWORD"] = PASSWORD
run = carnet.Run("run1", datasets=carnet.Data("data", source="public"), **FIELDS)
run.start()
for number in (1, 2):
    time.sleep(STEP_S * (1 + int(os.environ["RANK"])))
    run.count(10 ** int(os.environ["RANK"]))
    write_weights(pathlib.Path(f"checkpoints/{{number}}.{{os.environ['RANK']}}"), number)
    run.checkpoint(f"checkpoints/{{number}}.{{os.environ['RANK']}}", 10 * number,
                   precision=["fp32"])
run.close()
sys.exit(repr(run.problems) if run.problems else 0)
"""


class RanksTest(Project):
    def start(self, rank, job, size=3):
        environment = {**os.environ, "RANK": str(rank), "WORLD_SIZE": str(size), "CARNET_JOB": job}
        if rank:  # who does not sign has no key
            environment["CARNET_KEY"] = "nowhere"
        return subprocess.Popen([sys.executable, "-c", RANK.format(path=sys.path[:2])],
                                env=environment, stderr=subprocess.PIPE, text=True)

    def test_tokens_of_all_ranks_are_summed_and_one_machine_is_one_device(self):
        ranks = [self.start(rank, "a") for rank in range(3)]
        for rank in ranks:
            self.assertEqual(rank.communicate(timeout=60)[1], "")
            self.assertEqual(rank.returncode, 0)
        self.assertEqual([one["tokens"] for one in self.segments()], [111, 111])
        self.assertEqual([len(one["usage"]) for one in self.segments()], [1, 1])

    def test_without_a_name_of_the_attempt_nothing_is_read_from_others(self):
        os.environ.update(RANK="0", WORLD_SIZE="2")
        for name in ("CARNET_JOB", "SLURM_JOB_ID", "TORCHELASTIC_RUN_ID", "PMIX_NAMESPACE"):
            os.environ.pop(name, None)
        run = self.make()
        run.start()
        self.assertIn("give CARNET_JOB", run.problems[0])


if __name__ == "__main__":
    unittest.main()
