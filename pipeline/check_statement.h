// A statement that is about to be signed, compared with what the ledger has of those it refers to:
// what the gate would refuse for good is not signed.
#pragma once

#include <string>
#include <vector>

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
// not in this ledger (it may be in another), and what keeps the passport at level 1. Errors:
// rejected: the clock is behind what the statement refers to, or else the findings of
// verifier/judge_statement.h by reason and rule, or a chip that the catalogue has under another
// name, which kNote adds to the notes instead; or it refers to more than a passport can hold (R1).
// Also corruption, io.
Result<std::vector<std::string>> CheckStatement(const sigstore::ParsedStatement& prepared,
                                                const ledger::Reader& reader, TimestampMs now,
                                                OnFinding on_finding = OnFinding::kRefuse);

}  // namespace carnet::pipeline
