// Trace: the lineage behind a model, run, statement or any digest that the ledger knows, the
// compute summed along its edges as a policy counts it, and what was made from it. Nothing is
// verified here except that the ledger's own rows agree; the output says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/flop.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "pipeline/trace_uses.h"
#include "trust/trust.h"
#include "verifier/policy/policy.h"

namespace carnet::pipeline {

struct TraceSum {
  std::string policy;     // id
  std::string threshold;  // id
  std::string figure;     // "update" or "total"
  Flop amount{0};
  bool lower_bound = false;
  std::string limit;
};

struct Trace {
  std::vector<TraceNode> nodes;  // [0] is the subject
  std::vector<TraceEdge> edges;
  std::vector<std::string> unknown_parents;  // edges that lead to nothing in this ledger
  std::vector<TraceSum> sums;
  size_t other_passports = 0;     // about the subject, where it is a digest
  std::optional<TraceUses> uses;  // absent where they were not asked for
};

enum class TraceDirection { kAncestors, kDescendants, kBoth };

// Of the statement that ChooseStatement (pipeline/choose_statement.h) chooses. Without a direction:
// ancestors of a passport, completion, segment or run, both for any other kind. Ancestors beyond
// `max_nodes` are listed as unknown; so many descendants are an error. With `trust`, descendants by
// strangers are left out and counted. Errors: not_found, corruption; rejected if there are more
// references than a passport may have, or too many descendants.
Result<Trace> TraceLineage(const ledger::Reader& reader, const SubjectDigest& subject,
                           const verifier::policy::Policy& policy,
                           const trust::Trust* trust = nullptr, size_t max_nodes = 100'000,
                           std::optional<TraceDirection> direction = std::nullopt);

// Only ids and edges, from the index alone: breadth first, each statement once.
Result<std::vector<ledger::StatementRow>> TraceIds(const ledger::Reader& reader,
                                                   const StatementId& start, size_t max_nodes);

enum class TraceFormat { kTree, kJson, kDot };
std::string RenderTrace(const Trace& trace, TraceFormat format);

}  // namespace carnet::pipeline
