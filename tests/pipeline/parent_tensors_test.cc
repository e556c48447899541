#include "pipeline/parent_tensors.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/pipeline/trained_model.h"
#include "tests/support/memory_model.h"
#include "tests/support/test.h"
#include "tests/support/value_of.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

// `printf '\0<sha256 of the bytes>  F32  [<shape>]  <name>\n' | sha256sum`
std::string Leaf(const std::string& content, const std::string& shape, const std::string& name) {
  return HexEncode(crypto::Sha256Of(std::string(1, '\0') +
                                    HexEncode(crypto::Sha256Of(content).span()) + "  F32  [" +
                                    shape + "]  " + name + "\n")
                       .span());
}

// A model "chat", fine-tuned from "base" with nine tenths of its parameters frozen, as they are.
struct Fixture {
  RealLedger world;
  TrainedModel base = Train(world, "base");
  IssuedPassport base_passport = Issue(world, "base", base.completion);
  const artifact::ModelFiles files = MakeTunedModel("chat", "base", "layers.weight");
  StatementId completion = Tune();

  StatementId Tune() {
    const auto recorder =
        ValueOf(Recorder::Open(world / "tuned", world.lab(), world.ledger()), "recorder");
    const std::string passport = HexEncode(base_passport.id.span());
    ValueOf(
        recorder->OpenRun(world.RunDraft({.kind = "fine-tune",
                                          .inputs = {EdgeTo("fine-tuned-from", "base", passport)}}),
                          world.Moment()),
        "open");
    const std::string amount = "4200000000";  // 1,000 tokens
    const drafts::Texts classes = {
        drafts::Class("trained", 100'000),
        drafts::Class("frozen-under-training", 900'000, {}, {"layers.*"})};
    const std::string figure = drafts::Stated(
        amount, "architecture", {drafts::Architecture({amount, 1'000, 1'000'000, classes})});
    const std::string segment = drafts::Stretch({.device = drafts::Hex(world.device),
                                                 .allocation = drafts::Hex(world.allocation),
                                                 .from_ms = world.clock_ms,
                                                 .figure_json = figure});
    ValueOf(recorder->Segment(segment, 0, files, world.Moment()), "segment");
    return ValueOf(recorder->Complete("{}", files, world.Moment()), "complete").id;
  }

  Result<IssuedPassport> IssueWith(const std::vector<ParentModel>& parents) {
    return TryIssue(world, {PassportDraft("chat"), "passport.json", completion, parents}, files,
                    world.lab());
  }
  void CheckRefused(const std::vector<ParentModel>& parents, const std::string& message) {
    const uint64_t size = world.size();
    CHECK_ERROR(IssueWith(parents), ErrorCode::kRejected, message);
    BOOST_CHECK_EQUAL(world.size(), size);
  }
};

boost::json::object RootOf(const IssuedPassport& issued) {
  return StatementIn(LinesAsJson(issued.bytes).front()).at("predicate").as_object();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parent_tensors, Fixture)

BOOST_AUTO_TEST_CASE(a_passport_has_the_leaves_of_the_parent_that_was_given) {
  REQUIRE_VALUE(const IssuedPassport issued, IssueWith({{"base", MakeModel("base")}}));
  const std::string expected = R"([{"leaves":[")" + Leaf("base embed", "1000,100", "embed.weight") +
                               R"(",")" + Leaf("base layers", "900,1000", "layers.weight") +
                               R"("]}])";
  BOOST_CHECK_EQUAL(RootOf(issued).at("parent_tensors"), boost::json::parse(expected));
  BOOST_CHECK_EQUAL(issued.verdict.level.number, 2);
}

BOOST_AUTO_TEST_CASE(without_a_parent_what_is_frozen_makes_a_lower_bound) {
  REQUIRE_VALUE(const IssuedPassport issued, IssueWith({}));
  BOOST_CHECK(!RootOf(issued).contains("parent_tensors"));
  BOOST_CHECK_EQUAL(issued.verdict.level.number, 1);
}

BOOST_AUTO_TEST_CASE(a_parent_in_other_files_or_given_again_is_listed_once) {
  const auto base_model = MakeModel("base");
  REQUIRE_VALUE(const IssuedPassport issued,
                IssueWith({{"one", Resharded(base_model)}, {"two", Reconfigured(base_model)}}));
  BOOST_CHECK_EQUAL(RootOf(issued).at("parent_tensors").as_array().size(), 1U);
}

BOOST_AUTO_TEST_CASE(weight_sets_that_no_parent_states_are_left_out) {
  auto more = MakeModel("base");
  more.weight_sets.push_back(MakeModelOf("more", 5).weight_sets.front());
  REQUIRE_VALUE(const IssuedPassport issued, IssueWith({{"base", more}}));
  BOOST_CHECK_EQUAL(RootOf(issued).at("parent_tensors").as_array().size(), 1U);
}

BOOST_AUTO_TEST_CASE(a_model_of_which_no_parent_states_a_root_is_named) {
  const std::string expected =
      "no weight set has a tensor root that a parent of the run states: expected sha256:" +
      HexEncode(MakeModel("base").weight_sets.front().root.span());
  CheckRefused({{"stranger", MakeModel("stranger")}}, "stranger: " + expected);
  CheckRefused({{"base", MakeModel("base")}, {"chat", files}}, "chat: " + expected);
  auto opaque = MakeModel("base");
  opaque.weight_sets.clear();
  CheckRefused({{"opaque", opaque}}, "opaque: " + expected);
}

BOOST_AUTO_TEST_CASE(a_run_without_parents_has_no_tensors_to_show) {
  const auto issued = TryIssue(world,
                               {PassportDraft("base"), "passport.json", base.completion,
                                std::vector<ParentModel>{{"base", MakeModel("base")}}},
                               MakeModel("base"), world.lab());
  CHECK_ERROR(issued, ErrorCode::kRejected, "base: no parent of the run states a tensor root");
}

BOOST_AUTO_TEST_SUITE_END()
