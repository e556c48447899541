#include "tests/statements/lineage_file.h"

#include <algorithm>

#include "core/check.h"
#include "crypto/sha256.h"
#include "json/reader.h"
#include "schemas/codec.h"
#include "tests/support/value_of.h"

namespace carnet::statements::test {

using carnet::test::ValueOf;

namespace {

using schemas::Kind;
using schemas::Predicate;

constexpr uint64_t kSegmentMs = 1000;
constexpr uint64_t kSteps = 10;
constexpr uint64_t kCompletedMs = 10 * kSegmentMs;

std::string After() { return R"({"index":0,"root":")" + HexOf("root") + "\"}"; }

std::string HexOrNone(const std::string& name) { return name.empty() ? "" : HexOf(name); }

drafts::Texts HexOfAll(const std::vector<std::string>& names) {
  drafts::Texts texts;
  for (const std::string& name : names) texts.push_back(HexOf(name));
  return texts;
}

std::string EdgeDraft(const EdgeSpec& edge) {
  const std::string type = schemas::EdgeTypeName(static_cast<schemas::EdgeType>(edge.type));
  return drafts::Edge(type, HexOrNone(edge.model),
                      edge.statement == "?" ? "undisclosed" : HexOrNone(edge.statement));
}

}  // namespace

// Without the rules across fields, so that a name can stand for any id.
Predicate ReadHonest(Kind kind, const std::string& draft) {
  const json::Tree tree = ValueOf(json::Parse(draft), draft);
  return ValueOf(schemas::ReadDraft(kind, tree.root(), {}), draft);
}

std::string HexOf(std::string_view name) { return drafts::Hex(crypto::Sha256Of(name)); }

template <typename T>
T Named(std::string_view name) {
  return Retag<T>(crypto::Sha256Of(name));
}
template StatementId Named(std::string_view);
template ModelDigest Named(std::string_view);
template TensorRoot Named(std::string_view);
template RootHash Named(std::string_view);
template KeyId Named(std::string_view);
template LogId Named(std::string_view);
template SubjectDigest Named(std::string_view);
template Sha256Digest Named(std::string_view);

void LineageFile::Add(const std::string& name, Kind kind, const std::string& draft,
                      uint64_t created) {
  Predicate predicate = ReadHonest(kind, draft);
  if (kind != Kind::kVerdict) {
    predicate.SetHead({.signer = SignerId(Named<KeyId>("signer")),
                       .ledger = Named<LogId>("log"),
                       .created = TimestampMs(created),
                       .nonce = name});
  }
  const Statement* earlier =
      set_.Add({set_.size() + 1, Named<StatementId>(name), std::move(predicate), {}});
  CARNET_CHECK(earlier == nullptr);
  names_.push_back(name);
}

void LineageFile::AddRun(const std::string& name, wire::RunKind kind,
                         const std::vector<EdgeSpec>& edges,
                         const std::vector<std::string>& datasets, uint64_t lanes) {
  drafts::RunTerms terms{.kind = schemas::RunKindName(static_cast<schemas::RunKind>(kind)),
                         .datasets = HexOfAll(datasets),
                         .lanes = lanes,
                         .seen = "none"};
  for (const EdgeSpec& edge : edges) terms.inputs.push_back(EdgeDraft(edge));
  Add(name, Kind::kRun, drafts::Run(terms), kOpened);
}

void LineageFile::AddSegment(const std::string& name, const std::string& run,
                             const SegmentSpec& spec) {
  const uint64_t from = kOpened + spec.seq * kSegmentMs;
  const uint64_t step = spec.step.value_or(spec.seq * kSteps);
  Add(name, Kind::kSegment,
      drafts::Segment({.run = HexOf(run),
                       .lane = spec.lane,
                       .seq = spec.seq,
                       .previous = HexOrNone(spec.previous),
                       .after_json = After(),
                       .model = HexOf(spec.model.empty() ? name : spec.model),
                       .weights_from = HexOrNone(spec.weights_from),
                       .from_step = step,
                       .to_step = step + kSteps,
                       .from_ms = from,
                       .to_ms = from + kSegmentMs}),
      from + kSegmentMs);
}

void LineageFile::AddCompletion(const std::string& name, const std::string& run,
                                const std::vector<std::string>& last,
                                const std::vector<uint64_t>& counts, const std::string& model) {
  Add(name, Kind::kCompletion,
      drafts::Completion({.run = HexOf(run),
                          .last = HexOfAll(last),
                          .after_json = After(),
                          .segments = counts,
                          .model = HexOf(model)}),
      kOpened + kCompletedMs);
}

void LineageFile::AddPassport(const std::string& name, const std::string& completion,
                              const std::string& model) {
  Add(name, Kind::kPassport,
      drafts::Passport(
          {.completion = HexOf(completion),
           .after_json = After(),
           .model = HexOf(model),
           .files_json = drafts::List({drafts::File("model.safetensors", HexOf(model), 1)}),
           .parameters = parameters_,
           .name = name}),
      kOpened + kCompletedMs);
}

void LineageFile::AddDataset(const std::string& name,
                             const std::vector<std::string>& derived_from) {
  Add(name, Kind::kDataset,
      drafts::Dataset({.name = name, .data = HexOf(name), .derived_from = HexOfAll(derived_from)}),
      kOpened);
}

void LineageFile::AddDevice(const std::string& name, const drafts::DeviceTerms& terms) {
  Add(name, Kind::kDevice, drafts::Device(terms), kOpened);
}

void LineageFile::AddDevice(const std::string& name, const std::string& id,
                            const std::string& chip) {
  AddDevice(name, {.id = id, .chip = chip});
}

void LineageFile::AddAllocation(const std::string& name, uint64_t from_ms, uint64_t to_ms) {
  Add(name, Kind::kAllocation,
      drafts::Allocation(
          {.holders = {"key:" + HexOf("signer")}, .from_ms = from_ms, .to_ms = to_ms}),
      kOpened);
}

void LineageFile::AddVerdict(const std::string& name, const std::string& passport) {
  Add(name, Kind::kVerdict, drafts::Verdict(HexOf(passport)), kOpened);
}

void LineageFile::AddModel(const std::string& name, wire::RunKind kind,
                           const std::vector<EdgeSpec>& edges,
                           const std::vector<std::string>& datasets) {
  AddRun(name + ".run", kind, edges, datasets);
  AddSegment(name + ".0", name + ".run", {.model = name});
  AddCompletion(name + ".done", name + ".run", {name + ".0"}, {1}, name);
  AddPassport(name, name + ".done", name);
}

// Tests spoil statements in place, which nothing else may do.
Statement& LineageFile::At(const std::string& name) {
  const Statement* statement = set_.Find(Named<StatementId>(name));
  CARNET_CHECK(statement != nullptr);
  return const_cast<Statement&>(*statement);
}

const StatementSet& LineageFile::set() const {
  for (const Statement& member : set_) {
    auto& statement = const_cast<Statement&>(member);
    statement.head = schemas::HeadFieldsOf(statement.predicate);
    statement.references = schemas::StrongReferences(statement.predicate);
    statement.segment = SegmentFieldsOf(statement.predicate);
  }
  return set_;
}

std::vector<std::string> LineageFile::Names(const std::vector<const Statement*>& statements) const {
  std::vector<std::string> names;
  for (const Statement* statement : statements)
    names.push_back(names_.at(set_.PlaceOf(*statement)));
  std::sort(names.begin(), names.end());
  return names;
}

void LineageFile::Remove(const std::string& name) {
  StatementSet rest;
  std::vector<std::string> names;
  for (const std::string& each : names_) {
    if (each == name) continue;
    rest.Add(std::move(At(each)));
    names.push_back(each);
  }
  set_ = std::move(rest);
  names_ = std::move(names);
}

LineageFile HonestLineage() {
  LineageFile world;
  world.AddDataset("raw");
  world.AddDataset("text", {"raw"});
  world.AddRun("base.run", wire::RunKind::PRE_TRAINING, {}, {"text"}, 2);
  world.AddSegment("a0", "base.run", {});
  world.AddSegment("a1", "base.run", {.seq = 1, .previous = "a0", .model = "base"});
  world.AddSegment("b0", "base.run", {.lane = 1});
  world.AddCompletion("base.done", "base.run", {"a1", "b0"}, {2, 1}, "base");
  world.AddPassport("base", "base.done", "base");
  world.AddRun("chat.run", wire::RunKind::FINE_TUNE,
               {{wire::EdgeType::FINE_TUNED_FROM, "base", "base"}});
  world.AddSegment("c0", "chat.run", {});
  world.AddSegment("c1", "chat.run", {.seq = 1, .previous = "c0", .model = "chat"});
  world.AddCompletion("chat.done", "chat.run", {"c1"}, {2}, "chat");
  world.AddPassport("chat", "chat.done", "chat");
  return world;
}

}  // namespace carnet::statements::test
