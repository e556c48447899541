// Trace: the lineage behind a model, run, statement or any digest that the ledger knows, and the
// compute summed along its edges as a policy counts it. Nothing is verified here except that the
// ledger's own rows agree; the output says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/flop.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "trust/trust.h"
#include "verifier/policy/policy.h"

namespace carnet::pipeline {

struct TraceNode {
  StatementId id;
  LeafIndex index;
  schemas::Kind kind;
  SignerId signer;
  std::string party;  // of the signer, where the trust directory lists it; else empty
  std::string label;  // "tiny-licence-gpt", "segment 3", "fine-tune run", …
  std::string flop;   // exact decimal of the statement's own total; empty if it states none
  std::optional<StatementId> run;  // of a segment
  bool label_is_ours = false;      // a word or number of ours, not a text that the statement chose
};

struct TraceEdge {
  size_t from;  // index into nodes: the one that refers
  size_t to;
  std::string label;  // field, or the edge's type: "fine-tuned-from", "completion", …
};

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
  size_t other_passports = 0;  // about the subject, where it is a digest
};

// What a user names: `sha256:<hex>` or plain hex; `key:<hex>` is refused. Errors: malformed.
Result<SubjectDigest> ParseTraceSubject(std::string_view text);

// The subject is a statement id or else a digest: of the statements about it by parties that
// `trust` lets sign such statements the latest passport, else the latest completion, segment or
// other statement; where there is none, or no `trust`, of all statements about it. Anyone can log
// those. Errors: not_found, corruption; rejected if there are more references than a passport may
// have.
Result<Trace> TraceLineage(const ledger::Reader& reader, const SubjectDigest& subject,
                           const verifier::policy::Policy& policy,
                           const trust::Trust* trust = nullptr, size_t max_nodes = 100'000);

// Only ids and edges, from the index alone: breadth first, each statement once.
Result<std::vector<ledger::StatementRow>> TraceIds(const ledger::Reader& reader,
                                                   const StatementId& start, size_t max_nodes);

enum class TraceFormat { kTree, kJson, kDot };
std::string RenderTrace(const Trace& trace, TraceFormat format);

}  // namespace carnet::pipeline
