#include "tests/support/honest_runs.h"

#include "core/flop.h"
#include "core/timestamp.h"

namespace carnet::test {
namespace {

using schemas::Kind;

std::string Time(uint64_t ms) { return Quoted(FormatTimestamp(TimestampMs(ms))); }

std::string Number(uint64_t value) { return std::to_string(value); }

// 2^53 and above are strings (S4).
std::string Count(uint64_t value) {
  return value < (uint64_t{1} << 53) ? Number(value) : Quoted(Number(value));
}

std::string List(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "" : ",") + item;
  return "[" + list + "]";
}

// "@a","@b" of the names.
std::string References(const std::vector<std::string>& names, const std::string& prefix = "@") {
  std::vector<std::string> items;
  for (const std::string& name : names) items.push_back(Quoted(prefix + name));
  return List(items);
}

void AddLease(World& world, const std::string& name, const std::string& device) {
  world.Add(name, Kind::kAllocation,
            R"({"holders":["@key:lab"],"devices":["@)" + device + R"("],"window":{"from":)" +
                Time(world.clock - kDayMs) + R"(,"to":)" + Time(world.now + kDayMs) + "}}",
            "cloud");
}

}  // namespace

std::string Figure(uint64_t tokens, uint64_t parameters) {
  const Uint128 flop = Uint128{6} * tokens * parameters;
  const std::string amount = Quoted(Flop(flop).ToString());
  return R"({"amount":)" + amount +
         R"(,"method":"architecture","methods":[{"method":"architecture","result":)" + amount +
         R"(,"tokens":)" + Count(tokens) + R"(,"parameters":)" + Number(parameters) +
         R"(,"classes":[{"treatment":"trained","parameters":)" + Number(parameters) +
         R"(}]},{"method":"counter","result":)" + Quoted(Flop(flop + flop / 20).ToString()) +
         R"(,"source":"dispatch counter"}],"precision":"fp32","recomputation_excluded":true,)" +
         R"("padding_excluded":true})";
}

std::string SegmentFlop(const std::string& figure) {
  return R"({"update":)" + figure + R"(,"total":)" + figure + "}";
}

void AddFleet(World& world) {
  world.Add("cpu", Kind::kDevice,
            R"({"id":"tpm:ek:)" + std::string(64, 'c') +
                R"(","units":1,"vendor":"Intel","cpu":{"model":"Xeon","cores":2,"f32_lanes":16,)" +
                R"("fma_units":2,"nominal_hz":3000000000,"used_hz":3000000000}})",
            "cloud");
  AddLease(world, "lease", "cpu");
}

void AddGpu(World& world, const std::string& name, const std::string& uuid) {
  world.Add(name, Kind::kDevice,
            R"({"id":"nvidia:gpu:)" + uuid + R"(","units":1,"vendor":"NVIDIA","chip":"h100-sxm5"})",
            "cloud");
  AddLease(world, name + ".lease", name);
}

void AddDataset(World& world, const std::string& name) {
  world.Add(name, Kind::kDataset,
            R"({"name":)" + Quoted(name) +
                R"(,"size":{"bytes":1000},"sources":[{"kind":"public"}],"data":"@sha:)" + name +
                R"(","data_basis":"manifest"})",
            "lab");
}

std::string Edge(const std::string& type, const std::string& model, const std::string& target) {
  return R"({"type":)" + Quoted(type) + R"(,"model":"@model:)" + model + R"(","statement":"@)" +
         target + R"("})";
}

void AddRun(World& world, const std::string& name, const RunTerms& terms) {
  std::vector<std::string> uses;
  for (const std::string& dataset : terms.datasets) {
    uses.push_back(R"({"statement":"@)" + dataset + R"(","role":"train"})");
  }
  bool carries_weights = false;
  for (const std::string& edge : terms.edges) {
    carries_weights = carries_weights || (edge.find("distilled-from") == edge.npos &&
                                          edge.find("synthetic-data-from") == edge.npos);
  }
  world.Add(name, Kind::kRun,
            R"({"kind":)" + Quoted(terms.kind) + R"(,"inputs":)" + List(terms.edges) +
                R"(,"datasets":)" + List(uses) + R"(,"initial":)" +
                Quoted(carries_weights ? "inputs" : "random") + R"(,"recorders":)" +
                References(terms.recorders, "@key:") + R"(,"lanes":)" + Number(terms.lanes) +
                R"(,"opened_by":"the lab","authorised_by":"the board",)" +
                R"("intended_deployment":"research","seen":"@seen"})",
            terms.key);
}

void AddSegment(World& world, const std::string& name, const SegmentTerms& terms) {
  const uint64_t from = world.clock;
  world.clock += terms.ms;
  const bool first = terms.seq == 0;
  std::string draft = R"({"run":"@)" + terms.run + R"(","lane":)" + Number(terms.lane) +
                      R"(,"seq":)" + Number(terms.seq);
  if (!first) draft += R"(,"previous":"@)" + terms.previous + R"(")";
  if (!terms.weights_from.empty()) draft += R"(,"weights_from":"@)" + terms.weights_from + R"(")";
  draft += R"(,"after":"@after:)" + (first ? terms.run : terms.previous) + R"(","steps":{"from":)" +
           Number(terms.from_step) + R"(,"to":)" + Number(terms.from_step + kSteps) +
           R"(},"tokens":)" + Number(terms.tokens) + R"(,"time":{"from":)" + Time(from) +
           R"(,"to":)" + Time(world.clock) + R"(},"flop":)" +
           SegmentFlop(Figure(terms.tokens, terms.parameters)) + R"(,"usage":[{"device":"@)" +
           terms.device + R"(","allocation":"@)" + terms.allocation + R"(","units":1,"ms":)" +
           Number(terms.ms) + R"(}],"precision":["fp32"],"model":"@model:)" +
           (terms.model.empty() ? name : terms.model) + R"(")";
  if (!terms.model.empty()) draft += R"(,"tensor_roots":"@roots:)" + terms.model + R"(")";
  world.Add(name, Kind::kSegment, draft + "}", terms.key);
}

void MakeOpaque(World& world) {
  world.given->weight_sets.clear();
  for (const char* name : {"chat.1", "chat.done", "chat"}) world.Drop(name, "/tensor_roots");
}

void AddCompletion(World& world, const std::string& name, const std::string& run,
                   const std::vector<std::string>& last, const std::vector<uint64_t>& counts,
                   const std::string& model) {
  std::vector<std::string> numbers;
  for (const uint64_t count : counts) numbers.push_back(Number(count));
  world.Add(name, Kind::kCompletion,
            R"({"run":"@)" + run + R"(","last":)" + References(last) + R"(,"after":"@after:)" +
                (last.empty() ? run : last.front()) + R"(","outcome":"completed","segments":)" +
                List(numbers) + R"(,"tokens":"@tokens:)" + run + R"(","flop":"@flop:)" + run +
                R"(","model":"@model:)" + model + R"(","tensor_roots":"@roots:)" + model + R"("})",
            "lab");
}

void AddPassport(World& world, const std::string& name, const std::string& completion,
                 uint64_t parameters) {
  world.Add(name, Kind::kPassport,
            R"({"completion":"@)" + completion + R"(","after":"@after:)" + completion +
                R"(","model":"@model:)" + name + R"(","files":"@files:)" + name +
                R"(","tensor_roots":"@roots:)" + name + R"(","name":)" + Quoted(name) +
                R"(,"parameters":{"total":)" + Number(parameters) +
                R"(},"flop":{"parameter_update":"@update","cumulative":"@total","edges":[)" +
                R"("fine-tuned-from","initialised-from","merged-from","adapter-on",)" +
                R"("quantised-from","ablated-from"]},"intended_deployment":"research"})",
            "lab");
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
