"""A transparency log of one run: Rekor v2's entries, RFC 6962's tree, a C2SP checkpoint.

Written from the documents and with nothing of Carnet's, so that its proofs are a second opinion.
"""
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives import serialization

from pki_certificates import b64


def leaf_hash(body):
    return hashlib.sha256(b"\0" + body).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size):
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    at = split(len(leaves))
    return node_hash(root_of(leaves[:at]), root_of(leaves[at:]))


def path_to(index, leaves):
    if len(leaves) == 1:
        return []
    at = split(len(leaves))
    if index < at:
        return path_to(index, leaves[:at]) + [root_of(leaves[at:])]
    return path_to(index - at, leaves[at:]) + [root_of(leaves[:at])]


def record_body(digest, signature, verifier):
    return json.dumps({
        "apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
            "data": {"algorithm": "SHA2_256", "digest": b64(digest)},
            "signature": {"content": b64(signature), "verifier": verifier}}}},
        sort_keys=True, separators=(",", ":")).encode()


def certificate_verifier(certificate):
    return {"keyDetails": "PKIX_ECDSA_P256_SHA_256", "x509Certificate": {"rawBytes": b64(certificate)}}


def key_verifier(public):
    return {"keyDetails": "PKIX_ECDSA_P256_SHA_256", "publicKey": {"rawBytes": b64(public)}}


class Log:
    def __init__(self, origin="rekor.interop.test"):
        self.origin, self.key = origin, ed25519.Ed25519PrivateKey.generate()
        raw = serialization.PublicFormat.Raw
        public = self.key.public_key()
        self.spki = public.public_bytes(serialization.Encoding.DER,
                                        serialization.PublicFormat.SubjectPublicKeyInfo)
        self.id = hashlib.sha256(origin.encode() + b"\n\1" + public.public_bytes(
            serialization.Encoding.Raw, raw)).digest()

    def checkpoint(self, size, root, *, before=""):
        text = f"{self.origin}\n{size}\n{b64(root)}\n"
        signature = b64(self.id[:4] + self.key.sign(text.encode()))
        return f"{text}\n{before}— {self.origin} {signature}\n"

    def entry(self, body, *, index=4, size=7, version="0.0.2", before=""):
        """The body at `index` among others, in a tree of `size`."""
        leaves = [leaf_hash(b"other %d" % at) for at in range(size)]
        leaves[index] = leaf_hash(body)
        root = root_of(leaves)
        return {
            "logIndex": str(index), "logId": {"keyId": b64(self.id)},
            "kindVersion": {"kind": "hashedrekord", "version": version}, "integratedTime": "0",
            "inclusionProof": {
                "logIndex": str(index), "rootHash": b64(root), "treeSize": str(size),
                "hashes": [b64(each) for each in path_to(index, leaves)],
                "checkpoint": {"envelope": self.checkpoint(size, root, before=before)}},
            "canonicalizedBody": b64(body)}
