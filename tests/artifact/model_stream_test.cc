// Oracle: ReadModel of the same files in a folder, which other tests hold against Python, sha256sum
// and PyTorch's own files.
#include "artifact/model_stream.h"

#include "tests/artifact/streamed_model.h"
#include "tests/support/allocations.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {
namespace {

using test::MustRun;
using test::ScratchFolder;

const Way kWays[] = {
    {"whole", 0, true, false},
    {"whole, sizes unknown", 0, false, false},
    {"chunks of 4096", 4096, true, true},
    {"chunks of 7, sizes unknown", 7, false, true, true},
    {"random chunks", kRandomChunks, true, true, true},
    {"random chunks, sizes unknown", kRandomChunks, false, true},
};
const Way kSingleBytes[] = {{"single bytes", 1, true, true},
                            {"single bytes, sizes unknown", 1, false, false}};

std::string Python(const std::string& script, const std::string& arguments) {
  return MustRun("python3 " + (test::SourceFolder() / "tests/artifact" / script).string() + " " +
                 arguments);
}

// models/ and torch/, written once.
const ScratchFolder& Written() {
  static const ScratchFolder folder;
  static const bool done = [] {
    Python("write_model_files.py", folder / "models");
    Python("write_torch_files.py", folder / "torch");
    return true;
  }();
  return done ? folder : folder;
}

constexpr const char* kFolders[] = {
    "models/every_dtype", "models/gguf",         "models/one_file", "models/series",
    "models/two_shards",  "models/three_shards", "torch/good",      "torch/bad"};

// 76 numbers in two tensors.
std::string Safetensors() {
  const std::string header =
      R"({"embedding.weight":{"dtype":"F32","shape":[10,4],"data_offsets":[0,160]},)"
      R"("layer.weight":{"dtype":"F32","shape":[6,6],"data_offsets":[160,304]}})";
  return std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header +
         std::string(304, 'w');
}

const ScratchFolder& Mixture() {
  static const ScratchFolder folder;
  static const bool done = [] {
    folder.Write("config.json", R"({"model_type":"llama","num_experts_per_tok":2})");
    folder.Write("sub/config.json", "{");
    folder.Write("adapter_config.json", "{}");
    folder.Write("adapter_model.safetensors", Safetensors());
    folder.Write("empty.safetensors", "");
    folder.Write("empty.txt", "");
    folder.Write("empty.bin", "");
    folder.Write("lost.safetensors.index.json", R"({"weight_map":{"a":"nowhere.safetensors"}})");
    folder.Write("broken.safetensors.index.json", "[");
    folder.Write("README.md", "# A model\n");
    folder.Write("sub/README.md", "#!/bin/sh\n");
    folder.Write("picture.png", "\x89PNG\r\n\x1a\n" + std::string(600, 'p'));
    folder.Write("false.png", "PK\3\4");
    folder.Write("long.gif", "GIF89a" + std::string((16 << 20) + 1, 'g'));
    folder.Write("LICENSE", std::string((1 << 20) + 1, 'l'));
    folder.Write("weights.h5", "hdf5");
    folder.Write("Readme.TXT", "1");
    folder.Write("readme.txt", "2");
    folder.Write("model.sig", "a signature");
    folder.Write("claims.jsonl", "claims");
    folder.Write("other.passport.sigstore.jsonl", "a passport");
    folder.Write("sub/model.sig", "counts here");
    folder.Write(".git/HEAD", "ref");
    folder.Write(".git/objects/ab/cd", "object");
    folder.Write(".cache/huggingface/.gitignore", "*");
    folder.Write(".cache/other", "counts");
    folder.Write("training_args.bin", std::string("\x80\x02}q\x00.", 6));
    return true;
  }();
  return done ? folder : folder;
}

// Files of each format, cut at every length or changed at every place of their first bytes.
const ScratchFolder& Damaged() {
  static const ScratchFolder folder;
  static const bool done = [] {
    const std::string gguf =
        test::Slurp(Written().path() / "models/series/sub/every-00001-of-00003.gguf");
    for (const auto& [ending, whole] :
         std::map<std::string, std::string>{{"safetensors", Safetensors()}, {"gguf", gguf}}) {
      const size_t step = std::max<size_t>(1, whole.size() / 60);
      for (size_t at = 0; at < whole.size(); at += step) {
        const std::string name = std::to_string(at) + "." + ending;
        folder.Write("cut" + name, whole.substr(0, at));
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x11);
        folder.Write("changed" + name, changed);
      }
      folder.Write("longer." + ending, whole + "x");
      folder.Write("padded." + ending, whole + std::string(64, '\0'));
    }
    return true;
  }();
  return done ? folder : folder;
}

ModelFiles OnDisk(const std::string& folder) {
  REQUIRE_VALUE(ModelFiles model, ReadModel(folder));
  return model;
}

BOOST_AUTO_TEST_SUITE(model_stream)

BOOST_DATA_TEST_CASE(says_what_the_files_on_disk_say,
                     boost::unit_test::data::make(kFolders) * boost::unit_test::data::make(kWays),
                     name, way) {
  const std::string folder = Written() / name;
  REQUIRE_VALUE(const ModelFiles streamed, Stream(FilesOf(folder), way));
  BOOST_CHECK_EQUAL(streamed.executable_pickles.empty(), name != std::string("torch/bad"));
  CheckSame(streamed, OnDisk(folder));
}

BOOST_DATA_TEST_CASE(says_the_same_of_any_folder, boost::unit_test::data::make(kWays)) {
  REQUIRE_VALUE(const ModelFiles streamed, Stream(FilesOf(Mixture().str()), sample));
  const ModelFiles on_disk = OnDisk(Mixture().str());
  BOOST_CHECK_EQUAL(on_disk.leavable.size(), 6U);
  BOOST_CHECK_EQUAL(on_disk.not_covered.size(), 5U);
  BOOST_CHECK(on_disk.adapter.has_value());
  CheckSame(streamed, on_disk);
}

BOOST_DATA_TEST_CASE(says_the_same_of_damaged_files, boost::unit_test::data::make(kWays)) {
  REQUIRE_VALUE(const ModelFiles streamed, Stream(FilesOf(Damaged().str()), sample));
  const ModelFiles on_disk = OnDisk(Damaged().str());
  BOOST_CHECK_GT(on_disk.warnings.size(), 100U);
  BOOST_CHECK_GT(on_disk.weight_sets.size(), 30U);
  CheckSame(streamed, on_disk);
}

BOOST_DATA_TEST_CASE(says_the_same_of_single_bytes, boost::unit_test::data::make(kSingleBytes)) {
  for (const std::string& path : {Damaged().str(), Written() / "models/series"}) {
    REQUIRE_VALUE(const ModelFiles streamed, Stream(FilesOf(path), sample));
    CheckSame(streamed, OnDisk(path));
  }
}

BOOST_AUTO_TEST_CASE(what_memory_has_no_room_for_is_kept_in_the_folder_and_gone_afterwards) {
  const ScratchFolder spool;
  const std::string folder = Written() / "torch/good";
  const auto files = FilesOf(folder);
  uint64_t bytes = 0;
  for (const auto& [path, content] : files) bytes += content.size();
  const StreamLimits limits{files.size() * 4096, spool.str(), bytes};
  REQUIRE_VALUE(const ModelFiles streamed, Stream(files, kWays[5], limits));
  CheckSame(streamed, OnDisk(folder));
  BOOST_CHECK(std::filesystem::is_empty(spool.path()));
  CHECK_ERROR(Stream(files, kWays[5], {limits.kept_bytes, spool.str(), bytes / 8}),
              ErrorCode::kUnsupported, "would be in the spool folder");
  CHECK_ERROR(Stream(files, kWays[5], {limits.kept_bytes, spool / "nowhere", bytes}),
              ErrorCode::kIo, "make a file to keep bytes in");
}

BOOST_AUTO_TEST_CASE(a_large_pytorch_file_takes_a_folder) {
  const ScratchFolder spool, folder;
  const std::string large((17 << 20), '\0');
  folder.Write("model.bin", large);
  CHECK_ERROR(Stream({{"model.bin", large}}, kWays[2]), ErrorCode::kUnsupported,
              "takes a spool folder or more than 16777216 bytes of memory");
  REQUIRE_VALUE(const ModelFiles streamed,
                Stream({{"model.bin", large}}, kWays[2], {.spool_folder = spool.str()}));
  CheckSame(streamed, OnDisk(folder.str()));
}

// `._*` is what macOS knows of a file beside it, whatever that name ends in.
BOOST_AUTO_TEST_CASE(a_large_pytorch_file_of_a_name_that_may_be_left_out_is_read_as_on_disk) {
  const ScratchFolder spool, folder;
  const std::map<std::string, std::string> files = {
      {"._model.bin", "PK\3\4" + std::string(17 << 20, '\0')},
      {"sub/._model.pt", test::Slurp(test::SourceFolder() / "tests/artifact/torch/zip.pt")}};
  for (const auto& [path, content] : files) folder.Write(path, content);
  REQUIRE_VALUE(const ModelFiles streamed, Stream(files, kWays[2], {.spool_folder = spool.str()}));
  BOOST_CHECK_EQUAL(streamed.leavable.size(), 2U);
  BOOST_CHECK_EQUAL(streamed.weight_sets.size(), 1U);
  CheckSame(streamed, OnDisk(folder.str()));
}

BOOST_AUTO_TEST_CASE(names_that_no_folder_has_are_refused) {
  const std::pair<const char*, const char*> kHostile[] = {
      {"", "has an empty component"},
      {"/etc/passwd", "has an empty component"},
      {"a//b", "has an empty component"},
      {"a/", "has an empty component"},
      {"../README.md", "has a . or .. component"},
      {"a/./b", "has a . or .. component"},
      {"a\\b", "contains a backslash"},
      {"a\nb", "contains a control or invisible character"},
      {"a\xff", "is not UTF-8"},
      {"\xe2\x80\xae.txt", "contains a control or invisible character"},
      {".git/../config.json", "has an empty, . or .. component"},
      {".cache/huggingface//x", "has an empty, . or .. component"},
  };
  ModelStream model({});
  for (const auto& [path, why] : kHostile)
    CHECK_ERROR(model.Begin(path), ErrorCode::kMalformed, why);
  CHECK_ERROR(model.Begin(std::string("a\0.passport.sigstore.jsonl", 26)), ErrorCode::kMalformed,
              "contains a NUL");
  CHECK_ERROR(model.Begin(std::string(4001, 'a')), ErrorCode::kMalformed, "is over 4,000 bytes");
}

BOOST_AUTO_TEST_CASE(no_path_comes_twice_or_is_a_file_and_a_folder) {
  ModelStream model({});
  for (const char* path : {"a/b", "c", ".git/HEAD", "model.sig"}) {
    REQUIRE_VALUE(const auto file, model.Begin(path));
    BOOST_CHECK(file->Close().has_value());
  }
  CHECK_ERROR(model.Begin("a/b"), ErrorCode::kConflict, "is there more than once");
  CHECK_ERROR(model.Begin("model.sig"), ErrorCode::kConflict, "is there more than once");
  CHECK_ERROR(model.Begin("a"), ErrorCode::kConflict, "is a file and a folder");
  CHECK_ERROR(model.Begin(".git"), ErrorCode::kConflict, "is a file and a folder");
  CHECK_ERROR(model.Begin("c/d/e"), ErrorCode::kConflict, "is below \"c\", which is a file");
  BOOST_CHECK(model.Begin("a/c").has_value());
  BOOST_CHECK(model.Begin(".git/refs").has_value());
}

BOOST_AUTO_TEST_CASE(a_file_has_the_size_that_was_announced) {
  ModelStream model({});
  REQUIRE_VALUE(const auto longer, model.Begin("longer", 4));
  BOOST_CHECK(longer->Write(AsBytes("1234")).has_value());
  CHECK_ERROR(longer->Write(AsBytes("5")), ErrorCode::kRejected,
              "has more than the 4 bytes that were announced");
  REQUIRE_VALUE(const auto shorter, model.Begin("shorter", 4));
  BOOST_CHECK(shorter->Write(AsBytes("123")).has_value());
  CHECK_ERROR(shorter->Close(), ErrorCode::kRejected,
              "ended after 3 of the 4 bytes that were announced");
  CHECK_ERROR(model.Begin("endless", UINT64_MAX), ErrorCode::kRejected,
              "no file has so many bytes");
}

BOOST_AUTO_TEST_CASE(a_model_without_files_that_count_is_refused) {
  ModelStream model({});
  CHECK_ERROR(model.Finish(), ErrorCode::kRejected, "no file that counts");
  ModelStream left_out({});
  REQUIRE_VALUE(const auto file, left_out.Begin("model.sig"));
  BOOST_CHECK(file->Close().has_value());
  CHECK_ERROR(left_out.Finish(), ErrorCode::kRejected, "no file that counts");
}

BOOST_AUTO_TEST_CASE(open_files_are_limited) {
  ModelStream model({});
  std::vector<std::unique_ptr<StreamedFile>> files;
  for (size_t i = 0; i < kMaxOpenFiles; ++i) {
    REQUIRE_VALUE(auto file, model.Begin(std::to_string(i)));
    files.push_back(std::move(file));
  }
  CHECK_ERROR(model.Begin("more"), ErrorCode::kUnsupported, "1024 files are open");
  files.pop_back();
  BOOST_CHECK(model.Begin("more").has_value());
}

// A header of 100 MB is announced in eight bytes, and a million tensors take a few megabytes.
BOOST_AUTO_TEST_CASE(memory_is_held_for_what_has_arrived_only) {
  const uint64_t held = test::PeakBytesIn([] {
    ModelStream model({});
    std::vector<std::unique_ptr<StreamedFile>> files;
    const std::string claims = "\xff\xe0\xf5\x05" + std::string(4, '\0') + std::string(1000, '{');
    for (size_t i = 0; i < 1000; ++i) {
      files.push_back(std::move(*model.Begin(std::to_string(i) + ".safetensors")));
      BOOST_CHECK(files.back()->Write(AsBytes(claims)).has_value());
    }
  });
  BOOST_CHECK_LT(held, 8U << 20);
}

BOOST_AUTO_TEST_CASE(headers_that_never_end_are_not_kept_without_end) {
  const StreamLimits limits{8 << 20, "", 0};
  const std::string chunk(1 << 20, ' ');
  const std::string prefix = "\xff\xe0\xf5\x05" + std::string(4, '\0');
  uint64_t sent = 0;
  const uint64_t held = test::PeakBytesIn([&] {
    ModelStream model(limits);
    REQUIRE_VALUE(const auto file, model.Begin("model.safetensors"));
    BOOST_CHECK(file->Write(AsBytes(prefix)).has_value());
    for (; sent < (100 << 20); sent += chunk.size()) {
      const auto taken = file->Write(AsBytes(chunk));
      if (taken) continue;
      CHECK_ERROR(taken, ErrorCode::kUnsupported, "would take over 8388608 bytes");
      return;
    }
  });
  BOOST_CHECK_LE(sent, limits.kept_bytes);
  BOOST_CHECK_LT(held, 3 * limits.kept_bytes);
}

// Each some megabytes long, and remembered until the verdict.
std::map<std::string, std::string> FilesOfLongNames() {
  const auto little = [](uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
  };
  const std::string name(1 << 20, 'n');
  const std::string header =
      R"({")" + name + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})";
  const std::string key = "general.architecture";
  std::string map, settings;
  for (int i = 0; i < 16'000; ++i) map += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"b\"";
  for (int i = 0; i < 100; ++i) settings += ",\"" + std::to_string(i) + "\":1";
  return {{"x.safetensors", little(header.size(), 8) + header},
          {"x.gguf", "GGUF" + little(3, 4) + little(0, 8) + little(1, 8) + little(key.size(), 8) +
                         key + little(8, 4) + little(name.size(), 8) + name},
          {"x.safetensors.index.json", R"({"weight_map":{)" + map + "}}"},
          {"config.json",
           R"({"model_type":"a",")" + std::string(10'000, 'o') + R"(":{"n":1)" + settings + "}}"}};
}

BOOST_AUTO_TEST_CASE(names_are_not_kept_without_end) {
  const StreamLimits limits{8 << 20, "", 0};
  for (const auto& [path, content] : FilesOfLongNames()) {
    for (const bool size_known : {true, false}) {
      BOOST_TEST_CONTEXT(path << (size_known ? "" : ", size unknown")) {
        size_t taken = 0;
        const uint64_t held = test::PeakBytesIn([&] {
          ModelStream model(limits);
          for (; taken < 100; ++taken) {
            REQUIRE_VALUE(const auto file,
                          model.Begin(std::to_string(taken) + "/" + path,
                                      size_known ? content.size() : kUnknownBytes));
            auto done = file->Write(AsBytes(content));
            if (done && !file->Close()) break;
            if (done) continue;
            CHECK_ERROR(done, ErrorCode::kUnsupported, "would take over 8388608 bytes");
            break;
          }
        });
        BOOST_CHECK_GT(taken, 2U);
        BOOST_CHECK_LT(taken, 100U);
        BOOST_CHECK_LT(held, 3 * limits.kept_bytes);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_any_length_takes_no_more_memory) {
  const std::string chunk(1 << 20, 'x');
  const uint64_t held = test::PeakBytesIn([&] {
    ModelStream model({});
    REQUIRE_VALUE(const auto file, model.Begin("data.txt"));
    for (int i = 0; i < 64; ++i) BOOST_CHECK(file->Write(AsBytes(chunk)).has_value());
    BOOST_CHECK(file->Close().has_value());
  });
  BOOST_CHECK_LT(held, 64U << 10);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
