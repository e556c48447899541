"""A ledger through the package, against the command."""
import json
import pathlib
import shutil
import tempfile
import unittest

import carnet
from recorded import DEVICE, command, recorded


class LedgerTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.reader = carnet.LedgerReader.open(recorded().folder / "ledger")

    def test_its_info_is_the_commands(self):
        said = json.loads(command("ledger", "info", recorded().folder / "ledger", "--json"))
        info = self.reader.info()
        self.assertEqual((info.origin, info.tree_size, info.root, info.key),
                         (said["origin"], said["tree_size"], said["root"], said["vkey"]))
        self.assertTrue(info.checkpoint.startswith(f"log.example.org\n{info.tree_size}\n"))

    def test_bundles_are_found_by_index_and_by_statement(self):
        for step in (recorded().run, *recorded().segments):
            bundle = self.reader.bundle(step.statement)
            self.assertEqual(self.reader.bundle_at(step.index), bundle)
            self.assertEqual(json.loads(bundle)["verificationMaterial"]["tlogEntries"][0]
                             ["logIndex"], str(step.index))
        self.assertIn(recorded().completion.index,
                      self.reader.indices_of(recorded().model.digest))
        self.assertEqual(len(self.reader.indices_of(recorded().model.digest, limit=1)), 1)
        with self.assertRaises(carnet.NotFound):
            self.reader.bundle_at(10**6)
        with self.assertRaises(carnet.NotFound):
            self.reader.bundle("0" * 64)
        with self.assertRaisesRegex(carnet.Malformed, "statement id"):
            self.reader.bundle("nonsense")

    def test_the_passport_is_whole(self):
        passport = self.reader.passport(recorded().issued.statement)
        self.assertEqual(sorted(map(len, passport.splitlines())) and len(passport.splitlines()),
                         recorded().issued.verdict.attestations)
        self.assertIs(recorded().gate().check(passport, recorded().model).passed, True)

    def test_the_trusted_root_is_the_commands(self):
        self.assertEqual(json.loads(self.reader.trusted_root()),
                         json.loads(command("ledger", "trust", recorded().folder / "ledger")))

    def test_what_was_signed_elsewhere_is_appended_once(self):
        """Two copies of one ledger: what one logged is new to the other."""
        carnet.Ledger.create(self.folder / "one", "log.example.org")
        shutil.copytree(self.folder / "one", self.folder / "two")
        with carnet.Ledger.open(self.folder / "one") as one:
            bundle = carnet.attest(one, recorded().cloud, "device", DEVICE).bundle
        with carnet.Ledger.open(self.folder / "two") as two:
            first = two.append(bundle, recorded().cloud.public_key)
            again = two.append(bundle, recorded().cloud.public_key)
            self.assertEqual((first.index, first.duplicate), (0, False))
            self.assertEqual((again.index, again.duplicate), (0, True))
            with self.assertRaisesRegex(carnet.Rejected, "another ledger"):
                two.append(self.reader.bundle(recorded().device), recorded().cloud.public_key)
            with self.assertRaises(carnet.Rejected):
                two.append(bundle, recorded().lab.public_key)
            with self.assertRaises(carnet.Malformed):
                two.append("{}", recorded().cloud.public_key)
        command("ledger", "fsck", self.folder / "two")

    def test_fsck_reports(self):
        report = carnet.fsck(recorded().folder / "ledger")
        self.assertEqual(report.findings, ())
        self.assertEqual(report.tree_size, self.reader.info().tree_size)
        self.assertGreater(report.rows_checked, report.tree_size)
        with self.assertRaises(carnet.NotFound):
            carnet.fsck(self.folder / "nowhere")

    def test_one_writer_at_a_time(self):
        with carnet.Ledger.open(recorded().folder / "ledger"):
            with self.assertRaises(carnet.Conflict):
                carnet.Ledger.open(recorded().folder / "ledger")
        with self.assertRaises(carnet.Conflict):
            carnet.Ledger.create(recorded().folder / "ledger", "log.example.org")
        with self.assertRaises(carnet.Malformed):
            carnet.Ledger.create(self.folder / "x", "no hostname/")
