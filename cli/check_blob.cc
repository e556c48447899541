#include "cli/check_blob.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/trusted_material.h"

namespace carnet::cli {

std::string_view PublicTrustedRoot();  // data/sigstore-trusted-root.json

namespace {

using crypto::HashAlgorithm;
using sigstore::ForeignBundle;
using verifier::bundle::Artifact;
using verifier::bundle::BundleReason;
using verifier::bundle::BundleRejection;
using verifier::bundle::BundleVerdict;
using verifier::bundle::WantedSigner;

constexpr uint64_t kMaxKeyBytes = 64 << 10;
constexpr uint64_t kMaxRootBytes = 4 << 20;
// Pure Ed25519 signs the message itself, which has to be in memory; as cosign's limit.
constexpr uint64_t kMaxContentBytes = 128 << 20;

Result<sigstore::TrustedMaterial> OpenTrustedMaterial(const std::string& path) {
  if (path.empty()) return sigstore::ReadTrustedMaterial(PublicTrustedRoot());
  CARNET_TRY(const std::string text, ReadFile(path, kMaxRootBytes));
  auto material = sigstore::ReadTrustedMaterial(text);
  return material ? std::move(material) : material.error().In(path);
}

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

// Read once, whatever its size and the number of digests.
Result<Artifact> DigestFile(const std::string& path, const std::vector<HashAlgorithm>& wanted) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return SystemError(path, "cannot open");
  std::vector<crypto::Digester> digesters;
  digesters.reserve(wanted.size());
  for (const HashAlgorithm algorithm : wanted) digesters.emplace_back(algorithm);
  Bytes buffer(1 << 20);
  for (;;) {
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(path, "cannot read");
    if (count == 0) break;
    for (auto& digester : digesters) {
      digester.Update(ByteSpan(buffer).first(static_cast<size_t>(count)));
    }
  }
  Artifact artifact;
  for (size_t i = 0; i < wanted.size(); ++i) {
    artifact.digests.push_back({wanted[i], digesters[i].Finish()});
  }
  return artifact;
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
  CARNET_TRY(const sigstore::TrustedMaterial trusted, OpenTrustedMaterial(question.trusted_root));
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
  } else {
    CARNET_TRY(artifact, DigestFile(question.artifact, AlgorithmsFor(*bundle)));
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
