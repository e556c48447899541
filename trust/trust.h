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

  bool IsGiven() const { return from || until; }
  bool Contains(uint64_t size) const;
};
struct DateWindow {
  std::optional<TimestampMs> from;
  std::optional<TimestampMs> until;

  bool Contains(TimestampMs time) const;
};

struct TrustedLog;
struct PlaceInLog {
  const TrustedLog* log;
  LeafIndex index;
};

struct TrustedKey {
  crypto::P256PublicKey key;
  std::string party;  // name of its owner
  std::string name;   // name of the key within the party; may be empty
  std::set<schemas::Kind> kinds;
  DateWindow dates;
  std::unordered_map<std::string, SizeWindow> sizes;  // by log origin; preferred to dates (R15)

  SignerId signer() const { return SignerId(key.id()); }

  // Whether the key was in force when it signed a statement (R15): where trust gives tree sizes for
  // the log, its index lies in them. An end that they leave open is the dates': `created` lies in
  // those, and now is before their end, as a date alone cannot prove the past. Without a place in
  // a log nothing is decided where the key has tree sizes. Errors: rejected, with the bounds.
  Result<> CheckInForce(const std::optional<PlaceInLog>& place, TimestampMs created,
                        TimestampMs now) const;
};

struct TrustedLogKey {
  merkle::NoteKey key;
  DateWindow dates;
  SizeWindow sizes;  // tree sizes at which the key is in force

  // Tree sizes decide where trust gives them.
  bool IsInForce(TreeSize size, TimestampMs now) const;      // R10: an open end is its dates', now
  bool MayHaveSigned(TreeSize size, TimestampMs now) const;  // R14: else also a retired key
};

struct TrustedLog {
  std::string origin;
  std::vector<TrustedLogKey> keys;       // one after the other (rotation)
  std::string operator_party;            // empty: not stated
  std::vector<merkle::Checkpoint> pins;  // checkpoints known from elsewhere

  const TrustedLogKey* KeyInForce(TreeSize size, TimestampMs now) const;  // null: none is
};

class Trust {
 public:
  // Errors: malformed: a repeated key or log id, two logs of one origin, a log without a key, keys
  // of one log with overlapping validity or with tree sizes for only some, a pin of another origin,
  // two pins of one size with different roots, a key without party or kinds, an empty window,
  // tree sizes with neither end.
  static Result<Trust> Create(std::vector<TrustedKey> keys, std::vector<TrustedLog> logs,
                              std::string hub_default = {}, std::string chips = {});

  // Null: not listed. Only keys can be listed, so an identity never is.
  const TrustedKey* FindSigner(const SignerId& id) const;
  const TrustedLog* FindLog(const LogId& id) const;  // null: unknown; any key of the log names it
  const std::vector<TrustedKey>& keys() const { return keys_; }
  const std::vector<TrustedLog>& logs() const { return logs_; }
  // The text of the directory's own policies/hub-default.toml, part of every policy that is judged
  // with this trust (R38); empty: it has none.
  const std::string& hub_default() const { return hub_default_; }
  // The text of the directory's own chips.csv, which adds to the chip catalogue and goes before it;
  // empty: it has none.
  const std::string& chips() const { return chips_; }

 private:
  Trust() = default;
  std::vector<TrustedKey> keys_;
  std::vector<TrustedLog> logs_;
  std::string hub_default_;
  std::string chips_;
  std::unordered_map<SignerId, size_t> signer_index_;
  std::unordered_map<LogId, size_t> log_index_;
};

}  // namespace carnet::trust
