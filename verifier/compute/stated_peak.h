// The peak that a hardware method states, compared with that of the devices used: R31 refuses
// another one, and R34 takes no method as evidence whose peak nobody can look up. Private to
// compute/, for its .cc files.
#pragma once

#include "verifier/compute/rules.h"

namespace carnet::verifier::compute {

enum class PeakState {
  kListed,    // every term has the peak of its device
  kUnlisted,  // a term's device is unknown, or the catalogue has no figure for its chip
  kDiffers,   // from the catalogue's, or from what the device itself declares
};

// Data sheets round: 989, 989.4 and 989.5 TFLOP/s are one chip's.
bool IsTheSamePeak(Flop stated, Flop listed);

struct PeakJudgement {
  PeakState state;
  uint32_t term = 0;  // the first that differs, its device and the right peak
  const Statement* device = nullptr;
  Flop listed{0};
};

// Requires a hardware method of a figure of `line` at this precision.
PeakJudgement JudgePeaks(const StatementSet& set, const Statement& line,
                         schemas::Precision precision, wire::FlopCalculation::Reader method,
                         const Catalogue& catalogue);

}  // namespace carnet::verifier::compute
