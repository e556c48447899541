"""carnet.attest_verdict: a hub's verdict in the hub's own ledger, read by the command."""
import base64
import json
import pathlib
import tempfile
import unittest

import carnet
from recorded import command, recorded


class AttestVerdictTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        carnet.Ledger.create(self.folder / "ledger", "hub.example.org")

    def statement(self, attestation):
        envelope = json.loads(attestation.bundle)["dsseEnvelope"]
        return json.loads(base64.b64decode(envelope["payload"]))

    def attest(self, verdict):
        with carnet.Ledger.open(self.folder / "ledger") as ledger:
            return carnet.attest_verdict(ledger, recorded().cloud, verdict)

    def test_the_summary_says_what_the_command_signs(self):
        verdict = recorded().gate().check(recorded().issued.passport, recorded().model)
        ours = self.statement(self.attest(verdict))
        folder, theirs = recorded().folder, self.folder / "vsa.sigstore.json"
        command("verify", folder / "model", "--passport", folder / "passport.jsonl", "--trust",
                folder / "trust", "--vsa", theirs, "--key", folder / "cloud.key")
        envelope = json.loads(theirs.read_text())["dsseEnvelope"]
        expected = json.loads(base64.b64decode(envelope["payload"]))
        for each in (ours, expected):  # judged at two moments
            del each["predicate"]["timeVerified"], each["predicate"]["carnet_at"]
        self.assertEqual(ours, expected)
        self.assertEqual(ours["predicate"]["verificationResult"], "PASSED")

    def test_the_command_finds_it_sound_in_the_ledger(self):
        attestation = self.attest(recorded().issued.verdict)
        bundle, key = self.folder / "vsa.sigstore.json", self.folder / "hub.pub"
        bundle.write_text(attestation.bundle)
        key.write_text(recorded().cloud.public_key)
        root = self.folder / "trusted_root.json"
        root.write_text(carnet.LedgerReader.open(self.folder / "ledger").trusted_root())
        sums = self.folder / "sums"  # its digest is the model's (docs/formats.md)
        sums.write_text("".join(f"{file.sha256}  {file.path}\n"
                                for file in recorded().model.files))
        said = json.loads(command("verify-attestation", "--key", key, "--bundle", bundle, "--type",
                                  "https://slsa.dev/verification_summary/v1", "--trusted-root",
                                  root, "--json", sums))
        self.assertTrue(said["verified"])
        self.assertEqual([entry["index"] for entry in said["log"]], [attestation.index])
        command("ledger", "fsck", self.folder / "ledger")

    def test_a_no_is_signed_as_one(self):
        command("policy", "new", "strict", "--trust", self.folder)
        policy = self.folder / "policies/strict.toml"
        policy.write_text(policy.read_text().replace("level = 1", "level = 3", 1))
        gate = carnet.Gate(recorded().trust, carnet.Policy.load(policy))
        verdict = gate.check(recorded().issued.passport, recorded().model)
        self.assertEqual(verdict.reason, "policy-requirement")
        predicate = self.statement(self.attest(verdict))["predicate"]
        self.assertEqual(predicate["verificationResult"], "FAILED")
        self.assertEqual(predicate["verifiedLevels"], ["FAILED"])
        self.assertEqual(predicate["policy"]["uri"], "urn:carnet:policy:strict")

    def test_a_verdict_about_nothing_is_refused(self):
        other = carnet.digest(recorded().folder / "ckpt/0")
        verdict = recorded().gate().check(recorded().issued.passport, other)
        self.assertFalse(verdict.passed)
        with self.assertRaisesRegex(carnet.Rejected, "it would be about nothing"):
            self.attest(verdict)
        with carnet.Ledger.open(self.folder / "ledger") as ledger:
            self.assertEqual(ledger.read().info().tree_size, 0)


if __name__ == "__main__":
    unittest.main()
