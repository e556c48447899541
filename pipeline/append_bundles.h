// Append what others signed: bundles -> judged, all of them -> logged in one batch -> receipts.
// A bundle names who signed it and proves nothing by that, so nothing is taken but what verifies:
//
// 1 Its signer is one of the keys given, or of the trust directory's keys, the one that its hint
//   names; or the identity of its certificate, which the trust directory, where there is one,
//   judges as R5 does (verifier/bundle/certified_signer.h).
// 2 Submission::Verify (ledger/submission.h): strict statement, head.signer, signature.
// 3 head.ledger is this ledger.
// 4 The signer may sign the kind, and is in force (R8, R15), where a trust directory lists it;
//   CheckStatement, where those of the same call count as logged; not for what is logged already.
// Not checked: without a trust directory, whether a certificate is to be trusted (a note says so);
// tree sizes in R15; entries of other logs, which are handed on as they came.
#pragma once

#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/ecdsa.h"
#include "ledger/ledger.h"
#include "ledger/rebuild.h"
#include "pipeline/attest.h"
#include "pipeline/check_statement.h"
#include "trust/trust.h"

namespace carnet::pipeline {

struct KnownSigners {
  std::vector<crypto::P256PublicKey> keys = {};
  const trust::Trust* trust = nullptr;  // null: there is none
};

// In the order given: what each is now, `repeated` where it was logged before or stands twice. In
// any order: what others refer to is logged before them (R12), else the order stays. A bundle comes
// back with the ledger's entry first and then those of other logs that it had; where the ledger has
// another signature of the statement, with that one and without them. All or nothing is logged.
// Errors name the bundle: rejected (unknown signer, untrusted certificate, bad signature, another
// ledger, what CheckStatement refuses, beyond the limits of R1), malformed, conflict and others as
// Ledger::Append. Once they are logged, they say so.
Result<std::vector<Attested>> AppendBundles(const std::vector<ledger::NamedBundle>& given,
                                            const KnownSigners& known, ledger::Ledger& ledger,
                                            TimestampMs now,
                                            OnFinding on_finding = OnFinding::kRefuse);

}  // namespace carnet::pipeline
