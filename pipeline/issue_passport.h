// Issuing a passport: closure of the completion, both FLOP numbers, one statement, one file,
// checked as a hub would check it before the file is handed out.
//
// 1 the completion and everything it refers to are read from the ledger; 2 the passport's
// predicate is made from the draft, the model's files and the sums; 3 it is signed, judged by
// verifier::Gate::CheckUnlogged and only then appended or, if this signer has already logged the
// same predicate (a repeated call), that one is used; 4 every receipt is refreshed to one
// checkpoint; 5 verifier::Gate checks the bytes.
// Not done: evidence and statements of other ledgers are not fetched.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "artifact/model_files.h"
#include "core/digests.h"
#include "core/result.h"
#include "ledger/ledger.h"
#include "pipeline/attest.h"
#include "pipeline/parent_tensors.h"
#include "signer/signer.h"
#include "verifier/gate.h"
#include "verifier/verdict.h"

namespace carnet::pipeline {

struct PassportRequest {
  std::string_view draft;  // JSON: name, version, intended_deployment, parameters, flop.edges, …
  DraftOrigin origin;      // of `draft`
  StatementId completion;
  std::span<const ParentModel> parents = {};  // of frozen tensors: pipeline/parent_tensors.h
  // For JudgePassport: the completion, signed by this key, where it is not logged yet.
  const sigstore::Bundle* unlogged_completion = nullptr;
};

struct IssuedPassport {
  StatementId id;
  std::string bytes;          // JSON Lines
  verifier::Verdict verdict;  // of the gate under `policy`
};

// `model` is as it was recorded: what it leaves out (artifact::LeaveOut), the passport leaves out,
// and states so. The draft may not state `completion`, `after`, `model`, `files`, `tensor_roots`,
// `not_covered` or `parent_tensors`, nor `flop` except its `edges` (default: every type that
// carries weights, and synthetic-data-from). `parameters.total` comes from the weight files'
// headers if the draft does not state it, and `oms_root` from the digests of the covered files.
// Errors: malformed (draft), not_found (a statement is not in this ledger), conflict, rejected (the
// gate said no: the message is its first finding; or no parent states a tensor root of one of
// `parents`; nothing is logged or handed out). Where the gate said no, `refused` is its verdict,
// with all findings; pipeline/remedy.h says what to do about each.
Result<IssuedPassport> IssuePassport(const PassportRequest& request,
                                     const artifact::ModelFiles& model,
                                     const signer::Signer& signer, ledger::Ledger& ledger,
                                     const verifier::Gate& gate, const Moment& moment,
                                     std::optional<verifier::Verdict>* refused = nullptr);

// The patterns that the passport of this request will state: those that `model` was read with, or
// none where the run was completed with every file covered. Errors: as IssuePassport.
Result<NotCovered> CoveringFor(const PassportRequest& request, const artifact::ModelFiles& model,
                               const ledger::Reader& reader);

// The passport that an earlier call with this request has logged; absent: none. Errors: malformed
// (draft), as the reader's.
Result<std::optional<StatementId>> FindIssued(const PassportRequest& request,
                                              const artifact::ModelFiles& model,
                                              const SignerId& signer, const ledger::Reader& reader);

struct PassportJudgement {
  verifier::Verdict verdict;
  // Why the ledger would refuse it all the same: another passport of this model by this key, which
  // the draft does not supersede. Empty: there is none.
  std::string already;
};

// What the gate would say of the passport, whatever that is; nothing is logged, and what is signed
// for it is forgotten. Errors: as above, but for conflict and rejected.
Result<PassportJudgement> JudgePassport(const PassportRequest& request,
                                        const artifact::ModelFiles& model,
                                        const signer::Signer& signer, const ledger::Reader& reader,
                                        const verifier::Gate& gate, const Moment& moment);

}  // namespace carnet::pipeline
