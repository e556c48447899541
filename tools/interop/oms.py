"""model_signing, OpenSSF's signer of models: by key on three curves, by certificate, in shards."""
import pathlib
import shutil

import cache
from outcome import BAD, THEY_VERIFY, UNBUILT, WE_VERIFY, Row
from process import run

NAME = f"model-signing {cache.MODEL_SIGNING['model-signing']}"
HERE = pathlib.Path(__file__).parent
CURVES = ("prime256v1", "secp384r1", "secp521r1")
REQUESTS = """[req]
distinguished_name = name
prompt = no
[name]
CN = interop
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
keyUsage = critical, digitalSignature
extendedKeyUsage = codeSigning
"""


class Models:
    """A model, a changed copy of it, keys, and a certificate with its root; all by openssl."""

    def __init__(self, folder):
        self.folder = folder
        self.model, self.changed = folder / "model", folder / "changed"
        (self.model / "layers").mkdir(parents=True)
        (self.model / "model.bin").write_bytes(bytes(range(256)) * 1000)
        (self.model / "layers/a.bin").write_bytes(bytes(range(255, -1, -1)) * 4)
        (self.model / "layers-b.bin").write_bytes(b"b")
        (self.model / "README").write_text("a model\n")
        shutil.copytree(self.model, self.changed)
        (self.changed / "layers-b.bin").write_bytes(b"c")
        for name in (*CURVES, "root", "other"):
            curve = name if name in CURVES else "prime256v1"
            self.openssl("ecparam", "-genkey", "-noout", "-name", curve, "-out", f"{name}.key")
            self.openssl("ec", "-in", f"{name}.key", "-pubout", "-out", f"{name}.pub")
        (folder / "requests.cnf").write_text(REQUESTS)
        for name in ("root", "other"):
            self.openssl("req", "-x509", "-config", "requests.cnf", "-extensions", "authority",
                         "-key", f"{name}.key", "-subj", f"/CN={name}", "-days", "2", "-out",
                         f"{name}.pem")
        self.openssl("req", "-new", "-config", "requests.cnf", "-key", "secp384r1.key", "-subj",
                     "/CN=signer", "-out", "signer.csr")
        self.openssl("x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key",
                     "-CAcreateserial", "-extfile", "requests.cnf", "-extensions", "signer",
                     "-days", "1", "-out", "signer.pem")

    def openssl(self, *arguments):
        done = run(["openssl", *arguments], folder=self.folder)
        if done.verdict != "yes":
            raise RuntimeError(f"openssl {arguments[0]}: {done.last_line()}")


class Tool:
    """model_signing or `carnet oms`: the same arguments, but for how words in options are joined."""

    def __init__(self, command, env=None, joint="_"):
        self.command, self.env, self.joint = command, env, joint

    def run(self, verb, method, model, **options):
        arguments = [verb, method, model]
        for name, value in options.items():
            arguments += [f"--{name.replace('_', self.joint)}", value]
        return run([*self.command, *arguments], env=self.env)


def row(world):
    result = Row(NAME)
    python = world.fetched.environment("model-signing", cache.MODEL_SIGNING)
    theirs = Tool([python.parent / "model_signing"])
    ours = Tool([world.carnet.binary, "oms"], world.carnet.env, "-")
    models = Models(world.folder / "models")
    built = world.carnet.has("oms", "sign", "key")
    for direction, signer, verifier in ((THEY_VERIFY, ours, theirs), (WE_VERIFY, theirs, ours)):
        if built:
            by_key(result, direction, models, signer, verifier)
            by_certificate(result, direction, models, signer, verifier)
        else:
            result.note(direction, "by key on three curves", UNBUILT)
            result.note(direction, "by certificate", UNBUILT)
    if built:
        shards(result, models, python, ours)
    else:
        result.note(WE_VERIFY, "in shards", UNBUILT)
    return result


def signature_of(result, direction, models, name, done):
    """The signature's path, or None where making it failed (which is noted)."""
    if done.verdict != "yes":
        result.note(direction, f"{name}: signing", BAD, done.last_line())
        return None
    return models.folder / f"{direction.split()[0]}-{name}.sig"


def by_key(result, direction, models, signer, verifier):
    for curve in CURVES:
        path = models.folder / f"{direction.split()[0]}-{curve}.sig"
        done = signer.run("sign", "key", models.model, signature=path,
                          private_key=models.folder / f"{curve}.key")
        path = signature_of(result, direction, models, curve, done)
        if not path:
            continue
        public = models.folder / f"{curve}.pub"
        for name, model, key, good in (
                ("key", models.model, public, True),
                ("key: a changed file", models.changed, public, False),
                ("key: another key", models.model, models.folder / "other.pub", False)):
            result.expect(direction, name.replace("key", f"key on {curve}", 1), verifier.run(
                "verify", "key", model, signature=path, public_key=key), good)


def by_certificate(result, direction, models, signer, verifier):
    path = models.folder / f"{direction.split()[0]}-certificate.sig"
    done = signer.run("sign", "certificate", models.model, signature=path,
                      private_key=models.folder / "secp384r1.key",
                      signing_certificate=models.folder / "signer.pem",
                      certificate_chain=models.folder / "root.pem")
    path = signature_of(result, direction, models, "certificate", done)
    if not path:
        return
    for name, model, root, good in (
            ("certificate", models.model, "root.pem", True),
            ("certificate: a changed file", models.changed, "root.pem", False),
            ("certificate: another root", models.model, "other.pem", False)):
        result.expect(direction, name, verifier.run(
            "verify", "certificate", model, signature=path,
            certificate_chain=models.folder / root), good)


def shards(result, models, python, ours):
    """Only its library signs shards; 1,000 bytes a shard make more than ten of a file."""
    for algorithm in ("sha256", "blake2"):
        path = models.folder / f"shards-{algorithm}.sig"
        done = run([python, HERE / "sign_shards.py", models.model, path,
                    models.folder / "prime256v1.key", "1000", algorithm])
        if done.verdict != "yes":
            result.note(WE_VERIFY, f"shards of {algorithm}: signing", BAD, done.last_line())
            continue
        for name, model, good in ((f"shards of {algorithm}", models.model, True),
                                  (f"shards of {algorithm}: a changed file", models.changed, False)):
            result.expect(WE_VERIFY, name, ours.run(
                "verify", "key", model, signature=path,
                public_key=models.folder / "prime256v1.pub"), good)
