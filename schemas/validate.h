// What a predicate must obey across its fields, beyond what each field's type says
// (docs/rules.md S2, S3, S6-S8, S10). Checked by the codec on every predicate read.
#pragma once

#include "core/result.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

// 1 dataset: generator fields only on synthetic sources, at most one of generator and
//   generator_model; files' paths as in S5, in order, without repetition
// 2 device: canonical id as in S7 (a `declared:` id contains the signer's id once there is a head;
//   a group's id is the hash of its members, sorted and without repetition); units >= 1, 1 for
//   a cpu, the number of members in a group; exactly one of `chip` and `cpu`
// 3 allocation: not both devices and pool; no holder repeated
// 4 run: lanes >= 1; no recorder repeated; a merge weight only on a `merged-from` edge
// 5 segment: `previous` absent exactly when seq is 0; `after` present at seq 0; units >= 1 and
//   no (device, allocation) pair repeated in usage; no precision or weight set repeated
// 6 completion: `model` and no `run_id` and no `reason` when completed; `run_id`, `reason` and no
//   `model`, roots, `parameters` or `converted` when aborted; as many `segments` as `last` (or both
//   empty)
// 7 passport: files' paths as in S5, sorted by bytes, without repetition, their sums file's SHA-256
//   equal to `model`; no edge type repeated
// 5-7 no weight set repeated
// 6-7 active parameters not more than total, and below it only with `experts`: at least one, of
// which
//   a token uses at least one and at most all; tensor patterns with at most one `{expert}`
// Errors: malformed, with the field's path.
Result<> Validate(const Predicate& predicate);

}  // namespace carnet::schemas
