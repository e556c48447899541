#include "pipeline/compose_draft.h"

#include <utility>

#include "json/reader.h"
#include "pipeline/carnet_fields.h"
#include "pipeline/open_fields.h"
#include "pipeline/placeholder.h"
#include "pipeline/set_values.h"
#include "schemas/field_guide.h"

namespace carnet::pipeline {
namespace {

using json::Document;

// The file with what is set beside it. Absent: not a JSON object.
Result<std::optional<Document>> FromFile(const GivenDraft& given) {
  const auto tree = json::Parse(given.text);
  if (!tree || !tree->root().is(json::Type::kObject)) return std::optional<Document>();
  if (given.set.size() == 0) {
    CARNET_TRY_VOID(RefusePlaceholders(tree->root(), given.text, given.file));
  }
  Document draft = Document::CopyOf(tree->root());
  if (const auto put = PutBeside(given.set, draft); !put) return put.error().In(given.file);
  const auto open = OpenFieldsIn(draft);
  if (!open.empty()) return NotFilledIn(open).In(given.file);
  return std::optional(std::move(draft));
}

Result<Document> FromDerived(schemas::Kind kind, const GivenDraft& given,
                             const DerivedDraft& derived, const FieldNames& set_by_carnet) {
  Document draft = derived.fields;
  PutOver(given.set, draft);
  AddPlaceholders(schemas::GuideOf(kind), set_by_carnet, Offer::kRequired, draft);
  const auto open = OpenFieldsIn(draft);
  if (!open.empty()) return NotFilledIn(open).In(schemas::KindName(kind));
  return draft;
}

}  // namespace

Result<std::string> ComposeDraft(schemas::Kind kind, const GivenDraft& given,
                                 const DerivedDraft& derived, const FieldNames& set_by_carnet) {
  if (given.file.empty()) {
    CARNET_TRY(const Document draft, FromDerived(kind, given, derived, set_by_carnet));
    return draft.Text(json::Layout::kCompact);
  }
  CARNET_TRY(const auto draft, FromFile(given));
  const bool as_it_is = !draft || given.set.size() == 0;
  return as_it_is ? given.text : draft->Text(json::Layout::kCompact);
}

Result<ComposedSegment> ComposeSegment(const GivenDraft& given, const DerivedDraft& derived,
                                       const PeakOf& peak_of) {
  std::optional<Document> draft;
  if (given.file.empty()) {
    CARNET_TRY(draft, FromDerived(schemas::Kind::kSegment, given, derived,
                                  FieldsSetByCarnet(schemas::Kind::kSegment)));
  } else {
    CARNET_TRY(draft, FromFile(given));
  }
  if (!draft) return ComposedSegment{given.text, {}};
  auto notes = CompleteFlop(*draft, peak_of);
  if (!notes) return given.file.empty() ? notes.error() : notes.error().In(given.file);
  // A draft that lacks nothing says the same as before, so that its repetition is recognised.
  return ComposedSegment{draft->Text(json::Layout::kCompact), std::move(notes).value()};
}

}  // namespace carnet::pipeline
