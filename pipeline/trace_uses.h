// What uses the subject of a trace, described and with the references that lead there.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "ledger/reader.h"
#include "pipeline/choose_statement.h"
#include "pipeline/logged_statement.h"
#include "trust/trust.h"

namespace carnet::pipeline {

using TraceNode = LoggedStatement;

struct TraceEdge {
  size_t from;  // index into nodes: the one that refers
  size_t to;
  std::string label;  // field, or the edge's type: "fine-tuned-from", "completion", …
};

struct TraceUses {
  std::vector<TraceNode> nodes;  // the subject, other statements about the digest, what uses them
  size_t starts = 1;             // how many of the nodes are not users
  std::vector<TraceEdge> edges;  // to a user or a start; a run that names the model only: to [0]
  uint64_t strangers = 0;        // statements that `trust` left out
};

// Of the chosen statement; where it was chosen as one about `digest`, of all about that digest.
// Errors: as FindUses.
Result<TraceUses> TraceUsesOf(const ledger::Reader& reader, const ChosenStatement& chosen,
                              const SubjectDigest& digest, const trust::Trust* trust,
                              size_t max_users);

}  // namespace carnet::pipeline
