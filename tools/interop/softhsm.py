"""SoftHSM 2: a key that never leaves its token signs by PKCS#11; openssl and cosign verify."""
import os
import pathlib
import shutil

import cosign as cosign_client
from outcome import BAD, GOOD, UNBUILT, WE_VERIFY, Absent, Row
from process import run

NAME = "SoftHSM 2"
DIRECTIONS = (WE_VERIFY,)
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
           "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
           "/usr/local/lib/softhsm/libsofthsm2.so")
PIN = "1234"


class Token:
    """A token of this run with one P-256 key that cannot be read out."""

    def __init__(self, folder):
        module = next((path for path in MODULES if pathlib.Path(path).exists()), None)
        for program in ("softhsm2-util", "pkcs11-tool", "openssl"):
            if not module or not shutil.which(program):
                raise Absent(f"{program if module else 'libsofthsm2.so'} is not installed")
        self.module, self.folder = module, folder
        (folder / "tokens").mkdir(parents=True)
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
        self.env = {"SOFTHSM2_CONF": str(folder / "softhsm2.conf"), "CARNET_PIN": PIN}
        self.must("softhsm2-util", "--init-token", "--free", "--label", "interop", "--pin", PIN,
                  "--so-pin", PIN)
        tool = ("pkcs11-tool", "--module", module, "--token-label", "interop", "--login", "--pin",
                PIN)
        self.must(*tool, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "lab", "--id",
                  "01", "--usage-sign")
        self.must(*tool, "--read-object", "--type", "pubkey", "--label", "lab", "--output-file",
                  folder / "lab.der")
        self.must("openssl", "pkey", "-pubin", "-inform", "DER", "-in", folder / "lab.der", "-out",
                  folder / "lab.pub")
        self.listed = self.must(*tool, "--list-objects", "--type", "privkey")

    def must(self, *command):
        done = run(command, env={**os.environ, **self.env})
        if done.verdict != "yes":
            raise RuntimeError(f"{command[0]}: {done.last_line()}")
        return done.out

    def uri(self):
        return f"pkcs11:token=interop;object=lab?module-path={self.module}"


def row(world):
    result, token = Row(NAME), Token(world.folder / "softhsm")
    kept = "never extractable" in token.listed
    result.note(WE_VERIFY, "the key was made in the token and cannot leave it",
                GOOD if kept else BAD, "" if kept else "not 'never extractable'")
    if not world.carnet.has("attest", flag="pkcs11:"):
        result.note(WE_VERIFY, "an attestation by its key, by PKCS#11", UNBUILT)
        return result
    try:
        question = world.attest(token.uri(), token.folder / "lab.pub",
                                token.folder / "carnet.sigstore.json", env=token.env)
    except RuntimeError as error:
        result.note(WE_VERIFY, "an attestation by its key, by PKCS#11", BAD, str(error))
        return result
    result.expect(WE_VERIFY, f"an attestation by its key, by PKCS#11, says {cosign_client.NAME}",
                  world.cosign().ask(question))
    world.ask_carnet(result, "an attestation by its key, by PKCS#11, says carnet", question)
    return result
