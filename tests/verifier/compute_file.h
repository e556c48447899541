// A passport's lines with an honest account of compute, for the rules about it: no signatures, no
// log. Numbers are small enough to follow by hand.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "artifact/model_files.h"
#include "schemas/readers.h"
#include "statements/sum.h"
#include "tests/verifier/lineage_file.h"
#include "verifier/compute/bounds.h"
#include "verifier/compute/verify.h"

namespace carnet::verifier::test {

// One figure by architecture and counter; defaults make 61,000,000,000 FLOP of 1,000 tokens.
struct FigureSpec {
  uint64_t tokens = 1000;
  uint64_t trained = 10'000'000;
  uint64_t lookup = 1'000'000;  // the table "emb"
  uint64_t attention = 1'000'000;
  uint64_t counter = 66'000'000'000;  // 0: that method is left out
};

// Tables of 1,000 x 1,000.
void NameTables(wire::ParameterClass::Builder to, const std::vector<std::string>& tensors);
void WriteFigure(wire::FlopFigure::Builder to, const FigureSpec& spec);
// As tests/support/drafts.h makes it.
void WriteFigure(wire::FlopFigure::Builder to, const std::string& json);
// One method alone, `counter` by default.
void WriteSingle(wire::FlopFigure::Builder to, Flop amount,
                 wire::FlopMethod method = wire::FlopMethod::COUNTER);

// A model "m" of 11,000,000 parameters, pre-trained by the run "m.run" in the segments "m.0" and
// "m.1" of a second each on the device "cpu" (332,800,000,000 FLOP/s), both under the allocation
// "grant", completed as "m.done".
class ComputeFile : public LineageFile {
 public:
  ComputeFile();

  // A further model with one such segment, its totals settled.
  void AddTrainedModel(const std::string& name, wire::RunKind kind,
                       const std::vector<EdgeSpec>& edges,
                       const std::vector<std::string>& datasets = {});
  // A segment made honest: figures, tokens, usage of `device` for its whole time.
  void Equip(const std::string& segment, const FigureSpec& spec, const std::string& device = "cpu");
  void AddCpu(const std::string& name, const std::string& id);
  void AddChip(const std::string& name, const std::string& id, const std::string& chip,
               uint64_t units, const std::vector<std::string>& members = {});
  // Usage items of a segment: device, units, ms each.
  struct Use {
    std::string device;
    uint64_t units;
    uint64_t ms;
    std::string allocation = {};
  };
  void SetUsage(const std::string& segment, const std::vector<Use>& items);
  // Sells `device_ms` of these devices; 0: does not say how much.
  void AddAllocation(const std::string& name, uint64_t device_ms,
                     const std::vector<std::string>& devices, const std::string& parent = {});

  wire::Segment::Builder Segment(const std::string& name);
  wire::Completion::Builder Completion(const std::string& name);
  wire::Passport::Builder Passport(const std::string& name);
  wire::Run::Builder Run(const std::string& name);
  wire::Device::Builder Device(const std::string& name);
  wire::Dataset::Builder Dataset(const std::string& name);
  wire::Allocation::Builder Allocation(const std::string& name);

  // What completion and passport say, in decimal; empty: undisclosed.
  void StateTotals(const std::string& completion, uint64_t tokens, const std::string& update,
                   const std::string& total);
  void StateNumbers(const std::string& passport, const std::string& parameter_update,
                    const std::string& cumulative, const std::vector<wire::EdgeType>& edges = {});

  artifact::ModelFiles& model() { return model_; }
  const std::string& root() const { return root_; }
  void set_root(const std::string& root) { root_ = root; }
  // Who signed the statement of that name; else the cloud signed devices and allocations, the lab
  // everything else.
  void SetParty(const std::string& name, const std::string& party);
  // Of the policy: `total` along every edge that carries weights, 5 %.
  compute::Counting counting;
  compute::TimeBound Time() const;
  compute::Bounds Bounds() const;  // of the root

  compute::Outcome Verify(Findings& findings) const;
  std::string Reason() const;             // FirstReason of Verify
  std::set<std::string> Reasons() const;  // "33 device-time", …: all of them

 private:
  artifact::ModelFiles model_;
  std::string root_ = "m";
  std::map<StatementId, std::string> parties_;
};

// Of a weight set of the files: each element a parameter.
void CountElements(ComputeFile& file, size_t set, uint64_t elements);
// The update of a segment, as stated.
wire::FlopStatement::Builder UpdateOf(ComputeFile& file, const std::string& segment);
// Both figures of both segments of "m", and what repeats their sums.
void SetAll(ComputeFile& file, const FigureSpec& spec);
// The same by one method alone.
void SetAllSingle(ComputeFile& file, uint64_t amount,
                  wire::FlopMethod method = wire::FlopMethod::COUNTER);
// Both figures of "t.0", the one segment of a model "t", by a counter alone.
void SetFlopOfT(ComputeFile& file, const std::string& amount);

Flop F(std::string_view decimal);

// That `rule` ("33 device-time") is the reason, with this text in its message.
void CheckReason(const ComputeFile& file, const std::string& rule, const std::string& text);
// And that nothing else fails beside it.
void CheckOnly(const ComputeFile& file, const std::string& rule, const std::string& text);
compute::Outcome Passes(const ComputeFile& file);
void CheckText(const compute::Outcome& outcome, const std::string& text);

}  // namespace carnet::verifier::test
