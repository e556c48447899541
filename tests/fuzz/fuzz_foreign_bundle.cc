// A bundle of somebody else's has what its version demands, and no more than the limits. What the
// strict reader reads, this one reads to the same.
#include <cstddef>
#include <cstdint>

#include <algorithm>
#include <variant>

#include "core/check.h"
#include "sigstore/foreign_bundle.h"

using namespace carnet::sigstore;

namespace {

void CheckEntry(const LogEntry& entry, BundleVersion version) {
  CARNET_CHECK(entry.has_proof == !entry.checkpoint.empty());
  CARNET_CHECK(entry.has_proof || version == BundleVersion::k01);
  CARNET_CHECK(version != BundleVersion::k01 || !entry.signed_entry_timestamp.empty());
  CARNET_CHECK(entry.proof.hashes.size() <= 64);
  CARNET_CHECK(std::max({entry.log_index, entry.proof_log_index, entry.proof_tree_size,
                         entry.integrated_time}) <= uint64_t{INT64_MAX});
}

void CheckMaterial(const ForeignBundle& bundle) {
  if (const auto* chain = std::get_if<CertificateChain>(&bundle.material)) {
    CARNET_CHECK(bundle.version != BundleVersion::k03);
    CARNET_CHECK(!chain->certificates.empty());
    CARNET_CHECK(chain->certificates.size() <= kMaxChainCertificates);
    for (const auto& der : chain->certificates) CARNET_CHECK(!der.empty());
  }
  if (const auto* certificate = std::get_if<Certificate>(&bundle.material)) {
    CARNET_CHECK(bundle.version == BundleVersion::k03 && !certificate->der.empty());
  }
}

void CheckLimits(const ForeignBundle& bundle) {
  CheckMaterial(bundle);
  CARNET_CHECK(!bundle.signature().empty());
  CARNET_CHECK(bundle.entries.size() <= 32 && bundle.timestamps.size() <= 32);
  for (const LogEntry& entry : bundle.entries) CheckEntry(entry, bundle.version);
  for (const auto& timestamp : bundle.timestamps) CARNET_CHECK(!timestamp.empty());
  if (const auto* message = std::get_if<MessageSignature>(&bundle.content)) {
    CARNET_CHECK(message->digest.size() == carnet::crypto::DigestSize(message->digest_algorithm));
  }
}

bool Same(const LogEntry& a, const LogEntry& b) {
  return a.log_index == b.log_index && a.log_id == b.log_id && a.kind == b.kind &&
         a.version == b.version && a.integrated_time == b.integrated_time &&
         a.signed_entry_timestamp == b.signed_entry_timestamp && a.has_proof == b.has_proof &&
         a.proof_log_index == b.proof_log_index && a.proof_root_hash == b.proof_root_hash &&
         a.proof_tree_size == b.proof_tree_size && a.proof.hashes == b.proof.hashes &&
         a.checkpoint == b.checkpoint && a.canonicalized_body == b.canonicalized_body;
}

void CheckSame(const ForeignBundle& general, const Bundle& strict) {
  CARNET_CHECK(general.version == BundleVersion::k03);
  CARNET_CHECK(std::get<Envelope>(general.content) == strict.envelope);
  if (const auto* key = std::get_if<PublicKeyHint>(&strict.material)) {
    CARNET_CHECK(std::get<PublicKeyHint>(general.material).hint == key->hint);
  } else {
    CARNET_CHECK(std::get<Certificate>(general.material).der ==
                 std::get<Certificate>(strict.material).der);
  }
  CARNET_CHECK(general.timestamps == strict.timestamps);
  CARNET_CHECK(std::ranges::equal(general.entries, strict.entries, Same));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = carnet::AsText({data, size});
  const auto general = ReadForeignBundle(text);
  if (general) CheckLimits(*general);
  const auto strict = ReadBundle(text);
  // An empty signature is refused by the rule about signatures there (R7), by the reader here.
  if (!strict || strict->envelope.signature.empty()) return 0;
  CARNET_CHECK(general.has_value());
  CheckSame(*general, *strict);
  return 0;
}
