#include "pipeline/recorded_draft.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "json/reader.h"
#include "pipeline/recorded_step.h"
#include "pipeline/run_journal.h"
#include "pipeline/set_values.h"

namespace carnet::pipeline {
namespace {

using json::Document;

Result<bool> States(const std::string& draft, const Document& given) {
  const auto tree = json::Parse(draft);
  if (!tree) return Corruption("a recorded request cannot be read back: " + tree.error().message);
  return IsPartOf(given, Document::CopyOf(tree->root()));
}

// A figure that `update` and `total` share, given in part, as both.
Document WithBothFigures(const Document& given) {
  const Document* flop = given.Find("flop");
  if (flop == nullptr || flop->Find("update") != nullptr || flop->Find("total") != nullptr) {
    return given;
  }
  Document both = Document::Object();
  both.Set("update", *flop);
  both.Set("total", *flop);
  Document stated = given;
  stated.Set("flop", std::move(both));
  return stated;
}

// Null where there is no such directory.
Result<std::unique_ptr<const RunJournal>> Peek(const std::string& run_directory) {
  auto journal = RunJournal::Peek(run_directory);
  if (!journal && journal.error().code == ErrorCode::kNotFound) {
    return std::unique_ptr<const RunJournal>();
  }
  return journal;
}

}  // namespace

Result<std::optional<std::string>> RecordedRun(const std::string& run_directory,
                                               const Document& given) {
  CARNET_TRY(const auto journal, Peek(run_directory));
  if (journal == nullptr) return std::optional<std::string>();
  CARNET_TRY(const auto step, journal->Read(kRunStep));
  if (!step) return std::optional<std::string>();
  std::string draft(PartsOf(step->request).draft);
  CARNET_TRY(const bool same, States(draft, given));
  if (same) return std::optional(std::move(draft));
  return Conflict(run_directory + ": a run is open here already, with another draft");
}

Result<std::optional<std::string>> RecordedSegment(const std::string& run_directory, uint64_t lane,
                                                   const Document& given,
                                                   const ModelDigest& checkpoint) {
  CARNET_TRY(const auto journal, Peek(run_directory));
  if (journal == nullptr) return std::optional<std::string>();
  const Document stated = WithBothFigures(given);
  CARNET_TRY(const uint64_t count, journal->SegmentCount(lane));
  for (uint64_t seq = count; seq-- > 0;) {  // the last is the likeliest
    CARNET_TRY(const auto step, journal->Read(SegmentStep(lane, seq)));
    if (!step) continue;
    const RequestParts recorded = PartsOf(step->request);
    if (recorded.files != HexEncode(checkpoint.span())) continue;
    std::string draft(recorded.draft);
    CARNET_TRY(const bool same, States(draft, stated));
    if (same) return std::optional(std::move(draft));
    return Conflict(
        fmt::format("{} ended with this checkpoint already, with other values; what is meant to "
                    "follow it needs a draft that says so",
                    step->name));
  }
  return std::optional<std::string>();
}

}  // namespace carnet::pipeline
