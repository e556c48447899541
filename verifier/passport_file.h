// PassportFile: the lines of a passport, parsed, with what the rules have found out about each so
// far. Filled by bundle/, read by everything after it.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/digests.h"
#include "core/strong_u64.h"
#include "merkle/checkpoint.h"
#include "sigstore/bundle.h"
#include "sigstore/statement.h"
#include "trust/trust.h"

namespace carnet::verifier {

// Where a statement stands in its log, once R9-R11 have passed for its line.
struct LogPosition {
  const trust::TrustedLog* log;
  LeafIndex index;
  TreeSize size;  // of the checkpoint that all lines of this log show
  LeafHash leaf;
  const merkle::InclusionProof* proof;  // into the line's bundle
};

struct Line {
  size_t number;  // 1-based
  StatementId id;
  sigstore::Bundle bundle;
  schemas::Predicate predicate;
  std::vector<schemas::Subject> subjects;
  const trust::TrustedKey* key = nullptr;  // R5 passed
  bool signature_good = false;             // R7 passed
  std::optional<LogPosition> position;     // R9-R11 passed

  schemas::Kind kind() const { return predicate.kind(); }
};

struct LogView {  // the one checkpoint that the passport shows of a log (R10)
  const trust::TrustedLog* log;
  merkle::Checkpoint checkpoint;
};

struct PassportFile {
  std::vector<Line> lines;                        // those that R1-R4 let pass
  std::unordered_map<StatementId, size_t> by_id;  // into lines
  std::vector<LogView> views;                     // R10 passed

  const Line* Find(const StatementId& id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : &lines[found->second];
  }
};

}  // namespace carnet::verifier
