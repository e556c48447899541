// The guard: what a restored backup, a copy or another guard may not do; what lies above it.
#include <filesystem>

#include "core/base64.h"
#include "core/file.h"
#include "ledger/ledger.h"
#include "merkle/hasher.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

void CopyFolder(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(guard)

BOOST_AUTO_TEST_CASE(copies_that_share_a_guard_exclude_each_other) {
  const LedgerWorld world;
  CopyFolder(world.folder(), world.Beside("copy"));
  const auto first = world.Open();
  LedgerOptions options;
  options.guard = world.guard();
  CHECK_ERROR(Ledger::Open(world.Beside("copy"), options), ErrorCode::kConflict,
              "guard: another writer");
}

BOOST_AUTO_TEST_CASE(restored_backup_is_refused) {
  LedgerWorld world;
  {
    const auto ledger = world.Open();
    for (int i = 0; i < 5; ++i) AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
  }
  CopyFolder(world.folder() + "/db", world.Beside("backup"));
  {
    const auto ledger = world.Open();
    for (int i = 0; i < 4; ++i) AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
  }
  CopyFolder(world.Beside("backup"), world.folder() + "/db");
  CHECK_ERROR(world.TryOpen(), ErrorCode::kRejected,
              "the database (size 5) is older than the last signed checkpoint (size 9): "
              "a restored backup would fork the log");
  const auto report = world.Fsck();
  BOOST_REQUIRE_EQUAL(report.findings.size(), 1u);
  BOOST_CHECK_EQUAL(report.findings[0],
                    "guard: the database (size 5) is older than the signed checkpoint (size 9)");
  CHECK_ERROR(Reader::Open(world.folder()), ErrorCode::kRejected,
              "the database (size 5) is older than the last signed checkpoint (size 9)");
}

BOOST_AUTO_TEST_CASE(guard_with_another_root_of_the_same_size_is_refused) {
  LedgerWorld world;
  {
    const auto ledger = world.Open();
    AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
  }
  const auto other = Retag<RootHash>(merkle::HashLeaf(AsBytes("another entry")));
  const std::string note =
      merkle::SignCheckpoint({kOrigin, TreeSize(1), other, {}}, world.note_key(), LogKey());
  BOOST_REQUIRE(
      WriteFileAtomic(world.guard() + "/checkpoint", note, Overwrite::kReplace).has_value());
  CHECK_ERROR(world.TryOpen(), ErrorCode::kRejected, "the database's root at size 1 differs");
  BOOST_CHECK_EQUAL(world.Fsck().findings.at(0),
                    "guard: the signed root of size 1 differs from the entries");
}

BOOST_AUTO_TEST_CASE(guard_signed_by_another_key_is_refused) {
  const LedgerWorld world;
  const auto key = crypto::Ed25519PrivateKey::Generate();
  REQUIRE_VALUE(const auto note_key, merkle::NoteKey::Create(kOrigin, key.public_key()));
  const std::string note =
      merkle::SignCheckpoint({kOrigin, TreeSize(0), merkle::EmptyRoot(), {}}, note_key, key);
  BOOST_REQUIRE(
      WriteFileAtomic(world.guard() + "/checkpoint", note, Overwrite::kReplace).has_value());
  CHECK_ERROR(world.TryOpen(), ErrorCode::kRejected, "the guard's checkpoint");
  CHECK_ERROR(Reader::Open(world.folder()), ErrorCode::kCorruption, "guard/checkpoint");
}

BOOST_AUTO_TEST_CASE(guard_changed_behind_the_writer_stops_it) {
  LedgerWorld world;
  auto ledger = world.Open();
  AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
  const std::string before = ledger->checkpoint();
  const auto other = Retag<RootHash>(merkle::HashLeaf(AsBytes("another entry")));
  const std::string note =
      merkle::SignCheckpoint({kOrigin, TreeSize(1), other, {}}, world.note_key(), LogKey());
  BOOST_REQUIRE(
      WriteFileAtomic(world.guard() + "/checkpoint", note, Overwrite::kReplace).has_value());
  const Submission next = world.lab.Submit(world.lab.Device());
  CHECK_ERROR(ledger->Append({&next, 1}), ErrorCode::kCorruption,
              "a checkpoint other than the last one");
  CHECK_ERROR(ledger->Append({&next, 1}), ErrorCode::kIo, "reopen the ledger");
  BOOST_CHECK_EQUAL(ledger->checkpoint(), before);
}

BOOST_AUTO_TEST_CASE(rows_above_the_guard_are_verified_and_signed) {
  std::string old_note;
  LedgerWorld world;
  ReferenceTree grown{std::vector<std::string>{}};
  {
    const auto ledger = world.Open();
    for (int i = 0; i < 300; ++i) {
      const Submission submission = world.lab.Submit(world.lab.Device());
      AppendOne(*ledger, submission);
      grown.Append(ExpectedLeaf(submission));
      if (i == 100) old_note = ledger->checkpoint();
    }
  }
  BOOST_REQUIRE(
      WriteFileAtomic(world.guard() + "/checkpoint", old_note, Overwrite::kReplace).has_value());
  const auto ledger = world.Open();
  REQUIRE_VALUE(const auto reader, ledger->Read());
  CheckReceipts(*reader, grown, world.note_key());
}

BOOST_AUTO_TEST_SUITE_END()
