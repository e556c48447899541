// Attests the machine that a run is opened on, unless that has been done.
#pragma once

#include "core/result.h"
#include "ledger/ledger.h"
#include "pipeline/attest.h"
#include "pipeline/this_machine.h"
#include "signer/signer.h"
#include "verifier/compute/chips.h"

namespace carnet::pipeline {

struct AttestedMachine {
  StatementId id;
  bool repeated;  // this signer had attested it before
  std::vector<std::string> notes = {};
};

// The signer's latest statement about the same device (S7) is used again where it states the same
// units and the same chip or model of CPU: a clock that reads otherwise today makes no other
// device. With `dry_run` nothing is signed or logged, and a machine that is not attested has the id
// that its statement would have now. Errors: malformed (its chip is not in the catalogue: attest it
// with a draft), and as Attest.
Result<AttestedMachine> AttestMachine(const ThisMachine& machine, const signer::Signer& signer,
                                      ledger::Ledger& ledger,
                                      const verifier::compute::Catalogue& chips,
                                      const Moment& moment, bool dry_run = false);

}  // namespace carnet::pipeline
