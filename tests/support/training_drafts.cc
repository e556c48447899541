#include "tests/support/training_drafts.h"

#include "core/hex.h"
#include "core/timestamp.h"
#include "tests/support/honest_runs.h"
#include "tests/support/memory_model.h"

namespace carnet::test {
namespace {

std::string Time(uint64_t ms) { return Quoted(FormatTimestamp(TimestampMs(ms))); }

std::string Joined(const std::vector<std::string>& items, const std::string& quote) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + quote + item + quote;
  return "[" + text + "]";
}

}  // namespace

std::string RunDraft(const StatementId& dataset, const RunDraftTerms& terms) {
  return R"({"kind":)" + Quoted(terms.kind) + R"(,"inputs":)" + Joined(terms.inputs, "") +
         R"(,"datasets":[{"statement":")" + HexEncode(dataset.span()) +
         R"(","role":"train"}],"initial":)" + Quoted(terms.inputs.empty() ? "random" : "inputs") +
         R"(,"recorders":)" + Joined(terms.recorders, "\"") + R"(,"lanes":)" +
         std::to_string(terms.lanes) + R"(,"opened_by":"the lab","authorised_by":"the board",)" +
         R"("intended_deployment":"research"})";
}

std::string SegmentDraft(const SegmentDraftTerms& terms) {
  return R"({"steps":{"from":)" + std::to_string(terms.seq * kDraftSteps) + R"(,"to":)" +
         std::to_string((terms.seq + 1) * kDraftSteps) + R"(},"tokens":)" +
         std::to_string(terms.tokens) + R"(,"time":{"from":)" + Time(terms.from) + R"(,"to":)" +
         Time(terms.from + kDraftMs) + R"(},"flop":)" +
         SegmentFlop(Figure(terms.tokens, kParameters)) + R"(,"usage":[{"device":")" +
         HexEncode(terms.device.span()) + R"(","allocation":")" +
         HexEncode(terms.allocation.span()) + R"(","units":1,"ms":)" + std::to_string(kDraftMs) +
         R"(}],"precision":["fp32"]})";
}

std::string PassportDraft(const std::string& name) {
  return R"({"name":)" + Quoted(name) + R"(,"intended_deployment":"research"})";
}

std::string With(const std::string& member, const std::string& draft) {
  return "{" + member + "," + draft.substr(1);
}

}  // namespace carnet::test
