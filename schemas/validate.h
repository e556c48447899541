// What a predicate must obey across its fields, beyond what each field's type says
// (docs/rules.md S2, S3, S6-S8, S10). Checked by the codec on every predicate read.
#pragma once

#include "core/result.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

// 1 dataset: generator fields only on synthetic sources, at most one of generator and
//   generator_model; files' paths as S5 and in order, none twice
// 2 device: canonical id as S7 (a `declared:` id holds the signer's id once there is a head;
//   a group's id is the hash of its members, which are sorted and none twice); units >= 1, 1 for
//   a cpu, the number of members never more than units; exactly one of `chip` and `cpu`
// 3 allocation: not both devices and pool; no holder twice
// 4 run: lanes >= 1; no recorder twice; a merge weight only on a `merged-from` edge
// 5 segment: `previous` absent exactly when seq is 0; `after` present at seq 0; units >= 1 and
//   no (device, allocation) pair twice in usage; no precision or weight set twice
// 6 completion: `model` and no `run_id` and no `reason` when completed; `run_id`, `reason` and no
//   `model`, roots or `converted` when aborted; as many `segments` as `last` (or both empty)
// 7 passport: files' paths as S5, sorted by bytes, none twice, their sums file's SHA-256 equal to
//   `model`; no edge type twice; active parameters not more than total
// 5-7 no weight set twice
// Errors: malformed, with the field's path.
Result<> Validate(const Predicate& predicate);

}  // namespace carnet::schemas
