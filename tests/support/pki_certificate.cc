#include "tests/support/pki_certificate.h"

#include <openssl/pem.h>

#include "tests/support/pki_openssl.h"
#include "tests/support/pki_sct.h"

namespace carnet::test {
namespace {

void SetSubject(X509* certificate, const CertificateSpec& spec) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto add = [&](int part, const std::string& text) {
    if (text.empty()) return;
    Must(X509_NAME_add_entry_by_NID(name, part, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()), -1, 0) == 1,
         "name");
  };
  add(NID_organizationName, spec.organization);
  add(NID_commonName, spec.common_name);
}

void SetTime(ASN1_TIME* time, TimestampMs at) {
  Must(ASN1_TIME_set(time, static_cast<time_t>(at.value() / 1000)) != nullptr, "time");
}

// In OpenSSL's configuration language, "critical,CA:TRUE".
void AddConfigured(X509* certificate, X509* issuer, int type, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, type, value.c_str()));
  Must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
}

void AddUsages(X509* certificate, X509* issuer, const CertificateSpec& spec) {
  std::string constraints = spec.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE";
  if (spec.path_length) constraints += ",pathlen:" + std::to_string(*spec.path_length);
  if (spec.constraints) AddConfigured(certificate, issuer, NID_basic_constraints, constraints);
  if (spec.key_usage) {
    const char* usage = spec.is_ca               ? "critical,keyCertSign,cRLSign"
                        : spec.digital_signature ? "critical,digitalSignature"
                                                 : "critical,keyAgreement";
    AddConfigured(certificate, issuer, NID_key_usage, usage);
  }
  if (spec.usages.empty()) return;
  std::string usages = spec.usages_critical ? "critical" : "";
  for (const std::string& usage : spec.usages) usages += (usages.empty() ? "" : ",") + usage;
  AddConfigured(certificate, issuer, NID_ext_key_usage, usages);
}

X509_NAME* NewDirectoryName(const std::string& common_name) {
  X509_NAME* made = X509_NAME_new();
  Must(X509_NAME_add_entry_by_txt(made, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.data()),
                                  static_cast<int>(common_name.size()), -1, 0) == 1,
       "directory name");
  return made;
}

GENERAL_NAME* NewName(const TestName& name) {
  GENERAL_NAME* made = GENERAL_NAME_new();
  if (name.form == TestNameForm::kDirectory) {
    GENERAL_NAME_set0_value(made, GEN_DIRNAME, NewDirectoryName(name.text));
    return made;
  }
  const bool printable = name.form == TestNameForm::kPrintableOther;
  const bool other = printable || name.form == TestNameForm::kOtherName;
  const int tag = printable                             ? V_ASN1_PRINTABLESTRING
                  : other                               ? V_ASN1_UTF8STRING
                  : name.form == TestNameForm::kAddress ? V_ASN1_OCTET_STRING
                                                        : V_ASN1_IA5STRING;
  ASN1_STRING* text = ASN1_STRING_type_new(tag);
  ASN1_STRING_set(text, name.text.data(), static_cast<int>(name.text.size()));
  if (other) {
    ASN1_TYPE* value = ASN1_TYPE_new();
    ASN1_TYPE_set(value, tag, text);
    GENERAL_NAME_set0_othername(made, OBJ_txt2obj(name.type.c_str(), 1), value);
    return made;
  }
  const int form = name.form == TestNameForm::kEmail     ? GEN_EMAIL
                   : name.form == TestNameForm::kUri     ? GEN_URI
                   : name.form == TestNameForm::kAddress ? GEN_IPADD
                                                         : GEN_DNS;
  GENERAL_NAME_set0_value(made, form, text);
  return made;
}

void AddNames(X509* certificate, const CertificateSpec& spec) {
  if (spec.names.empty()) return;
  const Owned<GENERAL_NAMES, GENERAL_NAMES_free> names(GENERAL_NAMES_new());
  for (const TestName& name : spec.names) sk_GENERAL_NAME_push(names.get(), NewName(name));
  Must(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), spec.names_critical, 0) ==
           1,
       "names");
}

void AddExtension(X509* certificate, const TestExtension& extension) {
  const OwnedObject type(OBJ_txt2obj(extension.oid.c_str(), 1));
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> value(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(value.get(), extension.value.data(),
                        static_cast<int>(extension.value.size()));
  const Owned<X509_EXTENSION, X509_EXTENSION_free> made(
      X509_EXTENSION_create_by_OBJ(nullptr, type.get(), extension.critical, value.get()));
  Must(made != nullptr && X509_add_ext(certificate, made.get(), -1) == 1, "extension");
}

void Sign(X509* certificate, const TestKey& key, const CertificateSpec& spec) {
  const EVP_MD* md = spec.sha1 ? EVP_sha1() : DefaultMd(key);
  Must(X509_sign(certificate, key.pkey(), md) > 0, "sign certificate");
}

}  // namespace

Bytes MakeCertificate(const CertificateSpec& spec, const TestKey& key,
                      const TestAuthority* issuer) {
  const OwnedCertificate made(X509_new());
  const OwnedCertificate above = issuer ? CertificateOf(issuer->certificate) : nullptr;
  X509* const signed_by = above ? above.get() : made.get();
  X509_set_version(made.get(), spec.version - 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), spec.serial);
  SetTime(X509_getm_notBefore(made.get()), spec.not_before);
  SetTime(X509_getm_notAfter(made.get()), spec.not_after);
  SetSubject(made.get(), spec);
  X509_set_issuer_name(made.get(), X509_get_subject_name(signed_by));
  X509_set_pubkey(made.get(), key.pkey());
  if (spec.version == 3) {
    AddUsages(made.get(), signed_by, spec);
    if (spec.key_identifiers) {
      AddConfigured(made.get(), signed_by, NID_subject_key_identifier, "hash");
      AddConfigured(made.get(), signed_by, NID_authority_key_identifier, "keyid");
    }
    AddNames(made.get(), spec);
    for (const TestExtension& extension : spec.extensions) AddExtension(made.get(), extension);
  }
  const TestKey& signer = issuer ? issuer->key : key;
  Sign(made.get(), signer, spec);
  if (!spec.logs.empty()) {
    AddExtension(made.get(), TimestampExtension(*made, signer, spec.logs));
    Sign(made.get(), signer, spec);
  }
  return DerOf(made.get(), i2d_X509);
}

TestAuthority MakeAuthority(CertificateSpec spec, const TestAuthority* issuer, TestKeyKind kind) {
  spec.is_ca = true;
  const TestKey key = TestKey::Generate(kind);
  return {key, MakeCertificate(spec, key, issuer)};
}

std::string CertificatePem(ByteSpan der) {
  const Owned<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  Must(PEM_write_bio_X509(out.get(), CertificateOf(der).get()) == 1, "PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

Bytes DerUtf8String(const std::string& text) {
  const Owned<ASN1_UTF8STRING, ASN1_UTF8STRING_free> string(ASN1_UTF8STRING_new());
  ASN1_STRING_set(string.get(), text.data(), static_cast<int>(text.size()));
  return DerOf(string.get(), i2d_ASN1_UTF8STRING);
}

TestExtension FulcioIssuerV1(const std::string& issuer) {
  return {"1.3.6.1.4.1.57264.1.1", ToBytes(AsBytes(issuer))};
}

TestExtension FulcioIssuerV2(const std::string& issuer) {
  return {"1.3.6.1.4.1.57264.1.8", DerUtf8String(issuer)};
}

}  // namespace carnet::test
