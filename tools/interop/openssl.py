"""openssl and coreutils: docs/sigstore.md, played as its readers would play it."""
import base64
import json
import pathlib
import shlex
import ssl
import sys
import xml.etree.ElementTree as ElementTree

import mock
from outcome import BAD, GOOD, SKIPPED, THEY_VERIFY, UNBUILT, Absent, Row
from process import run

DIRECTIONS = (THEY_VERIFY,)
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/sigstore.md"


def version():
    done = run(["openssl", "version"])
    return " ".join(done.out.split()[:2]) or "openssl"


NAME = f"{version()} (dgst, pkeyutl, ts), by hand"


def outcome_of(junit, may_end_early):
    if not junit.exists():
        return BAD
    said = next(iter(ElementTree.parse(junit).getroot().find("testcase")), None)
    if said is None:
        return GOOD
    return SKIPPED if said.tag == "skipped" and may_end_early else BAD


def row(world):
    result, programs = Row(NAME), world.folder / "programs"
    programs.mkdir()
    wrapper = programs / "carnet"  # its folder is on the page's PATH
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.quote(str(world.carnet.binary))} "$@"\n')
    wrapper.chmod(0o755)
    try:
        (programs / "cosign").symlink_to(world.cosign().binary)
        may_end_early = False
    except Absent:
        may_end_early = True  # before the page's part on cosign
    junit = world.folder / "page.xml"
    done = run([sys.executable, ROOT / "tools/run_tutorials.py", wrapper, world.folder / "page",
                junit, PAGE], seconds=300)
    outcome = outcome_of(junit, may_end_early)
    reasons = {GOOD: "", SKIPPED: "from its part on cosign on", BAD: done.last_line()}
    result.note(THEY_VERIFY, "every step of docs/sigstore.md", outcome, reasons[outcome])
    if world.carnet.has("attest", flag="--timestamp-url"):
        check_token(result, world)
    else:
        result.note(THEY_VERIFY, "a time token", UNBUILT)
    return result


def check_token(result, world):
    """openssl ts on the time token of an attestation of ours, by an authority on loopback."""
    with mock.services(world.fetched.node_packages(), world.folder / "mock-openssl") as folder:
        question = mock.timed(world, folder)
    take_token(question, folder)
    (folder / "other").write_bytes(b"another signature")
    for name, data, accepted in (("a time token", "signature", True),
                                 ("a time token: another signature", "other", False)):
        done = run(["openssl", "ts", "-verify", "-in", "token.tsr", "-data", data, "-partial_chain",
                    "-CAfile", "authority.pem"], folder=folder)
        result.expect(THEY_VERIFY, name, done, accepted)


def take_token(question, folder):
    """What a reader would take out of the bundle and the trusted root by hand."""
    bundle = json.loads(question.bundle.read_text(encoding="utf-8"))
    stamps = bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"]
    for name, text in (("token.tsr", stamps[0]["signedTimestamp"]),
                       ("signature", bundle["dsseEnvelope"]["signatures"][0]["sig"])):
        (folder / name).write_bytes(base64.b64decode(text))
    root = json.loads(question.trusted_root.read_text(encoding="utf-8"))
    chain = root["timestampAuthorities"][0]["certChain"]["certificates"]
    (folder / "authority.pem").write_text("".join(
        ssl.DER_cert_to_PEM_cert(base64.b64decode(each["rawBytes"])) for each in chain))
