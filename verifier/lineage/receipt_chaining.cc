// R13: receipt chaining (S10). The root that a statement gives for the tree that ends with its
// predecessor is compared with the root folded from the predecessor's own proof.
#include <fmt/core.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/hex.h"
#include "merkle/check_proof.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;

constexpr std::string_view kForkHint =
    "the log has shown two histories, or the statement was logged twice and the other entry is "
    "enclosed";

struct After {
  LeafIndex index;
  RootHash root;
};

template <typename Reader>
std::optional<After> ReadAfter(Reader statement) {
  if (!statement.hasAfter()) return std::nullopt;
  const auto after = statement.getAfter();
  return After{LeafIndex(after.getIndex().getValue()), DigestOf<RootHash>(after.getRoot())};
}

std::optional<After> AfterOf(const Statement& line) {
  if (line.kind() == Kind::kSegment) return ReadAfter(ReaderOf<wire::Segment>(line.predicate));
  if (line.kind() == Kind::kCompletion) {
    return ReadAfter(ReaderOf<wire::Completion>(line.predicate));
  }
  return ReadAfter(ReaderOf<wire::Passport>(line.predicate));
}

bool HasAfter(Kind kind) {
  return kind == Kind::kSegment || kind == Kind::kCompletion || kind == Kind::kPassport;
}

// FoldedRoots of the trees that end with an enclosed leaf, each folded once.
class FoldedRoots {
 public:
  explicit FoldedRoots(const PassportFile& file) : file_(file), roots_(file.lines.size()) {}

  // Requires a position, so that R11 has found the proof's length right.
  const RootHash& At(const Statement& line) {
    auto& root = roots_[file_.lines.PlaceOf(line)];
    if (!root) {
      const LogPosition& at = *file_.Of(line).position;
      root = merkle::RootAtLeaf(at.index, at.size, at.leaf, *at.proof).value();
    }
    return *root;
  }

 private:
  const PassportFile& file_;
  std::vector<std::optional<RootHash>> roots_;  // by place in file_.lines
};

void CheckAfter(const PassportFile& file, const Statement& line, FoldedRoots& roots,
                Findings& findings) {
  const auto& own = file.Of(line).place;
  if (!own) return;  // R9-R11 report it
  const auto after = AfterOf(line);
  if (!after) {
    if (line.kind() == Kind::kSegment && SeqOf(line) > 0) return;  // spooled offline: unanchored
    findings.Add(FindingAbout(line, {13, RejectReason::kNotAnchored}, "has no `after`",
                              "only a segment with seq > 0 may leave it out"));
    return;
  }
  const Statement* before = PredecessorOf(file.lines, line);
  if (before == nullptr) return;
  const auto& earlier = file.Of(*before).position;
  if (!earlier || earlier->log != own->log) return;  // R9-R12 report it
  if (after->index != earlier->index) {
    findings.Add(
        FindingAbout(line, {13, RejectReason::kLogFork},
                     fmt::format("has after.index {}, but {} is at log index {}",
                                 after->index.value(), Describe(*before), earlier->index.value()),
                     std::string(kForkHint)));
  } else if (after->root != roots.At(*before)) {
    findings.Add(FindingAbout(line, {13, RejectReason::kLogFork},
                              fmt::format("has after.root {}, but the receipt of {} gives {}",
                                          HexEncode(after->root.span()), Describe(*before),
                                          HexEncode(roots.At(*before).span())),
                              std::string(kForkHint)));
  }
}

using LeafLines = std::map<std::pair<const trust::TrustedLog*, LeafIndex>, const Statement*>;

LeafLines LinesByLeaf(const PassportFile& file) {
  LeafLines leaves;
  for (const Statement& line : file.lines) {
    const auto& position = file.Of(line).position;
    if (position) leaves.emplace(std::pair(position->log, position->index), &line);
  }
  return leaves;
}

void CheckCheckpoint(const trust::TrustedLog* log, const merkle::Checkpoint& checkpoint,
                     const std::string& where, const LeafLines& leaves, FoldedRoots& roots,
                     Findings& findings) {
  if (checkpoint.size.value() == 0) return;
  const auto last = leaves.find({log, LeafIndex(checkpoint.size.value() - 1)});
  if (last == leaves.end() || roots.At(*last->second) == checkpoint.root) return;
  findings.Add(
      FindingAbout(*last->second, {13, RejectReason::kLogFork},
                   fmt::format("is the last leaf of the tree of size {}, whose root is {} "
                               "according to its receipt, but {} according to {}",
                               checkpoint.size.value(), HexEncode(roots.At(*last->second).span()),
                               HexEncode(checkpoint.root.span()), where),
                   std::string(kForkHint)));
}

}  // namespace

void CheckReceiptChaining(const PassportFile& file, const trust::Trust& trust,
                          const std::vector<SeenCheckpoint>& seen, Findings& findings) {
  FoldedRoots roots(file);
  for (const Statement& line : file.lines) {
    if (HasAfter(line.kind())) CheckAfter(file, line, roots, findings);
  }
  const LeafLines leaves = LinesByLeaf(file);
  for (const SeenCheckpoint& one : seen) {
    CheckCheckpoint(one.log, one.checkpoint,
                    fmt::format("`{}` of {}", one.field, Describe(*one.line)), leaves, roots,
                    findings);
  }
  for (const trust::TrustedLog& log : trust.logs()) {
    for (const merkle::Checkpoint& pin : log.pins) {
      CheckCheckpoint(&log, pin, "the checkpoint pinned in the trust directory", leaves, roots,
                      findings);
    }
  }
}

}  // namespace carnet::verifier::lineage
