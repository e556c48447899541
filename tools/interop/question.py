"""What a verifier is asked: is this bundle good for this artifact, by this key or identity?"""
import dataclasses
import hashlib
import json
import pathlib
import typing

from process import Done


@dataclasses.dataclass(frozen=True)
class Question:
    bundle: pathlib.Path
    artifact: pathlib.Path
    kind: str  # "blob" or "attestation"
    predicate_type: str = ""
    key: typing.Optional[pathlib.Path] = None  # else identity and issuer
    identity: str = ""
    issuer: str = ""
    trusted_root: typing.Optional[pathlib.Path] = None  # none: no log, and no time, is asked for
    by_digest: bool = False
    timed: bool = False  # by key with a time token; by certificate there always is one

    def digest(self):
        return hashlib.sha256(self.artifact.read_bytes()).hexdigest()

    def but(self, **changes):
        return dataclasses.replace(self, **changes)


def without_log(question, folder):
    """The same bundle as it would be had nobody logged it."""
    bundle = json.loads(question.bundle.read_text(encoding="utf-8"))
    bundle["verificationMaterial"].pop("tlogEntries", None)
    path = folder / f"unlogged-{question.bundle.name}"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    return question.but(bundle=path, trusted_root=None)


def answered(accepted, reason):
    """For verifiers that say yes or no in other ways than by their exit status."""
    return Done(0 if accepted else 1, "", reason, "yes" if accepted else "no")


def signer_flags(question):
    """As cosign spells them, and Carnet after it."""
    if question.key:
        return ["--key", question.key]
    return ["--certificate-identity", question.identity,
            "--certificate-oidc-issuer", question.issuer]


def root_flags(question):
    if question.trusted_root:
        return ["--trusted-root", question.trusted_root]
    return ["--insecure-ignore-tlog"]


def ask_carnet(carnet, question):
    """None where this Carnet has no such command."""
    command = "verify-blob" if question.kind == "blob" else "verify-attestation"
    if not carnet.has(command, flag="--bundle"):
        return None
    named = ["--type", question.predicate_type] if question.kind == "attestation" else []
    subject = f"sha256:{question.digest()}" if question.by_digest else question.artifact
    return carnet.run(command, "--bundle", question.bundle, *signer_flags(question),
                      *root_flags(question), *named, subject)
