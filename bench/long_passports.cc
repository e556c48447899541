#include "bench/long_passports.h"

#include <malloc.h>
#include <time.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "bench/report.h"
#include "core/check.h"
#include "tests/support/party_keys.h"
#include "verifier/compute/chips.h"

namespace carnet::bench {
namespace {

using test::World;

constexpr uint64_t kTokens = 100'000;
constexpr uint64_t kParameters = 1'000'000;
constexpr uint64_t kSegmentMs = 6'000;  // so that the longest story fits into the world's 30 days

std::string FlopOf(uint64_t segments) {
  return "\"" + Flop(Uint128{6} * kTokens * kParameters * segments).ToString() + "\"";
}

// The numbers of the story are written out, as looking for them in it would take the square of its
// length.
void Complete(World& world, const std::string& name, const std::string& last, uint64_t segments) {
  test::AddCompletion(world, name + ".done", name + ".run", {last}, {segments}, name);
  std::string& draft = world.story.back().draft;
  Replace(draft, "\"@tokens:" + name + ".run\"", std::to_string(kTokens * segments));
  Replace(draft, "\"@flop:" + name + ".run\"",
          R"({"update":)" + FlopOf(segments) + R"(,"total":)" + FlopOf(segments) + "}");
}

void Publish(World& world, const std::string& name, uint64_t update, uint64_t cumulative) {
  test::AddPassport(world, name, name + ".done");
  std::string& draft = world.story.back().draft;
  Replace(draft, "\"@update\"", FlopOf(update));
  Replace(draft, "\"@total\"", FlopOf(cumulative));
}

std::string AddSegments(World& world, const std::string& name, uint64_t count) {
  std::string previous;
  for (uint64_t seq = 0; seq < count; ++seq) {
    const std::string segment = name + "." + std::to_string(seq);
    test::AddSegment(world, segment,
                     {.run = name + ".run",
                      .seq = seq,
                      .previous = previous,
                      .model = seq + 1 == count ? name : "",
                      .from_step = seq * test::kSteps,
                      .parameters = kParameters,
                      .tokens = kTokens,
                      .ms = kSegmentMs});
    previous = segment;
  }
  return previous;
}

World Beginning() {
  World world;
  test::AddFleet(world);
  test::AddDataset(world, "texts");
  return world;
}

// The largest resident set since ResetPeak, and the present one (proc(5)).
double StatusMib(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  return 0;
}

void ResetPeak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

// Of all threads; what other programs take from the machine is not in it.
double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

void Replace(std::string& text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  CARNET_CHECK(at != text.npos);
  text.replace(at, from.size(), to);
}

World Chain(size_t lines) {
  World world = Beginning();
  const size_t models = (lines - 3) / 4;
  for (size_t i = 0; i < models; ++i) {
    const std::string name = "m" + std::to_string(i);
    test::RunTerms terms;
    if (i > 0) {
      const std::string parent = "m" + std::to_string(i - 1);
      terms = {.kind = "fine-tune", .edges = {test::Edge("fine-tuned-from", parent, parent)}};
    }
    test::AddRun(world, name + ".run", terms);
    Complete(world, name, AddSegments(world, name, 1), 1);
    Publish(world, name, 1, i + 1);
  }
  world.given = world.model("m" + std::to_string(models - 1));
  return world;
}

World OneRun(size_t lines) {
  World world = Beginning();
  const uint64_t segments = lines - 6;
  test::AddRun(world, "m.run", {});
  Complete(world, "m", AddSegments(world, "m", segments), segments);
  Publish(world, "m", segments, segments);
  world.given = world.model("m");
  return world;
}

Hub::Hub(const World& world)
    : trust(world.MakeTrust()),
      policy(test::ValueOf(verifier::policy::ShippedPolicy("hub-default", TimestampMs(world.now)),
                           "policy")),
      model(*world.given),
      now(world.now) {}

void Hub::Time(const std::string& name, const std::string& passport, unsigned threads,
               verifier::Decision expected, std::optional<double> limit_s) const {
  const auto chips = test::ValueOf(verifier::compute::ShippedCatalogue(), "chips");
  const verifier::Gate gate(trust, policy, threads, &chips);
  ResetPeak();
  const double before = StatusMib("VmRSS");
  const double worked = ProcessorSeconds();
  std::string first;
  const double seconds = SecondsOf([&] {
    const auto verdict = test::ValueOf(gate.Check(passport, model, now), "gate");
    CARNET_CHECK(verdict.decision == expected);
    if (!verdict.findings.empty()) first = verdict.findings.front().message.substr(0, 60);
  });
  Row row{name + ", " + std::to_string(threads) + " thread" + (threads > 1 ? "s" : ""),
          seconds * kMilli, "ms"};
  if (limit_s) row.peer = Peer{"limit", *limit_s * kMilli, "<= 1"};
  PrintRow(row);
  std::printf(
      "    %.0f ms of processor time, %.1f MiB of passport, %.0f MiB more to judge it%s%s\n",
      (ProcessorSeconds() - worked) * kMilli, static_cast<double>(passport.size()) / (1 << 20),
      StatusMib("VmHWM") - before, first.empty() ? "" : "; refused: ", first.c_str());
}

}  // namespace carnet::bench
