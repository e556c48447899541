// A ledger in a folder of its own, with keys and statement makers: the start of every suite
// here. Keys are made once per process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "ledger/fsck/fsck.h"
#include "ledger/ledger.h"
#include "ledger/reader.h"
#include "tests/support/reference_tree.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/statement_maker.h"

namespace carnet::test {

inline const std::string kOrigin = "ledger.example";

const crypto::Ed25519PrivateKey& LogKey();
const crypto::P256PrivateKey& LabKey();
const crypto::P256PrivateKey& SiteKey();  // a recorder's
const crypto::P256PrivateKey& StrangerKey();

class LedgerWorld {
 public:
  explicit LedgerWorld(rocksdb::Env* env = nullptr);

  std::string folder() const { return folders_ / "log"; }
  std::string guard() const { return folder() + "/guard"; }
  std::string Beside(const std::string& name) const { return folders_ / name; }
  rocksdb::Env* env() const { return env_; }
  const merkle::NoteKey& note_key() const { return note_key_; }

  // Fails the test case on an error.
  std::unique_ptr<ledger::Ledger> Open() const;
  Result<std::unique_ptr<ledger::Ledger>> TryOpen() const;
  ledger::FsckReport Fsck() const;
  void CheckClean() const;

  StatementMaker lab;
  StatementMaker site;
  StatementMaker stranger;

 private:
  explicit LedgerWorld(const merkle::NoteKey& note_key, rocksdb::Env* env);

  ScratchFolder folders_;
  rocksdb::Env* env_;
  merkle::NoteKey note_key_;
};

// Appends one submission; fails the test case on an error.
ledger::Appended AppendOne(ledger::Ledger& ledger, const ledger::Submission& submission);

// The leaf as rekor-tiles spells it, written out by hand.
std::string ExpectedLeaf(const ledger::Submission& submission);

// Checks the checkpoint's signature, and every receipt of [0, tree.size()) with the reference tree.
void CheckReceipts(const ledger::Reader& reader, const ReferenceTree& tree,
                   const merkle::NoteKey& key);

}  // namespace carnet::test
