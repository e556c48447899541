// Why a passport is refused. A few reasons belong to several rules: verifier/rules.h says which.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace carnet::verifier {

enum class RejectReason {
  // reading, R1-R4
  kTooLarge,
  kMalformedLine,
  kMalformedBundle,
  kWrongPayloadType,
  kMalformedStatement,
  kUnknownKind,
  kBadField,
  kWrongSubjects,
  kDuplicateStatement,
  // signatures, R5-R8
  kUnknownKey,
  kUnknownIdentity,
  kNoVerifiedTime,
  kUntrustedCertificate,
  kBadSct,
  kSignerMismatch,
  kBadSignature,
  kKeyNotForKind,
  // log, R9-R17
  kNotLogged,
  kWrongLedger,
  kDuplicateLogEntry,
  kBadCheckpoint,
  kLogViewsDiffer,
  kLogFork,
  kWrongLogBody,
  kBadInclusionProof,
  kLoggedOutOfOrder,
  kNotAnchored,
  kBadSeenCheckpoint,
  kKeyNotInForce,
  kNotTheRunsSigner,
  kAllocationOfAnother,
  kResaleWithoutTitle,
  // model and lineage, R18-R28
  kOtherModel,
  kFilesDifferTensorsAgree,
  kTwoPassports,
  kMisstatedFiles,
  kMustBeCovered,
  kWrongOmsRoot,
  kMissingStatement,
  kSurplusStatement,
  kWrongKindReference,
  kDuplicateReference,
  kEquivocation,
  kCompletionOfAnotherModel,
  kRunAborted,
  kSegmentGap,
  kForeignSegment,
  kFinalNotLastCheckpoint,
  kEdgesDoNotFitKind,
  kEdgeDigestMismatch,
  kCycle,
  // time, R29
  kFutureTime,
  kTimeOrder,
  kOverlappingSegments,
  // compute, R30-R37
  kFlopOverflow,
  kBadFlop,
  kFlopArithmetic,
  kTotalsMismatch,
  kDeviceTime,
  kBeyondPhysics,
  kCataloguedChip,
  kMethodsDisagree,
  kBelowFloor,
  kParametersUnderstated,
  // policy, R38
  kThresholdMet,
  kPolicyRequirement,
};

// "too-large", "malformed-line", …
std::string_view RejectReasonName(RejectReason reason);
std::optional<RejectReason> ParseRejectReason(std::string_view name);
// All of them, in the order above.
std::vector<RejectReason> AllRejectReasons();

}  // namespace carnet::verifier
