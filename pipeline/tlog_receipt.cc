#include "pipeline/tlog_receipt.h"

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"
#include "sigstore/dsse.h"
#include "sigstore/hashedrekord.h"
#include "sigstore/signer_certificate.h"

namespace carnet::pipeline {
namespace {

// Absent where the certificate names nobody.
std::optional<SignerId> SignerIn(const sigstore::HashedRekord& record) {
  if (record.certificate.empty()) return SignerId(Retag<KeyId>(crypto::Sha256Of(record.spki)));
  const auto certified = sigstore::ReadSignerCertificate(record.certificate);
  return certified ? std::optional(certified->signer) : std::nullopt;
}

}  // namespace

Result<std::string> WriteTlogReceipt(const ledger::Reader& reader, const StatementId& id) {
  CARNET_TRY(const ledger::StatementRow row, reader.Find(id));
  CARNET_TRY(sigstore::LogEntry entry, reader.Receipt(row.index));
  return merkle::WriteTlogProof({std::move(entry.canonicalized_body), row.index,
                                 std::move(entry.proof), std::move(entry.checkpoint)});
}

Result<CheckedReceipt> CheckTlogReceipt(const merkle::TlogProof& proof, const LogKeys& keys,
                                        const std::optional<std::string>& entry) {
  if (!entry && proof.extra.empty())
    return Malformed("the proof does not contain the entry that it is about: --entry names it");
  CARNET_TRY(LogHead head, CheckHead("checkpoint", proof.checkpoint, keys));  // 1
  CheckedReceipt receipt{
      std::move(head), proof.index, entry ? *entry : std::string(AsText(proof.extra)), {}, {}};
  const auto leaf = merkle::HashLeaf(AsBytes(receipt.entry));
  const auto included = merkle::CheckInclusion(proof.index, receipt.head.size, leaf, proof.proof,
                                               receipt.head.root);  // 2
  if (!included)
    return included.error().In(fmt::format("the entry is not shown to be number {} of {}",
                                           proof.index.value(), receipt.head.size.value()));
  if (const auto record = sigstore::ReadHashedRekord(receipt.entry)) {
    receipt.statement = record->statement;
    receipt.signer = SignerIn(*record);
  }
  return receipt;
}

Result<std::string> LeafOf(const sigstore::Bundle& bundle) {
  const StatementId id = sigstore::StatementIdOf(bundle.envelope.payload);
  for (const sigstore::LogEntry& entry : bundle.entries) {
    const std::string body(AsText(entry.canonicalized_body));
    const auto record = sigstore::ReadHashedRekord(body);
    if (record && record->statement == id && record->signature == bundle.envelope.signature)
      return body;
  }
  return Rejected("the bundle has no log entry of its own attestation");
}

}  // namespace carnet::pipeline
