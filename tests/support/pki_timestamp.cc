#include "tests/support/pki_timestamp.h"

#include <openssl/ess.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>

#include "tests/support/pki_openssl.h"

namespace carnet::test {
namespace {

// `YYYYMMDDhhmmss[.fraction]Z`, the fraction without zeros at its end.
std::string TimeText(TimestampMs time) {
  std::string text;
  for (const char c : FormatTimestamp(time)) {
    if (c != '-' && c != ':' && c != 'T' && c != 'Z') text += c;
  }
  while (text.back() == '0' && text.find('.') != std::string::npos) text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + "Z";
}

void SetImprint(TS_TST_INFO* info, const TimestampSpec& spec) {
  const EVP_MD* md = spec.imprint_sha1 ? EVP_sha1() : MdOf(spec.imprint);
  const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(EVP_MD_get_type(md)), V_ASN1_NULL, nullptr);
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EVP_Digest(spec.message.data(), spec.message.size(), digest.data(), &size, md, nullptr);
  if (spec.imprint_digest) {
    digest = *spec.imprint_digest;
    size = static_cast<unsigned>(digest.size());
  }
  const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
  Must(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
           TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(size)) == 1 &&
           TS_TST_INFO_set_msg_imprint(info, imprint.get()) == 1,
       "imprint");
}

void AddCriticalExtension(TS_TST_INFO* info) {
  const OwnedObject type(OBJ_txt2obj("1.2.3.4", 1));
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> value(ASN1_OCTET_STRING_new());
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509_EXTENSION_create_by_OBJ(nullptr, type.get(), 1, value.get()));
  Must(TS_TST_INFO_add_ext(info, extension.get(), -1) == 1, "extension");
}

TS_TST_INFO* NewInfo(const TimestampSpec& spec) {
  TS_TST_INFO* info = TS_TST_INFO_new();
  const OwnedObject policy(OBJ_txt2obj("1.3.6.1.4.1.57264.2", 1));
  const OwnedInteger serial(ASN1_INTEGER_new());
  ASN1_INTEGER_set(serial.get(), 7);
  const Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> time(ASN1_GENERALIZEDTIME_new());
  const std::string text = spec.time_text.value_or(TimeText(spec.time));
  ASN1_STRING_set(time.get(), text.data(), static_cast<int>(text.size()));
  Must(TS_TST_INFO_set_version(info, spec.version) == 1 &&
           TS_TST_INFO_set_policy_id(info, policy.get()) == 1 &&
           TS_TST_INFO_set_serial(info, serial.get()) == 1 &&
           TS_TST_INFO_set_time(info, time.get()) == 1,
       "TSTInfo");
  SetImprint(info, spec);
  if (spec.critical_extension) AddCriticalExtension(info);
  if (spec.nonce) {
    const OwnedInteger nonce(ASN1_INTEGER_new());
    ASN1_INTEGER_set_uint64(nonce.get(), *spec.nonce);
    Must(TS_TST_INFO_set_nonce(info, nonce.get()) == 1, "nonce");
  }
  return info;
}

void AddSequence(PKCS7_SIGNER_INFO* signer, int type, const Bytes& der) {
  ASN1_STRING* sequence = ASN1_STRING_new();
  ASN1_STRING_set(sequence, der.data(), static_cast<int>(der.size()));
  Must(PKCS7_add_signed_attribute(signer, type, V_ASN1_SEQUENCE, sequence) == 1, "attribute");
}

void AddEssId(PKCS7_SIGNER_INFO* signer, const TimestampSpec& spec) {
  const auto named = CertificateOf(spec.ess_certificate.value_or(spec.signer.certificate));
  if (spec.ess_id == TestEssId::kV1) {
    const Owned<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free> id(
        OSSL_ESS_signing_cert_new_init(named.get(), nullptr, 0));
    AddSequence(signer, NID_id_smime_aa_signingCertificate, DerOf(id.get(), i2d_ESS_SIGNING_CERT));
  }
  if (spec.ess_id == TestEssId::kV2) {
    const Owned<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> id(
        OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), named.get(), nullptr, 0));
    AddSequence(signer, NID_id_smime_aa_signingCertificateV2,
                DerOf(id.get(), i2d_ESS_SIGNING_CERT_V2));
  }
}

void AddSigner(PKCS7* token, const TimestampSpec& spec) {
  const auto certificate = CertificateOf(spec.signer.certificate);
  PKCS7_SIGNER_INFO* signer =
      PKCS7_add_signature(token, certificate.get(), spec.signer.key.pkey(),
                          spec.digest_sha1 ? EVP_sha1() : MdOf(spec.digest));
  Must(signer != nullptr, "signer");
  const int type = spec.other_content_type ? NID_pkcs7_data : NID_id_smime_ct_TSTInfo;
  Must(PKCS7_add_signed_attribute(signer, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                  OBJ_nid2obj(type)) == 1,
       "content type");
  AddEssId(signer, spec);
}

// Empty: what is written to the token's stream goes there.
void SetContent(PKCS7* token) {
  PKCS7* content = PKCS7_new();
  content->type = OBJ_nid2obj(NID_id_smime_ct_TSTInfo);
  content->d.other = ASN1_TYPE_new();
  ASN1_TYPE_set(content->d.other, V_ASN1_OCTET_STRING, ASN1_OCTET_STRING_new());
  Must(PKCS7_set_content(token, content) == 1, "content");
}

void NameDigests(PKCS7* token, int count) {
  for (int i = 0; i < count; ++i) {
    X509_ALGOR* algorithm = X509_ALGOR_new();
    X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
    sk_X509_ALGOR_push(token->d.sign->md_algs, algorithm);
  }
}

PKCS7* NewToken(const TimestampSpec& spec, const Bytes& info) {
  PKCS7* token = PKCS7_new();
  Must(PKCS7_set_type(token, NID_pkcs7_signed) == 1, "token");
  ASN1_INTEGER_set(token->d.sign->version, 3);
  if (spec.embeds_certificate) {
    const auto embedded = CertificateOf(spec.embedded.value_or(spec.signer.certificate));
    Must(PKCS7_add_certificate(token, embedded.get()) == 1, "embed");
  }
  for (int i = 0; i < spec.signers; ++i) AddSigner(token, spec);
  NameDigests(token, spec.extra_digest_algorithms);
  SetContent(token);
  const Owned<BIO, BIO_free_all> out(PKCS7_dataInit(token, nullptr));
  Must(out != nullptr && BIO_write(out.get(), info.data(), static_cast<int>(info.size())) > 0 &&
           PKCS7_dataFinal(token, out.get()) == 1,
       "sign token");
  return token;
}

}  // namespace

Bytes MakeTimestamp(const TimestampSpec& spec) {
  const Owned<TS_RESP, TS_RESP_free> response(TS_RESP_new());
  const Owned<TS_STATUS_INFO, TS_STATUS_INFO_free> status(TS_STATUS_INFO_new());
  Must(TS_STATUS_INFO_set_status(status.get(), spec.status) == 1 &&
           TS_RESP_set_status_info(response.get(), status.get()) == 1,
       "status");
  if (spec.status == 0 || spec.status == 1) {
    TS_TST_INFO* info = NewInfo(spec);
    Bytes encoded = DerOf(info, i2d_TS_TST_INFO);
    if (spec.trailing_in_info) encoded.push_back(0);
    TS_RESP_set_tst_info(response.get(), NewToken(spec, encoded), info);
  }
  return DerOf(response.get(), i2d_TS_RESP);
}

}  // namespace carnet::test
