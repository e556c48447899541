#include "sigstore/signer_certificate.h"

#include <utility>

namespace carnet::sigstore {

Result<SignerCertificate> ReadSignerCertificate(ByteSpan der) {
  CARNET_TRY(auto certificate, crypto::Certificate::Parse(der));
  auto key = crypto::P256PublicKey::ParseSpki(certificate.public_key().spki());
  if (!key) return key.error().In("the certificate's key");
  CARNET_TRY(CertificateIdentity identity, IdentityOf(certificate));
  CARNET_TRY(const SignerId signer, SignerOf(identity));
  return SignerCertificate{std::move(certificate), std::move(identity), signer, *std::move(key)};
}

}  // namespace carnet::sigstore
