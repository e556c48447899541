// What an honest statement of each kind looks like, in one place: drafts as `carnet attest` and
// `carnet run` take them, written as JSON text without the codec under test. Everything that
// fabricates statements for a test starts here, so that a field that a kind gains or loses is one
// edit. Defaults make a small honest lab: fp32 on one CPU, public data, everything stated.
//
// References are written as given: hex, or a placeholder of World. Fields that end in `_json`, and
// a run's `inputs`, hold JSON. What is empty is left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hex.h"

namespace carnet::test {

std::string Quoted(std::string_view text);
// `draft` with `member` (`"name":value`) in front.
std::string With(const std::string& member, const std::string& draft);

inline constexpr uint64_t kDraftTokens = 1'000;  // of a segment
inline constexpr uint64_t kDraftMs = 1'000;      // that it takes

namespace drafts {

using Texts = std::vector<std::string>;

std::string Time(uint64_t ms);       // since 1970, quoted
std::string Number(uint64_t value);  // 2^53 and above are strings (S4)
std::string List(const Texts& json_items);
std::string QuotedList(const Texts& texts);
template <typename Digest>
std::string Hex(const Digest& digest) {
  return HexEncode(digest.span());
}

struct DeviceTerms {
  std::string id = "tpm:ek:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
  Texts members = {};
  uint64_t units = 1;
  std::string vendor = "Intel";
  std::string chip = {};            // empty: a CPU, of 128 FLOP a cycle
  uint64_t cpu_hz = 3'000'000'000;  // 3.84e11 FLOP/s
};
std::string Device(const DeviceTerms& terms = {});

struct AllocationTerms {
  Texts holders, devices = {};
  uint64_t from_ms, to_ms;
  std::optional<uint64_t> device_ms = {};
};
std::string Allocation(const AllocationTerms& terms);

struct DatasetTerms {
  std::string name = "texts";
  std::string data = {};  // empty: as with `--files`, from which size and basis follow too
  Texts derived_from = {}, processing = {};
};
std::string Dataset(const DatasetTerms& terms = {});

// An edge of a run. An empty model is undisclosed.
std::string Edge(const std::string& type, const std::string& model,
                 const std::string& statement = {});

struct RunTerms {
  std::string kind = "pre-training";
  Texts inputs = {};  // edges: weights come from them, or are random where none carries any
  std::optional<Texts> datasets = {};  // absent: undisclosed
  Texts devices = {}, recorders = {};
  uint64_t lanes = 1;
  std::string seen = {};  // empty: as `carnet run open` takes it
};
std::string Run(const RunTerms& terms = {});

// A lookup table, a class of parameters, the method `architecture` and a figure by any methods: the
// parts of which Figure is made.
std::string Table(const std::string& tensor, const std::string& role = "token",
                  uint64_t rows = 1'000, uint64_t columns = 1'000);
std::string Class(const std::string& treatment, uint64_t parameters, const Texts& tables_json = {},
                  const Texts& tensors = {});
struct ArchitectureTerms {
  std::string result;
  uint64_t tokens = 1'000'000;
  uint64_t parameters = 1'000'000;
  Texts classes_json;
  std::string attention_per_token = {};
};
std::string Architecture(const ArchitectureTerms& terms);
std::string Stated(const std::string& amount, const std::string& method, const Texts& methods_json);

// By the architecture, and a counter beside it.
struct FigureTerms {
  uint64_t tokens = 1'000;
  uint64_t trained = 1'000'000;
  uint64_t lookup = 0;  // parameters of the tables
  Texts tables = {"emb"};
  uint64_t attention_per_token = 0;
  std::optional<uint64_t> counter = {};  // absent: 5 % above; 0: that method is left out
};
std::string Figure(const FigureTerms& terms);
// One method alone: `counter` or `declared`.
std::string SingleFigure(const std::string& amount, const std::string& method);
std::string SegmentFlop(const std::string& figure_json);  // the same as update and total

struct UseTerms {
  std::string device, allocation = {};
  uint64_t units = 1, ms = 1'000;
};

struct SegmentTerms {
  // Its place in the run and what it left; without `run`: as `carnet run segment` takes it.
  std::string run = {};
  uint64_t lane = 0, seq = 0;
  std::string previous = {}, after_json = {}, model = {}, tensor_roots_json = {};

  std::string weights_from = {};
  uint64_t from_step = 0, to_step = 10;
  std::string tokens_json = "1000";
  uint64_t from_ms = 0, to_ms = 1'000;
  std::string flop_json = "{}";  // as SegmentFlop makes it
  std::vector<UseTerms> usage = {};
};
std::string Segment(const SegmentTerms& terms);

// What a training script hands to `carnet run segment`: steps from 10 * `stretch` on, figures and
// usage.
struct StretchTerms {
  std::string device, allocation;
  uint64_t stretch = 0;
  uint64_t from_ms = 0, ms = kDraftMs;
  uint64_t tokens = kDraftTokens, parameters = 1'000'000;
  std::string figure_json = {};  // empty: all parameters trained
};
std::string Stretch(const StretchTerms& terms);

struct CompletionTerms {
  std::string run;
  Texts last = {};
  std::string after_json = {};
  std::vector<uint64_t> segments = {};  // per lane
  std::string tokens_json = "0", flop_json = "{}";
  std::string model = {}, tensor_roots_json = {};
};
std::string Completion(const CompletionTerms& terms);

struct PassportTerms {
  // What it rests on; without `completion`: as `carnet passport issue` takes it.
  std::string completion = {}, after_json = {};
  std::string model = {}, files_json = {}, tensor_roots_json = {};
  uint64_t parameters = 1'000'000;
  std::string parameter_update = "0", cumulative = "0";
  Texts edges = {};  // that `cumulative` follows

  std::string name = "model", supersedes = {};
};
std::string Passport(const PassportTerms& terms);
std::string File(const std::string& path, const std::string& sha256, uint64_t bytes);

std::string Verdict(const std::string& passport, const std::string& resource = "model");

}  // namespace drafts
}  // namespace carnet::test
