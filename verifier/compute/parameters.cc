// R35: what the root states of its model's parameters and experts, compared with the weight files;
// and passports, compared with their completions.
#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/utf8.h"
#include "statements/graph.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/weight_files.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

void Understated(const Statement& line, const std::string& what, Findings& findings) {
  findings.Add(FindingAbout(line, {35, RejectReason::kParametersUnderstated}, what));
}

void CheckTotal(const Statement& root, uint64_t total, const WeightFiles& files,
                Findings& findings) {
  if (files.HoldTotal(total)) return;
  const artifact::WeightSet& largest = *files.largest();
  const std::string count =
      largest.parameters.exact()
          ? fmt::format("{}", largest.parameters.least)
          : fmt::format("{} to {}", largest.parameters.least, largest.parameters.most);
  Understated(root,
              fmt::format("states parameters.total {}, but {} has {} ({})", total,
                          Printable(largest.name), count, largest.parameters.basis),
              findings);
}

// A weight file that cannot be read bounds the total from below: in a training checkpoint a
// parameter is a float32 with its gradient and two moments, and nothing that is published takes
// more.
constexpr uint64_t kMostBytesOfAParameter = 16;

// Even at a bit each these bytes hold no more parameters than the 5 % that a total may be off: such
// as the training_args.bin that lies beside most fine-tuned models.
bool IsNegligible(Uint128 bytes, uint64_t total) { return bytes * 8 * 20 <= total; }

void CheckUnread(const Statement& root, uint64_t total, const WeightFiles& files, Unheld& unheld,
                 Findings& findings) {
  Uint128 bytes = 0;
  for (const artifact::UnreadWeights& file : files.unread()) bytes += file.bytes;
  for (const artifact::UnreadWeights& file : files.unread()) {
    if (IsNegligible(bytes, total)) break;
    unheld.Add(fmt::format("parameters: {} is not counted: {}", Printable(file.path), file.reason));
  }
  for (const artifact::FileEntry* file : files.LargeUnknown()) {
    unheld.Add(fmt::format("parameters: {} has {} bytes of an unknown kind", Printable(file->path),
                           file->bytes));
  }
  const Uint128 least = bytes / kMostBytesOfAParameter;
  if (total >= least) return;
  Understated(
      root,
      fmt::format("states parameters.total {}, but weight files that are not counted have {} "
                  "bytes: at least {} parameters",
                  total, Flop(bytes).ToString(), Flop(least).ToString()),
      findings);
}

// The base of an adapter has at least the matrices that it adapts.
void CheckBase(const StatementSet& set, const Statement& root, const ModelSize& size,
               const WeightFiles& files, Unheld& unheld, Findings& findings) {
  if (!size.is_adapter) {
    if (files.least_base_parameters() && !statements::AdapterEdgeOf(set, root)) {
      unheld.Add("the files adapt matrices of another model, and no run is an adapter's");
    }
    return;
  }
  const auto least = files.least_base_parameters();
  if (!least) return unheld.Add("parameters of the base: the adapter does not show what it adapts");
  if (!size.base.known()) return;  // lineage and compute say so
  if (static_cast<Uint128>(size.base.total) * 20 >= static_cast<Uint128>(*least) * 19) return;
  Understated(root,
              fmt::format("is an adapter on a model of {} parameters, but adapts matrices of {}",
                          size.base.total, *least),
              findings);
}

// The least that a token uses: all but the experts, and its share of those. Rounded down.
Uint128 LeastActive(const ExpertSplit& split, uint64_t count, uint64_t active_per_token) {
  return split.others + *MulDiv(split.experts, active_per_token, count);
}

// Active parameters below the total are the experts' that a token does not use.
void CheckActive(const Statement& root, const StatedSize& size, const WeightFiles& files,
                 Unheld& unheld, Findings& findings) {
  if (size.active == size.total) return;
  const auto parameters = ReaderOf<wire::Passport>(root.predicate).getParameters();
  if (!parameters.hasExperts()) {
    return Understated(root, "states parameters.active below the total, but no experts", findings);
  }
  const auto experts = parameters.getExperts();
  if (!files.counts_elements()) {
    return unheld.Add("parameters.active: no weight file shows the experts");
  }
  std::vector<std::string_view> patterns;
  for (const auto pattern : experts.getTensors()) patterns.push_back(TextOf(pattern));
  const uint64_t count = experts.getCount().getValue();
  MatchingWork work;
  auto split = files.SplitExperts(count, patterns, work);
  if (!split) {
    return Understated(root, fmt::format("parameters.experts: {}", split.error().message),
                       findings);
  }
  split->others += files.BesideLargest(size.total);
  const uint64_t active = experts.getActivePerToken().getValue();
  const auto configured = files.experts_per_token();
  if (!configured) {
    unheld.Add("parameters.experts.active_per_token");
  } else if (active < configured->number) {
    return Understated(root,
                       fmt::format("states parameters.experts.active_per_token {}, but the "
                                   "configuration of {} has {}",
                                   active, Printable(configured->set), configured->number),
                       findings);
  }
  const Uint128 least = LeastActive(*split, count, active);
  if (static_cast<Uint128>(size.active) * 20 >= least * 19) return;
  Understated(
      root,
      fmt::format(
          "states parameters.active {}, but its weights have {} elements outside the experts "
          "and {} in them, of which a token uses {} in {}: {}",
          size.active, Flop(split->others).ToString(), Flop(split->experts).ToString(), active,
          count, Flop(least).ToString()),
      findings);
}

bool Equal(wire::Parameters::Reader a, wire::Parameters::Reader b) {
  return capnp::AnyStruct::Reader(a) == capnp::AnyStruct::Reader(b);
}

void CompareWithCompletion(const StatementSet& set, const Statement& passport, Findings& findings) {
  const Statement* line = statements::CompletionOf(set, passport);
  if (line == nullptr) return;
  const auto completion = ReaderOf<wire::Completion>(line->predicate);
  if (!completion.hasParameters()) return;
  if (Equal(completion.getParameters(),
            ReaderOf<wire::Passport>(passport.predicate).getParameters())) {
    return;
  }
  Understated(passport, "states other parameters than " + Describe(*line), findings);
}

}  // namespace

void CheckParameters(const StatementSet& set, const Statement& root, const ModelSizes& sizes,
                     const WeightFiles& files, Unheld& unheld, Findings& findings) {
  for (const Statement& line : set) {
    if (line.kind() == Kind::kPassport) CompareWithCompletion(set, line, findings);
  }
  const ModelSize* own = sizes.OfRoot();
  if (own == nullptr || !own->stated.known()) return;
  CheckUnread(root, own->stated.total, files, unheld, findings);
  if (files.largest() == nullptr) {
    unheld.Add("parameters: no weight file tells how many there are");
  } else if (!files.largest()->parameters.exact()) {
    unheld.Add(fmt::format("parameters: {} tells only that there are {} to {}",
                           Printable(files.largest()->name), files.largest()->parameters.least,
                           files.largest()->parameters.most));
  }
  CheckBase(set, root, *own, files, unheld, findings);
  CheckTotal(root, own->stated.total, files, findings);
  if (!files.HoldAllOf(own->stated.total)) {
    unheld.Add("parameters: of several weight sets only the largest is counted");
  }
  if (files.HoldComplex()) unheld.Add("parameters: complex values, each of which works as four");
  CheckActive(root, own->stated, files, unheld, findings);
}

}  // namespace carnet::verifier::compute
