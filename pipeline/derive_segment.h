// What can be known of a segment's draft from the run so far, the clock and the checkpoint.
#pragma once

#include <cstdint>
#include <string>

#include "artifact/model_files.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "ledger/reader.h"
#include "pipeline/derived_draft.h"
#include "verifier/compute/weight_names.h"

namespace carnet::pipeline {

struct SegmentPlace {
  std::string run_directory;
  uint64_t lane = 0;
  const artifact::ModelFiles* checkpoint = nullptr;  // null: not at hand
};

// 1 `steps.from`, `time.from` and `precision` where the lane's last segment ended; without one step
// 0 and the run's `created`; 2 `time.to` now; 3 `usage`: every device that the run plans, all of
// its units, from `time.from` to `time.to`, with the one planned allocation that lists it; 4
// `flop`, one figure that `update` and `total` share (pipeline/complete_flop.h computes it): the
// methods and classes of the lane's last segment, else all parameters of the checkpoint as trained,
// which is the most that they can cost. `given` is what the user states, which goes before all of
// it. What the header does not tell (experts, an adapter's base, packed values) is left to fill in.
// Errors: not_found (no run is open there, or the ledger lacks one of its devices), and as the
// journal's and ReadLogged.
Result<DerivedDraft> DeriveSegment(const SegmentPlace& place, const json::Document& given,
                                   const ledger::Reader& reader,
                                   const verifier::compute::WeightNames& names, TimestampMs now);

}  // namespace carnet::pipeline
