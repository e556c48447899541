#include "artifact/covered_files.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <random>

#include "artifact/model_digest.h"
#include "core/bytes.h"
#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/support/allocations.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

using test::MustRun;
using test::ScratchFolder;
using Views = std::vector<std::string_view>;

NotCovered Of(const Views& patterns) {
  const auto set = NotCovered::Of(patterns);
  BOOST_REQUIRE(set.has_value());
  return *set;
}

ModelFiles Read(const ScratchFolder& folder, bool follow = false) {
  ReadOptions options;
  options.follow_links = follow;
  auto model = ReadModel(folder.str(), options);
  BOOST_REQUIRE_MESSAGE(model.has_value(), (model ? "" : model.error().message));
  return *model;
}

// A folder as a hub serves it.
void Fill(const ScratchFolder& folder) {
  folder.Write("config.json", "{}");
  folder.Write("sub/vocab.txt", "a b");
  folder.Write("README.md", "# A model\n");
  folder.Write("sub/README.md", "# More\n");
  folder.Write(".gitattributes", "*.bin filter=lfs\n");
  folder.Write("logo.png", "\x89PNG\r\n\x1a\n");
  for (const char* name : {"-t", "--text", "--", "-"}) folder.Write(name, name);  // no options
}

std::string ByCoreutils(const ScratchFolder& folder, const std::string& without) {
  return MustRun("cd " + folder.str() + " && find . -type f " + without +
                 " | LC_ALL=C sort | xargs -d '\\n' sha256sum | sed 's|  \\./|  |' | sha256sum")
      .substr(0, 64);
}

std::vector<std::string> Paths(std::span<const FileEntry> files) {
  std::vector<std::string> paths;
  for (const FileEntry& file : files) paths.push_back(file.path);
  return paths;
}

void CheckEqual(const std::vector<std::string>& actual, const std::vector<std::string>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(actual.begin(), actual.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_SUITE(covered_files)

BOOST_AUTO_TEST_CASE(digest_is_that_of_coreutils_over_what_find_leaves) {
  ScratchFolder folder;
  Fill(folder);
  const ModelFiles model = Read(folder);
  BOOST_CHECK_EQUAL(HexEncode(model.digest.span()), ByCoreutils(folder, ""));
  const CoveredFiles shipped(model, NotCovered::Shipped());
  BOOST_CHECK_EQUAL(HexEncode(shipped.digest()->span()),
                    ByCoreutils(folder, "! -name README.md ! -name .gitattributes"));
  const CoveredFiles pictures(model, Of({"*.png"}));
  BOOST_CHECK_EQUAL(HexEncode(pictures.digest()->span()), ByCoreutils(folder, "! -name '*.png'"));
  const CoveredFiles none(model, Of({"*.pdf"}));
  BOOST_CHECK(none.digest() == model.digest);
}

BOOST_AUTO_TEST_CASE(tells_what_is_covered_and_what_is_not) {
  ScratchFolder folder;
  Fill(folder);
  const ModelFiles model = Read(folder);
  const CoveredFiles covered(model, Of({"README.md", "*.png"}));
  CheckEqual(Paths(covered.files()),
             {"-", "--", "--text", "-t", ".gitattributes", "config.json", "sub/vocab.txt"});
  CheckEqual(Paths(covered.left_out()), {"README.md", "logo.png", "sub/README.md"});
  BOOST_CHECK_EQUAL(covered.bytes(), 17u + 2u + 3u + 11u);
  BOOST_CHECK(covered.CheckLeftOut().has_value());
}

BOOST_AUTO_TEST_CASE(a_change_of_what_is_left_out_does_not_change_the_digest) {
  ScratchFolder folder;
  Fill(folder);
  const ModelFiles before = Read(folder);
  folder.Write("README.md", "---\nlicense: mit\n---\n");
  folder.Write(".DS_Store", std::string("\0\0\0\x01"
                                        "Bud1",
                                        8));
  const ModelFiles after = Read(folder);
  BOOST_CHECK(before.digest != after.digest);
  const NotCovered shipped = NotCovered::Shipped();
  BOOST_CHECK(CoveredFiles(before, shipped).digest() == CoveredFiles(after, shipped).digest());
  folder.Write("config.json", "{ }");
  const ModelFiles changed = Read(folder);
  BOOST_CHECK(CoveredFiles(before, shipped).digest() != CoveredFiles(changed, shipped).digest());
}

BOOST_AUTO_TEST_CASE(a_recorded_model_keeps_its_digest_under_its_patterns) {
  ScratchFolder folder;
  Fill(folder);
  const ModelFiles model = Read(folder);
  REQUIRE_VALUE(const ModelFiles recorded, LeaveOut(model, NotCovered::Shipped()));
  BOOST_CHECK(recorded.digest == CoveredFiles(model, NotCovered::Shipped()).digest());
  BOOST_CHECK(recorded.files == model.files);
  BOOST_CHECK(CoveredFiles(recorded, NotCovered()).digest() == model.digest);
  BOOST_CHECK(CoveredFiles(recorded, recorded.leaves_out).digest() == recorded.digest);
}

BOOST_AUTO_TEST_CASE(refuses_content_that_the_name_does_not_promise) {
  ScratchFolder folder;
  Fill(folder);
  folder.Write("sub/README.md", std::string("\x02\0\0\0\0\0\0\0{}", 10));
  CHECK_ERROR(LeaveOut(Read(folder), NotCovered::Shipped()), ErrorCode::kRejected,
              "sub/README.md: contains a control character, and must be covered");
  BOOST_CHECK(LeaveOut(Read(folder), Of({"*.png"})).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_to_leave_every_file_out) {
  ScratchFolder folder;
  folder.Write("README.md", "# A model\n");
  const ModelFiles model = Read(folder);
  BOOST_CHECK(!CoveredFiles(model, NotCovered::Shipped()).digest().has_value());
  CHECK_ERROR(LeaveOut(model, NotCovered::Shipped()), ErrorCode::kRejected,
              "no file of the model is covered");
}

struct Collision {
  const char* label;
  const char* covered;
  const char* left_out;
};
std::ostream& operator<<(std::ostream& out, const Collision& each) { return out << each.label; }

const std::vector<Collision> kCollisions = {
    {"in_case", "readme.md", "README.md"},
    {"in_the_case_of_a_folder", "Sub/readme.md", "sub/README.md"},
    {"in_normalisation", "a\u0308.PNG", "\u00e4.png"},
    {"a_folder_like_a_covered_file", "CONFIG.json", "config.json/README.md"},
    {"a_file_like_a_covered_folder", "LOGO.PNG/vocab.txt", "logo.png"},
};

BOOST_DATA_TEST_CASE(refuses_what_would_take_the_place_of_a_covered_file,
                     boost::unit_test::data::make(kCollisions)) {
  ScratchFolder folder;
  folder.Write("model.bin", "x");
  folder.Write(sample.covered, "x");
  const std::string png = "\x89PNG\r\n\x1a\n";
  folder.Write(sample.left_out, std::string(sample.left_out).ends_with("png") ? png : "# x\n");
  CHECK_ERROR(LeaveOut(Read(folder), Of({"README.md", "*.png"})), ErrorCode::kRejected,
              "differs only in case or normalisation");
}

// Oracle: each left-out file against each covered one, in ASCII.
BOOST_AUTO_TEST_CASE(names_the_first_file_that_would_take_the_place_of_any_other) {
  const auto folded = [](std::string path) {
    std::transform(path.begin(), path.end(), path.begin(), [](char c) { return std::tolower(c); });
    return path;
  };
  const auto collide = [&](const FileEntry& a, const FileEntry& b) {
    const std::string left = folded(a.path), right = folded(b.path);
    return left == right || left.starts_with(right + "/") || right.starts_with(left + "/");
  };
  std::mt19937_64 random(5);
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<FileEntry> files;
    for (const char* path : {"A.png", "A.png/b", "a.PNG", "a.png", "a.png!", "a.png/B",
                             "a.png/c.png", "b", "b.PNG/x", "b.png", "b/a.png", "b/a.png!"}) {
      if (random() % 3 == 0) files.push_back({path, 1, crypto::Sha256Of(AsBytes(path))});
    }
    if (files.empty()) continue;
    ModelFiles model{files, ModelDigestOf(files), {}, {}, {}, 1};
    for (const FileEntry& file : files) {
      if (file.path.ends_with(".png")) model.leavable.push_back({file.path, Of({"*.png"}), ""});
    }
    const CoveredFiles covered(model, Of({"*.png"}));
    if (covered.files().empty()) continue;
    const auto first = std::ranges::find_if(covered.left_out(), [&](const FileEntry& file) {
      return std::ranges::any_of(covered.files(),
                                 [&](const FileEntry& other) { return collide(file, other); });
    });
    const auto checked = covered.CheckLeftOut();
    BOOST_REQUIRE_EQUAL(checked.has_value(), first == covered.left_out().end());
    if (checked) continue;
    ++refused;
    BOOST_REQUIRE_EQUAL(checked.error().message,
                        first->path +
                            ": differs only in case or normalisation from a file or "
                            "folder that is covered, and must be covered");
  }
  BOOST_CHECK_GT(refused, 500);
}

BOOST_AUTO_TEST_CASE(deep_paths_take_the_memory_of_their_bytes) {
  std::string deep = "/";
  while (deep.size() < 3'900) deep += "a/";
  std::vector<FileEntry> files{{"README.md", 4, crypto::Sha256Of(AsBytes("# x\n"))}};
  for (int i = 0; i < 200; ++i)
    files.push_back({std::to_string(i) + deep + "x", 0, files[0].sha256});
  ModelFiles model{files, ModelDigestOf(files), {}, {}, {}, 4};
  model.leavable.push_back({"README.md", Of({"README.md"}), ""});
  const CoveredFiles covered(model, NotCovered::Shipped());
  const uint64_t held = test::PeakBytesIn([&] { BOOST_CHECK(covered.CheckLeftOut().has_value()); });
  BOOST_CHECK_LT(held, 4U << 20);
}

BOOST_AUTO_TEST_CASE(refuses_more_files_than_a_model_page_has) {
  ScratchFolder folder;
  folder.Write("config.json", "{}");
  for (int i = 0; i < 1'000; ++i) folder.Write(std::to_string(i) + "/README.md", "");
  BOOST_CHECK(LeaveOut(Read(folder), NotCovered::Shipped()).has_value());
  folder.Write("README.md", "");
  CHECK_ERROR(LeaveOut(Read(folder), NotCovered::Shipped()), ErrorCode::kRejected,
              "1001 files would be left out, but at most 1000 may be");
}

BOOST_AUTO_TEST_CASE(refuses_more_bytes_than_a_model_page_has) {
  ScratchFolder folder;
  folder.Write("config.json", "{}");
  for (int i = 0; i < 5; ++i) {
    const std::string picture = folder.Write(std::to_string(i) + ".png", "\x89PNG\r\n\x1a\n");
    std::filesystem::resize_file(picture, i < 4 ? 16 << 20 : 9);
  }
  CHECK_ERROR(LeaveOut(Read(folder), Of({"*.png"})), ErrorCode::kRejected,
              "files of 67108873 bytes would be left out, but at most 67108864 may be");
  std::filesystem::remove(folder / "4.png");
  BOOST_CHECK(LeaveOut(Read(folder), Of({"*.png"})).has_value());
}

BOOST_AUTO_TEST_CASE(a_link_to_another_file_of_the_model_must_be_covered) {
  ScratchFolder folder;
  folder.Write("prompt.txt", "be kind");
  std::filesystem::create_symlink("prompt.txt", folder.path() / "README.md");
  CHECK_ERROR(LeaveOut(Read(folder, true), NotCovered::Shipped()), ErrorCode::kRejected,
              "README.md: is a link to another file of the model, and must be covered");
}

// As `huggingface_hub` stores a model: every file is a link.
BOOST_AUTO_TEST_CASE(the_page_of_a_snapshot_may_be_left_out) {
  ScratchFolder cache;
  cache.Write("blobs/1", "{}");
  cache.Write("blobs/2", "# A model\n");
  std::filesystem::create_directories(cache.path() / "snapshots/main");
  std::filesystem::create_symlink("../../blobs/1", cache.path() / "snapshots/main/config.json");
  std::filesystem::create_symlink("../../blobs/2", cache.path() / "snapshots/main/README.md");
  ReadOptions follow;
  follow.follow_links = true;
  REQUIRE_VALUE(ModelFiles model, ReadModel(cache / "snapshots/main", follow));
  REQUIRE_VALUE(const ModelFiles recorded, LeaveOut(std::move(model), NotCovered::Shipped()));
  CheckEqual(Paths(CoveredFiles(recorded, recorded.leaves_out).files()), {"config.json"});
}

BOOST_AUTO_TEST_CASE(nothing_of_a_single_file_is_left_out) {
  ScratchFolder folder;
  const std::string path = folder.Write("README.md", "# A model\n");
  REQUIRE_VALUE(ModelFiles model, ReadModel(path));
  REQUIRE_VALUE(const ModelFiles recorded, LeaveOut(model, NotCovered::Shipped()));
  BOOST_CHECK(recorded.digest == model.digest);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
