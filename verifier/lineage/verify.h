// The rules of docs/rules.md about how the statements of a passport belong together:
// its root (R18), their order in the log (R12-R14), the lineage (R19-R28), their times (R29).
//
//  3  an aborted completion's `run_id` is the `id` subject of its run (the rest of R3 needs only
//     one line: sigstore/statement.h)
// 12  segments, completion and passport of a run name the run's log; a strong reference within
//     one log points to a lower index
// 13  `after` of segments, completions and passports: present (except for a segment with seq > 0),
//     index of the predecessor, root folded from the predecessor's proof; the same for `run.seen`
//     and pinned checkpoints where the last leaf of their tree is enclosed
// 14  `run.seen`: signed by a key of the run's log, in force at its size where trust gives sizes,
//     else not later than now (retired keys will do); includes what the run refers to in that log,
//     not the run itself; the same root as any other checkpoint of that log and size
// 18  exactly one passport has the digest of the model's files, without those that it leaves out
// 19  the lines are the closure of that passport, besides it only verdicts on passports inside
// 20  references lead to the right kinds, lists name a target once (inputs: once for a type)
// 21  one statement for a (run, lane, seq), one completion for a run, one run or allocation for a
//     nonce, one chip and number of units for a device id
// 22  a passport's completion is completed and about its model; no aborted completion is an input
// 23  lanes of segments: from 0 without a gap, same run and lane, as the completion counts them;
//     steps continue from the segment that the weights come from (where those are the run's initial
//     weights, from 0 if they are random, else from anywhere: a run that continues another may keep
//     counting)
// 24  `weights_from` stays in the run (that it was logged earlier is R12); the completion's model
//     or tensor roots are those of one of its last segments, unless `converted`
// 25  edges, `initial` and segments fit the kind of the run (R28 shows an undisclosed `initial`)
// 26  an edge's model digest is its target's
// 27  no model is its own ancestor
// 28  retrospective runs, edges without statement, conversions: unattested; undisclosed inputs,
//     initial weights or data, and synthetic data whose generator is not named: undisclosed
// 29  `created`, the times of segments and the windows of allocations are in order
//
// Not checked: whether an edge or `initial` is true; what is not enclosed (other completions of a
// run, other passports of a model); times against any outside clock. Each rule that fails stops
// only those that need it: R19, R20 and R29 run when every line is signed and logged, R21-R28 when
// R19 and R20 passed too; R12-R14 skip lines without a verified log position and, like R29,
// references that find no target.
#pragma once

#include <optional>
#include <string>

#include "artifact/covered_files.h"
#include "artifact/model_files.h"
#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/describe.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"
#include "verifier/verdict.h"

namespace carnet::verifier::lineage {

// The passport that the file was probably made for: the first that no other statement names. Only
// about it can R19 pass. Null where there is no passport.
const Statement* LikelyRoot(const StatementSet& set);

// R18. Null when it failed.
const Statement* FindRoot(const StatementSet& set, const artifact::ModelFiles& model,
                          Findings& findings);

// R18 of the files that the root leaves out: each is what its name promises, and none takes the
// place of a covered one.
void CheckLeftOut(const Statement& root, const artifact::CoveredFiles& files, Findings& findings);

// R18: sizes and tensor roots in statements about this very model, whose files are covered as the
// root says.
void CheckStatedFiles(const StatementSet& set, const artifact::ModelFiles& model,
                      const artifact::CoveredFiles& files, Findings& findings);

// R18, the last part: a passport's `oms_root` follows from the files that it lists, which are those
// of its model digest; so nobody needs the files, and the passports of parents are checked too.
void CheckOmsRoot(const Statement& line, Findings& findings);

// R12-R14, and R3's part that needs the run.
void VerifyOrder(const PassportFile& file, const trust::Trust& trust, TimestampMs now,
                 unsigned threads, Findings& findings);

struct Outcome {
  RowStatus status;
  std::string text;  // of the row; empty where a rule failed: the findings say which
  std::optional<std::string> only_with_base;  // of an adapter: hex, or "undisclosed"
};

// R19-R28.
Outcome VerifyLineage(const StatementSet& set, const Statement& root, Findings& findings,
                      const SpeakerOf& speaker = SpeakerByKey);

struct TimeOutcome {
  RowStatus status;
  std::string text;  // empty where it failed
};

// Of R20 and R22-R26, as far as it follows from what `line` itself refers to, and R29: one member
// of the set, for a statement that is yet to be signed. R22-R26 only where all of that is in the
// set. A completion's counts are left to its passport.
void JudgeStatement(const StatementSet& set, const Statement& line, TimestampMs now,
                    Findings& findings);

// R29.
TimeOutcome VerifyTime(const StatementSet& set, TimestampMs now, Findings& findings);

}  // namespace carnet::verifier::lineage
