"""Hostile and border inputs of the target that reads models' signatures, for make_hostile.py."""
import hashlib
import json

from hostile_sigstore import BUNDLE

DIGEST = "aa" * 32


def statement(*names, shard_size=None, algorithm="sha256", **more):
    """With resources of these names, and the root that follows from them."""
    cut = {"method": "files", "hash_type": "sha256"}
    if shard_size is not None:
        cut = {"method": "shards", "hash_type": "sha256", "shard_size": shard_size}
    root = hashlib.sha256(bytes.fromhex(DIGEST) * len(names)).hexdigest()
    return json.dumps({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "m", "digest": {"sha256": root}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {
            "resources": [{"name": name, "digest": DIGEST, "algorithm": algorithm}
                          for name in names],
            "serialization": {**cut, "allow_symlinks": False, **more}}})


oms = {
    "empty": statement(),
    "dot": statement("."),
    "outside": statement("../a"),
    "twice": statement("a", "a"),
    "ignored": statement("a/b", ignore_paths=["a"]),
    "dot_in_shards": statement(".:0:10", ".:10:11", shard_size=10.0, algorithm="sha256-sharded-10"),
    "backwards": statement("a:10:0", shard_size=10.0),
    "only_colons": statement("::", shard_size=10.0),
    "overlap": statement("a:0:10", "a:5:15", shard_size=10.0),
    "huge_shards": statement(f"a:0:{2**63}", shard_size=2**63),
    "range_overflow": statement(f"a:{2**64 - 1}:{2**64}", shard_size=10.0),
    "nulls": "{" + BUNDLE + ',"verificationMaterial":{"publicKey":{"hint":null},'
    '"certificate":null,"x509CertificateChain":null,"tlogEntries":null},"messageSignature":null,'
    '"dsseEnvelope":{"payload":"","payloadType":"","signatures":[{"sig":"","keyid":null}]}}',
}
