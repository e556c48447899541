// An entry of a transparency log as a bundle carries it (TransparencyLogEntry of Sigstore's
// protobuf-specs, sigstore_rekor.proto): where it is, what was promised, and the proof.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "merkle/proof.h"

namespace carnet::sigstore {

struct LogEntry {
  uint64_t log_index = 0;  // absent means 0
  LogId log_id;
  std::string kind = {};         // "hashedrekord"
  std::string version = {};      // "0.0.2"
  uint64_t integrated_time = 0;  // seconds since 1970; 0 from a log that does not vouch for time
  // Rekor v1's promise to include, which signs integrated_time too (SET); empty where there is
  // none. Never written; R11 refuses one.
  Bytes signed_entry_timestamp = {};

  bool has_proof = true;  // only bundles of version 0.1 may have none
  uint64_t proof_log_index = 0;
  Bytes proof_root_hash = {};  // as given; whoever verifies compares it with the checkpoint's
  uint64_t proof_tree_size = 0;
  merkle::InclusionProof proof = {};
  std::string checkpoint = {};  // the whole signed note
  Bytes canonicalized_body = {};
};

// One TransparencyLogEntry in JSON, as a Rekor v2 log answers it, in proto3's spelling.
// Errors: malformed, with the field's path.
Result<LogEntry> ReadForeignLogEntry(std::string_view json);

}  // namespace carnet::sigstore
