#!/usr/bin/env python3
"""Signs a model in shards with the model_signing library: its command cannot.

usage: sign_shards.py MODEL SIGNATURE PRIVATE_KEY SHARD_SIZE HASH
"""
import pathlib
import sys

from model_signing import hashing, signing

if __name__ == "__main__":
    model, signature, key, shard_size, algorithm = sys.argv[1:]
    signature = pathlib.Path(signature)
    hashes = hashing.Config().use_shard_serialization(
        hashing_algorithm=algorithm, shard_size=int(shard_size))
    hashes.add_ignored_paths(model_path=model, paths=[".git", ".gitignore", ".gitattributes",
                                                      ".github"])
    signing.Config().use_elliptic_key_signer(private_key=key).set_hashing_config(hashes).sign(
        model, signature)
