// FLOP figures in a segment's draft are given once, and computed: by the functions with which the
// gate recomputes them (R31).
//
//  1 a figure that stands directly in `flop` is both `update` and `total`;
//  2 its `precision` is the segment's, where that has one only;
//  3 an architecture method has the segment's `tokens` and, as `parameters`, the sum of its
//  classes; 4 a hardware method of basis `derived` without `terms` has a term for each usage item,
//  with the
//    utilisation that the architecture's figure amounts to; where that cannot be said it is left
//    out;
//  5 a hardware term has the `units` and `ms` of its usage item and its device's `peak`;
//  6 the `result` of both methods follows from their inputs, and `amount` from `method`, the first
//    one unless it is stated.
// What is stated stands: nothing is corrected, and R30 and R31 judge the whole.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/flop.h"
#include "core/result.h"
#include "json/document.h"
#include "ledger/reader.h"
#include "schemas/enums.h"
#include "verifier/compute/chips.h"

namespace carnet::pipeline {

// The peak that R31 expects of a unit of a device, by statement id (hex). Absent: nothing tells it.
using PeakOf = std::function<Result<std::optional<Flop>>(std::string_view device,
                                                         schemas::Precision precision)>;

// Of devices that are logged here. Both must outlive it. Errors: corruption, io.
PeakOf LoggedPeaks(const ledger::Reader& reader, const verifier::compute::Catalogue& chips);

// Returns notes on what was left out. Errors: malformed: a figure of 2^128 or more, or one beside
// `update` or `total`; those of `peak_of`.
Result<std::vector<std::string>> CompleteFlop(json::Document& segment, const PeakOf& peak_of);

}  // namespace carnet::pipeline
