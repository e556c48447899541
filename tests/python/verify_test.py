"""carnet.verify and carnet.Gate, against `carnet verify`."""
import datetime
import json
import os
import pathlib
import shutil
import tempfile
import unittest

import carnet
from recorded import UPDATE_FLOP, command, recorded, utc_now


def without_time(json_text):
    document = json.loads(json_text)
    document.pop("now")
    document.pop("at")
    return document


class VerifyTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        shutil.copytree(recorded().folder / "model", self.folder / "m")
        self.model, self.trust = self.folder / "m", recorded().folder / "trust"

    def put_passport(self, name="m.passport.sigstore.jsonl", content=None):
        (self.folder / name).write_bytes(content or recorded().issued.passport)
        return self.folder / name

    def agrees(self, verdict, *options, status):
        said = command("verify", self.model, "--trust", self.trust, "--json", *options,
                       status=status)
        self.assertEqual(without_time(verdict.to_json()), without_time(said))

    def test_an_honest_passport_passes_as_the_command_says(self):
        self.put_passport()
        verdict = carnet.verify(self.model, trust=self.trust)
        self.assertIs(verdict.passed, True)
        self.assertEqual(verdict.decision, "pass")
        self.assertIsNone(verdict.reason)
        self.assertEqual(verdict.findings, ())
        self.assertEqual(verdict.model, recorded().model.digest)
        self.assertEqual(verdict.passport, recorded().issued.statement)
        self.assertEqual(verdict.parameter_update,
                         recorded().issued.verdict.parameter_update)
        self.assertEqual(verdict.parameter_update.amount, UPDATE_FLOP)
        self.assertEqual(verdict.checkpoint.origin, "log.example.org")
        self.assertEqual(verdict.rows[0].name, "model")
        self.assertEqual(verdict.level, 2)
        self.assertTrue(verdict.missing and verdict.not_checked)
        self.agrees(verdict, status=0)

    def test_another_policy_states_its_thresholds(self):
        self.put_passport()
        verdict = carnet.verify(self.model, trust=self.trust, policy="eu-gpai")
        self.assertEqual(verdict.policy, "eu-gpai")
        threshold = verdict.thresholds[0]
        self.assertEqual((threshold.state, threshold.limit), ("not met", 10**23))
        self.assertGreater(threshold.upper, threshold.stated)
        self.agrees(verdict, "--policy", "eu-gpai", status=0)

    def test_a_changed_model_is_a_no_with_the_commands_reason(self):
        self.put_passport()
        (self.model / "config.json").write_text('{"changed":true}\n')
        verdict = carnet.verify(self.model, trust=self.trust)
        self.assertIs(verdict.passed, False)
        self.assertEqual(verdict.reason, verdict.findings[0].reason)
        self.assertEqual(verdict.findings[0].rule, 18)
        self.assertIn(verdict.findings[0].message, str(verdict))
        self.agrees(verdict, status=1)

    def test_the_text_is_the_commands(self):
        self.put_passport()
        verdict = carnet.verify(self.model, trust=self.trust)
        self.assertEqual(str(verdict), command("verify", self.model, "--trust", self.trust))
        (self.model / "config.json").write_text('{"changed":true}\n')
        verdict = carnet.verify(self.model, trust=self.trust)
        self.assertEqual(str(verdict),
                         command("verify", self.model, "--trust", self.trust, status=1))

    def test_hostile_passports_are_a_no_as_the_command_says(self):
        honest = recorded().issued.passport
        lines = honest.splitlines(keepends=True)
        hostile = {
            "empty": b"\n", "no json": b"\xff\xfe{", "deep": b"[" * 100_000,
            "a line less": b"".join(lines[:-1]), "twice": honest + lines[0],
            "another signature": honest.replace(b'"sig":"ME', b'"sig":"MF', 1),
            "nul": b"\0" * 100, "huge number": b'{"mediaType":1e999}\n',
            "a surrogate": b'{"a":"\\ud800"}\n'}
        for name, content in hostile.items():
            with self.subTest(name):
                self.assertNotEqual(content, honest)
                passport = self.put_passport("hostile", content)
                verdict = carnet.verify(self.model, passport, trust=self.trust)
                self.assertIs(verdict.passed, False)
                self.assertTrue(verdict.reason)
                self.agrees(verdict, "--passport", passport, status=1)

    def test_a_signature_beside_the_model_counts_as_for_the_command(self):
        self.put_passport()
        (self.model / "model.sig").write_text("no signature")
        verdict = carnet.verify(self.model, trust=self.trust)
        self.assertTrue(any("model.sig: not checked" in each for each in verdict.not_checked))
        self.agrees(verdict, status=0)

    def test_a_passport_among_claims_is_found(self):
        (self.model / "claims.jsonl").write_bytes(b"{}\n" + recorded().issued.passport)
        self.assertEqual(carnet.find_passport(self.model), str(self.model / "claims.jsonl"))
        verdict = carnet.verify(self.model, trust=self.trust)
        self.assertIs(verdict.passed, True)
        self.agrees(verdict, status=0)

    def test_the_policy_of_the_trust_directory_goes_before_the_shipped_one(self):
        self.put_passport()
        own = self.folder / "trust"
        shutil.copytree(self.trust, own)
        (own / "policies").mkdir()
        strict = command("policy", "show", "hub-default") + "\n# ours\n"
        (own / "policies/hub-default.toml").write_text(strict)
        for trust in (own, carnet.Trust.load(own)):
            verdict = carnet.verify(self.model, trust=trust)
            self.assertNotEqual(verdict.policy_sha256,
                                carnet.Policy.shipped("hub-default").sha256)
        self.trust = own
        self.agrees(verdict, status=0)

    def test_nobody_can_tell_without_trust_policy_or_passport(self):
        with self.assertRaisesRegex(carnet.NotFound, "m: no passport: neither "):
            carnet.verify(self.model, trust=self.trust)
        self.put_passport()
        with self.assertRaisesRegex(carnet.NotFound, "nowhere"):
            carnet.verify(self.model, trust=self.folder / "nowhere")
        with self.assertRaisesRegex(carnet.NotFound, "nobodys"):
            carnet.verify(self.model, trust=self.trust, policy="nobodys")
        with self.assertRaisesRegex(carnet.NotFound, "nowhere"):
            carnet.verify(self.folder / "nowhere", trust=self.trust)
        self.put_passport("m/m.passport.sigstore.jsonl")
        with self.assertRaisesRegex(carnet.Conflict, "2 passports, such as "):
            carnet.verify(self.model, trust=self.trust)
        os.symlink("/etc/hostname", self.model / "link")
        with self.assertRaisesRegex(carnet.Rejected, "link: is a symbolic link"):
            carnet.verify(self.model, recorded().passport, trust=self.trust)

    def test_progress_and_dates_are_heard(self):
        self.put_passport()
        calls = []
        at = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
        now = utc_now() + datetime.timedelta(hours=1)
        verdict = carnet.verify(self.model, trust=self.trust, at=at, now=now,
                                progress=lambda *done: calls.append(done))
        self.assertEqual(verdict.at, at)
        self.assertEqual(verdict.now, now.replace(microsecond=now.microsecond // 1000 * 1000))
        self.assertEqual(calls[-1], (recorded().model.total_bytes,) * 2)
        with self.assertRaisesRegex(TypeError, "this policy has its own date"):
            carnet.verify(self.model, trust=self.trust, at=at,
                          policy=carnet.Policy.shipped("hub-default"))

    def test_own_chips_are_named(self):
        self.put_passport()
        chips = self.folder / "own.csv"
        chips.write_text(
            "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note\n"
            "acme-x1,acme-x1,acme,bf16,2500000000000,dense,acme,2026-01-01,low,a sheet\n")
        verdict = carnet.verify(self.model, trust=self.trust, chips=chips)
        self.assertEqual([each.of for each in verdict.chips], ["caller"])
        self.agrees(verdict, "--chips", chips, status=0)
        chips.write_text("x\n")
        with self.assertRaisesRegex(carnet.Malformed, "own.csv: line 1"):
            carnet.verify(self.model, trust=self.trust, chips=chips)


class GateTest(unittest.TestCase):
    def test_one_gate_judges_bytes_files_and_claims(self):
        gate, model, passport = recorded().gate(), recorded().model, recorded().issued.passport
        now = utc_now()
        verdict = gate.check(passport, model, now)
        self.assertIs(verdict.passed, True)
        self.assertEqual(gate.check_file(recorded().passport, model, now), verdict)
        claims = gate.check_claims(b"{}\n" + passport, model, now)
        self.assertIs(claims.passed, True)
        self.assertIs(gate.check(b"{}\n" + passport, model, now).passed, False)
        other = carnet.digest(recorded().folder / "ckpt/0")
        self.assertEqual(gate.check(passport, other, now).reason, "other-model")

    def test_threads_do_not_change_the_verdict(self):
        now = utc_now()
        policy = carnet.Policy.shipped("hub-default")
        one, four = (carnet.Gate(recorded().trust, policy, threads=threads).check(
            recorded().issued.passport, recorded().model, now) for threads in (1, 4))
        self.assertEqual(one.to_json(), four.to_json())
        with self.assertRaisesRegex(ValueError, "threads: at least 1"):
            recorded().gate(threads=0)

    def test_no_line_that_is_a_passport_is_an_error(self):
        with self.assertRaises(carnet.NotFound):
            recorded().gate().check_claims(b"{}\n", recorded().model)

    def test_a_path_is_no_passport_and_a_str_no_bytes(self):
        for wrong in (str(recorded().passport), bytearray(b"{}"), None):
            with self.subTest(wrong=type(wrong)), self.assertRaises(TypeError):
                recorded().gate().check(wrong, recorded().model)
        with self.assertRaises(TypeError):
            recorded().gate().check(b"", "model")
        with self.assertRaises(TypeError):
            carnet.Gate("trust", "policy")

    def test_policies_are_found_as_the_command_finds_them(self):
        self.assertIn("eu-gpai", carnet.Policy.shipped_ids())
        policy = carnet.Policy.shipped("eu-gpai")
        listed = {each["id"] for each in json.loads(command("policy", "list", "--json"))["policies"]}
        self.assertEqual(set(carnet.Policy.shipped_ids()), listed)
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(command("policy", "show", "eu-gpai"))
            file.flush()
            self.assertEqual(carnet.Policy.load(file.name).sha256, policy.sha256)
            self.assertEqual(carnet.Policy.find(file.name).id, "eu-gpai")
        self.assertTrue(policy.title)
        with self.assertRaises(carnet.NotFound):
            carnet.Policy.shipped("nobodys")
        with self.assertRaisesRegex(carnet.Malformed, "passport.jsonl"):
            carnet.Policy.load(recorded().passport)
