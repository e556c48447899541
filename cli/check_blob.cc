#include "cli/check_blob.h"

#include <unistd.h>

#include <utility>
#include <vector>

#include "cli/digest_file.h"
#include "core/file.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/trusted_material.h"

namespace carnet::cli {

namespace {

using crypto::HashAlgorithm;
using sigstore::ForeignBundle;
using verifier::bundle::Artifact;
using verifier::bundle::BundleReason;
using verifier::bundle::BundleRejection;
using verifier::bundle::BundleVerdict;
using verifier::bundle::WantedSigner;

constexpr uint64_t kMaxKeyBytes = 64 << 10;
// Pure Ed25519 signs the message itself, which has to be in memory; as cosign's limit.
constexpr uint64_t kMaxContentBytes = 128 << 20;

Result<WantedSigner> OpenWanted(const BlobQuestion& question) {
  if (question.key.empty()) return WantedSigner(*question.identity);
  CARNET_TRY(const std::string pem, ReadFile(question.key, kMaxKeyBytes));
  auto key = crypto::PublicKey::ParsePem(pem);
  if (!key) return key.error().In(question.key);
  return WantedSigner(*std::move(key));
}

// `<algorithm>:<hex>`, where no file is called so.
std::optional<sigstore::StatedDigest> GivenDigest(const std::string& artifact) {
  if (access(artifact.c_str(), F_OK) == 0) return std::nullopt;
  for (const HashAlgorithm algorithm :
       {HashAlgorithm::kSha256, HashAlgorithm::kSha384, HashAlgorithm::kSha512}) {
    const std::string prefix = std::string(crypto::HashName(algorithm)) + ":";
    if (!artifact.starts_with(prefix)) continue;
    auto digest = HexDecode(std::string_view(artifact).substr(prefix.size()));
    if (!digest || digest->size() != crypto::DigestSize(algorithm)) return std::nullopt;
    return sigstore::StatedDigest{algorithm, *std::move(digest)};
  }
  return std::nullopt;
}

bool LooksLikeDigest(const std::string& artifact) {
  return artifact.starts_with("sha256:") || artifact.starts_with("sha384:") ||
         artifact.starts_with("sha512:");
}

std::vector<HashAlgorithm> AlgorithmsFor(const ForeignBundle& bundle) {
  auto wanted = verifier::bundle::WantedDigests(bundle);
  if (!wanted || wanted->empty()) return {HashAlgorithm::kSha256};  // for the message
  return *std::move(wanted);
}

bool SignsContent(const ForeignBundle& bundle, const WantedSigner& wanted) {
  const auto* key = std::get_if<crypto::PublicKey>(&wanted);
  return key != nullptr && key->kind() == crypto::KeyKind::kEd25519 &&
         std::holds_alternative<sigstore::MessageSignature>(bundle.content);
}

}  // namespace

Result<BundleVerdict> CheckBlob(const BlobQuestion& question, TimestampMs now) {
  CARNET_TRY(const sigstore::TrustedMaterial trusted,
             OpenTrustedMaterial(question.trusted_root, question.instance));
  CARNET_TRY(const WantedSigner wanted, OpenWanted(question));
  CARNET_TRY(const std::string text,
             ReadFilePrefix(question.bundle, sigstore::kMaxBundleBytes + 1));
  const auto bundle = sigstore::ReadForeignBundle(text);
  if (!bundle) {
    return BundleVerdict(BundleRejection{BundleReason::kMalformedBundle, bundle.error().message});
  }
  Artifact artifact;
  std::string content;
  if (auto digest = GivenDigest(question.artifact)) {
    artifact.digests.push_back(*std::move(digest));
  } else if (LooksLikeDigest(question.artifact) && access(question.artifact.c_str(), F_OK) != 0) {
    return Malformed(
        question.artifact +
        ": neither a file nor a digest: expected the name of the hash, a colon and all "
        "of its hex digits, in lower case");
  } else {
    CARNET_TRY(artifact.digests, DigestFile(question.artifact, AlgorithmsFor(*bundle)));
    if (SignsContent(*bundle, wanted)) {
      CARNET_TRY(content, ReadFile(question.artifact, kMaxContentBytes));
      artifact.content = AsBytes(content);
    }
  }
  verifier::bundle::BundleDemands demands = question.demands;
  if (question.logs_as_shown && !question.key.empty()) demands.log_entry = !bundle->entries.empty();
  return verifier::bundle::VerifyBundle(*bundle, artifact, trusted, wanted, now, demands);
}

}  // namespace carnet::cli
