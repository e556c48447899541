// A ledger in a folder of its own with an honest beginning: the cloud's device and its allocation
// to the lab, and the lab's data set. Keys by name as in party_keys.h; a clock that advances by
// a second per statement. What the pipeline works on. For one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "artifact/model_files.h"
#include "ledger/ledger.h"
#include "pipeline/attest.h"
#include "signer/signer.h"
#include "tests/support/drafts.h"
#include "tests/support/scratch_folder.h"
#include "trust/trust.h"
#include "verifier/verdict.h"

namespace carnet::test {

class RealLedger {
 public:
  RealLedger();
  RealLedger(const RealLedger&) = delete;
  RealLedger& operator=(const RealLedger&) = delete;

  std::string operator/(const std::string& name) const { return scratch_ / name; }
  std::string folder() const { return *this / "ledger"; }

  ledger::Ledger& ledger() { return *ledger_; }
  uint64_t size() { return Read()->size().value(); }
  std::unique_ptr<ledger::Reader> Read();
  void Close() { ledger_.reset(); }
  void Open();  // after Close
  // A second ledger, empty, of another origin.
  std::unique_ptr<ledger::Ledger> AnotherLedger();

  const signer::Signer& lab() const;
  pipeline::Moment Moment();  // a second after the last, with a nonce of its own
  TimestampMs now() const { return TimestampMs(clock_ms); }

  // Gives up where the pipeline refuses.
  StatementId Attest(schemas::Kind kind, const std::string& draft, const std::string& key);

  // What a training script hands to the recorder: a run on the data set, and a second on the device
  // from now on.
  std::string RunDraft(drafts::RunTerms terms = {}) const;
  std::string SegmentDraft(uint64_t stretch, uint64_t tokens = kDraftTokens) const;

  // Party lab with keys "lab" and "site", cloud, hub.
  trust::Trust MakeTrust();
  // Under hub-default, at the clock's time.
  verifier::Verdict Judge(const std::string& passport, const artifact::ModelFiles& model);

  uint64_t clock_ms;
  StatementId device;
  StatementId allocation;
  StatementId dataset;

 private:
  ScratchFolder scratch_;  // outlives the ledger
  std::unique_ptr<ledger::Ledger> ledger_;
  uint64_t nonces_ = 0;
};

// Of a model of this name, as `carnet passport issue` takes it.
inline std::string PassportDraft(const std::string& name) {
  return drafts::Passport({.name = name});
}

// The payload of a bundle in a passport's line or a bundle file, as text.
std::string PayloadOf(const std::string& bundle_json);

}  // namespace carnet::test
