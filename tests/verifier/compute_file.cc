#include "tests/verifier/compute_file.h"

#include "core/check.h"
#include "tests/support/test.h"

namespace carnet::verifier::test {
namespace {

using schemas::BuilderOf;
using schemas::Kind;
using schemas::ReaderOf;
using schemas::SetFlop;

constexpr uint64_t kSegmentMs = 1000;  // LineageFile's
constexpr uint64_t kParameters = 11'000'000;

Flop Decimal(const std::string& text) { return Flop::Parse(text).value(); }

void SetAmount(wire::FlopAmount::Builder to, const std::string& decimal) {
  if (decimal.empty()) {
    to.setUndisclosed();
  } else {
    SetFlop(to, Decimal(decimal));
  }
}

// What only a segment holds: the codec reads whole predicates.
schemas::Predicate SegmentWith(const std::string& flop,
                               const std::vector<drafts::UseTerms>& usage = {}) {
  return ReadHonest(
      Kind::kSegment,
      drafts::Segment(
          {.run = HexOf("run"), .model = HexOf("m"), .flop_json = flop, .usage = usage}));
}

artifact::TensorSummary Tensor(const std::string& name, std::vector<uint64_t> shape) {
  uint64_t elements = 1;
  for (const uint64_t extent : shape) elements *= extent;
  return {name, "F32", std::move(shape), elements, false, Named<Sha256Digest>(name)};
}

artifact::ModelFiles NewModel() {
  return {.files = {},
          .digest = Named<ModelDigest>("m"),
          .weight_sets = {{.name = "model.safetensors",
                           .root = Named<TensorRoot>("m"),
                           .elements = kParameters,
                           .packed = false,
                           .parameters = {11'000'000, 11'000'000, "elements"},
                           .tensors = {Tensor("emb", {1000, 1000}), Tensor("emb.bias", {0}),
                                       Tensor("lm_head.weight", {1000, 1000}),
                                       Tensor("w", {3000, 3000})}}},
          .not_covered = {},
          .warnings = {},
          .total_bytes = 0};
}

}  // namespace

void NameTables(wire::ParameterClass::Builder to, const std::vector<std::string>& tensors) {
  const auto segment =
      SegmentWith(drafts::SegmentFlop(drafts::Figure({.lookup = 1, .tables = tensors})));
  const auto figure = ReaderOf<wire::Segment>(segment).getFlop().getUpdate().getStated();
  to.setTables(figure.getMethods()[0].getClasses()[1].getTables());
}

void WriteFigure(wire::FlopFigure::Builder to, const std::string& figure) {
  const auto segment = SegmentWith(drafts::SegmentFlop(figure));
  to.setStated(ReaderOf<wire::Segment>(segment).getFlop().getUpdate().getStated());
}

void WriteFigure(wire::FlopFigure::Builder to, const FigureSpec& spec) {
  WriteFigure(to, drafts::Figure({.tokens = spec.tokens,
                                  .trained = spec.trained,
                                  .lookup = spec.lookup,
                                  .attention_per_token = spec.attention,
                                  .counter = spec.counter}));
}

void WriteSingle(wire::FlopFigure::Builder to, Flop amount, wire::FlopMethod method) {
  WriteFigure(to, drafts::SingleFigure(amount.ToString(), "counter"));
  to.getStated().setMethod(method);
  to.getStated().getMethods()[0].setMethod(method);
}

ComputeFile::ComputeFile()
    : LineageFile(kParameters),
      counting{statements::CumulativeRule(statements::ParameterUpdateRule().edge_types),
               compute::OffPath::kReport, 50'000},
      model_(NewModel()) {
  AddCpu("cpu", "tpm:ek:cpu");
  AddAllocation("grant", 0, {});
  AddRun("m.run", wire::RunKind::PRE_TRAINING, {});
  AddSegment("m.0", "m.run", {});
  AddSegment("m.1", "m.run", {.seq = 1, .previous = "m.0", .model = "m"});
  AddCompletion("m.done", "m.run", {"m.1"}, {2}, "m");
  AddPassport("m", "m.done", "m");
  for (const char* segment : {"m.0", "m.1"}) {
    Equip(segment, {});
    SetUsage(segment, {{"cpu", 1, kSegmentMs, "grant"}});
  }
  StateTotals("m.done", 2000, "122000000000", "122000000000");
  StateNumbers("m", "122000000000", "122000000000");
}

void ComputeFile::AddTrainedModel(const std::string& name, wire::RunKind kind,
                                  const std::vector<EdgeSpec>& edges,
                                  const std::vector<std::string>& datasets) {
  AddModel(name, kind, edges, datasets);
  AddCpu(name + ".cpu", "tpm:ek:" + name);
  Equip(name + ".0", {}, name + ".cpu");
  StateTotals(name + ".done", 1000, "61000000000", "61000000000");
  StateNumbers(name, "61000000000", "61000000000");
}

void ComputeFile::Equip(const std::string& segment, const FigureSpec& spec,
                        const std::string& device) {
  WriteFigure(Segment(segment).initFlop().initUpdate(), spec);
  WriteFigure(Segment(segment).getFlop().initTotal(), spec);
  Segment(segment).initTokens().setValue(spec.tokens);
  SetUsage(segment, {{device, 1, kSegmentMs}});
}

void ComputeFile::AddCpu(const std::string& name, const std::string& id) {
  AddDevice(name, {.id = id, .cpu_hz = 2'600'000'000});
}

void ComputeFile::AddChip(const std::string& name, const std::string& id, const std::string& chip,
                          uint64_t units, const std::vector<std::string>& members) {
  AddDevice(name, {.id = id, .members = members, .units = units, .chip = chip});
}

void ComputeFile::AddAllocation(const std::string& name, uint64_t device_ms,
                                const std::vector<std::string>& devices,
                                const std::string& parent) {
  LineageFile::AddAllocation(name, kOpened, kOpened + 1'000'000);
  auto allocation = schemas::BuilderOf<wire::Allocation>(At(name).predicate);
  if (device_ms != 0) allocation.initDeviceMs().setValue(device_ms);
  if (!parent.empty()) schemas::SetDigest(allocation.initParent(), Named<StatementId>(parent));
  auto list = allocation.initDevices(static_cast<unsigned>(devices.size()));
  for (unsigned i = 0; i < devices.size(); ++i) {
    schemas::SetDigest(list[i], Named<StatementId>(devices[i]));
  }
}

void ComputeFile::SetUsage(const std::string& segment, const std::vector<Use>& items) {
  std::vector<drafts::UseTerms> usage;
  for (const Use& item : items) {
    usage.push_back({.device = HexOf(item.device),
                     .allocation = item.allocation.empty() ? "" : HexOf(item.allocation),
                     .units = item.units,
                     .ms = item.ms});
  }
  const auto used = SegmentWith("{}", usage);
  Segment(segment).setUsage(ReaderOf<wire::Segment>(used).getUsage());
}

wire::Segment::Builder ComputeFile::Segment(const std::string& name) {
  return BuilderOf<wire::Segment>(At(name).predicate);
}
wire::Completion::Builder ComputeFile::Completion(const std::string& name) {
  return BuilderOf<wire::Completion>(At(name).predicate);
}
wire::Passport::Builder ComputeFile::Passport(const std::string& name) {
  return BuilderOf<wire::Passport>(At(name).predicate);
}
wire::Run::Builder ComputeFile::Run(const std::string& name) {
  return BuilderOf<wire::Run>(At(name).predicate);
}
wire::Device::Builder ComputeFile::Device(const std::string& name) {
  return BuilderOf<wire::Device>(At(name).predicate);
}
wire::Dataset::Builder ComputeFile::Dataset(const std::string& name) {
  return BuilderOf<wire::Dataset>(At(name).predicate);
}

void ComputeFile::StateTotals(const std::string& completion, uint64_t tokens,
                              const std::string& update, const std::string& total) {
  Completion(completion).initTokens().setValue(tokens);
  auto flop = Completion(completion).initFlop();
  SetAmount(flop.initUpdate(), update);
  SetAmount(flop.initTotal(), total);
}

void ComputeFile::StateNumbers(const std::string& passport, const std::string& parameter_update,
                               const std::string& cumulative,
                               const std::vector<wire::EdgeType>& edges) {
  auto flop = Passport(passport).initFlop();
  SetAmount(flop.initParameterUpdate(), parameter_update);
  SetAmount(flop.initCumulative(), cumulative);
  auto list = flop.initEdges(static_cast<unsigned>(edges.size()));
  for (unsigned i = 0; i < edges.size(); ++i) list.set(i, edges[i]);
}

wire::Allocation::Builder ComputeFile::Allocation(const std::string& name) {
  return BuilderOf<wire::Allocation>(At(name).predicate);
}

void ComputeFile::SetParty(const std::string& name, const std::string& party) {
  parties_[Named<StatementId>(name)] = party;
}

compute::TimeBound ComputeFile::Time() const {
  const auto party = [this](const Statement& line) -> std::string_view {
    const auto found = parties_.find(line.id);
    if (found != parties_.end()) return found->second;
    const bool sold = line.kind() == Kind::kDevice || line.kind() == Kind::kAllocation;
    return sold ? "cloud" : "lab";
  };
  return {set(), *compute::ShippedCatalogue(), party};
}

compute::Bounds ComputeFile::Bounds() const {
  return compute::BoundsOf(set(), *set().Find(Named<StatementId>(root_)), counting, Time());
}

compute::Outcome ComputeFile::Verify(Findings& findings) const {
  const Statement* root = set().Find(Named<StatementId>(root_));
  CARNET_CHECK(root != nullptr);
  const auto catalogue = compute::ShippedCatalogue();
  const auto names = compute::ShippedWeightNames();
  compute::TimeBound time = Time();
  return compute::VerifyCompute(set(), *root, model_, *catalogue, *names, {counting, time},
                                findings);
}

std::string ComputeFile::Reason() const {
  Findings findings;
  Verify(findings);
  return FirstReason(findings);
}

std::set<std::string> ComputeFile::Reasons() const {
  Findings findings;
  Verify(findings);
  std::set<std::string> reasons;
  for (const Finding& finding : findings.Sorted()) {
    reasons.insert(std::to_string(finding.rule()) + " " +
                   std::string(RejectReasonName(finding.reason())));
  }
  return reasons;
}

void CheckReason(const ComputeFile& file, const std::string& rule, const std::string& text) {
  const std::string reason = file.Reason();
  BOOST_CHECK_MESSAGE(reason.starts_with(rule + ": "), "reason \"" << reason << "\", not " << rule);
  BOOST_CHECK_MESSAGE(reason.find(text) != std::string::npos,
                      "reason \"" << reason << "\" does not contain \"" << text << "\"");
}
void CheckOnly(const ComputeFile& file, const std::string& rule, const std::string& text) {
  CheckReason(file, rule, text);
  BOOST_TEST(file.Reasons() == std::set<std::string>{rule}, boost::test_tools::per_element());
}

compute::Outcome Passes(const ComputeFile& file) {
  Findings findings;
  const auto outcome = file.Verify(findings);
  BOOST_CHECK_EQUAL(FirstReason(findings), "");
  return outcome;
}
void CheckText(const compute::Outcome& outcome, const std::string& text) {
  BOOST_CHECK_MESSAGE(outcome.text.find(text) != std::string::npos,
                      "row \"" << outcome.text << "\" does not contain \"" << text << "\"");
}

void CountElements(ComputeFile& file, size_t set, uint64_t elements) {
  file.model().weight_sets[set].elements = elements;
  file.model().weight_sets[set].parameters = {elements, elements, "elements"};
}

wire::FlopStatement::Builder UpdateOf(ComputeFile& file, const std::string& segment) {
  return file.Segment(segment).getFlop().getUpdate().getStated();
}

void SetAll(ComputeFile& file, const FigureSpec& spec) {
  for (const char* segment : {"m.0", "m.1"}) {
    WriteFigure(file.Segment(segment).getFlop().initUpdate(), spec);
    WriteFigure(file.Segment(segment).getFlop().initTotal(), spec);
    file.Segment(segment).getTokens().setValue(spec.tokens);
  }
  const uint64_t one = spec.tokens * (6 * spec.trained + spec.attention);
  file.StateTotals("m.done", 2 * spec.tokens, std::to_string(2 * one), std::to_string(2 * one));
  file.StateNumbers("m", std::to_string(2 * one), std::to_string(2 * one));
}
void SetAllSingle(ComputeFile& file, uint64_t amount, wire::FlopMethod method) {
  for (const char* segment : {"m.0", "m.1"}) {
    WriteSingle(file.Segment(segment).getFlop().initUpdate(), Flop(amount), method);
    WriteSingle(file.Segment(segment).getFlop().initTotal(), Flop(amount), method);
  }
  file.StateTotals("m.done", 2000, std::to_string(2 * amount), std::to_string(2 * amount));
  file.StateNumbers("m", std::to_string(2 * amount), std::to_string(2 * amount));
}

void SetFlopOfT(ComputeFile& file, const std::string& amount) {
  WriteSingle(file.Segment("t.0").getFlop().initUpdate(), F(amount));
  WriteSingle(file.Segment("t.0").getFlop().initTotal(), F(amount));
  file.StateTotals("t.done", 1000, amount, amount);
  file.StateNumbers("t", amount, amount);
}

Flop F(std::string_view decimal) { return Flop::Parse(decimal).value(); }

}  // namespace carnet::verifier::test
