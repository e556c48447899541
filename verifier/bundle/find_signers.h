// R5, line by line. Private to bundle/.
#pragma once

#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::bundle {

// So many lines are verified before the bad ones are counted.
inline constexpr size_t kRoundLines = 2'048;
// A file with as many bad signatures, or certificates, as a verdict lists is not verified further:
// 200,000 lines that only name a trusted key would cost their reader ten seconds, and their sender
// nothing.
inline constexpr size_t kMaxBadSignatures = kMaxFindings;

// Sets `signer` of the attestations, and the file's `not_verified`. The `threads` share only the
// cryptography, so that the findings come in the order of the lines. `trust` must outlive the file.
void FindSigners(PassportFile& file, const trust::Trust& trust, TimestampMs now, unsigned threads,
                 Findings& findings);

}  // namespace carnet::verifier::bundle
