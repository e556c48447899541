// A passport's lines, appended to claims.jsonl: the file of all statements about a model, in its
// folder. Each line that is there stays as it is, byte for byte.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/digests.h"
#include "core/result.h"

namespace carnet::pipeline {

// Whether lines that are there already make up the passport: a gate's answer.
using IsPassportGood = std::function<Result<bool>(std::string_view passport)>;

// All lines together, as their receipts are under one checkpoint, in one rename; how many. 0 where
// the passport is there, and `good` of its lines. A lock on the folder keeps other calls of this
// out meanwhile; a file that somebody else has changed in the meantime is an error. Errors:
// conflict (another call is at work, the file has changed), rejected (it would be over the limits
// of a reader), io (not a regular file); those of `good`.
Result<size_t> AppendClaims(const std::string& path, const StatementId& id,
                            std::string_view passport, const IsPassportGood& good);

}  // namespace carnet::pipeline
