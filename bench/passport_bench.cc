// The gate on long passports: time and memory for chains of models and for one long run.
#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/long_passports.h"
#include "bench/report.h"
#include "core/check.h"
#include "schemas/limits.h"
#include "statements/sums_of_all.h"
#include "tests/statements/lineage_file.h"

namespace carnet::bench {
namespace {

using test::World;

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
  const statements::StatementSet& set = world.set();
  for (const auto& line : set) {
    if (line.kind() == schemas::Kind::kPassport) places.push_back(set.PlaceOf(line));
  }
  const double seconds = SecondsOf([&] {
    statements::SumsOfAll sums(set);
    const std::set<schemas::EdgeType> edges = {schemas::EdgeType::kFineTunedFrom};
    CARNET_CHECK(sums.Along(statements::ParameterUpdateRule(), places).back().known);
    CARNET_CHECK(sums.Along(statements::CumulativeRule(edges), places).back().known);
  });
  PrintRow({"sums of " + std::to_string(models) + " passports, " + std::to_string(set.size()) +
                " statements",
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
}

}  // namespace
}  // namespace carnet::bench

int main() {
  carnet::bench::PrintHeader("passports: long ones");
  carnet::bench::Run();
}
