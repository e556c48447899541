#include "signer/model_signature.h"

#include <utility>

#include "core/check.h"
#include "sigstore/dsse.h"

namespace carnet::signer {
namespace {

sigstore::Envelope EnvelopeOf(std::string_view statement, const crypto::EcPrivateKey& key) {
  const std::string pae =
      sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, AsBytes(statement));
  return {std::string(sigstore::kInTotoPayloadType), ToBytes(AsBytes(statement)),
          key.Sign(AsBytes(pae))};
}

}  // namespace

sigstore::OmsBundle SignModelStatement(std::string_view statement,
                                       const crypto::EcPrivateKey& key) {
  return {sigstore::OmsKeyHint{sigstore::OmsHintOf(key.public_key().spki())},
          EnvelopeOf(statement, key)};
}

Result<sigstore::OmsBundle> SignModelStatement(std::string_view statement,
                                               const crypto::EcPrivateKey& key,
                                               std::span<const crypto::Certificate> chain) {
  CARNET_CHECK(!chain.empty());
  if (!(chain.front().public_key() == key.public_key())) {
    return Rejected("the signing certificate is not that of the private key");
  }
  sigstore::OmsCertificateChain material;
  for (const crypto::Certificate& certificate : chain) {
    material.certificates.push_back(certificate.der());
  }
  return sigstore::OmsBundle{std::move(material), EnvelopeOf(statement, key)};
}

}  // namespace carnet::signer
