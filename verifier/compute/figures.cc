// R30 and R31: each figure by itself, and compared with the segment that states it.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

#include "verifier/compute/arithmetic.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::FlopOf;
using schemas::Kind;
using schemas::ReaderOf;
using Calculation = wire::FlopCalculation::Reader;

// What one method lacks, or has too much of, by S9; empty where it is complete.
std::string Lack(Calculation method) {
  const bool has_terms = method.getTerms().size() > 0;
  const bool has_architecture = method.hasTokens() || method.hasParameters() ||
                                method.getClasses().size() > 0 || method.hasAttentionPerToken();
  switch (method.getMethod()) {
    case wire::FlopMethod::HARDWARE:
      if (has_architecture) return "inputs of the architecture method";
      if (!has_terms) return "no terms";
      return method.getBasis() == wire::UtilisationBasis::UNSET ? "no basis" : "";
    case wire::FlopMethod::ARCHITECTURE:
      if (has_terms) return "terms of the hardware method";
      if (!method.hasTokens() || method.getTokens().isUndisclosed()) return "no tokens";
      if (!method.hasParameters() || method.getParameters().isUndisclosed()) return "no parameters";
      return method.getClasses().size() == 0 ? "no classes" : "";
    case wire::FlopMethod::COUNTER:
    case wire::FlopMethod::DECLARED:
      if (has_terms || has_architecture) return "inputs of another method";
      return method.getSource().size() == 0 ? "no source" : "";
    case wire::FlopMethod::UNSET:
      return "no method";
  }
  CARNET_CHECK(false);
}

std::string LackOfClasses(Calculation method) {
  for (const auto each : method.getClasses()) {
    if (each.getTreatment() == wire::Treatment::UNSET) return "a class without a treatment";
    const bool lookup = each.getTreatment() == wire::Treatment::LOOKUP;
    if (lookup && each.getTables().size() == 0) return "lookup tables without names";
    if (lookup && each.getTensors().size() > 0) return "tensors in a lookup class";
    if (!lookup && each.getTables().size() > 0) return "lookup tables in another class";
  }
  return "";
}

class FigureCheck {
 public:
  FigureCheck(const Statement& line, const StatedFigure& figure, Findings& findings)
      : line_(line), figure_(figure), findings_(findings) {}

  // R30
  bool IsComplete() {
    const auto statement = figure_.statement;
    std::vector<wire::FlopMethod> seen;
    for (const auto method : statement.getMethods()) {
      const std::string_view name = MethodName(method.getMethod());
      std::string lack = Lack(method);
      if (lack.empty()) lack = LackOfClasses(method);
      if (!lack.empty()) return Bad(fmt::format("method {} has {}", name, lack));
      if (std::find(seen.begin(), seen.end(), method.getMethod()) != seen.end()) {
        return Bad(fmt::format("method {} appears more than once", name));
      }
      seen.push_back(method.getMethod());
    }
    if (std::find(seen.begin(), seen.end(), statement.getMethod()) == seen.end()) {
      return Bad(fmt::format("method {} is not among methods", MethodName(statement.getMethod())));
    }
    if (statement.getPrecision() == wire::Precision::UNSET) return Bad("precision is not stated");
    if (!statement.hasRecomputationExcluded() || !statement.hasPaddingExcluded()) {
      return Bad("recomputation_excluded and padding_excluded must both be stated");
    }
    return true;
  }

  // R31
  void Recompute() {
    for (const auto method : figure_.statement.getMethods()) {
      CheckResult(method);
      if (method.getMethod() != figure_.statement.getMethod()) continue;
      if (FlopOf(method.getResult()) == FlopOf(figure_.statement.getAmount())) continue;
      Wrong(fmt::format("amount is {}, but method {} has result {}",
                        FlopOf(figure_.statement.getAmount()).ToString(),
                        MethodName(method.getMethod()), FlopOf(method.getResult()).ToString()));
    }
  }

  // R31: the tokens of `update`, and units and ms, are the segment's own.
  void CompareWithSegment(wire::Segment::Reader segment) {
    for (const auto method : figure_.statement.getMethods()) {
      if (method.getMethod() == wire::FlopMethod::HARDWARE) {
        CompareUsage(method.getTerms(), segment.getUsage());
      } else if (method.getMethod() == wire::FlopMethod::ARCHITECTURE &&
                 figure_.field == "flop.update" && segment.getTokens().isValue() &&
                 method.getTokens().getValue() != segment.getTokens().getValue()) {
        Wrong(fmt::format("tokens is {}, but the segment's tokens is {}",
                          method.getTokens().getValue(), segment.getTokens().getValue()));
      }
    }
  }

 private:
  bool Bad(const std::string& what) {
    findings_.Add(FindingAbout(line_, {30, RejectReason::kBadFlop}, figure_.field + ": " + what));
    return false;
  }
  void Wrong(const std::string& what) {
    findings_.Add(
        FindingAbout(line_, {31, RejectReason::kFlopArithmetic}, figure_.field + ": " + what));
  }

  void CheckResult(Calculation method) {
    std::optional<Flop> expected;
    if (method.getMethod() == wire::FlopMethod::HARDWARE) {
      expected = RecomputeHardware(method);
    } else if (method.getMethod() == wire::FlopMethod::ARCHITECTURE) {
      CheckParameterSum(method);
      expected = ArchitectureFlop(
          method.getTokens().getValue(), ClassesOf(method),
          method.hasAttentionPerToken() ? FlopOf(method.getAttentionPerToken()) : Flop(0));
    } else {
      return;
    }
    const Flop result = FlopOf(method.getResult());
    if (!expected) {
      AddOverflow(line_, {31, RejectReason::kFlopOverflow}, figure_.field, findings_);
    } else if (*expected != result) {
      Wrong(fmt::format("method {} has result {}, but its inputs give {}",
                        MethodName(method.getMethod()), result.ToString(), expected->ToString()));
    }
  }

  static std::optional<Flop> RecomputeHardware(Calculation method) {
    std::vector<HardwareTerm> terms;
    for (const auto term : method.getTerms()) {
      terms.push_back({term.getUnits().getValue(), term.getMs().getValue(), FlopOf(term.getPeak()),
                       term.getUtilisationPpm().getValue()});
    }
    return HardwareFlop(terms);
  }

  void CheckParameterSum(Calculation method) {
    Uint128 sum = 0;  // of at most 1,000 terms below 2^64
    for (const auto each : method.getClasses()) sum += each.getParameters().getValue();
    if (sum == method.getParameters().getValue()) return;
    Wrong(fmt::format("parameters is {}, but its classes add up to {}",
                      method.getParameters().getValue(), Flop(sum).ToString()));
  }

  void CompareUsage(capnp::List<wire::HardwareTerm>::Reader terms,
                    capnp::List<wire::Usage>::Reader usage) {
    if (terms.size() != usage.size()) {
      return Wrong(fmt::format("method hardware has {}, but usage has {}",
                               Counted(terms.size(), "term"), Counted(usage.size(), "item")));
    }
    for (uint32_t i = 0; i < terms.size(); ++i) {
      if (terms[i].getUnits().getValue() == usage[i].getUnits().getValue() &&
          terms[i].getMs().getValue() == usage[i].getMs().getValue()) {
        continue;
      }
      return Wrong(fmt::format(
          "terms[{0}] has {1} for {2} ms, but usage[{0}] has {3} for {4} ms", i,
          Counted(terms[i].getUnits().getValue(), "unit"), terms[i].getMs().getValue(),
          Counted(usage[i].getUnits().getValue(), "unit"), usage[i].getMs().getValue()));
    }
  }

  const Statement& line_;
  const StatedFigure& figure_;
  Findings& findings_;
};

void CheckSegment(const Statement& line, Undisclosed& undisclosed, Findings& findings) {
  const auto& update = line.segment.value().update;
  const auto& total = line.segment.value().total;
  if (!update) undisclosed.Add(Describe(line) + " does not state flop.update");
  if (!total) undisclosed.Add(Describe(line) + " does not state flop.total");
  if (!update || !total || update->amount <= total->amount) return;
  findings.Add(FindingAbout(line, {31, RejectReason::kFlopArithmetic},
                            fmt::format("has flop.update {}, more than flop.total {}",
                                        update->amount.ToString(), total->amount.ToString())));
}

}  // namespace

void CheckFigures(Lines lines, Undisclosed& undisclosed, Findings& findings) {
  for (const Statement& line : lines) {
    for (const StatedFigure& figure : StatedFiguresOf(line)) {
      FigureCheck check(line, figure, findings);
      if (!check.IsComplete()) continue;
      check.Recompute();
      if (line.kind() == Kind::kSegment) {
        check.CompareWithSegment(ReaderOf<wire::Segment>(line.predicate));
      }
    }
    if (line.kind() == Kind::kSegment) CheckSegment(line, undisclosed, findings);
  }
}

}  // namespace carnet::verifier::compute
