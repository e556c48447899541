#include "ledger/supplied_entries.h"

#include "crypto/sha256.h"
#include "merkle/check_proof.h"
#include "merkle/checkpoint.h"
#include "merkle/hasher.h"
#include "schemas/stored.h"
#include "sigstore/hashedrekord.h"
#include "sigstore/signer_certificate.h"

namespace carnet::ledger {
namespace {

Result<SignerId> SignerOf(const sigstore::HashedRekord& body) {
  if (body.certificate.empty()) return SignerId(Retag<KeyId>(crypto::Sha256Of(body.spki)));
  CARNET_TRY(const auto certified, sigstore::ReadSignerCertificate(body.certificate));
  return certified.signer;
}

// Nothing in the tree is about them: whoever holds the bundle may have others than the ledger had.
// What a ledger would not have kept is left out.
std::vector<Bytes> KeptTimestamps(const sigstore::Bundle& bundle) {
  std::vector<Bytes> kept;
  for (const Bytes& timestamp : bundle.timestamps) {
    if (kept.size() == schemas::kMaxStoredTimestamps) break;
    if (timestamp.size() <= schemas::kMaxStoredTimestampBytes) kept.push_back(timestamp);
  }
  return kept;
}

Result<SuppliedEntries::Entry> EntryOf(const sigstore::LogEntry& entry,
                                       const sigstore::Bundle& bundle,
                                       const merkle::VerifiedCheckpoint& checkpoint) {
  const sigstore::Envelope& envelope = bundle.envelope;
  CARNET_TRY(const auto body, sigstore::ReadHashedRekord(AsText(entry.canonicalized_body)));
  if (envelope.payload_type != sigstore::kInTotoPayloadType ||
      body.statement != sigstore::StatementIdOf(envelope.payload) ||
      body.signature != envelope.signature)
    return Rejected("the log entry is not of this envelope");
  const LeafHash leaf = merkle::HashLeaf(entry.canonicalized_body);
  CARNET_TRY_VOID(merkle::CheckInclusion(LeafIndex(entry.log_index), checkpoint.size(), leaf,
                                         entry.proof, checkpoint.root()));
  CARNET_TRY(const SignerId signer, SignerOf(body));
  return SuppliedEntries::Entry{
      schemas::EncodeStored({body.statement, body.signature, body.spki, signer, envelope.payload,
                             body.certificate, KeptTimestamps(bundle)}),
      leaf};
}

}  // namespace

Result<size_t> SuppliedEntries::Add(const sigstore::Bundle& bundle) {
  size_t added = 0;
  for (const sigstore::LogEntry& entry : bundle.entries) {
    if (entry.log_id != key_.id()) continue;
    CARNET_TRY(auto checkpoint, merkle::VerifiedCheckpoint::Verify(entry.checkpoint, key_));
    CARNET_TRY(Entry supplied, EntryOf(entry, bundle, checkpoint));
    entries_.insert_or_assign(LeafIndex(entry.log_index), std::move(supplied));
    // Lines of one passport have one checkpoint.
    if (checkpoints_.empty() || checkpoints_.back().text() != checkpoint.text())
      checkpoints_.push_back(std::move(checkpoint));
    ++added;
  }
  return added;
}

const SuppliedEntries::Entry* SuppliedEntries::At(LeafIndex index) const {
  const auto found = entries_.find(index);
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace carnet::ledger
