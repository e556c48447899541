"""Hostile and border inputs of the targets that read what others sign, for make_hostile.py."""
import base64

BUNDLE = '"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"'
ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"'


def b64(raw):
    return base64.b64encode(raw).decode()


OLD_BUNDLE = '"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.1"'
foreign_bundle = {
    "old_without_promise": "{" + OLD_BUNDLE + ',"verificationMaterial":{"publicKey":{},'
    '"tlogEntries":[{"logId":{"keyId":"' + "A" * 43 + '"},"kindVersion":{}}]},'
    '"messageSignature":{}}',
    "both_contents": "{" + BUNDLE + ',"verificationMaterial":{"publicKey":{}},'
    '"messageSignature":{},"dsseEnvelope":{}}',
    "two_alphabets": "{" + BUNDLE + ',"verificationMaterial":{"publicKey":{}},"dsseEnvelope":{'
    '"signatures":[{"sig":"-_+/"}]}}',
    "nulls": "{" + BUNDLE + ',"verificationMaterial":{"publicKey":{"hint":null},"certificate":null,'
    '"tlogEntries":null},"dsseEnvelope":{"payload":null,"signatures":[{"sig":"-_-_"}]}}',
    "empty_signature": "{" + BUNDLE + ',"verificationMaterial":{"publicKey":{"hint":"a"}},'
    '"dsseEnvelope":{"signatures":[{"sig":""}]}}',
}

DIGEST = '{"algorithm":"sha256","value":"' + "00" * 32 + '"}'
entry_body = {
    "dsse_without_key": '{"apiVersion":"0.0.1","kind":"dsse","spec":{"envelopeHash":' + DIGEST
    + ',"payloadHash":' + DIGEST + ',"signatures":[{"signature":"AA=="}]}}',
    "intoto_once": '{"apiVersion":"0.0.2","kind":"intoto","spec":{"content":{"hash":' + DIGEST
    + ',"payloadHash":' + DIGEST + ',"envelope":{"payloadType":"a","signatures":[{"sig":"/w=="}]}}}}',
    "other_kind": '{"apiVersion":"0.0.2","kind":"dsse","spec":{}}',
    "digest_short": '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{'
    '"data":{"algorithm":"SHA2_256","digest":"AA=="}}}}',
    "half_a_certificate": '{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":'
    + DIGEST + '},"signature":{"content":"AA==","publicKey":{"content":"'
    + b64(b"-----BEGIN CERTIFICATE-----\nMAA=\n") + '"}}}}',
}

STATEMENT = '{"_type":"https://in-toto.io/Statement/v1","predicateType":"a"'
foreign_statement = {
    "no_subject": STATEMENT + "}",
    "null_predicate": STATEMENT + ',"predicate":null,"subject":[{}]}',
    "deep_predicate": STATEMENT + ',"predicate":{"a":' + "[" * 126 + "]" * 126 + "}}",
    "many_digests": STATEMENT + ',"subject":[{"digest":{'
    + ",".join(f'"d{i}":""' for i in range(33)) + "}}]}",
    "many_subjects": STATEMENT + ',"subject":[' + ",".join(["{}"] * 1025) + "]}",
    "short_digest": STATEMENT + ',"subject":[{"digest":{"sha512":"00"}}]}',
}

trusted_material = {
    "null_everywhere": ROOT + ',"tlogs":null,"ctlogs":[null]}',
    "unknown_key": ROOT + ',"ctlogs":[{"publicKey":{"rawBytes":"","keyDetails":"ML_DSA_65",'
    '"validFor":{"start":"2026-01-01T00:00:00Z"}}}]}',
    "empty_chain": ROOT + ',"certificateAuthorities":[{"certChain":{"certificates":[]}}]}',
    "many_authorities": ROOT + ',"timestampAuthorities":[' + ",".join(["{}"] * 65) + "]}",
}
