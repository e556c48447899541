"""What refers to what: nothing goes before those that need it, and nothing stays."""
import copy
import gc
import pathlib
import pickle
import tempfile
import unittest

import carnet
from recorded import PASSWORD, recorded


class LifetimeTest(unittest.TestCase):
    def test_a_gate_keeps_what_it_was_made_of(self):
        trust = carnet.Trust.load(recorded().folder / "trust")
        policy = carnet.Policy.shipped("hub-default")
        gate = carnet.Gate(trust, policy)
        del trust, policy
        gc.collect()
        self.assertIs(gate.check(recorded().issued.passport, recorded().model).passed, True)

    def test_parts_of_a_verdict_outlive_it(self):
        verdict = recorded().gate().check(b"{}", recorded().model)
        finding, row = verdict.findings[0], verdict.rows[0]
        message = finding.message
        del verdict
        gc.collect()
        self.assertEqual(finding.message, message)
        self.assertEqual(row.name, "model")

    def test_a_reader_keeps_its_ledger_and_a_recorder_its_key(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            carnet.Ledger.create(folder / "ledger", "log.example.org")
            ledger = carnet.Ledger.open(folder / "ledger")
            key = carnet.Key.load(recorded().folder / "lab.key", PASSWORD)
            reader = ledger.read()
            recorder = carnet.RunRecorder.open(folder / "run", key, ledger)
            ledger.close()
            del ledger, key
            gc.collect()
            self.assertEqual(reader.info().tree_size, 0)
            with self.assertRaises(carnet.Malformed):
                recorder.open_run("{}")
            with self.assertRaises(carnet.Conflict):
                carnet.Ledger.open(folder / "ledger")
            recorder.close()
            del reader
            carnet.Ledger.open(folder / "ledger").close()

    def test_what_is_closed_says_so(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            carnet.Ledger.create(folder / "ledger", "log.example.org")
            with carnet.Ledger.open(folder / "ledger") as ledger:
                with carnet.RunRecorder.open(folder / "run", recorded().lab, ledger) as recorder:
                    pass
            with self.assertRaisesRegex(ValueError, "the ledger is closed"):
                ledger.read()
            with self.assertRaisesRegex(ValueError, "the recorder is closed"):
                recorder.abort("why not")
            ledger.close()

    def test_a_callback_is_let_go(self):
        class Progress:
            def __call__(self, done, total):
                pass

        progress = Progress()
        before = len(gc.get_referrers(progress))
        for _ in range(100):
            carnet.digest(recorded().folder / "model", progress=progress)
        self.assertEqual(len(gc.get_referrers(progress)), before)

    def test_none_can_be_pickled_or_copied_and_each_says_why(self):
        verdict = recorded().issued.verdict
        with carnet.Ledger.open(recorded().folder / "ledger") as ledger:
            for one in (recorded().model, recorded().model.files[0], recorded().trust, verdict,
                        recorded().gate(), recorded().lab, carnet.Policy.shipped("eu-gpai"), ledger,
                        ledger.read(), recorded().run, verdict.rows[0]):
                for refused in (pickle.dumps, copy.copy, copy.deepcopy):
                    with self.subTest(one=type(one).__name__), self.assertRaisesRegex(
                            TypeError, f"a carnet.{type(one).__name__} cannot be pickled"):
                        refused(one)
