#!/usr/bin/env python3
"""Bundles by certificate and by key of a private Sigstore, and some that are wrong in one thing.

usage: private_pki.py FOLDER ARTIFACT

Writes trusted_root.json, key.pub and the bundles to FOLDER, and manifest.json, a list of
{name, bundle, kind: "blob" | "attestation", by: "certificate" | "key", good: bool}. A wrong bundle
is signed, logged and timed again after the one change, so nothing else is the matter with it. Runs
in the environment that has PyPI's `cryptography`.
"""
import hashlib
import json
import pathlib
import sys

from cryptography.x509.oid import ExtendedKeyUsageOID

import pki_certificates as pki
from pki_certificates import MINUTE, b64, der, now, sign, spki
from pki_log import Log, certificate_verifier, key_verifier, record_body
from private_names import IDENTITY, ISSUER, PREDICATE_TYPE

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def pae(kind, body):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)


def stated(artifact, **changed):
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "artifact", "digest": {"sha256": hashlib.sha256(artifact).hexdigest()}}],
        "predicateType": PREDICATE_TYPE, "predicate": {"made": "by the test"}}
    statement.update(changed)
    return json.dumps({key: value for key, value in statement.items() if value is not None}).encode()


class World:
    def __init__(self, folder, artifact):
        self.folder, self.artifact = pathlib.Path(folder), artifact
        self.authority, self.stranger = pki.Authority("root"), pki.Authority("root")
        self.certificate_log, self.other_certificate_log = pki.CertificateLog(), pki.CertificateLog()
        self.log, self.other_log = Log(), Log()
        self.times = pki.TimeAuthority(self.folder / "tsa")
        self.other_times = pki.TimeAuthority(self.folder / "other-tsa")
        self.key = pki.new_key()

    def leaf(self, key, **how):
        how = {"authority": self.authority, "log": self.certificate_log, "identity": IDENTITY,
               "issuer": ISSUER, **how}
        return der(pki.issue_leaf(how.pop("authority"), how.pop("log"), key, **how))

    def make(self, *, kind="attestation", by="certificate", payload=None, leaf=None, timed=True,
             logged=True, payload_type=PAYLOAD_TYPE, digest=None, logged_signature=None,
             logged_verifier=None, entry=None, times=None, log=None, imprint=None, signed=None,
             with_certificate=False, algorithm=None):
        key = pki.new_key() if by == "certificate" else self.key
        if by == "certificate":
            certificate = self.leaf(key, **(leaf or {}))
            material, verifier = {"certificate": {"rawBytes": b64(certificate)}}, \
                certificate_verifier(certificate)
        else:
            material = {"publicKey": {"hint": b64(hashlib.sha256(spki(key)).digest())}}
            verifier = key_verifier(spki(key))
        payload = stated(self.artifact) if payload is None else payload
        data = self.artifact if kind == "blob" else pae(payload_type, payload)
        signature = sign(key, data if signed is None else signed)
        if logged:
            body = record_body(digest or hashlib.sha256(data).digest(),
                               logged_signature or signature, logged_verifier or verifier)
            material["tlogEntries"] = [(log or self.log).entry(body, **(entry or {}))]
        if timed and by == "certificate":
            token = (times or self.times).token(imprint or signature,
                                                with_certificate=with_certificate)
            material["timestampVerificationData"] = {
                "rfc3161Timestamps": [{"signedTimestamp": b64(token)}]}
        content = {"messageSignature": {
            "messageDigest": {"algorithm": algorithm or "SHA2_256",
                              "digest": b64(hashlib.sha256(self.artifact).digest())},
            "signature": b64(signature)}} if kind == "blob" else {"dsseEnvelope": {
                "payload": b64(payload), "payloadType": payload_type,
                "signatures": [{"sig": b64(signature)}]}}
        return {"mediaType": MEDIA_TYPE, "verificationMaterial": material, **content}

    def trusted_root(self):
        valid = {"start": (now() - 120 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")}

        def chain(*certificates):
            return {"certificates": [{"rawBytes": b64(der(each))} for each in certificates]}

        def authority(name, uri, *certificates):
            return {"subject": {"organization": "interop", "commonName": name}, "uri": uri,
                    "certChain": chain(*certificates), "validFor": valid}

        return {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [{
                "baseUrl": f"https://{self.log.origin}", "hashAlgorithm": "SHA2_256",
                "publicKey": {"rawBytes": b64(self.log.spki), "keyDetails": "PKIX_ED25519",
                              "validFor": valid}, "logId": {"keyId": b64(self.log.id)}}],
            "certificateAuthorities": [
                authority("root", "https://ca.interop.test", self.authority.certificate)],
            "ctlogs": [{
                "baseUrl": "https://ct.interop.test", "hashAlgorithm": "SHA2_256",
                "publicKey": {"rawBytes": b64(spki(self.certificate_log.key)),
                              "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": valid},
                "logId": {"keyId": b64(self.certificate_log.id)}}],
            "timestampAuthorities": [
                authority("time", "https://tsa.interop.test", self.times.certificate,
                          self.times.root.certificate)]}


def good(world):
    """(name, arguments of World.make)."""
    for kind in ("attestation", "blob"):
        for by in ("certificate", "key"):
            yield f"{kind} by {by}", {"kind": kind, "by": by}
    yield "time token with its certificate", {"with_certificate": True}
    yield "tree of one entry", {"entry": {"index": 0, "size": 1}}
    old = {"_type": "https://in-toto.io/Statement/v0.1"}  # as cosign writes it
    yield "statement of version 0.1", {"payload": stated(world.artifact, **old)}
    yield "statement without a predicate", {"payload": stated(world.artifact, predicate=None)}
    stranger = "— witness.interop.test " + b64(b"\1\2\3\4" + bytes(72)) + "\n"
    yield "another's signature first", {"entry": {"before": stranger}}


def wrong_statements(world):
    digest = hashlib.sha256(world.artifact).hexdigest()
    named = {"name": "artifact", "digest": {"sha256": digest}}
    for name, changed in (
            ("of another artifact", {"subject": [{**named, "digest": {"sha256": "0" * 64}}]}),
            ("without a subject", {"subject": []}),
            ("subjects left out", {"subject": None}),
            ("digest in capitals", {"subject": [{**named, "digest": {"sha256": digest.upper()}}]}),
            ("digest of sha512 alone", {"subject": [{**named, "digest": {"sha512": "0" * 128}}]}),
            ("unknown field", {"extra": 1}),
            ("unknown field of a subject", {"subject": [{**named, "extra": 1}]}),
            ("another type", {"_type": "https://interop.test/Statement"}),
            ("another predicate type", {"predicateType": "https://interop.test/other"}),
            ("predicate is a list", {"predicate": []})):
        yield f"statement: {name}", {"payload": stated(world.artifact, **changed)}
    twice = stated(world.artifact).replace(b'"predicateType"', b'"predicateType": "x", "predicateType"')
    yield "statement: a key twice", {"payload": twice}
    yield "statement: no JSON", {"payload": b"not JSON"}


def wrong(world):
    """(name, arguments): each is wrong in the thing that it names."""
    yield from wrong_statements(world)
    yield "payload type", {"payload_type": "application/json"}
    for kind in ("attestation", "blob"):
        yield f"{kind}: signature of other bytes", {"kind": kind, "signed": b"other bytes"}
        yield f"{kind}: log has another digest", {"kind": kind, "digest": bytes(32)}
        yield f"{kind}: log has another signature", {
            "kind": kind, "logged_signature": sign(pki.new_key(), b"x")}
        yield f"{kind}: log has another key", {
            "kind": kind, "logged_verifier": key_verifier(spki(pki.new_key()))}
        yield f"{kind}: log has another certificate", {
            "kind": kind, "logged_verifier": certificate_verifier(world.leaf(pki.new_key()))}
        yield f"{kind}: by key, log has another key", {
            "kind": kind, "by": "key", "logged_verifier": key_verifier(spki(pki.new_key()))}
    yield "log has the payload's digest", {"digest": hashlib.sha256(stated(world.artifact)).digest()}
    yield "entry of version 0.0.1", {"entry": {"version": "0.0.1"}}
    yield "log of the same name with another key", {"log": world.other_log}
    yield "not logged", {"logged": False}
    yield "not timed", {"timed": False}
    yield "time of another signature", {"imprint": b"other"}
    yield "unknown time authority", {"times": world.other_times}
    yield "message digest of another name", {"kind": "blob", "algorithm": "SHA2_512"}
    for name, leaf in (
            ("of another authority", {"authority": world.stranger}),
            ("without an SCT", {"with_sct": False}),
            ("SCT of an unknown log", {"log": world.other_certificate_log}),
            ("SCT of another issuer", {"sct_key": world.stranger.key}),
            ("ended before", {"begin": now() - 20 * MINUTE}),
            ("begins later", {"begin": now() + 20 * MINUTE}),
            ("for servers", {"purpose": ExtendedKeyUsageOID.SERVER_AUTH}),
            ("of another identity", {"identity": "other@interop.test"}),
            ("of an identity that contains ours", {"identity": "x" + IDENTITY}),
            ("of another issuer of identities", {"issuer": "https://other.interop.test"})):
        yield f"certificate: {name}", {"leaf": leaf}


def main(folder, artifact):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder.resolve(), pathlib.Path(artifact).read_bytes())
    manifest = []
    for is_good, cases in ((True, good(world)), (False, wrong(world))):
        for name, arguments in cases:
            file = f"{len(manifest):02}.sigstore.json"
            (folder / file).write_text(json.dumps(world.make(**arguments), ensure_ascii=False))
            manifest.append({"name": name, "bundle": file, "good": is_good,
                             "kind": arguments.get("kind", "attestation"),
                             "by": arguments.get("by", "certificate")})
    (folder / "trusted_root.json").write_text(json.dumps(world.trusted_root()))
    (folder / "key.pub").write_bytes(world.key.public_key().public_bytes(
        pki.serialization.Encoding.PEM, pki.serialization.PublicFormat.SubjectPublicKeyInfo))
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
