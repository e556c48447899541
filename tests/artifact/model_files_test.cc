#include "artifact/model_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "artifact/model_digest.h"
#include "artifact/weight_header.h"
#include "core/hex.h"
#include "tests/support/allocations.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {
namespace {

using test::MustRun;
using test::ScratchFolder;

constexpr const char* kModels[] = {"every_dtype", "gguf",         "one_file",
                                   "series",      "three_shards", "two_shards"};

// The folders of write_model_files.py, written once.
const ScratchFolder& Models() {
  static const ScratchFolder folder;
  static const std::string written =
      MustRun("python3 " + (test::SourceFolder() / "tests/artifact/write_model_files.py").string() +
              " " + folder.str());
  return folder;
}

ReadOptions Threads(unsigned threads) {
  ReadOptions options;
  options.threads = threads;
  return options;
}

// As tensor_root_reference.py prints it.
std::string Describe(const ModelFiles& model) {
  std::ostringstream out;
  out << "model " << HexEncode(model.digest.span()) << '\n';
  for (const WeightSet& set : model.weight_sets) {
    out << "set " << HexEncode(set.root.span()) << ' ' << set.elements << ' '
        << (set.packed ? "packed" : "plain") << ' ' << set.tensors.size() << ' ' << set.name
        << '\n';
  }
  return out.str();
}

BOOST_AUTO_TEST_SUITE(model_files)

BOOST_DATA_TEST_CASE(agrees_with_the_reference_script,
                     boost::unit_test::data::make(kModels) *
                         boost::unit_test::data::make({1u, 2u, 7u}),
                     name, threads) {
  const std::string folder = Models().str() + "/" + name;
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder, Threads(threads)));
  const auto script = test::SourceFolder() / "tests/artifact/tensor_root_reference.py";
  BOOST_CHECK_EQUAL(Describe(model), MustRun("python3 " + script.string() + " " + folder));
  BOOST_CHECK(model.warnings.empty());
}

BOOST_DATA_TEST_CASE(sums_text_is_what_sha256sum_prints, boost::unit_test::data::make(kModels)) {
  const std::string folder = Models().str() + "/" + sample;
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder));
  const std::string sums = MustRun("cd " + folder +
                                   " && find . -type f -printf '%P\\0' | LC_ALL=C sort -z"
                                   " | LC_ALL=C xargs -0 sha256sum");
  BOOST_CHECK_EQUAL(SumsText(model.files), sums);
  uint64_t bytes = 0;
  for (const FileEntry& file : model.files) bytes += file.bytes;
  BOOST_CHECK_EQUAL(model.total_bytes, bytes);
}

BOOST_AUTO_TEST_CASE(resharding_and_renaming_keep_root_and_tensors) {
  std::vector<WeightSet> sets;
  for (const char* name : {"one_file", "two_shards", "three_shards"}) {
    REQUIRE_VALUE(const ModelFiles model, ReadModel(Models().str() + "/" + name));
    BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 1u);
    sets.push_back(model.weight_sets[0]);
  }
  for (const WeightSet& set : sets) {
    BOOST_CHECK(set.root == sets[0].root);
    BOOST_CHECK(set.tensors == sets[0].tensors);
  }
  BOOST_CHECK_EQUAL(sets[1].name, "weights.safetensors.index.json");
}

BOOST_AUTO_TEST_CASE(single_file_is_digested_under_its_base_name) {
  const std::string file = Models().str() + "/one_file/model.safetensors";
  REQUIRE_VALUE(const ModelFiles model, ReadModel(file));
  REQUIRE_VALUE(const ModelFiles folder, ReadModel(Models().str() + "/one_file"));
  BOOST_CHECK(model.files == folder.files);
  BOOST_CHECK(model.weight_sets == folder.weight_sets);
}

BOOST_AUTO_TEST_CASE(without_tensors_no_header_is_read) {
  ScratchFolder folder;
  folder.Write("bad.gguf", "GGUF");
  ReadOptions options;
  options.tensors = false;
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str(), options));
  BOOST_CHECK(model.weight_sets.empty());
  BOOST_CHECK(model.warnings.empty());
}

BOOST_AUTO_TEST_CASE(weight_file_that_does_not_parse_stays_a_file_with_a_warning) {
  ScratchFolder folder;
  folder.Write("a.safetensors", "short");
  folder.Write("b.gguf", "GGUF");
  folder.Write("c.safetensors.index.json", "{");
  folder.Write("d.safetensors", std::string("\2\0\0\0\0\0\0\0{}hidden", 16));
  folder.Write("e.safetensors", "");
  folder.Write("f.bin", "\x80\x02.");
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_CHECK_EQUAL(model.files.size(), 6u);
  BOOST_CHECK(model.weight_sets.empty());
  const std::string expected[] = {
      "a.safetensors: no tensor root: file is shorter than its length field",
      "b.gguf: no tensor root: header is longer than the file",
      "c.safetensors.index.json: no tensor root: ",
      "d.safetensors: no tensor root: trailing data after the last tensor",
      "e.safetensors: no tensor root: file is shorter than its length field",
      "f.bin: no tensor root: is neither of PyTorch's two formats"};
  BOOST_REQUIRE_EQUAL(model.warnings.size(), std::size(expected));
  for (size_t i = 0; i < std::size(expected); ++i) {
    BOOST_CHECK_MESSAGE(model.warnings[i].starts_with(expected[i]), model.warnings[i]);
  }
  const std::string sums = MustRun("cd " + folder.str() + " && LC_ALL=C sha256sum *");
  BOOST_CHECK_EQUAL(SumsText(model.files), sums);
}

BOOST_AUTO_TEST_CASE(bytes_in_the_padding_between_gguf_tensors_void_the_tensor_root) {
  ScratchFolder folder;
  std::string content = test::Slurp(Models().path() / "series/sub/every-00003-of-00003.gguf");
  BOOST_REQUIRE_EQUAL(content.back(), '\0');
  content.back() = 'x';  // padding behind the last tensor
  folder.Write("m.gguf", content);
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_CHECK(model.weight_sets.empty());
  BOOST_REQUIRE_EQUAL(model.warnings.size(), 1u);
  BOOST_CHECK_EQUAL(model.warnings[0],
                    "m.gguf: no tensor root: padding between tensors is not zero");
}

BOOST_AUTO_TEST_CASE(reports_what_is_left_out_and_follows_links_when_told) {
  ScratchFolder folder;
  folder.Write("weights", "abc");
  folder.Write("model.sig", "x");
  std::filesystem::create_symlink("weights", folder.path() / "link");
  CHECK_ERROR(ReadModel(folder.str()), ErrorCode::kRejected, "link: is a symbolic link");
  ReadOptions options;
  options.follow_links = true;
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str(), options));
  BOOST_REQUIRE_EQUAL(model.files.size(), 2u);
  BOOST_CHECK_EQUAL(model.files[0].path, "link");
  BOOST_CHECK(model.files[0].sha256 == model.files[1].sha256);
  BOOST_REQUIRE_EQUAL(model.not_covered.size(), 1u);
  BOOST_CHECK_EQUAL(model.not_covered[0], "model.sig");
}

// Eight bytes of length, then the header, then as many zeros as it wants.
std::string Safetensors(const std::string& header, size_t data_bytes) {
  std::string file(8, '\0');
  for (size_t i = 0; i < 8; ++i) file[i] = static_cast<char>(header.size() >> (8 * i));
  return file + header + std::string(data_bytes, '\0');
}

BOOST_AUTO_TEST_CASE(width_of_packed_integers_comes_from_the_config_beside_them) {
  ScratchFolder folder;
  const std::string header =
      R"({"l.weight_packed":{"dtype":"I32","shape":[8,2],"data_offsets":[0,64]},)"
      R"("l.weight_scale":{"dtype":"F32","shape":[8,1],"data_offsets":[64,96]}})";
  folder.Write("a/model.safetensors", Safetensors(header, 96));
  folder.Write("a/config.json", R"({"quantization_config":{"config_groups":{"g":{"weights":)"
                                R"({"num_bits":4}}}}})");
  folder.Write("b/model.safetensors", Safetensors(header, 96));
  folder.Write("b/config.json", "{");
  folder.Write("config.json", R"({"bits":2})");  // of another folder
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 2u);
  BOOST_CHECK_EQUAL(model.weight_sets[0].parameters.basis, "compressed-tensors, 4 bits");
  BOOST_CHECK_EQUAL(model.weight_sets[0].parameters.least, 128u);
  BOOST_CHECK_EQUAL(model.weight_sets[1].parameters.basis, "compressed-tensors, 2 to 8 bits");
  BOOST_CHECK(model.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_weight_set_has_the_configuration_of_its_own_folder) {
  ScratchFolder folder;
  const std::string header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  folder.Write("model.safetensors", Safetensors(header, 4));
  folder.Write("b/model.safetensors", Safetensors(header, 4));
  folder.Write("config.json", R"({"model_type":"mixtral","num_experts_per_tok":2})");
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 2u);
  BOOST_CHECK(!model.weight_sets[0].config);
  const ModelConfig expected{"mixtral", false, {{"num_experts_per_tok", 2}}};
  BOOST_CHECK(model.weight_sets[1].config == expected);
}

// A few bytes each, of which every one would cost all tensors of the shard again.
BOOST_AUTO_TEST_CASE(many_indexes_of_one_shard_are_refused, *carnet::test::LongOnOneThread()) {
  ScratchFolder folder;
  std::string header = "{";
  for (int i = 0; i < 20'000; ++i) {
    header += (i > 0 ? "," : "") + ("\"t" + std::to_string(i)) +
              R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  }
  folder.Write("model.safetensors", Safetensors(header + "}", 0));
  for (int i = 10; i < 26; ++i) {
    folder.Write("x" + std::to_string(i) + ".safetensors.index.json",
                 R"({"weight_map":{"t0":"model.safetensors"}})");
  }
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_CHECK_EQUAL(model.weight_sets.size(), 14u);  // 1 + 262,144 / 20,000
  BOOST_REQUIRE_EQUAL(model.warnings.size(), 2u);
  BOOST_CHECK_EQUAL(model.warnings[0],
                    "x24.safetensors.index.json: no tensor root: indexes name shards of over "
                    "262,144 tensors that others have named");
}

BOOST_AUTO_TEST_CASE(adapter_tells_the_least_of_its_base) {
  ScratchFolder folder;
  const std::string header =
      R"({"m.lora_A.weight":{"dtype":"F32","shape":[1,6],"data_offsets":[0,24]},)"
      R"("m.lora_B.weight":{"dtype":"F32","shape":[5,1],"data_offsets":[24,44]}})";
  folder.Write("adapter_model.safetensors", Safetensors(header, 44));
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str()));
  BOOST_REQUIRE(model.adapter.has_value());
  BOOST_CHECK_EQUAL(model.adapter->least_base_parameters, 30u);
  REQUIRE_VALUE(const ModelFiles base, ReadModel(Models().str() + "/one_file"));
  BOOST_CHECK(!base.adapter.has_value());
}

// The bound that weight_header.h states, for one file and for a set of several.
BOOST_AUTO_TEST_CASE(memory_is_bounded_by_header_bytes_and_tensors,
                     *carnet::test::LongOnOneThread()) {
  constexpr size_t kCount = 50'000;
  for (const size_t shards : {1u, 2u}) {
    ScratchFolder folder;
    std::string map;
    uint64_t header_bytes = 0;
    uint64_t name_bytes = 0;
    for (size_t shard = 0; shard < shards; ++shard) {
      const std::string file = std::to_string(shard) + ".safetensors";
      std::string header;
      for (size_t i = shard; i < kCount; i += shards) {
        const std::string name = "model.layers.mlp.experts.weight." + std::to_string(i);
        header += (header.empty() ? "{\"" : ",\"") + name +
                  R"(":{"dtype":"F32","shape":[0,4096],"data_offsets":[0,0]})";
        name_bytes += name.size() + 32;  // with what a block costs beside its bytes
        if (i == shard) map += (map.empty() ? "\"" : ",\"") + name + "\":\"" + file + "\"";
      }
      folder.Write(file, Safetensors(header + "}", 0));
      header_bytes += header.size();
    }
    if (shards > 1) folder.Write("m.safetensors.index.json", "{\"weight_map\":{" + map + "}}");
    const uint64_t peak = test::PeakBytesIn([&] {
      REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str(), Threads(1)));
      BOOST_REQUIRE_EQUAL(model.weight_sets.size(), 1u);
      BOOST_CHECK_EQUAL(model.weight_sets[0].tensors.size(), kCount);
    });
    constexpr uint64_t kBuffers = 2 << 20;  // of the one thread
    BOOST_TEST_MESSAGE("peak " << peak << " bytes, " << peak / kCount << " a tensor");
    BOOST_CHECK_LE(peak, header_bytes + name_bytes + kCount * kTensorMemoryBytes + kBuffers);
    BOOST_CHECK_GE(peak, header_bytes);  // the measure measures
  }
}

BOOST_AUTO_TEST_CASE(progress_counts_every_byte_once) {
  ReadOptions options;
  uint64_t last = 0, total = 0;
  bool grows = true;
  options.progress = [&](uint64_t done, uint64_t all) {
    grows = grows && done >= last;
    last = done, total = all;
  };
  REQUIRE_VALUE(const ModelFiles model, ReadModel(Models().str(), options));
  BOOST_CHECK(grows);
  BOOST_CHECK_EQUAL(last, model.total_bytes);
  BOOST_CHECK_EQUAL(total, model.total_bytes);
}

struct Change {
  const char* label;
  void (*apply)(const std::string& path);
};
std::ostream& operator<<(std::ostream& out, const Change& change) { return out << change.label; }

void Touch(const std::string& path) {
  const timespec times[] = {{0, UTIME_OMIT}, {1'000'000'000, 1}};
  BOOST_REQUIRE_EQUAL(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

const std::vector<Change> kChanges = {
    {"grows", [](const std::string& path) { BOOST_REQUIRE(!::truncate(path.c_str(), 5'000'000)); }},
    {"shrinks", [](const std::string& path) { BOOST_REQUIRE(!::truncate(path.c_str(), 500'000)); }},
    {"is_touched", &Touch},
};

BOOST_DATA_TEST_CASE(refuses_file_that_changes_while_it_is_read,
                     boost::unit_test::data::make(kChanges)) {
  ScratchFolder folder;
  folder.Write("weights.bin", std::string(4'000'000, 'w'));
  ReadOptions options;
  bool applied = false;
  options.progress = [&](uint64_t, uint64_t) {
    if (!applied) sample.apply(folder.str() + "/weights.bin");
    applied = true;
  };
  CHECK_ERROR(ReadModel(folder.str(), options), ErrorCode::kConflict,
              "weights.bin: changed while being read");
}

// One thread reads the large file first, then the small ones four at a time.
BOOST_AUTO_TEST_CASE(refuses_file_that_is_replaced_before_its_turn) {
  for (const bool by_fifo : {false, true}) {
    ScratchFolder folder;
    folder.Write("large", std::string(3'000'000, 'l'));
    for (int i = 0; i < 8; ++i) folder.Write("small" + std::to_string(i), "s");
    ReadOptions options = Threads(1);
    bool replaced = false;
    options.progress = [&](uint64_t, uint64_t) {
      if (replaced) return;
      replaced = true;
      const std::string victim = folder.str() + "/small7";
      std::filesystem::rename(victim, victim + ".old");
      if (by_fifo) {
        BOOST_REQUIRE_EQUAL(::mkfifo(victim.c_str(), 0600), 0);
      } else {
        std::filesystem::copy_file(victim + ".old", victim);
      }
    };
    CHECK_ERROR(ReadModel(folder.str(), options), ErrorCode::kConflict, "small7: changed");
  }
}

BOOST_AUTO_TEST_CASE(names_the_file_that_cannot_be_opened) {
  ScratchFolder folder;
  folder.Write("a", "x");
  folder.Write("gone", "x");
  ReadOptions options = Threads(1);
  for (int i = 0; i < 8; ++i) folder.Write("big" + std::to_string(i), std::string(300'000, 'b'));
  options.progress = [&](uint64_t, uint64_t) { std::filesystem::remove(folder.path() / "gone"); };
  CHECK_ERROR(ReadModel(folder.str(), options), ErrorCode::kNotFound, "gone: open");
}

BOOST_AUTO_TEST_CASE(many_small_files_are_all_there) {
  ScratchFolder folder;
  for (int i = 0; i < 500; ++i) {
    folder.Write("d" + std::to_string(i % 7) + "/" + std::to_string(i),
                 std::string(static_cast<size_t>(i) * 37, 'x'));
  }
  const std::string sums = MustRun("cd " + folder.str() +
                                   " && find . -type f -printf '%P\\0' | LC_ALL=C sort -z"
                                   " | LC_ALL=C xargs -0 sha256sum");
  for (const unsigned threads : {1u, 2u, 16u}) {
    REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str(), Threads(threads)));
    BOOST_CHECK_EQUAL(SumsText(model.files), sums);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
