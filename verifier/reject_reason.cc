#include "verifier/reject_reason.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace carnet::verifier {
namespace {

struct Named {
  RejectReason reason;
  std::string_view name;
};

// In the order of the enumeration: RejectReasonName indexes by it.
constexpr std::array kNames = {
    Named{RejectReason::kTooLarge, "too-large"},
    Named{RejectReason::kMalformedLine, "malformed-line"},
    Named{RejectReason::kMalformedBundle, "malformed-bundle"},
    Named{RejectReason::kWrongPayloadType, "wrong-payload-type"},
    Named{RejectReason::kMalformedStatement, "malformed-statement"},
    Named{RejectReason::kUnknownKind, "unknown-kind"},
    Named{RejectReason::kBadField, "bad-field"},
    Named{RejectReason::kWrongSubjects, "wrong-subjects"},
    Named{RejectReason::kDuplicateStatement, "duplicate-statement"},
    Named{RejectReason::kUnknownKey, "unknown-key"},
    Named{RejectReason::kUnknownIdentity, "unknown-identity"},
    Named{RejectReason::kNoVerifiedTime, "no-verified-time"},
    Named{RejectReason::kUntrustedCertificate, "untrusted-certificate"},
    Named{RejectReason::kBadSct, "bad-sct"},
    Named{RejectReason::kSignerMismatch, "signer-mismatch"},
    Named{RejectReason::kBadSignature, "bad-signature"},
    Named{RejectReason::kKeyNotForKind, "key-not-for-kind"},
    Named{RejectReason::kNotLogged, "not-logged"},
    Named{RejectReason::kWrongLedger, "wrong-ledger"},
    Named{RejectReason::kDuplicateLogEntry, "duplicate-log-entry"},
    Named{RejectReason::kBadCheckpoint, "bad-checkpoint"},
    Named{RejectReason::kLogViewsDiffer, "log-views-differ"},
    Named{RejectReason::kLogFork, "log-fork"},
    Named{RejectReason::kWrongLogBody, "wrong-log-body"},
    Named{RejectReason::kBadInclusionProof, "bad-inclusion-proof"},
    Named{RejectReason::kLoggedOutOfOrder, "logged-out-of-order"},
    Named{RejectReason::kNotAnchored, "not-anchored"},
    Named{RejectReason::kBadSeenCheckpoint, "bad-seen-checkpoint"},
    Named{RejectReason::kKeyNotInForce, "key-not-in-force"},
    Named{RejectReason::kNotTheRunsSigner, "not-the-runs-signer"},
    Named{RejectReason::kAllocationOfAnother, "allocation-of-another"},
    Named{RejectReason::kResaleWithoutTitle, "resale-without-title"},
    Named{RejectReason::kOtherModel, "other-model"},
    Named{RejectReason::kFilesDifferTensorsAgree, "files-differ-tensors-agree"},
    Named{RejectReason::kTwoPassports, "two-passports"},
    Named{RejectReason::kMisstatedFiles, "misstated-files"},
    Named{RejectReason::kMustBeCovered, "must-be-covered"},
    Named{RejectReason::kWrongOmsRoot, "wrong-oms-root"},
    Named{RejectReason::kMissingStatement, "missing-statement"},
    Named{RejectReason::kSurplusStatement, "surplus-statement"},
    Named{RejectReason::kWrongKindReference, "wrong-kind-reference"},
    Named{RejectReason::kDuplicateReference, "duplicate-reference"},
    Named{RejectReason::kEquivocation, "equivocation"},
    Named{RejectReason::kCompletionOfAnotherModel, "completion-of-another-model"},
    Named{RejectReason::kRunAborted, "run-aborted"},
    Named{RejectReason::kSegmentGap, "segment-gap"},
    Named{RejectReason::kForeignSegment, "foreign-segment"},
    Named{RejectReason::kFinalNotLastCheckpoint, "final-not-last-checkpoint"},
    Named{RejectReason::kEdgesDoNotFitKind, "edges-do-not-fit-kind"},
    Named{RejectReason::kEdgeDigestMismatch, "edge-digest-mismatch"},
    Named{RejectReason::kCycle, "cycle"},
    Named{RejectReason::kFutureTime, "future-time"},
    Named{RejectReason::kTimeOrder, "time-order"},
    Named{RejectReason::kOverlappingSegments, "overlapping-segments"},
    Named{RejectReason::kFlopOverflow, "flop-overflow"},
    Named{RejectReason::kBadFlop, "bad-flop"},
    Named{RejectReason::kFlopArithmetic, "flop-arithmetic"},
    Named{RejectReason::kTotalsMismatch, "totals-mismatch"},
    Named{RejectReason::kDeviceTime, "device-time"},
    Named{RejectReason::kBeyondPhysics, "beyond-physics"},
    Named{RejectReason::kCataloguedChip, "catalogued-chip"},
    Named{RejectReason::kMethodsDisagree, "methods-disagree"},
    Named{RejectReason::kBelowFloor, "below-floor"},
    Named{RejectReason::kParametersUnderstated, "parameters-understated"},
    Named{RejectReason::kThresholdMet, "threshold-met"},
    Named{RejectReason::kPolicyRequirement, "policy-requirement"},
};

}  // namespace

std::string_view RejectReasonName(RejectReason reason) {
  const Named& named = kNames.at(static_cast<size_t>(reason));
  CARNET_CHECK(named.reason == reason);
  return named.name;
}

std::optional<RejectReason> ParseRejectReason(std::string_view name) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [name](const Named& named) { return named.name == name; });
  if (found == kNames.end()) return std::nullopt;
  return found->reason;
}

std::vector<RejectReason> AllRejectReasons() {
  std::vector<RejectReason> all;
  all.reserve(std::size(kNames));
  for (const Named& named : kNames) all.push_back(named.reason);
  return all;
}

}  // namespace carnet::verifier
