// The references between the members of a set as pointers. Null, or left out, where a reference is
// absent or undisclosed, or where its target is not a member or is of a kind that the field may not
// name: rules before R21 skip those, R19 and R20 report them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/digests.h"
#include "schemas/enums.h"
#include "statements/statement_set.h"

namespace carnet::statements {

// Each requires a member of the kind named.
const Statement* CompletionOf(const StatementSet& set, const Statement& passport);
const Statement* RunOf(const StatementSet& set, const Statement& segment_or_completion);
std::vector<const Statement*> LastOf(const StatementSet& set, const Statement& completion);
// The run that a segment, completion or passport belongs to; null for every other statement.
const Statement* RunBehind(const StatementSet& set, const Statement& statement);
const Statement* PreviousOf(const StatementSet& set, const Statement& segment);
// `weights_from`, or `previous` where it is absent.
const Statement* WeightsSourceOf(const StatementSet& set, const Statement& segment);

uint64_t LaneOf(const Statement& segment);  // absent: 0
uint64_t SeqOf(const Statement& segment);
uint64_t LanesOf(const Statement& run);  // absent: 1
uint64_t LanesOf(const schemas::Predicate& run);

// What `after` is about (S10): a segment's `previous`, at seq 0 its run; a completion's first
// `last`, or its run; a passport's completion.
const Statement* PredecessorOf(const StatementSet& set, const Statement& statement);

// Of a passport, segment or completed completion; absent for every other statement.
std::optional<ModelDigest> ModelOf(const Statement& statement);
// Tensor roots of a statement of the same kinds; none for every other statement. Sorted, so that
// equal multisets compare equal (S6).
std::vector<TensorRoot> TensorRootsOf(const Statement& statement);
size_t TensorRootCount(const Statement& statement);
// Whether the multisets are equal. Counts are compared first, so that many small statements about
// one large one cost no more than their own size.
bool SameTensorRoots(const Statement& one, const Statement& other);

enum class EdgeStatement {
  kAbsent,  // the parent has no passport
  kUndisclosed,
  kUnusable,  // not a member, or not a passport, completion or segment
  kEnclosed,
};

struct InputEdge {
  schemas::EdgeType type;
  std::optional<ModelDigest> model;  // absent: undisclosed
  EdgeStatement statement;
  const Statement* target;  // exactly when kEnclosed
};

std::vector<InputEdge> EdgesOf(const StatementSet& set, const Statement& run);
// The `adapter-on` edge of the model that a passport, completion or segment is about, also where
// the adapter was trained further; absent for what is not an adapter. A merge folds it into its
// base.
std::optional<InputEdge> AdapterEdgeOf(const StatementSet& set, const Statement& statement);
// The tensor roots that the statements of those parents state which a run trained further
// (`fine-tuned-from`, `initialised-from`). Sorted.
std::vector<TensorRoot> ParentTensorRootsOf(const StatementSet& set, const Statement& run);

}  // namespace carnet::statements
