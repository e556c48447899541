#!/usr/bin/env python3
"""Plays Fulcio for one test: reads a request, checks the proof of possession with openssl, and prints
the answer with a certificate that openssl signed.

usage: certificate_authority.py FOLDER SUBJECT [OTHER_PUBLIC_KEY.pem]   (FOLDER has ca.pem, ca.key)
"""
import base64
import json
import pathlib
import subprocess
import sys

folder, subject = pathlib.Path(sys.argv[1]), sys.argv[2]
asked = json.load(sys.stdin)
key = folder / "asked.pem"
key.write_text(asked["publicKeyRequest"]["publicKey"]["content"])
assert asked["publicKeyRequest"]["publicKey"]["algorithm"] == "ECDSA"
assert asked["credentials"]["oidcIdentityToken"].count(".") == 2
(folder / "proof").write_bytes(base64.b64decode(asked["publicKeyRequest"]["proofOfPossession"]))
(folder / "subject").write_text(subject)
subprocess.run(["openssl", "dgst", "-sha256", "-verify", key, "-signature", folder / "proof",
                folder / "subject"], check=True, stdout=subprocess.DEVNULL)
certified = sys.argv[3] if len(sys.argv) > 3 else key
leaf = subprocess.run(["openssl", "x509", "-new", "-subj", "/", "-force_pubkey", certified, "-CA",
                       folder / "ca.pem", "-CAkey", folder / "ca.key", "-days", "1", "-extfile",
                       folder / "ext"], check=True, stdout=subprocess.PIPE, text=True).stdout
chain = [leaf, (folder / "ca.pem").read_text()]
print(json.dumps({"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}}))
