#include "pipeline/derive_figure.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "pipeline/derived_draft.h"
#include "pipeline/placeholder.h"
#include "pipeline/set_fields.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using json::Type;

constexpr char kArchitecture[] = "architecture";
constexpr char kHardware[] = "hardware";

// Its utilisation follows from the architecture's figure, and says so.
Document DerivedHardware() {
  Document method = Document::Object();
  method.Set("method", kHardware);
  method.Set("basis", "derived");
  return method;
}

// Absent: the note says why the header does not tell it.
std::optional<uint64_t> TrainedParameters(const artifact::ModelFiles& checkpoint,
                                          const verifier::compute::WeightNames& names,
                                          std::string& why) {
  if (checkpoint.adapter) {
    why = "the checkpoint is an adapter, and its base takes part in every token";
    return std::nullopt;
  }
  for (const artifact::WeightSet& set : checkpoint.weight_sets) {
    const bool experts =
        std::any_of(set.tensors.begin(), set.tensors.end(),
                    [&](const auto& tensor) { return names.HasExpertPart(tensor.name); });
    if (!experts) continue;
    why = "the checkpoint has experts, of which a token uses a part";
    return std::nullopt;
  }
  const auto total = CountParameters(checkpoint);
  if (!total) why = "the checkpoint's headers do not tell how many parameters it has";
  return total;
}

Document FromHeader(uint64_t parameters) {
  Document trained = Document::Object();
  trained.Set("treatment", "trained");
  trained.Set("parameters", CountOf(parameters));
  Document architecture = Document::Object();
  architecture.Set("method", kArchitecture);
  architecture.Set("classes", Document::Array()).Append(std::move(trained));
  Document figure = Document::Object();
  figure.Set("method", kArchitecture);
  Document& methods = figure.Set("methods", Document::Array());
  methods.Append(std::move(architecture));
  methods.Append(DerivedHardware());
  // By what the method counts (S9): a parameter once a token, and tokens without padding.
  figure.Set("recomputation_excluded", Document::Bool(true));
  figure.Set("padding_excluded", Document::Bool(true));
  return figure;
}

// What a method states whatever the segment; absent: nothing of it holds for another one.
std::optional<Document> Lasting(const Document& method) {
  if (IsText(method.Find("method"), kHardware) && IsText(method.Find("basis"), "derived")) {
    return DerivedHardware();
  }
  if (!IsText(method.Find("method"), kArchitecture)) return std::nullopt;
  Document lasting = method;
  lasting.Remove("result");
  lasting.Remove("tokens");
  return lasting;
}

std::optional<Document> FromLast(const Document& last, std::vector<std::string>& notes) {
  const Document* flop = last.Find("flop");
  const Document* update = flop == nullptr ? nullptr : flop->Find("update");
  if (update == nullptr || !update->is(Type::kObject)) return std::nullopt;
  Document figure = *update;
  figure.Remove("amount");
  figure.Remove("precision");
  Document methods = Document::Array();
  bool architecture = false;
  const Document& stated = *figure.Find("methods");
  for (size_t i = 0; i < stated.size(); ++i) {
    if (auto lasting = Lasting(stated[i])) {
      architecture = architecture || IsText(lasting->Find("method"), kArchitecture);
      methods.Append(*std::move(lasting));
    } else {
      notes.push_back(fmt::format("the last segment's method {} is left out: it was measured then",
                                  stated[i].Find("method")->text()));
    }
  }
  if (!architecture) return std::nullopt;
  figure.Set("method", kArchitecture);
  figure.Set("methods", std::move(methods));
  return figure;
}

}  // namespace

Document DeriveFigure(const Document* last, const artifact::ModelFiles* checkpoint,
                      const verifier::compute::WeightNames& names,
                      std::vector<std::string>& notes) {
  if (last != nullptr) {
    if (auto figure = FromLast(*last, notes)) return *std::move(figure);
  }
  std::string why = "no checkpoint is given";
  const auto parameters =
      checkpoint == nullptr ? std::nullopt : TrainedParameters(*checkpoint, names, why);
  if (parameters) {
    notes.push_back(fmt::format(
        "flop: all {} parameters of the checkpoint count as trained, embedding tables and frozen "
        "layers too",
        *parameters));
    return FromHeader(*parameters);
  }
  notes.push_back("flop: " + why);
  return FigureToState(why);
}

Document FigureToState(const std::string& why) {
  return Document::String(Placeholder(
      "flop", "the figure for update and total: its methods and their classes (S9); " + why));
}

}  // namespace carnet::pipeline
