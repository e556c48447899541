// Whose word there is, beside the signers' own, for when the lines of a passport were signed.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::bundle {

struct VouchedLines {
  size_t vouched = 0;        // lines with at least one good token
  size_t lines = 0;          // in all
  std::set<std::string> by;  // "token of https://tsa.example"
};

// A token is good that is over the line's signature, of an authority that the trust directory
// lists, inside its validity, and not later than now: the line was signed by then at the latest. A
// token of a stranger, or one that is bad, says nothing, and refuses nothing here: where a rule
// rests on a token, that rule has judged it (R5, R10).
VouchedLines CountVouched(const PassportFile& file, const trust::Trust& trust, TimestampMs now);

// For the row of R29: "in order; self-declared", or for how many lines whose tokens vouch.
std::string TimesText(const VouchedLines& vouched);

}  // namespace carnet::verifier::bundle
