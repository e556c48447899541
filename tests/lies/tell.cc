#include "tests/lies/tell.h"

#include <algorithm>

#include "core/check.h"
#include "tests/lies/figure_text.h"
#include "tests/support/honest_runs.h"

namespace carnet::test::lies {
namespace {

using schemas::Kind;

constexpr uint64_t kDaysOfAModel = 2;

std::string At(const std::string& name) { return "@" + name; }
std::string QuotedAt(const std::string& placeholder) { return Quoted("@" + placeholder); }

void ReplaceAll(const std::string& from, const std::string& to, std::string& text) {
  for (size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

class Teller {
 public:
  explicit Teller(const Account& account)
      : account_(account), reached_(ReachedFrom(account)), start_(world_.clock) {}

  World Tell() {
    SetTrust();
    SetFiles();
    for (const size_t device : reached_.devices) AddDevice(account_.devices[device]);
    for (const size_t lease : reached_.leases) AddLease(lease);
    for (const size_t model : reached_.models) AddModel(model);
    return std::move(world_);
  }

 private:
  void SetTrust() {
    world_.trusted_keys["broker"] = {"broker", {Kind::kAllocation}};
    if (!account_.lab_may_sign_devices) return;
    for (const char* key : {"lab", "lab.2"}) {
      auto& kinds = world_.trusted_keys.at(key).kinds;
      kinds.insert({Kind::kDevice, Kind::kAllocation});
    }
  }

  void SetFiles() {
    world_.given = FilesOf(account_.root());
    world_.models.insert_or_assign(account_.root().name, CoveredFilesOf(account_.root()));
  }

  void AddDevice(const Device& device) {
    world_.Add(device.name, Kind::kDevice,
               drafts::Device({.id = device.id,
                               .members = device.members,
                               .units = device.units,
                               .vendor = device.chip != nullptr ? device.chip->vendor : "Intel",
                               .chip = device.chip != nullptr ? device.chip->id : "",
                               .cpu_hz = device.cpu_hz}),
               device.party);
  }

  // What is resold is told first.
  void AddLease(size_t place) {
    const Lease& lease = account_.leases[place];
    if (!leases_.insert(place).second) return;
    if (lease.parent) AddLease(*lease.parent);
    std::string draft = drafts::Allocation({.holders = {"@key:" + lease.holder},
                                            .devices = {At(account_.devices[lease.device].name)},
                                            .from_ms = start_ - kDayMs,
                                            .to_ms = world_.now + kDayMs,
                                            .device_ms = lease.device_ms});
    if (lease.parent) {
      draft = With(R"("parent":)" + QuotedAt(account_.leases[*lease.parent].name), draft);
    }
    const std::string kyc = lease.kyc_passed ? "passed" : "failed";
    world_.Add(lease.name, Kind::kAllocation,
               With(R"("kyc":{"status":)" + Quoted(kyc) + "}", draft), lease.seller);
  }

  void AddDataset(size_t place) {
    const DataSet& data = account_.datasets[place];
    if (!datasets_.insert(place).second) return;
    std::string sources = R"("undisclosed")";
    if (!data.undisclosed) sources = "[" + SourceText(data) + "]";
    world_.Add(data.name, Kind::kDataset,
               R"({"name":)" + Quoted(data.name) + R"(,"size":{"bytes":)" +
                   std::to_string(data.bytes) + R"(},"sources":)" + sources + R"(,"data":)" +
                   QuotedAt("sha:" + data.name) + R"(,"data_basis":"manifest"})",
               data.party);
  }

  std::string SourceText(const DataSet& data) const {
    if (data.kind == SourceKind::kPublic) return R"({"kind":"public"})";
    if (data.kind == SourceKind::kLicensed) return R"({"kind":"licensed"})";
    std::string text = R"({"kind":"synthetic","generator_public":)";
    text += data.generator_public ? "true" : "false";
    if (data.generator) {
      text += R"(,"generator":)" + QuotedAt(account_.models[*data.generator].name);
    }
    if (data.generation) {
      text += R"(,"generation_flop":)" +
              drafts::SingleFigure(Flop(*data.generation).ToString(), "counter");
    }
    return text + "}";
  }

  // Each has days of its own, so that one party's lie moves nobody else's times.
  void AddModel(size_t place) {
    const Model& model = account_.models[place];
    world_.clock = start_ + (place + 1) * kDaysOfAModel * kDayMs;
    for (const size_t dataset : model.datasets) AddDataset(dataset);
    AddRun(model);
    size_t longest = 0;
    for (const auto& lane : model.lanes) longest = std::max(longest, lane.size());
    for (size_t seq = 0; seq < longest; ++seq) AddSegments(model, seq);
    AddCompletion(model);
    if (IsKnownBySegment(place)) world_.At(model.name + ".done").enclosed = false;
    if (NeedsPassport(place)) AddPassport(model);
  }

  // What the completion of such a model says is in no statement that the passport rests on.
  bool IsKnownBySegment(size_t place) const {
    return std::any_of(reached_.models.begin(), reached_.models.end(), [&](size_t child) {
      const auto& parents = account_.models[child].parents;
      return std::any_of(parents.begin(), parents.end(), [&](const Parent& parent) {
        return parent.model == place && parent.reference == Reference::kLastSegment;
      });
    });
  }

  bool NeedsPassport(size_t place) const {
    if (place + 1 == account_.models.size()) return true;
    for (const size_t child : reached_.models) {
      for (const Parent& parent : account_.models[child].parents) {
        if (parent.model == place && parent.reference == Reference::kPassport &&
            !parent.undisclosed) {
          return true;
        }
      }
    }
    return std::any_of(reached_.datasets.begin(), reached_.datasets.end(), [&](size_t dataset) {
      return account_.datasets[dataset].generator == place;
    });
  }

  std::string EdgeText(const Parent& parent) const {
    if (parent.undisclosed) {
      return R"({"type":)" + Quoted(parent.edge) +
             R"(,"model":"undisclosed","statement":"undisclosed"})";
    }
    const std::string statement = StatementOf(parent);
    const std::string name =
        parent.lane == 0 ? account_.models[parent.model].name : statement.substr(1);
    return drafts::Edge(parent.edge, "@model:" + name, statement);
  }

  std::string StatementOf(const Parent& parent) const {
    const Model& model = account_.models[parent.model];
    switch (parent.reference) {
      case Reference::kPassport:
        return At(model.name);
      case Reference::kCompletion:
        return At(model.name + ".done");
      case Reference::kLastSegment:
        return At(SegmentName(model, parent.lane, model.lanes[parent.lane].size() - 1));
      case Reference::kNothing:
        return "";
    }
    CARNET_CHECK(false);
  }

  void AddRun(const Model& model) {
    drafts::RunTerms terms{.kind = model.kind,
                           .datasets = drafts::Texts{},
                           .lanes = std::max<size_t>(1, model.lanes.size()) + model.lanes_beside,
                           .seen = "@seen"};
    for (const Parent& parent : model.parents) terms.inputs.push_back(EdgeText(parent));
    for (const size_t data : model.datasets) {
      terms.datasets->push_back(At(account_.datasets[data].name));
    }
    if (!model.recorder.empty()) terms.recorders = {"@key:" + model.recorder};
    std::string draft = drafts::Run(terms);
    const std::string leases = model.plans ? PlannedText(model) : "[]";
    if (leases != "[]") draft = With(R"("allocations":)" + leases, draft);
    world_.Add(model.name + ".run", Kind::kRun, draft, model.party);
  }

  std::string PlannedText(const Model& model) const {
    std::set<std::string> names;
    for (const auto& lane : model.lanes) {
      for (const Segment& segment : lane) {
        for (const Use& use : segment.usage) {
          if (use.lease) names.insert(At(account_.leases[*use.lease].name));
        }
      }
    }
    return drafts::QuotedList({names.begin(), names.end()});
  }

  static std::string SegmentName(const Model& model, size_t lane, size_t seq) {
    return model.name + "." + std::to_string(lane) + "." + std::to_string(seq);
  }

  // All lanes work at one time.
  void AddSegments(const Model& model, size_t seq) {
    const uint64_t from = world_.clock;
    uint64_t longest = 0;
    for (size_t lane = 0; lane < model.lanes.size(); ++lane) {
      if (seq >= model.lanes[lane].size()) continue;
      longest = std::max(longest, model.lanes[lane][seq].ms);
    }
    world_.clock = from + longest;
    for (size_t lane = 0; lane < model.lanes.size(); ++lane) {
      if (seq < model.lanes[lane].size()) AddSegment(model, lane, seq, from);
    }
  }

  // Steps follow each other along the weights.
  static uint64_t FirstStep(const std::vector<Segment>& lane, size_t seq) {
    if (seq == 0) return 0;
    return FirstStep(lane, lane[seq].weights_from.value_or(seq - 1)) + kSteps;
  }

  void AddSegment(const Model& model, size_t lane, size_t seq, uint64_t from) {
    const Segment& segment = model.lanes[lane][seq];
    const bool final = lane == 0 && seq + 1 == model.lanes[lane].size();
    const std::string name = SegmentName(model, lane, seq);
    const uint64_t step = FirstStep(model.lanes[lane], seq);
    drafts::SegmentTerms terms{
        .run = At(model.name + ".run"),
        .lane = lane,
        .seq = seq,
        .previous = seq == 0 ? "" : At(SegmentName(model, lane, seq - 1)),
        .after_json = QuotedAt(
            "after:" + (seq == 0 ? model.name + ".run" : SegmentName(model, lane, seq - 1))),
        .model = "@model:" + (final ? model.name : name),
        .tensor_roots_json = final ? RootsOf(model) : "",
        .from_step = step,
        .to_step = step + kSteps,
        .tokens_json = drafts::Number(segment.tokens),
        .from_ms = from,
        .to_ms = from + segment.ms,
        .flop_json = SegmentFlopText(model, segment)};
    if (segment.weights_from) {
      terms.weights_from = At(SegmentName(model, lane, *segment.weights_from));
    }
    for (const Use& use : segment.usage) {
      terms.usage.push_back({At(account_.devices[use.device].name),
                             use.lease ? At(account_.leases[*use.lease].name) : "", use.units,
                             use.ms});
    }
    std::string draft = drafts::Segment(terms);
    ReplaceAll("\"fp32\"", Quoted(PrecisionOf(account_, segment)), draft);
    world_.Add(name, Kind::kSegment, draft, model.recorder.empty() ? model.party : model.recorder);
  }

  static std::string RootsOf(const Model& model) {
    return model.weights == Weights::kUnreadable ? "" : QuotedAt("roots:" + model.name);
  }

  static std::string ParametersText(const Model& model) {
    std::string text = R"({"total":)" + std::to_string(model.total);
    if (model.active != model.total) text += R"(,"active":)" + std::to_string(model.active);
    if (!model.experts_json.empty()) text += R"(,"experts":)" + model.experts_json;
    return text + "}";
  }

  void AddCompletion(const Model& model) {
    const std::string run = model.name + ".run";
    drafts::CompletionTerms terms{.run = At(run),
                                  .after_json = QuotedAt("after:" + run),
                                  .tokens_json = QuotedAt("tokens:" + run),
                                  .flop_json = QuotedAt("flop:" + run),
                                  .model = "@model:" + model.name,
                                  .tensor_roots_json = RootsOf(model)};
    for (size_t lane = 0; lane < model.lanes.size(); ++lane) {
      const std::string last = SegmentName(model, lane, model.lanes[lane].size() - 1);
      if (lane == 0) terms.after_json = QuotedAt("after:" + last);
      terms.last.push_back(At(last));
      terms.segments.push_back(model.lanes[lane].size());
    }
    std::string draft = drafts::Completion(terms);
    if (model.states_size) draft = With(R"("parameters":)" + ParametersText(model), draft);
    world_.Add(model.name + ".done", Kind::kCompletion, draft, model.party);
  }

  void AddPassport(const Model& model) {
    std::string draft = drafts::Passport({.completion = At(model.name + ".done"),
                                          .after_json = QuotedAt("after:" + model.name + ".done"),
                                          .model = "@model:" + model.name,
                                          .files_json = QuotedAt("files:" + model.name),
                                          .tensor_roots_json = RootsOf(model),
                                          .parameters = model.total,
                                          .parameter_update = "@update",
                                          .cumulative = "@total",
                                          .edges = account_.edges,
                                          .name = model.name});
    ReplaceAll(R"("parameters":{"total":)" + std::to_string(model.total) + "}",
               R"("parameters":)" + ParametersText(model), draft);
    if (!model.others.left_out.empty()) {
      draft = With(R"("not_covered":[)" + Quoted(model.others.left_out) + "]", draft);
    }
    world_.Add(model.name, Kind::kPassport, draft, model.party);
  }

  const Account& account_;
  const Reached reached_;
  World world_;
  const uint64_t start_;
  std::set<size_t> leases_, datasets_;  // that are told
};

}  // namespace

World Tell(const Account& account) { return Teller(account).Tell(); }

}  // namespace carnet::test::lies
