// R35, the second half: the root's parameters and lookup tables, compared with the weight header.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/utf8.h"
#include "statements/graph.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

void Understated(const Statement& line, const std::string& what, Findings& findings) {
  findings.Add(FindingAbout(line, {35, RejectReason::kParametersUnderstated}, what));
}

bool IsWithin5Percent(Uint128 stated, Uint128 elements) {
  const Uint128 difference = stated > elements ? stated - elements : elements - stated;
  return difference * 20 <= elements;
}

// Compared with the largest unpacked weight set, as a small one beside the model must not count for
// it; or with all of them together, where a model is several networks.
void CheckTotal(const Statement& root, const artifact::ModelFiles& model, Findings& findings) {
  const artifact::WeightSet* largest = nullptr;
  Uint128 together = 0;
  for (const artifact::WeightSet& set : model.weight_sets) {
    if (set.packed) continue;
    together += set.elements;
    if (largest == nullptr || set.elements > largest->elements) largest = &set;
  }
  const auto parameters = ReaderOf<wire::Passport>(root.predicate).getParameters();
  if (largest == nullptr || parameters.getTotal().isUndisclosed()) return;
  const uint64_t total = parameters.getTotal().getValue();
  if (IsWithin5Percent(total, largest->elements) || IsWithin5Percent(total, together)) return;
  Understated(root,
              fmt::format("states parameters.total {}, but {} has {} elements", total,
                          Printable(largest->name), largest->elements),
              findings);
}

void CheckActive(const Statement& root, Findings& findings) {
  const auto parameters = ReaderOf<wire::Passport>(root.predicate).getParameters();
  if (!parameters.hasActive() || parameters.getActive().isUndisclosed()) return;
  if (parameters.getTotal().isUndisclosed()) return;
  if (parameters.getActive().getValue() <= parameters.getTotal().getValue()) return;
  Understated(root, "states more parameters.active than parameters.total", findings);
}

// Names of two-dimensional tensors and their elements; the greatest where sets share a name.
using Tables = std::unordered_map<std::string_view, uint64_t>;

Tables TablesOf(const artifact::ModelFiles& model) {
  constexpr size_t kTableDimensions = 2;
  Tables tables;
  for (const artifact::WeightSet& set : model.weight_sets) {
    for (const artifact::TensorSummary& tensor : set.tensors) {
      if (tensor.shape.size() != kTableDimensions) continue;
      uint64_t& elements = tables[tensor.name];
      elements = std::max(elements, tensor.elements);
    }
  }
  return tables;
}

class LookupCheck {
 public:
  LookupCheck(const Tables& tables, const Statement& line, Findings& findings)
      : tables_(tables), line_(line), findings_(findings) {}

  void Check(const StatedFigure& figure) {
    const auto architecture = ArchitectureOf(figure.statement);
    if (!architecture) return;
    std::unordered_set<std::string_view> named;
    for (const auto each : architecture->getClasses()) {
      if (each.getTreatment() == wire::Treatment::LOOKUP) CheckClass(figure.field, each, named);
    }
  }

 private:
  void CheckClass(const std::string& field, wire::ParameterClass::Reader lookup,
                  std::unordered_set<std::string_view>& named) {
    Uint128 shown = 0;  // of at most 1,000 terms below 2^64
    for (const auto tensor : lookup.getTensors()) {
      const std::string_view name = TextOf(tensor);
      const auto table = tables_.find(name);
      if (table == tables_.end()) {
        return Understated(line_,
                           fmt::format("{}: lookup table {} is not a two-dimensional tensor of the "
                                       "weight files",
                                       field, Printable(name)),
                           findings_);
      }
      if (!named.insert(name).second) {
        return Understated(
            line_,
            fmt::format("{}: lookup table {} appears more than once", field, Printable(name)),
            findings_);
      }
      shown += table->second;
    }
    const uint64_t stated = lookup.getParameters().getValue();
    if (stated <= shown) return;
    Understated(line_,
                fmt::format("{}: lookup tables of {} parameters, but the weight files show {}",
                            field, stated, Flop(shown).ToString()),
                findings_);
  }

  const Tables& tables_;
  const Statement& line_;
  Findings& findings_;
};

// The run whose weights the files are: none for a conversion, whose tensors have other names, or
// for an adapter, whose files do not contain its base's tables.
std::optional<StatementId> RunOfTheFiles(const StatementSet& set, const Statement& root) {
  const Statement* completion = CompletionOf(set, root);
  if (completion == nullptr) return std::nullopt;
  const auto reader = ReaderOf<wire::Completion>(completion->predicate);
  const Statement* run = RunOf(set, *completion);
  if (run == nullptr || reader.hasConverted()) return std::nullopt;
  if (ReaderOf<wire::Run>(run->predicate).getKind() == wire::RunKind::ADAPTER) return std::nullopt;
  return run->id;
}

}  // namespace

void CheckParameters(const StatementSet& set, const Statement& root,
                     const artifact::ModelFiles& model, Findings& findings) {
  CheckTotal(root, model, findings);
  CheckActive(root, findings);
  const auto run = RunOfTheFiles(set, root);
  if (!run || model.weight_sets.empty()) return;
  const Tables tables = TablesOf(model);
  for (const Statement& line : set) {
    if (line.kind() != Kind::kSegment) continue;
    if (DigestOf<StatementId>(ReaderOf<wire::Segment>(line.predicate).getRun()) != *run) continue;
    LookupCheck check(tables, line, findings);
    for (const StatedFigure& figure : StatedFiguresOf(line)) check.Check(figure);
  }
}

}  // namespace carnet::verifier::compute
