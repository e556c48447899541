// Predicate: one typed predicate, held as a Cap'n Proto message that was built here, so that no
// reader of it can throw. Read it through schemas/readers.h.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/digests.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "schemas/kind.h"

namespace carnet::schemas {

struct PredicateMessage;  // schemas/readers.h

// S1. A verdict has none.
struct Head {
  SignerId signer;
  LogId ledger;
  TimestampMs created;
  std::string nonce;  // 32 lowercase hex digits

  friend bool operator==(const Head&, const Head&) = default;
};

class Predicate {
 public:
  static Predicate New(Kind kind);  // every field absent
  Predicate(Predicate&&) noexcept;
  Predicate& operator=(Predicate&&) noexcept;
  ~Predicate();

  Kind kind() const { return kind_; }
  Predicate Clone() const;
  std::optional<Head> head() const;  // absent in a draft and in a verdict
  void SetHead(const Head& head);    // Requires a kind that has one.

  // For schemas/readers.h and the codec.
  PredicateMessage& message() const { return *message_; }

 private:
  Predicate(Kind kind, std::unique_ptr<PredicateMessage> message);
  Kind kind_;
  std::unique_ptr<PredicateMessage> message_;
};

// Whether both are of one kind and have the same fields with the same values; their heads may
// differ, or only one of them may have a head.
bool EqualIgnoringHead(const Predicate& one, const Predicate& other);

}  // namespace carnet::schemas
