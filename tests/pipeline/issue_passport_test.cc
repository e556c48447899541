#include "pipeline/issue_passport.h"

#include <map>
#include <set>

#include "core/hex.h"
#include "pipeline/own_statement.h"
#include "pipeline/set_fields.h"
#include "schemas/readers.h"
#include "tests/pipeline/trained_model.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

// 6 operations per parameter and token (S9), 1,000,000 parameters.
constexpr uint64_t kFlopPerToken = 6'000'000;

std::string Hex(const StatementId& id) { return HexEncode(id.span()); }

// The sum of `update` or `total` over those segments of a passport that satisfy the predicate.
std::string PlainSum(const std::vector<boost::json::object>& lines, const std::string& figure,
                     const std::function<bool(const boost::json::object&)>& taken) {
  uint64_t sum = 0;
  for (const auto& line : lines) {
    const auto statement = StatementIn(line);
    if (statement.at("predicateType") != "urn:carnet:segment:v1") continue;
    const auto& predicate = statement.at("predicate").as_object();
    if (!taken(predicate)) continue;
    sum += std::stoull(predicate.at("flop").at(figure).at("amount").as_string().c_str());
  }
  return std::to_string(sum);
}

std::string PlainSumOfAll(const std::vector<boost::json::object>& lines) {
  return PlainSum(lines, "total", [](const boost::json::object&) { return true; });
}

boost::json::object PredicateOf(const std::vector<boost::json::object>& lines,
                                const std::string& kind, const std::string& name = "") {
  for (const auto& line : lines) {
    const auto statement = StatementIn(line);
    const auto& predicate = statement.at("predicate").as_object();
    if (statement.at("predicateType").as_string() != "urn:carnet:" + kind + ":v1") continue;
    if (name.empty() || predicate.at("name").as_string() == name) return predicate;
  }
  GiveUp("no " + kind + " " + name);
}

std::map<std::string, size_t> CountKinds(const std::vector<boost::json::object>& lines) {
  std::map<std::string, size_t> kinds;
  for (const auto& line : lines) {
    ++kinds[std::string(StatementIn(line).at("predicateType").as_string())];
  }
  return kinds;
}

struct Fixture {
  RealLedger world;
  TrainedModel base = Train(world, "base");
  const artifact::ModelFiles model = MakeModel("base");

  Result<IssuedPassport> TryDraft(const std::string& draft) {
    return TryIssue(world, draft, base.completion, model);
  }
  // A run of one segment that ends in `files`; its completion.
  StatementId RecordOf(const artifact::ModelFiles& files, const std::string& completion) {
    const auto recorder =
        ValueOf(Recorder::Open(world / "another", world.lab(), world.ledger()), "recorder");
    ValueOf(recorder->OpenRun(world.RunDraft(), world.Moment()), "open");
    ValueOf(recorder->Segment(world.SegmentDraft(0), 0, files, world.Moment()), "segment");
    return ValueOf(recorder->Complete(completion, files, world.Moment()), "done").id;
  }
  // A refusal before anything is signed.
  void CheckRefused(const std::string& draft, ErrorCode code, const std::string& message) {
    const uint64_t size = world.size();
    const auto issued = TryDraft(draft);
    CHECK_ERROR(issued, code, message);
    BOOST_CHECK_EQUAL(world.size(), size);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(issue_passport, Fixture)

BOOST_AUTO_TEST_CASE(a_passport_is_the_closure_of_its_completion_and_passes) {
  const IssuedPassport issued = Issue(world, "base", base.completion);
  const auto lines = LinesAsJson(issued.bytes);
  BOOST_CHECK(CountKinds(lines) == (std::map<std::string, size_t>{{"urn:carnet:passport:v1", 1},
                                                                  {"urn:carnet:completion:v1", 1},
                                                                  {"urn:carnet:run:v1", 1},
                                                                  {"urn:carnet:segment:v1", 3},
                                                                  {"urn:carnet:device:v1", 1},
                                                                  {"urn:carnet:allocation:v1", 1},
                                                                  {"urn:carnet:dataset:v1", 1}}));
  BOOST_CHECK_EQUAL(issued.bytes.back(), '\n');
  BOOST_CHECK(issued.verdict.decision == verifier::Decision::kPass);
  BOOST_CHECK(issued.verdict.passport == issued.id);
  BOOST_CHECK(world.Judge(issued.bytes, model).decision == verifier::Decision::kPass);
}

BOOST_AUTO_TEST_CASE(all_receipts_are_under_one_checkpoint) {
  const auto lines = LinesAsJson(Issue(world, "base", base.completion).bytes);
  std::set<std::string> checkpoints;
  for (const auto& line : lines) {
    const auto& entries = line.at("verificationMaterial").at("tlogEntries").as_array();
    BOOST_REQUIRE_EQUAL(entries.size(), 1U);
    checkpoints.emplace(
        entries[0].at("inclusionProof").at("checkpoint").at("envelope").as_string());
  }
  BOOST_CHECK_EQUAL(checkpoints.size(), 1U);
  BOOST_CHECK_EQUAL(*checkpoints.begin(), world.ledger().checkpoint());
}

BOOST_AUTO_TEST_CASE(cumulative_counts_every_segment_and_the_update_only_the_path) {
  const auto lines = LinesAsJson(Issue(world, "base", base.completion).bytes);
  const auto flop = PredicateOf(lines, "passport").at("flop").as_object();
  BOOST_CHECK_EQUAL(flop.at("cumulative").as_string(), PlainSumOfAll(lines));
  BOOST_CHECK_EQUAL(flop.at("cumulative").as_string(),
                    std::to_string((1 + 2 + 3) * kDraftTokens * kFlopPerToken));
  // The third continues from the weights of the first: the second was discarded.
  const std::string path = PlainSum(lines, "update", [](const boost::json::object& segment) {
    return segment.at("seq").to_number<int>() != 1;
  });
  BOOST_CHECK_EQUAL(flop.at("parameter_update").as_string(), path);
  BOOST_CHECK_EQUAL(path, std::to_string((1 + 3) * kDraftTokens * kFlopPerToken));
}

BOOST_AUTO_TEST_CASE(a_parent_counts_in_cumulative_and_not_in_the_update) {
  const IssuedPassport parent = Issue(world, "base", base.completion);
  const TrainedModel chat =
      Train(world, "chat",
            {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "base", Hex(parent.id))}});
  const IssuedPassport issued = Issue(world, "chat", chat.completion);
  const auto lines = LinesAsJson(issued.bytes);
  BOOST_CHECK_EQUAL(lines.size(), 9U + 6U);  // device, allocation and data set are shared
  const auto flop = PredicateOf(lines, "passport", "chat").at("flop").as_object();
  BOOST_CHECK_EQUAL(flop.at("cumulative").as_string(), PlainSumOfAll(lines));
  BOOST_CHECK_EQUAL(flop.at("cumulative").as_string(),
                    std::to_string(2 * 6 * kDraftTokens * kFlopPerToken));
  BOOST_CHECK_EQUAL(flop.at("parameter_update").as_string(),
                    std::to_string(4 * kDraftTokens * kFlopPerToken));
}

BOOST_AUTO_TEST_CASE(edges_are_the_weights_and_synthetic_data_unless_chosen) {
  const auto lines = LinesAsJson(Issue(world, "base", base.completion).bytes);
  const auto passport = PredicateOf(lines, "passport");
  std::set<std::string> edges;
  for (const auto& edge : passport.at("flop").at("edges").as_array()) {
    edges.emplace(edge.as_string());
  }
  BOOST_CHECK(edges == (std::set<std::string>{"fine-tuned-from", "initialised-from", "merged-from",
                                              "adapter-on", "quantised-from", "ablated-from",
                                              "synthetic-data-from"}));
}

BOOST_AUTO_TEST_CASE(cumulative_follows_the_chosen_edges_only) {
  const IssuedPassport parent = Issue(world, "base", base.completion);
  const TrainedModel chat =
      Train(world, "chat",
            {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "base", Hex(parent.id))}});
  const std::string draft =
      With(R"("flop":{"edges":["merged-from","adapter-on"]})", PassportDraft("chat"));
  REQUIRE_VALUE(const IssuedPassport issued,
                TryIssue(world, draft, chat.completion, MakeModel("chat")));
  const auto flop =
      PredicateOf(LinesAsJson(issued.bytes), "passport", "chat").at("flop").as_object();
  BOOST_CHECK_EQUAL(flop.at("cumulative").as_string(),
                    std::to_string(6 * kDraftTokens * kFlopPerToken));
  BOOST_CHECK_EQUAL(flop.at("edges").as_array().size(), 2U);
}

BOOST_AUTO_TEST_CASE(parameters_are_counted_where_they_are_not_stated) {
  const auto counted = LinesAsJson(Issue(world, "base", base.completion).bytes);
  BOOST_CHECK_EQUAL(PredicateOf(counted, "passport").at("parameters").at("total").as_int64(),
                    1'000'000);
}

BOOST_AUTO_TEST_CASE(parameters_of_the_completion_are_the_passports) {
  const StatementId done = RecordOf(model, R"({"parameters":{"total":999000}})");
  REQUIRE_VALUE(const IssuedPassport issued, TryIssue(world, PassportDraft("base"), done, model));
  BOOST_CHECK_EQUAL(
      PredicateOf(LinesAsJson(issued.bytes), "passport").at("parameters").at("total").as_int64(),
      999'000);
  CHECK_ERROR(TryIssue(world, With(R"("parameters":{"total":1000000})", PassportDraft("base")),
                       done, model),
              ErrorCode::kRejected, "states other parameters than completion");
}

BOOST_AUTO_TEST_CASE(weights_without_a_header_do_not_tell_their_parameters) {
  auto opaque = model;
  opaque.weight_sets.clear();
  const StatementId done = RecordOf(opaque, "{}");
  CHECK_ERROR(TryIssue(world, PassportDraft("base"), done, opaque), ErrorCode::kMalformed,
              "passport.json:1:1: parameters: `total` is required");
}

BOOST_AUTO_TEST_CASE(parameters_are_counted_where_every_header_tells_them) {
  auto several = model;
  several.weight_sets.push_back(MakeModelOf("more", 5).weight_sets.front());
  BOOST_CHECK_EQUAL(CountParameters(several).value(), 1'000'000 + 5'000);
  several.weight_sets[1].parameters = {5'000, 20'000, "packed"};
  BOOST_CHECK(!CountParameters(several));
  several.weight_sets[1].parameters = {~uint64_t{0}, ~uint64_t{0}, "elements"};
  BOOST_CHECK(!CountParameters(several));
}

BOOST_AUTO_TEST_CASE(a_repeated_call_returns_the_same_statement) {
  const IssuedPassport first = Issue(world, "base", base.completion);
  const uint64_t size = world.size();
  const IssuedPassport second = Issue(world, "base", base.completion);
  BOOST_CHECK(second.id == first.id);
  BOOST_CHECK_EQUAL(second.bytes, first.bytes);
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(another_signers_identical_passport_is_not_ones_own) {
  REQUIRE_VALUE(const IssuedPassport sites,
                TryIssue(world, {PassportDraft("base"), "passport.json", base.completion}, model,
                         *KeyNamed("site").signer));
  const uint64_t size = world.size();
  const IssuedPassport labs = Issue(world, "base", base.completion);
  BOOST_CHECK(labs.id != sites.id);
  BOOST_CHECK_EQUAL(world.size(), size + 1);
  const auto key = [&](const IssuedPassport& issued) {
    return PredicateOf(LinesAsJson(issued.bytes), "passport").at("head").at("signer").as_string();
  };
  BOOST_CHECK_EQUAL(key(sites), "key:" + HexEncode(KeyNamed("site").id().span()));
  BOOST_CHECK_EQUAL(key(labs), "key:" + HexEncode(KeyNamed("lab").id().span()));
  // They are equal except for their heads.
  auto one = PredicateOf(LinesAsJson(sites.bytes), "passport");
  auto other = PredicateOf(LinesAsJson(labs.bytes), "passport");
  one.erase("head");
  other.erase("head");
  BOOST_CHECK(one == other);
}

BOOST_AUTO_TEST_CASE(a_repeated_call_refreshes_the_receipts) {
  const IssuedPassport first = Issue(world, "base", base.completion);
  Train(world, "other");
  const IssuedPassport second = Issue(world, "base", base.completion);
  BOOST_CHECK(second.id == first.id);
  const auto lines = LinesAsJson(second.bytes);
  for (const auto& line : lines) {
    BOOST_CHECK_EQUAL(line.at("verificationMaterial")
                          .at("tlogEntries")
                          .at(0)
                          .at("inclusionProof")
                          .at("checkpoint")
                          .at("envelope")
                          .as_string(),
                      world.ledger().checkpoint());
  }
}

BOOST_AUTO_TEST_CASE(another_passport_for_the_model_must_supersede) {
  const IssuedPassport first = Issue(world, "base", base.completion);
  const std::string draft = With(R"("version":"2")", PassportDraft("base"));
  CheckRefused(draft, ErrorCode::kConflict, "a second passport");
  REQUIRE_VALUE(const IssuedPassport second,
                TryDraft(With(R"("supersedes":")" + Hex(first.id) + "\"", draft)));
  BOOST_CHECK(second.id != first.id);
}

BOOST_AUTO_TEST_CASE(what_the_gate_refuses_is_not_logged_and_the_corrected_one_is) {
  const std::string refused = With(R"("parameters":{"total":1})", PassportDraft("base"));
  CheckRefused(refused, ErrorCode::kRejected, "the gate refuses the passport: ");
  CheckRefused(refused, ErrorCode::kRejected, "(R35)");
  BOOST_CHECK(TryDraft(PassportDraft("base")).has_value());
}

// As the next entry, in everything that depends on where it is logged.
BOOST_AUTO_TEST_CASE(a_key_that_is_not_in_force_any_more_logs_no_passport) {
  const std::string origin = world.ledger().key().name();
  const auto issue_until = [&](uint64_t until) {
    const trust::Trust whole = world.MakeTrust();
    std::vector<trust::TrustedKey> keys;
    for (const trust::TrustedKey& key : whole.keys()) {
      keys.push_back({ValueOf(crypto::P256PublicKey::ParseSpki(key.key.spki()), "key"), key.party,
                      key.name, key.kinds, key.dates, key.sizes});
      if (key.signer() == world.lab().id()) keys.back().sizes[origin] = {0, until};
    }
    const trust::Trust trust =
        ValueOf(trust::Trust::Create(std::move(keys), whole.logs()), "trust");
    const auto policy =
        ValueOf(verifier::policy::ShippedPolicy("hub-default", world.now()), "policy");
    const verifier::Gate gate(trust, policy);
    return IssuePassport({PassportDraft("base"), "passport.json", base.completion}, model,
                         world.lab(), world.ledger(), gate, world.Moment());
  };
  const uint64_t size = world.size();
  CHECK_ERROR(issue_until(size), ErrorCode::kRejected, "key-not-in-force (R15)");
  BOOST_CHECK_EQUAL(world.size(), size);
  BOOST_CHECK(issue_until(size + 1).has_value());
}

BOOST_AUTO_TEST_CASE(strangers_cannot_crowd_out_ones_own_passport) {
  const IssuedPassport first = Issue(world, "base", base.completion);
  const auto bundle =
      ValueOf(world.Read()->BundleAt(ValueOf(world.Read()->Find(first.id), "row").index), "bundle");
  // 1,100 statements about the model, logged before the lab's second one.
  std::vector<ledger::Submission> crowd;
  for (int i = 0; i < 1'100; ++i) {
    auto twin = ValueOf(ReadOwnStatement(bundle), "passport").TakePredicate();
    schemas::BuilderOf<wire::Passport>(twin).setName("base " + std::to_string(i));
    schemas::SetDigest(schemas::BuilderOf<wire::Passport>(twin).initSupersedes(), first.id);
    auto made = ValueOf(
        KeyNamed("stranger")
            .signer->SignPredicate(std::move(twin),
                                   {world.ledger().key().id(), world.now(), world.Moment().nonce}),
        "sign");
    const Bytes signature = made.signature();
    crowd.push_back(
        ValueOf(ledger::Submission::VerifyParsed(std::move(made.statement), signature,
                                                 KeyNamed("stranger").signer->public_key()),
                "submission"));
  }
  ValueOf(world.ledger().Append(crowd), "append");
  const std::string draft =
      With(R"("version":"2","supersedes":")" + Hex(first.id) + "\"", PassportDraft("base"));
  REQUIRE_VALUE(const IssuedPassport second, TryDraft(draft));
  const uint64_t size = world.size();
  REQUIRE_VALUE(const IssuedPassport again, TryDraft(draft));
  BOOST_CHECK(again.id == second.id);
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(the_gates_reason_is_the_first_finding) {
  CHECK_ERROR(TryIssue(world, PassportDraft("base"), base.completion, MakeModel("another")),
              ErrorCode::kRejected, "completion-of-another-model (R22)");
}

BOOST_AUTO_TEST_CASE(an_undisclosed_figure_makes_the_sums_undisclosed) {
  const auto recorder =
      ValueOf(Recorder::Open(world / "hidden", world.lab(), world.ledger()), "recorder");
  ValueOf(recorder->OpenRun(world.RunDraft(), world.Moment()), "open");
  std::string draft = world.SegmentDraft(0);
  const size_t flop = draft.find(R"("flop":)");
  const size_t usage = draft.find(R"(,"usage")");
  draft.replace(flop, usage - flop, R"("flop":{"update":"undisclosed","total":"undisclosed"})");
  ValueOf(recorder->Segment(draft, 0, MakeModel("hidden"), world.Moment()), "segment");
  const auto done = ValueOf(recorder->Complete("{}", MakeModel("hidden"), world.Moment()), "done");
  REQUIRE_VALUE(const IssuedPassport issued,
                TryIssue(world, PassportDraft("hidden"), done.id, MakeModel("hidden")));
  const auto flop_of = PredicateOf(LinesAsJson(issued.bytes), "passport").at("flop");
  BOOST_CHECK_EQUAL(flop_of.at("parameter_update").as_string(), "undisclosed");
  BOOST_CHECK_EQUAL(issued.verdict.level.number, 1);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named_with_who_refers_to_it) {
  const auto recorder =
      ValueOf(Recorder::Open(world / "missing", world.lab(), world.ledger()), "recorder");
  ValueOf(recorder->OpenRun(world.RunDraft(), world.Moment()), "open");
  const StatementId nowhere(std::array<uint8_t, 32>{1, 2, 3});
  const std::string draft = drafts::Stretch(
      {.device = Hex(nowhere), .allocation = Hex(world.allocation), .from_ms = world.clock_ms});
  const auto segment =
      ValueOf(recorder->Segment(draft, 0, MakeModel("missing"), world.Moment()), "segment");
  const auto done = ValueOf(recorder->Complete("{}", MakeModel("missing"), world.Moment()), "done");
  const uint64_t size = world.size();
  CHECK_ERROR(TryIssue(world, PassportDraft("missing"), done.id, MakeModel("missing")),
              ErrorCode::kNotFound,
              "statement sha256:" + Hex(nowhere) +
                  " is not in this ledger, but sha256:" + Hex(segment.id) + " refers to it");
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(an_unknown_completion_is_not_found) {
  const StatementId nowhere(std::array<uint8_t, 32>{1, 2, 3});
  const auto issued = TryIssue(world, PassportDraft("base"), nowhere, model);
  CHECK_ERROR(issued, ErrorCode::kNotFound, Hex(nowhere) + " is not in this ledger");
  BOOST_CHECK(issued.error().message.find("refers") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_a_completion_has_a_passport) {
  CHECK_ERROR(TryIssue(world, PassportDraft("base"), base.run, model), ErrorCode::kRejected,
              Hex(base.run) + " is not a completion");
}

BOOST_AUTO_TEST_CASE(drafts_may_not_hold_what_is_computed) {
  for (const char* field :
       {"completion", "after", "model", "files", "tensor_roots", "parent_tensors"}) {
    CheckRefused(With("\"" + std::string(field) + "\":0", PassportDraft("base")),
                 ErrorCode::kMalformed, std::string(field) + ": is set by carnet");
  }
}

BOOST_AUTO_TEST_CASE(of_flop_a_draft_holds_the_edges_only) {
  for (const char* flop :
       {R"({"cumulative":"1"})", R"({"edges":[],"cumulative":"1"})", "{}", "7", R"({"edges":1})"}) {
    CheckRefused(With(R"("flop":)" + std::string(flop), PassportDraft("base")),
                 ErrorCode::kMalformed, "flop: may contain only `edges`");
  }
  for (const char* edges : {R"(["trained-on"])", "[1]", R"(["unset"])"}) {
    CheckRefused(With(R"("flop":{"edges":)" + std::string(edges) + "}", PassportDraft("base")),
                 ErrorCode::kMalformed, "flop.edges[0]: not an edge type");
  }
}

BOOST_AUTO_TEST_CASE(a_bad_draft_is_named) {
  CheckRefused("{", ErrorCode::kMalformed, "passport.json:1:");
  CheckRefused("[]", ErrorCode::kMalformed, "passport.json:1:1: must be a JSON object, not array");
  CheckRefused(With(R"("colour":1)", PassportDraft("base")), ErrorCode::kMalformed, "colour");
  CheckRefused(R"({"name":"base"})", ErrorCode::kMalformed, "intended_deployment");
  CheckRefused(With(R"("head":{})", PassportDraft("base")), ErrorCode::kMalformed, "head");
}

BOOST_AUTO_TEST_SUITE_END()
