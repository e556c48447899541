#include "pipeline/remedy.h"

#include <array>
#include <string_view>

#include "core/check.h"
#include "core/shell_word.h"

namespace carnet::pipeline {
namespace {

using verifier::RejectReason;

struct Row {
  RejectReason reason;
  std::string_view what;
  std::string_view command = {};  // with places in braces
};

constexpr std::string_view kFsck = "carnet ledger fsck {ledger}";
constexpr std::string_view kTrustedRoot =
    "carnet ledger trust {ledger} --out ledger.trusted_root.json";
constexpr std::string_view kNextSegment =
    "carnet run segment --dir {run} --checkpoint {model} --ledger {ledger} --key {key}";
constexpr std::string_view kDraftSegment =
    "carnet draft segment --dir {run} --checkpoint {model} --ledger {ledger}";
constexpr std::string_view kDigest = "carnet digest {model} --tensors";
constexpr std::string_view kStatus = "carnet run status --dir {run}";
constexpr std::string_view kPolicies = "carnet policy list";

// In the order of the enumeration.
constexpr std::array kRows = {
    Row{RejectReason::kTooLarge,
        "the passport is beyond what a file may hold: leave out --parent-model, and record fewer, "
        "longer segments"},
    Row{RejectReason::kMalformedLine,
        "the file is damaged, or was put together by hand: check the ledger, and issue from it "
        "again",
        kFsck},
    Row{RejectReason::kMalformedBundle,
        "the file is damaged, or was put together by hand: check the ledger, and issue from it "
        "again",
        kFsck},
    Row{RejectReason::kWrongPayloadType,
        "the file is damaged, or was put together by hand: check the ledger, and issue from it "
        "again",
        kFsck},
    Row{RejectReason::kMalformedStatement,
        "an enclosed statement is not one that this version reads: attest it again, and refer to "
        "the new one"},
    Row{RejectReason::kUnknownKind,
        "an enclosed statement is not one that this version reads: attest it again, and refer to "
        "the new one"},
    Row{RejectReason::kBadField,
        "an enclosed statement is not one that this version reads: attest it again, and refer to "
        "the new one"},
    Row{RejectReason::kWrongSubjects,
        "an enclosed statement is not one that this version reads: attest it again, and refer to "
        "the new one"},
    Row{RejectReason::kDuplicateStatement,
        "the file is damaged, or was put together by hand: check the ledger, and issue from it "
        "again",
        kFsck},
    Row{RejectReason::kUnknownKey,
        "list the key in the trust directory, with its party, if you trust it"},
    Row{RejectReason::kUnknownIdentity,
        "list the identity in the trust directory, with its party, if you trust it, and only once "
        "(docs/formats.md, parties/NAME.toml)"},
    Row{RejectReason::kNoVerifiedTime,
        "a certificate counts with a time stamp over the signature, taken while it was valid: have "
        "an authority of the trust directory stamp it, or attest it again with one"},
    Row{RejectReason::kUntrustedCertificate,
        "the trust directory does not know who issued the certificate, or it was not for this: add "
        "its authority to `certificateAuthorities` of trusted_root.json if you trust it, or attest "
        "with another certificate"},
    Row{RejectReason::kBadSct,
        "no log of certificates that the trust directory lists has seen this one: add the log to "
        "`ctlogs` of trusted_root.json if you trust it, or attest with another certificate"},
    Row{RejectReason::kSignerMismatch,
        "the statement was not signed with the key that it names: attest it again, and refer to "
        "the new one"},
    Row{RejectReason::kBadSignature,
        "the statement was not signed with the key that it names: attest it again, and refer to "
        "the new one"},
    Row{RejectReason::kKeyNotForKind,
        "the trust directory lists the key for other kinds: add this one to the kinds of its "
        "party, or have a key sign that may"},
    Row{RejectReason::kNotLogged,
        "the receipt is missing, or is there more than once: issue from the ledger that has the "
        "statement"},
    Row{RejectReason::kWrongLedger,
        "a run and all that rests on it belong in one ledger: issue from the one that the run was "
        "opened in"},
    Row{RejectReason::kDuplicateLogEntry,
        "the receipt is missing, or is there more than once: issue from the ledger that has the "
        "statement"},
    Row{RejectReason::kBadCheckpoint,
        "the trust directory does not know the ledger by this key: write the ledger's trusted "
        "root, and add that with `carnet trust add-log`",
        kTrustedRoot},
    Row{RejectReason::kLogViewsDiffer,
        "two views of the ledger contradict each other: keep both, issue nothing, and find out "
        "whether a backup was restored (docs/operations.md)",
        kFsck},
    Row{RejectReason::kLogFork,
        "two views of the ledger contradict each other: keep both, issue nothing, and find out "
        "whether a backup was restored (docs/operations.md)",
        kFsck},
    Row{RejectReason::kWrongLogBody,
        "rows of the ledger do not agree with its tree: check it, and rebuild it if it is damaged "
        "(docs/operations.md)",
        kFsck},
    Row{RejectReason::kBadInclusionProof,
        "rows of the ledger do not agree with its tree: check it, and rebuild it if it is damaged "
        "(docs/operations.md)",
        kFsck},
    Row{RejectReason::kLoggedOutOfOrder,
        "the statement was not logged after what it refers to: record runs with `carnet run`, "
        "which does that; this one has to be recorded again"},
    Row{RejectReason::kNotAnchored,
        "the statement was not logged after what it refers to: record runs with `carnet run`, "
        "which does that; this one has to be recorded again"},
    Row{RejectReason::kBadSeenCheckpoint,
        "two views of the ledger contradict each other: keep both, issue nothing, and find out "
        "whether a backup was restored (docs/operations.md)",
        kFsck},
    Row{RejectReason::kKeyNotInForce,
        "the trust directory has the key in force at another time: correct its dates there, or "
        "sign with a key that is in force"},
    Row{RejectReason::kNotTheRunsSigner,
        "sign with a key of the party that opened the run; keys that record its segments are "
        "named in its `recorders`"},
    Row{RejectReason::kAllocationOfAnother,
        "the run's signer must be among the holders of the allocation, and the device among its "
        "devices: its seller attests one that says so"},
    Row{RejectReason::kResaleWithoutTitle,
        "a resale is signed by a holder of what it resells, within its window: its seller attests "
        "one that is"},
    Row{RejectReason::kOtherModel,
        "the files are not those that the run was completed with: give the same folder, unchanged",
        kDigest},
    Row{RejectReason::kFilesDifferTensorsAgree,
        "the files are not those that the run was completed with: give the same folder, unchanged",
        kDigest},
    Row{RejectReason::kTwoPassports,
        "two enclosed passports are about this model: only one may be in its lineage"},
    Row{RejectReason::kMisstatedFiles,
        "the statement says of the files what they are not: compare it with what they are",
        kDigest},
    Row{RejectReason::kMustBeCovered,
        "the passport leaves out a file that must be covered: take the name off `not_covered`, and "
        "complete the run and issue again",
        kDigest},
    Row{RejectReason::kWrongOmsRoot,
        "`oms_root` is not that of the files which the passport lists: state the one that is "
        "printed with --json, or none",
        kDigest},
    Row{RejectReason::kMissingStatement,
        "what is referred to is not in this ledger, or its text is not: attest it here, or give "
        "its text back (docs/operations.md)"},
    Row{RejectReason::kSurplusStatement,
        "something is enclosed that nothing refers to: issue from the ledger alone"},
    Row{RejectReason::kWrongKindReference,
        "an id is in a field where it does not belong, or twice: take the ids that the commands "
        "printed"},
    Row{RejectReason::kDuplicateReference,
        "an id is in a field where it does not belong, or twice: take the ids that the commands "
        "printed"},
    Row{RejectReason::kEquivocation,
        "two statements contradict each other about one segment, run or device: the wrong one "
        "must not be referred to; a device keeps its chip and units"},
    Row{RejectReason::kCompletionOfAnotherModel,
        "the run was completed with another model: give that one, or the run that made this one",
        kStatus},
    Row{RejectReason::kRunAborted,
        "an aborted run has no passport: its segments may be the input of a new run"},
    Row{RejectReason::kSegmentGap,
        "segments begin at the step where the one before ended, all of one run; a rollback states "
        "`weights_from`",
        kStatus},
    Row{RejectReason::kForeignSegment,
        "segments begin at the step where the one before ended, all of one run; a rollback states "
        "`weights_from`",
        kStatus},
    Row{RejectReason::kFinalNotLastCheckpoint,
        "the model is not the last checkpoint: record a segment that ends with it before the run "
        "is completed, or state `converted`",
        kNextSegment},
    Row{RejectReason::kEdgesDoNotFitKind,
        "`inputs` and `initial` do not fit the kind of run (docs/rules.md, R25): open one that "
        "says what it does"},
    Row{RejectReason::kEdgeDigestMismatch,
        "an input names another model than its statement is about: take the digest of the "
        "parent's files"},
    Row{RejectReason::kCycle,
        "a model is its own ancestor: an input must name the parent, not the model that the run "
        "makes"},
    Row{RejectReason::kFutureTime,
        "a time is later than now: set the clocks right, or wait until then"},
    Row{RejectReason::kTimeOrder,
        "times contradict each other: a segment begins when the one before it ended, or later; "
        "check the clocks of the machines"},
    Row{RejectReason::kOverlappingSegments,
        "times contradict each other: a segment begins when the one before it ended, or later; "
        "check the clocks of the machines"},
    Row{RejectReason::kFlopOverflow,
        "a figure or a sum is 2^128 or more: an input has too many digits"},
    Row{RejectReason::kBadFlop,
        "the figure lacks an input of its method, or has one of another: a draft that leaves "
        "results out has them computed",
        kDraftSegment},
    Row{RejectReason::kFlopArithmetic,
        "the finding names the input, what it is and what it should be: leave results, units, ms "
        "and peaks out of the draft, and they are computed",
        kDraftSegment},
    Row{RejectReason::kTotalsMismatch,
        "a total is not the sum of its parts: let `carnet run complete` and `carnet passport "
        "issue` sum them"},
    Row{RejectReason::kDeviceTime,
        "`usage` is more than the device has, the segment lasted or the allocation sells: correct "
        "it, or have the seller attest what was sold",
        kDraftSegment},
    Row{RejectReason::kBeyondPhysics,
        "the figure is more than the devices can do in that time: check tokens, times, the "
        "devices in `usage` and their chips"},
    Row{RejectReason::kCataloguedChip,
        "a device declares peaks of a chip that the catalogue has: attest it under the chip's id, "
        "without `declared_peaks`",
        "carnet chips"},
    Row{RejectReason::kMethodsDisagree,
        "two methods differ by more than 30 %, so one counts something else: check tokens, "
        "classes, attention and recomputation"},
    Row{RejectReason::kBelowFloor,
        "the figure is less than its tokens and parameters take: check the tokens, and name "
        "tables and frozen tensors as the files do",
        kDigest},
    Row{RejectReason::kParametersUnderstated,
        "parameters or classes are stated that the weights contradict: leave `parameters` out of "
        "the draft, or correct them",
        kDigest},
    Row{RejectReason::kThresholdMet,
        "the policy refuses a model that meets this threshold: see what it asks for", kPolicies},
    Row{RejectReason::kPolicyRequirement,
        "the policy asks for something that is not stated, or not shown: the finding names it"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].reason) != i || kRows[i].what.empty()) return false;
  }
  return true;
}
static_assert(InOrder(), "each reason at its place");

const std::string& PlaceNamed(std::string_view name, const RemedyPlaces& places) {
  if (name == "ledger") return places.ledger;
  if (name == "key") return places.key;
  if (name == "trust") return places.trust;
  if (name == "model") return places.model;
  CARNET_CHECK(name == "run");
  return places.run_directory;
}

std::string Filled(std::string_view command, const RemedyPlaces& places) {
  std::string filled;
  for (size_t open; (open = command.find('{')) != command.npos;) {
    const size_t close = command.find('}', open);
    filled += command.substr(0, open);
    const std::string& place = PlaceNamed(command.substr(open + 1, close - open - 1), places);
    filled += place.empty() ? "…" : ShellWord(place);
    command.remove_prefix(close + 1);
  }
  return filled.append(command);
}

}  // namespace

Remedy RemedyFor(RejectReason reason, const RemedyPlaces& places) {
  static_assert(kRows.size() == static_cast<size_t>(RejectReason::kPolicyRequirement) + 1);
  const Row& row = kRows[static_cast<size_t>(reason)];
  return {std::string(row.what), Filled(row.command, places)};
}

}  // namespace carnet::pipeline
