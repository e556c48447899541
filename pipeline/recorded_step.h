// How a step that is asked for compares with those that a run directory has.
#pragma once

#include <string>
#include <string_view>

#include "artifact/model_files.h"
#include "core/result.h"
#include "pipeline/draft.h"
#include "pipeline/run_journal.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// What the journal keeps of a call with files, to recognise it when it is repeated: the canonical
// draft, LF, the files' digest. Errors: malformed.
Result<std::string> RequestOf(const Draft& draft, const artifact::ModelFiles& files);

struct RequestParts {
  std::string_view draft;  // canonical, which is one line; of an abort, a sentence
  std::string_view files;  // hex; empty where the call had none
};
RequestParts PartsOf(std::string_view request);

// conflict: the step is recorded and this request is another, with its statement and what differs.
Error OtherRequest(const RunJournal::Step& step, std::string_view request);

// Whether a recorded segment and a draft with this checkpoint are of the same steps, from the same
// weights to the same files.
bool IsSameStretch(const schemas::Predicate& recorded, const schemas::Predicate& draft,
                   const ModelDigest& checkpoint);

// R23 of a segment whose weights are those of the one before it in its lane, and that it goes on:
// a repeated call whose files have changed would be counted twice. Errors: rejected;
// corruption (of `previous`).
Result<> CheckContinues(const schemas::Predicate& draft, const sigstore::Bundle& previous);

}  // namespace carnet::pipeline
