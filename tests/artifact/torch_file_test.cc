#include "artifact/torch_file.h"

#include <cstring>
#include <map>
#include <sstream>

#include "artifact/model_files.h"
#include "core/hex.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {
namespace {

using test::ScratchFolder;

// The folder of write_torch_files.py, written once.
const ScratchFolder& Written() {
  static const ScratchFolder folder;
  static const std::string written = test::MustRun(
      "python3 -W ignore " +
      (test::SourceFolder() / "tests/artifact/write_torch_files.py").string() + " " + folder.str());
  return folder;
}

using Row = std::vector<std::string>;

std::vector<Row> Table(const std::filesystem::path& path) {
  std::istringstream lines(test::Slurp(path));
  std::vector<Row> rows;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Row row;
    for (std::string field; std::getline(fields, field, '\t');) row.push_back(field);
    rows.push_back(row);
  }
  return rows;
}

std::string ShapeText(const std::vector<uint64_t>& shape) {
  std::string text;
  for (const uint64_t size : shape) text += (text.empty() ? "" : ",") + std::to_string(size);
  return text;
}

// file -> tensor -> the rest of the row
using Expected = std::map<std::string, std::map<std::string, Row>>;

Expected ByFile(const std::filesystem::path& table) {
  Expected expected;
  for (const Row& row : Table(table)) {
    BOOST_REQUIRE_EQUAL(row.size(), 6u);
    expected[row[0]][row[1]] = Row(row.begin() + 2, row.end());
  }
  return expected;
}

void CheckFile(const std::filesystem::path& file, const std::map<std::string, Row>& tensors) {
  REQUIRE_VALUE(const ModelFiles model, ReadModel(file.string()));
  BOOST_REQUIRE_MESSAGE(model.weight_sets.size() == 1,
                        file << ": " << (model.warnings.empty() ? "" : model.warnings[0]));
  const WeightSet& set = model.weight_sets[0];
  BOOST_CHECK_EQUAL(set.tensors.size(), tensors.size());
  for (const TensorSummary& tensor : set.tensors) {
    const auto found = tensors.find(tensor.name);
    BOOST_REQUIRE_MESSAGE(found != tensors.end(), file << ": " << tensor.name);
    const Row actual = {tensor.dtype, ShapeText(tensor.shape), std::to_string(tensor.shared),
                        HexEncode(tensor.sha256.span())};
    BOOST_CHECK_MESSAGE(actual == found->second, file << ": " << tensor.name << " " << actual[0]
                                                      << " [" << actual[1] << "] " << actual[2]
                                                      << " " << actual[3]);
  }
  for (const UnreadWeights& unread : model.unread_weights) {
    BOOST_CHECK_MESSAGE(unread.reason.find("hold") != std::string::npos, unread.reason);
  }
  BOOST_CHECK(model.executable_pickles.empty());
}

Result<WeightHeader> ReadBytes(const std::string& bytes) {
  const ReadAt read = [&](uint64_t offset, std::span<uint8_t> into) -> Result<> {
    BOOST_REQUIRE_LE(offset, bytes.size());
    BOOST_REQUIRE_LE(into.size(), bytes.size() - offset);
    if (!into.empty()) std::memcpy(into.data(), bytes.data() + offset, into.size());
    return Ok();
  };
  return ReadTorchFile(read, bytes.size());
}

BOOST_AUTO_TEST_SUITE(torch_file)

BOOST_AUTO_TEST_CASE(tensors_are_those_that_the_script_wrote) {
  const Expected expected = ByFile(Written().path() / "good.tsv");
  BOOST_CHECK_EQUAL(expected.size(), 10u);
  for (const auto& [file, tensors] : expected) {
    CheckFile(Written().path() / "good" / file, tensors);
  }
}

// make_torch_fixtures.py made these with PyTorch 1.13, and let it say what is in them.
BOOST_AUTO_TEST_CASE(tensors_are_those_that_pytorch_wrote) {
  const auto folder = test::SourceFolder() / "tests/artifact/torch";
  const Expected expected = ByFile(folder / "expected.tsv");
  BOOST_CHECK_EQUAL(expected.size(), 6u);
  for (const auto& [file, tensors] : expected) CheckFile(folder / file, tensors);
}

BOOST_AUTO_TEST_CASE(refuses_each_hostile_file_for_its_own_reason) {
  const std::map<std::string, ErrorCode> codes = {{"rejected", ErrorCode::kRejected},
                                                  {"malformed", ErrorCode::kMalformed},
                                                  {"unsupported", ErrorCode::kUnsupported}};
  const auto rows = Table(Written().path() / "bad.tsv");
  BOOST_CHECK_EQUAL(rows.size(), 53u);
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.at(0)) {
      const std::string bytes = test::Slurp(Written().path() / "bad" / row.at(0));
      CHECK_ERROR(ReadBytes(bytes), codes.at(row.at(1)), row.at(2));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_good_file_is_refused) {
  for (const char* name : {"good/views.pt", "good/views_legacy.pt"}) {
    const std::string bytes = test::Slurp(Written().path() / name);
    BOOST_REQUIRE(ReadBytes(bytes).has_value());
    for (size_t size = 0; size < bytes.size(); ++size) {
      BOOST_CHECK_MESSAGE(!ReadBytes(bytes.substr(0, size)).has_value(), name << " " << size);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_without_tensors_holds_no_weights) {
  REQUIRE_VALUE(const ModelFiles model, ReadModel(Written().str() + "/scheduler.pt"));
  BOOST_CHECK(model.weight_sets.empty());
  BOOST_CHECK(model.unread_weights.empty());
  BOOST_REQUIRE_EQUAL(model.warnings.size(), 1u);
  BOOST_CHECK_EQUAL(model.warnings[0], "scheduler.pt: no tensor root: holds no tensors");
}

BOOST_AUTO_TEST_CASE(the_state_of_an_optimiser_is_not_read) {
  const std::string file = Written().str() + "/optimizer.pt";
  REQUIRE_VALUE(const ModelFiles model, ReadModel(file));
  BOOST_CHECK(model.weight_sets.empty());
  const std::vector<UnreadWeights> unread = {
      {"optimizer.pt", std::filesystem::file_size(file), "is the state of an optimiser"}};
  BOOST_CHECK(model.unread_weights == unread);
}

// The cheapest lie: a small model under a name that is looked for, the real one under another.
BOOST_AUTO_TEST_CASE(a_checkpoint_says_which_state_dictionary_was_counted_and_what_was_not) {
  REQUIRE_VALUE(const ModelFiles model, ReadModel(Written().str() + "/good/checkpoint.ckpt"));
  BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 1u);
  BOOST_CHECK_EQUAL(model.weight_sets[0].parameters.basis,
                    "element counts of the header; of the state dictionary \"state_dict\" alone");
  BOOST_CHECK_EQUAL(model.weight_sets[0].parameters.least, 12u);
  const std::vector<UnreadWeights> unread = {
      {"checkpoint.ckpt", 4 * (4 + 100),
       "holds tensors beside the state dictionary \"state_dict\""}};
  BOOST_CHECK(model.unread_weights == unread);
}

BOOST_AUTO_TEST_CASE(a_view_of_a_part_leaves_the_rest_of_its_storage_uncounted) {
  REQUIRE_VALUE(const ModelFiles model, ReadModel(Written().str() + "/slice.pt"));
  BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 1u);
  BOOST_CHECK_EQUAL(model.weight_sets[0].elements, 10u);
  const std::vector<UnreadWeights> unread = {{"slice.pt", 4 * 90, "holds more than its tensors"}};
  BOOST_CHECK(model.unread_weights == unread);
}

// Under whatever name, also one that PyTorch writes itself.
BOOST_AUTO_TEST_CASE(bytes_beside_the_storages_are_uncounted) {
  const auto file = Written().path() / "foreign.pt";
  REQUIRE_VALUE(const ModelFiles model, ReadModel(file.string()));
  BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 1u);
  BOOST_CHECK_EQUAL(model.weight_sets[0].elements, 1u);
  const uint64_t storage = 4, room = 64 * 1024 + 1024;
  const std::vector<UnreadWeights> unread = {{"foreign.pt",
                                              std::filesystem::file_size(file) - storage - room,
                                              "holds more than its tensors"}};
  BOOST_CHECK(model.unread_weights == unread);
}

BOOST_AUTO_TEST_CASE(storage_that_tensors_share_counts_once) {
  REQUIRE_VALUE(const ModelFiles model, ReadModel(Written().str() + "/good/views.pt"));
  BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 1u);
  BOOST_CHECK_EQUAL(model.weight_sets[0].elements, 30u + 30u + 36u);
  BOOST_CHECK_EQUAL(model.weight_sets[0].parameters.most, 30u + 30u + 36u);
}

BOOST_AUTO_TEST_CASE(executable_pickle_is_named_and_its_bytes_are_unread) {
  ScratchFolder folder;
  folder.Write("sub/evil.pt", test::Slurp(Written().path() / "bad/system.pt"));
  folder.Write("model.h5", "12345");
  folder.Write("odd.bin", "123");
  folder.Write("short.safetensors", "12");
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_REQUIRE_EQUAL(model.executable_pickles.size(), 1u);
  BOOST_CHECK_EQUAL(model.executable_pickles[0], "sub/evil.pt: calls posix.system");
  const std::vector<UnreadWeights> unread = {
      {"model.h5", 5, "is of a format that is not read"},
      {"odd.bin", 3, "is neither of PyTorch's two formats"},
      {"short.safetensors", 2, "file is shorter than its length field"},
      {"sub/evil.pt", std::filesystem::file_size(folder.path() / "sub/evil.pt"),
       "executable pickle: calls posix.system"}};
  BOOST_CHECK(model.unread_weights == unread);
}

BOOST_AUTO_TEST_CASE(shards_of_an_index_are_one_set) {
  ScratchFolder folder;
  folder.Write("pytorch_model-00001-of-00002.bin",
               test::Slurp(Written().path() / "good/large.bin"));
  folder.Write("pytorch_model-00002-of-00002.bin",
               test::Slurp(Written().path() / "good/every_dtype.pt"));
  folder.Write("pytorch_model.bin.index.json",
               R"({"weight_map":{"w":"pytorch_model-00001-of-00002.bin",)"
               R"("scalar":"pytorch_model-00002-of-00002.bin"}})");
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 1u);
  BOOST_CHECK_EQUAL(model.weight_sets[0].name, "pytorch_model.bin.index.json");
  BOOST_CHECK_EQUAL(model.weight_sets[0].tensors.size(), 2u + 17u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
