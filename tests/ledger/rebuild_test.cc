// A damaged database made anew: every row comes back byte for byte, what is lost is named, and
// nothing takes its place that was not signed.
#include "ledger/rebuild.h"

#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "ledger/erase.h"
#include "ledger/keyspace.h"
#include "tests/ledger/ledger_world.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kDevices = 300;  // a full tile, a partial one, and a second level

using Rows = std::map<std::string, std::string>;

// 0 run, 1 its recorder's segment, 2 a stranger's segment of the same place, 3 completion,
// 4 passport, 5 and 6 one verdict of two signers, 7 withheld, then devices.
struct RebuildWorld : LedgerWorld {
  RebuildWorld() {
    const Submission run = lab.Submit(lab.Run({{SignerId(SiteKey().public_key().id())}, {}, {}}));
    const Submission segment = site.Submit(site.Segment({run.id(), 0, 0, {}}));
    const Submission completion = lab.Submit(lab.Completion(run.id(), segment.id()));
    const Submission passport = lab.Submit(lab.Passport(completion.id(), "weights"));
    const ModelDigest model = StatementMaker::ModelOf("weights");
    all = {run,
           segment,
           stranger.Submit(stranger.Segment({run.id(), 0, 0, {}})),
           completion,
           passport,
           lab.Submit(lab.Verdict(model, passport.id())),
           stranger.Submit(stranger.Verdict(model, passport.id())),
           lab.Submit(lab.Dataset())};
    all.back().Withhold(TimestampMs(1'790'000'000'000), "under contract");
    for (uint64_t i = 0; i < kDevices; ++i) all.push_back(lab.Submit(lab.Device()));
    const auto ledger = Open();
    BOOST_REQUIRE(ledger->Append(all).has_value());
  }

  RawDatabase rows() const { return RawDatabase(folder()); }
  Result<Rebuilt> TryRebuild(const std::vector<NamedBundle>& bundles = {}) const {
    return Rebuild(folder(), {}, bundles);
  }
  // Requires that no entry was dropped.
  Rebuilt RebuildAll(const std::vector<NamedBundle>& bundles = {}) const {
    REQUIRE_VALUE(Rebuilt rebuilt, TryRebuild(bundles));
    BOOST_CHECK_EQUAL(rebuilt.size.value(), all.size());
    BOOST_CHECK_EQUAL(rebuilt.dropped, 0u);
    CheckClean();
    return rebuilt;
  }
  // Every file below the ledger's folder, but for locks.
  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> files;
    for (const auto& file : fs::recursive_directory_iterator(folder())) {
      const std::string name = file.path().filename();
      if (!file.is_regular_file() || name == "lock" || name == "LOCK") continue;
      REQUIRE_VALUE(files[file.path().string()], ReadFile(file.path().string(), 1 << 28));
    }
    return files;
  }
  std::vector<NamedBundle> BundlesOf(const std::vector<uint64_t>& indices) const {
    REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
    std::vector<NamedBundle> bundles;
    for (const uint64_t index : indices) {
      REQUIRE_VALUE(auto bundle, reader->BundleAt(LeafIndex(index)));
      bundles.push_back({"bundle of " + std::to_string(index), std::move(bundle)});
    }
    return bundles;
  }
  void FlipByteOf(const std::string& file, size_t at) const {
    REQUIRE_VALUE(std::string content, ReadFile(file, 1 << 28));
    content.at(at) = static_cast<char>(content.at(at) ^ 1);
    BOOST_REQUIRE(WriteFileAtomic(file, content, Overwrite::kReplace).has_value());
  }

  std::vector<Submission> all;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rebuild, RebuildWorld)

BOOST_AUTO_TEST_CASE(an_undamaged_database_comes_back_row_by_row) {
  const Rows before = rows().All();
  const Rebuilt rebuilt = RebuildAll();
  BOOST_CHECK_EQUAL(rebuilt.signed_size.value(), all.size());
  BOOST_CHECK_EQUAL(rebuilt.supplied.size(), 0u);
  BOOST_CHECK(rows().All() == before);
  BOOST_CHECK_EQUAL(rebuilt.set_aside, folder() + "/db.damaged");
  BOOST_CHECK(!fs::exists(folder() + "/rebuilding"));
  BOOST_CHECK_EQUAL(RebuildAll().set_aside, folder() + "/db.damaged-2");
}

BOOST_AUTO_TEST_CASE(all_that_follows_from_the_entries_is_derived_again) {
  const Rows before = rows().All();
  for (const auto& [key, value] : before)
    if (*RowClassOf(key) != RowClass::kEntry) rows().Delete(key);
  // Without the meta row the key comes from key.pem, and the origin from the guard.
  RebuildAll();
  BOOST_CHECK(rows().All() == before);
}

BOOST_AUTO_TEST_CASE(rows_that_nothing_calls_for_are_left_behind) {
  const Rows before = rows().All();
  rows().Put(SegmentKey({all[0].id(), 9, 9}), EncodeIndex(LeafIndex(1)));
  rows().Put("?what", "");
  RebuildAll();
  BOOST_CHECK(rows().All() == before);
}

BOOST_AUTO_TEST_CASE(an_erased_text_stays_erased) {
  BOOST_REQUIRE(Erase(folder(), all[4].id(), TimestampMs(1), "x").has_value());
  rows().Settle();
  const Rows before = rows().All();
  RebuildAll();
  BOOST_CHECK(rows().All() == before);
  BOOST_CHECK_EQUAL(Fsck().erased, 1u);
  BOOST_CHECK_EQUAL(Fsck().withheld, 1u);
}

BOOST_AUTO_TEST_CASE(lost_entries_are_named_and_the_ledger_stays_as_it_is) {
  for (const uint64_t index : {2u, 17u, 290u}) rows().Delete(EntryKey(LeafIndex(index)));
  std::string row = rows().Get(EntryKey(LeafIndex(100)));
  row[400] = static_cast<char>(row[400] ^ 1);
  rows().Put(EntryKey(LeafIndex(100)), row);
  const auto before = Files();
  CHECK_ERROR(TryRebuild(), ErrorCode::kCorruption,
              "4 of the 308 entries under the last signed checkpoint are lost: 2, 17, 100, 290");
  BOOST_CHECK(Files() == before);
}

BOOST_AUTO_TEST_CASE(lost_entries_come_back_from_bundles) {
  const Rows before = rows().All();
  const auto bundles = BundlesOf({2, 17, 30});
  for (const uint64_t index : {2u, 17u}) rows().Delete(EntryKey(LeafIndex(index)));
  BOOST_CHECK_EQUAL(RebuildAll(bundles).supplied.size(), 2u);
  BOOST_CHECK(rows().All() == before);
}

BOOST_AUTO_TEST_CASE(bundles_that_prove_nothing_are_refused) {
  auto bundles = BundlesOf({17});
  rows().Delete(EntryKey(LeafIndex(17)));
  const auto before = Files();
  const sigstore::Bundle honest = bundles[0].bundle;
  bundles[0].bundle.envelope.payload.back() = ' ';
  CHECK_ERROR(TryRebuild(bundles), ErrorCode::kRejected,
              "bundle of 17: the log entry is not of this envelope");
  bundles[0].bundle = honest;
  bundles[0].bundle.entries[0].log_index = 18;
  CHECK_ERROR(TryRebuild(bundles), ErrorCode::kRejected, "bundle of 17: ");
  bundles[0].bundle = honest;
  bundles[0].bundle.entries[0].checkpoint.replace(0, 1, "L");
  CHECK_ERROR(TryRebuild(bundles), ErrorCode::kRejected, "bundle of 17: ");
  bundles[0].bundle = honest;
  bundles[0].bundle.entries[0].log_id =
      LogId(std::array<uint8_t, 32>{});  // another log's: nothing of ours
  CHECK_ERROR(TryRebuild(bundles), ErrorCode::kCorruption, "are lost: 17;");
  BOOST_CHECK(Files() == before);
}

// Two good rows in each other's place, as no receipt has them.
BOOST_AUTO_TEST_CASE(entries_that_were_not_signed_are_refused) {
  const std::string first = rows().Get(EntryKey(LeafIndex(20)));
  rows().Put(EntryKey(LeafIndex(20)), rows().Get(EntryKey(LeafIndex(21))));
  rows().Put(EntryKey(LeafIndex(21)), first);
  const auto before = Files();
  CHECK_ERROR(TryRebuild(), ErrorCode::kRejected, "the entries are not those that were signed");
  BOOST_CHECK(Files() == before);
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_there_twice_is_refused) {
  rows().Put(EntryKey(LeafIndex(21)), rows().Get(EntryKey(LeafIndex(20))));
  CHECK_ERROR(TryRebuild(), ErrorCode::kCorruption, "entry 21: repeats entry 20");
}

// What was never acknowledged may be lost; what follows it has no place then.
BOOST_AUTO_TEST_CASE(entries_beyond_the_checkpoint_are_kept_up_to_a_gap) {
  REQUIRE_VALUE(const std::string note, ReadFile(guard() + "/checkpoint", 1 << 16));
  for (int i = 0; i < 5; ++i) {
    all.push_back(lab.Submit(lab.Device()));
    AppendOne(*Open(), all.back());
  }
  BOOST_REQUIRE(WriteFileAtomic(guard() + "/checkpoint", note, Overwrite::kReplace).has_value());
  rows().Put(SingleKey(RowClass::kCheckpoint), note);  // as if nothing had been signed since
  rows().Delete(EntryKey(LeafIndex(all.size() - 3)));
  REQUIRE_VALUE(const Rebuilt rebuilt, TryRebuild());
  BOOST_CHECK_EQUAL(rebuilt.size.value(), all.size() - 3);
  BOOST_CHECK_EQUAL(rebuilt.signed_size.value(), all.size() - 5);
  BOOST_CHECK_EQUAL(rebuilt.dropped, 2u);
  BOOST_CHECK_EQUAL(AppendOne(*Open(), all.back()).index.value(), all.size() - 3);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_rocksdbs_log_costs_its_own_record_alone) {
  const auto bundles = BundlesOf({0, 1, 300, 307});
  rows().Settle();
  std::vector<Submission> later;
  {
    const auto ledger = Open();
    for (int i = 0; i < 8; ++i) {
      later.push_back(lab.Submit(lab.Device()));
      AppendOne(*ledger, later.back());
    }
  }
  all.insert(all.end(), later.begin(), later.end());
  const auto all_bundles = BundlesOf({308, 309, 310, 311, 312, 313, 314, 315});
  fs::create_directories(Beside("undamaged"));
  fs::copy(folder() + "/db", Beside("undamaged/db"), fs::copy_options::recursive);
  const std::string log = rows().NewestLog();
  FlipByteOf(log, fs::file_size(log) / 3);
  CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, "db: open");
  const auto lost = TryRebuild();
  CHECK_ERROR(lost, ErrorCode::kCorruption, "of the 316 entries under the last signed checkpoint");
  CHECK_ERROR(TryRebuild(bundles), ErrorCode::kCorruption, "are lost");
  BOOST_CHECK_GE(RebuildAll(all_bundles).supplied.size(), 1u);
  BOOST_CHECK(rows().All() == RawDatabase(Beside("undamaged")).All());
}

BOOST_AUTO_TEST_CASE(a_damaged_list_of_tables_is_made_again) {
  rows().Settle();
  const Rows before = rows().All();
  std::string manifest;
  for (const auto& file : fs::directory_iterator(folder() + "/db"))
    if (file.path().filename().string().starts_with("MANIFEST")) manifest = file.path();
  for (const size_t at : {5u, 40u, 60u}) {
    FlipByteOf(manifest, at);
    CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, "db: open");
    RebuildAll();
    BOOST_CHECK(rows().All() == before);
    // The damaged one again, for the next flip.
    fs::remove_all(folder() + "/db");
    fs::rename(folder() + "/db.damaged", folder() + "/db");
    FlipByteOf(manifest, at);
  }
  fs::remove(folder() + "/db/CURRENT");
  CHECK_ERROR(TryOpen(), ErrorCode::kNotFound, "no database");
  RebuildAll();
  BOOST_CHECK(rows().All() == before);
}

BOOST_AUTO_TEST_CASE(what_an_attempt_left_is_no_hindrance) {
  fs::create_directories(folder() + "/rebuilding/db");
  std::ofstream(folder() + "/rebuilding/db/CURRENT") << "MANIFEST-000001\n";
  RebuildAll();
  BOOST_CHECK(!fs::exists(folder() + "/rebuilding"));
}

BOOST_AUTO_TEST_CASE(nothing_is_rebuilt_beside_a_writer_or_without_a_guard) {
  {
    const auto writer = Open();
    CHECK_ERROR(TryRebuild(), ErrorCode::kConflict, "another writer");
  }
  fs::rename(guard(), guard() + ".gone");
  CHECK_ERROR(TryRebuild(), ErrorCode::kNotFound, "no checkpoint");
  fs::rename(guard() + ".gone", guard());
}

BOOST_AUTO_TEST_CASE(a_database_that_is_gone_comes_back_from_receipts_alone) {
  // All but the one that was withheld; its owner has it.
  std::vector<uint64_t> indices;
  for (uint64_t i = 0; i < all.size(); ++i)
    if (i != 7) indices.push_back(i);
  auto bundles = BundlesOf(indices);
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  REQUIRE_VALUE(auto withheld, reader->BundleAt(LeafIndex(7), all[7].payload()));
  const Rows before = rows().All();
  fs::remove_all(folder() + "/db");
  CHECK_ERROR(TryRebuild(bundles), ErrorCode::kCorruption, "are lost: 7;");
  bundles.push_back({"withheld", std::move(withheld)});
  const Rebuilt rebuilt = RebuildAll(bundles);
  BOOST_CHECK_EQUAL(rebuilt.supplied.size(), all.size());
  BOOST_CHECK_EQUAL(rebuilt.set_aside, "");
  Rows after = rows().All();
  BOOST_CHECK(after[EntryKey(LeafIndex(7))] != before.at(EntryKey(LeafIndex(7))));  // its text
  after[EntryKey(LeafIndex(7))] = before.at(EntryKey(LeafIndex(7)));
  BOOST_CHECK(after == before);
}

BOOST_AUTO_TEST_CASE(a_table_that_is_gone_costs_its_own_entries_alone) {
  rows().Settle();
  for (int i = 0; i < 3; ++i) {
    all.push_back(lab.Submit(lab.Device()));
    AppendOne(*Open(), all.back());
  }
  const auto later = BundlesOf({308, 309, 310});
  rows().All();  // puts the logs into a table
  std::string newest;
  for (const auto& file : fs::directory_iterator(folder() + "/db"))
    if (file.path().extension() == ".sst") newest = std::max(newest, file.path().string());
  fs::remove(newest);
  CHECK_ERROR(TryRebuild(), ErrorCode::kCorruption, "are lost: 308, 309, 310;");
  BOOST_CHECK_EQUAL(RebuildAll(later).supplied.size(), 3u);
}

// A guard that was put back knows less than was signed; the database and receipts know more.
BOOST_AUTO_TEST_CASE(every_signed_checkpoint_at_hand_must_be_covered) {
  REQUIRE_VALUE(const std::string early, ReadFile(guard() + "/checkpoint", 1 << 16));
  for (int i = 0; i < 5; ++i) {
    all.push_back(lab.Submit(lab.Device()));
    AppendOne(*Open(), all.back());
  }
  const auto receipt = BundlesOf({0});
  BOOST_REQUIRE(WriteFileAtomic(guard() + "/checkpoint", early, Overwrite::kReplace).has_value());
  BOOST_REQUIRE_EQUAL(Fsck().findings.size(), 1u);
  BOOST_CHECK(Fsck().findings[0].starts_with(
      "guard: its checkpoint (size 308) is older than the database's own copy (size 313)"));
  rows().Delete(EntryKey(LeafIndex(310)));
  CHECK_ERROR(TryRebuild(), ErrorCode::kCorruption,
              "1 of the 313 entries under the last signed checkpoint are lost: 310;");
  rows().Delete(SingleKey(RowClass::kCheckpoint));
  CHECK_ERROR(TryRebuild(receipt), ErrorCode::kCorruption,
              "1 of the 313 entries under the last signed checkpoint are lost: 310;");
}

BOOST_AUTO_TEST_CASE(an_altered_row_is_named_and_a_receipt_goes_before_it) {
  const Rows before = rows().All();
  const auto bundles = BundlesOf({20});
  std::string row = rows().Get(EntryKey(LeafIndex(20)));
  row[110] = static_cast<char>(row[110] ^ 1);  // in its signature
  rows().Put(EntryKey(LeafIndex(20)), row);
  CHECK_ERROR(TryRebuild(), ErrorCode::kRejected,
              "their leaves differ from the stored tree at 20: bundles with receipts");
  BOOST_CHECK_EQUAL(RebuildAll(bundles).supplied.size(), 1u);
  BOOST_CHECK(rows().All() == before);
}

// Cut short between the two renames: what is in `rebuilding` may be the database as it was.
BOOST_AUTO_TEST_CASE(a_database_that_was_replaced_is_never_removed) {
  fs::create_directories(folder() + "/rebuilding");
  fs::copy(folder() + "/db", folder() + "/rebuilding/db", fs::copy_options::recursive);
  std::ofstream(folder() + "/rebuilding/finished");
  BOOST_CHECK_EQUAL(RebuildAll().set_aside, folder() + "/db.damaged-2");
  BOOST_CHECK(fs::exists(folder() + "/db.damaged/CURRENT"));
}

BOOST_AUTO_TEST_SUITE_END()
