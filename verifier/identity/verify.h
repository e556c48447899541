// Whose keys, for what, until when: R8, R15-R17, over lines whose keys R5 has found.
//
// 8  key-not-for-kind: trust lets the key sign this kind.
// 15 key-not-in-force: where trust gives the key tree sizes for the line's log, from <= index <
//    until; else `created` (of a verdict `timeVerified`) inside the dates, and now before their
//    end, as a date alone cannot prove the past. A line without a log position (R9-R11) is skipped
//    where the key has tree sizes.
// 16 not-the-runs-signer: segments and completion are signed by the run's signer or a key in its
//    `recorders`; a passport by a key of the party that signed its completion's run; a run that
//    takes a completion or segment as input by a key of the party that signed the run of that one.
// 17 allocation-of-another: `holders` of an allocation that a segment uses lists the signer of the
//    segment's run, and its `devices`, where listed, the device used with it; where it lists none,
//    those of the nearest allocation that it was resold from.
//    resale-without-title: an allocation with `parent` is signed by a key in the parent's
//    `holders`, its window lies inside the parent's, and its `devices` are among the parent's.
// A reference whose target is not enclosed, or is of another kind, is skipped (R19, R20).
// Not checked: who owns a key beyond what trust says; KYC.
#pragma once

#include <vector>

#include "core/timestamp.h"
#include "schemas/kind.h"
#include "trust/trust.h"
#include "verifier/finding.h"
#include "verifier/line_signer.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::identity {

void VerifyIdentity(const PassportFile& file, const trust::Trust& trust, TimestampMs now,
                    Findings& findings);

// R8 and R15 of one statement before it is in a log: of a key or identity with tree sizes nothing
// is decided by 15.
std::vector<Finding> JudgeSigner(const LineSigner& signer, schemas::Kind kind, TimestampMs created,
                                 TimestampMs now);

}  // namespace carnet::verifier::identity
