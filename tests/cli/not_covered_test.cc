// A model whose page, and whatever else hubs and systems add, changes after its passport: from the
// recorder to the verdict.
#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "model.passport.sigstore.jsonl";

struct Fixture {
  CliWorld world{Stage::kRecorded};

  Fixture() {
    world.Write("passport.json", R"({"name":"model","intended_deployment":"research"})");
    world.Write("model/README.md", "# Before it was published\n");
  }
  Ran Complete(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"run", "complete", "--dir", "run1", "--model", "model"});
    return world.Sign(more);
  }
  Ran Issue(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"passport", "issue", "model", "--draft", "passport.json", "--run",
                               "run1", "--trust", "trust"});
    return world.Sign(more);
  }
  Ran Verify(const std::string& model = "model", std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"verify", model, "--passport", kFile, "--trust", "trust"});
    return world.Run(more);
  }
  boost::json::object Passport() const {
    const std::string file = world.Read(kFile);
    return StatementIn(file.substr(0, file.find('\n'))).at("predicate").as_object();
  }
  void CheckNo(const Ran& ran, const std::string& reason) const {
    BOOST_CHECK_EQUAL(ran.status, 1);
    BOOST_CHECK_MESSAGE(ran.out.find("; the reason: " + reason) != ran.out.npos, ran.out);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(not_covered, Fixture)

BOOST_AUTO_TEST_CASE(what_a_hub_and_a_system_add_does_not_change_the_verdict) {
  CheckDone(Complete());
  CheckDone(Issue());
  CheckDone(Verify());
  world.Write("model/README.md", "---\nlicense: mit\n---\n# A model\n");
  world.Write("model/.gitattributes", "*.safetensors filter=lfs\n");
  world.Write("model/.DS_Store", std::string("\0\0\0\1Bud1", 8));
  const Ran ran = Verify();
  CheckDone(ran);
  for (const char* listed : {"README.md, 31 bytes: not covered by the model digest",
                             ".gitattributes, 25 bytes: not covered", ".DS_Store, 8 bytes: not"}) {
    BOOST_CHECK_MESSAGE(ran.out.find(listed) != ran.out.npos, ran.out);
  }
  world.Write("model/config.json", "{\"x\":1}\n");
  CheckNo(Verify(), "files-differ-tensors-agree (R18)");
}

BOOST_AUTO_TEST_CASE(a_passport_states_what_it_leaves_out) {
  CheckDone(Complete());
  CheckDone(Issue());
  const auto passport = Passport();
  BOOST_CHECK_EQUAL(boost::json::serialize(passport.at("not_covered")),
                    R"([".DS_Store","._*",".gitattributes",".gitignore","README.md",)"
                    R"("Thumbs.db","desktop.ini"])");
  for (const auto& file : passport.at("files").as_array()) {
    BOOST_CHECK(file.at("path").as_string() != "README.md");
  }
  BOOST_CHECK_EQUAL(passport.at("model").as_string(),
                    world.Json({"digest", "model", "--json"}).at("model").as_string());
}

BOOST_AUTO_TEST_CASE(weights_in_place_of_the_page_are_refused) {
  CheckDone(Complete());
  CheckDone(Issue());
  world.Write("model/README.md", TinyWeights('x'));
  CheckNo(Verify(), "must-be-covered (R18)");
  world.Write("model/README.md", "#!/bin/sh\n");
  CheckNo(Verify(), "must-be-covered (R18)");
  fs::remove(world / "model/README.md");
  fs::create_symlink("config.json", world / "model/README.md");
  CheckFailed(Verify(), 1, "README.md: is a symbolic link");
  CheckNo(Verify("model", {"--follow"}), "must-be-covered (R18)");
}

BOOST_AUTO_TEST_CASE(a_publisher_may_cover_everything) {
  CheckDone(Complete({"--cover-all"}));
  CheckDone(Issue({"--cover-all"}));
  BOOST_CHECK(!Passport().contains("not_covered"));
  CheckDone(Verify());
  world.Write("model/README.md", "# Another\n");
  CheckNo(Verify(), "files-differ-tensors-agree (R18)");
}

// Or its run was completed before anything was left out.
BOOST_AUTO_TEST_CASE(a_run_that_was_completed_with_everything_has_such_a_passport) {
  CheckDone(Complete({"--cover-all"}));
  CheckDone(Issue());
  BOOST_CHECK(!Passport().contains("not_covered"));
  CheckDone(Verify());
}

BOOST_AUTO_TEST_CASE(a_publisher_may_leave_out_pictures_too) {
  world.Write("model/logo.png", "\x89PNG\r\n\x1a\n before");
  CheckDone(Complete({"--not-covered", "*.png"}));
  CheckFailed(Issue(), 1, "completion-of-another-model");
  CheckDone(Issue({"--not-covered", "*.png"}));
  world.Write("model/logo.png", "\x89PNG\r\n\x1a\n after");
  CheckDone(Verify());
  world.Write("model/logo.png", "GGUF");
  CheckNo(Verify(), "must-be-covered (R18)");
}

BOOST_AUTO_TEST_CASE(only_patterns_of_the_list_may_be_named) {
  for (const char* pattern : {"*.safetensors", "*.json", "*", "vocab.txt", "*.md", ""}) {
    CheckFailed(Issue({"--not-covered", pattern}), 2,
                "not a pattern of files that may be left out");
  }
  CheckFailed(Issue({"--cover-all", "--not-covered", "*.png"}), 2, "excludes");
  world.Write("passport.json",
              R"({"name":"m","intended_deployment":"none","not_covered":["README.md"]})");
  CheckDone(Complete());
  CheckFailed(Issue(), 1, "not_covered: is set by carnet");
}

BOOST_AUTO_TEST_CASE(what_must_be_covered_is_not_recorded_as_left_out) {
  world.Write("model/README.md", TinyWeights('x'));
  CheckFailed(Complete(), 1, "model: README.md: is not UTF-8, and must be covered");
  CheckDone(Complete({"--cover-all"}));
}

// As `huggingface_hub` downloads a model: every file is a link to a blob.
BOOST_AUTO_TEST_CASE(a_snapshot_of_the_hub_is_the_model) {
  CheckDone(Complete());
  CheckDone(Issue());
  const std::string snapshot = world / "cache/models--lab--model/snapshots/0123";
  fs::create_directories(snapshot);
  fs::create_directories(world / "cache/models--lab--model/blobs");
  for (const auto& file : fs::directory_iterator(world / "model")) {
    const std::string name = file.path().filename().string();
    fs::copy_file(file, world / "cache/models--lab--model/blobs" / fs::path("of-" + name));
    fs::create_symlink("../../blobs/of-" + name, snapshot + "/" + name);
  }
  CheckFailed(Verify(snapshot), 1, "this looks like a Hugging Face snapshot: use --follow");
  CheckDone(Verify(snapshot, {"--follow"}));
  world.Write("cache/models--lab--model/secret", "x");
  fs::create_symlink("../../secret", snapshot + "/more.json");
  CheckFailed(Verify(snapshot, {"--follow"}), 1, "more.json: is a symbolic link to a file outside");
}

BOOST_AUTO_TEST_SUITE_END()
