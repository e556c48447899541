// Fields that Carnet sets in drafts, in the typed message.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "artifact/model_files.h"
#include "core/not_covered.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/reader.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// `files`. Requires a data set or a passport.
void SetFiles(std::span<const artifact::FileEntry> files, schemas::Predicate& draft);

// `model`, `files`, `tensor_roots` and `not_covered` of a passport whose model is covered so, and
// `oms_root` where it states none.
void SetCoveredModel(const artifact::ModelFiles& model, NotCovered patterns,
                     schemas::Predicate& passport);

// `model` and, if there are weight sets, `tensor_roots`. Requires a segment, a completion or a
// passport.
void SetModel(const artifact::ModelFiles& files, schemas::Predicate& draft);

// How many parameters the weight sets have together; absent where their headers do not tell.
std::optional<uint64_t> CountParameters(const artifact::ModelFiles& files);

// `after` (S10): the predecessor's index, and the root of the tree that ends with it. Requires a
// segment, a completion or a passport. Errors: as Reader::RootAt.
Result<> SetAfter(const ledger::Reader& reader, LeafIndex predecessor, schemas::Predicate& draft);

}  // namespace carnet::pipeline
