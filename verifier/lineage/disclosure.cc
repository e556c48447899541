// R28, and the parents in words.
#include <fmt/core.h>

#include <string>
#include <vector>

#include "core/hex.h"
#include "schemas/enums.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;
using statements::EdgeStatement;
using statements::InputEdge;

constexpr size_t kMaxParentsShown = 3;

void ReadRun(const StatementSet& set, const Statement& line, Disclosure& open) {
  const auto run = ReaderOf<wire::Run>(line.predicate);
  if (run.getRetrospective().getValue()) {
    open.unattested.push_back(Describe(line) + " is retrospective");
  }
  if (run.getInitial() == wire::InitialWeights::UNDISCLOSED) {
    open.undisclosed.push_back("initial weights of " + Describe(line));
  }
  if (run.getDatasets().isUndisclosed()) {
    open.undisclosed.push_back("datasets of " + Describe(line));
  }
  for (const InputEdge& edge : EdgesOf(set, line)) {
    if (!edge.model || edge.statement == EdgeStatement::kUndisclosed) {
      open.undisclosed.push_back(schemas::EdgeTypeName(edge.type) + " of " + Describe(line));
    } else if (edge.statement == EdgeStatement::kAbsent) {
      open.unattested.push_back(fmt::format("{} {} has no passport",
                                            schemas::EdgeTypeName(edge.type),
                                            ShortDigest(edge.model->span())));
    }
  }
}

// Who made synthetic data is a parent like any other: unnamed is undisclosed.
void ReadDataset(const Statement& line, Disclosure& open) {
  const auto sources = ReaderOf<wire::Dataset>(line.predicate).getSources();
  if (!sources.isItems()) return;
  for (const auto source : sources.getItems()) {
    if (source.getKind() != wire::SourceKind::SYNTHETIC) continue;
    const bool named = (source.hasGenerator() && !source.getGenerator().isUndisclosed()) ||
                       (source.hasGeneratorModel() && !source.getGeneratorModel().isUndisclosed());
    if (!named) open.undisclosed.push_back("the generator of data in " + Describe(line));
  }
}

std::string DescribeParent(const InputEdge& edge, const SpeakerOf& speaker) {
  const std::string type = schemas::EdgeTypeName(edge.type) + " ";
  if (edge.target != nullptr && edge.target->kind() == Kind::kPassport) {
    const auto passport = ReaderOf<wire::Passport>(edge.target->predicate);
    return type + Said(TextOf(passport.getName()), speaker(*edge.target)) + " (passport enclosed)";
  }
  if (edge.target != nullptr) return type + Describe(*edge.target);
  if (!edge.model) return type + "an undisclosed model";
  switch (edge.statement) {
    case EdgeStatement::kAbsent:
      return type + ShortDigest(edge.model->span()) + " (no passport)";
    case EdgeStatement::kUndisclosed:
      return type + ShortDigest(edge.model->span()) + " (passport undisclosed)";
    case EdgeStatement::kUnusable:
    case EdgeStatement::kEnclosed:
      return type + ShortDigest(edge.model->span()) + " (passport not enclosed)";
  }
  CARNET_CHECK(false);
}

}  // namespace

std::optional<std::string> AdapterBase(const StatementSet& set, const Statement& root) {
  const std::optional<InputEdge> edge = statements::AdapterEdgeOf(set, root);
  if (!edge) return std::nullopt;
  return edge->model ? HexEncode(edge->model->span()) : "undisclosed";
}

Disclosure ReadDisclosure(const StatementSet& set) {
  Disclosure open;
  for (const Statement& line : set) {
    if (line.kind() == Kind::kRun) ReadRun(set, line, open);
    if (line.kind() == Kind::kDataset) ReadDataset(line, open);
    if (line.kind() != Kind::kCompletion) continue;
    if (ReaderOf<wire::Completion>(line.predicate).hasConverted()) {
      open.unattested.push_back("the model of " + Describe(line) + " is a conversion");
    }
  }
  return open;
}

std::string DescribeParents(const StatementSet& set, const Statement& root,
                            const SpeakerOf& speaker) {
  const Statement* completion = CompletionOf(set, root);
  const Statement* run = completion == nullptr ? nullptr : RunOf(set, *completion);
  if (run == nullptr) return {};
  const std::vector<InputEdge> edges = EdgesOf(set, *run);
  if (edges.empty()) {
    const auto reader = ReaderOf<wire::Run>(run->predicate);
    return schemas::RunKindName(schemas::RunKindOf(reader.getKind())) +
           (reader.getInitial() == wire::InitialWeights::RANDOM ? " from random weights" : "");
  }
  std::string parents;
  for (size_t i = 0; i < edges.size() && i < kMaxParentsShown; ++i) {
    parents += (i == 0 ? "" : "; ") + DescribeParent(edges[i], speaker);
  }
  if (edges.size() > kMaxParentsShown) {
    parents += fmt::format("; and {} more", edges.size() - kMaxParentsShown);
  }
  return parents;
}

}  // namespace carnet::verifier::lineage
