#include "artifact/read_cached.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

#include "artifact/model_files.h"
#include "core/file.h"
#include "tests/artifact/cache_of_tests.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {
namespace {

namespace fs = std::filesystem;
using test::AtAnyTime;
using test::KeyOfTests;
using test::ScratchFolder;

DigestCache Empty(FileTrust trust = AtAnyTime(), uint64_t least_file_bytes = 1) {
  return DigestCache(KeyOfTests(), std::move(trust), {.least_file_bytes = least_file_bytes});
}

// What the next process finds.
DigestCache Reloaded(const DigestCache& cache) {
  return DigestCache::Parse(cache.Encode(), KeyOfTests(), cache.trust(), cache.limits()).value();
}

ReadOptions With(DigestCache& cache, bool tensors = true) {
  ReadOptions options;
  options.cache = &cache;
  options.tensors = tensors;
  return options;
}

// How many bytes of the folder were recalled, and not hashed, by a reading that gave `model`.
uint64_t Recalled(const std::string& path, DigestCache& cache, bool tensors = true) {
  const uint64_t before = cache.recalled_bytes();
  REQUIRE_VALUE(const ModelFiles model, ReadModel(path, With(cache, tensors)));
  return cache.recalled_bytes() - before;
}

void CheckSame(const ModelFiles& a, const ModelFiles& b) {
  BOOST_CHECK(a.files == b.files);
  BOOST_CHECK(a.digest == b.digest);
  BOOST_CHECK(a.weight_sets == b.weight_sets);
  BOOST_CHECK(a.not_covered == b.not_covered);
  BOOST_CHECK(a.warnings == b.warnings);
  BOOST_CHECK_EQUAL(a.total_bytes, b.total_bytes);
  BOOST_CHECK(a.adapter == b.adapter);
  BOOST_CHECK(a.executable_pickles == b.executable_pickles);
  BOOST_CHECK(a.unread_weights == b.unread_weights);
  BOOST_CHECK(a.leavable == b.leavable);
  BOOST_CHECK(a.leaves_out == b.leaves_out);
}

// That the cache has no say in what a reading gives.
void CheckHashedAgain(const std::string& path, DigestCache& cache) {
  const uint64_t before = cache.recalled_bytes();
  REQUIRE_VALUE(const ModelFiles cached, ReadModel(path, With(cache)));
  REQUIRE_VALUE(const ModelFiles plain, ReadModel(path));
  CheckSame(cached, plain);
  BOOST_CHECK_EQUAL(cache.recalled_bytes(), before);
}

struct Fixtures {
  ScratchFolder folder;

  Fixtures() {
    const auto scripts = test::SourceFolder() / "tests/artifact";
    for (const char* script : {"write_model_files.py", "write_torch_files.py"}) {
      test::MustRun("python3 -W ignore " + (scripts / script).string() + " " + (folder / script));
    }
    fs::copy(scripts / "torch", folder / "torch");
    const std::string series = "write_model_files.py/series/sub/every-00003-of-00003.gguf";
    std::string padding = test::Slurp(folder.path() / series);
    padding.back() = 'x';
    folder.Write("padding/m.gguf", padding);
    folder.Write("padding/n.gguf", test::Slurp(folder.path() / series));
  }
};
const Fixtures& Made() {
  static const Fixtures made;
  return made;
}

constexpr const char* kModels[] = {"write_model_files.py/every_dtype",
                                   "write_model_files.py/gguf",
                                   "write_model_files.py/one_file",
                                   "write_model_files.py/series",
                                   "write_model_files.py/two_shards",
                                   "write_model_files.py/three_shards",
                                   "write_torch_files.py/good",
                                   "write_torch_files.py/bad",
                                   "torch",
                                   "padding"};

int64_t ChangedNs(const std::string& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return FileKeyOf(fd.get(), path).value().changed_ns;
}

// Until the file system's clock has gone on, as it has after the two seconds of a real cache.
void WaitAfter(const std::string& path) {
  const ScratchFolder other;
  while (ChangedNs(other.Write("clock", "x")) <= ChangedNs(path)) {
  }
}

void SetModified(const std::string& path, const timespec& modified) {
  const timespec times[] = {modified, modified};
  BOOST_REQUIRE_EQUAL(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

// Other bytes in place, and the time of the old ones.
void Tamper(const std::string& path, std::string_view content) {
  struct stat before {};
  BOOST_REQUIRE_EQUAL(::stat(path.c_str(), &before), 0);
  std::ofstream(path, std::ios::binary | std::ios::in | std::ios::out) << content;
  SetModified(path, before.st_mtim);
  BOOST_REQUIRE_EQUAL(fs::file_size(path), static_cast<uint64_t>(before.st_size));
}

BOOST_AUTO_TEST_SUITE(read_cached)

BOOST_DATA_TEST_CASE(a_recalled_model_is_the_one_that_was_read,
                     boost::unit_test::data::make(kModels) *
                         boost::unit_test::data::make({true, false}),
                     name, tensors) {
  const std::string path = Made().folder / name;
  ReadOptions hashing;
  hashing.tensors = tensors;
  REQUIRE_VALUE(const ModelFiles plain, ReadModel(path, hashing));
  DigestCache first = Empty();
  REQUIRE_VALUE(const ModelFiles read, ReadModel(path, With(first, tensors)));
  CheckSame(read, plain);
  BOOST_CHECK_EQUAL(first.recalled_bytes(), 0u);
  DigestCache second = Reloaded(first);
  REQUIRE_VALUE(const ModelFiles recalled, ReadModel(path, With(second, tensors)));
  CheckSame(recalled, plain);
  const bool all_refused = tensors && std::string_view(name).ends_with("/bad");
  const uint64_t at_least = all_refused ? 0 : plain.total_bytes / 3;
  BOOST_CHECK_GE(second.recalled_bytes(), at_least);
  BOOST_CHECK_EQUAL(second.foreign_entries(), 0u);
}

// The whole of what one file tells, which a model does not show of every file.
BOOST_DATA_TEST_CASE(a_recalled_outcome_has_every_field, boost::unit_test::data::make(kModels)) {
  REQUIRE_VALUE(const FileList list, ListFiles(Made().folder / sample, Links::kRefuse));
  DigestCache cache = Empty();
  REQUIRE_VALUE(const auto read, ReadFilesCached(list.files, {}, cache));
  REQUIRE_VALUE(const auto recalled, ReadFilesCached(list.files, {}, cache));
  BOOST_REQUIRE_EQUAL(read.size(), recalled.size());
  for (size_t i = 0; i < read.size(); ++i) {
    const FileOutcome &a = read[i], &b = recalled[i];
    BOOST_TEST_CONTEXT(a.entry.path) {
      BOOST_CHECK(a.entry == b.entry);
      BOOST_CHECK(a.tensors == b.tensors);
      BOOST_CHECK_EQUAL(a.index.has_value(), b.index.has_value());
      BOOST_CHECK_EQUAL(a.refusal, b.refusal);
      BOOST_CHECK(a.quantization == b.quantization);
      BOOST_CHECK_EQUAL(a.refusal_code, b.refusal_code);
      BOOST_CHECK_EQUAL(a.part, b.part);
      BOOST_CHECK_EQUAL(a.uncounted_bytes, b.uncounted_bytes);
      BOOST_CHECK(a.config == b.config);
      BOOST_CHECK(a.why_not_leavable == b.why_not_leavable);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hit_reads_none_of_the_weights) {
  const ScratchFolder folder;
  const std::string path = folder.Write("weights.dat", std::string(1000, 'a'));
  DigestCache cache = Empty();
  REQUIRE_VALUE(const FileList list, ListFiles(path, Links::kRefuse));
  const std::array<uint8_t, 32> mark = {1, 2, 3};  // no content has this digest
  cache.Remember({list.files[0].stamp, ChangedNs(path)}, {Sha256Digest(mark)});
  REQUIRE_VALUE(const ModelFiles model, ReadModel(path, With(cache)));
  BOOST_CHECK(model.files[0].sha256 == Sha256Digest(mark));
}

BOOST_AUTO_TEST_CASE(a_weight_file_with_bytes_in_its_padding_is_read_again_for_its_tensors) {
  const std::string path = Made().folder / "padding/m.gguf";
  DigestCache cache = Empty();
  BOOST_CHECK_EQUAL(Recalled(path, cache), 0u);
  CheckHashedAgain(path, cache);
  REQUIRE_VALUE(const ModelFiles model, ReadModel(path, With(cache)));
  BOOST_REQUIRE_EQUAL(model.warnings.size(), 1u);
  BOOST_CHECK(model.warnings[0].ends_with("padding between tensors is not zero"));
  BOOST_CHECK_EQUAL(Recalled(path, cache, false), fs::file_size(path));
}

BOOST_AUTO_TEST_CASE(changed_bytes_under_the_old_time_are_hashed_again) {
  const ScratchFolder folder;
  const std::string path = folder.Write("weights.dat", std::string(1000, 'a'));
  DigestCache cache = Empty();
  BOOST_CHECK_EQUAL(Recalled(path, cache), 0u);
  BOOST_CHECK_EQUAL(Recalled(path, cache), 1000u);
  WaitAfter(path);
  Tamper(path, "b");
  CheckHashedAgain(path, cache);
  BOOST_CHECK_EQUAL(Recalled(path, cache), 1000u);
}

BOOST_AUTO_TEST_CASE(a_file_that_took_the_place_of_another_is_hashed_again) {
  const ScratchFolder folder;
  const std::string path = folder.Write("model/weights.dat", std::string(1000, 'a'));
  DigestCache cache = Empty();
  Recalled(path, cache);
  struct stat before {};
  BOOST_REQUIRE_EQUAL(::stat(path.c_str(), &before), 0);
  const std::string other = folder.Write("other", std::string(1000, 'b'));
  SetModified(other, before.st_mtim);
  fs::rename(other, path);
  CheckHashedAgain(path, cache);
}

BOOST_AUTO_TEST_CASE(a_copy_is_hashed_and_a_hard_link_is_recalled) {
  const ScratchFolder folder;
  const std::string path = folder.Write("a/weights.dat", std::string(1000, 'a'));
  fs::create_directory(folder / "b");
  fs::create_hard_link(path, folder / "b/linked.dat");
  fs::copy_file(path, folder / "b/copy.dat");
  DigestCache cache = Empty();
  Recalled(path, cache);
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder / "b", With(cache)));
  BOOST_CHECK_EQUAL(cache.recalled_bytes(), 1000u);
  BOOST_CHECK(model.files[0].sha256 == model.files[1].sha256);
}

BOOST_AUTO_TEST_CASE(a_link_is_known_by_its_target) {
  const ScratchFolder folder;
  folder.Write("weights.dat", std::string(1000, 'a'));
  fs::create_symlink("weights.dat", folder / "link.dat");
  DigestCache cache = Empty();
  ReadOptions options = With(cache);
  options.follow_links = true;
  REQUIRE_VALUE(const ModelFiles read, ReadModel(folder.str(), options));
  REQUIRE_VALUE(const ModelFiles recalled, ReadModel(folder.str(), options));
  CheckSame(read, recalled);
  BOOST_CHECK_EQUAL(cache.recalled_bytes(), 2000u);
  BOOST_CHECK_EQUAL(cache.size(), 1u);
}

BOOST_AUTO_TEST_CASE(tensors_are_not_recalled_from_an_entry_without_them) {
  const std::string path = Made().folder / "write_model_files.py/one_file";
  DigestCache cache = Empty();
  BOOST_CHECK_EQUAL(Recalled(path, cache, false), 0u);
  BOOST_CHECK_GT(Recalled(path, cache, false), 0u);
  CheckHashedAgain(path, cache);
  BOOST_CHECK_GT(Recalled(path, cache), 0u);
  BOOST_CHECK_GT(Recalled(path, cache, false), 0u);  // one with them answers both
  BOOST_CHECK_GT(Recalled(path, cache), 0u);
}

KnownFile Known(DigestCache& cache, const std::string& path) {
  const FileList list = ListFiles(path, Links::kRefuse).value();
  const KnownFile* known = cache.Find({list.files[0].stamp, ChangedNs(path)});
  BOOST_REQUIRE(known != nullptr && known->tensors);
  return *known;
}

// As where the file is also one of another format, under another name.
BOOST_AUTO_TEST_CASE(tensors_are_not_recalled_for_a_header_that_they_were_not_read_with) {
  const std::string path = Made().folder / "write_model_files.py/one_file/model.safetensors";
  const FileList list = ListFiles(path, Links::kRefuse).value();
  const FileKey key{list.files[0].stamp, ChangedNs(path)};
  DigestCache cache = Empty();
  Recalled(path, cache);
  KnownFile one_less = Known(cache, path);
  one_less.tensors->digests.pop_back();
  cache.Remember(key, one_less);
  CheckHashedAgain(path, cache);
  KnownFile elsewhere = Known(cache, path);
  elsewhere.tensors->layout = Retag<LayoutDigest>(elsewhere.sha256);
  cache.Remember(key, elsewhere);
  CheckHashedAgain(path, cache);
  BOOST_CHECK_GT(Recalled(path, cache), 0u);
}

// The file has old times when it is listed; it was written a moment before.
BOOST_AUTO_TEST_CASE(a_file_that_was_just_written_is_not_remembered) {
  const ScratchFolder folder;
  const std::string path = folder.Write("weights.dat", std::string(1000, 'a'));
  SetModified(path, {1'000'000'000, 0});
  int64_t now = ChangedNs(path) + kRacyNs - 1;
  FileTrust trust = AtAnyTime();
  trust.now_ns = [&now] { return now; };
  DigestCache cache = Empty(trust);
  BOOST_CHECK_EQUAL(Recalled(path, cache), 0u);
  BOOST_CHECK_EQUAL(cache.size(), 0u);
  now += 1;
  BOOST_CHECK_EQUAL(Recalled(path, cache), 0u);
  BOOST_CHECK_EQUAL(cache.size(), 1u);
  BOOST_CHECK_EQUAL(Recalled(path, cache), 1000u);
}

BOOST_AUTO_TEST_CASE(a_file_from_the_future_is_not_remembered) {
  const ScratchFolder folder;
  const std::string path = folder.Write("weights.dat", std::string(1000, 'a'));
  SetModified(path, {4'000'000'000, 0});
  DigestCache cache = Empty();
  BOOST_CHECK_EQUAL(Recalled(path, cache), 0u);
  BOOST_CHECK_EQUAL(cache.size(), 0u);
}

// ReadFiles does not look at the change time, and finds the file as it was listed.
BOOST_AUTO_TEST_CASE(a_file_that_is_changed_while_it_is_read_is_not_remembered) {
  const ScratchFolder folder;
  const std::string path = folder.Write("weights.dat", std::string(1000, 'a'));
  WaitAfter(path);
  DigestCache cache = Empty();
  ReadOptions options = With(cache);
  options.progress = [&](uint64_t, uint64_t) { Tamper(path, "b"); };
  REQUIRE_VALUE(const ModelFiles model, ReadModel(path, options));
  BOOST_CHECK_EQUAL(cache.size(), 0u);
  CheckHashedAgain(path, cache);
}

BOOST_AUTO_TEST_CASE(nothing_is_remembered_or_recalled_where_others_keep_the_times) {
  const ScratchFolder folder;
  const std::string path = folder.Write("weights.dat", std::string(1000, 'a'));
  bool trusted = false;
  FileTrust trust = AtAnyTime();
  trust.keeps_change_times = [&trusted](int) { return trusted; };
  DigestCache cache = Empty(trust);
  Recalled(path, cache);
  BOOST_CHECK_EQUAL(cache.size(), 0u);
  trusted = true;
  Recalled(path, cache);
  BOOST_CHECK_EQUAL(Recalled(path, cache), 1000u);
  trusted = false;
  CheckHashedAgain(path, cache);
}

BOOST_AUTO_TEST_CASE(this_machine_does_not_trust_file_systems_that_are_none) {
  REQUIRE_VALUE(const FileTrust trust, TrustOfThisMachine());
  const FileDescriptor status(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  BOOST_CHECK(!trust.keeps_change_times(status.get()));
  BOOST_CHECK(!trust.keeps_change_times(-1));
  BOOST_CHECK_LT(std::abs(trust.now_ns() - test::NowNs()), kRacyNs);
}

BOOST_AUTO_TEST_CASE(small_files_settings_and_what_may_be_left_out_are_not_cached) {
  const ScratchFolder folder;
  folder.Write("small.dat", std::string(999, 'a'));
  folder.Write("config.json", "{}" + std::string(2000, '\n'));
  folder.Write("model.safetensors.index.json", R"({"weight_map":{}})" + std::string(2000, '\n'));
  folder.Write("README.md", std::string(2000, 'a'));
  DigestCache cache = Empty(AtAnyTime(), 1000);
  Recalled(folder.str(), cache);
  Recalled(folder.str(), cache, false);
  BOOST_CHECK_EQUAL(cache.size(), 0u);
  folder.Write("large.dat", std::string(1000, 'a'));
  Recalled(folder.str(), cache);
  BOOST_CHECK_EQUAL(cache.size(), 1u);
  BOOST_CHECK_EQUAL(Recalled(folder.str(), cache), 1000u);
}

BOOST_AUTO_TEST_CASE(progress_counts_recalled_bytes_as_done) {
  const ScratchFolder folder;
  folder.Write("a.dat", std::string(1000, 'a'));
  DigestCache cache = Empty();
  Recalled(folder.str(), cache);
  folder.Write("b.dat", std::string(500, 'b'));
  ReadOptions options = With(cache);
  uint64_t last = 0;
  options.progress = [&](uint64_t done, uint64_t total) {
    BOOST_CHECK_GE(done, last);
    BOOST_CHECK_EQUAL(total, 1500u);
    if (last == 0) BOOST_CHECK_EQUAL(done, 1000u);
    last = done;
  };
  REQUIRE_VALUE(const ModelFiles model, ReadModel(folder.str(), options));
  BOOST_CHECK_EQUAL(last, 1500u);
}

BOOST_AUTO_TEST_CASE(recalling_stops_when_told) {
  const ScratchFolder folder;
  folder.Write("a.dat", std::string(1000, 'a'));
  DigestCache cache = Empty();
  Recalled(folder.str(), cache);
  ReadOptions options = With(cache);
  options.stop = [] { return true; };
  CHECK_ERROR(ReadModel(folder.str(), options), ErrorCode::kIo, "stopped by the caller");
}

BOOST_AUTO_TEST_CASE(a_reading_that_fails_remembers_nothing) {
  const ScratchFolder folder;
  folder.Write("a.dat", std::string(1000, 'a'));
  REQUIRE_VALUE(FileList list, ListFiles(folder.str(), Links::kRefuse));
  list.files.push_back(list.files[0]);
  list.files[1].stamp.modified_ns += 1;
  DigestCache cache = Empty();
  CHECK_ERROR(ReadFilesCached(list.files, {}, cache), ErrorCode::kConflict,
              "changed while being read");
  BOOST_CHECK_EQUAL(cache.size(), 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
