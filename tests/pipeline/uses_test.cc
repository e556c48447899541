#include "pipeline/uses.h"

#include "pipeline/trace.h"
#include "tests/pipeline/two_devices.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

struct Fixture : TwoDevices {
  static std::set<std::string> Ids(const Uses& uses) {
    std::set<std::string> ids;
    for (const User& user : uses.users) ids.insert(Hex(user.id));
    return ids;
  }
  std::set<std::string> EveryId() {
    std::set<std::string> ids;
    for (const auto& [id, named] : NamedBy()) ids.insert(id);
    return ids;
  }
  pipeline::Trace Trace(const SubjectDigest& subject, std::optional<TraceDirection> direction = {},
                        const trust::Trust* trust = nullptr) {
    return ValueOf(TryTrace(subject, direction, trust), "trace");
  }
  Result<pipeline::Trace> TryTrace(const SubjectDigest& subject,
                                   std::optional<TraceDirection> direction = {},
                                   const trust::Trust* trust = nullptr,
                                   size_t max_nodes = 100'000) {
    const auto rules =
        ValueOf(verifier::policy::ShippedPolicy("eu-systemic", world.now()), "policy");
    return TraceLineage(*world.Read(), subject, rules, trust, max_nodes, direction);
  }
  static std::set<std::string> Users(const TraceUses& uses) {
    std::set<std::string> ids;
    for (size_t i = uses.starts; i < uses.nodes.size(); ++i) ids.insert(Hex(uses.nodes[i].id));
    return ids;
  }
  static bool Has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(uses, Fixture)

BOOST_AUTO_TEST_CASE(what_uses_a_statement_is_all_from_which_names_lead_to_it) {
  for (const StatementId& used :
       {texts, chats, first_device, second_device, first_allocation, base.run, base.segments[0].id,
        base.completion, base_passport, chat_passport}) {
    REQUIRE_VALUE(const auto found, FindUses(*world.Read(), {.starts = {used}}));
    auto expected = Leading(EveryId(), used);
    expected.erase(Hex(used));
    BOOST_CHECK(Ids(found) == expected);
  }
}

BOOST_AUTO_TEST_CASE(models_on_the_way_are_counted_along_the_shortest) {
  REQUIRE_VALUE(const auto found, FindUses(*world.Read(), {.starts = {texts}}));
  for (const User& user : found.users) {
    const bool is_chats = user.id == chat_passport || user.id == chat.run ||
                          user.id == chat.completion || user.id == chat.segments[1].id;
    if (is_chats) BOOST_CHECK_EQUAL(user.models_between, 1U);
    if (user.id == base_passport || user.id == base.run) BOOST_CHECK_EQUAL(user.models_between, 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_fan_of_strangers_is_bounded_and_trust_leaves_it_out) {
  for (int i = 0; i < 12; ++i) Derive(chats, "copy " + std::to_string(i), "stranger");
  CHECK_ERROR(FindUses(*world.Read(), {.starts = {chats}, .max_users = 20}), ErrorCode::kRejected,
              "more than 20 statements use it");
  CHECK_ERROR(TryTrace(AsSubject(chats), {}, nullptr, 20), ErrorCode::kRejected,
              "--trust leaves strangers out");
  const trust::Trust trust = world.MakeTrust();
  REQUIRE_VALUE(const auto found,
                FindUses(*world.Read(), {.starts = {chats}, .trust = &trust, .max_users = 20}));
  BOOST_CHECK_EQUAL(found.strangers, 12U);
  // Two models: run, three segments, completion, passport of each.
  BOOST_CHECK_EQUAL(found.users.size(), 12U);
}

BOOST_AUTO_TEST_CASE(a_dense_graph_costs_each_statement_once) {
  std::vector<std::string> layer = {Hex(chats)};
  size_t made = 0;
  for (int depth = 0; depth < 4; ++depth) {
    std::vector<std::string> next;
    for (int i = 0; i < 5; ++i) {
      const std::string name = std::to_string(depth) + "/" + std::to_string(i);
      next.push_back(Hex(world.Attest(
          Kind::kDataset,
          drafts::Dataset({.data = drafts::Hex(crypto::Sha256Of(name)), .derived_from = layer}),
          "stranger")));
      ++made;
    }
    layer = next;
  }
  REQUIRE_VALUE(const auto found, FindUses(*world.Read(), {.starts = {chats}}));
  const size_t others = 12;  // of chat and other
  BOOST_CHECK_EQUAL(found.users.size(), made + others);
}

BOOST_AUTO_TEST_CASE(a_trace_of_a_model_leads_back_and_of_a_thing_both_ways) {
  for (const StatementId& id : {base_passport, base.run, base.completion, base.segments[0].id})
    BOOST_CHECK(!Trace(AsSubject(id)).uses);
  for (const StatementId& id : {texts, first_device, first_allocation}) {
    const auto traced = Trace(AsSubject(id));
    BOOST_REQUIRE(traced.uses);
    auto expected = Leading(EveryId(), id);
    expected.erase(Hex(id));
    BOOST_CHECK(Users(*traced.uses) == expected);
  }
  BOOST_CHECK(!Trace(AsSubject(texts), TraceDirection::kAncestors).uses);
}

BOOST_AUTO_TEST_CASE(descendants_alone_have_no_ancestors_and_no_sums) {
  const auto down = Trace(AsSubject(base_passport), TraceDirection::kDescendants);
  BOOST_CHECK_EQUAL(down.nodes.size(), 1U);
  BOOST_CHECK(down.edges.empty() && down.sums.empty() && down.unknown_parents.empty());
  BOOST_REQUIRE(down.uses);
  BOOST_CHECK(Users(*down.uses).contains(Hex(chat_passport)));
  const auto both = Trace(AsSubject(base_passport), TraceDirection::kBoth);
  BOOST_CHECK_EQUAL(both.nodes.size(), Trace(AsSubject(base_passport)).nodes.size());
  BOOST_CHECK_EQUAL(both.sums.size(), 1U);
  BOOST_CHECK(Users(*both.uses) == Users(*down.uses));
}

BOOST_AUTO_TEST_CASE(a_models_digest_stands_for_all_statements_about_it) {
  const TrainedModel unnamed =
      Train(world, "unnamed", {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "base")}});
  const auto traced = Trace(ModelSubject("base"), TraceDirection::kDescendants);
  BOOST_CHECK(traced.nodes.at(0).id == base_passport);
  BOOST_CHECK_EQUAL(traced.uses->starts, 3U);  // passport, completion, last segment
  BOOST_CHECK(Users(*traced.uses).contains(Hex(unnamed.run)));
  BOOST_CHECK(Users(*traced.uses).contains(Hex(chat.run)));
  BOOST_CHECK(!Users(*traced.uses).contains(Hex(base.completion)));
  const std::string tree = RenderTrace(traced, TraceFormat::kTree);
  BOOST_CHECK_MESSAGE(
      Has(tree, "sha256:" + Hex(unnamed.run).substr(0, 8) + "…  as fine-tuned-from"), tree);
}

BOOST_AUTO_TEST_CASE(the_tree_says_who_uses_it_as_what) {
  const std::string tree = RenderTrace(Trace(AsSubject(texts)), TraceFormat::kTree);
  BOOST_CHECK_MESSAGE(tree.starts_with("dataset \"texts\", says key:"), tree);
  BOOST_CHECK(Has(tree, "\nused by\n  run pre-training, by key:"));
  BOOST_CHECK(Has(tree, "sha256:" + Hex(base.run).substr(0, 8) + "…  as dataset\n"));
  BOOST_CHECK(Has(tree, "3 segments, by key:"));
  BOOST_CHECK(Has(tree, "passport \"base\", says key:"));
  BOOST_CHECK(Has(tree, "run fine-tune, by key:"));
  BOOST_CHECK(Has(tree, "…  as fine-tuned-from\n"));
  BOOST_CHECK(tree.ends_with("nothing was verified: this is what the ledger contains\n"));
  const std::string unused =
      RenderTrace(Trace(AsSubject(chat_passport), TraceDirection::kBoth), TraceFormat::kTree);
  BOOST_CHECK(Has(unused, "used by nothing in this ledger\n"));
}

BOOST_AUTO_TEST_CASE(strangers_are_named_and_with_trust_counted) {
  const StatementId copied = Derive(texts, "copied", "stranger");
  const std::string key = "key:" + drafts::Hex(KeyNamed("stranger").id()).substr(0, 8);
  const std::string line =
      ", says " + key + "…  sha256:" + Hex(copied).substr(0, 8) + "…  as derived_from\n";
  const std::string blind = RenderTrace(Trace(AsSubject(texts)), TraceFormat::kTree);
  BOOST_CHECK_MESSAGE(Has(blind, line), blind);
  const trust::Trust trust = world.MakeTrust();
  const auto trusting = Trace(AsSubject(texts), {}, &trust);
  BOOST_CHECK_EQUAL(trusting.uses->strangers, 1U);
  const std::string tree = RenderTrace(trusting, TraceFormat::kTree);
  BOOST_CHECK(!Has(tree, Hex(copied).substr(0, 8)));
  BOOST_CHECK(Has(tree, "1 statement by strangers left out\n"));
  BOOST_CHECK(Has(tree, "run pre-training, by lab  sha256:"));
}

BOOST_AUTO_TEST_CASE(json_has_users_with_their_references) {
  const auto json = boost::json::parse(
      RenderTrace(Trace(AsSubject(texts), TraceDirection::kDescendants), TraceFormat::kJson));
  const auto& found = json.at("uses").as_object();
  BOOST_CHECK_EQUAL(found.at("starts").to_number<uint64_t>(), 1U);
  BOOST_CHECK_EQUAL(found.at("strangers").to_number<uint64_t>(), 0U);
  const auto named = NamedBy();
  std::set<std::string> ids;
  for (const auto& node : found.at("nodes").as_array())
    ids.emplace(node.at("statement").as_string());
  // Every name among them is an edge, and every edge such a name.
  std::set<std::pair<std::string, std::string>> expected, edges;
  for (const std::string& id : ids)
    for (const std::string& target : named.at(id))
      if (ids.contains(target)) expected.emplace(id, target);
  for (const auto& edge : found.at("edges").as_array())
    edges.emplace(std::string(edge.at("from").as_string()), std::string(edge.at("to").as_string()));
  BOOST_CHECK(edges == expected);
  const auto lineage =
      boost::json::parse(RenderTrace(Trace(AsSubject(base_passport)), TraceFormat::kJson));
  BOOST_CHECK(!lineage.as_object().contains("uses"));
}

BOOST_AUTO_TEST_CASE(a_drawing_has_both_directions,
                     *boost::unit_test::precondition(HasProgram("dot"))) {
  const ScratchFolder scratch;
  const auto traced = Trace(AsSubject(base_passport), TraceDirection::kBoth);
  const std::string file = scratch.Write("both.dot", RenderTrace(traced, TraceFormat::kDot));
  size_t nodes = 0, edges = 0;
  for (const std::string& line : LinesOf(MustRun("dot -Tplain " + file))) {
    nodes += line.starts_with("node ") ? 1U : 0U;
    edges += line.starts_with("edge ") ? 1U : 0U;
  }
  // Of base: passport, completion, run, segments, device, allocation, data; then run, segments,
  // completion, passport of chat.
  BOOST_CHECK_EQUAL(nodes, 7U + 4U);
  BOOST_CHECK_GE(edges, 10U);
}

BOOST_AUTO_TEST_CASE(what_only_edges_name_is_found_by_another_command) {
  Train(world, "orphan", {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "nobodys")}});
  CHECK_ERROR(TryTrace(ModelSubject("nobodys")), ErrorCode::kNotFound,
              "but runs name it as a parent (`carnet find --parent`)");
}

BOOST_AUTO_TEST_SUITE_END()
