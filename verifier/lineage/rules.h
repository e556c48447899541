// The single rules behind verify.h, one function per rule or part of one. Private to lineage/.
#pragma once

#include <string>
#include <vector>

#include "merkle/checkpoint.h"
#include "trust/trust.h"
#include "verifier/finding.h"
#include "verifier/lineage/verify.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::lineage {

// A run's `seen`, once its signature is good.
struct SeenCheckpoint {
  const Statement* run;
  const trust::TrustedLog* log;
  merkle::Checkpoint checkpoint;
};

// R14 except forks. Returns those that are signed, even where they are refused for their size.
std::vector<SeenCheckpoint> CheckSeenCheckpoints(const PassportFile& file,
                                                 const trust::Trust& trust, TimestampMs now,
                                                 Findings& findings);
// R14: one root for each log and size, among pins, views and `seen`.
void CheckForks(const PassportFile& file, const trust::Trust& trust,
                const std::vector<SeenCheckpoint>& seen, Findings& findings);
// R13.
void CheckReceiptChaining(const PassportFile& file, const trust::Trust& trust,
                          const std::vector<SeenCheckpoint>& seen, Findings& findings);

void CheckClosure(const StatementSet& set, const Statement& root, Findings& findings);  // R19, R20

// These require that R19 and R20 passed.
void CheckEquivocation(const StatementSet& set, Findings& findings);  // R21
void CheckCompletions(const StatementSet& set, Findings& findings);   // R22, R24
void CheckLanes(const StatementSet& set, Findings& findings);         // R23
void CheckEdges(const StatementSet& set, Findings& findings);         // R25, R26
void CheckCycle(const StatementSet& set, Findings& findings);         // R27

// R28: what the lineage leaves open, in words.
struct Disclosure {
  std::vector<std::string> undisclosed;
  std::vector<std::string> unattested;
};
Disclosure ReadDisclosure(const StatementSet& set);

// The edges of the root's run in words.
std::string DescribeParents(const StatementSet& set, const Statement& root);

}  // namespace carnet::verifier::lineage
