#include "schemas/references.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "schemas/readers.h"

namespace carnet::schemas {
namespace {

constexpr Kind kDatasets[] = {Kind::kDataset};
constexpr Kind kDevices[] = {Kind::kDevice};
constexpr Kind kAllocations[] = {Kind::kAllocation};
constexpr Kind kRuns[] = {Kind::kRun};
constexpr Kind kSegments[] = {Kind::kSegment};
constexpr Kind kCompletions[] = {Kind::kCompletion};
constexpr Kind kPassports[] = {Kind::kPassport};
constexpr Kind kParents[] = {Kind::kPassport, Kind::kCompletion, Kind::kSegment};

using Allowed = std::span<const Kind>;

constexpr bool AllInPassports(Allowed kinds) {
  for (const Kind kind : kinds) {
    if (!RowOf(kind).in_passport) return false;
  }
  return true;
}
// What a statement of a passport refers to is part of the passport.
static_assert(AllInPassports(kDatasets) && AllInPassports(kDevices) &&
              AllInPassports(kAllocations) && AllInPassports(kRuns) && AllInPassports(kSegments) &&
              AllInPassports(kCompletions) && AllInPassports(kPassports) &&
              AllInPassports(kParents));

class Collector {
 public:
  Collector() { references_.reserve(kUsual); }

  // An absent digest is a reader of the default, without bytes.
  void Add(wire::Digest::Reader digest, std::string_view field, Allowed allowed,
           std::optional<EdgeType> edge = {}) {
    if (digest.isUndisclosed() || digest.getBytes().size() == 0) return;
    references_.push_back({DigestOf<StatementId>(digest), field, allowed, edge});
  }
  void AddEach(capnp::List<wire::Digest>::Reader digests, std::string_view field, Allowed allowed) {
    for (const auto digest : digests) Add(digest, field, allowed);
  }
  std::vector<Reference> Take() { return std::move(references_); }

 private:
  static constexpr size_t kUsual = 4;  // of a segment on one device

  std::vector<Reference> references_;
};

void Collect(wire::Dataset::Reader dataset, Collector& to) {
  if (dataset.getSources().isItems()) {
    for (const auto source : dataset.getSources().getItems()) {
      to.Add(source.getGenerator(), "sources[].generator", kPassports);
    }
  }
  to.AddEach(dataset.getDerivedFrom(), "derived_from[]", kDatasets);
}

void Collect(wire::Device::Reader, Collector&) {}

void Collect(wire::Allocation::Reader allocation, Collector& to) {
  to.Add(allocation.getParent(), "parent", kAllocations);
  to.AddEach(allocation.getDevices(), "devices[]", kDevices);
}

void Collect(wire::Run::Reader run, Collector& to) {
  for (const auto input : run.getInputs()) {
    to.Add(input.getStatement(), "inputs[].statement", kParents, EdgeTypeOf(input.getType()));
  }
  if (run.getDatasets().isItems()) {
    for (const auto use : run.getDatasets().getItems()) {
      to.Add(use.getStatement(), "datasets[].statement", kDatasets);
    }
  }
  to.AddEach(run.getDevices(), "devices[]", kDevices);
  to.AddEach(run.getAllocations(), "allocations[]", kAllocations);
}

void Collect(wire::Segment::Reader segment, Collector& to) {
  to.Add(segment.getRun(), "run", kRuns);
  to.Add(segment.getPrevious(), "previous", kSegments);
  to.Add(segment.getWeightsFrom(), "weights_from", kSegments);
  for (const auto usage : segment.getUsage()) {
    to.Add(usage.getDevice(), "usage[].device", kDevices);
    to.Add(usage.getAllocation(), "usage[].allocation", kAllocations);
  }
}

void Collect(wire::Completion::Reader completion, Collector& to) {
  to.Add(completion.getRun(), "run", kRuns);
  to.AddEach(completion.getLast(), "last[]", kSegments);
}

void Collect(wire::Passport::Reader passport, Collector& to) {
  to.Add(passport.getCompletion(), "completion", kCompletions);
}

void Collect(wire::Verdict::Reader, Collector&) {}

}  // namespace

std::vector<Reference> StrongReferences(const Predicate& predicate) {
  Collector collector;
  VisitFields(predicate, [&](auto fields) { Collect(fields, collector); });
  return collector.Take();
}

std::vector<std::string_view> ListsWithRepeatedTargets(std::span<const Reference> all) {
  std::vector<Reference> references;
  std::copy_if(all.begin(), all.end(), std::back_inserter(references), [](const Reference& r) {
    return r.field.ends_with("]") || r.field.ends_with(".statement");
  });
  if (references.size() < 2) return {};
  const auto key = [](const Reference& r) { return std::tie(r.field, r.target, r.edge); };
  std::sort(references.begin(), references.end(),
            [&](const Reference& a, const Reference& b) { return key(a) < key(b); });
  std::vector<std::string_view> repeated;
  for (size_t i = 1; i < references.size(); ++i) {
    if (key(references[i - 1]) != key(references[i])) continue;
    const std::string_view list = references[i].field.substr(0, references[i].field.find('['));
    if (repeated.empty() || repeated.back() != list) repeated.push_back(list);
  }
  return repeated;
}

}  // namespace carnet::schemas
