#include "pipeline/list_models.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>

#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/value_of.h"

namespace carnet::pipeline {

std::ostream& operator<<(std::ostream& out, const ListedModel& model) {
  return out << model.path << " " << static_cast<int>(model.what) << " " << model.why;
}

}  // namespace carnet::pipeline

using namespace carnet;
using namespace carnet::test;
using pipeline::Listed;
using pipeline::ListedModel;

namespace {

namespace fs = std::filesystem;

struct Fixture {
  ScratchFolder folder;

  std::vector<ListedModel> List(unsigned depth) {
    return ValueOf(pipeline::ListModels(folder.str(), depth), "models");
  }
  void Check(unsigned depth, const std::vector<ListedModel>& expected) {
    const auto listed = List(depth);
    BOOST_CHECK_EQUAL_COLLECTIONS(listed.begin(), listed.end(), expected.begin(), expected.end());
  }
};

constexpr char kOther[] = "neither a folder nor a weight file";
constexpr char kOrphan[] = "a passport without its model";
constexpr char kLink[] = "a symbolic link, and links are not followed";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(list_models, Fixture)

BOOST_AUTO_TEST_CASE(folders_and_weight_files_are_models_and_the_rest_is_named) {
  folder.Write("b/config.json", "{}");
  folder.Write("a/weights/model.safetensors", "x");
  folder.Write("c.gguf", "x");
  folder.Write("d.onnx", "x");
  folder.Write("README.md", "x");
  folder.Write(".git/config", "x");
  Check(1, {{".git", Listed::kNoModel, "part of no model (S5)"},
            {"README.md", Listed::kNoModel, kOther},
            {"a", Listed::kModel},
            {"b", Listed::kModel},
            {"c.gguf", Listed::kModel},
            {"d.onnx", Listed::kModel}});
}

BOOST_AUTO_TEST_CASE(the_depth_says_where_folders_become_models) {
  folder.Write("lab/finch/model.safetensors", "x");
  folder.Write("lab/heron/model.safetensors", "x");
  folder.Write("cloud/swift/model.safetensors", "x");
  folder.Write("stray.safetensors", "x");
  fs::create_directory(folder / "nobody");
  Check(2, {{"cloud/swift", Listed::kModel},
            {"lab/finch", Listed::kModel},
            {"lab/heron", Listed::kModel},
            {"nobody", Listed::kNoModel, "an empty folder"},
            {"stray.safetensors", Listed::kModel}});
  // At the wrong depth every file shows up, as a model or not: nothing looks checked.
  Check(3, {{"cloud/swift/model.safetensors", Listed::kModel},
            {"lab/finch/model.safetensors", Listed::kModel},
            {"lab/heron/model.safetensors", Listed::kModel},
            {"nobody", Listed::kNoModel, "an empty folder"},
            {"stray.safetensors", Listed::kModel}});
}

BOOST_AUTO_TEST_CASE(a_passport_goes_with_what_it_is_beside) {
  for (const char* file : {"a/x", "b.dat", "a.passport.sigstore.jsonl",
                           "b.dat.passport.sigstore.jsonl", "gone.passport.sigstore.jsonl"}) {
    folder.Write(file, "x");
  }
  Check(1, {{"a", Listed::kModel},
            {"b.dat", Listed::kModel},  // given out for one, whatever its name
            {"gone.passport.sigstore.jsonl", Listed::kNoModel, kOrphan}});
  // Here `a` is no model, so that its passport is nobody's.
  Check(2, {{"a/x", Listed::kNoModel, kOther},
            {"a.passport.sigstore.jsonl", Listed::kNoModel, kOrphan},
            {"b.dat", Listed::kModel},
            {"gone.passport.sigstore.jsonl", Listed::kNoModel, kOrphan}});
}

BOOST_AUTO_TEST_CASE(links_and_odd_files_are_not_followed_but_named) {
  folder.Write("a/x", "x");
  fs::create_symlink("a", folder / "latest");
  fs::create_symlink(".", folder / "loop");
  fs::create_symlink("nowhere", folder / "broken.safetensors");
  BOOST_REQUIRE_EQUAL(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const std::vector<ListedModel> links = {
      {"broken.safetensors", Listed::kUnseen, kLink},
      {"latest", Listed::kUnseen, kLink},
      {"loop", Listed::kUnseen, kLink},
      {"pipe", Listed::kUnseen, "neither a folder nor a regular file"}};
  std::vector<ListedModel> first = {{"a", Listed::kModel}},
                           second = {{"a/x", Listed::kNoModel, kOther}};
  first.insert(first.end(), links.begin(), links.end());
  second.insert(second.end(), links.begin(), links.end());
  Check(1, first);
  Check(2, second);
}

boost::test_tools::assertion_result IsNotRoot(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result other(::geteuid() != 0);
  if (!other) other.message() << "root may read every folder";
  return other;
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_read_may_have_models,
                     *boost::unit_test::precondition(&IsNotRoot)) {
  folder.Write("secret/finch/x", "x");
  fs::permissions(folder / "secret", fs::perms::none);
  const auto listed = List(2);
  fs::permissions(folder / "secret", fs::perms::owner_all);
  BOOST_REQUIRE_EQUAL(listed.size(), 1U);
  BOOST_CHECK(listed[0].what == Listed::kUnseen);
  BOOST_CHECK(listed[0].why.ends_with("secret: open folder: Permission denied"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_an_error) {
  const auto none = pipeline::ListModels(folder / "none", 1);
  BOOST_REQUIRE(!none);
  BOOST_CHECK(none.error().code == ErrorCode::kNotFound);
  folder.Write("file", "x");
  const auto file = pipeline::ListModels(folder / "file", 1);
  BOOST_REQUIRE(!file);
  BOOST_CHECK(file.error().code == ErrorCode::kIo);
}

BOOST_AUTO_TEST_SUITE_END()
