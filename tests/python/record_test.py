"""Recording through the package, judged by the command."""
import json
import pathlib
import tempfile
import unittest

import carnet
from recorded import DEVICE, PASSPORT_DRAFT, PASSWORD, command, recorded, run_draft, utc_now


class RecordTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def ledger(self):
        carnet.Ledger.create(self.folder / "ledger", "log.example.org")
        return carnet.Ledger.open(self.folder / "ledger")

    def test_the_command_accepts_what_was_recorded(self):
        folder = recorded().folder
        said = json.loads(command("verify", folder / "model", "--passport", folder / "passport.jsonl",
                                  "--trust", folder / "trust", "--json"))
        self.assertEqual(said["decision"], "pass")
        self.assertEqual(said["passport"], recorded().issued.statement)
        command("ledger", "fsck", folder / "ledger")

    def test_the_runs_state_is_what_was_recorded(self):
        state = carnet.RunRecorder.read_state(recorded().folder / "run")
        self.assertEqual((state.outcome, state.segments, state.next_steps, state.unlogged_steps),
                         ("completed", (2,), (20,), ()))
        self.assertEqual(state.run, recorded().run.statement)
        self.assertEqual(state.completion, recorded().completion.statement)
        self.assertEqual([step.step for step in recorded().segments],
                         ["segment-0-0", "segment-0-1"])
        with self.assertRaises(carnet.NotFound):
            carnet.RunRecorder.read_state(self.folder / "nowhere")

    def test_a_repeated_call_signs_nothing(self):
        with carnet.Ledger.open(recorded().folder / "ledger") as ledger:
            size = ledger.read().info().tree_size
            with carnet.RunRecorder.open(recorded().folder / "run", recorded().lab,
                                         ledger) as recorder:
                again = recorder.open_run(run_draft(recorded().dataset))
                with self.assertRaises(carnet.Conflict):
                    recorder.open_run({**run_draft(recorded().dataset), "lanes": 2})
                with self.assertRaises(carnet.Conflict):
                    carnet.RunRecorder.open(recorded().folder / "run", recorded().lab, ledger)
            self.assertTrue(again.repeated)
            self.assertEqual(again.statement, recorded().run.statement)
            self.assertEqual(ledger.read().info().tree_size, size)

    def test_a_nonce_makes_an_attestation_once(self):
        with self.ledger() as ledger:
            nonce, now = "0123456789abcdef" * 2, utc_now()
            first, again = (carnet.attest(ledger, recorded().cloud, "device", DEVICE, now=now,
                                          nonce=nonce) for _ in range(2))
            self.assertEqual(first, again)
            with self.assertRaises(carnet.Conflict):
                carnet.attest(ledger, recorded().cloud, "device", {**DEVICE, "vendor": "Another"}, now=now,
                              nonce=nonce)
            self.assertNotEqual(carnet.attest(ledger, recorded().cloud, "device", DEVICE).statement,
                                first.statement)

    def test_a_draft_is_text_or_a_mapping_and_nothing_else(self):
        with self.ledger() as ledger:
            text = carnet.attest(ledger, recorded().cloud, "device", json.dumps(DEVICE))
            bundle = json.loads(text.bundle)
            self.assertIn("dsseEnvelope", bundle)
            for wrong in (7, None, ["id"], b"{}"):
                with self.subTest(wrong=wrong), self.assertRaises(TypeError):
                    carnet.attest(ledger, recorded().cloud, "device", wrong)
            with self.assertRaises(ValueError):
                carnet.attest(ledger, recorded().cloud, "device", {**DEVICE, "units": float("nan")})
            with self.assertRaisesRegex(carnet.Malformed, "unitz"):
                carnet.attest(ledger, recorded().cloud, "device", {**DEVICE, "unitz": 1})
            with self.assertRaisesRegex(carnet.Malformed, "nonsense"):
                carnet.attest(ledger, recorded().cloud, "nonsense", {})
            self.assertEqual(ledger.read().info().tree_size, 1)

    def test_a_passport_that_the_gate_refuses_is_not_handed_out(self):
        with carnet.Ledger.open(recorded().folder / "ledger") as ledger:
            other = carnet.digest(recorded().folder / "ckpt/0")
            with self.assertRaises(carnet.Rejected):
                carnet.issue_passport(ledger, recorded().lab, recorded().gate(), other,
                                      PASSPORT_DRAFT, recorded().completion.statement)
            with self.assertRaisesRegex(carnet.Malformed, "completion: expected 64"):
                carnet.issue_passport(ledger, recorded().lab, recorded().gate(), recorded().model,
                                      PASSPORT_DRAFT, "nonsense")


class KeyTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_a_key_is_the_one_that_its_file_has(self):
        key = carnet.Key.generate(self.folder / "k", PASSWORD)
        self.assertRegex(key.id, "^key:[0-9a-f]{64}$")
        self.assertEqual(key.public_key, (self.folder / "k.pub").read_text())
        self.assertEqual(carnet.Key.load(self.folder / "k.key", PASSWORD).id, key.id)
        self.assertNotIn(PASSWORD, repr(key))
        self.assertIn(key.id, repr(key))

    def test_a_password_is_asked_for_only_when_it_is_needed(self):
        asked = []
        carnet.Key.generate(self.folder / "k", PASSWORD)
        carnet.Key.load(self.folder / "k.key", lambda: asked.append(1) or PASSWORD)
        self.assertEqual(asked, [1])
        with self.assertRaisesRegex(carnet.Rejected, "no password was given"):
            carnet.Key.load(self.folder / "k.key")
        carnet.Ledger.create(self.folder / "open", "log.example.org")
        carnet.Ledger.open(self.folder / "open", password=lambda: asked.append(2)).close()
        self.assertEqual(asked, [1])

    def test_what_is_raised_when_asked_is_what_the_caller_sees(self):
        carnet.Key.generate(self.folder / "k", PASSWORD)

        def refuse():
            raise PermissionError("ask the safe's owner")

        with self.assertRaisesRegex(PermissionError, "ask the safe's owner"):
            carnet.Key.load(self.folder / "k.key", refuse)
        with self.assertRaisesRegex(TypeError, "password: the callable returned"):
            carnet.Key.load(self.folder / "k.key", lambda: 7)
        with self.assertRaises(TypeError):
            carnet.Key.load(self.folder / "k.key", 7)

    def test_a_ledgers_key_can_be_encrypted(self):
        carnet.Ledger.create(self.folder / "ledger", "log.example.org", password=PASSWORD)
        carnet.Ledger.open(self.folder / "ledger", password=PASSWORD).close()
        with self.assertRaisesRegex(carnet.Rejected, "wrong password"):
            carnet.Ledger.open(self.folder / "ledger", password="other")
