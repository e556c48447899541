// Account: what the parties of a small world state about how one model was made: devices, leases,
// data sets, the model and its parents. What is true of a world and what is stated of it are two
// accounts; a lie is the step from one to the other. Figures and sums are not stated here: they
// follow, so that a liar's account adds up.
//
// Parties: labs "lab" and "lab2", the seller "cloud" and the reseller "broker"; places in the lists
// stand for references.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "artifact/model_files.h"
#include "core/flop.h"
#include "tests/support/memory_model.h"

namespace carnet::test::lies {

// Dense peaks of one unit, FLOP/s.
struct Chip {
  const char* id;
  const char* vendor;
  uint64_t bf16;
  uint64_t highest;  // over all precisions
  bool listed;       // in the chip catalogue
};

struct Device {
  std::string name;
  std::string id;  // canonical
  std::vector<std::string> members = {};
  uint64_t units = 1;
  const Chip* chip = nullptr;       // null: a CPU
  uint64_t cpu_hz = 3'000'000'000;  // of its 128 FLOP a cycle
  std::string party = "cloud";

  uint64_t Peak() const { return chip != nullptr ? chip->bf16 : 128 * cpu_hz; }  // that is used
  uint64_t HighestPeak() const { return chip != nullptr ? chip->highest : 128 * cpu_hz; }
};

struct Lease {
  std::string name;
  size_t device;
  std::string seller = "cloud";
  std::string holder = "lab";
  std::optional<uint64_t> device_ms = {};  // sold
  std::optional<size_t> parent = {};       // the lease that is resold
  bool kyc_passed = true;
};

enum class SourceKind { kPublic, kLicensed, kSynthetic };

struct DataSet {
  std::string name = {};
  std::string party = "lab";
  uint64_t bytes = 0;
  bool undisclosed = false;  // its sources
  SourceKind kind = SourceKind::kPublic;
  // Of synthetic data.
  std::optional<size_t> generator = {};
  bool generator_public = false;
  std::optional<Uint128> generation = {};  // FLOP
};

struct Table {
  std::string tensor;
  std::string role;
  uint64_t rows;
  uint64_t columns;

  uint64_t Parameters() const { return rows * columns; }
};

struct Class {
  std::string treatment;  // trained, forward-only, …
  uint64_t parameters;
  std::vector<Table> tables = {};
  std::vector<std::string> tensors = {};
};

struct Use {
  size_t device;
  std::optional<size_t> lease;
  uint64_t units;
  uint64_t ms;
  uint64_t peak;  // of a unit, FLOP/s, as whoever uses it states
};

struct Segment {
  uint64_t ms = 0;  // that it takes
  uint64_t tokens = 0;
  Uint128 counted = 0;    // what a counter says of the update
  Uint128 discarded = 0;  // of the total: generation, and work without an update
  std::vector<Use> usage = {};
  std::optional<size_t> weights_from = {};  // seq in the same lane; absent: the one before
  bool withheld = false;                    // its figures are undisclosed
};

enum class Reference { kPassport, kCompletion, kLastSegment, kNothing };

struct Parent {
  std::string edge;
  size_t model;
  Reference reference = Reference::kPassport;
  bool undisclosed = false;
  size_t lane = 0;  // of the last segment
};

// The first of a figure's methods gives its amount.
enum class Methods {
  kArchitecture,
  kArchitectureAndCounter,
  kArchitectureAndHardware,
  kCounter,
  kCounterAndHardware
};

enum class Weights { kPlain, kFp8, kFewFp8, kUnreadable };

// Files beside the weights that no reader of weights knows.
struct OtherFiles {
  std::string ending;
  uint64_t count = 0;
  uint64_t bytes = 0;  // of each
  std::string left_out =
      {};  // the pattern by which the passport leaves them out; empty: it does not
  std::string why_not = {};  // what their content shows; empty: they look as their name says
};

struct Model {
  std::string name = {};
  std::string party = "lab";
  std::string recorder = {};  // key of the party that signs the segments; empty: the party's own
  std::string kind = "pre-training";
  std::vector<Parent> parents = {};
  std::vector<size_t> datasets = {};
  bool plans = false;  // the run lists the leases that its segments use
  std::vector<std::vector<Segment>> lanes = {};
  size_t lanes_beside = 0;  // that the run opened, and of which nothing is enclosed

  bool states_size = true;  // in its completion
  uint64_t total = 0;       // parameters
  uint64_t active = 0;
  std::string experts_json = {};
  std::vector<Class> classes = {};
  Uint128 attention_per_token = 0;
  Methods methods = Methods::kArchitectureAndCounter;

  std::vector<Shape> shapes = {};  // of its tensors, as its files show
  Weights weights = Weights::kPlain;
  std::vector<std::string> copies = {};  // dtypes of further weight sets of these shapes
  OtherFiles others = {};
};

struct Account {
  std::vector<Device> devices = {};
  std::vector<Lease> leases = {};
  std::vector<DataSet> datasets = {};
  std::vector<Model> models = {};       // parents first; the last is the one given
  std::vector<std::string> edges = {};  // along which the passports sum
  bool lab_may_sign_devices = false;    // by the trust directory, and allocations

  Model& root() { return models.back(); }
  const Model& root() const { return models.back(); }
};

bool CarriesWeights(const std::string& edge);
bool IsHeldByArchitecture(Methods methods);  // the amount is the architecture's result
bool UsesHardware(Methods methods);

// Per token, of the parameters alone; then with attention.
Uint128 FlopPerToken(const std::vector<Class>& classes);
Uint128 ArchitectureFlop(const Model& model, const Segment& segment);
Uint128 UpdateFlop(const Model& model, const Segment& segment);
Uint128 TotalFlop(const Model& model, const Segment& segment);

// Places of what the root rests on.
struct Reached {
  std::set<size_t> models, datasets, leases, devices;
};
Reached ReachedFrom(const Account& account);
// Those alone whose weights flow into the root's.
std::set<size_t> CarriersOf(const Account& account);

// The files of the model given, and those of them that its passport covers.
artifact::ModelFiles FilesOf(const Model& model);
artifact::ModelFiles CoveredFilesOf(const Model& model);

// "fine-tune of m0 by lab, 2 lanes of 3 segments, …"
std::string Describe(const Account& account);

}  // namespace carnet::test::lies
