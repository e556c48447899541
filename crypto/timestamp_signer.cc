#include "crypto/timestamp_signer.h"

#include <openssl/ess.h>
#include <openssl/pkcs7.h>

#include <array>
#include <utility>

#include "core/check.h"
#include "crypto/openssl_error.h"
#include "crypto/x509_access.h"

namespace carnet::crypto {
namespace {

constexpr int kMaxDigestAlgorithms = 4;  // against hashing the content for each

PKCS7_SIGNER_INFO& SignerOf(const PKCS7& token) {
  return *sk_PKCS7_SIGNER_INFO_value(token.d.sign->signer_info, 0);
}

// Whether the token names the certificate's issuer and serial number as its signer's.
bool NamesCertificate(const PKCS7_SIGNER_INFO& signer, const X509& certificate) {
  const PKCS7_ISSUER_AND_SERIAL& named = *signer.issuer_and_serial;
  return X509_NAME_cmp(named.issuer, X509_get_issuer_name(&certificate)) == 0 &&
         ASN1_INTEGER_cmp(named.serial, X509_get0_serialNumber(&certificate)) == 0;
}

// Tokens may carry certificates, which prove nothing; but one that claims to be the signer's and is
// another is a lie, and so is a token that carries all but the signer's.
bool EmbedsNoOther(const PKCS7& token, const X509& certificate) {
  const STACK_OF(X509)* embedded = token.d.sign->cert;
  const int count = embedded == nullptr ? 0 : sk_X509_num(embedded);
  bool found = count == 0;
  for (int i = 0; i < count; ++i) {
    const X509* one = sk_X509_value(embedded, i);
    if (!NamesCertificate(SignerOf(token), *one)) continue;
    if (X509_cmp(one, &certificate) != 0) return false;
    found = true;
  }
  return found;
}

// A signed attribute whose value is a SEQUENCE, decoded; null where it is absent or not that.
template <typename T, auto Free, typename Decode>
OpenSslPtr<T, Free> Attribute(const PKCS7_SIGNER_INFO& signer, int type, Decode decode) {
  const ASN1_TYPE* value = PKCS7_get_signed_attribute(&signer, type);
  if (value == nullptr || value->type != V_ASN1_SEQUENCE) return nullptr;
  const uint8_t* at = ASN1_STRING_get0_data(value->value.sequence);
  return OpenSslPtr<T, Free>(decode(nullptr, &at, ASN1_STRING_length(value->value.sequence)));
}

// RFC 2634 section 5.4 and RFC 5035: the signer's certificate by its digest, and signed.
bool IdentifiesSigner(const PKCS7_SIGNER_INFO& signer, TimestampChain chain) {
  const auto first = Attribute<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free>(
      signer, NID_id_smime_aa_signingCertificate, d2i_ESS_SIGNING_CERT);
  const auto second = Attribute<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free>(
      signer, NID_id_smime_aa_signingCertificateV2, d2i_ESS_SIGNING_CERT_V2);
  const BorrowedListPtr list(sk_X509_new_null());
  CARNET_CHECK(list != nullptr);
  for (const Certificate& one : chain) {
    CARNET_CHECK(sk_X509_push(list.get(), X509Access::Of(one)) > 0);
  }
  const int answer = OSSL_ESS_check_signing_certs(first.get(), second.get(), list.get(), 1);
  DiscardOpenSslErrors();
  return answer == 1;
}

bool IsAcceptedDigest(const X509_ALGOR& algorithm) {
  const ASN1_OBJECT* type = nullptr;
  X509_ALGOR_get0(&type, nullptr, nullptr, &algorithm);
  const int digest = OBJ_obj2nid(type);
  return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

bool SignsTstInfo(const PKCS7_SIGNER_INFO& signer) {
  const ASN1_TYPE* type = PKCS7_get_signed_attribute(&signer, NID_pkcs9_contentType);
  return type != nullptr && type->type == V_ASN1_OBJECT &&
         OBJ_obj2nid(type->value.object) == NID_id_smime_ct_TSTInfo;
}

}  // namespace

Result<> CheckTokenSigner(const PKCS7& token, TimestampChain chain) {
  const STACK_OF(PKCS7_SIGNER_INFO)* signers = token.d.sign->signer_info;
  if (signers == nullptr || sk_PKCS7_SIGNER_INFO_num(signers) != 1) {
    return Malformed("time stamp's token has not exactly one signer");
  }
  const X509* expected = X509Access::Of(chain.front());
  if (!NamesCertificate(SignerOf(token), *expected)) {
    return NotFound("time stamp's token names another signer than the authority's certificate");
  }
  if (!EmbedsNoOther(token, *expected)) {
    return Rejected("time stamp's token embeds another certificate than the authority's");
  }
  if (!IdentifiesSigner(SignerOf(token), chain)) {
    return Rejected("time stamp's token does not identify the authority's certificate (ESSCertID)");
  }
  return Ok();
}

Result<> CheckTokenSignature(PKCS7& token, const Certificate& signer) {
  PKCS7_SIGNER_INFO& info = SignerOf(token);
  const STACK_OF(X509_ALGOR)* digests = token.d.sign->md_algs;
  if (digests == nullptr || sk_X509_ALGOR_num(digests) > kMaxDigestAlgorithms) {
    return Malformed("time stamp's token names too many digest algorithms");
  }
  if (!IsAcceptedDigest(*info.digest_alg)) {
    return Rejected("time stamp's signature is not by SHA-256, SHA-384 or SHA-512");
  }
  if (!SignsTstInfo(info)) return Malformed("time stamp's signed content type is not TSTInfo");
  const OpenSslPtr<BIO, BIO_free_all> content(PKCS7_dataInit(&token, nullptr));
  std::array<uint8_t, 4096> part;
  while (content != nullptr && BIO_read(content.get(), part.data(), part.size()) > 0) {
  }
  const bool good = content != nullptr && PKCS7_signatureVerify(content.get(), &token, &info,
                                                                X509Access::Of(signer)) == 1;
  DiscardOpenSslErrors();
  if (!good) return Rejected("time stamp's signature is not by the authority's key");
  return Ok();
}

}  // namespace carnet::crypto
