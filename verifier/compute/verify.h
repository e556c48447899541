// The rules of docs/rules.md about compute. All arithmetic is exact, in 128 bits and
// checked: overflow is `flop-overflow` under the rule that met it.
//
// 30 every stated figure (`update` and `total` of segments, generation of data) is complete: each
//    method once and with its own inputs alone (hardware: terms and basis; architecture: tokens,
//    parameters, classes, named lookup tables, attention absent where there is none; counter,
//    declared: a source), the method of `amount` among them
// 31 results of hardware and architecture follow from their inputs, classes add up to
//    `parameters`, `amount` is the result of its method; in a segment, tokens (of `update`), units
//    and ms are the segment's own, peaks those of its devices, and update <= total
// 32 tokens and FLOP of a completion are the sums over its segments; both numbers of a passport,
//    the root's and those of parents, are the sums along its own edge types. Where a term is
//    undisclosed or missing, a stated total may be more than the other terms, not less
// 33 units, ms, windows; one segment within its device's time; all segments together within each
//    device at every moment; no device in two groups in use at one moment (S7); no more of an
//    allocation used and resold than it sells; FLOP no more than the devices' peaks at the highest
//    precision claimed. A CPU's claims are cut to R33's limits; a chip's peaks are the catalogue's,
//    or those that its device declares if the catalogue has it under no name (the row is then
//    unattested)
// 34 the independent methods of a figure differ by <= 30 % of `amount`; not evidence is what is
//    declared, assumed or derived, or rests on a peak that the catalogue does not list
// 35 update >= 0.7 of the floor from tokens and classes; classes contain >= 95 % of the active
//    parameters that the run's completion or passport states (an adapter's with its base's);
//    without classes all parameters count as trained (an adapter's base as frozen), except in
//    merges and quantisations, where none do. A class costs less than a trained one only as far as
//    the weight files show it: lookup tables, experts, named frozen tensors, which a parent's
//    leaves show unchanged where the root states any. The root's total agrees with the files, those
//    of parents with their children's
// 36 a segment or dataset that is reached more than once counts once (statements/reach.h)
// 37 a sum with an undisclosed or missing term is a lower bound, and the row undisclosed; the row
//    shows what the device time allows at most (bounds.h)
//
// Not checked: whether tokens, hours and devices are true; parameters of parents of another shape,
// whose weights are not at hand, and whether frozen tensors that no leaf shows stayed as they were
// (both make every sum a lower bound, and the row says so); whether a tensor is what its name says;
// numbers of parents beyond a limit on work (the row is then unattested, and says so); device time
// of runs outside the passport, and device time that no statement names. R32, physics, R34 and R35
// need R30 and R31 to have passed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifact/model_files.h"
#include "verifier/compute/bounds.h"
#include "verifier/compute/chips.h"
#include "verifier/compute/weight_names.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"
#include "verifier/verdict.h"

namespace carnet::verifier::compute {

// What the policy asks of the sums, which the row answers before it shows the passport's own.
struct Question {
  const Counting& counting;
  TimeBound& time;  // is lifted where a run may conceal what it trained
};

struct Outcome {
  RowStatus status = RowStatus::kNotChecked;
  std::string text;                         // of the row; the first failure, if any
  std::optional<FlopSum> parameter_update;  // of the root, where R32 was reached
  std::optional<FlopSum> cumulative;
  bool lower_bound = false;  // a figure rests on what nothing at hand shows (R35)
};

// R30-R37. Requires that R19-R28 passed and that `root` is a member of `set`.
Outcome VerifyCompute(const StatementSet& set, const Statement& root,
                      const artifact::ModelFiles& model, const Catalogue& catalogue,
                      const WeightNames& names, const Question& question, Findings& findings);

// Of R30, R31, R33 and R34, what follows from `line` and from what it refers to: one member of the
// set, for a statement that is yet to be signed. Returns what it leaves undisclosed, in words.
// Physics and agreement only where all of that is in the set. Requires that R20 passed for it.
std::vector<std::string> JudgeStatement(const StatementSet& set, const Statement& line,
                                        const Catalogue& catalogue, Findings& findings);

// Of a device whose chip the catalogue has, but under another name: `chip "NVIDIA H200" is not an
// id of the catalogue: did you mean h200-sxm?`. Empty for all others.
std::string MisspeltChip(const Statement& device, const Catalogue& catalogue);

// Of an allocation that sells more time than its devices have in its window. Empty for all others,
// and where a device is not in the set.
std::string OversoldTime(const StatementSet& set, const Statement& allocation);

}  // namespace carnet::verifier::compute
