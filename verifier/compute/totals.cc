// R32: totals that statements repeat, compared with the sums of what they repeat.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <unordered_map>

#include "statements/reach.h"
#include "statements/sum.h"
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

std::optional<Flop> Amount(const std::optional<wire::FlopStatement::Reader>& statement) {
  if (!statement) return std::nullopt;
  return FlopOf(statement->getAmount());
}

std::unordered_map<StatementId, RunSums> SumByRun(const StatementSet& set) {
  std::unordered_map<StatementId, RunSums> sums;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kSegment) continue;
    const auto segment = ReaderOf<wire::Segment>(line.predicate);
    RunSums& run = sums[DigestOf<StatementId>(segment.getRun())];
    const auto tokens = segment.getTokens();
    run.tokens.Add(tokens.isValue() ? std::optional(Flop(tokens.getValue())) : std::nullopt);
    run.update.Add(Amount(UpdateOf(segment)));
    run.total.Add(Amount(TotalOf(segment)));
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

// Lines that the sums of parents may visit in all: a sum of distinct statements costs all that it
// reaches, so a file of nothing but passports in one chain would cost the square of its length.
constexpr size_t kMaxVisitedLines = 50'000'000;

std::set<schemas::EdgeType> EdgesOf(wire::Passport::Reader passport) {
  std::set<schemas::EdgeType> edges;
  for (const auto edge : passport.getFlop().getEdges()) edges.insert(schemas::EdgeTypeOf(edge));
  return edges;
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

size_t VisitedBy(const StatementSet& set, const Statement& passport) {
  const auto reached =
      statements::Reach(set, passport, EdgesOf(ReaderOf<wire::Passport>(passport.predicate)),
                        statements::SegmentChoice::kAll, statements::AtPassports::kGoOn);
  return reached.segments.size() + reached.runs.size() + reached.passports.size() +
         reached.datasets.size();
}

Numbers CheckPassport(const StatementSet& set, const Statement& line, Findings& findings) {
  const auto flop = ReaderOf<wire::Passport>(line.predicate).getFlop();
  const auto edges = EdgesOf(ReaderOf<wire::Passport>(line.predicate));
  const Numbers numbers{SumAlong(set, line, ParameterUpdateRule()),
                        SumAlong(set, line, CumulativeRule(edges))};
  ComparePassport(line, "flop.parameter_update",
                  Amount(flop.hasParameterUpdate(), flop.getParameterUpdate()),
                  numbers.parameter_update, findings);
  ComparePassport(line, "flop.cumulative", Amount(flop.hasCumulative(), flop.getCumulative()),
                  numbers.cumulative, findings);
  return numbers;
}

void Note(std::string_view field, const std::optional<FlopSum>& sum, bool stated,
          Undisclosed& undisclosed) {
  if (!stated) {
    undisclosed.Add(fmt::format("the passport's flop.{}", field));
  } else if (sum && sum->lower_bound) {
    undisclosed.Add(fmt::format("a term of {}", field));
  }
}

}  // namespace

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
  const auto edges = EdgesOf(ReaderOf<wire::Passport>(root.predicate));
  const Numbers own = CheckPassport(set, root, findings);
  PassportTotals totals{.parameter_update = own.parameter_update,
                        .cumulative = own.cumulative,
                        .highest_parameter_update = SumOfHighest(set, root, ParameterUpdateRule()),
                        .highest_cumulative = SumOfHighest(set, root, CumulativeRule(edges))};
  const auto flop = ReaderOf<wire::Passport>(root.predicate).getFlop();
  Note("parameter_update", own.parameter_update,
       Amount(flop.hasParameterUpdate(), flop.getParameterUpdate()).has_value(), undisclosed);
  Note("cumulative", own.cumulative, Amount(flop.hasCumulative(), flop.getCumulative()).has_value(),
       undisclosed);
  size_t left = kMaxVisitedLines;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kPassport || &line == &root) continue;
    if (left < set.size()) {
      ++totals.not_recomputed;
      continue;
    }
    left -= VisitedBy(set, line);
    CheckPassport(set, line, findings);
  }
  return totals;
}

}  // namespace carnet::verifier::compute
