#include "tests/lies/figure_text.h"

#include <algorithm>

#include "tests/support/drafts.h"

namespace carnet::test::lies {
namespace {

constexpr Uint128 kPpm = 1'000'000;
constexpr Uint128 kMsTimesPpm = 1000 * kPpm;

std::string Decimal(Uint128 value) { return Flop(value).ToString(); }

std::string ArchitectureText(const Model& model, const Segment& segment) {
  drafts::Texts classes;
  uint64_t parameters = 0;
  for (const Class& each : model.classes) {
    drafts::Texts tables;
    for (const Table& table : each.tables) {
      tables.push_back(drafts::Table(table.tensor, table.role, table.rows, table.columns));
    }
    classes.push_back(drafts::Class(each.treatment, each.parameters, tables, each.tensors));
    parameters += each.parameters;
  }
  return drafts::Architecture({.result = Decimal(ArchitectureFlop(model, segment)),
                               .tokens = segment.tokens,
                               .parameters = parameters,
                               .classes_json = classes,
                               .attention_per_token = model.attention_per_token > 0
                                                          ? Decimal(model.attention_per_token)
                                                          : ""});
}

std::string CounterText(Uint128 counted) {
  return R"({"method":"counter","result":)" + Quoted(Decimal(counted)) +
         R"(,"source":"dispatch counter"})";
}

// The utilisation that the amount comes from.
std::string HardwareText(const Segment& segment, Uint128 amount) {
  Uint128 peak = 0;
  for (const Use& use : segment.usage) {
    peak += static_cast<Uint128>(use.units) * use.ms * use.peak;
  }
  const Uint128 share = peak == 0 ? 0 : (amount * kMsTimesPpm + peak / 2) / peak;
  const Uint128 ppm = std::min(share, kPpm);  // nobody can state more
  std::string terms;
  for (const Use& use : segment.usage) {
    terms += std::string(terms.empty() ? "" : ",") + R"({"units":)" + std::to_string(use.units) +
             R"(,"ms":)" + std::to_string(use.ms) + R"(,"peak":)" +
             Quoted(std::to_string(use.peak)) + R"(,"utilisation_ppm":)" + Decimal(ppm) + "}";
  }
  return R"({"method":"hardware","result":)" + Quoted(Decimal(peak * ppm / kMsTimesPpm)) +
         R"(,"basis":"mfu","terms":[)" + terms + "]}";
}

std::string UpdateText(const Model& model, const Segment& segment) {
  const Uint128 amount = UpdateFlop(model, segment);
  const bool by_architecture = IsHeldByArchitecture(model.methods);
  drafts::Texts methods = {by_architecture ? ArchitectureText(model, segment)
                                           : CounterText(segment.counted)};
  if (model.methods == Methods::kArchitectureAndCounter) {
    methods.push_back(CounterText(segment.counted));
  }
  if (UsesHardware(model.methods)) methods.push_back(HardwareText(segment, amount));
  return drafts::Stated(Decimal(amount), by_architecture ? "architecture" : "counter", methods);
}

}  // namespace

std::string PrecisionOf(const Account& account, const Segment& segment) {
  const bool on_chip =
      !segment.usage.empty() && account.devices[segment.usage.front().device].chip != nullptr;
  return on_chip ? "bf16" : "fp32";
}

std::string SegmentFlopText(const Model& model, const Segment& segment) {
  if (segment.withheld) return R"({"update":"undisclosed","total":"undisclosed"})";
  const std::string update = UpdateText(model, segment);
  if (segment.discarded == 0) return drafts::SegmentFlop(update);
  return R"({"update":)" + update + R"(,"total":)" +
         drafts::SingleFigure(Decimal(TotalFlop(model, segment)), "counter") + "}";
}

}  // namespace carnet::test::lies
