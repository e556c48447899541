#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/: hostile and border inputs of each fuzz target, by hand.

    tests/fuzz/make_hostile.py            rewrite the folder
    tests/fuzz/make_hostile.py --check    exit 1 when it would change
"""
import hashlib
import pathlib
import struct
import sys

from hostile_caches import digest_cache  # noqa: F401, a target like those below
from hostile_machines import machine_report  # noqa: F401, a target like those below
from hostile_oms import oms  # noqa: F401, a target like those below
from hostile_pki import certificate, sct, timestamp  # noqa: F401, targets like those below
from hostile_sigstore import (  # noqa: F401
    BUNDLE, ROOT, b64, entry_body, foreign_bundle, foreign_statement, trusted_material)
from hostile_torch import pickle, torch_file  # noqa: F401

CORPUS = pathlib.Path(__file__).parent / "corpus"


bundle = {
    "empty": "",
    "key_twice": "{" + BUNDLE + ',"mediaType":"x"}',
    "null_material": "{" + BUNDLE + ',"verificationMaterial":null,"dsseEnvelope":{}}',
    "negative_index": "{" + BUNDLE + ',"verificationMaterial":{"publicKey":{"hint":"AAAA"},'
    '"tlogEntries":[{"logIndex":"-1"}]},"dsseEnvelope":{"payload":"","payloadType":"",'
    '"signatures":[{"sig":""}]}}',
    "certificate": "{" + BUNDLE + ',"verificationMaterial":{"certificate":{"rawBytes":"MAA="}},'
    '"dsseEnvelope":{}}',
}

CHIPS = "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note\n"


def chip(peak, precision="bf16", vendor="v"):
    return f"a,a,{vendor},{precision},{peak},dense,epoch,2026-07-06,high,\n"


chips = {
    "header_only": CHIPS,
    "zero_peak": CHIPS + chip(0),
    "overflow": CHIPS + chip(2**128),
    "largest": CHIPS + chip(2**128 - 1),
    "open_quote": CHIPS + chip(1, vendor='"v'),
    "quoted": CHIPS + chip(7, "fp8", '"v, ""w"""'),
    "row_twice": CHIPS + 2 * chip(1),
    "integer_only": CHIPS + chip(9, "int8"),
}

draft = {  # the first byte is the kind
    "array": b"\0[]",
    "added_name": b'\0{"name":"mine"}',
    "name_twice": b'\0{"name":"a","name":"b"}',
    "escaped_name": b'\0{"\\u006eame":"a"}',
    "number_beyond_doubles": b'\0{"n":1e999}',
    "head": b'\3{"head":{}}',
    "deep": b"\1" + b"[" * 40 + b"]" * 40,
}


def u32(value):
    return struct.pack("<I", value)


def u64(value):
    return struct.pack("<Q", value)


def string(text):
    return u64(len(text)) + text.encode()


def gguf_file(key_values=(), tensors=(("a", (4, 2), 0, 0), ("b", (32,), 2, 32)), data=64, align=32,
              tensor_count=None, key_count=None):
    text = b"GGUF" + u32(3)
    text += u64(len(tensors) if tensor_count is None else tensor_count)
    text += u64(len(key_values) if key_count is None else key_count) + b"".join(key_values)
    for name, dimensions, kind, offset in tensors:
        text += string(name) + u32(len(dimensions)) + b"".join(map(u64, dimensions))
        text += u32(kind) + u64(offset)
    return text + b"\0" * (-len(text) % align) + b"d" * data


gguf = {
    "two_tensors": gguf_file(),
    "no_tensor": gguf_file(tensors=(), data=0),
    "metadata": gguf_file(
        (string("general.alignment") + u32(4) + u32(64),
         string("tokens") + u32(9) + u32(8) + u64(2) + string("x") + string("y"),
         string("scale") + u32(6) + struct.pack("<f", 1.5)),
        (("a", (4, 2), 0, 0), ("b", (32,), 2, 64)), 128, 64),
    "experts": gguf_file(
        (string("general.architecture") + u32(8) + string("qwen3moe"),
         string("qwen3moe.expert_used_count") + u32(4) + u32(8),
         string("llama.expert_used_count") + u32(4) + u32(1))),
    "nested_arrays": gguf_file((string("n") + u32(9) + (u32(9) + u64(1)) * 20 + u32(0) + u64(0),)),
    "tensor_bomb": gguf_file(tensor_count=2**64 - 1),
    "key_bomb": gguf_file(key_count=2**63),
    "array_bomb": gguf_file((string("n") + u32(9) + u32(8) + u64(2**61),)),
    "dimension_overflow": gguf_file(tensors=(("a", (2**63, 2**63, 4), 0, 0),)),
    "offset_overflow": gguf_file(tensors=(("a", (4, 2), 0, 2**64 - 32),)),
    "alignment_zero": gguf_file((string("general.alignment") + u32(4) + u32(0),)),
    "name_length": b"GGUF" + u32(3) + u64(1) + u64(0) + u64(2**64 - 1) + b"a",
    "big_endian": b"GGUF" + struct.pack(">I", 3) + b"\0" * 16,
}

hashedrekord = {
    "empty_object": "{}",
    "spaces": '{ "apiVersion":"0.0.2","kind":"hashedrekord","spec":{} }',
    "no_spec": '{"apiVersion":"0.0.2","kind":"hashedrekord"}',
    "digest_short": '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{'
    '"data":{"algorithm":"SHA2_256","digest":"AA=="},"signature":{"content":"","verifier":{'
    '"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":""}}}}}}',
}

json = {
    "deep": "[" * 200 + "]" * 200,
    "just_deep_enough": "[" * 32 + "]" * 32,
    "lone_surrogate": '["\\ud800"]',
    "surrogate_pair": '["\\ud83d\\ude00"]',
    "nul": '["\\u0000"]',
    "key_twice_escaped": '{"a":1,"\\u0061":2}',
    "huge_exponents": "[1e999999999,-1e-999999999]",
    "long_number": "[" + "9" * 400 + "]",
    "zeros": "[-0,-0.0,0e-5]",
    "doubles": "[5e-324,1.7976931348623157e308,4503599627370497.5,0.1e22]",
    "sort_order": '{"\\ud83d\\ude00":1,"\\ufb33":2,"\\u20ac":3,"":4}',
    "escapes": '["\\b\\f\\n\\r\\t\\"\\\\\\/\\u001f\\u007f"]',
    "bom": b"\xef\xbb\xbf{}",
    "overlong": b'["\xc0\xaf"]',
    "comment": "[1]//x",
    "two_values": "{}{}",
    "null": "[null]",
    "many_members": "{" + ",".join(f'"k{i}":{i}' for i in range(40)) + "}",
    "many_members_one_twice": "{" + ",".join(f'"k{i % 39}":{i}' for i in range(40)) + "}",
    "not_numbers": "[NaN,Infinity]",
}


def scrypt(cost, blocks=8, lanes=1):
    return ('{"kdf":{"name":"scrypt","params":{"N":%s,"r":%s,"p":%s},"salt":"AAAA"},"cipher":{'
            '"name":"nacl/secretbox","nonce":"AAAA"},"ciphertext":"AAAA"}' % (cost, blocks, lanes))


key_file = {
    "no_end": "-----BEGIN PRIVATE KEY-----\n",
    "rsa": "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n",
    "scrypt_bomb": scrypt(2**30),
    "scrypt_wide": scrypt(16384, 2**20, 2**20),
    "negative_cost": scrypt(-2),
}

P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
P256_COMPRESSED = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
P256_PKCS8 = bytes.fromhex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420")
keys = {
    "point_at_infinity": P256 + b"\0",
    "not_on_curve": P256 + b"\4" + b"\1" * 64,
    "compressed_point": P256_COMPRESSED + b"\2" + b"\1" * 32,
    "small_order_ed25519": bytes.fromhex("302a300506032b6570032100") + b"\1" + b"\0" * 31,
    "zero_signature": bytes.fromhex("3006020100020100"),
    "long_form_length": bytes.fromhex("308106020101020101"),
    "length_bomb": bytes.fromhex("3084ffffffff0201"),
    "indefinite_length": bytes.fromhex("30800201010201010000"),
    "zero_scalar": P256_PKCS8 + b"\0" * 32,
    "scalar_beyond_order": P256_PKCS8 + b"\xff" * 32,
}

keyspace = {  # the first byte is the decoder
    "statement_bomb": b"\2\4" + b"\xff" * 12,
    "tile_too_wide": b"\5\1\1" + b"\0" * 32,
    "tile_empty": b"\5\0\0",
    "meta_length": b"\0\0\0\0\1\xff\xff\xff\xff",
    "recorders_half": b"\4" + b"\1" * 48,
    "recorders_of_both_forms": b"\4\1" + b"\7" * 32 + b"\2" + b"\7" * 32,
    "recorders_of_no_form": b"\4\0" + b"\7" * 32,
    "signer_row": b"\6k\2" + b"\7" * 32 + b"\0" * 8,
    "passport_row_of_no_form": b"\6p\3" + b"\7" * 64,
}


def party(key):
    return 'party = "lab"\n[[key]]\n' + key


parties = {
    "one_key": party('file = "lab.pub"\nname = "2026"\nkinds = ["run", "segment"]\n'
                     'from = "2026-01-01"\nuntil = "2027-01-01"\n[[key.sizes]]\n'
                     'origin = "log.example"\nfrom = 3\nuntil = 500\n'),
    "climbing_file": party('file = "../lab.pub"\nkinds = ["run"]\n'),
    "no_kind": party('file = "lab.pub"\nkinds = []\n'),
    "empty_file": party('file = ""\nkinds = ["run"]\n'),
    "negative_size": party('file = "a"\nkinds = ["run"]\n[[key.sizes]]\norigin = "l"\nfrom = -1\n'),
    "header_of_no_key": "[[~]]\n",
    "header_of_three_brackets": "[[[1]]]\n",
    "key_is_text": 'party = "lab"\nkey = "x"\n',
    "deep_array": "party = " + "[" * 300 + "]" * 300 + "\n",
    "deep_key": ".".join("a" * 400) + " = 1\n",
}

passport = {
    "nothing": "",
    "empty_lines": "\n\n\n",
    "no_last_newline": "{}",
    "nul": b"\0\n\0\n",
    "long_line": "[" * 100_000 + "\n",
}

claims = {**passport, "carriage_returns": "{}\r\n\r\n"}

pem = {
    "label_of_spaces": "-----BEGIN  -----\nAA==\n-----END  -----\n",
    "other_end": "-----BEGIN A-----\nAA==\n-----END B-----\n",
    "no_label": "-----BEGIN -----\n-----END -----\n",
    "short_line_inside": "-----BEGIN A-----\nAAAA\nAAAA\n-----END A-----\n",
    "no_last_newline": "-----BEGIN A-----\nAA==\n-----END A-----",
    "carriage_returns": "-----BEGIN A-----\r\nAA==\r\n-----END A-----\r\n",
}

policy = {
    "deep": "x = " + "{a = " * 200 + "1" + "}" * 200 + "\n",
    "dates_swapped": 'id = "p"\ntitle = "t"\njurisdiction = "j"\nsubject = "s"\ncounting = "c"\n'
    'checked_on = "2026-01-01"\n[[threshold]]\nid = "a"\nfrom = "2027-01-01"\n'
    'until = "2026-01-01"\n',
    "number_overflow": "id = " + "9" * 32 + "\n",
    "bad_utf8": b'id = "\xff"\n',
}

predicate = {  # the first byte is the kind, and 8 for a draft
    "head_missing": b"\0{}",
    "undisclosed_name": b'\x08{"name":"undisclosed"}',
    "digest_capitals": b'\x08{"name":"d","digest":"' + b"A" * 64 + b'"}',
    "count_as_text": b'\x0c{"seq":"9007199254740991"}',
    "holder_identity": b'\x0a{"holders":["identity:' + b"a" * 64 + b'","key:' + b"a" * 64
    + b'"],"window":{"from":"2026-01-01T00:00:00.000Z","to":"2026-02-01T00:00:00.000Z"}}',
    "holder_of_other_form": b'\x0a{"holders":["mail:' + b"a" * 64 + b'"]}',
    "recorder_capitals": b'\x0b{"recorders":["identity:' + b"A" * 64 + b'"]}',
    "declared_by_identity": b'\x09{"id":"declared:identity:' + b"a" * 64 + b':box","units":1,'
    b'"vendor":"v","chip":"c"}',
    "many_items": b'\x08{"name":"d","geography":[' + b",".join([b'"x"'] * 300) + b"]}",
}


def safetensors_file(header, data=b""):
    return u64(len(header)) + header.encode() + data


def tensor(dtype, shape, offsets):
    return f'"w":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


safetensors = {
    "two_tensors": safetensors_file(
        '{"__metadata__":{"format":"pt"},' + tensor("F32", "[2,2]", "[0,16]") + ","
        + tensor("BF16", "[]", "[16,18]").replace("w", "v", 1) + "}", b"d" * 18),
    "packed": safetensors_file("{" + tensor("F4", "[3,2]", "[0,3]") + "}", b"d" * 3),
    "length_bomb": u64(2**64 - 1) + b"{}",
    "shape_overflow": safetensors_file("{" + tensor("U8", [2**32, 2**32], "[0,0]") + "}"),
    "hole": safetensors_file("{" + tensor("U8", "[1]", "[1,2]") + "}", b"dd"),
    "offsets_swapped": safetensors_file("{" + tensor("U8", "[1]", "[2,1]") + "}", b"dd"),
    "empty_tensor": safetensors_file("{" + tensor("F64", [0, 2**63 - 1], "[0,0]") + "}"),
    "text_alone": "{" + tensor("U8", "[4]", "[0,4]") + "}",
    "index": '{"metadata":{"total_size":1},"weight_map":{"a":"m-00001-of-00002.safetensors",'
    '"b":"m-00002-of-00002.safetensors"}}',
    "index_climbs": '{"metadata":{},"weight_map":{"a":"../m.safetensors"}}',
}

EMPTY = b64(hashlib.sha256(b"").digest())
SIGNATURE = "\u2014 log.example " + b64(b"\0" * 68) + "\n"


def note(size, origin="log.example", root=EMPTY, extension="", signatures=SIGNATURE):
    return f"{origin}\n{size}\n{root}\n{extension}\n{signatures}"


signed_note = {
    "empty_tree": note(0),
    "empty_tree_other_root": note(0, root=b64(bytes(32))),
    "extension": note(1, extension="ext\n"),
    "leading_zero": note("01"),
    "size_overflow": note(2**64),
    "too_many_signatures": note(1, signatures=101 * SIGNATURE),
    "carriage_return": note(1, origin="log.example\r"),
    "rekor_v1_origin": note(1, origin="log.example - 1"),
    "two_empty_lines": "a\n\nb\n\n" + SIGNATURE,
    "delete_in_name": note(1, signatures=SIGNATURE.replace("log", "l\x7fg")),
    "no_signature": "a\n\n",
    "short_signature": "a\n\n\u2014 log.example AAA=\n",
}

spellings = {
    "number": str(2**64 - 1),
    "number_overflow": str(2**64),
    "flop": str(2**128 - 1),
    "flop_overflow": str(2**128),
    "leading_zero": "00",
    "leap_day": "2024-02-29T23:59:59.999Z",
    "leap_second": "2016-12-31T23:59:60.000Z",
    "no_leap_day": "2023-02-29",
    "nanoseconds": "2026-01-01T00:00:00.123456789Z",
    "last_time": "9999-12-31T23:59:59.999Z",
    "hex": "00ff",
    "base64": "AA==",
    "base64_unused_bits": "AB==",
    "key": "key:" + "0f" * 32,
    "identity": "identity:" + "0f" * 32,
    "identity_capitals": "identity:" + "0F" * 32,
    "key_short": "key:" + "0" * 63,
    "signer_stored": b"\2" + b"\x0f" * 32,
    "signer_stored_no_form": b"\0" + b"\x0f" * 32,
    "path": "a/b.txt",
    "climbing_path": "a/../b",
    "bidirectional_override": "a\u202eb",
    "surrogate": b"\xed\xa0\x80",
    "empty": "",
}

STATEMENT = '{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicate":{},"predicateType":'
statement = {
    "not_text": b"\xff\xfe",
    "no_subject": STATEMENT + '"urn:carnet:run:v1"}',
    "foreign_kind": STATEMENT + '"https://slsa.dev/provenance/v1"}',
    "fifth_field": STATEMENT + '"urn:carnet:run:v1","x":1}',
}

# Cap'n Proto: number of segments less one and words of the first; a struct of a tag and five
# pointers: statement, signature, spki, signer, and the payload or a struct that says why it is
# absent.
RECORD = u64(5 << 48 | 1 << 32)
PAYLOAD, ABSENT = u64(0), u64(1)
DIGEST = b"d" * 32
SIGNER = b"\1" + b"s" * 32 + b"\0" * 7


def byte_list(offset, count):
    return u64((count << 3 | 2) << 32 | offset << 2 | 1)


def record(*pointers, tag=PAYLOAD, tail=b""):
    """`pointers` are five; `tail` follows them."""
    words = RECORD + tag + b"".join(pointers) + tail
    return u32(0) + u32(len(words) // 8) + words


def signed_by(signer, *content, tag=PAYLOAD, count=33, tail=b""):
    """A statement and a signer, neither signature nor key."""
    return record(byte_list(4, 32), u64(0), u64(0), byte_list(5, count), *(content or (u64(0),)),
                  tag=tag, tail=DIGEST + signer + tail)


def absence(cause, since, reason, terms=b""):
    """A struct of two data words and two pointers, in the place of the payload."""
    pad = lambda data: data + b"\0" * (-len(data) % 8)
    text = pad(reason)
    return signed_by(SIGNER, u64(2 << 48 | 2 << 32 | 9 << 2), tag=ABSENT,
                     tail=u64(cause) + u64(since) + byte_list(1, len(reason))
                     + byte_list(len(text) // 8, len(terms)) + text + pad(terms))


stored = {
    "empty": "",
    "no_segment": u64(0),
    "segment_bomb": u32(2**32 - 1) + u32(1) + u64(0),
    "pointer_outside": u32(0) + u32(1) + u64(3 << 48 | 0x3FFFFFFF << 2),
    "pointer_to_itself": u32(0) + u32(1) + u64(1 << 48 | 0xFFFFFFFC),
    "one_list_three_times": record(byte_list(4, 32), byte_list(3, 32), byte_list(2, 32),
                                   byte_list(5, 33), u64(0), tail=DIGEST + SIGNER),
    "list_bomb": record(byte_list(4, 32), byte_list(3, 2**29 - 1), u64(0), byte_list(5, 33), u64(0),
                        tail=DIGEST + SIGNER),
    "list_of_void": record(byte_list(4, 32), u64((2**29 - 1) << 35 | 1), u64((2**29 - 1) << 35 | 1),
                           byte_list(5, 33), u64((2**29 - 1) << 35 | 1), tail=DIGEST + SIGNER),
    "signer_alone": signed_by(SIGNER),
    "signer_identity": signed_by(b"\2" + SIGNER[1:]),
    "signer_of_no_form": signed_by(40 * b"\0"),
    "signer_short": signed_by(SIGNER, count=32),
    "signer_absent": record(byte_list(4, 32), u64(0), u64(0), u64(0), u64(0), tail=DIGEST),
    "statement_absent": record(u64(0), u64(0), u64(0), byte_list(1, 33), u64(0), tail=SIGNER),
    "statement_short": record(byte_list(4, 31), u64(0), u64(0), byte_list(5, 33), u64(0),
                              tail=DIGEST + SIGNER),
    "words_unused": signed_by(SIGNER, tail=u64(0)),
    "tag_of_nothing": signed_by(SIGNER, tag=u64(2)),
    "absent_without_its_struct": signed_by(SIGNER, tag=ABSENT),
    "withheld": absence(0, 1_800_000_000_000, b"a contract\0", b"\1"),
    "erased": absence(1, 1_800_000_000_000, b"a court order\0", b"\1"),
    "absent_for_no_cause": absence(2, 0, b"x\0"),
    "absent_since_for_ever": absence(0, 2**64 - 1, b"x\0"),
    "absent_last_millisecond": absence(0, 253_402_300_799_999, b"x\0"),
    "absent_after_the_last": absence(0, 253_402_300_800_000, b"x\0"),
    "reason_without_nul": absence(0, 0, b"x"),
    "reason_too_long": absence(0, 0, b"x" * 1025 + b"\0"),
}

tile_path = {
    "level_64": "tile/64/000",
    "leading_zero": "tile/00/000",
    "needless_x": "tile/0/x000/001",
    "partial_zero": "tile/0/000.p/0",
    "partial_full": "tile/0/000.p/256",
    "partial_twice": "tile/0/000.p/1.p/1",
    "index_overflow": "tile/0/x018/x446/x744/x073/x709/x551/616",
    "no_index": "tile/entries/",
    "climbing": "tile/0/../0",
}


def receipt(index, hashes=1, extra=""):
    head = f"c2sp.org/tlog-proof@v1\n{extra}index {index}\n"
    return head + hashes * (b64(bytes(32)) + "\n") + "\n" + note(2)


tlog_proof = {
    "one_hash": receipt(1),
    "extra": receipt(0, extra=f"extra {b64(b'hello')}\n"),
    "empty_extra": receipt(0, extra="extra \n"),
    "index_outside": receipt(2**64 - 1),
    "too_many_hashes": receipt(0, hashes=65),
}

trusted_root = {
    "no_log": ROOT + "}",
    "other_version": ROOT.replace("0.1", "9") + "}",
    "log_without_key": ROOT + ',"tlogs":[{"baseUrl":"https://a"}]}',
    "short_key": ROOT + ',"tlogs":[{"baseUrl":"https://a","hashAlgorithm":"SHA2_256","publicKey":{'
    '"rawBytes":"AAAA","keyDetails":"PKIX_ED25519","validFor":{"start":"2026-01-01T00:00:00Z"}},'
    '"logId":{"keyId":"AAAA"}}]}',
}


model_config = {
    "experts": '{"model_type":"mixtral","num_experts_per_tok":2,"auto_map":null}',
    "nested": '{"model_type":"llama4","text_config":{"num_experts_per_tok":1,"x":{"y":2}}}',
    "widths": '{"quantization_config":{"config_groups":{"g":{"weights":{"num_bits":65}}},"bits":0}}',
    "type_twice": '{"model_type":"a","model_type":"b"}',
    "numbers": '{"model_type":"a","n":18446744073709551616,"m":-1,"e":1e2,"z":0}',
    "deep": '{"model_type":"a","b":' + "[" * 100 + "]" * 100 + "}",
}


def vkey_of(name="log.example", kind=b"\1", key=bytes(range(32)), key_id=None):
    found = hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4].hex()
    return f"{name}+{key_id or found}+{b64(kind + key)}"


vkey = {
    "valid": vkey_of(),
    "other_id": vkey_of(key_id="00000000"),
    "other_type": vkey_of(kind=b"\2"),
    "short_key": vkey_of(key=bytes(31)),
    "plus_in_name": vkey_of("a+b"),
    "no_name": vkey_of(""),
}

# A path, LF, the content of the file there.
leavable = {
    "page": "README.md\n---\nlicense: mit\n---\n# A model\n",
    "page_that_begins_as_weights": "README.md\nGGUF files of a model\n",
    "script": "README.md\n\ufeff#!/bin/sh\n",
    "pickle": "LICENSE\ncposix\nsystem\np0\n(S'id'\ntR.",
    "pickle_in_characters": "NOTICE\nS'os'\nS'system'\nK\u0093.",
    "pickle_that_goes_on_as_a_page": "README.md\nI 5\n0cos\nsystem\n(S'id'\ntR# A model\n",
    "pickle_in_a_picture": b"logo.gif\nGIF89a\1\0\1B\0\4\0\0" + b"x" * 1024 + b"cos\nsystem\n)R",
    "list_of_files": ".gitignore\ncoverage\nnode_modules\n.env\nbuild\n",
    "old_tar": b"logo.gif\nGIF89a" + bytes(142) + b"0001250\0" + bytes(356),
    "picture": b"a/logo.png\n\x89PNG\r\n\x1a\n" + b"p" * 504,
    "hdf5_behind_a_picture": b"logo.png\n\x89PNG\r\n\x1a\n" + b"p" * 504 + b"\x89HDF\r\n\x1a\n",
    "zip_behind_a_page": b"x.pdf\n%PDF-1.7\nPK\5\6" + bytes(18),
    "tar": b"README.md\n" + b"x" * 257 + b"ustar",
    "apple_double": b"._config.json\n\0\5\x16\7",
    "settings": b"desktop.ini\n\xff\xfe[\0.\0",
    "weights": b"README.md\n\2\0\0\0\0\0\0\0{}",
    "no_such_name": "config.json\n{}",
    "no_content": "README.md",
}

TARGETS = {name: value for name, value in list(globals().items())
           if isinstance(value, dict) and name.islower() and not name.startswith("_")}


def wanted():
    for target, inputs in TARGETS.items():
        for name, content in inputs.items():
            raw = content.encode() if isinstance(content, str) else content
            yield CORPUS / f"fuzz_{target}" / name, raw


def main():
    files = dict(wanted())
    if "--check" in sys.argv:
        there = {path: path.read_bytes() for path in CORPUS.rglob("*") if path.is_file()}
        sys.exit(0 if there == files else "tests/fuzz/corpus/ differs: run tests/fuzz/make_hostile.py")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
