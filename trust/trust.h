// Trust: whose keys, for which kinds, until when; which logs. A value: load_trust.h reads it from a
// trust directory, tests build it. Refuses what R5 refuses, however it is built.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "crypto/ecdsa.h"
#include "merkle/checkpoint.h"
#include "schemas/kind.h"

namespace carnet::trust {

// Half-open windows [from, until); an absent end is open. Sizes are of one log, by its origin.
struct SizeWindow {
  std::optional<uint64_t> from;
  std::optional<uint64_t> until;
};
struct DateWindow {
  std::optional<TimestampMs> from;
  std::optional<TimestampMs> until;
};

struct TrustedKey {
  crypto::P256PublicKey key;
  std::string party;  // name of its owner
  std::string name;   // name of the key within the party; may be empty
  std::set<schemas::Kind> kinds;
  DateWindow dates;
  std::unordered_map<std::string, SizeWindow> sizes;  // by log origin; preferred to dates (R15)

  SignerId signer() const { return SignerId(key.id()); }
};

struct TrustedLogKey {
  merkle::NoteKey key;
  DateWindow dates;
  SizeWindow sizes;  // tree sizes at which the key is in force
};

struct TrustedLog {
  std::string origin;
  std::vector<TrustedLogKey> keys;       // one after the other (rotation)
  std::string operator_party;            // empty: not stated
  std::vector<merkle::Checkpoint> pins;  // checkpoints known from elsewhere
};

class Trust {
 public:
  // Errors: malformed: a repeated key or log id, two logs of one origin, a log without a key, keys
  // of one log with overlapping validity or with tree sizes for only some, a pin of another origin,
  // two pins of one size with different roots, a key without party or kinds, an empty window.
  static Result<Trust> Create(std::vector<TrustedKey> keys, std::vector<TrustedLog> logs);

  // Null: not listed. Only keys can be listed, so an identity never is.
  const TrustedKey* FindSigner(const SignerId& id) const;
  const TrustedLog* FindLog(const LogId& id) const;  // null: unknown; any key of the log names it
  const std::vector<TrustedKey>& keys() const { return keys_; }
  const std::vector<TrustedLog>& logs() const { return logs_; }

 private:
  Trust() = default;
  std::vector<TrustedKey> keys_;
  std::vector<TrustedLog> logs_;
  std::unordered_map<SignerId, size_t> signer_index_;
  std::unordered_map<LogId, size_t> log_index_;
};

}  // namespace carnet::trust
