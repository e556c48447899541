// A ledger whose rows can be read and changed behind its back, with good checksums of RocksDB's:
// damage that only the ledger itself can notice.
#pragma once

#include <map>
#include <string>

#include "tests/ledger/ledger_world.h"

namespace carnet::test {

// A state row whose checksum is made again: SHA-256 of a domain and of what is before it.
std::string Resealed(std::string state);

// A world whose database can be changed while no ledger is open.
struct ChangeableWorld : LedgerWorld {
  std::string Get(const std::string& key) const;
  void Put(const std::string& key, const std::string& value) const;
  void PutAll(const std::map<std::string, std::string>& rows) const;
  void Delete(const std::string& key) const;
  void Flip(const std::string& key, size_t byte) const;
  // Of a row with a value, one bit of the value; of a row without one, the row itself.
  void Damage(const std::string& key) const;
  bool FsckNames(const std::string& text) const;
};

inline constexpr uint64_t kDevices = 300;  // a full tile, a partial one, and a second level

// 0 run, 1 segment, 2 completion, 3 passport, 4 verdict, 5 fine-tuned run, then devices.
struct DamagedWorld : ChangeableWorld {
  DamagedWorld();

  ledger::Submission run;
  ledger::Submission segment;
  ledger::Submission completion;
  ledger::Submission passport;
  ledger::Submission verdict;
  ledger::Submission child;
};

}  // namespace carnet::test
