// R32: totals that statements repeat, compared with the sums of what they repeat.
#include <fmt/core.h>

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "statements/sum.h"
#include "statements/sums_of_all.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::DigestOf;
using schemas::FlopOf;
using schemas::Kind;
using schemas::ReaderOf;
using statements::CumulativeRule;
using statements::ParameterUpdateRule;
using statements::PassportSum;
using statements::SumsOfAll;

struct Sum {
  Flop amount{0};
  bool open = false;  // a term is undisclosed or missing
  bool overflow = false;

  void Add(std::optional<Flop> term) {
    open = open || !term;
    if (!term) return;
    const auto next = CheckedAdd(amount, *term);
    overflow = overflow || !next;
    amount = next.value_or(amount);
  }
};

struct RunSums {
  Sum tokens;
  Sum update;
  Sum total;
};

std::optional<Flop> Amount(const std::optional<statements::StatedFlop>& stated) {
  return stated ? std::optional(stated->amount) : std::nullopt;
}

std::unordered_map<StatementId, RunSums> SumByRun(const StatementSet& set) {
  std::unordered_map<StatementId, RunSums> sums;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kSegment) continue;
    const statements::SegmentFields& segment = line.segment.value();
    RunSums& run = sums[segment.run.value()];
    const auto tokens = ReaderOf<wire::Segment>(line.predicate).getTokens();
    run.tokens.Add(tokens.isValue() ? std::optional(Flop(tokens.getValue())) : std::nullopt);
    run.update.Add(Amount(segment.update));
    run.total.Add(Amount(segment.total));
  }
  return sums;
}

// A stated total may be more than the sum of its disclosed terms, never less.
void Compare(const Statement& line, std::string_view field, std::optional<Flop> stated,
             const Sum& sum, Findings& findings) {
  if (!stated) return;
  if (sum.overflow) return AddOverflow(line, {32, RejectReason::kFlopOverflow}, field, findings);
  if (sum.open ? *stated >= sum.amount : *stated == sum.amount) return;
  findings.Add(FindingAbout(
      line, {32, RejectReason::kTotalsMismatch},
      fmt::format("has {} {}, but its segments add up to {}{}", field, stated->ToString(),
                  sum.open ? "at least " : "", sum.amount.ToString())));
}

std::optional<Flop> Amount(bool present, wire::FlopAmount::Reader amount) {
  if (!present || amount.isUndisclosed()) return std::nullopt;
  return FlopOf(amount);
}

void ComparePassport(const Statement& line, std::string_view field, std::optional<Flop> stated,
                     const std::optional<FlopSum>& sum, Findings& findings) {
  Sum recomputed;
  recomputed.overflow = !sum;
  if (sum) recomputed.amount = sum->amount;
  if (sum) recomputed.open = sum->lower_bound;
  if (recomputed.overflow && !stated) {
    return AddOverflow(line, {32, RejectReason::kFlopOverflow}, field, findings);
  }
  Compare(line, field, stated, recomputed, findings);
}

struct Numbers {
  std::optional<FlopSum> parameter_update;
  std::optional<FlopSum> cumulative;
};

void CompareNumbers(const Statement& line, const Numbers& numbers, Findings& findings) {
  const auto flop = ReaderOf<wire::Passport>(line.predicate).getFlop();
  ComparePassport(line, "flop.parameter_update",
                  Amount(flop.hasParameterUpdate(), flop.getParameterUpdate()),
                  numbers.parameter_update, findings);
  ComparePassport(line, "flop.cumulative", Amount(flop.hasCumulative(), flop.getCumulative()),
                  numbers.cumulative, findings);
}

// The passports besides the root, and what they should state.
class Parents {
 public:
  Parents(const StatementSet& set, const Statement& root) : set_(set) {
    for (const Statement& line : set) {
      if (line.kind() == Kind::kPassport && &line != &root) places_.push_back(set.PlaceOf(line));
    }
  }

  // Returns how many were not recomputed, as that would be too much work.
  size_t Check(Findings& findings) {
    if (places_.empty()) return 0;
    SumsOfAll sums(set_);
    const std::vector<PassportSum> updates = sums.Along(ParameterUpdateRule(), places_);
    const std::vector<PassportSum> cumulative = CumulativeSums(sums);
    size_t not_recomputed = 0;
    for (size_t i = 0; i < places_.size(); ++i) {
      if (updates[i].known && cumulative[i].known) {
        CompareNumbers(set_[places_[i]], {updates[i].sum, cumulative[i].sum}, findings);
      } else {
        ++not_recomputed;
      }
    }
    return not_recomputed;
  }

 private:
  // Each by its own edges: those that name the same ones together.
  std::vector<PassportSum> CumulativeSums(SumsOfAll& sums) const {
    std::map<std::set<schemas::EdgeType>, std::vector<size_t>> by_edges;  // indices into places_
    for (size_t i = 0; i < places_.size(); ++i) {
      by_edges[CumulativeEdgesOf(set_[places_[i]])].push_back(i);
    }
    std::vector<PassportSum> all(places_.size());
    for (const auto& [edges, indices] : by_edges) {
      std::vector<size_t> places;
      for (const size_t i : indices) places.push_back(places_[i]);
      const auto some = sums.Along(CumulativeRule(edges), places);
      for (size_t i = 0; i < some.size(); ++i) all[indices[i]] = some[i];
    }
    return all;
  }

  const StatementSet& set_;
  std::vector<size_t> places_;
};

void Note(std::string_view field, const std::optional<FlopSum>& sum, bool stated,
          Undisclosed& undisclosed) {
  if (!stated) {
    undisclosed.Add(fmt::format("the passport's flop.{}", field));
  } else if (sum && sum->lower_bound) {
    undisclosed.Add(fmt::format("a term of {}", field));
  }
}

}  // namespace

std::set<schemas::EdgeType> CumulativeEdgesOf(const Statement& passport) {
  std::set<schemas::EdgeType> edges;
  for (const auto edge : ReaderOf<wire::Passport>(passport.predicate).getFlop().getEdges()) {
    edges.insert(schemas::EdgeTypeOf(edge));
  }
  return edges;
}

void CheckCompletionTotals(const StatementSet& set, Findings& findings) {
  const auto sums = SumByRun(set);
  for (const Statement& line : set) {
    if (line.kind() != Kind::kCompletion) continue;
    const auto completion = ReaderOf<wire::Completion>(line.predicate);
    const auto found = sums.find(DigestOf<StatementId>(completion.getRun()));
    const RunSums run = found == sums.end() ? RunSums{} : found->second;
    const auto tokens = completion.getTokens();
    Compare(line, "tokens",
            tokens.isValue() ? std::optional(Flop(tokens.getValue())) : std::nullopt, run.tokens,
            findings);
    const auto flop = completion.getFlop();
    Compare(line, "flop.update", Amount(flop.hasUpdate(), flop.getUpdate()), run.update, findings);
    Compare(line, "flop.total", Amount(flop.hasTotal(), flop.getTotal()), run.total, findings);
  }
}

PassportTotals CheckPassportTotals(const StatementSet& set, const Statement& root,
                                   Undisclosed& undisclosed, Findings& findings) {
  const auto update = SumBoth(set, root, ParameterUpdateRule());
  const auto cumulative = SumBoth(set, root, CumulativeRule(CumulativeEdgesOf(root)));
  const Numbers own{update.amount, cumulative.amount};
  CompareNumbers(root, own, findings);
  PassportTotals totals{.parameter_update = own.parameter_update,
                        .cumulative = own.cumulative,
                        .highest_parameter_update = update.highest,
                        .highest_cumulative = cumulative.highest};
  const auto flop = ReaderOf<wire::Passport>(root.predicate).getFlop();
  Note("parameter_update", own.parameter_update,
       Amount(flop.hasParameterUpdate(), flop.getParameterUpdate()).has_value(), undisclosed);
  Note("cumulative", own.cumulative, Amount(flop.hasCumulative(), flop.getCumulative()).has_value(),
       undisclosed);
  totals.not_recomputed = Parents(set, root).Check(findings);
  return totals;
}

}  // namespace carnet::verifier::compute
