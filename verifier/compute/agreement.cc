// R34: two ways of counting the same work.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/compute/arithmetic.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/stated_peak.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::FlopOf;

struct Evidence {
  std::string name;        // "hardware by mfu"
  std::string_view basis;  // what the result rests on: "mfu", "counter", "architecture"
  Flop result;
};

std::string_view BasisName(wire::UtilisationBasis basis) {
  switch (basis) {
    case wire::UtilisationBasis::MFU:
      return "mfu";
    case wire::UtilisationBasis::HFU:
      return "hfu";
    case wire::UtilisationBasis::OFU:
      return "ofu";
    case wire::UtilisationBasis::SM_ACTIVE:
      return "sm-active";
    case wire::UtilisationBasis::COUNTER:
      return "counter";
    case wire::UtilisationBasis::PROFILER:
      return "profiler";
    case wire::UtilisationBasis::ASSUMED:
      return "assumed";
    case wire::UtilisationBasis::DERIVED:
      return "derived";
    case wire::UtilisationBasis::UNSET:
      return "unset";
  }
  CARNET_CHECK(false);
}

bool ByResult(const Evidence& a, const Evidence& b) { return a.result < b.result; }

// ceil(100 * difference / amount). Requires that the methods agree.
Uint128 Percent(Flop difference, Flop amount) {
  if (difference == Flop(0)) return 0;
  const Uint128 floor = *MulDiv(difference.value(), 100, amount.value());
  // difference <= percent * amount / 100, in whole numbers
  return difference.value() <= *MulDiv(amount.value(), floor, 100) ? floor : floor + 1;
}

// "architecture and counter", "hardware, architecture and counter"
std::string Joined(const std::vector<Evidence>& methods) {
  std::string names;
  for (size_t i = 0; i < methods.size(); ++i) {
    if (i > 0) names += i + 1 == methods.size() ? " and " : ", ";
    names += methods[i].name;
  }
  return names;
}

class AgreementCheck {
 public:
  AgreementCheck(const StatementSet& set, const Catalogue& catalogue, Findings& findings)
      : set_(set), catalogue_(catalogue), findings_(findings) {}

  void Check(const Statement& line, const StatedFigure& figure) {
    ++agreement_.figures;
    const std::vector<Evidence> methods = EvidenceOf(line, figure.statement);
    if (methods.size() < 2) return;
    const std::vector<Evidence> independent = OnePerBasis(methods);
    if (independent.size() > 1 && agreement_.attested++ == 0) {
      agreement_.bases = Joined(independent);
    }
    const auto [least, most] = std::minmax_element(methods.begin(), methods.end(), ByResult);
    const Flop amount = FlopOf(figure.statement.getAmount());
    if (Agree(least->result, most->result, amount)) {
      const Flop difference(most->result.value() - least->result.value());
      if (independent.size() > 1) widest_ = std::max(widest_, Percent(difference, amount));
      return;
    }
    findings_.Add(
        FindingAbout(line, {34, RejectReason::kMethodsDisagree},
                     fmt::format("{}: {} gives {} and {} gives {}, which differ by more "
                                 "than 30 % of amount {}",
                                 figure.field, least->name, least->result.ToString(), most->name,
                                 most->result.ToString(), amount.ToString())));
  }

  Agreement Take() {
    agreement_.widest = Flop(widest_).ToString() + " %";
    return std::move(agreement_);
  }

 private:
  // Neither what somebody declares or assumes, nor what was computed from another method.
  std::vector<Evidence> EvidenceOf(const Statement& line, wire::FlopStatement::Reader statement) {
    std::vector<Evidence> evidence;
    evidence.reserve(statement.getMethods().size());
    const auto precision = schemas::PrecisionOf(statement.getPrecision());
    for (const auto method : statement.getMethods()) {
      std::string name(MethodName(method.getMethod()));
      std::string_view basis = MethodName(method.getMethod());
      if (method.getMethod() == wire::FlopMethod::DECLARED) continue;
      if (method.getBasis() == wire::UtilisationBasis::ASSUMED) continue;
      if (method.getBasis() == wire::UtilisationBasis::DERIVED) continue;
      if (method.getMethod() == wire::FlopMethod::HARDWARE) {
        if (JudgePeaks(set_, line, precision, method, catalogue_).state != PeakState::kListed) {
          ++agreement_.unlisted;
          continue;
        }
        basis = BasisName(method.getBasis());
        name.append(" by ").append(basis);
      }
      evidence.push_back({std::move(name), basis, FlopOf(method.getResult())});
    }
    return evidence;
  }

  // A utilisation that comes from the counter says nothing beside the counter.
  static std::vector<Evidence> OnePerBasis(const std::vector<Evidence>& methods) {
    std::vector<Evidence> distinct;
    distinct.reserve(methods.size());
    for (const Evidence& each : methods) {
      const bool known = std::any_of(distinct.begin(), distinct.end(), [&](const Evidence& other) {
        return other.basis == each.basis;
      });
      if (!known) distinct.push_back(each);
    }
    return distinct;
  }

  const StatementSet& set_;
  const Catalogue& catalogue_;
  Findings& findings_;
  Agreement agreement_;
  Uint128 widest_ = 0;  // percent
};

}  // namespace

Agreement CheckAgreement(const StatementSet& set, Lines lines, const Catalogue& catalogue,
                         Findings& findings) {
  AgreementCheck check(set, catalogue, findings);
  for (const Statement& line : lines) {
    for (const StatedFigure& figure : StatedFiguresOf(line)) check.Check(line, figure);
  }
  return check.Take();
}

}  // namespace carnet::verifier::compute
