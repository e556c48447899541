#!/usr/bin/env python3
"""Writes tests/merkle/notes/: checkpoints, signed notes and verifier keys, one case per file, most of
them a valid one with a single change that its name states.

usage: make_note_vectors.py [--check]

A second implementation of C2SP signed-note and tlog-checkpoint, and of Ed25519 (RFC 8032 section 5.1)
straight from its formulas, and slow. --check writes nothing and says which files differ.
"""
import base64
import hashlib
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "merkle" / "notes"

# Ed25519: the field, the curve, the base point.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, -1, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def compress(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def number_of(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


class Key:
    """An Ed25519 key under a name; its seed is the SHA-256 of a text."""

    def __init__(self, name, seed_text):
        digest = hashlib.sha512(hashlib.sha256(seed_text.encode()).digest()).digest()
        self.name = name
        self.prefix = digest[32:]
        self.scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.public = compress(times(self.scalar, BASE))

    def id(self, name=None):
        tagged = (name or self.name).encode() + b"\n\x01" + self.public
        return hashlib.sha256(tagged).digest()[:4]

    def sign(self, text):
        r = number_of(self.prefix, text.encode()) % L
        commitment = compress(times(r, BASE))
        challenge = number_of(commitment, self.public, text.encode()) % L
        return commitment + ((r + challenge * self.scalar) % L).to_bytes(32, "little")

    def line(self, text):
        return line(self.name, self.id() + self.sign(text))

    def vkey(self):
        return vkey(self.name, self.id().hex(), b"\x01" + self.public)


def b64(content):
    return base64.b64encode(content).decode()


def line(name, blob):
    return f"— {name} {blob if isinstance(blob, str) else b64(blob)}\n"


def vkey(name, key_id, key):
    return f"{name}+{key_id}+{key if isinstance(key, str) else b64(key)}"


LOG = Key("log.example/carnet", "log")
WITNESS = Key("witness.example", "witness")
OTHER = Key("log.example/carnet", "another key of that name")
# One name, two keys, one short id: found by trying texts in order.
TWIN, SIBLING = Key("log.example/twin", "twin 11630"), Key("log.example/twin", "twin 55260")
ROOT = hashlib.sha256(b"a root").digest()
EMPTY = hashlib.sha256(b"").digest()
TEXT = f"{LOG.name}\n5\n{b64(ROOT)}\n"
GREASE = line("grease.invalid", b"\0\0\0\1blabla")

cases = {}


def case(name, reader, text, wanted, reason="", keys=(LOG,), **more):
    assert name not in cases, name
    entry = {"reader": reader, "keys": [key.vkey() for key in keys]}
    entry.update({"text": text} if isinstance(text, str) else {"hex": text.hex()})
    cases[name] = {**entry, "wanted": wanted, **({"reason": reason} if reason else {}), **more}


def signed(text, *keys):
    return text + "\n" + "".join(key.line(text) for key in keys or (LOG,))


def checkpoint(name, wanted, reason="", text=TEXT, note=None, **more):
    case(f"checkpoint-{name}", "checkpoint", note or signed(text), wanted, reason, **more)


def read(name, text=TEXT, size="5", root=ROOT, extensions=(), **more):
    checkpoint(name, "accepted", text=text, size=size, root=b64(root),
               extensions=list(extensions), **more)


def note(name, text, wanted, reason="", **more):
    case(f"note-{name}", "note", text, wanted, reason, **more)


def key(name, text, wanted, reason=""):
    case(f"vkey-{name}", "vkey", text, wanted, reason, keys=())


def with_size(size):
    return f"{LOG.name}\n{size}\n{b64(ROOT)}\n"


def with_root(root):
    return f"{LOG.name}\n5\n{root if isinstance(root, str) else b64(root)}\n"


def checkpoints():
    read("plain")
    read("of-the-empty-tree", with_size(0).replace(b64(ROOT), b64(EMPTY)), "0", EMPTY)
    read("of-the-largest-size", with_size(2**64 - 1), str(2**64 - 1))
    read("with-extension-lines", TEXT + "one two\nthree\n", extensions=("one two", "three"))
    read("with-a-line-of-an-unknown-key", note=signed(TEXT) + GREASE)
    read("with-a-line-of-its-name-and-another-id", note=signed(TEXT) + line(
        LOG.name, b"\0\0\0\1" + LOG.sign(TEXT[1:])))
    read("with-a-line-of-its-id-and-another-name", note=signed(TEXT) + line(
        "log.example/other", LOG.id() + LOG.sign(TEXT[1:])))
    read("whose-witness-signed-another-text", note=signed(TEXT) + WITNESS.line(TEXT[1:]))

    checkpoint("of-another-origin", "rejected", "found log.example/other",
               TEXT.replace("carnet", "other"))
    checkpoint("of-an-origin-that-is-longer", "rejected", "found log.example/carnet2",
               TEXT.replace("carnet", "carnet2"))
    for name, text in (("size", with_size(6)), ("root", with_root(EMPTY)),
                       ("extension-line", TEXT + "added\n")):
        checkpoint(f"signed-before-its-{name}-changed", "rejected", f"bad signature by {LOG.name}",
                   note=text + "\n" + LOG.line(TEXT))
    checkpoint("signed-without-its-last-line-feed", "rejected", "bad signature",
               note=TEXT + "\n" + LOG.line(TEXT[:-1]))
    for name, note_text in (("signed-twice-by-its-key", signed(TEXT, LOG, LOG)),
                            ("signed-100-times-by-its-key", signed(TEXT, *[LOG] * 100))):
        checkpoint(name, "rejected", f"more than one signature by {LOG.name}", note=note_text)
    checkpoint("with-a-bad-line-after-the-good-one", "rejected", "more than one signature",
               note=signed(TEXT) + LOG.line(TEXT[1:]))
    checkpoint("with-a-bad-line-before-the-good-one", "rejected", "more than one signature",
               note=TEXT + "\n" + LOG.line(TEXT[1:]) + LOG.line(TEXT))
    checkpoint("with-a-signature-of-63-bytes", "rejected", "bad signature",
               note=TEXT + "\n" + line(LOG.name, LOG.id() + LOG.sign(TEXT)[:-1]))
    checkpoint("with-a-signature-of-65-bytes", "rejected", "bad signature",
               note=TEXT + "\n" + line(LOG.name, LOG.id() + LOG.sign(TEXT) + b"\0"))
    checkpoint("signed-by-another-key-of-its-name", "rejected", "no signature by a known key",
               note=signed(TEXT, OTHER))
    checkpoint("signed-by-its-witness-only", "rejected", "no signature by a known key",
               note=signed(TEXT, WITNESS))
    checkpoint("signed-under-another-id", "rejected", "no signature by a known key",
               note=TEXT + "\n" + line(LOG.name, b"\0\0\0\1" + LOG.sign(TEXT)))
    checkpoint("signed-under-another-name", "rejected", "no signature by a known key",
               note=TEXT + "\n" + line("log.example/other", LOG.id() + LOG.sign(TEXT)))

    for name, size in (("a-leading-zero", "05"), ("a-plus", "+5"), ("a-minus", "-5"),
                       ("hex-digits", "0x5"), ("a-space", "5 "), ("nothing", ""),
                       ("one-too-many", str(2**64)), ("a-fraction", "5.0")):
        checkpoint(f"whose-size-has-{name}", "malformed", "size", with_size(size))
    for name, root in (("31-bytes", ROOT[1:]), ("33-bytes", ROOT + b"\0"),
                       ("no-padding", b64(ROOT).rstrip("=")), ("no-text", ""),
                       ("a-space", " " + b64(ROOT)), ("hex-digits", ROOT.hex()),
                       ("bits-left-over", b64(ROOT)[:-2] + chr(ord(b64(ROOT)[-2]) + 1) + "=")):
        checkpoint(f"whose-root-has-{name}", "malformed", "root", with_root(root))
    checkpoint("of-the-empty-tree-with-another-root", "malformed", "empty tree", with_size(0))
    checkpoint("without-a-root", "malformed", "three lines", f"{LOG.name}\n5\n")
    checkpoint("without-a-size", "malformed", "three lines", f"{LOG.name}\n")
    checkpoint("with-an-empty-extension-line", "malformed", "extension", TEXT + "\nthree\n")
    for name, origin in (("space", "log example"), ("plus", "log+example"), ("tree-id",
                         "log.example - 1193050959916656506"), ("256-bytes", "a" * 256),
                         ("right-to-left-override", "log\u202eexample")):
        checkpoint(f"whose-origin-has-{name}", "malformed", "origin",
                   f"{origin}\n5\n{b64(ROOT)}\n")
    checkpoint("without-an-origin", "malformed", "origin", f"\n5\n{b64(ROOT)}\n")


def notes():
    text = "one\n\ntwo \x7f\u00e9\n\n\nthree\n"
    note("whose-text-has-empty-lines", signed(text), "accepted", signers=[0])
    both = signed(TEXT, LOG, WITNESS)
    note("of-two-signers", both, "accepted", keys=(LOG, WITNESS), signers=[0, 1])
    note("of-two-signers-with-keys-in-another-order", both, "accepted", keys=(WITNESS, LOG),
         signers=[0, 1])
    note("of-two-signers-of-whom-the-second-is-known", both, "accepted", keys=(WITNESS,),
         signers=[0])
    note("of-one-signer-with-two-keys-known", signed(TEXT), "accepted", keys=(WITNESS, LOG),
         signers=[1])
    note("signed-twice-by-one-key", signed(TEXT, LOG, LOG), "rejected", "more than one signature")
    note("of-two-keys-with-one-short-id", signed(TEXT, SIBLING), "accepted", keys=(TWIN, SIBLING),
         signers=[1])
    note("of-both-keys-with-one-short-id", signed(TEXT, SIBLING, TWIN), "accepted",
         keys=(TWIN, SIBLING), signers=[0, 1])
    note("of-one-of-two-keys-with-one-short-id-twice", signed(TEXT, TWIN, TWIN), "rejected",
         "more than one signature", keys=(TWIN, SIBLING))
    note("of-three-lines-under-a-short-id-of-two-keys", signed(TEXT, TWIN, SIBLING, TWIN),
         "rejected", "more than one signature", keys=(TWIN, SIBLING))
    note("with-a-bad-line-under-a-shared-short-id", signed(TEXT, TWIN) + SIBLING.line(TEXT[1:]),
         "rejected", "bad signature", keys=(TWIN, SIBLING))
    note("with-100-signature-lines", signed(TEXT) + GREASE * 99, "accepted", signers=[0])
    note("with-101-signature-lines", signed(TEXT) + GREASE * 100, "malformed", "100 signature")
    note("with-a-signature-of-one-byte", signed(TEXT) + line("a", b"\0\0\0\1\2"), "accepted",
         signers=[0])
    note("with-a-bad-line-of-one-of-two-known-keys", signed(TEXT) + WITNESS.line(TEXT[1:]),
         "rejected", f"bad signature by {WITNESS.name}", keys=(LOG, WITNESS))
    note("of-no-known-key", signed(TEXT), "rejected", "no signature by a known key", keys=())
    note("without-an-empty-line", TEXT + LOG.line(TEXT), "malformed", "no empty line")
    note("without-a-signature-line", TEXT + "\n", "malformed", "no signature line")
    note("without-anything", "", "malformed", "no empty line")
    note("whose-last-line-lacks-its-line-feed", signed(TEXT)[:-1], "malformed", "end in LF")
    note("with-a-null-byte", "\0" + signed(TEXT), "malformed", "control character")
    note("with-a-tab", "a\t" + signed(TEXT), "malformed", "control character")
    note("with-carriage-returns", signed(TEXT).replace("\n", "\r\n"), "malformed",
         "control character")
    note("with-a-byte-of-31", "\x1f" + signed(TEXT), "malformed", "control character")
    note("that-is-not-utf8", b"\xff" + signed(TEXT).encode(), "malformed", "UTF-8")
    note("with-a-surrogate", b"\xed\xa0\x80" + signed(TEXT).encode(), "malformed", "UTF-8")
    note("with-text-after-its-signatures", signed(TEXT) + "more\n", "malformed",
         "not a signature line")
    note("with-a-hyphen-before-its-name", signed(TEXT) + "-" + GREASE[1:], "malformed",
         "not a signature line")
    note("without-a-space-after-its-dash", signed(TEXT) + GREASE.replace(" ", "", 1), "malformed",
         "not a signature line")
    for name, spelt in (("space", "grease invalid"), ("plus", "grease+invalid"),
                        ("em-space", "grease\u2003invalid"), ("next-line", "grease\u0085invalid"),
                        ("ideographic-space", "grease\u3000invalid")):
        note(f"whose-unknown-name-has-{name}", signed(TEXT) + line(spelt, b"\0\0\0\1bla"),
             "malformed", "signature line")
    note("whose-unknown-name-is-empty", signed(TEXT) + line("", b"\0\0\0\1bla"), "malformed",
         "key name")
    note("with-a-name-alone", signed(TEXT) + "— grease.invalid\n", "malformed", "key name")
    for name, blob in (("nothing", ""), ("an-id-alone", b"\0\0\0\1"), ("three-bytes", b"\0\0\1"),
                       ("no-padding", "AAAAAWJsYWJsYQ"), ("a-space", "AAAAAWJs YWJsYQ=="),
                       ("a-dot", "AAAAAWJs.WJsYQ==")):
        note(f"whose-signature-has-{name}", signed(TEXT) + line("grease.invalid", blob),
             "malformed", "base64")


def vkeys():
    public, key_id = b"\x01" + LOG.public, LOG.id().hex()
    key("plain", LOG.vkey(), "accepted")
    for name, text in (("a-name-alone", LOG.name), ("no-key", f"{LOG.name}+{key_id}"),
                       ("nothing", "")):
        key(f"with-{name}", text, "malformed", "name+id+key")
    for name, spelt in (("capitals", key_id.upper()), ("6-digits", key_id[:6]),
                        ("10-digits", key_id + "00"), ("no-digits", ""),
                        ("a-letter-beyond-f", "g" + key_id[1:])):
        assert spelt != key_id
        key(f"whose-id-has-{name}", vkey(LOG.name, spelt, public), "malformed", "hex digits")
    key("of-the-id-of-another-name", vkey("log.example/other", key_id, public), "malformed",
        "does not belong")
    key("of-the-id-of-another-key", vkey(LOG.name, OTHER.id().hex(), public), "malformed",
        "does not belong")
    key("of-an-id-with-one-bit-changed", vkey(LOG.name, f"{int(key_id, 16) ^ 1:08x}", public),
        "malformed", "does not belong")
    for name, content in (("nothing", ""), ("a-character-less", b64(public)[:-1]),
                          ("a-plus-behind", b64(public) + "+"), ("a-space", b64(public) + " ")):
        key(f"whose-key-has-{name}", vkey(LOG.name, key_id, content), "malformed", "base64")
    for name, content in (("no-bytes", public[:1]), ("31-bytes", public[:-1]),
                          ("33-bytes", public + b"\0")):
        key(f"whose-key-has-{name}", vkey(LOG.name, key_id, content), "malformed", "not 32")
    for kind in (0, 2, 4, 6):
        key(f"of-type-{kind}", vkey(LOG.name, key_id, bytes([kind]) + LOG.public), "unsupported",
            f"expected key type 1, Ed25519, found {kind}")
    for name, spelt in (("a-space", "log example"), ("a-tab", "log\texample"),
                        ("a-no-break-space", "log\u00a0example")):
        key(f"whose-name-has-{name}", vkey(spelt, LOG.id(spelt).hex(), public), "malformed",
            "key name")
    key("whose-name-is-empty", vkey("", LOG.id().hex(), public), "malformed", "key name is empty")


def main(arguments):
    checkpoints()
    notes()
    vkeys()
    wanted = {f"{name}.json": json.dumps(content, indent=1, ensure_ascii=False) + "\n"
              for name, content in cases.items()}
    # JSON may contain these three as they are; escaped, they are visible.
    for hidden in ("\u0085", "\u202e", "\x7f"):
        escape = f"\\u{ord(hidden):04x}"
        wanted = {name: text.replace(hidden, escape) for name, text in wanted.items()}
    present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    if arguments == ["--check"]:
        differing = sorted(name for name in wanted.keys() | present.keys()
                           if wanted.get(name) != present.get(name))
        for name in differing:
            print(f"tests/merkle/notes/{name} is not what tools/make_note_vectors.py writes")
        return 1 if differing else 0
    FOLDER.mkdir(exist_ok=True)
    for name in present.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} files")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
