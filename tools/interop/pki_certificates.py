"""A certificate authority, a certificate log and a time authority of one run, as Sigstore has them.

Runs in the environment that has PyPI's `cryptography`. Nothing here outlives the run.
"""
import base64
import datetime
import hashlib
import pathlib
import struct
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

SCT_LIST = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
ISSUER_V1 = ObjectIdentifier("1.3.6.1.4.1.57264.1.1")  # the bytes of the text
ISSUER_V2 = ObjectIdentifier("1.3.6.1.4.1.57264.1.8")  # a UTF8String
MINUTE = datetime.timedelta(minutes=1)


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER,
                                         serialization.PublicFormat.SubjectPublicKeyInfo)


def private_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def b64(data):
    return base64.b64encode(data).decode()


def sign(key, data):
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "interop"),
                      x509.NameAttribute(NameOID.COMMON_NAME, name)])


def builder_for(subject, issuer, key, issuer_key, begin, end):
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(begin).not_valid_after(end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
                issuer_key.public_key()), False))


def usage(*names):
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in names for name in every})


class Authority:
    """A root and what it issues."""

    def __init__(self, name):
        self.key, self.name = new_key(), named(name)
        self.certificate = (
            builder_for(self.name, self.name, self.key, self.key, now() - 60 * MINUTE,
                        now() + 60 * MINUTE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), True)
            .add_extension(usage("key_cert_sign", "crl_sign"), True)
            .sign(self.key, hashes.SHA256()))


class CertificateLog:
    """Signs what RFC 6962, section 3.2 says of a precertificate."""

    def __init__(self):
        self.key = new_key()
        self.id = hashlib.sha256(spki(self.key)).digest()

    def sct_list(self, certificate, issuer_key):
        """The extension's value for a certificate that does not have it yet."""
        tbs = certificate.tbs_certificate_bytes
        milliseconds = int(now().timestamp() * 1000)
        signed = (struct.pack(">BBQH", 0, 0, milliseconds, 1)
                  + hashlib.sha256(spki(issuer_key)).digest()
                  + len(tbs).to_bytes(3, "big") + tbs + b"\0\0")
        signature = sign(self.key, signed)
        sct = (b"\0" + self.id + struct.pack(">Q", milliseconds) + b"\0\0" + b"\x04\x03"
               + struct.pack(">H", len(signature)) + signature)
        listed = struct.pack(">H", len(sct)) + sct
        return octet_string(struct.pack(">H", len(listed)) + listed)


def octet_string(data):
    length = (bytes([len(data)]) if len(data) < 128 else
              bytes([0x81, len(data)]) if len(data) < 256 else b"\x82" + struct.pack(">H", len(data)))
    return b"\x04" + length + data


def issue_leaf(authority, log, key, identity, issuer, *, with_sct=True, begin=None, minutes=10,
               purpose=ExtendedKeyUsageOID.CODE_SIGNING, sct_key=None):
    """A certificate as Fulcio issues them: empty subject, critical SAN, issuer in two extensions."""
    begin = begin or now() - MINUTE
    san = (x509.UniformResourceIdentifier(identity) if "://" in identity
           else x509.RFC822Name(identity))
    text = issuer.encode()
    builder = (
        builder_for(x509.Name([]), authority.name, key, authority.key, begin,
                    begin + minutes * MINUTE)
        .add_extension(usage("digital_signature"), True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), False)
        .add_extension(x509.SubjectAlternativeName([san]), True)
        .add_extension(x509.UnrecognizedExtension(ISSUER_V1, text), False)
        .add_extension(x509.UnrecognizedExtension(
            ISSUER_V2, b"\x0c" + bytes([len(text)]) + text), False))
    if not with_sct:
        return builder.sign(authority.key, hashes.SHA256())
    bare = builder.sign(authority.key, hashes.SHA256())
    scts = log.sct_list(bare, sct_key or authority.key)
    return builder.add_extension(x509.UnrecognizedExtension(SCT_LIST, scts), False).sign(
        authority.key, hashes.SHA256())


class TimeAuthority:
    """Answers with `openssl ts`, so that the tokens are another implementation's."""

    def __init__(self, folder):
        self.folder, self.root, self.key = pathlib.Path(folder), Authority("time root"), new_key()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate = (
            builder_for(named("time"), self.root.name, self.key, self.root.key, now() - 50 * MINUTE,
                        now() + 50 * MINUTE)
            .add_extension(usage("digital_signature"), True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
            .sign(self.root.key, hashes.SHA256()))
        pem = serialization.Encoding.PEM
        (self.folder / "tsa.pem").write_bytes(self.certificate.public_bytes(pem))
        (self.folder / "tsa-root.pem").write_bytes(self.root.certificate.public_bytes(pem))
        (self.folder / "tsa.key").write_bytes(private_pem(self.key))
        (self.folder / "serial").write_text("01\n")
        (self.folder / "tsa.cnf").write_text(f"""[tsa]
default_tsa = answer
[answer]
serial = {self.folder}/serial
signer_cert = {self.folder}/tsa.pem
signer_key = {self.folder}/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.57264.2
digests = sha256
ess_cert_id_alg = sha256
""")

    def token(self, signature, *, with_certificate=False):
        """The whole TimeStampResp over a signature's bytes."""
        query = ["openssl", "ts", "-query", "-sha256", "-digest",
                 hashlib.sha256(signature).hexdigest(), "-out", self.folder / "query.tsq"]
        subprocess.run(query + ["-cert"] * with_certificate, check=True, capture_output=True)
        answer = ["openssl", "ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile",
                  self.folder / "query.tsq", "-out", self.folder / "answer.tsr"]
        subprocess.run(answer, check=True, capture_output=True)
        return (self.folder / "answer.tsr").read_bytes()
