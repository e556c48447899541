"""Bundles that are wrong in one thing, or spelled in another way: the same ones for the same seed.

`mutations(text, seed)` yields (name, text) pairs; the name says the kind of change before a colon
and the place after it, so that explanations (explained.tsv) can speak of a kind. Whether a
mutated bundle is still good is for the clients to say: the point is whether they agree.
"""
import base64
import copy
import json
import random

# Each is a field whose value is base64 of bytes.
BYTES = {"rawBytes", "keyId", "rootHash", "canonicalizedBody", "signedTimestamp", "digest",
         "signature", "payload", "sig", "hashes"}
NUMBERS = {"logIndex", "integratedTime", "treeSize"}
P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
MEDIA_TYPES = (
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle.v0.4+json", "application/vnd.dev.sigstore.bundle.v0.3+JSON",
    "application/vnd.dev.sigstore.bundle.v0.3+json ", "application/json", "")


def places(value, path=()):
    """The path of every value below `value`, outer ones first."""
    children = (value.items() if isinstance(value, dict) else
                enumerate(value) if isinstance(value, list) else ())
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def shown(path):
    return ".".join(map(str, path)) or "the whole"


def written(bundle):
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":"))


def changed(bundle, path, change):
    """The bundle with `change(parent, key)` done to a copy."""
    bundle = copy.deepcopy(bundle)
    change(at(bundle, path[:-1]), path[-1])
    return written(bundle)


def replaced(bundle, path, value):
    return changed(bundle, path, lambda parent, key: parent.__setitem__(key, value))


def is_field(path, names):
    return any(part in names for part in path[-2:] if isinstance(part, str))


def shapes(bundle):
    """Fields that are missing, null, of another type, of another name, or unknown."""
    for path in places(bundle):
        value, key = at(bundle, path), path[-1]
        yield f"dropped:{shown(path)}", changed(bundle, path, lambda parent, key: parent.pop(key))
        yield f"null:{shown(path)}", replaced(bundle, path, None)
        other = 7 if isinstance(value, str) else [value] if isinstance(value, dict) else str(value)
        yield f"another type:{shown(path)}", replaced(bundle, path, other)
        empty = type(value)()
        if value != empty:
            yield f"empty:{shown(path)}", replaced(bundle, path, empty)
        if isinstance(value, dict):
            yield f"unknown field:{shown(path)}", replaced(bundle, path, {**value, "extra": 1})
        if isinstance(key, str) and snake(key) != key:
            yield f"snake case:{shown(path)}", changed(
                bundle, path, lambda parent, key: parent.__setitem__(snake(key), parent.pop(key)))
    yield "unknown field:the whole", written({**bundle, "extra": 1})


def snake(name):
    return "".join("_" + each.lower() if each.isupper() else each for each in name)


def repeated(bundle):
    """Members of objects and of lists twice, and lists in another order."""
    for path in places(bundle):
        value, key = at(bundle, path), path[-1]
        if isinstance(key, str):
            for name, first in (("twice", value), ("twice, another first", "other")):
                text = replaced(bundle, path, "\0")
                both = f'{json.dumps(first, ensure_ascii=False)},"{key}":' \
                       f'{json.dumps(value, ensure_ascii=False)}'
                yield f"{name}:{shown(path)}", text.replace('"\\u0000"', both, 1)
        if isinstance(value, list) and value:
            yield f"member repeated:{shown(path)}", replaced(bundle, path, value + value[:1])
            yield f"33 members:{shown(path)}", replaced(bundle, path, value[:1] * 33)
        if isinstance(value, list) and len(value) > 1:
            yield f"members swapped:{shown(path)}", replaced(
                bundle, path, [value[1], value[0], *value[2:]])


def spellings(bundle):
    """Another text for the same bytes or the same number, as far as a reader may be lenient."""
    for path in places(bundle):
        value = at(bundle, path)
        if not isinstance(value, str):
            continue
        if is_field(path, NUMBERS) and value.isdigit():
            for name, other in (
                    ("without quotes", int(value)), ("as a fraction", float(value)),
                    ("with a zero before it", "0" + value), ("with a plus", "+" + value),
                    ("with a fraction", value + ".0"), ("with an exponent", value + "e0"),
                    ("with a space before it", " " + value), ("with a minus", "-" + value),
                    ("of 2^63", str(2 ** 63)), ("of 2^64", str(2 ** 64)), ("in hex", "0x1"),
                    ("in letters", "one")):
                yield f"number {name}:{shown(path)}", replaced(bundle, path, other)
        if is_field(path, BYTES):
            for name, other in base64_spellings(value):
                yield f"base64 {name}:{shown(path)}", replaced(bundle, path, other)


def base64_spellings(value):
    for name, other in (
            ("for addresses", value.replace("+", "-").replace("/", "_")),
            ("without padding", value.rstrip("=")), ("with a newline at its end", value + "\n"),
            ("with a newline inside", value[:8] + "\n" + value[8:]),
            ("with a space inside", value[:8] + " " + value[8:]), ("padded more", value + "="),
            ("with spare bits", spare_bits(value)), ("in hex", base64.b64decode(value).hex())):
        if other != value:
            yield name, other


def spare_bits(value):
    """The last digit before the padding with a bit set that no byte takes."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bare = value.rstrip("=")
    if bare == value:
        return value
    return bare[:-1] + digits[digits.index(bare[-1]) | 1] + value[len(bare):]


def flipped(bundle, chance):
    """One bit of the bytes in each field, three times over; in about the same place however long
    a run's signatures happen to be."""
    for path in places(bundle):
        value = at(bundle, path)
        if isinstance(value, str) and value and is_field(path, BYTES):
            for _ in range(3):
                data = bytearray(base64.b64decode(value))
                where = int(chance.random() * len(data) * 8)
                data[where // 8] ^= 1 << where % 8
                yield f"bit flipped:{shown(path)}, {where}", replaced(
                    bundle, path, base64.b64encode(data).decode())


def signatures(bundle):
    """ECDSA signatures that are other bytes of the same mathematics, and what is no signature."""
    for path in places(bundle):
        if path[-1] not in ("sig", "signature") or not isinstance(at(bundle, path), str):
            continue
        data = base64.b64decode(at(bundle, path))
        r, s = integers(data)
        for name, other in (
                ("s negated", sequence(integer(r), integer(P256_ORDER - s))),
                ("s plus the order", sequence(integer(r), integer(s + P256_ORDER))),
                ("a zero before r", sequence(integer(r, b"\0"), integer(s))),
                ("length in two bytes", b"\x30\x81" + data[1:]), ("a byte after it", data + b"\0"),
                ("r and s bare", r.to_bytes(32, "big") + s.to_bytes(32, "big")),
                ("r and s of zero", sequence(integer(0), integer(0)))):
            yield f"signature with {name}:{shown(path)}", replaced(
                bundle, path, base64.b64encode(other).decode())


def integers(data):
    r_end = 4 + data[3]
    return int.from_bytes(data[4:r_end], "big"), int.from_bytes(data[r_end + 2:], "big")


def integer(value, before=b""):
    body = before + value.to_bytes(value.bit_length() // 8 + 1, "big")
    return bytes([2, len(body)]) + body


def sequence(*parts):
    return b"\x30" + bytes([sum(map(len, parts))]) + b"".join(parts)


def checkpoints(bundle):
    """Changes to the signed note that leave its JSON alone."""
    for path in places(bundle):
        if path[-1] != "envelope":
            continue
        note = at(bundle, path)
        text, _, lines = note.partition("\n\n")
        origin, size, root = text.split("\n")[:3]
        for name, other in (
                ("signature line twice", note + lines),
                ("another's signature first",
                 f"{text}\n\n— witness.test {base64.b64encode(bytes(76)).decode()}\n{lines}"),
                ("no newline at its end", note[:-1]), ("a blank line more", f"{text}\n\n\n{lines}"),
                ("returns before newlines", note.replace("\n", "\r\n")),
                ("a line of extension", f"{text}\nextension\n\n{lines}"),
                ("another origin", note.replace(origin, "other.test", 1)),
                ("another name in the signature", f"{text}\n\n{lines.replace(origin, 'other.test')}"),
                ("a zero before the size", f"{origin}\n0{size}\n{root}\n\n{lines}"),
                ("a larger size", f"{origin}\n{int(size) + 1}\n{root}\n\n{lines}"),
                ("a hyphen for the dash", note.replace("—", "-")),
                ("no signature", f"{text}\n\n"), ("only a signature", lines),
                ("text after it", note + "more\n")):
            yield f"checkpoint with {name}:{shown(path)}", replaced(bundle, path, other)


def proofs(bundle):
    for path in places(bundle):
        value = at(bundle, path)
        if path[-1] == "hashes":
            digest = base64.b64encode(bytes(32)).decode()
            yield f"proof with a hash more:{shown(path)}", replaced(bundle, path, value + [digest])
            yield f"proof with a hash less:{shown(path)}", replaced(bundle, path, value[:-1])
            yield f"proof with a short hash:{shown(path)}", replaced(
                bundle, path, value[:-1] + [base64.b64encode(bytes(31)).decode()])
        if path[-1] in NUMBERS and isinstance(value, str):
            yield f"number plus one:{shown(path)}", replaced(bundle, path, str(int(value) + 1))


def types(bundle):
    for other in MEDIA_TYPES:
        yield f"media type:{other!r}", written({**bundle, "mediaType": other})
    if "dsseEnvelope" not in bundle:
        return
    path = ("dsseEnvelope", "payloadType")
    for other in ("", "application/json", "application/vnd.in-toto+JSON"):
        yield f"payload type:{other!r}", replaced(bundle, path, other)
    path = ("dsseEnvelope", "signatures", 0)
    for other in ("", "key", None):
        yield f"keyid:{other!r}", replaced(bundle, path, {**at(bundle, path), "keyid": other})


def materials(bundle):
    """Two keys, a key of another kind, the chain of older bundles, and both contents."""
    material = bundle["verificationMaterial"]
    hint, certificate = {"hint": "other"}, {"rawBytes": base64.b64encode(b"0\0").decode()}
    chain = {"certificates": [material.get("certificate", certificate)]}
    bare = {key: value for key, value in material.items()
            if key not in ("publicKey", "certificate")}
    for name, other in (
            ("another hint", {**bare, "publicKey": hint}),
            ("no hint", {**bare, "publicKey": {}}),
            ("no certificate in it", {**bare, "certificate": certificate}),
            ("a chain", {**bare, "x509CertificateChain": chain}),
            ("an empty chain", {**bare, "x509CertificateChain": {"certificates": []}}),
            ("two kinds", {"publicKey": hint, "certificate": certificate, **material})):
        yield f"material with {name}:", written({**bundle, "verificationMaterial": other})
    message = {"messageDigest": {"algorithm": "SHA2_256", "digest": "AAAA"}, "signature": "AAAA"}
    envelope = {"payload": "e30=", "payloadType": "application/vnd.in-toto+json",
                "signatures": [{"sig": "AAAA"}]}
    yield "both contents:", written({"messageSignature": message, "dsseEnvelope": envelope, **bundle})


def texts(bundle, text, chance):
    """Another text round the same JSON, and single characters changed anywhere."""
    spaced = json.dumps(bundle, indent=2, ensure_ascii=False)
    turned = written(dict(reversed(bundle.items())))
    for name, other in (
            ("indented", spaced), ("members in another order", turned),
            ("a newline at its end", text + "\n"), ("two documents", text + text),
            ("letters after it", text + "x"), ("a zero byte after it", text + "\0"),
            ("a byte-order mark", "\ufeff" + text), ("spaces before it", "  \t\n" + text),
            ("a comment", text[:-1] + "/* */}"), ("a comma at its end", text[:-1] + ",}"),
            ("single quotes", text.replace('"', "'")), ("in a list", f"[{text}]"),
            ("letters escaped", text.replace("mediaType", "m\\u0065diaType", 1)),
            ("capitals in a name", text.replace("mediaType", "MediaType", 1)),
            ("deep", '{"extra":' + "[" * 5000 + "]" * 5000 + "," + text[1:]),
            ("half of it", text[:len(text) // 2]), ("nothing", ""), ("null", "null")):
        yield f"text with {name}:", other
    for _ in range(12):
        where = int(chance.random() * len(text))
        yield f"character flipped:{where}", \
            text[:where] + chr(ord(text[where]) ^ 1 << chance.randrange(7)) + text[where + 1:]
        where = int(chance.random() * len(text))
        yield f"character dropped:{where}", text[:where] + text[where + 1:]


def mutations(text, seed):
    """(name, text) of each; no text twice, none that is the one given."""
    bundle, chance = json.loads(text), random.Random(seed)
    seen = {text}
    for source in (shapes(bundle), repeated(bundle), spellings(bundle), flipped(bundle, chance),
                   signatures(bundle), checkpoints(bundle), proofs(bundle), types(bundle),
                   materials(bundle), texts(bundle, text, chance)):
        for name, other in source:
            if other not in seen:
                seen.add(other)
                yield name, other
