#include "pipeline/derive_segment.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "json/reader.h"
#include "pipeline/derive_figure.h"
#include "pipeline/logged_predicate.h"
#include "pipeline/own_statement.h"
#include "pipeline/run_journal.h"
#include "schemas/readers.h"
#include "schemas/value_codec.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using json::Type;
using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;

struct RunSoFar {
  sigstore::ParsedStatement run;
  std::optional<sigstore::ParsedStatement> last;  // segment of the lane
};

Result<RunSoFar> ReadRunSoFar(const SegmentPlace& place) {
  CARNET_TRY(const auto journal, RunJournal::Peek(place.run_directory));
  CARNET_TRY(const auto opened, journal->Read(kRunStep));
  if (!opened) return NotFound(place.run_directory + ": no run is open here");
  CARNET_TRY(sigstore::ParsedStatement run, ReadOwnStatement(opened->signed_bundle));
  CARNET_TRY(const uint64_t count, journal->SegmentCount(place.lane));
  RunSoFar so_far{std::move(run), std::nullopt};
  if (count == 0) return so_far;
  CARNET_TRY(const auto step, journal->Read(SegmentStep(place.lane, count - 1)));
  if (!step) return so_far;
  CARNET_TRY(so_far.last, ReadOwnStatement(step->signed_bundle));
  return so_far;
}

// The predicate as JSON.
Result<Document> FieldsOf(const sigstore::ParsedStatement& statement) {
  const Bytes& payload = statement.payload();
  const std::string text(payload.begin(), payload.end());
  const auto tree = json::Parse(text);
  const auto predicate = tree ? tree->root().Find("predicate") : std::nullopt;
  if (!predicate) return Corruption("a recorded statement cannot be read back");
  return Document::CopyOf(*predicate);
}

std::optional<TimestampMs> TimeIn(const Document& object, std::string_view field) {
  const Document* period = object.Find("time");
  const Document* time = period == nullptr ? nullptr : period->Find(field);
  if (time == nullptr || !time->is(Type::kString)) return std::nullopt;
  const auto read = ParseTimestamp(time->text());
  return read ? std::optional(*read) : std::nullopt;
}

struct Stretch {
  TimestampMs from;
  TimestampMs to;

  uint64_t ms() const { return to > from ? to.value() - from.value() : 0; }
};

// The planned allocations that list the device.
Result<std::vector<StatementId>> AllocationsOf(const StatementId& device, wire::Run::Reader run,
                                               const ledger::Reader& reader) {
  std::vector<StatementId> found;
  for (const auto planned : run.getAllocations()) {
    const auto id = DigestOf<StatementId>(planned);
    const auto allocation = ReadLogged(reader, id, Kind::kAllocation);
    if (!allocation && allocation.error().code == ErrorCode::kNotFound) continue;
    if (!allocation) return allocation.error();
    bool lists = false;
    for (const auto listed : ReaderOf<wire::Allocation>(*allocation).getDevices()) {
      lists = lists || DigestOf<StatementId>(listed) == device;
    }
    if (lists) found.push_back(id);
  }
  return found;
}

Result<Document> UsageOf(wire::Run::Reader run, const Stretch& stretch,
                         const ledger::Reader& reader, std::vector<std::string>& notes) {
  Document usage = Document::Array();
  for (const auto planned : run.getDevices()) {
    const auto id = DigestOf<StatementId>(planned);
    CARNET_TRY(const auto device, ReadLogged(reader, id, Kind::kDevice));
    CARNET_TRY(const auto allocations, AllocationsOf(id, run, reader));
    Document item = Document::Object();
    item.Set("device", HexEncode(id.span()));
    if (allocations.size() == 1) item.Set("allocation", HexEncode(allocations[0].span()));
    if (allocations.size() > 1) {
      notes.push_back(fmt::format("{} allocations list device sha256:{}: none is named in usage",
                                  allocations.size(), HexEncode(id.span())));
    }
    item.Set("units", CountOf(ReaderOf<wire::Device>(device).getUnits().getValue()));
    item.Set("ms", CountOf(stretch.ms()));
    usage.Append(std::move(item));
  }
  if (usage.size() == 0) notes.emplace_back("the run plans no devices, so none is in usage");
  return usage;
}

void SetPlace(const Document* last, const Stretch& stretch, Document& fields) {
  Document& steps = fields.Set("steps", Document::Object());
  const Document* ended = last == nullptr ? nullptr : last->Find("steps");
  steps.Set("from", ended == nullptr ? CountOf(0) : *ended->Find("to"));
  Document& time = fields.Set("time", Document::Object());
  time.Set("from", FormatTimestamp(stretch.from));
  time.Set("to", FormatTimestamp(stretch.to));
}

bool StatesFigures(const Document& given) {
  const Document* flop = given.Find("flop");
  return flop != nullptr && (!flop->is(Type::kObject) || flop->Find("update") != nullptr ||
                             flop->Find("total") != nullptr || flop->Find("methods") != nullptr);
}

}  // namespace

Result<DerivedDraft> DeriveSegment(const SegmentPlace& place, const Document& given,
                                   const ledger::Reader& reader,
                                   const verifier::compute::WeightNames& names, TimestampMs now) {
  CARNET_TRY(const RunSoFar so_far, ReadRunSoFar(place));
  std::optional<Document> last;
  if (so_far.last) {
    CARNET_TRY(last, FieldsOf(*so_far.last));
  }
  const TimestampMs begun =
      last ? TimeIn(*last, "to").value_or(now) : so_far.run.predicate().head().value().created;
  const Stretch stretch{TimeIn(given, "from").value_or(begun), TimeIn(given, "to").value_or(now)};
  DerivedDraft draft;
  SetPlace(last ? &*last : nullptr, stretch, draft.fields);
  const auto run = ReaderOf<wire::Run>(so_far.run.predicate());
  if (given.Find("usage") == nullptr) {
    CARNET_TRY(Document usage, UsageOf(run, stretch, reader, draft.notes));
    draft.fields.Set("usage", std::move(usage));
  }
  if (last) draft.fields.Set("precision", *last->Find("precision"));
  if (!StatesFigures(given)) {
    const bool untold = IsText(given.Find("tokens"), schemas::kUndisclosed);
    draft.fields.Set("flop", untold ? FigureToState("tokens that are undisclosed tell none")
                                    : DeriveFigure(last ? &*last : nullptr, place.checkpoint, names,
                                                   draft.notes));
  }
  if (!last && given.Find("time") == nullptr) {
    draft.notes.emplace_back("the time is counted from when the run was opened");
  }
  return draft;
}

}  // namespace carnet::pipeline
