"""openssl and coreutils: docs/sigstore.md, played as its readers would play it."""
import pathlib
import shlex
import sys
import xml.etree.ElementTree as ElementTree

from outcome import BAD, GOOD, SKIPPED, THEY_VERIFY, UNBUILT, Absent, Row
from process import run

DIRECTIONS = (THEY_VERIFY,)
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/sigstore.md"


def version():
    done = run(["openssl", "version"])
    return " ".join(done.out.split()[:2]) or "openssl"


NAME = f"{version()} (dgst, pkeyutl), by hand"


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
    result.note(THEY_VERIFY, "every step of docs/sigstore.md", outcome,
                "" if outcome == GOOD else done.last_line())
    if not world.carnet.has("attest", flag="--timestamp-url"):
        result.note(THEY_VERIFY, "a time token", UNBUILT)
    return result
