// Files of every mix of sizes, read by any number of threads, against OpenSSL's digests of the same
// bytes.
#include "artifact/read_files.h"

#include <openssl/evp.h>

#include <filesystem>
#include <random>

#include "core/hex.h"
#include "tests/support/allocations.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

constexpr size_t kMib = 1 << 20;

Sha256Digest ByOpenSsl(std::string_view bytes) {
  std::array<uint8_t, 32> digest;
  BOOST_REQUIRE_EQUAL(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr), 1);
  return Sha256Digest(digest);
}

std::string RandomText(std::mt19937_64& random, size_t bytes) {
  std::string text(bytes + 8, '\0');
  for (size_t i = 0; i < bytes; i += 8) {
    const uint64_t word = random();
    std::memcpy(text.data() + i, &word, 8);
  }
  text.resize(bytes);
  return text;
}

// A safetensors file whose tensors have these bytes, named by their number.
std::string Safetensors(const std::vector<std::string>& tensors) {
  std::string header = "{";
  size_t at = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    header += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + R"(":{"dtype":"U8","shape":[)" +
              std::to_string(tensors[i].size()) + R"(],"data_offsets":[)" + std::to_string(at) +
              "," + std::to_string(at + tensors[i].size()) + "]}";
    at += tensors[i].size();
  }
  header += "}";
  std::string file;
  for (int shift = 0; shift < 64; shift += 8) {
    file.push_back(static_cast<char>(uint64_t{header.size()} >> shift));
  }
  file += header;
  for (const std::string& tensor : tensors) file += tensor;
  return file;
}

std::vector<ListedFile> Listed(const test::ScratchFolder& folder) {
  auto list = ListFiles(folder.str(), Links::kRefuse);
  BOOST_REQUIRE(list.has_value());
  return list->files;
}

ReadOptions Threads(unsigned threads) {
  ReadOptions options;
  options.threads = threads;
  return options;
}

BOOST_AUTO_TEST_SUITE(read_files)

constexpr size_t kSizes[] = {
    0,         1,         4'097,   256 << 10,     (256 << 10) + 1, 3 * kMib,
    5'000'001, 16 * kMib, 0,       16 * kMib + 1, 40'000'003,      1 * kMib + 7,
    255 << 10, 77,        2 * kMib};

BOOST_DATA_TEST_CASE(files_of_every_mix_of_sizes_are_digested_as_by_openssl,
                     boost::unit_test::data::make({1U, 2U, 3U, 8U})) {
  std::mt19937_64 random(sample);
  const test::ScratchFolder folder;
  std::vector<Sha256Digest> expected;
  for (size_t i = 0; i < std::size(kSizes); ++i) {
    const std::string bytes = RandomText(random, kSizes[i]);
    folder.Write(std::string(1, static_cast<char>('a' + i)) + ".dat", bytes);
    expected.push_back(ByOpenSsl(bytes));
  }
  const auto files = Listed(folder);
  REQUIRE_VALUE(const auto outcomes, ReadFiles(files, Threads(sample)));
  BOOST_REQUIRE_EQUAL(outcomes.size(), expected.size());
  for (size_t i = 0; i < outcomes.size(); ++i) {
    BOOST_CHECK_EQUAL(outcomes[i].entry.path, files[i].path);
    BOOST_CHECK_EQUAL(outcomes[i].entry.bytes, kSizes[i]);
    BOOST_CHECK_MESSAGE(outcomes[i].entry.sha256 == expected[i], files[i].path);
  }
}

// Tensors that end inside of a window, at its end, and after several; many that are short, and a
// header of more than one step.
BOOST_DATA_TEST_CASE(tensors_are_digested_as_by_openssl_wherever_windows_end,
                     boost::unit_test::data::make({1U, 2U, 5U})) {
  std::mt19937_64 random(5);
  std::vector<std::string> tensors;
  for (const size_t size : {37'000'001UL, 0UL, 1UL, 16 * kMib, 4'095UL, 4'096UL}) {
    tensors.push_back(RandomText(random, size));
  }
  for (size_t i = 0; i < 3'000; ++i) tensors.push_back(RandomText(random, 17 * (i % 500)));
  const test::ScratchFolder folder;
  const std::string weights = Safetensors(tensors);
  folder.Write("a.safetensors", weights);
  folder.Write("b.safetensors", Safetensors({tensors[0], tensors[5]}));
  folder.Write("c.dat", weights);
  REQUIRE_VALUE(const auto outcomes, ReadFiles(Listed(folder), Threads(sample)));
  BOOST_REQUIRE_EQUAL(outcomes.size(), 3);
  BOOST_CHECK(outcomes[0].entry.sha256 == ByOpenSsl(weights));
  BOOST_CHECK(outcomes[2].entry.sha256 == ByOpenSsl(weights));
  BOOST_REQUIRE_MESSAGE(outcomes[0].tensors.has_value(), outcomes[0].refusal);
  BOOST_REQUIRE_EQUAL(outcomes[0].tensors->size(), tensors.size());
  for (const TensorSummary& tensor : *outcomes[0].tensors) {
    const size_t number = std::stoul(tensor.name.substr(1));
    BOOST_REQUIRE_MESSAGE(tensor.sha256 == ByOpenSsl(tensors[number]), tensor.name);
  }
  BOOST_REQUIRE(outcomes[1].tensors.has_value());
  BOOST_CHECK(outcomes[1].tensors->at(0).sha256 == ByOpenSsl(tensors[0]));
}

// 32 MiB of windows and 4 MiB of short files a thread; tensors and files of any length.
BOOST_DATA_TEST_CASE(memory_is_bounded_by_the_threads_not_by_the_files,
                     boost::unit_test::data::make({1U, 2U})) {
  const test::ScratchFolder folder;
  std::mt19937_64 random(6);
  const std::string tensor = RandomText(random, 20 * kMib);
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    folder.Write(name + std::string(".safetensors"), Safetensors({tensor, tensor, tensor}));
  }
  for (int i = 0; i < 200; ++i) folder.Write(std::to_string(i), tensor.substr(0, 200 << 10));
  const auto files = Listed(folder);
  bool read = false;
  const uint64_t peak =
      test::PeakBytesIn([&] { read = ReadFiles(files, Threads(sample)).has_value(); });
  BOOST_CHECK(read);
  BOOST_CHECK_LE(peak, (sample * 36 + 2) * kMib);
  BOOST_CHECK_GE(peak, 4 * kMib);  // the measure sees the windows
}

BOOST_DATA_TEST_CASE(file_that_was_cut_after_it_was_listed_is_refused_by_name,
                     boost::unit_test::data::make({1U, 2U, 4U}) *
                         boost::unit_test::data::make({10'000UL, 30 * kMib}),
                     threads, size) {
  std::mt19937_64 random(7);
  const test::ScratchFolder folder;
  folder.Write("before.dat", RandomText(random, 20 * kMib));
  folder.Write("cut.dat", RandomText(random, size));
  const auto files = Listed(folder);
  std::filesystem::resize_file(folder / "cut.dat", size - 1);
  const auto outcomes = ReadFiles(files, Threads(threads));
  BOOST_REQUIRE(!outcomes.has_value());
  BOOST_CHECK(outcomes.error().code == ErrorCode::kConflict);
  BOOST_CHECK_EQUAL(outcomes.error().message, "cut.dat: changed while being read");
}

BOOST_DATA_TEST_CASE(progress_grows_to_the_sum_of_the_sizes,
                     boost::unit_test::data::make({1U, 4U})) {
  std::mt19937_64 random(8);
  const test::ScratchFolder folder;
  folder.Write("a.safetensors", Safetensors({RandomText(random, 50 * kMib)}));
  folder.Write("b.dat", RandomText(random, 3'000'000));
  folder.Write("c.dat", "short");
  const auto files = Listed(folder);
  uint64_t total = 0;
  for (const ListedFile& file : files) total += file.stamp.bytes;
  ReadOptions options = Threads(sample);
  uint64_t last = 0;
  size_t calls = 0;
  options.progress = [&](uint64_t done, uint64_t of) {
    BOOST_CHECK_EQUAL(of, total);
    BOOST_CHECK_GE(done, last);
    last = done;
    ++calls;
  };
  BOOST_REQUIRE(ReadFiles(files, options).has_value());
  BOOST_CHECK_EQUAL(last, total);
  BOOST_CHECK_GE(calls, 4);
}

BOOST_DATA_TEST_CASE(stop_ends_the_reading_of_a_long_file_before_its_end,
                     boost::unit_test::data::make({1U, 3U})) {
  std::mt19937_64 random(9);
  const test::ScratchFolder folder;
  folder.Write("a.safetensors", Safetensors({RandomText(random, 100 * kMib)}));
  ReadOptions options = Threads(sample);
  uint64_t hashed = 0;
  options.progress = [&](uint64_t done, uint64_t) { hashed = done; };
  options.stop = [&] { return hashed > 0; };
  const auto outcomes = ReadFiles(Listed(folder), options);
  BOOST_REQUIRE(!outcomes.has_value());
  BOOST_CHECK_EQUAL(outcomes.error().message, "stopped by the caller");
  BOOST_CHECK_LE(hashed, 40 * kMib);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
