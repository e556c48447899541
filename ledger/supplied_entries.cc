#include "ledger/supplied_entries.h"

#include "crypto/sha256.h"
#include "merkle/check_proof.h"
#include "merkle/checkpoint.h"
#include "merkle/hasher.h"
#include "schemas/stored.h"
#include "sigstore/hashedrekord.h"

namespace carnet::ledger {
namespace {

Result<SuppliedEntries::Entry> EntryOf(const sigstore::LogEntry& entry,
                                       const sigstore::Envelope& envelope,
                                       const merkle::VerifiedCheckpoint& checkpoint) {
  CARNET_TRY(const auto body, sigstore::ReadHashedRekord(AsText(entry.canonicalized_body)));
  if (envelope.payload_type != sigstore::kInTotoPayloadType ||
      body.statement != sigstore::StatementIdOf(envelope.payload) ||
      body.signature != envelope.signature)
    return Rejected("the log entry is not of this envelope");
  const LeafHash leaf = merkle::HashLeaf(entry.canonicalized_body);
  CARNET_TRY_VOID(merkle::CheckInclusion(LeafIndex(entry.log_index), checkpoint.size(), leaf,
                                         entry.proof, checkpoint.root()));
  const SignerId signer(Retag<KeyId>(crypto::Sha256Of(body.spki)));
  return SuppliedEntries::Entry{
      schemas::EncodeStored({body.statement, body.signature, body.spki, signer, envelope.payload}),
      leaf};
}

}  // namespace

Result<size_t> SuppliedEntries::Add(const sigstore::Bundle& bundle) {
  size_t added = 0;
  for (const sigstore::LogEntry& entry : bundle.entries) {
    if (entry.log_id != key_.id()) continue;
    CARNET_TRY(auto checkpoint, merkle::VerifiedCheckpoint::Verify(entry.checkpoint, key_));
    CARNET_TRY(Entry supplied, EntryOf(entry, bundle.envelope, checkpoint));
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
