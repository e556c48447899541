// The one table of the kinds of statement that Carnet knows. A kind is an enumerator, a struct of
// schemas/*.capnp and a row, all listed here; docs/extending.md says what else it needs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carnet::wire {

template <typename... Structs>
struct StructList {
  static constexpr size_t kSize = sizeof...(Structs);
};

// Defined in the generated headers.
struct Dataset;
struct Device;
struct Allocation;
struct Run;
struct Segment;
struct Completion;
struct Passport;
struct Verdict;

// The struct of each kind's predicate, in the order of schemas::Kind.
using KindStructs =
    StructList<Dataset, Device, Allocation, Run, Segment, Completion, Passport, Verdict>;

}  // namespace carnet::wire

namespace carnet::schemas {

enum class Kind : uint8_t {
  kDataset,
  kDevice,
  kAllocation,
  kRun,
  kSegment,
  kCompletion,
  kPassport,
  kVerdict,  // SLSA Verification Summary Attestation
};

struct KindRow {
  Kind kind;
  std::string_view name;  // in commands, trust files and output
  std::string_view predicate_type;
  uint8_t stored;    // its number in the ledger's rows; persistent: do not change
  bool has_head;     // S1; a predicate that others define has none
  bool in_passport;  // may be one of the statements that make up a passport
};

inline constexpr std::array kKinds = {
    KindRow{Kind::kDataset, "dataset", "urn:carnet:dataset:v1", 1, true, true},
    KindRow{Kind::kDevice, "device", "urn:carnet:device:v1", 2, true, true},
    KindRow{Kind::kAllocation, "allocation", "urn:carnet:allocation:v1", 3, true, true},
    KindRow{Kind::kRun, "run", "urn:carnet:run:v1", 4, true, true},
    KindRow{Kind::kSegment, "segment", "urn:carnet:segment:v1", 5, true, true},
    KindRow{Kind::kCompletion, "completion", "urn:carnet:completion:v1", 6, true, true},
    KindRow{Kind::kPassport, "passport", "urn:carnet:passport:v1", 7, true, true},
    KindRow{Kind::kVerdict, "verdict", "https://slsa.dev/verification_summary/v1", 8, false, false},
};

constexpr const KindRow& RowOf(Kind kind) { return kKinds[static_cast<size_t>(kind)]; }
constexpr std::string_view KindName(Kind kind) { return RowOf(kind).name; }
constexpr std::string_view PredicateType(Kind kind) { return RowOf(kind).predicate_type; }
constexpr bool HasHead(Kind kind) { return RowOf(kind).has_head; }

std::optional<Kind> ParseKindName(std::string_view name);
std::vector<std::string> KindNames();  // in the table's order
std::optional<Kind> ParsePredicateType(std::string_view predicate_type);
std::optional<Kind> KindOfStored(uint8_t number);

}  // namespace carnet::schemas
