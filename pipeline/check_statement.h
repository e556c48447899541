// A statement that is about to be signed, compared with what the ledger has of those it refers to:
// what the gate would refuse for good is not signed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "ledger/reader.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

enum class OnFinding {
  kRefuse,
  kNote,  // sign all the same, as whoever tries out a gate must
};

// Returns what a passport that rests on the statement will lack, in words: what it refers to and is
// not in this ledger, and what keeps the passport at level 1. Errors: rejected: the clock is behind
// what the statement refers to, or else the findings of verifier/judge_statement.h by reason and
// rule, a chip that the catalogue has under another name, or a run that refers to what is not in
// this ledger, which kNote adds to the notes instead; or it refers to more than a passport can hold
// (R1). Also corruption, io. `expected` counts as being in the ledger: what a dry run did not log.
Result<std::vector<std::string>> CheckStatement(const sigstore::ParsedStatement& prepared,
                                                const ledger::Reader& reader, TimestampMs now,
                                                OnFinding on_finding = OnFinding::kRefuse,
                                                const std::optional<StatementId>& expected = {});

}  // namespace carnet::pipeline
