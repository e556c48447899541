// A statement that is about to be signed or logged, compared with what the ledger has of those it
// refers to: what the gate would refuse for good is neither.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "ledger/reader.h"
#include "sigstore/parsed_statement.h"
#include "verifier/finding.h"

namespace carnet::pipeline {

enum class OnFinding {
  kRefuse,
  kNote,  // go on all the same, as whoever tries out a gate must
};

// What it is checked for, as messages say it: what others signed is only logged.
enum class Purpose { kSign, kLog };

// Statements that are not in the ledger yet and count as being there, with their texts: what is
// logged in one batch, or what a dry run did not log, which has none (null).
using Coming = std::unordered_map<StatementId, const Bytes*>;

// Returns what a passport that rests on the statement will lack, in words: what it refers to and is
// not in this ledger, and what keeps the passport at level 1. Errors: rejected: the clock is behind
// what the statement refers to, or else the findings of verifier/judge_statement.h by reason and
// rule, a chip that the catalogue has under another name, or a run that refers to what is not in
// this ledger, which kNote adds to the notes instead; or it refers to more than a passport can hold
// (R1). Also corruption, io.
Result<std::vector<std::string>> CheckStatement(const sigstore::ParsedStatement& prepared,
                                                const ledger::Reader& reader, TimestampMs now,
                                                OnFinding on_finding = OnFinding::kRefuse,
                                                const Coming& coming = {},
                                                Purpose purpose = Purpose::kSign);

// The same of findings at hand. Errors: rejected, where there is one.
Result<std::vector<std::string>> NotesOf(const std::vector<verifier::Finding>& findings,
                                         OnFinding on_finding, Purpose purpose);

}  // namespace carnet::pipeline
