// Receipts as C2SP tlog-proof files: that a statement is logged, for whoever has the file and the
// log's key. The leaf, which has the statement's id and signature and not its text, travels in the
// file's `extra` line: the proof authenticates it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "ledger/reader.h"
#include "merkle/tlog_proof.h"
#include "pipeline/log_heads.h"
#include "sigstore/bundle.h"

namespace carnet::pipeline {

// Errors: not_found; as the reader's.
Result<std::string> WriteTlogReceipt(const ledger::Reader& reader, const StatementId& id);

struct CheckedReceipt {
  LogHead head;
  LeafIndex index;
  std::string entry;                     // the leaf's bytes
  std::optional<StatementId> statement;  // where the entry is a leaf of ours
  std::optional<SignerId> signer;        // as the leaf names it: not verified here
};

// 1. The checkpoint has a signature of one of the keys. 2. The entry is the leaf at the index of
// the checkpoint's tree. Not checked: the signature of the statement. `entry`: absent, the file's
// `extra`. Errors: rejected; malformed (no entry at all).
Result<CheckedReceipt> CheckTlogReceipt(const merkle::TlogProof& proof, const LogKeys& keys,
                                        const std::optional<std::string>& entry);

// The leaf of the attestation in a bundle: its statement and signature, under the key that the
// bundle's log entry names. Errors: rejected (no log entry, or the entry of another attestation).
Result<std::string> LeafOf(const sigstore::Bundle& bundle);

}  // namespace carnet::pipeline
