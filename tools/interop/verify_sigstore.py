#!/usr/bin/env python3
"""Verifies bundles with sigstore-python, one job (a JSON object) a line; answers each with a line.

Runs in the environment that has PyPI's `sigstore`. Bundles by key it does not know.
"""
import hashlib
import json
import logging
import pathlib
import sys

from sigstore._internal.trust import KeyringPurpose
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier, policy


def verify(job):
    verifier = Verifier(trusted_root=TrustedRoot.from_file(job["root"]))
    bundle = Bundle.from_json(pathlib.Path(job["bundle"]).read_bytes())
    artifact = pathlib.Path(job["artifact"]).read_bytes()
    who = policy.Identity(identity=job["identity"], issuer=job["issuer"])
    if job["kind"] == "blob":
        verifier.verify_artifact(artifact, bundle, who)
        return
    payload_type, payload = verifier.verify_dsse(bundle, who)
    statement = json.loads(payload)
    if payload_type != "application/vnd.in-toto+json":
        raise ValueError("payload type")
    if statement["predicateType"] != job["predicateType"]:
        raise ValueError("predicate type")
    digest = hashlib.sha256(artifact).hexdigest()
    if not any(each["digest"].get("sha256") == digest for each in statement["subject"]):
        raise ValueError("no subject is the artifact")


def read_root(job):
    """Only reads a trusted_root.json and its logs' keys: a verifier wants authorities too."""
    TrustedRoot.from_file(job["root"]).rekor_keyring(KeyringPurpose.VERIFY)


def main():
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            (verify if "bundle" in job else read_root)(job)
            answer = {"accepted": True, "reason": ""}
        except Exception as error:  # whatever it raises is its "no"
            words = f"{type(error).__name__}: {error}".split()
            answer = {"accepted": False, "reason": " ".join(words)[:300]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
