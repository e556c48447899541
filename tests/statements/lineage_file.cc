#include "tests/statements/lineage_file.h"

#include <algorithm>

#include "core/check.h"
#include "crypto/sha256.h"

namespace carnet::statements::test {
namespace {

using schemas::BuilderOf;
using schemas::Kind;
using schemas::Predicate;
using schemas::SetDigest;

constexpr uint64_t kSegmentMs = 1000;
constexpr uint64_t kSteps = 10;
constexpr uint64_t kCompletedMs = 10 * kSegmentMs;

Predicate NewWithHead(Kind kind, std::string_view name, uint64_t created) {
  Predicate predicate = Predicate::New(kind);
  predicate.SetHead({.signer = SignerId(Named<KeyId>("signer")),
                     .ledger = Named<LogId>("log"),
                     .created = TimestampMs(created),
                     .nonce = std::string(name)});
  return predicate;
}

void SetAfter(wire::After::Builder after) {
  after.initIndex().setValue(0);
  SetDigest(after.initRoot(), Named<RootHash>("root"));
}

}  // namespace

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

void LineageFile::Add(const std::string& name, Predicate predicate) {
  const Statement* earlier =
      set_.Add({set_.size() + 1, Named<StatementId>(name), std::move(predicate), {}});
  CARNET_CHECK(earlier == nullptr);
  names_.push_back(name);
}

void LineageFile::AddRun(const std::string& name, wire::RunKind kind,
                         const std::vector<EdgeSpec>& edges,
                         const std::vector<std::string>& datasets, uint64_t lanes) {
  Predicate predicate = NewWithHead(Kind::kRun, name, kOpened);
  auto run = BuilderOf<wire::Run>(predicate);
  run.setKind(kind);
  run.setInitial(wire::InitialWeights::RANDOM);
  auto inputs = run.initInputs(static_cast<unsigned>(edges.size()));
  for (unsigned i = 0; i < edges.size(); ++i) {
    const EdgeSpec& edge = edges[i];
    inputs[i].setType(edge.type);
    if (edge.type != wire::EdgeType::DISTILLED_FROM &&
        edge.type != wire::EdgeType::SYNTHETIC_DATA_FROM) {
      run.setInitial(wire::InitialWeights::INPUTS);
    }
    if (edge.model.empty()) {
      inputs[i].initModel().setUndisclosed();
    } else {
      SetDigest(inputs[i].initModel(), Named<ModelDigest>(edge.model));
    }
    if (edge.statement == "?") {
      inputs[i].initStatement().setUndisclosed();
    } else if (!edge.statement.empty()) {
      SetDigest(inputs[i].initStatement(), Named<StatementId>(edge.statement));
    }
  }
  auto items = run.initDatasets().initItems(static_cast<unsigned>(datasets.size()));
  for (unsigned i = 0; i < datasets.size(); ++i) {
    SetDigest(items[i].initStatement(), Named<StatementId>(datasets[i]));
  }
  run.initLanes().setValue(lanes);
  run.setSeen("");
  Add(name, std::move(predicate));
}

void LineageFile::AddSegment(const std::string& name, const std::string& run,
                             const SegmentSpec& spec) {
  const uint64_t from = kOpened + spec.seq * kSegmentMs;
  Predicate predicate = NewWithHead(Kind::kSegment, name, from + kSegmentMs);
  auto segment = BuilderOf<wire::Segment>(predicate);
  SetDigest(segment.initRun(), Named<StatementId>(run));
  segment.initLane().setValue(spec.lane);
  segment.initSeq().setValue(spec.seq);
  if (!spec.previous.empty()) {
    SetDigest(segment.initPrevious(), Named<StatementId>(spec.previous));
  }
  if (!spec.weights_from.empty()) {
    SetDigest(segment.initWeightsFrom(), Named<StatementId>(spec.weights_from));
  }
  SetAfter(segment.initAfter());
  const uint64_t step = spec.step.value_or(spec.seq * kSteps);
  segment.initSteps().initFrom().setValue(step);
  segment.getSteps().initTo().setValue(step + kSteps);
  segment.initTime().initFrom().setMs(from);
  segment.getTime().initTo().setMs(from + kSegmentMs);
  SetDigest(segment.initModel(), Named<ModelDigest>(spec.model.empty() ? name : spec.model));
  Add(name, std::move(predicate));
}

void LineageFile::AddCompletion(const std::string& name, const std::string& run,
                                const std::vector<std::string>& last,
                                const std::vector<uint64_t>& counts, const std::string& model) {
  Predicate predicate = NewWithHead(Kind::kCompletion, name, kOpened + kCompletedMs);
  auto completion = BuilderOf<wire::Completion>(predicate);
  SetDigest(completion.initRun(), Named<StatementId>(run));
  auto ids = completion.initLast(static_cast<unsigned>(last.size()));
  for (unsigned i = 0; i < last.size(); ++i) SetDigest(ids[i], Named<StatementId>(last[i]));
  auto numbers = completion.initSegments(static_cast<unsigned>(counts.size()));
  for (unsigned i = 0; i < counts.size(); ++i) numbers[i].setValue(counts[i]);
  SetAfter(completion.initAfter());
  completion.setOutcome(wire::Outcome::COMPLETED);
  SetDigest(completion.initModel(), Named<ModelDigest>(model));
  Add(name, std::move(predicate));
}

void LineageFile::AddPassport(const std::string& name, const std::string& completion,
                              const std::string& model) {
  Predicate predicate = NewWithHead(Kind::kPassport, name, kOpened + kCompletedMs);
  auto passport = BuilderOf<wire::Passport>(predicate);
  SetDigest(passport.initCompletion(), Named<StatementId>(completion));
  SetAfter(passport.initAfter());
  SetDigest(passport.initModel(), Named<ModelDigest>(model));
  passport.setName(name);
  auto files = passport.initFiles(1);
  files[0].setPath("model.safetensors");
  SetDigest(files[0].initSha256(), Named<Sha256Digest>(model));
  files[0].initBytes().setValue(1);
  Add(name, std::move(predicate));
}

void LineageFile::AddDataset(const std::string& name,
                             const std::vector<std::string>& derived_from) {
  Predicate predicate = NewWithHead(Kind::kDataset, name, kOpened);
  auto dataset = BuilderOf<wire::Dataset>(predicate);
  dataset.setName(name);
  dataset.initSources().initItems(0);
  auto ids = dataset.initDerivedFrom(static_cast<unsigned>(derived_from.size()));
  for (unsigned i = 0; i < derived_from.size(); ++i) {
    SetDigest(ids[i], Named<StatementId>(derived_from[i]));
  }
  Add(name, std::move(predicate));
}

void LineageFile::AddDevice(const std::string& name, const std::string& id,
                            const std::string& chip) {
  Predicate predicate = NewWithHead(Kind::kDevice, name, kOpened);
  auto device = BuilderOf<wire::Device>(predicate);
  device.setId(id);
  device.setChip(chip);
  Add(name, std::move(predicate));
}

void LineageFile::AddVerdict(const std::string& name, const std::string& passport) {
  Predicate predicate = Predicate::New(Kind::kVerdict);
  auto inputs = BuilderOf<wire::Verdict>(predicate).initInputAttestations(1);
  SetDigest(inputs[0].initDigest().initSha256(), Named<StatementId>(passport));
  Add(name, std::move(predicate));
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
