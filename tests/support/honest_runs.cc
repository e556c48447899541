#include "tests/support/honest_runs.h"

namespace carnet::test {
namespace {

using schemas::Kind;

std::string At(const std::string& placeholder, const std::string& name) {
  return "@" + placeholder + name;
}

// The same as JSON, which may stand for an object or a list.
std::string JsonAt(const std::string& placeholder, const std::string& name) {
  return Quoted(At(placeholder, name));
}

drafts::Texts AllAt(const std::string& placeholder, const std::vector<std::string>& names) {
  drafts::Texts references;
  for (const std::string& name : names) references.push_back(At(placeholder, name));
  return references;
}

void AddLease(World& world, const std::string& name, const std::string& device) {
  world.Add(name, Kind::kAllocation,
            drafts::Allocation({.holders = {"@key:lab"},
                                .devices = {At("", device)},
                                .from_ms = world.clock - kDayMs,
                                .to_ms = world.now + kDayMs}),
            "cloud");
}

}  // namespace

std::string Figure(uint64_t tokens, uint64_t parameters) {
  return drafts::Figure({.tokens = tokens, .trained = parameters});
}

void AddFleet(World& world) {
  world.Add("cpu", Kind::kDevice, drafts::Device(), "cloud");
  AddLease(world, "lease", "cpu");
}

void AddGpu(World& world, const std::string& name, const std::string& uuid) {
  world.Add(name, Kind::kDevice,
            drafts::Device({.id = "nvidia:gpu:" + uuid, .vendor = "NVIDIA", .chip = "h100-sxm5"}),
            "cloud");
  AddLease(world, name + ".lease", name);
}

void AddDataset(World& world, const std::string& name) {
  world.Add(name, Kind::kDataset, drafts::Dataset({.name = name, .data = At("sha:", name)}), "lab");
}

std::string Edge(const std::string& type, const std::string& model, const std::string& target) {
  return drafts::Edge(type, At("model:", model), At("", target));
}

void AddRun(World& world, const std::string& name, const RunTerms& terms) {
  world.Add(name, Kind::kRun,
            drafts::Run({.kind = terms.kind,
                         .inputs = terms.edges,
                         .datasets = AllAt("", terms.datasets),
                         .recorders = AllAt("key:", terms.recorders),
                         .lanes = terms.lanes,
                         .seen = "@seen"}),
            terms.key);
}

void AddSegment(World& world, const std::string& name, const SegmentTerms& terms) {
  const uint64_t from = world.clock;
  world.clock += terms.ms;
  const bool first = terms.seq == 0;
  const bool known = !terms.model.empty();
  drafts::SegmentTerms draft{
      .run = At("", terms.run),
      .lane = terms.lane,
      .seq = terms.seq,
      .previous = first ? "" : At("", terms.previous),
      .after_json = JsonAt("after:", first ? terms.run : terms.previous),
      .model = At("model:", known ? terms.model : name),
      .tensor_roots_json = known ? JsonAt("roots:", terms.model) : "",
      .weights_from = terms.weights_from.empty() ? "" : At("", terms.weights_from),
      .from_step = terms.from_step,
      .to_step = terms.from_step + kSteps,
      .tokens_json = drafts::Number(terms.tokens),
      .from_ms = from,
      .to_ms = world.clock,
      .flop_json = SegmentFlop(Figure(terms.tokens, terms.parameters)),
      .usage = {{At("", terms.device), At("", terms.allocation), 1, terms.ms}}};
  world.Add(name, Kind::kSegment, drafts::Segment(draft), terms.key);
}

void MakeOpaque(World& world) {
  world.given->weight_sets.clear();
  for (const char* name : {"chat.1", "chat.done", "chat"}) world.Drop(name, "/tensor_roots");
}

void AddCompletion(World& world, const std::string& name, const std::string& run,
                   const std::vector<std::string>& last, const std::vector<uint64_t>& counts,
                   const std::string& model) {
  world.Add(name, Kind::kCompletion,
            drafts::Completion({.run = At("", run),
                                .last = AllAt("", last),
                                .after_json = JsonAt("after:", last.empty() ? run : last.front()),
                                .segments = counts,
                                .tokens_json = JsonAt("tokens:", run),
                                .flop_json = JsonAt("flop:", run),
                                .model = At("model:", model),
                                .tensor_roots_json = JsonAt("roots:", model)}),
            "lab");
}

void AddPassport(World& world, const std::string& name, const std::string& completion,
                 uint64_t parameters) {
  world.Add(name, Kind::kPassport,
            drafts::Passport({.completion = At("", completion),
                              .after_json = JsonAt("after:", completion),
                              .model = At("model:", name),
                              .files_json = JsonAt("files:", name),
                              .tensor_roots_json = JsonAt("roots:", name),
                              .parameters = parameters,
                              .parameter_update = "@update",
                              .cumulative = "@total",
                              .edges = {"fine-tuned-from", "initialised-from", "merged-from",
                                        "adapter-on", "quantised-from", "ablated-from"},
                              .name = name}),
            "lab");
}

void AddVerdict(World& world, const std::string& name, const std::string& model,
                const std::string& passport) {
  world.Add(name, Kind::kVerdict, drafts::Verdict(passport, model), "hub");
  world.At(name).model = model;
}

void AddModel(World& world, const std::string& name, const RunTerms& terms, size_t segments) {
  const std::string run = name + ".run";
  AddRun(world, run, terms);
  std::string previous;
  for (size_t i = 0; i < segments; ++i) {
    const std::string segment = name + "." + std::to_string(i);
    AddSegment(world, segment,
               {.run = run,
                .seq = i,
                .previous = previous,
                .model = i + 1 == segments ? name : "",
                .from_step = i * kSteps});
    previous = segment;
  }
  if (segments == 0) {
    AddCompletion(world, name + ".done", run, {}, {}, name);
  } else {
    AddCompletion(world, name + ".done", run, {previous}, {segments}, name);
  }
  AddPassport(world, name, name + ".done");
}

World BaseWorld() {
  World world;
  AddFleet(world);
  AddDataset(world, "texts");
  AddModel(world, "base", {});
  world.given = world.model("base");
  return world;
}

World FineTuneWorld() {
  World world = BaseWorld();
  AddDataset(world, "chats");
  AddModel(world, "chat",
           {.kind = "fine-tune",
            .edges = {Edge("fine-tuned-from", "base", "base")},
            .datasets = {"chats"}});
  world.given = world.model("chat");
  return world;
}

}  // namespace carnet::test
