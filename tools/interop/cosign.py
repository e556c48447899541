"""cosign: a command that signs and verifies blobs and attestations."""
import concurrent.futures
import os

import cache
from outcome import THEY_VERIFY, UNBUILT, WE_VERIFY, Row
from private_names import PREDICATE_TYPE as TYPE
from process import run
from question import Question, root_flags, signer_flags, without_log

NAME = f"cosign {cache.COSIGN}"


class Cosign:
    def __init__(self, binary, home):
        self.binary = binary
        # No settings of the user's, and no network: TUF would want both.
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "TUF_ROOT": str(home / "tuf"),
                    "COSIGN_PASSWORD": ""}

    def run(self, *arguments, folder=None, password=None):
        env = self.env if password is None else {**self.env, "COSIGN_PASSWORD": password}
        return run([self.binary, *arguments], env=env, folder=folder)

    def ask(self, question):
        arguments = ["--bundle", question.bundle, *signer_flags(question), *root_flags(question)]
        if not question.key:
            arguments.append("--use-signed-timestamps")
        if question.kind == "blob":
            subject = f"sha256:{question.digest()}" if question.by_digest else question.artifact
            return self.run("verify-blob", *arguments, subject)
        subject = (["--digest", question.digest(), "--digestAlg", "sha256"] if question.by_digest
                   else [question.artifact])
        return self.run("verify-blob-attestation", *arguments, "--type", question.predicate_type,
                        *subject)

    def ask_all(self, questions):
        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            return list(threads.map(self.ask, questions))


class Signed:
    """What cosign makes with a key, its own unless one is given, and no log."""

    def __init__(self, cosign, folder, artifact, *, key=None, password=None):
        folder.mkdir(parents=True)
        self.cosign, self.folder, self.artifact = cosign, folder, artifact
        self.password, self.key = password, folder / "cosign.pub"
        self.private = key or folder / "cosign.key"
        if key is None:
            self.must("generate-key-pair", "--output-key-prefix", "cosign")
        self.must("signing-config", "create", "--out", "no-service.json")
        self.must("trusted-root", "create", "--out", "no-root.json")
        (folder / "predicate.json").write_text('{"made": "by cosign"}\n')
        self.blob = self.sign("sign-blob", "blob")
        self.attestation = self.sign("attest-blob", "attestation", "--type", TYPE, "--predicate",
                                     "predicate.json")

    def must(self, *arguments):
        done = self.cosign.run(*arguments, folder=self.folder, password=self.password)
        if done.verdict != "yes":
            raise RuntimeError(f"cosign {arguments[0]}: {done.last_line()}")

    def sign(self, command, kind, *arguments):
        bundle = self.folder / f"{kind}.sigstore.json"
        self.must(command, "--key", self.private, "--bundle", bundle.name, "--signing-config",
                  "no-service.json", "--trusted-root", "no-root.json", "--yes", *arguments,
                  self.artifact)
        return Question(bundle, self.artifact, kind, predicate_type=TYPE,
                        key=self.key)


def row(world):
    """Both directions; `world` is what Carnet made (world.py)."""
    result, cosign = Row(NAME), world.cosign()
    they_verify(result, cosign, world)
    we_verify(result, world.cosign_signed(), world)
    return result


def they_verify(result, cosign, world):
    for question in world.ours():
        for by_digest in (False, True):
            form = "digest" if by_digest else "path"
            for logged in (True, False):
                asked = question.but(by_digest=by_digest) if logged else question.but(
                    by_digest=by_digest, trusted_root=None)
                result.expect(THEY_VERIFY, f"{question.kind} by key, by {form}, "
                              f"{'with' if logged else 'without'} the log", cosign.ask(asked))
        result.expect(THEY_VERIFY, f"{question.kind} by key, never logged",
                      cosign.ask(without_log(question, world.folder)))
        for name, asked in world.wrong_for(question):
            result.expect(THEY_VERIFY, f"{question.kind}: {name}", cosign.ask(asked), False)
    with_our_key(result, cosign, world)
    for name in world.unbuilt():
        result.note(THEY_VERIFY, name, UNBUILT)


def with_our_key(result, cosign, world):
    """A private key that carnet made, in the hands of cosign."""
    signed = Signed(cosign, world.folder / "cosign-with-our-key", world.artifact,
                    key=world.folder / "lab.key", password=world.carnet.env["CARNET_PASSWORD"])
    result.expect(THEY_VERIFY, "signs with a key of ours", cosign.ask(signed.blob.but(key=world.key)))


def with_its_key(result, signed, world):
    """The other way round; cosign says whether what came out is good."""
    bundle = signed.folder / "carnet.sigstore.json"
    question = world.attest(signed.folder / "cosign.key", signed.key, bundle,
                            env={"CARNET_PASSWORD": ""})
    result.expect(WE_VERIFY, "signs with a key of its own", signed.cosign.ask(question))


def we_verify(result, signed, world):
    with_its_key(result, signed, world)
    for question in (signed.blob, signed.attestation):
        for by_digest in (False, True):
            name = f"{question.kind} by key, by {'digest' if by_digest else 'path'}, no log"
            world.ask_carnet(result, name, question.but(by_digest=by_digest))
        for name, asked in world.wrong_for(question):
            world.ask_carnet(result, f"{question.kind}: {name}", asked, False)
    in_our_log(result, signed, world)


def in_our_log(result, signed, world):
    """cosign signs the statement that carnet wrote; our ledger takes it, and cosign its receipt."""
    name = "signs a statement of ours for our log"
    if not world.carnet.has("ledger", "append", flag="--out"):
        result.note(WE_VERIFY, name, UNBUILT)
        return
    statement, made = signed.folder / "statement.json", signed.folder / "ours.sigstore.json"
    statement.write_text(world.carnet.must(*world.dataset("ours"), "--key", signed.key,
                                           "--dry-run"))
    logged = signed.folder / "ours.logged.sigstore.json"
    signed.must("attest-blob", "--statement", statement, "--key", signed.private, "--bundle",
                made, "--signing-config", "no-service.json", "--trusted-root", "no-root.json",
                "--yes")
    appended = world.carnet.run("ledger", "append", made, "--key", signed.key, "--ledger",
                                world.folder / "ledger", "--out", logged)
    result.expect(WE_VERIFY, name, appended)
    if appended.verdict != "yes":
        return
    question = world.attestation.but(bundle=logged, key=signed.key)
    result.expect(WE_VERIFY, f"{name}: cosign, of the receipt", signed.cosign.ask(question))
    world.ask_carnet(result, f"{name}: carnet, of the receipt", question)
    again = signed.folder / "again.sigstore.json"
    result.expect(WE_VERIFY, f"{name}: by another key", world.carnet.run(
        "ledger", "append", made, "--key", world.key, "--ledger", world.folder / "ledger",
        "--out", again), False)
