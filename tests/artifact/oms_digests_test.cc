#include "artifact/oms_digests.h"

#include <array>
#include <cstdio>

#include "core/hex.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

namespace data = boost::unit_test::data;
using test::ScratchFolder;

// By coreutils: `b2sum` is BLAKE2b with 512 bits.
std::string DigestByTool(const std::string& tool, const std::string& path, uint64_t begin,
                         uint64_t end) {
  const std::string command = "tail -c +" + std::to_string(begin + 1) + " '" + path +
                              "' | head -c " + std::to_string(end - begin) + " | " + tool;
  FILE* output = ::popen(command.c_str(), "r");
  BOOST_REQUIRE(output != nullptr);
  std::array<char, 256> line{};
  BOOST_REQUIRE(std::fgets(line.data(), line.size(), output) != nullptr);
  ::pclose(output);
  const std::string text = line.data();
  return text.substr(0, text.find(' '));
}

std::string Content(size_t bytes, uint32_t seed) {
  std::string text(bytes, '\0');
  for (char& byte : text) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return text;
}

// Sizes around the buffer and the blocks of both hashes, and more files than a batch.
void WriteModel(const ScratchFolder& folder) {
  const size_t sizes[] = {1, 63, 64, 128, 129, 4096, 262143, 262144, 262145, 1000003};
  uint32_t seed = 1;
  for (const size_t size : sizes) folder.Write("f" + std::to_string(size), Content(size, seed++));
  folder.Write("sub/empty", "");
}

std::vector<std::string> Names(const OmsManifest& manifest) {
  std::vector<std::string> names;
  for (const auto& resource : manifest.resources) {
    names.push_back(OmsNameOf(resource, manifest.method));
  }
  return names;
}

void CheckEqual(const std::vector<std::string>& actual, const std::vector<std::string>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(actual.begin(), actual.end(), expected.begin(), expected.end());
}

struct Case {
  OmsHash hash;
  uint64_t shard_bytes;  // 0: files
  unsigned threads;
  const char* tool;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.tool << " " << c.shard_bytes << " " << c.threads;
}

const Case kCases[] = {{OmsHash::kSha256, 0, 1, "sha256sum"},
                       {OmsHash::kSha256, 0, 7, "sha256sum"},
                       {OmsHash::kSha256, 100'000, 2, "sha256sum"},
                       {OmsHash::kBlake2b, 0, 2, "b2sum"},
                       {OmsHash::kBlake2b, 262'144, 3, "b2sum"}};

BOOST_AUTO_TEST_SUITE(oms_digests)

BOOST_DATA_TEST_CASE(are_those_of_coreutils, data::make(kCases), c) {
  ScratchFolder folder;
  WriteModel(folder);
  OmsMethod method{c.hash};
  if (c.shard_bytes != 0) method.shard_bytes = c.shard_bytes;
  REQUIRE_VALUE(const OmsModel model,
                ReadOmsModel(folder.str(), {}, method, {.threads = c.threads}));
  size_t shards = 0;
  for (const OmsResource& resource : model.manifest.resources) {
    const std::string path = folder / resource.path;
    const uint64_t end = c.shard_bytes == 0 ? std::filesystem::file_size(path) : resource.end;
    BOOST_CHECK_EQUAL(HexEncode(resource.digest), DigestByTool(c.tool, path, resource.begin, end));
    ++shards;
  }
  BOOST_CHECK_EQUAL(shards, c.shard_bytes == 0 ? 11u : c.shard_bytes == 100'000 ? 26u : 14u);
  CheckEqual(model.uncovered, c.shard_bytes == 0 ? std::vector<std::string>()
                                                 : std::vector<std::string>{"sub/empty"});
}

// As text, where the Python tool sorts the offsets as numbers.
BOOST_AUTO_TEST_CASE(shards_are_sorted_by_the_code_points_of_their_names) {
  ScratchFolder folder;
  folder.Write("a", std::string(105, 'x'));
  folder.Write("a-", "x");
  REQUIRE_VALUE(const OmsModel model, ReadOmsModel(folder.str(), {}, {.shard_bytes = 10}, {}));
  CheckEqual(Names(model.manifest),
             {"a-:0:1", "a:0:10", "a:100:105", "a:10:20", "a:20:30", "a:30:40", "a:40:50",
              "a:50:60", "a:60:70", "a:70:80", "a:80:90", "a:90:100"});
}

BOOST_AUTO_TEST_CASE(a_manifest_has_the_ignored_paths_that_are_there) {
  ScratchFolder folder;
  for (const char* name : {"w", "logs/x", ".gitignore"}) folder.Write(name, "x");
  REQUIRE_VALUE(const OmsModel model,
                ReadOmsModel(folder.str(), {.ignored = {"logs", "none"}}, {}, {}));
  CheckEqual(Names(model.manifest), {"w"});
  CheckEqual(model.manifest.ignore_paths, {".gitignore", "claims.jsonl", "logs"});
  CheckEqual(model.ignored, {".gitignore", "logs/"});
}

// Statements are appended to it after the model was signed.
BOOST_AUTO_TEST_CASE(a_manifest_never_has_the_claims_about_the_model) {
  ScratchFolder folder;
  for (const char* name : {"w", "sub/claims.jsonl"}) folder.Write(name, "x");
  REQUIRE_VALUE(const OmsModel before, ReadOmsModel(folder.str(), {}, {}, {}));
  folder.Write("claims.jsonl", "x");
  REQUIRE_VALUE(const OmsModel after, ReadOmsModel(folder.str(), {}, {}, {}));
  CheckEqual(Names(after.manifest), {"sub/claims.jsonl", "w"});
  CheckEqual(after.ignored, {"claims.jsonl"});
  BOOST_CHECK(after.manifest == before.manifest);
  CheckEqual(before.manifest.ignore_paths, {"claims.jsonl"});
}

BOOST_AUTO_TEST_CASE(a_folder_or_a_model_called_so_is_signed) {
  ScratchFolder folder;
  folder.Write("claims.jsonl/w", "x");
  REQUIRE_VALUE(const OmsModel in_folder, ReadOmsModel(folder.str(), {}, {}, {}));
  CheckEqual(Names(in_folder.manifest), {"claims.jsonl/w"});
  BOOST_CHECK(in_folder.manifest.ignore_paths.empty());
  folder.Write("other/claims.jsonl", "x");
  REQUIRE_VALUE(const OmsModel file, ReadOmsModel(folder / "other/claims.jsonl", {}, {}, {}));
  CheckEqual(Names(file.manifest), {"claims.jsonl"});
}

BOOST_AUTO_TEST_CASE(refuses_a_model_without_anything_to_sign) {
  ScratchFolder folder;
  CHECK_ERROR(ReadOmsModel(folder.str(), {}, {}, {}), ErrorCode::kRejected,
              "contains no files to sign");
  folder.Write("empty", "");
  CHECK_ERROR(ReadOmsModel(folder.str(), {}, {.shard_bytes = 5}, {}), ErrorCode::kRejected,
              "only empty files");
  std::filesystem::create_symlink("empty", folder.path() / "link");
  CHECK_ERROR(ReadOmsModel(folder.str(), {}, {}, {}), ErrorCode::kRejected,
              "link: is a symbolic link; only regular files can be signed");
}

BOOST_AUTO_TEST_CASE(refuses_more_shards_than_a_signature_can_hold) {
  ScratchFolder folder;
  folder.Write("big", "");
  std::filesystem::resize_file(folder.path() / "big", 500'001);
  CHECK_ERROR(ReadOmsModel(folder.str(), {}, {.shard_bytes = 1}, {}), ErrorCode::kRejected,
              "more than 500000 files or shards");
}

BOOST_AUTO_TEST_CASE(notices_a_file_that_changed_after_it_was_listed) {
  ScratchFolder folder;
  folder.Write("w", "weights");
  REQUIRE_VALUE(const OmsListing list, ListOmsFiles(folder.str(), {}));
  const auto pieces = PiecesOf(list.files.front(), {});
  folder.Write("w", "changed");
  CHECK_ERROR(DigestPieces(pieces, OmsHash::kSha256, {}), ErrorCode::kConflict,
              "w: changed while being read");
  std::filesystem::remove(folder.path() / "w");
  CHECK_ERROR(DigestPieces(pieces, OmsHash::kSha256, {}), ErrorCode::kNotFound, "w: open");
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "w");
  CHECK_ERROR(DigestPieces(pieces, OmsHash::kSha256, {}), ErrorCode::kConflict, "changed");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
