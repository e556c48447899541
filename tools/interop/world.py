"""What one run makes and asks: Carnet's bundles, the clients, the private Sigstore."""
import functools
import json
import pathlib
import shutil

import cache
import private_names
from carnet import Carnet
from cosign import Cosign, Signed
from outcome import UNBUILT, WE_VERIFY
from process import run
from question import Question, ask_carnet
from sigstore_js import SigstoreJs
from sigstore_python import SigstorePython

HERE = pathlib.Path(__file__).parent
ORIGIN = "log.interop.test"


class World:
    """`folder` is made anew. A client that cannot be had raises Absent where it is first wanted."""

    def __init__(self, carnet, folder, fetched):
        self.folder, self.fetched = folder, fetched
        shutil.rmtree(folder, ignore_errors=True)
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.carnet = Carnet(carnet, self.home)
        self.artifact, self.other = folder / "data.bin", folder / "other.bin"
        self.artifact.write_bytes(b"what is signed\n")
        self.other.write_bytes(b"something else\n")
        self.key, self.trusted_root = folder / "lab.pub", folder / "trusted_root.json"
        self.make_ours()

    def make_ours(self):
        for name in ("lab", "other"):
            self.carnet.must("keygen", "--out", self.folder / name)
        ledger = self.folder / "ledger"
        self.carnet.must("ledger", "init", ledger, "--origin", ORIGIN)
        self.carnet.must("ledger", "trust", ledger, "--out", self.trusted_root)
        for name in ("first", "second", "third"):  # so that the proof of the last has a path
            self.attestation = self.attest(self.folder / "lab.key", self.key,
                                           self.folder / f"{name}.sigstore.json")

    def dataset(self, name):
        """The command that attests the artifact as a data set of this name, but for who signs."""
        return ["attest", "--kind", "dataset", "--files", self.artifact, "--set",
                "sources.kind=public", "--set", "size.tokens=100", "--set", f"name={name}",
                "--ledger", self.folder / "ledger"]

    def attest(self, private, public, bundle, *options, env=None):
        """The question whether what Carnet now attests of the artifact is good."""
        self.carnet.must(*self.dataset(bundle.name), "--key", private, "--out", bundle, *options,
                         env=env)
        return Question(bundle, self.artifact, "attestation", key=public,
                        predicate_type="urn:carnet:dataset:v1", trusted_root=self.trusted_root)

    def ours(self):
        """Questions about what Carnet signed; the answer to each is yes."""
        questions = [self.attestation]
        if self.carnet.has("sign-blob", flag="--bundle"):
            blob = self.folder / "blob.sigstore.json"
            if not blob.exists():
                self.carnet.must("sign-blob", "--key", self.folder / "lab.key", "--bundle", blob,
                                 self.artifact)
            questions.append(Question(blob, self.artifact, "blob", key=self.key))
        return questions

    def unbuilt(self):
        """What there is no command for yet."""
        if not self.carnet.has("sign-blob", flag="--bundle"):
            yield "blob by key"
        if not self.carnet.has("attest", flag="--identity-token"):
            yield "by certificate"

    def wrong_for(self, question):
        """(name, question whose answer is no)."""
        yield "another file", question.but(artifact=self.other)
        yield "another file, by digest", question.but(artifact=self.other, by_digest=True)
        yield "another key", question.but(key=self.folder / "other.pub")
        if question.kind == "attestation":
            yield "another type", question.but(predicate_type="urn:carnet:run:v1")
        if question.trusted_root:
            yield "another log", question.but(trusted_root=self.other_root())

    @functools.lru_cache(maxsize=None)
    def other_root(self):
        """A log of the same name that has another key."""
        ledger, root = self.folder / "other-ledger", self.folder / "other_root.json"
        self.carnet.must("ledger", "init", ledger, "--origin", ORIGIN)
        self.carnet.must("ledger", "trust", ledger, "--out", root)
        return root

    def ask_carnet(self, row, name, question, accepted=True):
        done = ask_carnet(self.carnet, question)
        if done is None:
            row.note(WE_VERIFY, name, UNBUILT)
        else:
            row.expect(WE_VERIFY, name, done, accepted)

    @functools.lru_cache(maxsize=None)
    def cosign(self):
        return Cosign(self.fetched.cosign(), self.home)

    @functools.lru_cache(maxsize=None)
    def cosign_signed(self):
        return Signed(self.cosign(), self.folder / "cosign", self.artifact)

    @functools.lru_cache(maxsize=None)
    def sigstore_js(self):
        return SigstoreJs(self.fetched.node_packages())

    @functools.lru_cache(maxsize=None)
    def sigstore_python(self):
        return SigstorePython(self.fetched.environment("sigstore", cache.SIGSTORE_PYTHON))

    @functools.lru_cache(maxsize=None)
    def private_sigstore(self):
        """[(name, whether it is good, question)] of private_pki.py."""
        folder = self.folder / "private"
        done = run([self.sigstore_python().python, HERE / "private_pki.py", folder, self.artifact])
        if done.verdict != "yes":
            raise RuntimeError(f"private_pki.py: {done.err}")
        return [(each["name"], each["good"], Question(
            folder / each["bundle"], self.artifact, each["kind"],
            predicate_type=private_names.PREDICATE_TYPE,
            key=folder / "key.pub" if each["by"] == "key" else None,
            identity=private_names.IDENTITY, issuer=private_names.ISSUER,
            trusted_root=folder / "trusted_root.json"))
            for each in json.loads((folder / "manifest.json").read_text())]
