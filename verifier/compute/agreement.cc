// R34: two ways of counting the same work.
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

struct Independent {
  std::string name;
  Flop result;
};

std::vector<Independent> IndependentOf(wire::FlopStatement::Reader statement) {
  std::vector<Independent> methods;
  for (const auto method : statement.getMethods()) {
    if (method.getMethod() == wire::FlopMethod::DECLARED) continue;
    if (method.getBasis() == wire::UtilisationBasis::DERIVED) continue;
    methods.push_back({MethodName(method.getMethod()), FlopOf(method.getResult())});
  }
  return methods;
}

bool ByResult(const Independent& a, const Independent& b) { return a.result < b.result; }

// ceil(100 * difference / amount). Requires that the methods agree.
Uint128 Percent(Flop difference, Flop amount) {
  if (difference == Flop(0)) return 0;
  const Uint128 floor = *MulDiv(difference.value(), 100, amount.value());
  // difference <= percent * amount / 100, in whole numbers
  return difference.value() <= *MulDiv(amount.value(), floor, 100) ? floor : floor + 1;
}

// "architecture and counter", "hardware, architecture and counter"
std::string Joined(const std::vector<Independent>& methods) {
  std::string names;
  for (size_t i = 0; i < methods.size(); ++i) {
    if (i > 0) names += i + 1 == methods.size() ? " and " : ", ";
    names += methods[i].name;
  }
  return names;
}

class AgreementCheck {
 public:
  explicit AgreementCheck(Findings& findings) : findings_(findings) {}

  void Check(const Statement& line, const StatedFigure& figure) {
    ++agreement_.figures;
    const std::vector<Independent> methods = IndependentOf(figure.statement);
    if (methods.size() < 2) return;
    if (agreement_.attested++ == 0) agreement_.methods = Joined(methods);
    const auto [least, most] = std::minmax_element(methods.begin(), methods.end(), ByResult);
    const Flop amount = FlopOf(figure.statement.getAmount());
    if (Agree(least->result, most->result, amount)) {
      const Flop difference(most->result.value() - least->result.value());
      widest_ = std::max(widest_, Percent(difference, amount));
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
  Findings& findings_;
  Agreement agreement_;
  Uint128 widest_ = 0;  // percent
};

}  // namespace

Agreement CheckAgreement(const StatementSet& set, Findings& findings) {
  AgreementCheck check(findings);
  for (const Statement& line : set) {
    for (const StatedFigure& figure : StatedFiguresOf(line)) check.Check(line, figure);
  }
  return check.Take();
}

}  // namespace carnet::verifier::compute
