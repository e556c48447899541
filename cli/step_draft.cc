#include "cli/step_draft.h"

#include <fmt/core.h>

#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/settings.h"
#include "core/hex.h"
#include "pipeline/resolve_digest.h"
#include "pipeline/set_values.h"
#include "schemas/field_guide.h"

namespace carnet::cli {
namespace {

using pipeline::Assignment;
using schemas::Kind;

Result<std::vector<Assignment>> SetIn(const FillOptions& fill) {
  std::vector<Assignment> assignments;
  for (const std::string& text : fill.set) {
    CARNET_TRY(Assignment assignment, pipeline::ParseAssignment(text));
    assignments.push_back(std::move(assignment));
  }
  return assignments;
}

// With those of options of their own.
std::vector<Assignment> AllIn(const FillOptions& fill, std::vector<Assignment> assignments) {
  for (size_t i = 0; i < fill.datasets.size(); ++i) {
    assignments.push_back({fmt::format("datasets[{}].statement", i), fill.datasets[i]});
  }
  for (const std::string& id : fill.devices) assignments.push_back({"devices", id});
  for (const std::string& id : fill.allocations) assignments.push_back({"allocations", id});
  return assignments;
}

// The ids of one option, whole. The ledger is opened for the first that is not.
Result<> MakeWhole(const std::string& option, std::vector<std::string>& ids,
                   const std::string& ledger, std::unique_ptr<ledger::Reader>& reader,
                   Terminal& terminal) {
  for (std::string& id : ids) {
    CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(id));
    if (!named.is_whole() && ledger.empty()) {
      return Malformed(
          fmt::format("{} {}: expected 64 hex digits: the first ones are enough only "
                      "where a ledger is given: {}",
                      option, id, WaysToGive(Setting::kLedger, "--ledger")));
    }
    if (!named.is_whole() && reader == nullptr) {
      CARNET_TRY(reader, OpenReader(ledger, terminal));
    }
    if (named.is_whole()) {
      id = named.digits();
      continue;
    }
    const auto found = pipeline::ResolveStatement(*reader, named);
    if (!found) return found.error().In(option);
    id = HexEncode(found->span());
  }
  return Ok();
}

}  // namespace

Result<FillOptions> WithWholeIds(FillOptions fill, const std::string& ledger, Terminal& terminal) {
  std::unique_ptr<ledger::Reader> reader;
  CARNET_TRY_VOID(MakeWhole("--device", fill.devices, ledger, reader, terminal));
  CARNET_TRY_VOID(MakeWhole("--dataset", fill.datasets, ledger, reader, terminal));
  CARNET_TRY_VOID(MakeWhole("--allocation", fill.allocations, ledger, reader, terminal));
  return fill;
}

Result<pipeline::GivenDraft> OpenDraft(Kind kind, const std::string& file,
                                       const FillOptions& fill) {
  pipeline::GivenDraft given;
  const schemas::ObjectGuide& guide = schemas::GuideOf(kind);
  CARNET_TRY(const auto set, SetIn(fill));
  CARNET_TRY(given.by_set, pipeline::ObjectOf(guide, set));
  CARNET_TRY(given.set, pipeline::ObjectOf(guide, AllIn(fill, set)));
  if (file.empty()) return given;
  given.file = file;
  CARNET_TRY(given.text, ReadInput(file, kMaxInputBytes));
  return given;
}

Result<pipeline::ComposedDraft> StepDraft(Kind kind, const pipeline::GivenDraft& given,
                                          const pipeline::AtHand& at_hand, Terminal& terminal) {
  CARNET_TRY(auto draft, pipeline::FillDraft(kind, given, at_hand, terminal.Now()));
  for (const std::string& note : draft.notes) terminal.Note(note);
  return draft;
}

}  // namespace carnet::cli
