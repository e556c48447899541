#include "artifact/oms_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include "artifact/oms_manifest.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

namespace data = boost::unit_test::data;
using test::ScratchFolder;

std::vector<std::string> Paths(const OmsListing& list) {
  std::vector<std::string> paths;
  for (const ListedFile& file : list.files) paths.push_back(file.path);
  return paths;
}

std::vector<std::string> Refused(const OmsListing& list) {
  std::vector<std::string> texts;
  for (const OmsRefusedEntry& entry : list.refused) texts.push_back(entry.path + " " + entry.why);
  return texts;
}

void CheckEqual(const std::vector<std::string>& actual, const std::vector<std::string>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(actual.begin(), actual.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_SUITE(oms_files)

// The specification's order, where the Python tool has a/b first.
BOOST_AUTO_TEST_CASE(sorts_by_the_code_points_of_the_whole_name_and_lists_hidden_files) {
  ScratchFolder folder;
  for (const char* name : {"a/b", "a.txt", "a-b", ".hidden", ".cache/x", "\u00fc", "model.sig"}) {
    folder.Write(name, name);
  }
  std::filesystem::create_directories(folder.path() / "empty/in/here");
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(folder.str(), {}));
  CheckEqual(Paths(list), {".cache/x", ".hidden", "a-b", "a.txt", "a/b", "model.sig", "\u00fc"});
  BOOST_CHECK(!list.single_file);
  BOOST_CHECK(list.ignored.empty());
}

BOOST_AUTO_TEST_CASE(leaves_out_git_at_the_top_only_and_says_so) {
  ScratchFolder folder;
  for (const char* name : {".git/config", ".github/x", ".gitignore", ".gitattributes",
                           ".gitmodules", "sub/.git/config", "sub/.gitignore", ".gitx"}) {
    folder.Write(name, "x");
  }
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(folder.str(), {}));
  CheckEqual(Paths(list), {".gitmodules", ".gitx", "sub/.git/config", "sub/.gitignore"});
  CheckEqual(list.ignored, {".git/", ".gitattributes", ".github/", ".gitignore"});
  REQUIRE_VALUE(const OmsListing all, ListOmsFiles(folder.str(), {.ignore_git = false}));
  BOOST_CHECK_EQUAL(all.files.size(), 8u);
  BOOST_CHECK(all.ignored.empty());
}

BOOST_AUTO_TEST_CASE(ignores_exact_paths_from_the_root_with_all_below) {
  ScratchFolder folder;
  for (const char* name : {"logs/a", "logs/deep/b", "logs2/a", "sub/logs/a", "x*", "xy"}) {
    folder.Write(name, "x");
  }
  REQUIRE_VALUE(const OmsListing list,
                ListOmsFiles(folder.str(), {.ignored = {"logs", "x*", "not/there"}}));
  CheckEqual(Paths(list), {"logs2/a", "sub/logs/a", "xy"});  // no globs
  CheckEqual(list.ignored, {"logs/", "x*"});
}

BOOST_AUTO_TEST_CASE(refuses_links_and_looks_at_nothing_below_what_is_ignored) {
  ScratchFolder folder;
  folder.Write("real/file", "x");
  std::filesystem::create_symlink("real/file", folder.path() / "link");
  std::filesystem::create_symlink("real", folder.path() / "folder-link");
  std::filesystem::create_directories(folder.path() / "ignored");
  std::filesystem::create_symlink("nowhere", folder.path() / "ignored/link");
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(folder.str(), {.ignored = {"ignored"}}));
  CheckEqual(Paths(list), {"real/file"});
  CheckEqual(Refused(list), {"folder-link is a symbolic link", "link is a symbolic link"});
}

// The Python tool leaves the files behind a link to a folder unsigned.
BOOST_AUTO_TEST_CASE(lists_the_files_behind_links_to_folders_where_links_are_followed) {
  ScratchFolder outside;
  outside.Write("shared/w.bin", "weights");
  ScratchFolder folder;
  folder.Write("real/file", "x");
  std::filesystem::create_symlink("real/file", folder.path() / "link");
  std::filesystem::create_symlink("real", folder.path() / "folder-link");
  std::filesystem::create_symlink(outside.path() / "shared", folder.path() / "far");
  std::filesystem::create_symlink("nowhere", folder.path() / "broken");
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(folder.str(), {.links = Links::kFollow}));
  CheckEqual(Paths(list), {"far/w.bin", "folder-link/file", "link", "real/file"});
  CheckEqual(Refused(list), {"broken is a symbolic link"});
}

BOOST_AUTO_TEST_CASE(ends_where_links_lead_in_circles) {
  ScratchFolder folder;
  folder.Write("a/file", "x");
  std::filesystem::create_symlink("..", folder.path() / "a/up");
  std::filesystem::create_symlink("self", folder.path() / "self");
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(folder.str(), {.links = Links::kFollow}));
  CheckEqual(Paths(list), {"a/file"});
  CheckEqual(Refused(list), {"a/up is a link to a folder above it", "self is a symbolic link"});
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_file_and_names_that_are_not_utf_8) {
  ScratchFolder folder;
  folder.Write("file", "x");
  folder.Write("\xff", "x");
  BOOST_REQUIRE_EQUAL(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(folder.str(), {}));
  CheckEqual(Paths(list), {"file"});
  CheckEqual(Refused(list), {"pipe is a FIFO", "\xff has a name that is not UTF-8"});
  CHECK_ERROR(ListOmsFiles(folder / "pipe", {}), ErrorCode::kRejected, "is a FIFO");
  CHECK_ERROR(ListOmsFiles(folder / "none", {}), ErrorCode::kNotFound, "none");
}

BOOST_AUTO_TEST_CASE(lists_a_single_file_under_its_base_name) {
  ScratchFolder folder;
  const std::string path = folder.Write("weights:1:2", "x");
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(path, {.ignored = {"weights:1:2"}}));
  CheckEqual(Paths(list), {"weights:1:2"});
  BOOST_CHECK(list.single_file);
}

BOOST_AUTO_TEST_CASE(finds_a_path_in_the_model_however_it_is_spelt) {
  ScratchFolder folder;
  folder.Write("model/sub/x", "x");
  std::filesystem::create_symlink("model", folder.path() / "link");
  const std::string model = folder / "model";
  REQUIRE_VALUE(const std::string inside, PathInModel(model, folder / "link/sub/../sub/x"));
  BOOST_CHECK_EQUAL(inside, "sub/x");
  REQUIRE_VALUE(const std::string not_yet, PathInModel(folder / "link", model + "/model.sig"));
  BOOST_CHECK_EQUAL(not_yet, "model.sig");
  REQUIRE_VALUE(const std::string beside, PathInModel(model, folder / "model.sig"));
  BOOST_CHECK_EQUAL(beside, "");
  REQUIRE_VALUE(const std::string itself, PathInModel(model, model + "/"));
  BOOST_CHECK_EQUAL(itself, "");
  CHECK_ERROR(PathInModel(model, folder / "none/x"), ErrorCode::kNotFound, "none");
}

struct BadPath {
  const char* path;
  const char* why;
};
std::ostream& operator<<(std::ostream& out, const BadPath& bad) { return out << bad.path; }

const BadPath kBadPaths[] = {{"", "is empty"},
                             {"/etc/passwd", "is absolute"},
                             {"../outside", "leads out"},
                             {"a/../b", "leads out"},
                             {"./a", "has the component \".\""},
                             {"a/.", "has the component \".\""},
                             {".", "has the component \".\""},
                             {"a//b", "has an empty component"},
                             {"a/", "has an empty component"},
                             {"\xc3", "is not UTF-8"}};

BOOST_DATA_TEST_CASE(refuses_the_path, data::make(kBadPaths), bad) {
  CHECK_ERROR(CheckOmsPath(bad.path), ErrorCode::kMalformed, bad.why);
}

BOOST_AUTO_TEST_CASE(accepts_any_other_character_in_a_path) {
  for (const char* path : {"a", "...", "..a/b..", "a\\b", "a:0:1", "line\nfeed", "\u202e", " "}) {
    BOOST_CHECK(CheckOmsPath(path).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
