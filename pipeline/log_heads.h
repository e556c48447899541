// Signed heads of a log held against each other, in a ledger or offline: is the older tree the
// start of the newer one? A log that signed two heads of which neither is, has shown two histories.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "ledger/reader.h"
#include "merkle/checkpoint.h"
#include "merkle/proof.h"
#include "trust/trust.h"

namespace carnet::pipeline {

struct LogUnderTrust {
  trust::TrustedLog log;
  TimestampMs now;
};

// Whose signature a checkpoint must have: one key's, or that of a trusted log's key that counts for
// it now (R10); the log's pins are held against it too.
struct LogKeys {
  std::string whose;  // "this ledger's own key", …
  std::variant<merkle::NoteKey, LogUnderTrust> keys;
};
LogKeys KeysOf(const ledger::Reader& reader);
// Errors: not_found (no such log).
Result<LogKeys> KeysOf(const trust::Trust& trust, std::string_view origin, TimestampMs now);

struct LogHead {
  std::string name;  // for messages: a file, or "size 12"
  TreeSize size;
  RootHash root;
  std::string note;       // empty: a size of the ledger, which nobody signed here
  std::string signed_by;  // "log.example.org, this ledger's own key"; empty without a note
};

// A checkpoint that such a key signed. Errors: malformed, rejected: for a trusted log with the
// reason that the gate gives: "bad-checkpoint: …", "log-fork: …".
Result<LogHead> CheckHead(std::string name, const std::string& note, const LogKeys& keys);
// The ledger's tree as it was; its own checkpoint, where it is the present one, and the pins of a
// trusted log are judged as in CheckHead. Errors: not_found (larger than it is now), rejected.
Result<LogHead> HeadOfSize(const ledger::Reader& reader, TreeSize size, const LogKeys& keys);

// That the ledger had this root at this size. Errors: rejected, "log fork: …" with both roots;
// rejected, where it has fewer entries than the log has signed: it was rolled back.
Result<> CheckInLedger(const ledger::Reader& reader, const LogHead& head);

// Requires older.size <= newer.size. Errors: as CheckInLedger.
Result<merkle::ConsistencyProof> ProveConsistency(const ledger::Reader& reader,
                                                  const LogHead& older, const LogHead& newer);

// The same without a ledger. Errors: rejected, "log fork: …" for two roots of one size; what the
// proof does not show.
Result<> CheckConsistentHeads(const LogHead& older, const LogHead& newer,
                              const merkle::ConsistencyProof& proof);

}  // namespace carnet::pipeline
