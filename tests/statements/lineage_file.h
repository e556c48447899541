// Honest statements in a set, for code that looks at how they belong together: no bundles, no log.
// Each is a draft of tests/support/drafts.h, read by the codec; ids and digests are SHA-256 of
// plain names.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/readers.h"
#include "statements/statement_set.h"
#include "tests/support/drafts.h"

namespace carnet::statements::test {

namespace drafts = carnet::test::drafts;

schemas::Predicate ReadHonest(schemas::Kind kind, const std::string& draft);

std::string HexOf(std::string_view name);  // SHA-256
template <typename T>
T Named(std::string_view name);  // SHA-256 of the name

inline constexpr uint64_t kOpened = 1'700'000'000'000;  // `created` of every run, ms

struct EdgeSpec {
  wire::EdgeType type;
  std::string model;      // empty: undisclosed
  std::string statement;  // empty: absent; "?": undisclosed
};

struct SegmentSpec {
  uint64_t seq = 0;
  std::string previous = {};
  uint64_t lane = 0;
  std::string weights_from = {};
  std::string model = {};             // empty: the segment's name
  std::optional<uint64_t> step = {};  // where it starts; absent: 10 * seq
};

// Statements are added under names, by which others refer to them. Every statement is valid by
// itself and consistent with the others, if those are; no segment gives an account of its compute.
class LineageFile {
 public:
  // `parameters` of every model.
  explicit LineageFile(uint64_t parameters = 1'000'000) : parameters_(parameters) {}

  void AddRun(const std::string& name, wire::RunKind kind, const std::vector<EdgeSpec>& edges,
              const std::vector<std::string>& datasets = {}, uint64_t lanes = 1);
  void AddSegment(const std::string& name, const std::string& run, const SegmentSpec& spec);
  // `counts` segments per lane.
  void AddCompletion(const std::string& name, const std::string& run,
                     const std::vector<std::string>& last, const std::vector<uint64_t>& counts,
                     const std::string& model);
  void AddPassport(const std::string& name, const std::string& completion,
                   const std::string& model);
  void AddDataset(const std::string& name, const std::vector<std::string>& derived_from = {});
  void AddDevice(const std::string& name, const drafts::DeviceTerms& terms);
  void AddDevice(const std::string& name, const std::string& id, const std::string& chip);
  void AddAllocation(const std::string& name, uint64_t from_ms, uint64_t to_ms);
  // A verdict on the passport of that name.
  void AddVerdict(const std::string& name, const std::string& passport);

  // A run `<name>.run` with one segment `<name>.0`, completed as `<name>.done` with passport
  // `<name>`, about the model of that name.
  void AddModel(const std::string& name, wire::RunKind kind, const std::vector<EdgeSpec>& edges,
                const std::vector<std::string>& datasets = {});

  Statement& At(const std::string& name);
  // Reads again what a member keeps of its predicate, which tests change.
  const StatementSet& set() const;
  StatementSet& set() { return const_cast<StatementSet&>(std::as_const(*this).set()); }
  std::vector<std::string> Names(const std::vector<const Statement*>& statements) const;  // sorted
  void Remove(const std::string& name);

 private:
  void Add(const std::string& name, schemas::Kind kind, const std::string& draft, uint64_t created);

  uint64_t parameters_;
  StatementSet set_;
  std::vector<std::string> names_;  // by place
};

// `chat`, fine-tuned in two segments from `base`, which was trained in two lanes.
LineageFile HonestLineage();

}  // namespace carnet::statements::test
