#include "pipeline/trace.h"

#include <map>
#include <set>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "pipeline/own_statement.h"
#include "pipeline/set_fields.h"
#include "schemas/readers.h"
#include "tests/pipeline/trained_model.h"
#include "tests/support/command.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

constexpr uint64_t kFlopPerToken = 6'000'000;

std::string Hex(const StatementId& id) { return HexEncode(id.span()); }
SubjectDigest AsSubject(const StatementId& id) { return Retag<SubjectDigest>(id); }
SubjectDigest ModelSubject(const std::string& name) {
  return Retag<SubjectDigest>(MakeModel(name).digest);
}

struct Fixture {
  RealLedger world;
  TrainedModel base = Train(world, "base");
  StatementId base_passport = Issue(world, "base", base.completion).id;
  TrainedModel chat = Train(
      world, "chat",
      {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "base", Hex(base_passport))}});
  StatementId chat_passport = Issue(world, "chat", chat.completion).id;

  Result<pipeline::Trace> TryTrace(const SubjectDigest& subject,
                                   const std::string& policy = "eu-systemic",
                                   size_t max_nodes = 100'000) {
    const auto rules = ValueOf(verifier::policy::ShippedPolicy(policy, world.now()), policy);
    return TraceLineage(*world.Read(), subject, rules, nullptr, max_nodes);
  }
  pipeline::Trace TraceTrusting(const SubjectDigest& subject) {
    const auto rules = ValueOf(verifier::policy::ShippedPolicy("eu-gpai", world.now()), "policy");
    const trust::Trust trust = world.MakeTrust();
    return ValueOf(TraceLineage(*world.Read(), subject, rules, &trust), "trace");
  }
  // A passport of the same model by somebody whom nobody knows.
  StatementId LogStrangersPassport(const std::string& name) {
    const auto bundle = ValueOf(
        world.Read()->BundleAt(ValueOf(world.Read()->Find(chat_passport), "row").index), "bundle");
    auto passport = ValueOf(ReadOwnStatement(bundle), "passport").TakePredicate();
    schemas::BuilderOf<wire::Passport>(passport).setName(name);
    return ValueOf(Attest(std::move(passport), *KeyNamed("stranger").signer, world.ledger(),
                          world.Moment()),
                   "attest")
        .id;
  }
  pipeline::Trace Trace(const SubjectDigest& subject, const std::string& policy = "eu-systemic") {
    return ValueOf(TryTrace(subject, policy), "trace");
  }
  static std::multiset<std::string> Kinds(const pipeline::Trace& trace) {
    std::multiset<std::string> kinds;
    for (const TraceNode& node : trace.nodes) kinds.emplace(schemas::KindName(node.kind));
    return kinds;
  }
  static bool HasEdge(const pipeline::Trace& trace, const StatementId& from, const StatementId& to,
                      const std::string& label) {
    for (const TraceEdge& edge : trace.edges) {
      if (trace.nodes[edge.from].id == from && trace.nodes[edge.to].id == to &&
          edge.label == label) {
        return true;
      }
    }
    return false;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trace, Fixture)

BOOST_AUTO_TEST_CASE(a_model_is_traced_from_its_passport) {
  const auto traced = Trace(ModelSubject("chat"));
  BOOST_CHECK(traced.nodes.at(0).id == chat_passport);
  BOOST_CHECK_EQUAL(traced.nodes[0].label, "chat");
  BOOST_CHECK(Kinds(traced) == (std::multiset<std::string>{
                                   "passport", "passport", "completion", "completion", "run", "run",
                                   "segment", "segment", "segment", "segment", "segment", "segment",
                                   "device", "allocation", "dataset"}));
  BOOST_CHECK(traced.unknown_parents.empty());
  BOOST_CHECK(HasEdge(traced, chat_passport, chat.completion, "completion"));
  BOOST_CHECK(HasEdge(traced, chat.run, base_passport, "fine-tuned-from"));
  BOOST_CHECK(HasEdge(traced, chat.segments[2].id, chat.segments[1].id, "previous"));
  BOOST_CHECK(HasEdge(traced, chat.segments[2].id, chat.segments[0].id, "weights_from"));
}

BOOST_AUTO_TEST_CASE(any_statement_and_any_digest_may_be_the_subject) {
  BOOST_CHECK(Trace(AsSubject(chat.segments[0].id)).nodes[0].id == chat.segments[0].id);
  BOOST_CHECK(Trace(AsSubject(base_passport)).nodes[0].id == base_passport);
  BOOST_CHECK(Trace(Retag<SubjectDigest>(crypto::Sha256Of("texts"))).nodes[0].id == world.dataset);
  BOOST_CHECK(Trace(ModelSubject("chat0")).nodes[0].id == chat.segments[0].id);
  const SubjectDigest nowhere(std::array<uint8_t, 32>{7});
  CHECK_ERROR(TryTrace(nowhere), ErrorCode::kNotFound, "07000000");
}

BOOST_AUTO_TEST_CASE(of_two_passports_for_a_model_the_later_is_meant) {
  const std::string draft =
      With(R"("version":"2","supersedes":")" + Hex(chat_passport) + "\"", PassportDraft("chat"));
  REQUIRE_VALUE(const auto second, TryIssue(world, draft, chat.completion, MakeModel("chat")));
  BOOST_CHECK(Trace(ModelSubject("chat")).nodes[0].id == second.id);
}

BOOST_AUTO_TEST_CASE(a_strangers_later_passport_does_not_hide_a_trusted_partys) {
  const StatementId strangers = LogStrangersPassport("chat");
  const auto blind = Trace(ModelSubject("chat"));
  BOOST_CHECK(blind.nodes[0].id == strangers);
  BOOST_CHECK_EQUAL(blind.other_passports, 1U);
  const auto trusting = TraceTrusting(ModelSubject("chat"));
  BOOST_CHECK(trusting.nodes[0].id == chat_passport);
  BOOST_CHECK_EQUAL(trusting.nodes[0].party, "lab");
  BOOST_CHECK_EQUAL(trusting.other_passports, 1U);
  BOOST_CHECK(RenderTrace(trusting, TraceFormat::kTree)
                  .find("1 other passport is about this digest in this ledger\n") !=
              std::string::npos);
  BOOST_CHECK_EQUAL(TraceTrusting(ModelSubject("base")).other_passports, 0U);
  BOOST_CHECK_EQUAL(Trace(AsSubject(strangers)).other_passports, 0U);
}

BOOST_AUTO_TEST_CASE(a_trusted_completion_goes_before_a_strangers_passport) {
  const TrainedModel unpublished = Train(world, "unpublished");
  const auto completion =
      ValueOf(world.Read()->BundleAt(ValueOf(world.Read()->Find(chat_passport), "row").index), "b");
  auto passport = ValueOf(ReadOwnStatement(completion), "passport").TakePredicate();
  SetModel(MakeModel("unpublished"), passport);
  SetFiles(MakeModel("unpublished").files, passport);
  // Not by Attest, which would refuse it.
  const signer::Signer& stranger = *KeyNamed("stranger").signer;
  const Moment moment = world.Moment();
  auto lie = ValueOf(stranger.SignPredicate(std::move(passport),
                                            {world.ledger().key().id(), moment.now, moment.nonce}),
                     "sign");
  const Bytes signature = lie.signature();
  ValueOf(AppendSigned(std::move(lie.statement), signature, stranger.public_key(), world.ledger()),
          "append");
  const auto trusting = TraceTrusting(ModelSubject("unpublished"));
  BOOST_CHECK(trusting.nodes[0].id == unpublished.completion);
  BOOST_CHECK_EQUAL(trusting.other_passports, 1U);
}

BOOST_AUTO_TEST_CASE(a_name_cannot_speak_for_another) {
  LogStrangersPassport("chat\", says lab (verified by \"hub");
  const std::string tree = RenderTrace(TraceTrusting(ModelSubject("chat")), TraceFormat::kTree);
  BOOST_CHECK(tree.starts_with("passport \"chat\", says lab  sha256:"));
  const std::string blind = RenderTrace(Trace(ModelSubject("chat")), TraceFormat::kTree);
  BOOST_CHECK_MESSAGE(
      blind.starts_with(R"(passport "chat\", says lab (verified by \"hub", says key:)"), blind);
}

BOOST_AUTO_TEST_CASE(each_node_says_its_own_flop) {
  const auto traced = Trace(ModelSubject("base"));
  std::map<std::string, std::string> flop;
  for (const TraceNode& node : traced.nodes) flop[Hex(node.id)] = node.flop;
  const uint64_t unit = kDraftTokens * kFlopPerToken;
  BOOST_CHECK_EQUAL(flop.at(Hex(base.segments[1].id)), std::to_string(2 * unit));
  BOOST_CHECK_EQUAL(flop.at(Hex(base.completion)), std::to_string(6 * unit));
  BOOST_CHECK_EQUAL(flop.at(Hex(base_passport)), std::to_string(6 * unit));
  BOOST_CHECK_EQUAL(flop.at(Hex(base.run)), "");
}

BOOST_AUTO_TEST_CASE(sums_follow_the_policys_figure_and_edges) {
  const uint64_t unit = kDraftTokens * kFlopPerToken;
  // Of each run's segments of 1, 2 and 3 units, the second was discarded: no update counts it.
  for (const auto& [policy, figure, units] :
       {std::tuple("eu-gpai", "update", 2 * (1 + 3)), std::tuple("eu-systemic", "total", 2 * 6)}) {
    const auto traced = Trace(ModelSubject("chat"), policy);
    BOOST_REQUIRE_EQUAL(traced.sums.size(), 1U);
    BOOST_CHECK_EQUAL(traced.sums[0].policy, policy);
    BOOST_CHECK_EQUAL(traced.sums[0].figure, figure);
    BOOST_CHECK_EQUAL(traced.sums[0].amount.ToString(),
                      std::to_string(static_cast<uint64_t>(units) * unit));
    BOOST_CHECK(!traced.sums[0].lower_bound);
  }
  BOOST_CHECK(Trace(ModelSubject("chat"), "hub-default").sums.empty());
  BOOST_CHECK(Trace(AsSubject(chat.run)).sums.empty());
}

BOOST_AUTO_TEST_CASE(parents_that_the_ledger_does_not_hold_are_listed) {
  const StatementId nowhere(std::array<uint8_t, 32>{9});
  const auto orphan = Train(
      world, "orphan",
      {.kind = "merge",
       .inputs = {EdgeTo("merged-from", "lost"), EdgeTo("merged-from", "hidden", "undisclosed"),
                  drafts::Edge("distilled-from", ""), EdgeTo("merged-from", "far", Hex(nowhere))}},
      {.on_finding = pipeline::OnFinding::kNote});
  const auto traced = Trace(AsSubject(orphan.completion));
  const auto lost = HexEncode(MakeModel("lost").digest.span());
  const auto hidden = HexEncode(MakeModel("hidden").digest.span());
  BOOST_REQUIRE_EQUAL(traced.unknown_parents.size(), 4U);
  BOOST_CHECK_EQUAL(traced.unknown_parents[0], "merged-from sha256:" + lost + " (no passport)");
  BOOST_CHECK_EQUAL(traced.unknown_parents[1],
                    "merged-from sha256:" + hidden + " (statement undisclosed)");
  BOOST_CHECK_EQUAL(traced.unknown_parents[2], "distilled-from an undisclosed model (no passport)");
  BOOST_CHECK(traced.unknown_parents[3].find("sha256:" + Hex(nowhere) + " (not in this ledger)") !=
              std::string::npos);
  BOOST_CHECK(RenderTrace(traced, TraceFormat::kTree).find("unknown: merged-from sha256:" + lost) !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_parent_without_statement_makes_the_sum_a_lower_bound) {
  const auto orphan =
      Train(world, "orphan", {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "lost")}});
  const auto traced = Trace(AsSubject(orphan.completion));
  BOOST_REQUIRE_EQUAL(traced.sums.size(), 1U);
  BOOST_CHECK(traced.sums[0].lower_bound);
  BOOST_CHECK(RenderTrace(traced, TraceFormat::kTree).find("at least ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_trace_is_cut_at_its_bound) {
  REQUIRE_VALUE(const auto cut, TryTrace(ModelSubject("chat"), "eu-systemic", 3));
  BOOST_CHECK_EQUAL(cut.nodes.size(), 3U);
  BOOST_CHECK(!cut.unknown_parents.empty());
}

BOOST_AUTO_TEST_CASE(ids_come_breadth_first_each_once) {
  REQUIRE_VALUE(const auto rows, TraceIds(*world.Read(), chat_passport, 1'000));
  BOOST_REQUIRE_EQUAL(rows.size(), 15U);
  BOOST_CHECK(rows[0].id == chat_passport);
  BOOST_CHECK(rows[1].id == chat.completion);
  std::set<std::string> distinct;
  for (const auto& row : rows) distinct.insert(Hex(row.id));
  BOOST_CHECK_EQUAL(distinct.size(), rows.size());
}

BOOST_AUTO_TEST_CASE(json_keeps_every_statement) {
  const auto json =
      boost::json::parse(RenderTrace(Trace(ModelSubject("chat")), TraceFormat::kJson));
  BOOST_CHECK(!json.at("verified").as_bool());
  BOOST_CHECK_EQUAL(json.at("nodes").as_array().size(), 15U);
  BOOST_CHECK(json.at("unknown_parents").as_array().empty());
  std::set<std::string> ids;
  for (const auto& node : json.at("nodes").as_array()) {
    ids.emplace(node.at("statement").as_string());
    BOOST_CHECK(node.at("signer").as_string().starts_with("key:"));
    BOOST_CHECK_EQUAL(node.as_object().contains("run"), node.at("kind") == "segment");
  }
  for (const auto& edge : json.at("edges").as_array()) {
    BOOST_CHECK(ids.contains(std::string(edge.at("from").as_string())));
    BOOST_CHECK(ids.contains(std::string(edge.at("to").as_string())));
  }
  const auto& sum = json.at("sums").at(0).as_object();
  BOOST_CHECK_EQUAL(sum.at("limit").as_string(), "10000000000000000000000000");
  BOOST_CHECK_EQUAL(sum.at("flop").as_string(), std::to_string(12 * kDraftTokens * kFlopPerToken));
}

BOOST_AUTO_TEST_CASE(the_tree_folds_the_segments_of_a_run) {
  const std::string tree = RenderTrace(Trace(ModelSubject("chat")), TraceFormat::kTree);
  BOOST_CHECK(tree.starts_with("passport \"chat\", says key:"));
  BOOST_CHECK(tree.find("…  sha256:" + Hex(chat_passport).substr(0, 8)) != std::string::npos);
  // 12,000,000,000 + 24,000,000,000 + … = 6 units of 6e9.
  BOOST_CHECK(tree.find("3 segments  3.6e10 FLOP") != std::string::npos);
  BOOST_CHECK(tree.find("fine-tuned-from: passport \"base\"") != std::string::npos);
  BOOST_CHECK(tree.ends_with("nothing was verified: this is what the ledger contains\n"));
  BOOST_CHECK(tree.find("eu-systemic counts total: 72000000000 FLOP (7.2e10)") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_segments_tree_shows_its_run) {
  const std::string tree = RenderTrace(Trace(AsSubject(chat.segments[1].id)), TraceFormat::kTree);
  BOOST_CHECK_MESSAGE(tree.find("\n  run fine-tune") != std::string::npos, tree);
  BOOST_CHECK(tree.find("fine-tuned-from: passport \"base\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_drawing_is_dot, *boost::unit_test::precondition(HasProgram("dot"))) {
  const ScratchFolder scratch;
  const std::string file =
      scratch.Write("lineage.dot", RenderTrace(Trace(ModelSubject("chat")), TraceFormat::kDot));
  // Its own reader: 2 passports, completions, runs and folded segments; device, allocation, data.
  const std::string plain = MustRun("dot -Tplain " + file);
  size_t nodes = 0;
  for (const std::string& line : LinesOf(plain)) nodes += line.starts_with("node ") ? 1U : 0U;
  BOOST_CHECK_EQUAL(nodes, 11U);
}

BOOST_AUTO_TEST_CASE(labels_of_a_drawing_are_quoted) {
  pipeline::Trace traced;
  traced.nodes.push_back({chat_passport, LeafIndex(0), schemas::Kind::kPassport,
                          SignerId(KeyId(std::array<uint8_t, 32>{})), "lab", R"(a"b\c)", "",
                          std::nullopt, false});
  BOOST_CHECK(
      RenderTrace(traced, TraceFormat::kDot).find(R"(label="passport \"a\\\"b\\\\c\", says lab)") !=
      std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
