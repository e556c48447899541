// A lost guard is made again from what the log has signed, and from nothing else.
#include "ledger/restore_guard.h"

#include <filesystem>

#include "core/file.h"
#include "ledger/checkpoint_guard.h"
#include "ledger/keyspace.h"
#include "merkle/checkpoint.h"
#include "merkle/hasher.h"
#include "tests/ledger/ledger_world.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

struct GuardWorld : LedgerWorld {
  GuardWorld() { Grow(5); }

  void Grow(int entries) {
    const auto ledger = Open();
    for (int i = 0; i < entries; ++i) AppendOne(*ledger, lab.Submit(lab.Device()));
  }
  std::string Note() const {
    REQUIRE_VALUE(std::string note, FolderGuard::Read(guard()));
    return note;
  }
  void LoseGuard() const { fs::remove_all(guard()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(restore_guard, GuardWorld)

BOOST_AUTO_TEST_CASE(the_databases_own_copy_makes_a_guard) {
  const std::string note = Note();
  LoseGuard();
  CHECK_ERROR(TryOpen(), ErrorCode::kNotFound, "no checkpoint");
  REQUIRE_VALUE(const RestoredGuard restored, RestoreGuard(folder(), "", {}));
  BOOST_CHECK_EQUAL(restored.size.value(), 5u);
  BOOST_CHECK_EQUAL(restored.database_size.value(), 5u);
  BOOST_CHECK_EQUAL(restored.folder, guard());
  BOOST_CHECK_EQUAL(Note(), note);
  Grow(1);
  CheckClean();
}

// The copy may lag; a receipt or a witness has the later one.
BOOST_AUTO_TEST_CASE(the_latest_checkpoint_at_hand_is_taken) {
  const std::string early = Note();
  Grow(3);
  const std::string late = Note();
  LoseGuard();
  RawDatabase(folder()).Put(SingleKey(RowClass::kCheckpoint), early);
  REQUIRE_VALUE(const RestoredGuard restored, RestoreGuard(folder(), "", {early, late, early}));
  BOOST_CHECK_EQUAL(restored.size.value(), 8u);
  BOOST_CHECK_EQUAL(Note(), late);
  LoseGuard();
  RawDatabase(folder()).Delete(SingleKey(RowClass::kCheckpoint));
  REQUIRE_VALUE(const RestoredGuard from_early, RestoreGuard(folder(), "", {early}));
  BOOST_CHECK_EQUAL(from_early.size.value(), 5u);
  BOOST_CHECK_EQUAL(from_early.database_size.value(), 8u);
  Grow(1);  // what lies beyond is signed
  BOOST_CHECK_EQUAL(Fsck().size.value(), 9u);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(a_restored_backup_gets_no_guard_where_a_later_checkpoint_is_at_hand) {
  fs::copy(folder() + "/db", Beside("backup"), fs::copy_options::recursive);
  Grow(3);
  const std::string late = Note();
  LoseGuard();
  fs::remove_all(folder() + "/db");
  fs::rename(Beside("backup"), folder() + "/db");
  CHECK_ERROR(RestoreGuard(folder(), "", {late}), ErrorCode::kRejected,
              "older than the last signed checkpoint");
  BOOST_CHECK(!fs::exists(guard()));
}

BOOST_AUTO_TEST_CASE(what_the_log_did_not_sign_is_refused) {
  const auto other = crypto::Ed25519PrivateKey::Generate();
  REQUIRE_VALUE(const auto other_key, merkle::NoteKey::Create(kOrigin, other.public_key()));
  const std::string forged =
      merkle::SignCheckpoint({kOrigin, TreeSize(0), merkle::EmptyRoot(), {}}, other_key, other);
  LoseGuard();
  CHECK_ERROR(RestoreGuard(folder(), "", {forged}), ErrorCode::kRejected,
              "a checkpoint for the guard");
  CHECK_ERROR(RestoreGuard(folder(), "", {"not a note"}), ErrorCode::kMalformed,
              "a checkpoint for the guard");
  // Signed by the log's key, over another tree.
  const RootHash root(std::array<uint8_t, RootHash::kSize>{7});
  const std::string fork =
      merkle::SignCheckpoint({kOrigin, TreeSize(5), root, {}}, note_key(), LogKey());
  RawDatabase(folder()).Delete(SingleKey(RowClass::kCheckpoint));
  CHECK_ERROR(RestoreGuard(folder(), "", {fork}), ErrorCode::kRejected,
              "root at size 5 differs from the last signed checkpoint's");
  CHECK_ERROR(RestoreGuard(folder(), "", {}), ErrorCode::kNotFound, "no signed checkpoint");
  BOOST_CHECK(!fs::exists(guard() + "/checkpoint"));
}

// The latest one agrees with the database; an earlier one shows that there were two histories.
BOOST_AUTO_TEST_CASE(one_note_of_another_history_is_enough_to_refuse) {
  const RootHash root(std::array<uint8_t, RootHash::kSize>{7});
  const std::string fork =
      merkle::SignCheckpoint({kOrigin, TreeSize(3), root, {}}, note_key(), LogKey());
  const std::string latest = Note();
  LoseGuard();
  CHECK_ERROR(RestoreGuard(folder(), "", {latest, fork}), ErrorCode::kRejected,
              "root at size 3 differs");
}

BOOST_AUTO_TEST_CASE(the_ledgers_own_guard_is_heard_where_another_is_asked_for) {
  fs::copy(folder() + "/db", Beside("backup"), fs::copy_options::recursive);
  Grow(3);
  fs::remove_all(folder() + "/db");
  fs::rename(Beside("backup"), folder() + "/db");
  CHECK_ERROR(RestoreGuard(folder(), Beside("another"), {}), ErrorCode::kRejected,
              "older than the last signed checkpoint");
}

BOOST_AUTO_TEST_CASE(a_damaged_guard_is_moved_aside) {
  const std::string note = Note();
  for (const std::string& damaged : {std::string(), std::string("x"), "y" + note}) {
    BOOST_REQUIRE(
        WriteFileAtomic(guard() + "/checkpoint", damaged, Overwrite::kReplace).has_value());
    CHECK_ERROR(RestoreGuard(folder(), "", {"not a note"}), ErrorCode::kMalformed,
                "a checkpoint for the guard");
    BOOST_CHECK_EQUAL(Note(), damaged);  // nothing moves unless all of it can be done
    REQUIRE_VALUE(const RestoredGuard restored, RestoreGuard(folder(), "", {}));
    BOOST_CHECK_EQUAL(restored.size.value(), 5u);
    BOOST_CHECK_EQUAL(Note(), note);
  }
  BOOST_CHECK(fs::exists(guard() + "/checkpoint.damaged-3"));
  Grow(1);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(a_guard_that_is_there_stays) {
  const std::string note = Note();
  CHECK_ERROR(RestoreGuard(folder(), "", {}), ErrorCode::kConflict, "the guard is there");
  BOOST_CHECK_EQUAL(Note(), note);
  const auto writer = Open();
  CHECK_ERROR(RestoreGuard(folder(), Beside("elsewhere"), {}), ErrorCode::kConflict,
              "another writer");
}

BOOST_AUTO_TEST_SUITE_END()
