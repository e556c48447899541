// Readers beside writers: in one process, in others, with the guard elsewhere.
#include "ledger/reader.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <thread>

#include "core/file.h"
#include "merkle/check_proof.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

// What a reader says is consistent, and agrees with what an earlier one said.
void CheckConsistentWith(const Reader& reader, TreeSize from, const RootHash& from_root) {
  BOOST_REQUIRE_GE(reader.size().value(), from.value());
  if (from.value() > 0 && from < reader.size()) {
    REQUIRE_VALUE(const auto proof, reader.Consistency(from, reader.size()));
    BOOST_REQUIRE(
        merkle::CheckConsistency(from, from_root, reader.size(), reader.head().root(), proof)
            .has_value());
  }
  if (reader.size().value() == 0) return;
  const LeafIndex last(reader.size().value() - 1);
  REQUIRE_VALUE(const auto entry, reader.EntryAt(last));
  REQUIRE_VALUE(const auto row, reader.Find(entry.id));
  BOOST_REQUIRE(row.index == last);
  REQUIRE_VALUE(const auto by_key, reader.BySigner(entry.signer, 100'000));
  BOOST_REQUIRE_EQUAL(by_key.size(), reader.size().value());
  BOOST_REQUIRE(reader.Receipt(last).has_value());
}

// Takes the database back to what it was after the first of two entries.
void RollBack(const std::string& folder, const LedgerOptions& options) {
  REQUIRE_VALUE(auto ledger, Ledger::Open(folder, options));
  StatementMaker maker(LabKey(), ledger->key().id(), "lab");
  AppendOne(*ledger, maker.Submit(maker.Device()));
  ledger.reset();
  std::filesystem::copy(folder + "/db", folder + "/backup");
  REQUIRE_VALUE(ledger, Ledger::Open(folder, options));
  AppendOne(*ledger, maker.Submit(maker.Device()));
  ledger.reset();
  std::filesystem::remove_all(folder + "/db");
  std::filesystem::rename(folder + "/backup", folder + "/db");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_reader)

BOOST_AUTO_TEST_CASE(reader_from_the_folder_sees_what_the_writer_acknowledged) {
  LedgerWorld world;
  ReferenceTree tree({});
  const auto ledger = world.Open();
  for (int i = 0; i < 10; ++i) {
    const Submission submission = world.lab.Submit(world.lab.Device());
    AppendOne(*ledger, submission);
    tree.Append(ExpectedLeaf(submission));
    REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
    BOOST_CHECK_EQUAL(reader->checkpoint(), ledger->checkpoint());
    CheckReceipts(*reader, tree, world.note_key());
  }
}

BOOST_AUTO_TEST_CASE(readers_beside_a_busy_writer_are_consistent) {
  LedgerWorld world;
  auto ledger = world.Open();
  std::atomic<bool> stop = false;
  std::atomic<bool> failed = false;
  std::atomic<uint64_t> appended = 0;
  std::string failure;  // of the writer, until `failed`
  std::thread writer([&] {
    while (!stop) {
      const Submission submission = world.lab.Submit(world.lab.Device());
      if (const auto done = ledger->Append({&submission, 1}); !done) {
        failure = done.error().message;
        failed = true;
        return;
      }
      ++appended;
    }
  });
  // A case that ends early, on a failed requirement, ends its writer too.
  const auto end_writer = [&](std::thread* thread) {
    stop = true;
    thread->join();
  };
  std::unique_ptr<std::thread, decltype(end_writer)> running(&writer, end_writer);
  TreeSize from(0);
  std::optional<RootHash> from_root;
  for (int i = 0; i < 40; ++i) {
    REQUIRE_VALUE(const auto reader, i % 2 == 0 ? Reader::Open(world.folder()) : ledger->Read());
    CheckConsistentWith(*reader, from, from_root ? *from_root : reader->head().root());
    from = reader->size();
    from_root = reader->head().root();
    while (appended < from.value() + 1 && !failed) std::this_thread::yield();
    if (failed) BOOST_FAIL("append: " << failure);
  }
  running.reset();
  BOOST_CHECK_GE(appended.load(), 40u);
  ledger.reset();
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(a_reader_stays_at_its_size) {
  LedgerWorld world;
  const auto ledger = world.Open();
  const Submission first = world.lab.Submit(world.lab.Device());
  AppendOne(*ledger, first);
  REQUIRE_VALUE(const auto reader, ledger->Read());
  const Submission second = world.lab.Submit(world.lab.Dataset({first.id()}));
  AppendOne(*ledger, second);
  BOOST_CHECK_EQUAL(reader->size().value(), 1u);
  CHECK_ERROR(reader->Find(second.id()), ErrorCode::kNotFound, "is not logged");
  REQUIRE_VALUE(const auto referrers, reader->ReferrersOf(first.id(), 10));
  BOOST_CHECK(referrers.empty());
  REQUIRE_VALUE(const auto receipt, reader->Receipt(LeafIndex(0)));
  BOOST_CHECK_EQUAL(receipt.proof_tree_size, 1u);
  BOOST_CHECK(receipt.proof.hashes.empty());
}

BOOST_AUTO_TEST_CASE(guard_elsewhere_is_not_needed_for_reading) {
  const ScratchFolder folders;
  LedgerOptions options;
  options.guard = folders / "guard";
  REQUIRE_VALUE([[maybe_unused]] const auto created,
                Ledger::Create(folders / "log", kOrigin, LogKey(), nullptr, options));
  REQUIRE_VALUE(const auto empty, Reader::Open(folders / "log"));
  BOOST_CHECK_EQUAL(empty->size().value(), 0u);
  REQUIRE_VALUE(const auto ledger, Ledger::Open(folders / "log", options));
  StatementMaker maker(LabKey(), ledger->key().id(), "lab");
  AppendOne(*ledger, maker.Submit(maker.Device()));
  REQUIRE_VALUE(const auto reader, Reader::Open(folders / "log"));
  BOOST_CHECK_EQUAL(reader->size().value(), 1u);
  REQUIRE_VALUE(const auto report, Fsck(folders / "log", {.guard = folders / "guard"}));
  BOOST_CHECK(report.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_restored_backup_is_refused_wherever_the_guard_is) {
  constexpr const char* kWhy =
      "the database (size 1) is older than the last signed checkpoint (size 2)";
  for (const bool elsewhere : {false, true}) {
    const ScratchFolder folders;
    const std::string folder = folders / "log";
    LedgerOptions options;
    if (elsewhere) options.guard = folders / "guard";
    BOOST_REQUIRE(Ledger::Create(folder, kOrigin, LogKey(), nullptr, options).has_value());
    RollBack(folder, {});
    CHECK_ERROR(Reader::Open(folder), ErrorCode::kRejected, kWhy);
    CHECK_ERROR(Ledger::Open(folder), ErrorCode::kRejected, kWhy);
    REQUIRE_VALUE(const auto report, Fsck(folder));
    BOOST_REQUIRE_EQUAL(report.findings.size(), 1u);
    BOOST_CHECK_EQUAL(report.findings[0],
                      "guard: the database (size 1) is older than the signed checkpoint (size 2)");
    if (!elsewhere) continue;
    std::filesystem::remove_all(options.guard);  // nothing says so any more
    REQUIRE_VALUE(const auto reader, Reader::Open(folder));
    BOOST_CHECK_EQUAL(reader->size().value(), 1u);
  }
}

BOOST_AUTO_TEST_CASE(reading_writes_nothing) {
  LedgerWorld world;
  {
    const auto ledger = world.Open();
    AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
  }
  const auto listing = [&] {
    std::map<std::string, uint64_t> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(world.folder()))
      if (file.is_regular_file()) files[file.path().string()] = file.file_size();
    return files;
  };
  const auto before = listing();
  REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
  BOOST_CHECK(reader->Receipt(LeafIndex(0)).has_value());
  world.CheckClean();
  BOOST_CHECK(listing() == before);
}

BOOST_AUTO_TEST_CASE(opening_names_what_is_missing) {
  const ScratchFolder folders;
  CHECK_ERROR(Reader::Open(folders / "log"), ErrorCode::kNotFound, "log/db: no database");
}

BOOST_AUTO_TEST_SUITE_END()
