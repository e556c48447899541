#include "ledger/supplied_entries.h"

#include "crypto/sha256.h"
#include "merkle/check_proof.h"
#include "merkle/checkpoint.h"
#include "merkle/hasher.h"
#include "schemas/stored.h"
#include "sigstore/hashedrekord.h"

namespace carnet::ledger {
namespace {

Result<std::string> RowOf(const sigstore::LogEntry& entry, const sigstore::Envelope& envelope,
                          const merkle::NoteKey& key) {
  CARNET_TRY(const auto checkpoint, merkle::VerifiedCheckpoint::Verify(entry.checkpoint, key));
  CARNET_TRY(const auto body, sigstore::ReadHashedRekord(AsText(entry.canonicalized_body)));
  if (envelope.payload_type != sigstore::kInTotoPayloadType ||
      body.statement != sigstore::StatementIdOf(envelope.payload) ||
      body.signature != envelope.signature)
    return Rejected("the log entry is not of this envelope");
  CARNET_TRY_VOID(merkle::CheckInclusion(LeafIndex(entry.log_index), checkpoint.size(),
                                         merkle::HashLeaf(entry.canonicalized_body), entry.proof,
                                         checkpoint.root()));
  const SignerId signer(Retag<KeyId>(crypto::Sha256Of(body.spki)));
  return schemas::EncodeStored(
      {body.statement, body.signature, body.spki, signer, envelope.payload});
}

}  // namespace

Result<size_t> SuppliedEntries::Add(const sigstore::Bundle& bundle) {
  size_t added = 0;
  for (const sigstore::LogEntry& entry : bundle.entries) {
    if (entry.log_id != key_.id()) continue;
    CARNET_TRY(std::string row, RowOf(entry, bundle.envelope, key_));
    rows_.insert_or_assign(LeafIndex(entry.log_index), std::move(row));
    ++added;
  }
  return added;
}

const std::string* SuppliedEntries::Row(LeafIndex index) const {
  const auto found = rows_.find(index);
  return found == rows_.end() ? nullptr : &found->second;
}

}  // namespace carnet::ledger
