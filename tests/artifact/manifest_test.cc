#include "artifact/manifest.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

using test::ScratchFolder;

std::vector<std::string> Paths(const FileList& list) {
  std::vector<std::string> paths;
  for (const ListedFile& file : list.files) paths.push_back(file.path);
  return paths;
}

void CheckEqual(const std::vector<std::string>& actual, const std::vector<std::string>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(actual.begin(), actual.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_SUITE(manifest)

BOOST_AUTO_TEST_CASE(sorts_by_the_bytes_of_the_whole_path) {
  ScratchFolder folder;
  for (const char* name : {"b", "a/z", "a.txt", "a-b/c", "Z", "\u00fc", "a b"}) {
    folder.Write(name, name);
  }
  std::filesystem::create_directories(folder.path() / "nothing/in/here");
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str(), Links::kRefuse));
  CheckEqual(Paths(list), {"Z", "a b", "a-b/c", "a.txt", "a/z", "b", "\u00fc"});
  BOOST_CHECK_EQUAL(list.files[3].stamp.bytes, 5u);
  BOOST_CHECK(list.not_covered.empty());
  BOOST_CHECK(list.warnings.empty());
}

BOOST_AUTO_TEST_CASE(leaves_out_five_names_at_top_level_only_and_says_so) {
  ScratchFolder folder;
  for (const char* name :
       {".git/config", ".cache/huggingface/x", ".cache/other", "model.sig", "claims.jsonl",
        "sub/claims.jsonl", "claims.jsonl.1", "m.passport.sigstore.jsonl", "sub/.git/config",
        "sub/.cache/huggingface/x", "sub/model.sig", "sub/m.passport.sigstore.jsonl",
        "model.sig.txt", ".gitignore"}) {
    folder.Write(name, "x");
  }
  std::filesystem::create_symlink("nowhere", folder.path() / ".git/link");
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str(), Links::kRefuse));
  CheckEqual(Paths(list), {".cache/other", ".gitignore", "claims.jsonl.1", "model.sig.txt",
                           "sub/.cache/huggingface/x", "sub/.git/config", "sub/claims.jsonl",
                           "sub/m.passport.sigstore.jsonl", "sub/model.sig"});
  CheckEqual(list.not_covered, {".cache/huggingface/", ".git/", "claims.jsonl",
                                "m.passport.sigstore.jsonl", "model.sig"});
}

BOOST_AUTO_TEST_CASE(only_a_folder_counts_as_git_and_only_a_file_as_signature) {
  ScratchFolder folder;
  folder.Write(".git", "gitdir: elsewhere");
  folder.Write("model.sig/part", "x");
  folder.Write("claims.jsonl/part", "x");
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str(), Links::kRefuse));
  CheckEqual(Paths(list), {".git", "claims.jsonl/part", "model.sig/part"});
}

BOOST_AUTO_TEST_CASE(single_file_counts_under_its_base_name_whatever_that_is) {
  ScratchFolder folder;
  folder.Write("deep/model.sig", "abc");
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str() + "/deep/model.sig", Links::kRefuse));
  CheckEqual(Paths(list), {"model.sig"});
  BOOST_CHECK(list.not_covered.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_without_a_file_that_counts) {
  ScratchFolder folder;
  CHECK_ERROR(ListFiles(folder.str(), Links::kRefuse), ErrorCode::kRejected, "contains no files");
  folder.Write("sub/.keep", "");
  BOOST_CHECK(ListFiles(folder.str(), Links::kRefuse).has_value());
  std::filesystem::remove_all(folder.path() / "sub");
  folder.Write("model.sig", "x");
  CHECK_ERROR(ListFiles(folder.str(), Links::kRefuse), ErrorCode::kRejected, "contains no files");
  CHECK_ERROR(ListFiles(folder.str() + "/absent", Links::kRefuse), ErrorCode::kNotFound, "absent");
}

BOOST_AUTO_TEST_CASE(refuses_links_unless_followed) {
  ScratchFolder folder;
  folder.Write("blobs/1", "content");
  std::filesystem::create_symlink("blobs/1", folder.path() / "weights.bin");
  CHECK_ERROR(ListFiles(folder.str(), Links::kRefuse), ErrorCode::kRejected,
              "weights.bin: is a symbolic link");
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str(), Links::kFollow));
  CheckEqual(Paths(list), {"blobs/1", "weights.bin"});
  BOOST_CHECK_EQUAL(list.files[1].stamp.bytes, 7u);
}

BOOST_AUTO_TEST_CASE(never_follows_links_to_folders_to_the_outside_or_to_nothing) {
  ScratchFolder outside;
  outside.Write("secret", "x");
  for (const auto& [target, reason] :
       {std::pair<std::string, std::string>{"sub", "is a link to a folder"},
        {outside.str() + "/secret", "is a symbolic link to a file outside the model"},
        {"..", "is a link to a folder"},
        {"absent", "resolve link"},
        {"sub/file/below", "resolve link"},
        {"link", "resolve link"}}) {
    ScratchFolder folder;
    folder.Write("sub/file", "x");
    std::filesystem::create_symlink(target, folder.path() / "link");
    const auto result = ListFiles(folder.str(), Links::kFollow);
    CHECK_ERROR(result, ErrorCode::kRejected, reason);
    CHECK_ERROR(result, ErrorCode::kRejected, "link");
  }
}

BOOST_AUTO_TEST_CASE(does_not_take_a_sibling_with_the_same_beginning_for_the_inside) {
  ScratchFolder parent;
  parent.Write("model/file", "x");
  parent.Write("model2/file", "x");
  std::filesystem::create_symlink("../model2/file", parent.path() / "model/link");
  CHECK_ERROR(ListFiles(parent.str() + "/model", Links::kFollow), ErrorCode::kRejected, "outside");
}

// A model in the cache of `huggingface_hub`: `models--org--name/snapshots/<revision>`.
struct Snapshot {
  ScratchFolder cache;
  std::string root = cache / "models--org--name/snapshots/0123abcd";

  Snapshot() {
    std::filesystem::create_directories(root + "/sub");
    Blob("aaaa", "{}");
    Blob("bbbb", "weights");
    Link("../../blobs/aaaa", "config.json");
    Link("../../../blobs/bbbb", "sub/model.bin");
  }
  void Blob(const std::string& name, const std::string& content) const {
    cache.Write("models--org--name/blobs/" + name, content);
  }
  void Link(const std::string& target, const std::string& name) const {
    std::filesystem::create_symlink(target, root + "/" + name);
  }
};

BOOST_FIXTURE_TEST_CASE(follows_the_links_of_a_hugging_face_snapshot_to_its_blobs, Snapshot) {
  REQUIRE_VALUE(const FileList list, ListFiles(root, Links::kFollow));
  CheckEqual(Paths(list), {"config.json", "sub/model.bin"});
  BOOST_CHECK_EQUAL(list.files[1].stamp.bytes, 7u);
  BOOST_CHECK_EQUAL(list.files[1].on_disk,
                    std::filesystem::canonical(cache / "models--org--name/blobs/bbbb").string());
  BOOST_CHECK(!list.files[0].linked);
  std::filesystem::create_directory_symlink(root, cache.path() / "model");
  REQUIRE_VALUE(const FileList same, ListFiles(cache / "model", Links::kFollow));
  CheckEqual(Paths(same), {"config.json", "sub/model.bin"});
}

BOOST_FIXTURE_TEST_CASE(says_what_a_snapshot_needs, Snapshot) {
  CHECK_ERROR(ListFiles(root, Links::kRefuse), ErrorCode::kRejected,
              "links are not followed; this looks like a Hugging Face snapshot: use --follow");
  ScratchFolder plain;
  plain.Write("blobs/1", "x");
  std::filesystem::create_symlink("../blobs/1", plain.path() / "link");
  const auto refused = ListFiles(plain.str(), Links::kRefuse);
  CHECK_ERROR(refused, ErrorCode::kRejected, "links are not followed");
  BOOST_CHECK(refused.error().message.find("Hugging") == std::string::npos);
}

struct BadTarget {
  const char* label;
  const char* target;  // of the link `link` in the snapshot
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const BadTarget& bad) { return out << bad.label; }

const std::vector<BadTarget> kBadTargets = {
    {"below_a_folder_of_blobs", "../../blobs/deep/cccc", "outside the model"},
    {"the_blobs_of_another_model", "../../../models--other/blobs/aaaa", "outside the model"},
    {"a_folder_like_blobs", "../../blobs2/aaaa", "outside the model"},
    {"a_blob_that_is_a_link_outside", "../../blobs/out", "outside the model"},
    {"the_folder_of_blobs", "../../blobs", "is a link to a folder"},
    {"a_file_of_the_cache", "../../refs/main", "outside the model"},
    {"a_file_of_another_snapshot", "../other/config.json", "outside the model"},
    {"a_blob_that_is_gone", "../../blobs/gone", "resolve link"},
    {"a_fifo_among_the_blobs", "../../blobs/fifo", "is a FIFO"},
};

BOOST_DATA_TEST_CASE_F(Snapshot, follows_no_other_link_of_a_snapshot,
                       boost::unit_test::data::make(kBadTargets)) {
  for (const char* file : {"models--org--name/blobs/deep/cccc", "models--other/blobs/aaaa",
                           "models--org--name/blobs2/aaaa", "models--org--name/refs/main",
                           "models--org--name/snapshots/other/config.json"}) {
    cache.Write(file, "secret");
  }
  const std::string blobs = cache / "models--org--name/blobs/";
  std::filesystem::create_symlink(cache / "models--org--name/refs/main", blobs + "out");
  BOOST_REQUIRE_EQUAL(::mkfifo((blobs + "fifo").c_str(), 0600), 0);
  Link(sample.target, "link");
  CHECK_ERROR(ListFiles(root, Links::kFollow), ErrorCode::kRejected, sample.reason);
}

// Only the folder itself is a snapshot, not one below it or above.
BOOST_FIXTURE_TEST_CASE(a_folder_inside_a_snapshot_is_none, Snapshot) {
  CHECK_ERROR(ListFiles(root + "/sub", Links::kFollow), ErrorCode::kRejected, "outside the model");
}

BOOST_AUTO_TEST_CASE(names_that_may_be_left_out_are_marked_and_links_among_them) {
  ScratchFolder folder;
  folder.Write("README.md", "x");
  folder.Write("config.json", "x");
  std::filesystem::create_symlink("config.json", folder.path() / "logo.png");
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str(), Links::kFollow));
  CheckEqual(Paths(list), {"README.md", "config.json", "logo.png"});
  BOOST_CHECK(list.files[0].leavable && !list.files[0].linked);
  BOOST_CHECK(!list.files[1].leavable);
  BOOST_CHECK(list.files[2].leavable && list.files[2].linked);
}

BOOST_AUTO_TEST_CASE(root_may_be_a_link) {
  ScratchFolder parent;
  parent.Write("model/file", "x");
  std::filesystem::create_symlink("model", parent.path() / "latest");
  std::filesystem::create_symlink("model/file", parent.path() / "alias");
  REQUIRE_VALUE(const FileList list, ListFiles(parent.str() + "/latest", Links::kRefuse));
  CheckEqual(Paths(list), {"file"});
  REQUIRE_VALUE(const FileList one, ListFiles(parent.str() + "/alias", Links::kRefuse));
  CheckEqual(Paths(one), {"alias"});
}

BOOST_AUTO_TEST_CASE(refuses_fifos_sockets_and_devices) {
  ScratchFolder fifo;
  BOOST_REQUIRE_EQUAL(::mkfifo((fifo.str() + "/pipe").c_str(), 0600), 0);
  CHECK_ERROR(ListFiles(fifo.str(), Links::kRefuse), ErrorCode::kRejected, "pipe: is a FIFO");

  ScratchFolder socket;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = socket.str() + "/sock";
  BOOST_REQUIRE_LT(name.size(), sizeof address.sun_path);
  std::copy(name.begin(), name.end(), address.sun_path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  BOOST_REQUIRE_EQUAL(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(fd);
  CHECK_ERROR(ListFiles(socket.str(), Links::kRefuse), ErrorCode::kRejected, "sock: is a socket");

  CHECK_ERROR(ListFiles("/dev/null", Links::kRefuse), ErrorCode::kRejected, "is a device");
  ScratchFolder followed;
  std::filesystem::create_symlink("/dev/null", followed.path() / "null");
  CHECK_ERROR(ListFiles(followed.str(), Links::kFollow), ErrorCode::kRejected, "null: is a device");
}

struct BadName {
  const char* label;
  std::string name;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const BadName& bad) { return out << bad.label; }

const std::vector<BadName> kBadNames = {
    {"newline", "a\nb", "control or invisible character"},
    {"delete", "a\x7f", "control or invisible character"},
    {"c1_control", "a\u0085", "control or invisible character"},
    {"bidi_override",
     "a\u202e"
     "txt.exe",
     "control or invisible character"},
    {"backslash", "a\\b", "backslash"},
    {"latin_1", "caf\xe9", "not UTF-8"},
    {"overlong", "a\xc0\xaf", "not UTF-8"},
};

BOOST_DATA_TEST_CASE(refuses_names_that_no_path_may_have, boost::unit_test::data::make(kBadNames)) {
  ScratchFolder folder;
  folder.Write("fine", "x");
  folder.Write(sample.name, "x");
  CHECK_ERROR(ListFiles(folder.str(), Links::kRefuse), ErrorCode::kMalformed, sample.reason);
  ScratchFolder below;
  below.Write(sample.name + "/file", "x");
  CHECK_ERROR(ListFiles(below.str(), Links::kRefuse), ErrorCode::kMalformed, sample.reason);
}

BOOST_AUTO_TEST_CASE(refuses_paths_over_4000_bytes) {
  ScratchFolder folder;
  std::string path;
  for (int i = 0; i < 19; ++i) path += std::string(200, 'd') + "/";
  path += std::string(4000 - path.size(), 'f');
  folder.Write(path, "x");
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str(), Links::kRefuse));
  CheckEqual(Paths(list), {path});
  folder.Write(path + "f", "x");
  CHECK_ERROR(ListFiles(folder.str(), Links::kRefuse), ErrorCode::kMalformed, "over 4,000 bytes");
}

BOOST_AUTO_TEST_CASE(warns_of_paths_equal_but_for_case) {
  ScratchFolder folder;
  for (const char* name : {"Config.json", "config.json", "sub/a", "SUB/A", "other"}) {
    folder.Write(name, "x");
  }
  REQUIRE_VALUE(const FileList list, ListFiles(folder.str(), Links::kRefuse));
  CheckEqual(list.warnings,
             {"\"config.json\" and \"Config.json\" differ only in case or normalisation",
              "\"sub/a\" and \"SUB/A\" differ only in case or normalisation"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
