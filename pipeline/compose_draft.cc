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
  if (!open.empty()) return NotFilledIn(open, given.how).In(given.file);
  return std::optional(std::move(draft));
}

Result<Document> FromDerived(schemas::Kind kind, const GivenDraft& given,
                             const DerivedDraft& derived, const FieldNames& set_by_carnet) {
  Document draft = derived.fields;
  PutOver(given.set, draft);
  AddPlaceholders(schemas::GuideOf(kind), set_by_carnet, Offer::kRequired, draft);
  const auto open = OpenFieldsIn(draft);
  if (!open.empty()) return NotFilledIn(open, given.how).In(schemas::KindName(kind));
  return draft;
}

DraftOrigin ComposedOf(schemas::Kind kind, const GivenDraft& given) {
  DraftOrigin origin(given.file.empty() ? schemas::KindName(kind) : given.file);
  origin.composed = true;
  origin.written = given.text;
  origin.set = given.by_set;
  return origin;
}

}  // namespace

Result<ComposedDraft> ComposeDraft(schemas::Kind kind, const GivenDraft& given,
                                   const DerivedDraft& derived, const FieldNames& set_by_carnet) {
  if (given.file.empty()) {
    CARNET_TRY(const Document draft, FromDerived(kind, given, derived, set_by_carnet));
    return ComposedDraft{draft.Text(json::Layout::kCompact), ComposedOf(kind, given)};
  }
  CARNET_TRY(const auto draft, FromFile(given));
  if (!draft || given.set.size() == 0) return ComposedDraft{given.text, given.file};
  return ComposedDraft{draft->Text(json::Layout::kCompact), ComposedOf(kind, given)};
}

Result<ComposedDraft> ComposeSegment(const GivenDraft& given, const DerivedDraft& derived,
                                     const PeakOf& peak_of) {
  constexpr schemas::Kind kSegment = schemas::Kind::kSegment;
  std::optional<Document> draft;
  if (given.file.empty()) {
    CARNET_TRY(draft, FromDerived(kSegment, given, derived, FieldsSetByCarnet(kSegment)));
  } else {
    CARNET_TRY(draft, FromFile(given));
  }
  if (!draft) return ComposedDraft{given.text, given.file};
  auto notes = CompleteFlop(*draft, peak_of);
  if (!notes) return given.file.empty() ? notes.error() : notes.error().In(given.file);
  // A draft that lacks nothing says the same as before, so that its repetition is recognised.
  return ComposedDraft{draft->Text(json::Layout::kCompact), ComposedOf(kSegment, given),
                       std::move(notes).value()};
}

}  // namespace carnet::pipeline
