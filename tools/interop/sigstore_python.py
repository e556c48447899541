"""sigstore-python: bundles by certificate, and our trusted_root.json."""
import json
import os
import pathlib

import cache
import mock
from outcome import THEY_VERIFY, WE_VERIFY, Row
from process import run
from question import Question, answered

NAME = f"sigstore-python {cache.SIGSTORE_PYTHON['sigstore']}"
SCRIPT = pathlib.Path(__file__).with_name("verify_sigstore.py")


class SigstorePython:
    def __init__(self, python):
        self.python = python

    def jobs(self, jobs):
        done = run([self.python, SCRIPT], seconds=600,
                   text="".join(json.dumps(each) + "\n" for each in jobs))
        answers = [json.loads(line) for line in done.out.splitlines()]
        if len(answers) != len(jobs):
            raise RuntimeError(f"sigstore-python ended early: {done.last_line()}")
        return [answered(each["accepted"], each["reason"]) for each in answers]

    def ask_all(self, questions):
        return self.jobs([{
            "bundle": str(each.bundle), "artifact": str(each.artifact), "kind": each.kind,
            "predicateType": each.predicate_type, "identity": each.identity,
            "issuer": each.issuer, "root": str(each.trusted_root)} for each in questions])

    def reads(self, root):
        return self.jobs([{"root": str(root)}])[0]


def row(world):
    result, client = Row(NAME), world.sigstore_python()
    result.expect(THEY_VERIFY, "reads our trusted_root.json", client.reads(world.trusted_root))
    with mock.services(world.fetched.node_packages(), world.folder / "mock-python") as folder:
        # It refuses the first entry of any log: "logIndex" and "hashes" are left out where they
        # are zero and none, as cosign leaves them out. So it is its own entry that comes first.
        done, question = signs(client, folder, world.artifact)
        result.expect(WE_VERIFY, "a blob that it signs", done)
        if done.verdict == "yes":
            result.expect(WE_VERIFY, "which it verifies", client.ask_all([question])[0])
            world.ask_carnet(result, "its blob by certificate", question)
            for name, asked in (
                    ("another file", question.but(artifact=world.other)),
                    ("another identity", question.but(identity=question.identity + "s"))):
                world.ask_carnet(result, f"its blob by certificate: {name}", asked, False)
        mock.check_keyless(result, world, folder, (client,))
    return result


def signs(client, folder, artifact):
    """Its bundle by certificate, with the services of mock.py."""
    config, bundle = folder / "trust_config.json", folder / "python-blob.sigstore.json"
    config.write_text(json.dumps({
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        "trustedRoot": json.loads((folder / "trusted_root.json").read_text()),
        "signingConfig": json.loads((folder / "signing_config.json").read_text())}))
    done = run([client.python.parent / "sigstore", "--trust-config", config, "sign",
                "--identity-token", (folder / "identity.token").read_text(), "--bundle", bundle,
                artifact], env={**os.environ, "HOME": str(folder)})
    return done, Question(bundle, artifact, "blob", identity=mock.IDENTITY, issuer=mock.ISSUER,
                          trusted_root=folder / "trusted_root.json")
