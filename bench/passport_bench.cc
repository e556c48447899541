// The gate on long passports, honest and hostile: time and memory for chains of models and for one
// long run, and what a file that nobody trusted has signed may cost (R1, R7, R14).
#include <malloc.h>
#include <time.h>

#include <cstdio>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/report.h"
#include "core/base64.h"
#include "core/check.h"
#include "schemas/limits.h"
#include "sigstore/bundle.h"
#include "statements/sums_of_all.h"
#include "tests/statements/lineage_file.h"
#include "tests/support/honest_runs.h"
#include "tests/support/party_keys.h"
#include "verifier/compute/chips.h"

namespace carnet::bench {
namespace {

using test::World;

constexpr uint64_t kTokens = 100'000;
constexpr uint64_t kParameters = 1'000'000;
constexpr uint64_t kSegmentMs = 6'000;  // so that the longest story fits into the world's 30 days
constexpr double kMilli = 1e3;

void Replace(std::string& text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  CARNET_CHECK(at != text.npos);
  text.replace(at, from.size(), to);
}

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

// Each model fine-tuned from the one before, all with one data set: four lines each.
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

struct Hub {
  explicit Hub(const World& world)
      : trust(world.MakeTrust()),
        policy(test::ValueOf(verifier::policy::ShippedPolicy("hub-default", TimestampMs(world.now)),
                             "policy")),
        model(*world.given),
        now(world.now) {}

  // Prints the time, and the memory besides the passport itself.
  void Time(const std::string& name, const std::string& passport, unsigned threads,
            verifier::Decision expected, std::optional<double> limit_s = {}) const {
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

  trust::Trust trust;
  verifier::policy::Policy policy;
  artifact::ModelFiles model;
  TimestampMs now;
};

void BenchHonest(const std::string& name, World (*make)(size_t), size_t lines,
                 std::optional<double> limit_s) {
  World world = make(lines);
  const std::string passport = world.Issue();
  const size_t made = world.story.size();
  world.story.clear();
  const std::string title = name + " of " + std::to_string(made) + " lines";
  if (passport.size() > schemas::kMaxPassportBytes) {
    std::printf("  %s: %.0f MiB, larger than a passport may be\n", title.c_str(),
                static_cast<double>(passport.size()) / (1 << 20));
    return;
  }
  const Hub hub(world);
  hub.Time(title, passport, 1, verifier::Decision::kPass, limit_s);
  hub.Time(title, passport, 2, verifier::Decision::kPass);
}

// Hostile files

constexpr double kHostileLimitS = 5;

// As many lines as fit, each made from `line` with a nonce of its own: their signatures, of a
// trusted key, are over something else.
std::string Unsigned(const std::string& line) {
  const auto bundle = test::ValueOf(sigstore::ReadBundle(line), "bundle");
  const std::string payload(AsText(bundle.envelope.payload));
  const std::string encoded = Base64Encode(AsBytes(payload));
  const size_t nonce = payload.find("\"nonce\":\"") + 9;
  const size_t at = line.find(encoded);
  CARNET_CHECK(at != line.npos);
  std::string file;
  file.reserve(schemas::kMaxPassportBytes);
  for (size_t i = 0; i < schemas::kMaxPassportLines; ++i) {
    if (file.size() + line.size() + 1 > schemas::kMaxPassportBytes) break;
    std::string other = payload;
    const std::string number = std::to_string(10'000'000 + i);
    other.replace(nonce, number.size(), number);
    file += line;
    file.replace(file.size() - line.size() + at, encoded.size(), Base64Encode(AsBytes(other)));
    file += "\n";
  }
  return file;
}

std::string WithoutReceipt(const std::string& line) {
  auto bundle = test::ValueOf(sigstore::ReadBundle(line), "bundle");
  bundle.entries.clear();
  return sigstore::WriteBundle(bundle);
}

// Lines of the greatest length, filled with one text over and over.
std::string Filled(const std::string& begin, const std::string& text, const std::string& end) {
  std::string line = begin;
  while (line.size() + text.size() + end.size() <= schemas::kMaxLineBytes) line += text;
  line += end;
  std::string file;
  while (file.size() + line.size() + 1 <= schemas::kMaxPassportBytes) file += line + "\n";
  return file;
}

std::string ManyKeys() {
  std::string line = "{";
  for (uint32_t i = 0; line.size() < schemas::kMaxLineBytes - 20; ++i) {
    line += (i == 0 ? "\"" : ",\"") + std::to_string(i * 2'654'435'761u) + "\":1";
  }
  line += "}";
  std::string file;
  while (file.size() + line.size() + 1 <= schemas::kMaxPassportBytes) file += line + "\n";
  return file;
}

void BenchUnsigned() {
  World world = test::FineTuneWorld();
  const auto lines = test::LinesOf(world.Issue());
  const Hub hub(world);
  const auto time = [&](const std::string& name, const std::string& file) {
    hub.Time(name, file, 1, verifier::Decision::kFail, kHostileLimitS);
  };
  std::string segment, device, run;
  for (const std::string& line : lines) {
    const auto bundle = test::ValueOf(sigstore::ReadBundle(line), "bundle");
    const std::string_view payload = AsText(bundle.envelope.payload);
    if (payload.find("urn:carnet:segment:v1") != payload.npos) segment = line;
    if (payload.find("urn:carnet:device:v1") != payload.npos) device = line;
    if (payload.find("urn:carnet:run:v1") != payload.npos) run = line;
  }
  time("unsigned segments with receipts", Unsigned(segment));
  time("unsigned runs with receipts", Unsigned(run));
  time("unsigned devices without receipt", Unsigned(WithoutReceipt(device)));
  time("lines of empty arrays", Filled("[", "[],", "[]]"));
  time("lines of objects", Filled("[", "{\"a\":{}},", "1]"));
  time("lines of keys", ManyKeys());
  time("lines of escapes", Filled("{\"a\":\"", "\\u0041", "\"}"));
  time("empty objects", [] {
    std::string file;
    for (size_t i = 0; i < schemas::kMaxPassportLines; ++i) file += "{}\n";
    return file;
  }());
}

// Runs whose `seen` is a checkpoint of nobody with a hundred lines that claim the log's key.
void BenchNotes() {
  World world = test::BaseWorld();
  const std::string note = world.log().NoteAt(0);
  const std::string line = note.substr(note.find("\xE2\x80\x94"));
  constexpr size_t kRuns = 200;
  for (size_t i = 0; i < kRuns; ++i) {
    test::AddRun(world, "junk" + std::to_string(i), {});
    std::string seen = "ledger.example\\n1\\n" + std::string(43, 'A') + "=\\nextension " +
                       std::to_string(i) + std::string(50'000, 'x') + "\\n\\n";
    for (int copy = 0; copy < 100; ++copy) seen += line.substr(0, line.size() - 1) + "\\n";
    Replace(world.story.back().draft, "@seen", seen);
  }
  const std::string passport = world.Issue();
  Hub(world).Time("200 signed runs with notes of 100 lines", passport, 1, verifier::Decision::kFail,
                  kHostileLimitS);
}

// The sums alone, on more statements than the bytes of a passport hold with their receipts.
void BenchSums(size_t models) {
  statements::test::LineageFile world;
  world.AddModel("m0", wire::RunKind::PRE_TRAINING, {});
  for (size_t i = 1; i < models; ++i) {
    const std::string below = "m" + std::to_string(i - 1);
    world.AddModel("m" + std::to_string(i), wire::RunKind::FINE_TUNE,
                   {{wire::EdgeType::FINE_TUNED_FROM, below, below}});
  }
  std::vector<size_t> places;
  for (const auto& line : world.set()) {
    if (line.kind() == schemas::Kind::kPassport) places.push_back(world.set().PlaceOf(line));
  }
  const double seconds = SecondsOf([&] {
    statements::SumsOfAll sums(world.set());
    const std::set<schemas::EdgeType> edges = {schemas::EdgeType::kFineTunedFrom};
    CARNET_CHECK(sums.Along(statements::ParameterUpdateRule(), places).back().known);
    CARNET_CHECK(sums.Along(statements::CumulativeRule(edges), places).back().known);
  });
  PrintRow({"sums of " + std::to_string(models) + " passports, " +
                std::to_string(world.set().size()) + " statements",
            seconds * kMilli, "ms"});
}

void Run() {
  BenchHonest("chain", Chain, 1'003, {});
  BenchHonest("chain", Chain, 10'003, 2.0);
  BenchHonest("chain", Chain, 60'003, 60.0);
  BenchHonest("one run", OneRun, 1'000, {});
  BenchHonest("one run", OneRun, 10'000, {});
  BenchHonest("one run", OneRun, 55'000, 60.0);
  BenchSums(50'000);
  BenchUnsigned();
  BenchNotes();
}

}  // namespace
}  // namespace carnet::bench

int main() {
  carnet::bench::PrintHeader("passports: long ones, and what hostile ones cost");
  carnet::bench::Run();
}
