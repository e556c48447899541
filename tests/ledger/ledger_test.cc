#include "ledger/ledger.h"

#include <rocksdb/db.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/base64.h"
#include "core/file.h"
#include "merkle/hasher.h"
#include "sigstore/hashedrekord.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

using Passwords = std::function<Result<crypto::SecretBytes>()>;

Passwords Password(std::string_view text) {
  return [text]() -> Result<crypto::SecretBytes> { return crypto::SecretBytes::CopyOf(text); };
}

struct AppendedTree {
  ReferenceTree tree{std::vector<std::string>{}};
  void Add(const Submission& submission) { tree.Append(ExpectedLeaf(submission)); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_folder)

BOOST_AUTO_TEST_CASE(new_ledger_is_the_signed_empty_tree) {
  const LedgerWorld world;
  const auto ledger = world.Open();
  REQUIRE_VALUE(const auto reader, ledger->Read());
  BOOST_CHECK_EQUAL(reader->size().value(), 0u);
  BOOST_CHECK_EQUAL(ledger->checkpoint().substr(0, 62),
                    "ledger.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  BOOST_CHECK(ledger->key() == world.note_key());
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(key_file_is_for_its_owner_only) {
  const LedgerWorld world;
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat((world.folder() + "/key.pem").c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 0777, 0600u);
}

BOOST_AUTO_TEST_CASE(creation_refuses_what_is_there) {
  const LedgerWorld world;
  CHECK_ERROR(Ledger::Create(world.folder(), kOrigin, LogKey(), nullptr), ErrorCode::kConflict,
              "not empty");
  LedgerOptions options;
  options.guard = world.guard();
  CHECK_ERROR(Ledger::Create(world.Beside("second"), kOrigin, LogKey(), nullptr, options),
              ErrorCode::kConflict, "exists");
  BOOST_CHECK(!fs::exists(world.Beside("second")));
  CHECK_ERROR(Ledger::Create(world.Beside("third"), "two words", LogKey(), nullptr),
              ErrorCode::kMalformed, "");
  BOOST_CHECK(!fs::exists(world.Beside("third")));
}

BOOST_AUTO_TEST_CASE(opening_names_what_is_missing) {
  const LedgerWorld world;
  CHECK_ERROR(Ledger::Open(world.Beside("nowhere")), ErrorCode::kNotFound, "nowhere");
  fs::rename(world.guard(), world.Beside("guard"));
  CHECK_ERROR(world.TryOpen(), ErrorCode::kNotFound, "guard/checkpoint: no checkpoint");
  LedgerOptions options;
  options.guard = world.Beside("guard");
  BOOST_CHECK(Ledger::Open(world.folder(), options).has_value());
  fs::rename(world.Beside("guard"), world.guard());
  fs::remove_all(world.folder() + "/db");
  CHECK_ERROR(world.TryOpen(), ErrorCode::kNotFound, "db: no database");
}

BOOST_AUTO_TEST_CASE(a_ledger_remembers_where_its_guard_is) {
  const ScratchFolder folder;
  LedgerOptions elsewhere;
  elsewhere.guard = folder / "disk/guard";
  REQUIRE_VALUE([[maybe_unused]] const auto created,
                Ledger::Create(folder / "log", kOrigin, LogKey(), nullptr, elsewhere));
  BOOST_CHECK(!fs::exists(folder / "log/guard"));
  BOOST_CHECK(Ledger::Open(folder / "log").has_value());
  REQUIRE_VALUE(const FsckReport clean, carnet::ledger::Fsck(folder / "log"));
  BOOST_CHECK(clean.findings.empty());

  fs::rename(folder / "disk", folder / "moved");
  const std::string hint = "(if the guard is kept elsewhere, give its folder: --guard)";
  CHECK_ERROR(Ledger::Open(folder / "log"), ErrorCode::kNotFound,
              folder / "disk/guard/checkpoint" + ": no checkpoint " + hint);
  REQUIRE_VALUE(const FsckReport report, carnet::ledger::Fsck(folder / "log"));
  BOOST_REQUIRE_EQUAL(report.findings.size(), 1U);
  BOOST_CHECK(report.findings[0].ends_with("give its folder: --guard)"));
  elsewhere.guard = folder / "moved/guard";
  BOOST_CHECK(Ledger::Open(folder / "log", elsewhere).has_value());
  REQUIRE_VALUE(const FsckReport moved,
                carnet::ledger::Fsck(folder / "log", {.guard = elsewhere.guard}));
  BOOST_CHECK(moved.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_guard_path_that_was_edited_is_not_guessed_at) {
  const LedgerWorld world;
  for (const std::string& text :
       {std::string(), std::string("/"), std::string("guard\n"), std::string("/a\nb\n"),
        std::string("/a"), std::string("/a\0b\n", 5), std::string("\n")}) {
    BOOST_REQUIRE(
        WriteFileAtomic(world.folder() + "/guard.path", text, Overwrite::kReplace).has_value());
    CHECK_ERROR(world.TryOpen(), ErrorCode::kCorruption,
                "guard.path: expected one absolute path and a line feed");
  }
}

BOOST_AUTO_TEST_CASE(encrypted_key_needs_its_password) {
  const ScratchFolder folder;
  const auto password = crypto::SecretBytes::CopyOf("right");
  REQUIRE_VALUE([[maybe_unused]] const auto created,
                Ledger::Create(folder / "log", kOrigin, LogKey(), &password));
  LedgerOptions options;
  CHECK_ERROR(Ledger::Open(folder / "log", options), ErrorCode::kRejected, "no password");
  options.password = Password("wrong");
  CHECK_ERROR(Ledger::Open(folder / "log", options), ErrorCode::kRejected, "key.pem");
  options.password = Password("right");
  BOOST_CHECK(Ledger::Open(folder / "log", options).has_value());
}

BOOST_AUTO_TEST_CASE(a_key_other_than_the_ledgers_is_refused) {
  const LedgerWorld world;
  const ScratchFolder other;
  REQUIRE_VALUE(
      [[maybe_unused]] const auto created,
      Ledger::Create(other / "log", kOrigin, crypto::Ed25519PrivateKey::Generate(), nullptr));
  fs::copy_file(other / "log/key.pem", world.folder() + "/key.pem",
                fs::copy_options::overwrite_existing);
  CHECK_ERROR(world.TryOpen(), ErrorCode::kRejected, "not the key of this ledger");
}

BOOST_AUTO_TEST_CASE(second_writer_is_refused_until_the_first_is_gone) {
  const LedgerWorld world;
  auto first = world.Open();
  CHECK_ERROR(world.TryOpen(), ErrorCode::kConflict, "another writer");
  first.reset();
  BOOST_CHECK(world.TryOpen().has_value());
}

BOOST_AUTO_TEST_CASE(database_held_by_another_program_is_a_conflict) {
  const LedgerWorld world;
  rocksdb::DB* raw = nullptr;
  BOOST_REQUIRE(rocksdb::DB::Open(rocksdb::Options(), world.folder() + "/db", &raw).ok());
  const std::unique_ptr<rocksdb::DB> held(raw);
  CHECK_ERROR(world.TryOpen(), ErrorCode::kConflict, "db: open");
}

BOOST_AUTO_TEST_CASE(leaf_is_the_hashedrekord_of_the_statement) {
  LedgerWorld world;
  const auto ledger = world.Open();
  const Submission submission = world.lab.Submit(world.lab.Device());
  const Appended appended = AppendOne(*ledger, submission);
  BOOST_CHECK_EQUAL(appended.index.value(), 0u);
  BOOST_CHECK(!appended.duplicate);
  REQUIRE_VALUE(const auto reader, ledger->Read());
  REQUIRE_VALUE(const auto receipt, reader->Receipt(LeafIndex(0)));
  BOOST_CHECK_EQUAL(AsText(receipt.canonicalized_body), ExpectedLeaf(submission));
  BOOST_CHECK(reader->head().root() ==
              Retag<RootHash>(merkle::HashLeaf(AsBytes(ExpectedLeaf(submission)))));
  REQUIRE_VALUE(const auto bundle, reader->BundleAt(LeafIndex(0)));
  BOOST_CHECK(bundle.envelope.payload == submission.payload());
  BOOST_CHECK(bundle.envelope.signature == submission.signature());
  BOOST_CHECK_EQUAL(std::get<sigstore::PublicKeyHint>(bundle.material).hint,
                    Base64Encode(submission.signer().key()->span()));
  REQUIRE_VALUE(const auto entry, reader->EntryAt(LeafIndex(0)));
  BOOST_CHECK(entry.id == submission.id());
  BOOST_CHECK(entry.signer == submission.signer());
  BOOST_CHECK(entry.spki == submission.spki());
}

BOOST_AUTO_TEST_CASE(receipts_stay_good_as_the_tree_grows_and_is_reopened) {
  LedgerWorld world;
  AppendedTree expected;
  for (int round = 0; round < 4; ++round) {
    const auto ledger = world.Open();
    for (int i = 0; i < 5; ++i) {
      const Submission submission = world.lab.Submit(world.lab.Device());
      BOOST_CHECK_EQUAL(AppendOne(*ledger, submission).index.value(), expected.tree.size());
      expected.Add(submission);
    }
    REQUIRE_VALUE(const auto reader, ledger->Read());
    CheckReceipts(*reader, expected.tree, world.note_key());
  }
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(batch_is_appended_in_order) {
  LedgerWorld world;
  const auto ledger = world.Open();
  std::vector<Submission> batch;
  AppendedTree expected;
  for (int i = 0; i < 300; ++i) {
    batch.push_back(world.lab.Submit(world.lab.Device()));
    expected.Add(batch.back());
  }
  REQUIRE_VALUE(const auto appended, ledger->Append(batch));
  for (size_t i = 0; i < batch.size(); ++i) BOOST_CHECK_EQUAL(appended[i].index.value(), i);
  REQUIRE_VALUE(const auto reader, ledger->Read());
  CheckReceipts(*reader, expected.tree, world.note_key());
  REQUIRE_VALUE(const auto none, ledger->Append({}));
  BOOST_CHECK(none.empty());
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(same_attestation_again_gives_its_first_index) {
  LedgerWorld world;
  const auto envelope = world.lab.Device();
  {
    const auto ledger = world.Open();
    AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
    AppendOne(*ledger, world.lab.Submit(envelope));
  }
  const auto ledger = world.Open();
  const std::string before = ledger->checkpoint();
  const Appended again = AppendOne(*ledger, world.lab.Submit(envelope));
  BOOST_CHECK_EQUAL(again.index.value(), 1u);
  BOOST_CHECK(again.duplicate);
  BOOST_CHECK_EQUAL(ledger->checkpoint(), before);
}

BOOST_AUTO_TEST_CASE(duplicate_within_one_call_is_appended_once) {
  LedgerWorld world;
  const auto ledger = world.Open();
  const auto envelope = world.lab.Device();
  const std::vector<Submission> batch = {world.lab.Submit(envelope), world.lab.Submit(envelope),
                                         world.lab.Submit(world.lab.Device())};
  REQUIRE_VALUE(const auto appended, ledger->Append(batch));
  BOOST_CHECK(!appended[0].duplicate);
  BOOST_CHECK(appended[1].duplicate);
  BOOST_CHECK_EQUAL(appended[1].index.value(), 0u);
  BOOST_CHECK_EQUAL(appended[2].index.value(), 1u);
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(verdict_is_logged_once_for_each_signer) {
  LedgerWorld world;
  const auto ledger = world.Open();
  const Submission device = world.lab.Submit(world.lab.Device());
  const auto model = StatementMaker::ModelOf("weights");
  const Submission labs = world.lab.Submit(world.lab.Verdict(model, device.id()));
  const Submission sites = world.site.Submit(world.site.Verdict(model, device.id()));
  BOOST_REQUIRE(labs.id() == sites.id());
  BOOST_CHECK_EQUAL(AppendOne(*ledger, labs).index.value(), 0u);
  BOOST_CHECK_EQUAL(AppendOne(*ledger, sites).index.value(), 1u);
  BOOST_CHECK(AppendOne(*ledger, sites).duplicate);
  REQUIRE_VALUE(const auto reader, ledger->Read());
  REQUIRE_VALUE(const auto statement, reader->Find(labs.id()));
  BOOST_CHECK_EQUAL(statement.index.value(), 0u);
  REQUIRE_VALUE(const auto indices, reader->IndicesOf(labs.id()));
  BOOST_CHECK((indices == std::vector<LeafIndex>{LeafIndex(0), LeafIndex(1)}));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(statement_for_another_ledger_is_refused) {
  LedgerWorld world;
  const auto ledger = world.Open();
  std::array<uint8_t, 32> other{};
  StatementMaker maker(LabKey(), LogId(other), "lab");
  const Submission submission = maker.Submit(maker.Device());
  CHECK_ERROR(ledger->Append({&submission, 1}), ErrorCode::kRejected,
              "head.ledger: the statement is meant for another ledger");
}

BOOST_AUTO_TEST_CASE(entry_of_65535_bytes_is_the_last_that_fits) {
  LedgerWorld world;
  const auto ledger = world.Open();
  const auto with_signature = [&](size_t bytes) {
    auto envelope = world.lab.Device();
    envelope.signature = Bytes(bytes, 0);
    REQUIRE_VALUE(auto submission,
                  Submission::InsecureAssumeVerified(envelope, LabKey().public_key()));
    return submission;
  };
  // base64: 4 characters for 3 bytes.
  const size_t around = ExpectedLeaf(with_signature(3)).size() - 4;
  const size_t fits = (65'535 - around) / 4 * 3;
  const Submission large = with_signature(fits);
  BOOST_REQUIRE_LE(ExpectedLeaf(large).size(), 65'535u);
  BOOST_CHECK(ledger->Append({&large, 1}).has_value());
  const Submission larger = with_signature(fits + 1);
  CHECK_ERROR(ledger->Append({&larger, 1}), ErrorCode::kRejected, "the limit is 65535");
}

BOOST_AUTO_TEST_CASE(large_statement_is_stored_whole) {
  LedgerWorld world;
  const auto ledger = world.Open();
  const Submission submission = world.lab.Submit(world.lab.Dataset({}, 3'500'000));
  AppendOne(*ledger, submission);
  REQUIRE_VALUE(const auto reader, ledger->Read());
  REQUIRE_VALUE(const auto entry, reader->EntryAt(LeafIndex(0)));
  BOOST_REQUIRE(entry.payload() != nullptr);
  BOOST_CHECK(*entry.payload() == submission.payload());
  world.CheckClean();
  CHECK_ERROR(Submission::Verify(world.lab.Dataset({}, 4'300'000), LabKey().public_key()),
              ErrorCode::kRejected, "payload: larger than 4194304 bytes");
}

BOOST_AUTO_TEST_SUITE_END()
