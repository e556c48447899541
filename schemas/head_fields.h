// The head of a predicate (S1) without its nonce, which is text and of interest to few: rules read
// the rest many times for each statement.
#pragma once

#include <optional>

#include "core/digests.h"
#include "core/signer_id.h"
#include "core/timestamp.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

struct HeadFields {
  SignerId signer;
  LogId ledger;
  TimestampMs created;
};

std::optional<HeadFields> HeadFieldsOf(const Predicate& predicate);  // absent as Predicate::head

}  // namespace carnet::schemas
