"""Hostile and border inputs of the targets that read certificates and what is signed with them, for
make_hostile.py. Nothing in them is signed: what they try is read before any signature."""
import struct

OIDS = {
    "ecdsa_sha256": "2a8648ce3d040302", "cn": "550403", "constraints": "551d13", "names": "551d11",
    "timestamps": "2b06010401d679020402", "signed": "2a864886f70d010702",
    "tst_info": "2a864886f70d0109100104", "sha256": "608648016503040201", "data": "2a864886f70d010701",
}
# The base point of P-256.
KEY = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812d"
    "eb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")


def der(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    encoded = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(encoded)]) + encoded + body


def seq(*parts):
    return der(0x30, *parts)


def oid(name):
    return der(0x06, bytes.fromhex(OIDS[name]))


def name(*texts):
    return seq(*[der(0x31, seq(oid("cn"), der(0x0c, text))) for text in texts])


def extension(kind, value):
    return seq(oid(kind), der(0x04, value))


def x509(*extensions, version=b"\2", subject=name(b"a"), key=KEY, end=b"20400101000000Z", tail=b""):
    algorithm = seq(oid("ecdsa_sha256"))
    tbs = seq(der(0xa0, der(0x02, version)), der(0x02, b"\1"), algorithm, name(b"a"),
              seq(der(0x18, b"20200101000000Z"), der(0x18, end)), subject, key,
              *([der(0xa3, seq(*extensions))] if extensions else []))
    return seq(tbs, algorithm, der(0x03, b"\0", seq(der(0x02, b"\1"), der(0x02, b"\1")))) + tail


def sized(*parts):
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


CA = extension("constraints", seq(der(0x01, b"\xff")))
PLAIN = x509()

# Certificates behind their sizes: the leaf, what is between, the anchor.
certificate = {
    "one_alone": sized(PLAIN),
    "self_issued_ca": sized(x509(CA), x509(CA)),
    "version_1": sized(x509(version=b"\0")),
    "extension_twice": sized(x509(CA, CA)),
    "trailing": sized(x509(tail=b"\0")),
    "nul_in_name": sized(x509(subject=name(b"a\0b"))),
    "many_names": sized(x509(subject=name(*[b"a"] * 300))),
    "year_9999": sized(x509(end=b"99991231235959Z")),
    "no_such_day": sized(x509(end=b"20210231000000Z")),
    "other_name_without_value": sized(x509(extension("names", seq(der(0xa0, oid("cn")))))),
    "empty_other_name": sized(x509(extension("names", seq(der(0xa0, oid("cn"), der(0xa0, der(0x0c))))))),
    "length_bomb": sized(bytes.fromhex("3084ffffffff02")),
    "indefinite_length": sized(b"\x30\x80" + PLAIN[4:] + b"\0\0"),
}

ONE = bytes(1 + 32) + struct.pack(">Q", 1) + b"\0\0" + b"\4\3" + sized(b"\x30\0")


def with_timestamps(value):
    return sized(x509(extension("timestamps", value)), PLAIN) + KEY


# The leaf, its issuer, and the key of a log.
sct = {
    "one": with_timestamps(der(0x04, sized(sized(ONE)))),
    "no_list": with_timestamps(der(0x04)),
    "empty_list": with_timestamps(der(0x04, b"\0\0")),
    "empty_timestamp": with_timestamps(der(0x04, sized(sized(b"")))),
    "size_beyond_list": with_timestamps(der(0x04, b"\0\4\xff\xff\0\0")),
    "time_beyond_calendars": with_timestamps(
        der(0x04, sized(sized(ONE[:33] + b"\xff" * 8 + ONE[41:])))),
    "version_2": with_timestamps(der(0x04, sized(sized(b"\1" + ONE[1:])))),
    "seventeen": with_timestamps(der(0x04, sized(sized(*[ONE] * 17)))),
}


def info(time=b"20231114221320.123Z", version=b"\1", digest=bytes(32)):
    return seq(der(0x02, version), oid("cn"), seq(seq(oid("sha256"), der(0x05)), der(0x04, digest)),
               der(0x02, b"\7"), der(0x18, time))


def response(content, status=b"\0", algorithms=1, kind="tst_info", signers=b""):
    signed = seq(der(0x02, b"\3"), der(0x31, *[seq(oid("sha256"), der(0x05))] * algorithms),
                 seq(oid(kind), der(0xa0, content)) if content else seq(oid(kind)),
                 der(0x31, signers))
    token = seq(oid("signed"), der(0xa0, signed))
    return seq(seq(der(0x02, status)), token)


def stamped(made, message=b"message"):
    return sized(PLAIN, made) + message


# The authority's certificate, the response, the message.
timestamp = {
    "no_signer": stamped(response(der(0x04, info()))),
    "no_content": stamped(response(b"")),
    "content_is_data": stamped(response(der(0x04, b"a"), kind="data")),
    "content_is_null": stamped(response(der(0x05))),
    "rejected": stamped(seq(seq(der(0x02, b"\2")))),
    "rejected_with_token": stamped(response(der(0x04, info()), status=b"\2")),
    "granted_without_token": stamped(seq(seq(der(0x02, b"\0")))),
    "huge_status": stamped(seq(seq(der(0x02, b"\x7f" * 40)))),
    "empty_time": stamped(response(der(0x04, info(time=b"")))),
    "trailing_in_info": stamped(response(der(0x04, info() + b"\0"))),
    "many_algorithms": stamped(response(der(0x04, info()), algorithms=200)),
    "signed_without_body": stamped(seq(seq(der(0x02, b"\0")), seq(oid("signed")))),
}
