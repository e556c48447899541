// The rules of the passport, R1-R40 (docs/rules.md): one table that says on which row of the
// verdict each rule is shown, for which reasons it refuses, and which rules it rests on. Parts of
// docs/rules.md and docs/formats.md are made from it (tools/make_rules.py).
//
// Numbers and reasons appear in verdicts that people keep: do not change them. A new rule takes the
// next number and may belong to any row.
#pragma once

#include <array>
#include <string>

#include "verifier/rule.h"

namespace carnet::verifier {

namespace rules {

constexpr Rule Of(int number, RowId row, std::string_view sentence,
                  std::initializer_list<RejectReason> reasons, RuleSet needs = {}) {
  Rule rule{number, row, sentence, {}, 0, needs};
  for (const RejectReason reason : reasons) rule.reasons[rule.reason_count++] = reason;
  return rule;
}

using enum RejectReason;
using enum RowId;

// What rules about how the statements belong together rest on: that every line was signed by a key
// that may sign it and logged, so that nobody unknown decides how much work they are; a root; and
// no gaps.
inline constexpr RuleSet kRead = RuleSet::Range(1, 3);
inline constexpr RuleSet kAuthenticRoot = {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 15, 18};
inline constexpr RuleSet kClosed = {19, 20};
inline constexpr RuleSet kLineageStands = RuleSet::Range(18, 28);
inline constexpr RuleSet kFiguresStand = {30, 31};

inline constexpr std::array kTable = {
    Of(1, kSignatures,
       "The file is within its limits, and every line ends with LF and nothing else.",
       {kTooLarge, kMalformedLine}),
    Of(2, kSignatures, "Every line is one Sigstore bundle v0.3 with one in-toto DSSE envelope.",
       {kMalformedBundle, kWrongPayloadType}),
    Of(3, kSignatures,
       "Every payload is a valid statement of a known kind, whose subjects are those of its "
       "predicate.",
       {kMalformedStatement, kUnknownKind, kBadField, kWrongSubjects}),
    Of(4, kSignatures, "No statement appears more than once.", {kDuplicateStatement}),
    Of(5, kSignatures,
       "The key that a line names is listed in the trust directory; or the identity of its "
       "certificate is, which a trusted authority issued and which was valid when it was signed.",
       {kUnknownKey, kUnknownIdentity, kNoVerifiedTime, kUntrustedCertificate, kBadSct}),
    Of(6, kIdentity, "The statement names the identity that signed it.", {kSignerMismatch}),
    Of(7, kSignatures, "The signature is valid.", {kBadSignature}),
    Of(8, kIdentity, "The trust directory lets the signer sign statements of this kind.",
       {kKeyNotForKind}),
    Of(9, kLog, "Every statement has exactly one entry from the log that it names.",
       {kNotLogged, kWrongLedger, kDuplicateLogEntry}),
    Of(10, kLog,
       "All entries from a log show the same checkpoint, which that log signed and which agrees "
       "with the pinned ones.",
       {kBadCheckpoint, kLogViewsDiffer, kLogFork}),
    Of(11, kLog,
       "The entry is for this statement, signature and key or certificate, and its inclusion proof "
       "leads to the "
       "checkpoint's root.",
       {kWrongLogBody, kBadInclusionProof}),
    Of(12, kLog,
       "A run and all that rests on it are in one log, each statement after those that it refers "
       "to.",
       {kWrongLedger, kLoggedOutOfOrder}),
    Of(13, kLog,
       "A segment, completion or passport is anchored to the log at its predecessor, and agrees "
       "with the tree there.",
       {kNotAnchored, kLogFork}),
    Of(14, kLog,
       "The checkpoint that a run saw is genuine, and no two checkpoints of one log and size "
       "differ.",
       {kBadSeenCheckpoint, kLogFork}),
    Of(15, kIdentity,
       "The signer's key or identity was in force when the statement was signed and logged.",
       {kKeyNotInForce}),
    Of(16, kIdentity,
       "Segments and completion are signed by the run's signer or its recorders, the passport by "
       "the same party.",
       {kNotTheRunsSigner}),
    Of(17, kIdentity, "Whoever uses or resells an allocation holds it.",
       {kAllocationOfAnother, kResaleWithoutTitle}),
    Of(18, kModel,
       "Exactly one passport in the file is about the given model, what is stated of its files is "
       "so, what it leaves out may be left out, and every `oms_root` is that of the files beside "
       "it.",
       {kOtherModel, kFilesDifferTensorsAgree, kTwoPassports, kMisstatedFiles, kMustBeCovered,
        kWrongOmsRoot},
       kRead),
    Of(19, kLineage, "The lines are exactly the statements that the passport rests on.",
       {kMissingStatement, kSurplusStatement}, kAuthenticRoot),
    Of(20, kLineage,
       "Every reference leads to a statement of the right kind, and no list names one target more "
       "than once in one role.",
       {kWrongKindReference, kDuplicateReference}, kAuthenticRoot),
    Of(21, kLineage,
       "No two statements claim the same segment or the completion of one run, no two runs or "
       "allocations have one nonce, and no device has different chips or units.",
       {kEquivocation}, kClosed),
    Of(22, kLineage, "Every passport belongs to a completed run of the same model.",
       {kCompletionOfAnotherModel, kRunAborted}, kClosed),
    Of(23, kLineage,
       "The segments of a run are complete, lane by lane, and their steps follow each other.",
       {kSegmentGap, kForeignSegment}, kClosed),
    Of(24, kLineage,
       "Weights come from within the run, and the final model is one of its last checkpoints.",
       {kFinalNotLastCheckpoint, kForeignSegment}, kClosed),
    Of(25, kLineage, "The inputs of a run fit its kind.", {kEdgesDoNotFitKind}, kClosed),
    Of(26, kLineage, "An input names the model digest of the statement that it refers to.",
       {kEdgeDigestMismatch}, kClosed),
    Of(27, kLineage, "No model is its own ancestor.", {kCycle}, kClosed),
    Of(28, kLineage,
       "What the lineage leaves open is shown: retrospective runs, parents without a passport, "
       "undisclosed inputs.",
       {}, RuleSet::Range(19, 27)),
    Of(29, kTime, "Times are in order, and none is in the future.",
       {kFutureTime, kTimeOrder, kOverlappingSegments}, kAuthenticRoot),
    Of(30, kCompute, "Every FLOP figure states all that its method needs.", {kBadFlop},
       kLineageStands),
    Of(31, kCompute, "Every FLOP figure is the result of its own inputs.",
       {kFlopArithmetic, kFlopOverflow}, kLineageStands),
    Of(32, kCompute, "Totals are the sums of their parts.", {kTotalsMismatch, kFlopOverflow},
       kFiguresStand),
    Of(33, kCompute,
       "No segment uses more device time than its devices have or their seller sold, or does more "
       "work than they can.",
       {kDeviceTime, kBeyondPhysics, kCataloguedChip, kFlopOverflow}, kLineageStands),
    Of(34, kCompute, "Independent methods for one figure agree.", {kMethodsDisagree},
       kFiguresStand),
    Of(35, kCompute,
       "Figures are not below what the stated parameters and tokens require, nor parameters below "
       "what the weights contain.",
       {kBelowFloor, kParametersUnderstated, kFlopOverflow}, kFiguresStand),
    Of(36, kCompute, "A segment or data set that is reached more than once counts once.", {},
       kFiguresStand),
    Of(37, kCompute,
       "A sum with an undisclosed or missing term is a lower bound, never \"not met\"; device time "
       "bounds every other sum from above.",
       {}, kFiguresStand),
    Of(38, kPolicy,
       "The policy's requirements are met, and its thresholds reported or enforced as it says.",
       {kThresholdMet, kPolicyRequirement}, RuleSet::Range(1, 37)),
    Of(39, kDecision, "The verdict lists what was not checked.", {}),
    Of(40, kDecision,
       "Whatever the bytes of passport or model cause is a \"fail\"; an error can only come from "
       "the caller's side.",
       {}),
};

constexpr bool InOrder() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].number != static_cast<int>(i) + 1) return false;
    for (int later = kTable[i].number; later <= kMaxRule; ++later) {
      if (kTable[i].needs.Contains(later)) return false;
    }
  }
  return true;
}
static_assert(InOrder(), "each rule at its number, resting only on earlier ones");

}  // namespace rules

inline constexpr int kRuleCount = static_cast<int>(rules::kTable.size());

// Requires a number from 1 to kRuleCount.
constexpr const Rule& RuleOf(int number) { return rules::kTable[static_cast<size_t>(number) - 1]; }

// `needs`, what those need in turn, and so on.
constexpr RuleSet AllNeeds(int number) {
  RuleSet all = RuleOf(number).needs;
  for (int rule = number - 1; rule >= 1; --rule) {
    if (all.Contains(rule)) all.Insert(RuleOf(rule).needs);
  }
  return all;
}

// The rules that are shown on a row.
constexpr RuleSet RulesOf(RowId row) {
  RuleSet set;
  for (const Rule& rule : rules::kTable) {
    if (rule.row == row) set.Insert(rule.number);
  }
  return set;
}

// A rule and one of the reasons for which it refuses. A reason that is not one of the rule's does
// not compile.
class Refusal {
 public:
  consteval Refusal(int rule, RejectReason reason) : rule_(rule), reason_(reason) {
    if (rule < 1 || rule > kRuleCount) throw "no such rule";
    if (!RuleOf(rule).RefusesFor(reason)) throw "the rule does not refuse for this reason";
  }

  constexpr int rule() const { return rule_; }
  constexpr RejectReason reason() const { return reason_; }

 private:
  int rule_;
  RejectReason reason_;
};

// "r9-not-logged": its place in docs/rules.md, for links that remain valid.
std::string AnchorOf(Refusal refusal);

}  // namespace carnet::verifier
