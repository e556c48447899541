// A fuzzer of meanings: random honest worlds, and random lies about compute, data, devices and
// custody of at least 30 % in effect, signed again by those who could sign them. The gate refuses a
// lie, or its verdict says that something is open which is not open in the truth; what passes is
// listed beside the lie with the reason, and printed with its seed.
//
// CARNET_LIES_WORLDS, CARNET_LIES_SEED: how many worlds, and the first one's seed. One world alone
// is told every lie that has an effect there. CARNET_LIES_SHOW: how each was noticed, or passed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "tests/lies/trial.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::test::lies {
namespace {

constexpr size_t kWorlds = 100;
constexpr size_t kLiesOfAWorld = 9;

size_t NumberFrom(const char* variable, size_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

struct Tally {
  size_t refused = 0, marked = 0, words = 0, nothing = 0;
  std::map<std::string, size_t> how = {};  // it was noticed
  std::vector<std::string> passed = {};    // in words, with their seeds

  size_t told() const { return refused + marked + passing(); }
  size_t passing() const { return words + nothing; }
};

// A liar's account follows the rules of form, and its figures the rules of arithmetic: what refuses
// it is about what it says. Somebody else's peak is not the liar's to state.
bool AddsUp(const ToldLie& told) {
  switch (told.rule) {
    case 8:
    case 17:
    case 18:
    case 20:
    case 25:
    case 33:
    case 34:
    case 35:
      return true;
    case 31:
      return told.noticed.what.find("has peak") != std::string::npos;
    default:
      return false;
  }
}

void Count(const Trial& trial, const ToldLie& told, Tally& tally) {
  const std::string& what = told.noticed.what;
  switch (told.noticed.notice) {
    case Notice::kRefused:
      BOOST_CHECK_MESSAGE(AddsUp(told), "seed " << trial.seed << ": " << told.lie.name
                                                << " does not add up: " << what);
      ++tally.refused;
      ++tally.how["R" + std::to_string(told.rule) + " " + told.reason];
      return;
    case Notice::kMarked:
      ++tally.marked;
      ++tally.how[what];
      return;
    case Notice::kWords:
      ++tally.words;
      break;
    case Notice::kNothing:
      ++tally.nothing;
      break;
  }
  tally.passed.push_back("seed " + std::to_string(trial.seed) + ": " + told.effect + "; " + what +
                         "; " + trial.world);
}

const char* PassesName(Passes passes) {
  switch (passes) {
    case Passes::kNever:
      return "never";
    case Passes::kByNature:
      return "by nature";
    case Passes::kKnown:
      return "known";
  }
  return "";
}

void Print(const Lie& lie, const Tally& tally) {
  std::printf("%-46s %-9s told %4zu: refused %4zu, marked %4zu, words %4zu, nothing %4zu\n",
              lie.name, PassesName(lie.passes), tally.told(), tally.refused, tally.marked,
              tally.words, tally.nothing);
  if (std::getenv("CARNET_LIES_SHOW") == nullptr) return;
  for (const auto& [how, times] : tally.how) std::printf("    %zu x %s\n", times, how.c_str());
  for (const std::string& passed : tally.passed) std::printf("    %s\n", passed.c_str());
}

// So that what few worlds have to offer is told wherever it can be.
std::vector<const Lie*> LeastToldFirst(const std::vector<Lie>& lies,
                                       std::map<std::string, Tally>& tallies) {
  std::vector<const Lie*> order;
  for (const Lie& lie : lies) order.push_back(&lie);
  std::stable_sort(order.begin(), order.end(), [&](const Lie* a, const Lie* b) {
    return tallies[a->name].told() < tallies[b->name].told();
  });
  return order;
}

BOOST_AUTO_TEST_SUITE(lies)

BOOST_AUTO_TEST_CASE(every_lie_that_passes_is_listed_with_its_reason) {
  const std::vector<Lie> lies = AllLies();
  const size_t worlds = NumberFrom("CARNET_LIES_WORLDS", kWorlds);
  const size_t first = NumberFrom("CARNET_LIES_SEED", 1);
  std::map<std::string, Tally> tallies;
  const auto start = std::chrono::steady_clock::now();
  size_t judged = 0;
  for (size_t seed = first; seed < first + worlds; ++seed) {
    const Trial trial =
        Try(seed, LeastToldFirst(lies, tallies), worlds == 1 ? lies.size() : kLiesOfAWorld);
    BOOST_CHECK_MESSAGE(trial.wrong.empty(),
                        "seed " << seed << ": " << trial.wrong << "; " << trial.world);
    for (const ToldLie& told : trial.told) Count(trial, told, tallies[told.lie.name]);
    judged += 1 + trial.told.size();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  for (const Lie& lie : lies) {
    const Tally& tally = tallies[lie.name];
    Print(lie, tally);
    BOOST_CHECK_MESSAGE(tally.told() > 0, lie.name << " was never told");
    if (lie.passes == Passes::kNever) {
      for (const std::string& passed : tally.passed) BOOST_ERROR(lie.name << " passed: " << passed);
    } else {
      BOOST_CHECK_MESSAGE(tally.passing() > 0, lie.name << " is listed, but never passed");
    }
  }
  std::printf("%zu worlds judged in %.1f s: %.0f a minute\n", judged, seconds.count(),
              60 * static_cast<double>(judged) / seconds.count());
}

BOOST_AUTO_TEST_CASE(the_documents_count_the_lies_as_they_are) {
  std::map<Passes, size_t> counts;
  for (const Lie& lie : AllLies()) ++counts[lie.passes];
  const std::string text = Slurp(SourceFolder() / "docs/testing.md");
  for (const std::string& line :
       {"Of " + std::to_string(AllLies().size()) + " kinds of lies",
        "- " + std::to_string(counts[Passes::kNever]) + " never pass;",
        "- " + std::to_string(counts[Passes::kKnown]) + " pass, at least in some worlds,",
        "- " + std::to_string(counts[Passes::kByNature]) + " pass by nature:"}) {
    BOOST_CHECK_MESSAGE(text.find(line) != text.npos, "docs/testing.md lacks: " << line);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test::lies
