#!/usr/bin/env python3
"""What mutate.py makes of a made-up bundle: the same for a seed, enough of it, each different."""
import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import mutate  # noqa: E402

R, S = 2 ** 254 + 5, 2 ** 253 + 7


def b64(data):
    return base64.b64encode(data).decode()


BUNDLE = {
    "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
    "verificationMaterial": {
        "publicKey": {"hint": b64(bytes(32))},
        "tlogEntries": [{
            "logIndex": "1", "logId": {"keyId": b64(bytes(32))},
            "inclusionProof": {
                "logIndex": "1", "rootHash": b64(bytes(32)), "treeSize": "2",
                "hashes": [b64(b"\1" * 32)],
                "checkpoint": {"envelope": "log.test\n2\nAAAA\n\n— log.test AAAA\n"}},
            "canonicalizedBody": b64(b"{}")}]},
    "dsseEnvelope": {"payload": b64(b"{}"), "payloadType": "application/vnd.in-toto+json",
                     "signatures": [{"sig": b64(mutate.sequence(mutate.integer(R),
                                                                mutate.integer(S)))}]}}
TEXT = mutate.written(BUNDLE)


def expect(what, truth):
    if not truth:
        sys.exit(f"mutate_test: {what}")


def test_seed():
    made = list(mutate.mutations(TEXT, 1))
    expect("the same for a seed", made == list(mutate.mutations(TEXT, 1)))
    other = list(mutate.mutations(TEXT, 2))
    expect("others for another seed", made != other)
    settled = [each for each in made if not each[0].startswith(("bit", "character"))]
    expect("only flips depend on it", set(settled) <= set(other))


def test_number():
    made = list(mutate.mutations(TEXT, 1))
    expect(f"{len(made)} of a small bundle", len(made) >= 200)
    texts = [text for _, text in made]
    expect("no text twice, nor the bundle itself", len({TEXT, *texts}) == len(texts) + 1)
    expect("no name twice", len({name for name, _ in made}) == len(made))
    expect("each names its kind", all(":" in name for name, _ in made))


def named(name):
    return dict(mutate.mutations(TEXT, 1))[name]


def test_shapes():
    expect("dropped", json.loads(named("dropped:dsseEnvelope.payload"))["dsseEnvelope"] == {
        key: value for key, value in BUNDLE["dsseEnvelope"].items() if key != "payload"})
    expect("null", json.loads(named("null:mediaType"))["mediaType"] is None)
    expect("unknown", json.loads(named("unknown field:dsseEnvelope"))["dsseEnvelope"]["extra"] == 1)
    expect("renamed", "media_type" in json.loads(named("snake case:mediaType")))


def test_twice():
    text = named("twice, another first:dsseEnvelope.payload")
    expect("the key is there twice", text.count('"payload":') == 2)
    expect("the last is the bundle's", json.loads(text) == BUNDLE)
    expect("the first is another", '"payload":"other","payload":' in text)


def test_signatures():
    path = "dsseEnvelope.signatures.0.sig"
    r, s = mutate.integers(base64.b64decode(
        json.loads(named(f"signature with s negated:{path}"))["dsseEnvelope"]["signatures"][0]["sig"]))
    expect("r is kept, s is the order less s", (r, s) == (R, mutate.P256_ORDER - S))


def test_base64():
    expect("spare bits are no byte", base64.b64decode(mutate.spare_bits("AA==")) == b"\0" and
           mutate.spare_bits("AA==") == "AB==")
    expect("nothing to spare", mutate.spare_bits("AAAA") == "AAAA")
    for name, text in mutate.mutations(TEXT, 1):
        if name.startswith("bit flipped:dsseEnvelope.payload,"):
            expect("one bit", bin(int.from_bytes(base64.b64decode(
                json.loads(text)["dsseEnvelope"]["payload"]), "big")
                ^ int.from_bytes(b"{}", "big")).count("1") == 1)


def main():
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    for test in tests:
        test()
    print(f"mutate_test: {len(tests)} tests passed")


if __name__ == "__main__":
    main()
