// R10 for one checkpoint: whether a log signed it, under a key that counts. Whoever shows a
// checkpoint under a trust directory, in a passport or in a proof file, is judged here.
#pragma once

#include <string>
#include <variant>

#include "core/timestamp.h"
#include "merkle/checkpoint.h"
#include "trust/trust.h"
#include "verifier/rules.h"

namespace carnet::verifier::bundle {

struct RefusedCheckpoint {
  Refusal refusal;  // R10: bad-checkpoint, log-fork
  std::string why;
};
using JudgedCheckpoint = std::variant<merkle::VerifiedCheckpoint, RefusedCheckpoint>;

// 1. It is signed by the log's key that is in force at its size, now; by any key of the log where
// the trust directory pins this very tree. 2. A pin of its size has its root. Not checked: other
// checkpoints of the log.
JudgedCheckpoint JudgeCheckpoint(const trust::TrustedLog& log, const std::string& note,
                                 TimestampMs now);

// The same for a tree that nobody signed here. Null: no pin of its size has another root.
const merkle::Checkpoint* FindOtherPin(const trust::TrustedLog& log, TreeSize size,
                                       const RootHash& root);

// The key in force at the size that the note states, at `time`: which may not be who signed it.
// Null: none is, or it states none.
const trust::TrustedLogKey* KeyForNote(const trust::TrustedLog& log, const std::string& note,
                                       TimestampMs time);

std::string DescribeTree(const merkle::Checkpoint& checkpoint);  // "size 6 and root …"

}  // namespace carnet::verifier::bundle
