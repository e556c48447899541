"""openssl and coreutils: docs/sigstore.md, played as its readers would play it."""
import base64
import json
import pathlib
import re
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
    (folder / "two.sigstore.json").write_bytes(question.bundle.read_bytes())  # as the page calls it
    write_authority(question, folder)
    page = PAGE.read_text(encoding="utf-8")
    field = re.search(r"^\$ (field\(\) \{.*)$", page, re.MULTILINE)[1]
    steps = re.search(r"^```sh\n(field signedTimestamp .*?)^```$", page, re.MULTILINE | re.DOTALL)[1]
    for name, signature, accepted in (
            ("a time token", "field sig | base64 -d > signature.der", True),
            ("a time token: another signature", "echo another > signature.der", False)):
        script = "\n".join(("set -eo pipefail", field, signature, steps))
        result.expect(THEY_VERIFY, name, run(["bash", "-c", script], folder=folder), accepted)


def write_authority(question, folder):
    """The authority's certificates, which a reader of the page has from somewhere."""
    root = json.loads(question.trusted_root.read_text(encoding="utf-8"))
    chain = root["timestampAuthorities"][0]["certChain"]["certificates"]
    (folder / "authority.pem").write_text("".join(
        ssl.DER_cert_to_PEM_cert(base64.b64decode(each["rawBytes"])) for each in chain))
