#include "pipeline/derive_run.h"

#include "schemas/enums.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using json::Type;

// Absent: an edge has no type yet.
std::optional<bool> CarryWeights(const Document& inputs) {
  bool carry = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Document* type = inputs[i].Find("type");
    if (type == nullptr || !type->is(Type::kString)) return std::nullopt;
    const auto edge = schemas::ParseEdgeType(type->text());
    if (!edge) return std::nullopt;
    carry = carry || schemas::CarriesWeights(*edge);
  }
  return carry;
}

}  // namespace

DerivedDraft DeriveRun(const Document& given, const std::optional<std::string>& revision) {
  DerivedDraft draft;
  if (revision) {
    draft.fields.Set("code", Document::Object()).Set("revision", *revision);
    if (revision->ends_with("-dirty"))
      draft.notes.emplace_back("files of the repository differ from its last commit");
  }
  Document inputs = Document::Array();
  if (const Document* stated = given.Find("inputs")) {
    inputs = *stated;
  } else if (IsText(given.Find("kind"), "pre-training")) {
    draft.fields.Set("inputs", inputs);
  } else {
    if (given.Find("kind") == nullptr) {
      draft.notes.emplace_back("of a pre-training without inputs, inputs and initial follow");
    }
    return draft;
  }
  if (const auto carry = CarryWeights(inputs)) {
    draft.fields.Set("initial", *carry ? "inputs" : "random");
  }
  return draft;
}

}  // namespace carnet::pipeline
