#include "cli/keyless_signer.h"

#include <utility>

#include "core/check.h"
#include "crypto/ecdsa.h"
#include "pipeline/certify.h"

namespace carnet::cli {

Result<std::unique_ptr<signer::Signer>> NewKeylessSigner(
    const remote::IdentityToken& token, const pipeline::ServiceAddresses& addresses,
    const sigstore::TrustedMaterial& trusted, const remote::HttpClient& http, TimestampMs now) {
  CARNET_CHECK(addresses.certificate_authority.has_value());
  CARNET_TRY(auto signer, signer::Signer::FromPkcs8(crypto::P256PrivateKey::Generate().ToPkcs8()));
  const auto authority = pipeline::AuthorityOver(http, *addresses.certificate_authority, token);
  return pipeline::CertifyBy(authority, std::move(signer), trusted, now);
}

}  // namespace carnet::cli
