// R9-R11 for the entries that stand beside the one that counts: of other logs, such as a public one
// that a client of Sigstore asked. Nothing rests on them, but what a verdict lets stand is true.
// Private to bundle/.
//
// In the order of the cost of a lie:
// a duplicate-log-entry: no two entries of a line have one log id and index.
// b wrong-log-body: an entry of a trusted log is about this statement's envelope, signature, and
//   key or certificate, in any of the forms of sigstore/entry_body.h.
// c bad-inclusion-proof: it is in the tree of its checkpoint, whose root and size it repeats.
// d bad-checkpoint, log-fork: the checkpoint is signed by the log's key in force at its tree size
//   where trust gives sizes, else now, or else at a verified time; it agrees with the pins.
// Not checked: entries of logs that trust does not list, which the verdict names; promises (SET)
// and integrated times, as no time is taken from them; that all entries of another log show one
// checkpoint, as nobody here can refresh them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/passport_file.h"
#include "verifier/rules.h"

namespace carnet::verifier::bundle {

struct RefusedEntry {
  Refusal refusal;
  std::string why;
};

// Requires a line whose own entry has passed R11. `times`: verified ones, asked for only where no
// key in force now has signed a checkpoint. Absent: none is refused.
std::optional<RefusedEntry> JudgeOtherEntries(
    const Attestation& attestation, const trust::Trust& trust, TimestampMs now,
    const std::function<std::vector<TimestampMs>()>& times);

}  // namespace carnet::verifier::bundle
