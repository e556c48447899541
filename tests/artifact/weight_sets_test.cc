#include "artifact/weight_sets.h"

#include "crypto/sha256.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

FileOutcome File(const std::string& path) {
  return {{path, 1, crypto::Sha256Of(path)}, std::nullopt, std::nullopt, ""};
}

FileOutcome Weights(const std::string& path, const std::vector<std::string>& names) {
  FileOutcome file = File(path);
  file.tensors.emplace();
  for (const std::string& name : names) {
    file.tensors->push_back({name, "U8", {1}, 1, false, crypto::Sha256Of(name)});
  }
  return file;
}

FileOutcome Index(const std::string& path, std::vector<ShardIndex::Mapping> map) {
  FileOutcome file = File(path);
  file.index = ShardIndex{std::move(map)};
  return file;
}

FileOutcome Refused(const std::string& path, const std::string& reason) {
  FileOutcome file = File(path);
  file.refusal = reason;
  return file;
}

void CheckSets(const std::vector<FileOutcome>& files, const std::vector<std::string>& names,
               const std::vector<std::string>& warnings) {
  const WeightSets result = GroupWeights(files);
  std::vector<std::string> found;
  for (const WeightSet& set : result.sets) found.push_back(set.name);
  BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), names.begin(), names.end());
  BOOST_REQUIRE_EQUAL(result.warnings.size(), warnings.size());
  for (size_t i = 0; i < warnings.size(); ++i) {
    BOOST_CHECK_MESSAGE(result.warnings[i].find(warnings[i]) != std::string::npos,
                        result.warnings[i] << " lacks " << warnings[i]);
  }
}

BOOST_AUTO_TEST_SUITE(weight_sets)

BOOST_AUTO_TEST_CASE(groups_shards_by_index_within_their_folder) {
  const std::vector<FileOutcome> files = {
      Weights("1.safetensors", {"a"}), Weights("sub/1.safetensors", {"a"}),
      Weights("sub/2.safetensors", {"b", "unmapped"}), Weights("sub/3.safetensors", {"a"}),
      Index("sub/m.safetensors.index.json", {{"a", "1.safetensors"}, {"b", "2.safetensors"}})};
  CheckSets(files, {"1.safetensors", "sub/3.safetensors", "sub/m.safetensors.index.json"}, {});
  BOOST_CHECK_EQUAL(GroupWeights(files).sets[2].tensors.size(), 3u);
}

BOOST_AUTO_TEST_CASE(index_with_a_missing_shard_groups_nothing) {
  CheckSets({Weights("1.safetensors", {"a"}),
             Index("m.safetensors.index.json", {{"a", "1.safetensors"}, {"b", "2.safetensors"}})},
            {"1.safetensors"},
            {"m.safetensors.index.json: no tensor root: shard \"2.safetensors\" is missing"});
}

BOOST_AUTO_TEST_CASE(index_with_an_unreadable_shard_groups_nothing) {
  CheckSets({Refused("1.safetensors", "header is longer than the file"),
             Index("m.safetensors.index.json", {{"a", "1.safetensors"}})},
            {},
            {"1.safetensors: no tensor root: header is longer than the file",
             "shard \"1.safetensors\" has no readable tensors"});
}

BOOST_AUTO_TEST_CASE(index_that_maps_a_tensor_to_the_wrong_shard_is_refused) {
  CheckSets({Weights("1.safetensors", {"a"}), Weights("2.safetensors", {"b"}),
             Index("m.safetensors.index.json", {{"a", "2.safetensors"}, {"b", "2.safetensors"}})},
            {"1.safetensors", "2.safetensors"}, {"tensor \"a\" is not in \"2.safetensors\""});
}

BOOST_AUTO_TEST_CASE(tensor_in_two_shards_is_refused) {
  CheckSets({Weights("1.safetensors", {"a", "c"}), Weights("2.safetensors", {"b", "c"}),
             Index("m.safetensors.index.json", {{"a", "1.safetensors"}, {"b", "2.safetensors"}})},
            {"1.safetensors", "2.safetensors"}, {"tensor \"c\" appears more than once"});
}

BOOST_AUTO_TEST_CASE(groups_whole_gguf_series_under_the_first) {
  CheckSets({Weights("a/m-00001-of-00003.gguf", {}), Weights("a/m-00002-of-00003.gguf", {"a"}),
             Weights("a/m-00003-of-00003.gguf", {"b"}), Weights("b/m-00001-of-00001.gguf", {"a"}),
             Weights("b/m-00003-of-00002.gguf", {"a"}), Weights("b/m-1-of-3.gguf", {"a"})},
            {"a/m-00001-of-00003.gguf", "b/m-00001-of-00001.gguf", "b/m-00003-of-00002.gguf",
             "b/m-1-of-3.gguf"},
            {});
}

BOOST_AUTO_TEST_CASE(gguf_series_with_a_gap_groups_nothing) {
  CheckSets({Weights("m-00001-of-00003.gguf", {"a"}), Weights("m-00003-of-00003.gguf", {"b"}),
             Weights("n-00001-of-00003.gguf", {"a"})},
            {"m-00001-of-00003.gguf", "m-00003-of-00003.gguf", "n-00001-of-00003.gguf"},
            {"series has 2 of its 3 files", "series has 1 of its 3 files"});
}

BOOST_AUTO_TEST_CASE(gguf_series_with_an_unreadable_file_groups_nothing) {
  CheckSets({Weights("m-00001-of-00002.gguf", {"a"}), Refused("m-00002-of-00002.gguf", "why")},
            {"m-00001-of-00002.gguf"},
            {"m-00002-of-00002.gguf: no tensor root: why",
             "\"m-00002-of-00002.gguf\" has no readable tensors"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
