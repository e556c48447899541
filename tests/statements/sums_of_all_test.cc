// The sums of all passports at once, compared with SumAlong, which walks below each by itself.
#include "statements/sums_of_all.h"

#include <map>
#include <random>
#include <set>

#include "statements/shared_sets.h"
#include "tests/statements/lineage_file.h"
#include "tests/support/test.h"

namespace carnet::statements {
namespace {

using schemas::BuilderOf;
using schemas::EdgeType;
using schemas::Kind;
using schemas::SetFlop;
using test::EdgeSpec;
using test::LineageFile;
using wire::RunKind;

void State(wire::FlopFigure::Builder to, uint64_t flop) {
  SetFlop(to.initStated().initAmount(), Flop(flop));
}

// Update and total of a segment differ, so that neither passes for the other.
void Spend(LineageFile& world, const std::string& segment, uint64_t flop) {
  auto figures = BuilderOf<wire::Segment>(world.At(segment).predicate).initFlop();
  State(figures.initUpdate(), flop);
  State(figures.initTotal(), 2 * flop);
}

std::vector<size_t> PassportPlaces(const StatementSet& set) {
  std::vector<size_t> places;
  for (const Statement& line : set) {
    if (line.kind() == Kind::kPassport) places.push_back(set.PlaceOf(line));
  }
  return places;
}

std::string Text(const std::optional<FlopSum>& sum) {
  if (!sum) return "overflow";
  return (sum->lower_bound ? "at least " : "") + sum->amount.ToString();
}

void CheckRule(const StatementSet& set, const SumRule& rule, const std::string& name) {
  const std::vector<size_t> places = PassportPlaces(set);
  const auto sums = SumsOfAll(set).Along(rule, places);
  BOOST_REQUIRE_EQUAL(sums.size(), places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    BOOST_REQUIRE_MESSAGE(sums[i].known, name);
    BOOST_CHECK_MESSAGE(Text(sums[i].sum) == Text(SumAlong(set, set[places[i]], rule)),
                        name << ", passport " << i << ": " << Text(sums[i].sum) << " of all, "
                             << Text(SumAlong(set, set[places[i]], rule)) << " by itself");
  }
}

SumRule Threshold(const std::set<EdgeType>& edges, SummedFigure figure, Synthetic synthetic) {
  return {figure, edges, false, synthetic};
}

const std::set<EdgeType> kAllTypes(schemas::kEdgeTypes.begin(), schemas::kEdgeTypes.end());

void CheckAllRules(const StatementSet& set, const std::string& name) {
  CheckRule(set, ParameterUpdateRule(), name + ", parameter-update");
  CheckRule(set, CumulativeRule({}), name + ", no edges");
  CheckRule(set, CumulativeRule(kAllTypes), name + ", all edges");
  CheckRule(set, CumulativeRule({EdgeType::kFineTunedFrom, EdgeType::kMergedFrom}),
            name + ", two types");
  CheckRule(set, Threshold(kAllTypes, SummedFigure::kUpdate, Synthetic::kNonPublic),
            name + ", updates and data that are not public");
}

// A world of models that rest on each other at random: chains, trees, diamonds, shared teachers and
// data, rollbacks, inputs that are completions or segments, gaps in what is disclosed or enclosed.
class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed) : random_(seed) {}

  LineageFile Make() {
    for (size_t i = Below(4); i > 0; --i) AddDataset();
    for (size_t i = 2 + Below(14); i > 0; --i) AddModel();
    return std::move(world_);
  }

 private:
  size_t Below(size_t bound) { return random_() % bound; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  uint64_t Figure() { return 1 + Below(1'000'000); }

  void AddDataset() {
    const std::string name = "d" + std::to_string(datasets_.size());
    std::vector<std::string> from;
    for (const std::string& each : datasets_) {
      if (OneIn(2)) from.push_back(each);
    }
    if (OneIn(8)) from.push_back("a data set that is not enclosed");
    world_.AddDataset(name, from);
    auto sources = BuilderOf<wire::Dataset>(world_.At(name).predicate).getSources();
    if (OneIn(6)) {
      sources.setUndisclosed();
    } else {
      auto items = sources.initItems(static_cast<unsigned>(Below(3)));
      for (auto item : items) {
        item.setKind(OneIn(4) ? wire::SourceKind::USER : wire::SourceKind::SYNTHETIC);
        if (OneIn(2)) item.initGeneratorPublic().setValue(OneIn(2));
        if (!OneIn(5)) State(item.initGenerationFlop(), Figure());
      }
    }
    datasets_.push_back(name);
  }

  std::string Target() {
    if (models_.empty() || OneIn(12)) return OneIn(2) ? "not enclosed" : OneIn(2) ? "?" : "";
    const std::string& model =
        models_[models_.size() - 1 - Below(std::min<size_t>(4, models_.size()))];
    if (OneIn(5)) return model + ".done";
    if (OneIn(5)) return model + "." + std::to_string(Below(segments_.at(model)));
    return model;
  }

  void AddModel() {
    static constexpr wire::EdgeType kTypes[] = {
        wire::EdgeType::FINE_TUNED_FROM, wire::EdgeType::MERGED_FROM,
        wire::EdgeType::DISTILLED_FROM, wire::EdgeType::SYNTHETIC_DATA_FROM};
    const std::string name = "m" + std::to_string(models_.size());
    std::vector<EdgeSpec> edges;
    for (size_t i = Below(4); i > 0; --i) edges.push_back({kTypes[Below(4)], "model", Target()});
    std::vector<std::string> data;
    for (const std::string& each : datasets_) {
      if (OneIn(3)) data.push_back(each);
    }
    world_.AddRun(name + ".run", RunKind::MERGE, edges, data);
    auto run = BuilderOf<wire::Run>(world_.At(name + ".run").predicate);
    if (OneIn(10)) run.setInitial(wire::InitialWeights::UNDISCLOSED);
    if (OneIn(10)) run.initDatasets().setUndisclosed();
    AddSegments(name);
    const size_t last = segments_.at(name) - 1;
    world_.AddCompletion(name + ".done", name + ".run", {name + "." + std::to_string(last)},
                         {last + 1}, name);
    world_.AddPassport(name, name + ".done", name);
    models_.push_back(name);
  }

  void AddSegments(const std::string& name) {
    const size_t count = 1 + Below(4);
    for (size_t seq = 0; seq < count; ++seq) {
      const std::string segment = name + "." + std::to_string(seq);
      test::SegmentSpec spec{.seq = seq, .model = name};
      if (seq > 0) spec.previous = name + "." + std::to_string(seq - 1);
      if (seq > 1 && OneIn(3)) spec.weights_from = name + "." + std::to_string(Below(seq));
      if (!models_.empty() && OneIn(15)) spec.weights_from = models_.back() + ".0";  // R24 refuses
      world_.AddSegment(segment, name + ".run", spec);
      if (!OneIn(12)) Spend(world_, segment, Figure());
    }
    segments_[name] = count;
  }

  std::mt19937 random_;
  LineageFile world_;
  std::vector<std::string> datasets_, models_;
  std::map<std::string, size_t> segments_;
};

BOOST_AUTO_TEST_SUITE(sums_of_all)

BOOST_AUTO_TEST_CASE(are_those_of_each_passport_by_itself) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const LineageFile world = RandomWorld(seed).Make();
    CheckAllRules(world.set(), "seed " + std::to_string(seed));
  }
}

BOOST_AUTO_TEST_CASE(overflow_where_one_by_itself_does) {
  LineageFile world;
  world.AddModel("base", RunKind::PRE_TRAINING, {});
  world.AddModel("chat", RunKind::FINE_TUNE, {{wire::EdgeType::FINE_TUNED_FROM, "base", "base"}});
  world.AddModel("twin", RunKind::FINE_TUNE, {{wire::EdgeType::FINE_TUNED_FROM, "base", "base"}});
  Spend(world, "chat.0", 1);
  Spend(world, "twin.0", 0);
  auto figures = BuilderOf<wire::Segment>(world.At("base.0").predicate).initFlop();
  for (auto figure : {figures.initUpdate(), figures.initTotal()}) {
    SetFlop(figure.initStated().initAmount(), Flop(~Uint128{0}));
  }
  CheckAllRules(world.set(), "base of 2^128 - 1");
  const std::vector<size_t> places = PassportPlaces(world.set());
  const auto sums = SumsOfAll(world.set()).Along(CumulativeRule(kAllTypes), places);
  BOOST_CHECK_EQUAL(Text(sums.at(0).sum), Flop(~Uint128{0}).ToString());
  BOOST_CHECK_EQUAL(Text(sums.at(1).sum), "overflow");
  BOOST_CHECK_EQUAL(Text(sums.at(2).sum), Flop(~Uint128{0}).ToString());
}

// Beyond the bound nothing is claimed.
BOOST_AUTO_TEST_CASE(beyond_the_bound_are_not_known) {
  LineageFile world;
  world.AddModel("base", RunKind::PRE_TRAINING, {});
  world.AddModel("chat", RunKind::FINE_TUNE, {{wire::EdgeType::FINE_TUNED_FROM, "base", "base"}});
  const std::vector<size_t> places = PassportPlaces(world.set());
  const size_t pass = 8 * (world.set().size() + 2 * 3 + 1);  // three arcs a model, and the edge
  SumsOfAll sums(world.set(), 3 * pass);
  for (int i = 0; i < 3; ++i) {
    const auto known = sums.Along(CumulativeRule(kAllTypes), places);
    BOOST_CHECK(known.at(0).known && known.at(1).known);
  }
  const auto unknown = sums.Along(CumulativeRule(kAllTypes), places);
  BOOST_CHECK(!unknown.at(0).known && !unknown.at(1).known);
  BOOST_CHECK(!unknown.at(0).sum.has_value());
}

// Two models made of each of the last two: every one is reached along more than one path.
BOOST_AUTO_TEST_CASE(sets_that_are_too_large_are_not_known_and_the_others_are) {
  LineageFile world;
  for (int i = 0; i < 40; ++i) {
    std::vector<EdgeSpec> edges;
    for (int back = 1; back <= 2 && back <= i; ++back) {
      const std::string below = "m" + std::to_string(i - back);
      edges.push_back({wire::EdgeType::MERGED_FROM, below, below});
    }
    world.AddModel("m" + std::to_string(i), RunKind::MERGE, edges);
  }
  const std::vector<size_t> places = PassportPlaces(world.set());
  const size_t pass = 8 * (world.set().size() + 40 * 3 + 39 + 38);
  const auto sums = SumsOfAll(world.set(), pass + 20).Along(CumulativeRule(kAllTypes), places);
  BOOST_CHECK(sums.front().known);
  BOOST_CHECK(!sums.back().known);
  CheckAllRules(world.set(), "with room for all");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(shared_sets)

BOOST_AUTO_TEST_CASE(a_union_that_adds_nothing_is_the_same_set) {
  SharedSets sets(100, 100);
  const size_t a = sets.AddMember(Flop(1));
  const size_t b = sets.AddMember(Flop(10));
  const auto only_a = sets.Union({}, a).value();
  const auto both = sets.Union(std::vector{only_a}, b).value();
  BOOST_CHECK(sets.WeightOf(both) == Flop(11));
  BOOST_CHECK(sets.Union(std::vector{only_a, both}, {}) == both);
  BOOST_CHECK(sets.Union(std::vector{both}, a) == both);
  BOOST_CHECK(sets.WeightOf(SharedSets::kEmpty) == Flop(0));
}

BOOST_AUTO_TEST_CASE(weights_are_those_of_a_set_made_one_by_one) {
  std::mt19937 random(7);
  SharedSets sets(1 << 20, 1 << 20);
  std::vector<std::set<size_t>> expected = {{}};
  std::vector<SharedSets::Id> ids = {SharedSets::kEmpty};
  std::vector<uint64_t> weights;
  for (int round = 0; round < 500; ++round) {
    std::set<size_t> members;
    std::vector<SharedSets::Id> parts;
    for (size_t i = random() % 4; i > 0; --i) {
      const size_t part = random() % ids.size();
      parts.push_back(ids[part]);
      members.insert(expected[part].begin(), expected[part].end());
    }
    std::optional<size_t> member;
    if (random() % 2 == 0) {
      weights.push_back(random() % 1000);
      member = sets.AddMember(Flop(weights.back()));
      members.insert(*member);
    }
    ids.push_back(sets.Union(parts, member).value());
    uint64_t sum = 0;
    for (const size_t each : members) sum += weights[each];
    BOOST_REQUIRE_EQUAL(sets.WeightOf(ids.back())->ToString(), std::to_string(sum));
    expected.push_back(std::move(members));
  }
}

BOOST_AUTO_TEST_CASE(are_bounded_in_memory_and_work) {
  SharedSets small(1, 100);
  const auto first = small.Union({}, small.AddMember(Flop(1)));
  BOOST_CHECK(first.has_value());
  BOOST_CHECK(!small.Union({}, small.AddMember(Flop(1))).has_value());
  SharedSets idle(100, 1);
  BOOST_CHECK(idle.Union({}, idle.AddMember(Flop(1))).has_value());
  BOOST_CHECK(!idle.Union({}, idle.AddMember(Flop(1))).has_value());
  BOOST_CHECK_EQUAL(idle.work_left(), 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::statements
