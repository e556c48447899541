#include "tests/ledger/damaged_world.h"

#include "crypto/sha256.h"
#include "ledger/keyspace.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/test.h"

namespace carnet::test {

using ledger::Submission;

std::string Resealed(std::string state) {
  state.resize(state.size() - 32);
  const auto checksum = crypto::Sha256Of("carnet-tree-state-v1\n" + state);
  return state.append(AsText(checksum.span()));
}

std::string ChangeableWorld::Get(const std::string& key) const {
  return RawDatabase(folder()).Get(key);
}

void ChangeableWorld::Put(const std::string& key, const std::string& value) const {
  RawDatabase(folder()).Put(key, value);
}

void ChangeableWorld::PutAll(const std::map<std::string, std::string>& rows) const {
  for (const auto& [key, value] : rows) Put(key, value);
}

void ChangeableWorld::Delete(const std::string& key) const { RawDatabase(folder()).Delete(key); }

void ChangeableWorld::Flip(const std::string& key, size_t byte) const {
  std::string value = Get(key);
  BOOST_REQUIRE_LT(byte, value.size());
  value[byte] = static_cast<char>(value[byte] ^ 4);
  Put(key, value);
}

void ChangeableWorld::Damage(const std::string& key) const {
  const std::string value = Get(key);
  if (value.empty()) return Delete(key);
  Flip(key, value.size() - 1);
}

bool ChangeableWorld::FsckNames(const std::string& text) const {
  for (const std::string& finding : Fsck().findings)
    if (finding.find(text) != std::string::npos) return true;
  return false;
}

DamagedWorld::DamagedWorld()
    : run(lab.Submit(lab.Run())),
      segment(lab.Submit(lab.Segment({run.id(), 0, 0, {}}))),
      completion(lab.Submit(lab.Completion(run.id(), segment.id()))),
      passport(lab.Submit(lab.Passport(completion.id(), "weights"))),
      verdict(lab.Submit(lab.Verdict(StatementMaker::ModelOf("weights"), passport.id()))),
      child(lab.Submit(lab.Run({{}, {StatementMaker::ModelOf("weights")}, {}}))) {
  std::vector<Submission> batch = {run, segment, completion, passport, verdict, child};
  for (uint64_t i = 0; i < kDevices; ++i) batch.push_back(lab.Submit(lab.Device()));
  BOOST_REQUIRE(Open()->Append(batch).has_value());
}

}  // namespace carnet::test
