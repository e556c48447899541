// The references of a passport's statements as pointers between its lines. Null, or left out,
// where a reference is absent or undisclosed, where its target is not enclosed, or is of a kind
// that may not stand there: rules before R21 pass over those, R19 and R20 report them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "verifier/passport_file.h"

namespace carnet::verifier::lineage {

// Each requires a line of the kind named.
const Line* CompletionOf(const PassportFile& file, const Line& passport);
const Line* RunOf(const PassportFile& file, const Line& segment_or_completion);
std::vector<const Line*> LastOf(const PassportFile& file, const Line& completion);
const Line* PreviousOf(const PassportFile& file, const Line& segment);
// `weights_from`, or where it is absent `previous`.
const Line* WeightsSourceOf(const PassportFile& file, const Line& segment);

uint64_t LaneOf(const Line& segment);  // absent: 0
uint64_t SeqOf(const Line& segment);
uint64_t LanesOf(const Line& run);  // absent: 1

// What `after` speaks of (S10): a segment's `previous`, at seq 0 its run; a completion's first
// `last`, or its run; a passport's completion.
const Line* PredecessorOf(const PassportFile& file, const Line& line);

// Of a passport, segment or completed completion; absent for every other line.
std::optional<ModelDigest> ModelOf(const Line& line);
// Tensor roots of a line of the same kinds; none for every other line. Sorted, so that equal
// multisets compare equal (S6).
std::vector<TensorRoot> TensorRootsOf(const Line& line);
size_t TensorRootCount(const Line& line);
// Whether the multisets are equal. Counts are compared first, so that many small statements about
// one large one cost what they hold.
bool SameTensorRoots(const Line& one, const Line& other);

enum class EdgeStatement {
  kAbsent,  // the parent has no passport
  kUndisclosed,
  kUnusable,  // not enclosed, or neither passport, completion nor segment
  kEnclosed,
};

struct InputEdge {
  uint16_t type;                     // wire::EdgeType
  std::optional<ModelDigest> model;  // absent: undisclosed
  EdgeStatement statement;
  const Line* target;  // exactly when kEnclosed
};

std::vector<InputEdge> EdgesOf(const PassportFile& file, const Line& run);

}  // namespace carnet::verifier::lineage
