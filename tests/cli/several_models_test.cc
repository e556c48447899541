// `digest` and `verify` of several models in one call, and passports that are found.
#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "model.passport.sigstore.jsonl";

struct Fixture {
  CliWorld world{Stage::kPassport};

  Fixture() {
    fs::copy(world / "model", world / "copy", fs::copy_options::recursive);
    fs::copy(world / "model", world / "other", fs::copy_options::recursive);
    world.Write("other/config.json", "{\"x\":1}\n");
  }
  Ran Verify(std::vector<std::string> more) const {
    more.insert(more.begin(), "verify");
    more.insert(more.end(), {"--trust", "trust"});
    return world.Run(more);
  }
};

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(several_models, Fixture)

BOOST_AUTO_TEST_CASE(digests_are_blocks_headed_by_their_paths) {
  const Ran both = world.Run({"digest", "model", "other"});
  CheckDone(both);
  const std::string model = world.Run({"digest", "model"}).out;
  const std::string other = world.Run({"digest", "other"}).out;
  BOOST_CHECK_EQUAL(both.out, "model:\n" + model + "\nother:\n" + other + "\n");
}

BOOST_AUTO_TEST_CASE(digests_are_one_document_in_json) {
  const auto json = world.Json({"digest", "model", "other", "--json"});
  BOOST_CHECK_EQUAL(NamesIn(json), "models");
  BOOST_REQUIRE_EQUAL(json.at("models").as_array().size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    const std::string path = i == 0 ? "model" : "other";
    const auto& each = json.at("models").at(i);
    BOOST_CHECK_EQUAL(each.at("path").as_string(), path);
    BOOST_CHECK_EQUAL(each.at("model").as_string(),
                      world.Json({"digest", path, "--json"}).at("model").as_string());
  }
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_read_keeps_no_other_back) {
  const Ran ran = world.Run({"digest", "missing", "model"});
  BOOST_CHECK_EQUAL(ran.status, 3);
  BOOST_CHECK(ran.err.find("missing") != ran.err.npos);
  BOOST_CHECK(ran.out.starts_with("model:\nmodel       sha256:"));
  const Ran json = world.Run({"digest", "missing", "model", "--json"});
  BOOST_CHECK_EQUAL(json.status, 3);
  const auto document = boost::json::parse(json.out);
  BOOST_CHECK_EQUAL(NamesIn(document.at("models").at(0)), "error path");
  BOOST_CHECK(document.at("models").at(1).as_object().contains("files"));
}

BOOST_AUTO_TEST_CASE(verdicts_are_blocks_headed_by_their_paths) {
  const Ran ran = Verify({"model", "copy", "--passport", kFile, "--passport", kFile});
  CheckDone(ran);
  BOOST_CHECK(ran.out.starts_with("model:\nmodel        pass"));
  BOOST_CHECK(ran.out.find("\ndecision     pass\n\ncopy:\nmodel        pass") != ran.out.npos);
  BOOST_CHECK(ran.out.ends_with("\ndecision     pass\n"));
  BOOST_CHECK_EQUAL(Count(ran.out, "decision     pass\n"), 2U);
}

BOOST_AUTO_TEST_CASE(the_exit_status_is_the_worst) {
  const Ran no = Verify({"other", "model", "--passport", kFile, "--passport", kFile});
  BOOST_CHECK_EQUAL(no.status, 1);
  BOOST_CHECK_EQUAL(Count(no.out, "decision     "), 2U);
  const Ran unread = Verify({"model", "other", "--passport", "missing", "--passport", kFile});
  BOOST_CHECK_EQUAL(unread.status, 3);
  BOOST_CHECK(unread.err.find("missing: open") != unread.err.npos);
  BOOST_CHECK_EQUAL(Count(unread.out, "decision     "), 1U);
  const Ran link = Verify({"model", "linked", "--passport", kFile, "--passport", kFile});
  BOOST_CHECK_EQUAL(link.status, 3);
}

BOOST_AUTO_TEST_CASE(verdicts_are_one_document_in_json) {
  const Ran ran = Verify({"model", "other", "missing", "--passport", kFile, "--passport", kFile,
                          "--passport", kFile, "--json"});
  BOOST_CHECK_EQUAL(ran.status, 3);
  const auto json = boost::json::parse(ran.out);
  BOOST_CHECK_EQUAL(NamesIn(json), "models");
  const auto& models = json.at("models").as_array();
  BOOST_REQUIRE_EQUAL(models.size(), 3U);
  BOOST_CHECK_EQUAL(NamesIn(models[0]), "path verdict");
  BOOST_CHECK_EQUAL(models[0].at("verdict").at("decision").as_string(), "pass");
  BOOST_CHECK_EQUAL(models[1].at("verdict").at("reason").as_string(), "files-differ-tensors-agree");
  BOOST_CHECK_EQUAL(NamesIn(models[2]), "error path");
}

BOOST_AUTO_TEST_CASE(a_passport_beside_the_model_or_in_it_is_found) {
  CheckDone(Verify({"model"}));
  CheckDone(Verify({"./model/"}));
  CheckDone(Verify({world / "model"}));
  fs::copy_file(world / kFile, world / "copy/some.passport.sigstore.jsonl");
  CheckDone(Verify({"model", "copy"}));
  const Ran inside = world.carnet().Shell("cd model && carnet verify . --trust ../trust");
  CheckDone(inside);
}

BOOST_AUTO_TEST_CASE(none_or_several_passports_are_no_choice) {
  CheckFailed(Verify({"copy"}), 3, "copy: no passport: neither copy.passport.sigstore.jsonl nor");
  fs::copy_file(world / kFile, world / "model/some.passport.sigstore.jsonl");
  CheckFailed(Verify({"model"}), 3, "model: 2 passports, such as model/some.passport");
  CheckFailed(Verify({"missing"}), 3, "missing");
}

// The settings are chosen once: none of the models may have a say.
BOOST_AUTO_TEST_CASE(a_project_file_in_any_of_the_models_gives_nothing) {
  world.Write("other/carnet.toml", "trust = \"../trust\"\n");
  for (const char* models : {". ../model", "../model ."}) {
    const Ran ran = world.carnet().Shell("cd other && carnet verify " + std::string(models) +
                                         " --passport ../" + kFile + " --passport ../" + kFile);
    BOOST_CHECK_EQUAL(ran.status, 2);
    BOOST_CHECK_MESSAGE(
        ran.err.find("it lies in or beside the model that is judged") != ran.err.npos, ran.err);
  }
}

BOOST_AUTO_TEST_CASE(passports_are_one_for_each_model_or_none) {
  CheckFailed(Verify({"model", "copy", "--passport", kFile}), 2, "one for each model");
  CheckFailed(Verify({"model", "copy", "--vsa", "v.json", "--key", "lab.key"}), 2,
              "--vsa works for one model only");
}

BOOST_AUTO_TEST_SUITE_END()
