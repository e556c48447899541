// R19 and R20.
#include <fmt/core.h>

#include <string>
#include <unordered_set>
#include <vector>

#include "core/hex.h"
#include "schemas/references.h"
#include "statements/follow.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

bool Allows(const schemas::Reference& reference, Kind kind) {
  for (const Kind allowed : reference.allowed) {
    if (allowed == kind) return true;
  }
  return false;
}

// "passport, completion or segment"
std::string Expected(const schemas::Reference& reference) {
  std::string kinds;
  for (const Kind& allowed : reference.allowed) {
    if (!kinds.empty()) kinds += &allowed == &reference.allowed.back() ? " or " : ", ";
    kinds += schemas::KindName(allowed);
  }
  return kinds;
}

class Closure {
 public:
  Closure(const StatementSet& set, Findings& findings)
      : set_(set), findings_(findings), inside_(set.size()) {}

  // References to every kind are followed: R20 reports a wrong kind.
  void Walk(const Statement& root) {
    Enter(root);
    while (!stack_.empty()) {
      const Statement& line = *stack_.back();
      stack_.pop_back();
      CheckKinds(set_, line, findings_);
      for (const auto& reference : line.references) {
        if (const Statement* target = set_.Find(reference.target)) {
          Enter(*target);
        } else if (missing_.insert(reference.target).second) {
          ReportMissing(line, reference);
        }
      }
    }
  }

  void CheckOutside() {
    for (const Statement& line : set_) {
      if (inside_[set_.PlaceOf(line)]) continue;
      if (missing_.empty() && !IsVerdictOnInside(line)) {
        findings_.Add(FindingAbout(line, {19, RejectReason::kSurplusStatement},
                                   "is not a statement that the passport rests on",
                                   "a passport file contains exactly the closure of its passport"));
      }
      CheckKinds(set_, line, findings_);
    }
  }

 private:
  void Enter(const Statement& line) {
    if (inside_[set_.PlaceOf(line)]) return;
    inside_[set_.PlaceOf(line)] = true;
    stack_.push_back(&line);
  }

  void ReportMissing(const Statement& referrer, const schemas::Reference& reference) {
    findings_.Add(FindingAbout(referrer, {19, RejectReason::kMissingStatement},
                               fmt::format("refers in {} to sha256:{}, which is not enclosed",
                                           reference.field, HexEncode(reference.target.span())),
                               "ask the publisher for the complete passport"));
  }

  bool IsVerdictOnInside(const Statement& line) const {
    if (line.kind() != Kind::kVerdict) return false;
    const auto inputs = ReaderOf<wire::Verdict>(line.predicate).getInputAttestations();
    if (inputs.size() == 0 || !inputs[0].hasDigest()) return false;
    const auto digest = inputs[0].getDigest();
    const Statement* passport = statements::Follow(set_, digest.getSha256());
    return passport != nullptr && inside_[set_.PlaceOf(*passport)];
  }

  const StatementSet& set_;
  Findings& findings_;
  std::vector<bool> inside_;  // by place in set_
  std::vector<const Statement*> stack_;
  std::unordered_set<StatementId> missing_;
};

}  // namespace

void CheckKinds(const StatementSet& set, const Statement& line, Findings& findings) {
  for (const auto& reference : line.references) {
    const Statement* target = set.Find(reference.target);
    if (target == nullptr || Allows(reference, target->kind())) continue;
    findings.Add(FindingAbout(line, {20, RejectReason::kWrongKindReference},
                              fmt::format("refers in {} to {}, expected {}", reference.field,
                                          Describe(*target), Expected(reference))));
  }
  for (const std::string_view list : schemas::ListsWithRepeatedTargets(line.references)) {
    findings.Add(FindingAbout(line, {20, RejectReason::kDuplicateReference},
                              fmt::format("names one statement more than once in {}{}", list,
                                          list == "inputs" ? ", as one type" : "")));
  }
}

void CheckClosure(const StatementSet& set, const Statement& root, Findings& findings) {
  Closure closure(set, findings);
  closure.Walk(root);
  closure.CheckOutside();
}

}  // namespace carnet::verifier::lineage
