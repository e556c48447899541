// A fine-tune whose embedding stays as it was: `passport issue --parent-model`.
#include <filesystem>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/cli/cli_world.h"
#include "tests/support/drafts.h"
#include "tests/support/world.h"

using namespace carnet;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "tuned.passport.sigstore.jsonl";

// The leaf of a tensor of TinyWeights, by S6.
std::string Leaf(size_t bytes, char fill, const std::string& rest) {
  const std::string digest = HexEncode(crypto::Sha256Of(std::string(bytes, fill)).span());
  return HexEncode(
      crypto::Sha256Of(std::string(1, '\0') + digest + "  F32  " + rest + "\n").span());
}

// After the passport of `model`: `tuned`, which has its embedding and other values in its layer.
struct Fixture {
  CliWorld world{Stage::kPassport};

  Fixture() {
    const auto parent = StatementIn(LinesOf(world.Read("model.passport.sigstore.jsonl")).front());
    const std::string digest(parent.at("predicate").at("model").as_string());
    world.Write(
        "run2.json",
        drafts::Run({.kind = "fine-tune",
                     .inputs = {drafts::Edge("fine-tuned-from", digest, world.id("passport"))},
                     .datasets = drafts::Texts{world.id("dataset")}}));
    CheckDone(world.Sign({"run", "open", "--dir", "run2", "run2.json"}));
    fs::copy(world / "model", world / "tuned");
    world.Write("tuned/model.safetensors", TinyWeights('b').replace(LayerAt(), 144, 144, 'z'));
    const std::string amount = "376000";  // of 1,000 tokens: 6 * 36 + 4 * 40 each
    const drafts::Texts classes = {drafts::Class("trained", 36),
                                   drafts::Class("frozen-under-training", 40, {}, {"embedding.*"})};
    world.Write(
        "segment.json",
        SegmentDraftNow(world, 0,
                        drafts::Stated(amount, "architecture",
                                       {drafts::Architecture({amount, 1'000, 76, classes})})));
    CheckDone(
        world.Sign({"run", "segment", "--dir", "run2", "segment.json", "--checkpoint", "tuned"}));
    CheckDone(world.Sign({"run", "complete", "--dir", "run2", "--model", "tuned"}));
    world.Write("tuned.json", R"({"name":"tuned","intended_deployment":"research"})");
  }

  // Where the values of the layer begin.
  static size_t LayerAt() { return TinyWeights('b').size() - 144; }

  Ran Issue(const std::vector<std::string>& parents) {
    std::vector<std::string> arguments = {"passport", "issue", "--draft", "tuned.json",
                                          "--run",    "run2",  "--trust", "trust"};
    for (const std::string& parent : parents) {
      arguments.insert(arguments.end(), {"--parent-model", parent});
    }
    arguments.emplace_back("tuned");
    return world.Sign(arguments);
  }
  boost::json::object Verdict() {
    return world.Json({"verify", "tuned", "--passport", kFile, "--trust", "trust", "--json"});
  }
  boost::json::object Passport() {
    return StatementIn(LinesOf(world.Read(kFile)).front()).at("predicate").as_object();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parent_model, Fixture)

BOOST_AUTO_TEST_CASE(shows_the_tensors_that_did_not_train) {
  CheckDone(Issue({"model"}));
  const std::string expected = R"([{"leaves":[")" + Leaf(160, 'b', "[10,4]  embedding.weight") +
                               R"(",")" + Leaf(144, 'b', "[6,6]  layer.weight") + R"("]}])";
  BOOST_CHECK_EQUAL(Passport().at("parent_tensors"), boost::json::parse(expected));
  BOOST_CHECK_EQUAL(Verdict().at("level").at("number").to_number<int>(), 2);
}

BOOST_AUTO_TEST_CASE(without_it_what_is_frozen_is_a_word) {
  CheckDone(Issue({}));
  BOOST_CHECK(!Passport().contains("parent_tensors"));
  BOOST_CHECK_EQUAL(Verdict().at("level").at("number").to_number<int>(), 1);
}

BOOST_AUTO_TEST_CASE(may_be_repeated) {
  CheckDone(Issue({"model", "ckpt/1"}));
  BOOST_CHECK_EQUAL(Passport().at("parent_tensors").as_array().size(), 1U);
}

BOOST_AUTO_TEST_CASE(another_model_is_refused_by_its_folder) {
  const uint64_t size = world.TreeSize();
  CheckFailed(Issue({"model", "ckpt/0"}), 1,
              "ckpt/0: no weight set has a tensor root that a parent of the run states: expected "
              "sha256:");
  CheckFailed(Issue({"nowhere"}), 3, "nowhere");
  BOOST_CHECK(!fs::exists(world / kFile));
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_SUITE_END()
