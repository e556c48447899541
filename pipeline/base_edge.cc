#include "pipeline/base_edge.h"

#include <string>

#include "core/check.h"
#include "core/hex.h"
#include "json/canonical.h"
#include "json/reader.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using schemas::EdgeType;
using schemas::RunKind;

constexpr char kInputs[] = "inputs";

// Where several fit, the most common one.
RunKind KindFor(EdgeType type) {
  switch (type) {
    case EdgeType::kFineTunedFrom:
      return RunKind::kFineTune;
    case EdgeType::kInitialisedFrom:
    case EdgeType::kSyntheticDataFrom:
      return RunKind::kPreTraining;
    case EdgeType::kMergedFrom:
      return RunKind::kMerge;
    case EdgeType::kAdapterOn:
      return RunKind::kAdapter;
    case EdgeType::kQuantisedFrom:
      return RunKind::kQuantisation;
    case EdgeType::kDistilledFrom:
      return RunKind::kDistillation;
    case EdgeType::kAblatedFrom:
      return RunKind::kAblation;
  }
  CARNET_CHECK(false);
}

Document InputsOf(const BaseEdge& edge) {
  Document inputs = Document::Array();
  inputs.Append(edge.Json());
  return inputs;
}

}  // namespace

Document BaseEdge::Json() const {
  Document edge = Document::Object();
  edge.Set("type", schemas::EdgeTypeName(type));
  edge.Set("model", HexEncode(model.span()));
  if (passport) edge.Set("statement", HexEncode(passport->span()));
  return edge;
}

Result<GivenDraft> WithBase(GivenDraft given, const BaseEdge& edge) {
  if (given.set.Find(kInputs) != nullptr) {
    return Malformed("--set inputs: the run's one input is the base that is checked");
  }
  given.set.Set(kInputs, InputsOf(edge));
  if (given.file.empty() && given.set.Find("kind") == nullptr) {
    given.set.Set("kind", schemas::RunKindName(KindFor(edge.type)));
  }
  return given;
}

Result<> CheckOnlyInput(std::string_view draft, const BaseEdge& edge) {
  const auto tree = json::Parse(draft);
  if (!tree) return tree.error();
  const auto expected = json::Parse(InputsOf(edge).Text(json::Layout::kCompact));
  CARNET_CHECK(expected.has_value());  // it is ours
  const bool object = tree->root().is(json::Type::kObject);
  if (const auto stated = object ? tree->root().Find(kInputs) : std::nullopt) {
    CARNET_TRY(const std::string found, json::Canonical(*stated));
    CARNET_TRY(const std::string wanted, json::Canonical(expected->root()));
    if (found == wanted) return Ok();
  }
  return Malformed(
      "inputs: the draft states other inputs than the base that was checked; a run with several is "
      "opened with `carnet run open`");
}

}  // namespace carnet::pipeline
