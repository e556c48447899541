// The single rules behind verify.h, one function per rule or part of one. Private to lineage/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "merkle/checkpoint.h"
#include "trust/trust.h"
#include "verifier/finding.h"
#include "verifier/lineage/verify.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::lineage {

// A checkpoint that a line shows besides the one of its own receipt, once its signature is good: a
// run's `seen`; one that a verdict was reached under, which its signer vouches for; one of a
// receipt from another log (R9).
struct SeenCheckpoint {
  const Statement* line;
  std::string_view field;
  const trust::TrustedLog* log;
  merkle::Checkpoint checkpoint;
};

// R14 except forks. Of `seen` also those that are refused for their size.
std::vector<SeenCheckpoint> CheckSeenCheckpoints(const PassportFile& file,
                                                 const trust::Trust& trust, TimestampMs now,
                                                 unsigned threads, Findings& findings);
// R14: one root for each log and size, among pins, views and what lines show.
void CheckForks(const PassportFile& file, const trust::Trust& trust,
                const std::vector<SeenCheckpoint>& seen, Findings& findings);
// R13.
void CheckReceiptChaining(const PassportFile& file, const trust::Trust& trust,
                          const std::vector<SeenCheckpoint>& seen, Findings& findings);

void CheckClosure(const StatementSet& set, const Statement& root, Findings& findings);  // R19, R20
// R20 of one line.
void CheckKinds(const StatementSet& set, const Statement& line, Findings& findings);

// These require that R19 and R20 passed: of the whole set, or where they judge `lines`, members of
// it, of those.
void CheckEquivocation(const StatementSet& set, Findings& findings);              // R21
void CheckCompletions(const StatementSet& set, Lines lines, Findings& findings);  // R22, R24
// R23. A completion's needs all segments of its run.
void CheckLanes(const StatementSet& set, Lines lines, Findings& findings);
void CheckEdges(const StatementSet& set, Lines lines, Findings& findings);  // R25, R26
void CheckCycle(const StatementSet& set, Findings& findings);               // R27

// R29.
void CheckTimes(const StatementSet& set, Lines lines, TimestampMs now, Findings& findings);

// R28: what the lineage leaves open, in words.
struct Disclosure {
  std::vector<std::string> undisclosed;
  std::vector<std::string> unattested;
};
Disclosure ReadDisclosure(const StatementSet& set);

// The edges of the root's run in words; names are quoted, with who says them.
std::string DescribeParents(const StatementSet& set, const Statement& root,
                            const SpeakerOf& speaker);

// The model that an adapter only works with: its digest in hex, or "undisclosed". None where the
// root is not an adapter. Requires that R19-R27 passed.
std::optional<std::string> AdapterBase(const StatementSet& set, const Statement& root);

}  // namespace carnet::verifier::lineage
