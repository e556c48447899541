#include "artifact/digest_cache.h"

#include <sys/stat.h>

#include <array>
#include <numeric>
#include <thread>

#include "tests/artifact/cache_of_tests.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {
namespace {

using test::AtAnyTime;
using test::KeyOfTests;
using test::ScratchFolder;

constexpr size_t kHeadBytes = 23 + 16;  // magic and version, boot id; then the count
constexpr size_t kPlainBytes = 40 + 32 + 1 + 32;

template <typename T>
T Filled(uint8_t byte) {
  std::array<uint8_t, T::kSize> bytes;
  bytes.fill(byte);
  return T(bytes);
}

// The entries of digest_cache_reference.py.
const FileKey kPlain{{uint64_t{1} << 40, 1'700'000'000'123'456'789, 66305, 131},
                     1'700'000'001'000'000'000};
const FileKey kBefore1970{{7, -5, 66305, 132}, 0};
const FileKey kNoTensors{{8, 1, 2, 131}, 2};

KnownFile PlainFile() { return {Filled<Sha256Digest>(0x11)}; }
KnownFile TwoTensors() {
  return {Filled<Sha256Digest>(0x22),
          KnownTensors{Filled<LayoutDigest>(0x33),
                       {Filled<Sha256Digest>(0x44), Filled<Sha256Digest>(0x55)}}};
}
KnownFile EmptyWeights() {
  return {Filled<Sha256Digest>(0x66), KnownTensors{Filled<LayoutDigest>(0x77), {}}};
}

DigestCache Empty(CacheLimits limits = {}) {
  return DigestCache(KeyOfTests(), AtAnyTime(), limits);
}

DigestCache OfReference() {
  DigestCache cache = Empty();
  cache.Remember(kNoTensors, EmptyWeights());  // the last that is used is written first
  cache.Remember(kBefore1970, TwoTensors());
  cache.Remember(kPlain, PlainFile());
  return cache;
}

Result<DigestCache> Parsed(std::string_view text, CacheLimits limits = {}) {
  return DigestCache::Parse(text, KeyOfTests(), AtAnyTime(), limits);
}

std::string ReferenceText() {
  const ScratchFolder folder;
  test::MustRun("python3 " +
                (test::SourceFolder() / "tests/artifact/digest_cache_reference.py").string() + " " +
                (folder / "cache"));
  return test::Slurp(folder.path() / "cache");
}

BOOST_AUTO_TEST_SUITE(digest_cache)

BOOST_AUTO_TEST_CASE(agrees_with_the_reference_script) {
  const std::string reference = ReferenceText();
  BOOST_CHECK(OfReference().Encode() == reference);
  REQUIRE_VALUE(DigestCache cache, Parsed(reference));
  BOOST_CHECK_EQUAL(cache.size(), 3u);
  BOOST_CHECK_EQUAL(cache.foreign_entries(), 0u);
  BOOST_CHECK(cache.Encode() == reference);
  const std::pair<FileKey, KnownFile> entries[] = {
      {kPlain, PlainFile()}, {kBefore1970, TwoTensors()}, {kNoTensors, EmptyWeights()}};
  for (const auto& [key, file] : entries) {
    const KnownFile* known = cache.Find(key);
    BOOST_REQUIRE(known != nullptr);
    BOOST_CHECK(*known == file);
  }
}

BOOST_AUTO_TEST_CASE(answers_for_a_file_only_when_every_part_of_its_key_is_the_same) {
  DigestCache cache = OfReference();
  FileKey changed[] = {kPlain, kPlain, kPlain, kPlain, kPlain};
  changed[0].stamp.bytes += 1;
  changed[1].stamp.modified_ns += 1;
  changed[2].stamp.device += 1;
  changed[3].stamp.inode += 2;
  changed[4].changed_ns += 1;
  for (const FileKey& key : changed) BOOST_CHECK(cache.Find(key) == nullptr);
  BOOST_CHECK(cache.Find(kPlain) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_file_that_changed_takes_the_place_of_what_it_was) {
  DigestCache cache = OfReference();
  FileKey later = kPlain;
  later.changed_ns += 1;
  cache.Remember(later, EmptyWeights());
  BOOST_CHECK_EQUAL(cache.size(), 3u);
  BOOST_CHECK(cache.Find(kPlain) == nullptr);
  BOOST_CHECK(*cache.Find(later) == EmptyWeights());
}

BOOST_AUTO_TEST_CASE(every_edited_byte_of_an_entry_makes_it_foreign_or_the_file_no_cache) {
  DigestCache one = Empty();
  one.Remember(kPlain, PlainFile());
  const std::string text = one.Encode();
  constexpr size_t kEntries = kHeadBytes + 4;
  BOOST_REQUIRE_EQUAL(text.size(), kEntries + kPlainBytes);
  for (size_t at = kEntries; at < text.size(); ++at) {
    std::string edited = text;
    edited[at] = static_cast<char>(edited[at] ^ 0x01);
    auto cache = Parsed(edited);
    if (at == kEntries + 72) {  // the kind: there are no tensors behind it
      CHECK_ERROR(cache, ErrorCode::kMalformed, "an entry that is none");
      continue;
    }
    BOOST_REQUIRE(cache.has_value());
    BOOST_CHECK_EQUAL(cache->size(), 0u);
    BOOST_CHECK_EQUAL(cache->foreign_entries(), 1u);
    BOOST_CHECK(cache->Find(kPlain) == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(an_entry_made_with_another_key_is_counted_and_does_not_answer) {
  DigestCache theirs(crypto::HashKey::Create(crypto::SecretBytes(32)).value(), AtAnyTime());
  theirs.Remember(kPlain, EmptyWeights());
  REQUIRE_VALUE(DigestCache cache, Parsed(theirs.Encode()));
  BOOST_CHECK(cache.Find(kPlain) == nullptr);
  BOOST_CHECK_EQUAL(cache.foreign_entries(), 1u);
  BOOST_CHECK_EQUAL(cache.Encode().size(), kHeadBytes + 4);  // and is not passed on
}

BOOST_AUTO_TEST_CASE(an_entry_copied_beside_true_ones_does_not_answer) {
  DigestCache theirs(crypto::HashKey::Create(crypto::SecretBytes(32)).value(), AtAnyTime());
  theirs.Remember(kPlain, EmptyWeights());
  DigestCache ours = Empty();
  ours.Remember(kBefore1970, TwoTensors());
  std::string text = ours.Encode() + theirs.Encode().substr(kHeadBytes + 4);
  text[kHeadBytes + 3] = 2;
  REQUIRE_VALUE(DigestCache cache, Parsed(text));
  BOOST_CHECK_EQUAL(cache.foreign_entries(), 1u);
  BOOST_CHECK(cache.Find(kPlain) == nullptr);
  BOOST_CHECK(*cache.Find(kBefore1970) == TwoTensors());
}

BOOST_AUTO_TEST_CASE(entries_of_another_boot_are_left_out_also_under_a_changed_head) {
  FileTrust trust = AtAnyTime();
  trust.boot = Filled<BootId>(0xee);
  REQUIRE_VALUE(const DigestCache later,
                DigestCache::Parse(OfReference().Encode(), KeyOfTests(), trust));
  BOOST_CHECK_EQUAL(later.size(), 0u);
  BOOST_CHECK_EQUAL(later.foreign_entries(), 0u);
  std::string text = OfReference().Encode();
  std::fill_n(text.begin() + 23, 16, '\xee');
  REQUIRE_VALUE(const DigestCache forged, DigestCache::Parse(text, KeyOfTests(), trust));
  BOOST_CHECK_EQUAL(forged.size(), 0u);
  BOOST_CHECK_EQUAL(forged.foreign_entries(), 3u);
}

BOOST_AUTO_TEST_CASE(a_cache_that_is_cut_anywhere_is_refused) {
  const std::string text = OfReference().Encode();
  for (size_t size = 0; size < text.size(); ++size) {
    const auto cache = Parsed(text.substr(0, size));
    if (size < 21) {
      CHECK_ERROR(cache, ErrorCode::kMalformed, "is not a digest cache");
    } else if (size < 23) {
      CHECK_ERROR(cache, ErrorCode::kUnsupported, "of another version");
    } else {
      CHECK_ERROR(cache, ErrorCode::kMalformed, "ends too soon");
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_the_writer_does_not_write) {
  const std::string text = OfReference().Encode();
  CHECK_ERROR(Parsed(text + "x"), ErrorCode::kMalformed, "has trailing bytes");
  CHECK_ERROR(Parsed("{}"), ErrorCode::kMalformed, "is not a digest cache");
  std::string version = text;
  version[21] = '2';
  CHECK_ERROR(Parsed(version), ErrorCode::kUnsupported, "digest cache of another version");
  std::string twice = text + text.substr(kHeadBytes + 4, kPlainBytes);
  twice[kHeadBytes + 3] = 4;
  CHECK_ERROR(Parsed(twice), ErrorCode::kMalformed, "two entries of one file");
  std::string kind = text;
  kind[kHeadBytes + 4 + 72] = 2;
  CHECK_ERROR(Parsed(kind), ErrorCode::kMalformed, "an entry that is none");
  std::string many = text;
  many[kHeadBytes] = 1;
  CHECK_ERROR(Parsed(many), ErrorCode::kMalformed, "too many entries");
}

// 32 GiB of digests, of a few hundred bytes.
BOOST_AUTO_TEST_CASE(a_count_of_tensors_is_refused_before_memory_is_taken_for_it) {
  DigestCache one = Empty();
  one.Remember(kBefore1970, TwoTensors());
  std::string text = one.Encode();
  const size_t count = kHeadBytes + 4 + 73 + 32;
  text.replace(count, 4, "\x40\0\0\0", 4);
  CHECK_ERROR(Parsed(text), ErrorCode::kMalformed, "an entry that is none");
  text.replace(count, 4, std::string("\0\x10\0\0", 4));  // kMaxTensors, which are not there
  CHECK_ERROR(Parsed(text), ErrorCode::kMalformed, "ends too soon");
}

FileKey Numbered(uint64_t inode) { return {{1, 2, 3, inode}, 4}; }

BOOST_AUTO_TEST_CASE(what_was_used_least_recently_is_dropped_beyond_the_limits) {
  for (const CacheLimits limits :
       {CacheLimits{.max_files = 3},
        CacheLimits{.max_cache_bytes = kHeadBytes + 4 + 3 * kPlainBytes},
        CacheLimits{.max_cache_bytes = kHeadBytes + 4 + 4 * kPlainBytes - 1}}) {
    DigestCache cache = Empty(limits);
    for (uint64_t i = 0; i < 5; ++i) cache.Remember(Numbered(i), PlainFile());
    BOOST_REQUIRE(cache.Find(Numbered(1)) != nullptr);
    const std::string text = cache.Encode();
    REQUIRE_VALUE(DigestCache kept, Parsed(text, limits));
    BOOST_CHECK_EQUAL(kept.size(), 3u);
    BOOST_CHECK(kept.Encode() == text);  // reading it is no use of what is in it
    for (const uint64_t inode : {1u, 4u, 3u}) BOOST_CHECK(kept.Find(Numbered(inode)) != nullptr);
  }
}

BOOST_AUTO_TEST_CASE(what_was_used_in_an_earlier_process_is_older_than_what_is_used_now) {
  const CacheLimits three{.max_files = 3};
  DigestCache first = Empty(three);
  for (uint64_t i = 0; i < 3; ++i) first.Remember(Numbered(i), PlainFile());
  REQUIRE_VALUE(DigestCache second, Parsed(first.Encode(), three));
  BOOST_REQUIRE(second.Find(Numbered(0)) != nullptr);
  second.Remember(Numbered(9), PlainFile());
  REQUIRE_VALUE(DigestCache third, Parsed(second.Encode(), three));
  for (const uint64_t inode : {0u, 9u, 2u}) BOOST_CHECK(third.Find(Numbered(inode)) != nullptr);
  BOOST_CHECK(third.Find(Numbered(1)) == nullptr);
}

BOOST_AUTO_TEST_CASE(is_empty_where_there_is_no_file_and_names_one_that_is_no_cache) {
  const ScratchFolder folder;
  const auto load = [&](const std::string& name, CacheLimits limits = {}) {
    return LoadDigestCache(folder / name, KeyOfTests(), AtAnyTime(), limits);
  };
  REQUIRE_VALUE(const DigestCache none, load("none"));
  BOOST_CHECK_EQUAL(none.size(), 0u);
  folder.Write("notes.txt", "remember the milk\n");
  CHECK_ERROR(load("notes.txt"), ErrorCode::kMalformed, "notes.txt: is not a digest cache");
  folder.Write("empty", "");
  CHECK_ERROR(load("empty"), ErrorCode::kMalformed, "empty: is not a digest cache");
  folder.Write("long", std::string(101, 'x'));
  CHECK_ERROR(load("long", {.max_cache_bytes = 100}), ErrorCode::kMalformed, "larger than");
  CHECK_ERROR(load(""), ErrorCode::kIo, "a folder, not a file");
}

BOOST_AUTO_TEST_CASE(is_saved_for_its_owner_alone) {
  const ScratchFolder folder;
  folder.Write("cache", "");
  std::filesystem::permissions(folder / "cache", std::filesystem::perms(0644));
  BOOST_REQUIRE(SaveDigestCache(folder / "cache", OfReference()).has_value());
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat((folder / "cache").c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 07777, 0600u);
  REQUIRE_VALUE(const auto loaded, LoadDigestCache(folder / "cache", KeyOfTests(), AtAnyTime()));
  BOOST_CHECK_EQUAL(loaded.size(), 3u);
}

BOOST_AUTO_TEST_CASE(concurrent_saves_leave_one_whole_file) {
  const ScratchFolder folder;
  const std::string path = folder / "cache";
  std::vector<std::thread> writers;
  std::array<size_t, 4> failures{};
  for (uint64_t writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      DigestCache cache = Empty();
      for (uint64_t i = 0; i <= 100 * writer; ++i) cache.Remember(Numbered(i), TwoTensors());
      for (int i = 0; i < 5; ++i) {
        if (!SaveDigestCache(path, cache)) ++failures[writer];
        const auto seen = LoadDigestCache(path, KeyOfTests(), AtAnyTime());
        if (!seen || seen->size() % 100 != 1 || seen->foreign_entries() != 0) ++failures[writer];
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  for (const size_t failed : failures) BOOST_CHECK_EQUAL(failed, 0u);
  const std::filesystem::directory_iterator files(folder.path());
  BOOST_CHECK_EQUAL(std::distance(begin(files), end(files)), 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
