#include "tests/ledger/ledger_world.h"

#include "crypto/sha256.h"
#include "ledger/checkpoint_guard.h"
#include "ledger/store.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

merkle::NoteKey MakeNoteKey() {
  REQUIRE_VALUE(auto key, merkle::NoteKey::Create(kOrigin, LogKey().public_key()));
  return key;
}

}  // namespace

const crypto::Ed25519PrivateKey& LogKey() {
  static const auto key = crypto::Ed25519PrivateKey::Generate();
  return key;
}

const crypto::P256PrivateKey& LabKey() {
  static const auto key = crypto::P256PrivateKey::Generate();
  return key;
}

const crypto::P256PrivateKey& SiteKey() {
  static const auto key = crypto::P256PrivateKey::Generate();
  return key;
}

const crypto::P256PrivateKey& StrangerKey() {
  static const auto key = crypto::P256PrivateKey::Generate();
  return key;
}

LedgerWorld::LedgerWorld(rocksdb::Env* env) : LedgerWorld(MakeNoteKey(), env) {
  ledger::LedgerOptions options;
  options.env = env_;
  REQUIRE_VALUE([[maybe_unused]] const auto created,
                ledger::Ledger::Create(folder(), kOrigin, LogKey(), nullptr, options));
}

LedgerWorld::LedgerWorld(const merkle::NoteKey& note_key, rocksdb::Env* env)
    : lab(LabKey(), note_key.id(), "lab"),
      site(SiteKey(), note_key.id(), "site"),
      stranger(StrangerKey(), note_key.id(), "stranger"),
      env_(env),
      note_key_(note_key) {}

Result<std::unique_ptr<ledger::Ledger>> LedgerWorld::TryOpen() const {
  ledger::LedgerOptions options;
  options.env = env_;
  return ledger::Ledger::Open(folder(), options);
}

std::unique_ptr<ledger::Ledger> LedgerWorld::Open() const {
  REQUIRE_VALUE(auto opened, TryOpen());
  return opened;
}

ledger::FsckReport LedgerWorld::Fsck() const {
  if (env_ == nullptr) {
    REQUIRE_VALUE(auto report, ledger::Fsck(folder()));
    return report;
  }
  const auto guarded = ledger::FolderGuard::Read(guard());
  REQUIRE_VALUE(const auto store,
                ledger::Store::Open(folder(), ledger::Store::Mode::kReadOnly, env_));
  REQUIRE_VALUE(auto report, ledger::FsckStore(*store, guarded, {}));
  return report;
}

void LedgerWorld::CheckClean() const {
  for (const std::string& finding : Fsck().findings) BOOST_ERROR("fsck: " << finding);
}

ledger::Appended AppendOne(ledger::Ledger& ledger, const ledger::Submission& submission) {
  REQUIRE_VALUE(const auto appended, ledger.Append({&submission, 1}));
  BOOST_REQUIRE_EQUAL(appended.size(), 1u);
  return appended[0];
}

std::string ExpectedLeaf(const ledger::Submission& submission) {
  return HashedRekordText(submission.id().span(), submission.signature(), submission.spki());
}

void CheckReceipts(const ledger::Reader& reader, const ReferenceTree& tree,
                   const merkle::NoteKey& key) {
  BOOST_REQUIRE_EQUAL(reader.size().value(), tree.size());
  REQUIRE_VALUE(const auto head, merkle::VerifiedCheckpoint::Verify(reader.checkpoint(), key));
  BOOST_REQUIRE(head.root() == tree.Root(tree.size()));
  BOOST_REQUIRE_EQUAL(head.size().value(), tree.size());
  for (uint64_t i = 0; i < tree.size(); ++i) {
    REQUIRE_VALUE(const auto receipt, reader.Receipt(LeafIndex(i)));
    BOOST_REQUIRE(receipt.proof.hashes == tree.Inclusion(i, 0, tree.size()));
    BOOST_REQUIRE_EQUAL(receipt.log_index, i);
    BOOST_REQUIRE_EQUAL(receipt.proof_log_index, i);
    BOOST_REQUIRE_EQUAL(receipt.proof_tree_size, tree.size());
    BOOST_REQUIRE_EQUAL(receipt.checkpoint, reader.checkpoint());
    BOOST_REQUIRE(receipt.log_id == key.id());
  }
}

}  // namespace carnet::test
