"""@sigstore/mock as Fulcio, Rekor and time authority on loopback: the keyless flow, end to end."""
import contextlib
import json
import pathlib
import subprocess

import cache
from outcome import BAD, THEY_VERIFY, UNBUILT, WE_VERIFY, Row
from private_names import PREDICATE_TYPE
from question import Question

NAME = f"@sigstore/mock {cache.SIGSTORE_JS['@sigstore/mock']}, with cosign {cache.COSIGN}"
SCRIPT = pathlib.Path(__file__).with_name("mock_server.mjs")
IDENTITY, ISSUER = "https://interop.test/builder", "https://issuer.interop.test"


@contextlib.contextmanager
def services(packages, folder):
    """Yields the folder with trusted_root.json, signing_config.json and identity.token."""
    folder.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(["node", SCRIPT, packages, folder], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        if not server.stdout.readline().startswith("http"):
            raise RuntimeError(f"the mock services did not start: {server.stderr.read()}")
        yield folder
    finally:
        server.stdin.close()
        server.wait(timeout=30)


def cosign_signs(cosign, folder, artifact, kind):
    """cosign's bundle by certificate, with our log and a time token."""
    bundle = folder / f"cosign-{kind}.sigstore.json"
    (folder / "predicate.json").write_text('{"made": "by cosign"}\n')
    named = [] if kind == "blob" else ["--type", PREDICATE_TYPE, "--predicate",
                                       folder / "predicate.json"]
    done = cosign.run("sign-blob" if kind == "blob" else "attest-blob", "--bundle", bundle,
                      "--identity-token", folder / "identity.token", "--signing-config",
                      folder / "signing_config.json", "--trusted-root",
                      folder / "trusted_root.json", "--yes", *named, artifact)
    return done, Question(bundle, artifact, kind, predicate_type=PREDICATE_TYPE,
                          identity=IDENTITY, issuer=ISSUER,
                          trusted_root=folder / "trusted_root.json")


def carnet_signs(world, folder):
    """Our bundle by certificate; None where there is no such option."""
    if not world.carnet.has("sign-blob", flag="--identity-token"):
        return None
    bundle = folder / "carnet-blob.sigstore.json"
    done = world.carnet.run("sign-blob", "--bundle", bundle, "--identity-token",
                            folder / "identity.token", "--signing-config",
                            folder / "signing_config.json", "--trusted-root",
                            folder / "trusted_root.json", world.artifact)
    return done, Question(bundle, world.artifact, "blob", identity=IDENTITY, issuer=ISSUER,
                          trusted_root=folder / "trusted_root.json")


def timed(world, folder):
    """Our attestation by key with a token of the mock's, and a root that has both."""
    config = json.loads((folder / "signing_config.json").read_text())
    root = json.loads(world.trusted_root.read_text())
    root["timestampAuthorities"] = json.loads(
        (folder / "trusted_root.json").read_text())["timestampAuthorities"]
    (folder / "our_root.json").write_text(json.dumps(root))
    question = world.attest(world.folder / "lab.key", world.key, folder / "timed.sigstore.json",
                            "--timestamp-url", config["tsaUrls"][0]["url"],
                            "--trusted-root", folder / "our_root.json")
    return question.but(timed=True, trusted_root=folder / "our_root.json")


def check_timed(result, world, folder):
    name = "our attestation by key with a time token"
    if not world.carnet.has("attest", flag="--timestamp-url"):
        result.note(THEY_VERIFY, name, UNBUILT)
        return
    try:
        question = timed(world, folder)
    except RuntimeError as error:
        result.note(THEY_VERIFY, name, BAD, str(error))
        return
    for client in (world.cosign(), world.sigstore_js()):  # sigstore-js by its default thresholds
        result.expect(THEY_VERIFY, f"{name}: {type(client).__name__}", client.ask(question))


def row(world):
    result, cosign = Row(NAME), world.cosign()
    with services(world.fetched.node_packages(), world.folder / "mock") as folder:
        for kind in ("blob", "attestation"):
            done, question = cosign_signs(cosign, folder, world.artifact, kind)
            if done.verdict != "yes":
                result.note(WE_VERIFY, f"cosign signs a {kind}", BAD, done.last_line())
                continue
            name = f"cosign's {kind} by certificate"
            for client in (cosign, world.sigstore_js()):  # the services are as they should be
                answer = client.ask(question)
                if answer.verdict != "yes":
                    result.note(WE_VERIFY, f"{name}, by {type(client).__name__}", BAD,
                                answer.last_line())
            world.ask_carnet(result, name, question)
            for wrong, asked in (
                    ("another file", question.but(artifact=world.other)),
                    ("another identity", question.but(identity=IDENTITY + "s")),
                    ("another issuer", question.but(issuer=ISSUER + "s"))):
                world.ask_carnet(result, f"{name}: {wrong}", asked, False)
        check_timed(result, world, folder)
        signed = carnet_signs(world, folder)
        if signed is None:
            result.note(THEY_VERIFY, "our blob by certificate, keyless", UNBUILT)
        elif signed[0].verdict != "yes":
            result.note(THEY_VERIFY, "we sign a blob, keyless", BAD, signed[0].last_line())
        else:
            for client in (cosign, world.sigstore_js(), world.sigstore_python()):
                result.expect(THEY_VERIFY, f"our blob by certificate: {type(client).__name__}",
                              client.ask_all([signed[1]])[0])
    return result
