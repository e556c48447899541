// R18 on lines made by hand.
#include "tests/support/test.h"
#include "tests/verifier/lineage_file.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::BuilderOf;
using schemas::SetDigest;
using test::LineageFile;
using test::Named;

artifact::ModelFiles Files(const char* model) {
  return {.files = {{"model.safetensors", 1, Named<Sha256Digest>(model)}},
          .digest = Named<ModelDigest>(model),
          .weight_sets = {},
          .not_covered = {},
          .warnings = {},
          .total_bytes = 1};
}

BOOST_AUTO_TEST_SUITE(lineage_root)

BOOST_AUTO_TEST_CASE(takes_the_passport_of_the_model_as_root) {
  LineageFile world = test::HonestLineage();
  Findings findings;
  BOOST_CHECK_EQUAL(FindRoot(world.set(), Files("chat"), findings), &world.At("chat"));
  BOOST_CHECK_EQUAL(FindRoot(world.set(), Files("base"), findings), &world.At("base"));
  BOOST_CHECK(findings.empty());
}

BOOST_AUTO_TEST_CASE(names_the_file_that_makes_another_model) {
  LineageFile world = test::HonestLineage();
  Findings findings;
  BOOST_CHECK(FindRoot(world.set(), Files("flipped"), findings) == nullptr);
  const std::string reason = test::FirstReason(findings);
  BOOST_CHECK_MESSAGE(reason.starts_with("18 other-model: passport of \"chat\" ("), reason);
  BOOST_CHECK_MESSAGE(reason.find("model.safetensors is sha256:") != std::string::npos, reason);
}

BOOST_AUTO_TEST_CASE(names_the_file_that_is_not_in_the_passport) {
  LineageFile world = test::HonestLineage();
  artifact::ModelFiles model = Files("more");
  model.files.insert(model.files.begin(), {"extra.py", 1, Named<Sha256Digest>("extra")});
  Findings findings;
  BOOST_CHECK(FindRoot(world.set(), model, findings) == nullptr);
  const std::string reason = test::FirstReason(findings);
  BOOST_CHECK_MESSAGE(
      reason.find("extra.py is in the model, but not in the passport") != std::string::npos,
      reason);
}

BOOST_AUTO_TEST_CASE(tells_other_files_around_the_same_tensors) {
  LineageFile world = test::HonestLineage();
  auto set = BuilderOf<wire::Passport>(world.At("base").predicate).initTensorRoots(1)[0];
  set.setSet("model.safetensors");
  SetDigest(set.initRoot(), Named<TensorRoot>("t"));
  artifact::ModelFiles model = Files("edited");
  model.weight_sets.push_back(
      {"other-name.safetensors", Named<TensorRoot>("t"), 1, false, {1, 1, "elements"}, {}});
  Findings findings;
  BOOST_CHECK(FindRoot(world.set(), model, findings) == nullptr);
  BOOST_CHECK(test::FirstReason(findings).starts_with(
      "18 files-differ-tensors-agree: passport of \"base\""));
}

BOOST_AUTO_TEST_CASE(refuses_two_passports_of_the_model) {
  LineageFile world = test::HonestLineage();
  world.AddPassport("chat again", "chat.done", "chat");
  Findings findings;
  BOOST_CHECK(FindRoot(world.set(), Files("chat"), findings) == nullptr);
  BOOST_CHECK(
      test::FirstReason(findings).starts_with("18 two-passports: passport of \"chat again\""));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_without_passport) {
  LineageFile world;
  Findings findings;
  BOOST_CHECK(FindRoot(world.set(), Files("chat"), findings) == nullptr);
  BOOST_CHECK(test::FirstReason(findings).starts_with("18 other-model: no passport statement"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::lineage
