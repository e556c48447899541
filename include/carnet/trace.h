// The lineage behind a model, run, statement or any digest that a ledger knows, and the compute
// summed along its edges as a policy counts it. Verifies nothing except that the ledger's rows
// agree. Link carnet::ledger. Ids and digests are lowercase hex.
#pragma once

#include <carnet/export.h>
#include <carnet/ledger.h>
#include <carnet/result.h>
#include <carnet/verify.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace carnet {

struct TraceNode {
  std::string id;  // of the statement
  uint64_t index;
  std::string kind;    // passport, completion, segment, run, dataset, device, allocation, verdict
  std::string signer;  // as statements name it: key:<hex>
  std::string label;   // "tiny-licence-gpt", "segment 3", …
  std::string flop;    // decimal; empty if the statement has no total of its own
  std::string run;     // of a segment
};

struct TraceEdge {
  size_t from;  // index into the nodes: the one that refers
  size_t to;
  std::string label;  // the field, or the type of the edge: "fine-tuned-from", "completion", …
};

struct TraceSum {
  std::string policy;
  std::string threshold;
  std::string figure;  // update or total
  std::string amount;  // decimal
  bool lower_bound;
  std::string limit;
};

// A value: copies share state.
class CARNET_API Trace {
 public:
  // `subject` is a statement id or else a digest, with or without "sha256:" before it, or the first
  // six digits or more of one, where no other begins so: of the statements about a digest, the
  // latest passport, else the latest completion, segment or other statement, whoever logged it.
  // Errors: malformed (subject), not_found, corruption, io.
  static Result<Trace> Of(const LedgerReader& ledger, std::string_view subject,
                          const Policy& policy);

  Trace(const Trace&) = default;
  Trace& operator=(const Trace&) = default;
  ~Trace();

  const std::vector<TraceNode>& nodes() const;  // the first is the subject
  const std::vector<TraceEdge>& edges() const;
  const std::vector<TraceSum>& sums() const;
  const std::vector<std::string>& unknown_parents() const;  // edges that lead to nothing known

  std::string ToJson() const;  // every statement
  std::string ToTree() const;  // for people; a run's segments are one node
  std::string ToDot() const;   // for Graphviz
  // A picture, drawn by Graphviz' program `dot`. Errors: not_found (it is not installed), io.
  Result<std::string> ToSvg() const;

 private:
  struct State;
  explicit Trace(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace carnet
