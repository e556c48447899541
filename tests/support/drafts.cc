#include "tests/support/drafts.h"

#include "core/flop.h"
#include "core/timestamp.h"

namespace carnet::test {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string With(const std::string& member, const std::string& draft) {
  return "{" + member + "," + draft.substr(1);
}

namespace drafts {
namespace {

// A member with its comma; nothing where there is no value.
std::string Json(const char* name, const std::string& json) {
  return json.empty() ? "" : Quoted(name) + ":" + json + ",";
}
std::string Text(const char* name, const std::string& text) {
  return text.empty() ? "" : Json(name, Quoted(text));
}
std::string All(const char* name, const Texts& texts) {
  return texts.empty() ? "" : Json(name, QuotedList(texts));
}
std::string Count(const char* name, uint64_t value) { return Json(name, Number(value)); }

std::string Object(const std::string& members) {
  return "{" + members.substr(0, members.size() - 1) + "}";
}

std::string Period(const char* name, uint64_t from_ms, uint64_t to_ms) {
  return Json(name, Object(Json("from", Time(from_ms)) + Json("to", Time(to_ms))));
}

template <typename Items, typename JsonOf>
std::string ListOf(const Items& items, const JsonOf& json_of) {
  Texts list;
  for (const auto& item : items) list.push_back(json_of(item));
  return List(list);
}

std::string Cpu(uint64_t hz) {
  return Object(Text("model", "Xeon") + Count("cores", 2) + Count("f32_lanes", 16) +
                Count("fma_units", 2) + Count("nominal_hz", hz) + Count("used_hz", hz));
}

bool CarriesWeights(const std::string& edge) {
  return edge.find("distilled-from") == edge.npos && edge.find("synthetic-data-from") == edge.npos;
}

std::string Sourced(const std::string& method, const std::string& result) {
  return Object(Text("method", method) + Text("result", result) +
                Text("source", "dispatch counter"));
}

std::string Use(const UseTerms& use) {
  return Object(Text("device", use.device) + Text("allocation", use.allocation) +
                Count("units", use.units) + Count("ms", use.ms));
}

}  // namespace

std::string Time(uint64_t ms) { return Quoted(FormatTimestamp(TimestampMs(ms))); }

std::string Number(uint64_t value) {
  const std::string digits = std::to_string(value);
  return value < (uint64_t{1} << 53) ? digits : Quoted(digits);
}

std::string List(const Texts& json_items) {
  std::string list;
  for (const std::string& item : json_items) list += (list.empty() ? "" : ",") + item;
  return "[" + list + "]";
}

std::string QuotedList(const Texts& texts) { return ListOf(texts, Quoted); }

std::string Device(const DeviceTerms& terms) {
  return Object(Text("id", terms.id) + All("members", terms.members) + Count("units", terms.units) +
                Text("vendor", terms.vendor) + Text("chip", terms.chip) +
                Json("cpu", terms.chip.empty() ? Cpu(terms.cpu_hz) : ""));
}

std::string Allocation(const AllocationTerms& terms) {
  return Object(All("holders", terms.holders) + All("devices", terms.devices) +
                Period("window", terms.from_ms, terms.to_ms) +
                Json("device_ms", terms.device_ms ? Number(*terms.device_ms) : ""));
}

std::string Dataset(const DatasetTerms& terms) {
  const bool whole = !terms.data.empty();
  return Object(Text("name", terms.name) + Json("size", whole ? R"({"bytes":1000})" : "") +
                Json("sources", R"([{"kind":"public"}])") +
                All("derived_from", terms.derived_from) + All("processing", terms.processing) +
                Text("data", terms.data) + Text("data_basis", whole ? "manifest" : ""));
}

std::string Edge(const std::string& type, const std::string& model, const std::string& statement) {
  return Object(Text("type", type) + Text("model", model.empty() ? "undisclosed" : model) +
                Text("statement", statement));
}

std::string Run(const RunTerms& terms) {
  bool from_inputs = false;
  for (const std::string& edge : terms.inputs) from_inputs |= CarriesWeights(edge);
  const std::string datasets = ListOf(terms.datasets.value_or(Texts{}), [](const auto& dataset) {
    return Object(Text("statement", dataset) + Text("role", "train"));
  });
  return Object(Text("kind", terms.kind) + Json("inputs", List(terms.inputs)) +
                Json("datasets", terms.datasets ? datasets : Quoted("undisclosed")) +
                Text("initial", from_inputs ? "inputs" : "random") + All("devices", terms.devices) +
                All("recorders", terms.recorders) + Count("lanes", terms.lanes) +
                Text("opened_by", "the lab") + Text("authorised_by", "the board") +
                Text("intended_deployment", "research") + Text("seen", terms.seen));
}

std::string Table(const std::string& tensor, const std::string& role, uint64_t rows,
                  uint64_t columns) {
  return Object(Text("tensor", tensor) + Text("role", role) + Count("rows", rows) +
                Count("columns", columns));
}

std::string Class(const std::string& treatment, uint64_t parameters, const Texts& tables_json,
                  const Texts& tensors) {
  return Object(Text("treatment", treatment) + Count("parameters", parameters) +
                Json("tables", tables_json.empty() ? "" : List(tables_json)) +
                All("tensors", tensors));
}

std::string Architecture(const ArchitectureTerms& terms) {
  return Object(Text("method", "architecture") + Text("result", terms.result) +
                Count("tokens", terms.tokens) + Count("parameters", terms.parameters) +
                Json("classes", List(terms.classes_json)) +
                Text("attention_per_token", terms.attention_per_token));
}

std::string Stated(const std::string& amount, const std::string& method,
                   const Texts& methods_json) {
  return Object(Text("amount", amount) + Text("method", method) +
                Json("methods", List(methods_json)) + Text("precision", "fp32") +
                Json("recomputation_excluded", "true") + Json("padding_excluded", "true"));
}

std::string Figure(const FigureTerms& terms) {
  const uint64_t attention = terms.attention_per_token;
  const Uint128 flop = Uint128{terms.tokens} * (6 * terms.trained + attention);
  const Uint128 counted = terms.counter ? Uint128{*terms.counter} : flop + flop / 20;
  Texts classes = {Class("trained", terms.trained)};
  Texts tables;
  for (const std::string& tensor : terms.tables) tables.push_back(Table(tensor));
  if (terms.lookup > 0) classes.push_back(Class("lookup", terms.lookup, tables));
  const std::string amount = Flop(flop).ToString();
  Texts methods = {
      Architecture({.result = amount,
                    .tokens = terms.tokens,
                    .parameters = terms.trained + terms.lookup,
                    .classes_json = classes,
                    .attention_per_token = attention > 0 ? std::to_string(attention) : ""})};
  if (counted > 0) methods.push_back(Sourced("counter", Flop(counted).ToString()));
  return Stated(amount, "architecture", methods);
}

std::string SingleFigure(const std::string& amount, const std::string& method) {
  return Stated(amount, method, {Sourced(method, amount)});
}

std::string SegmentFlop(const std::string& figure_json) {
  return Object(Json("update", figure_json) + Json("total", figure_json));
}

std::string Segment(const SegmentTerms& terms) {
  const std::string place = Text("run", terms.run) + Count("lane", terms.lane) +
                            Count("seq", terms.seq) + Text("previous", terms.previous);
  return Object((terms.run.empty() ? "" : place) + Text("weights_from", terms.weights_from) +
                Json("after", terms.after_json) +
                Json("steps", Object(Count("from", terms.from_step) + Count("to", terms.to_step))) +
                Json("tokens", terms.tokens_json) + Period("time", terms.from_ms, terms.to_ms) +
                Json("flop", terms.flop_json) + Json("usage", ListOf(terms.usage, Use)) +
                All("precision", {"fp32"}) + Text("model", terms.model) +
                Json("tensor_roots", terms.tensor_roots_json));
}

std::string Stretch(const StretchTerms& terms) {
  const std::string figure = terms.figure_json.empty()
                                 ? Figure({.tokens = terms.tokens, .trained = terms.parameters})
                                 : terms.figure_json;
  return Segment({.from_step = 10 * terms.stretch,
                  .to_step = 10 * (terms.stretch + 1),
                  .tokens_json = Number(terms.tokens),
                  .from_ms = terms.from_ms,
                  .to_ms = terms.from_ms + terms.ms,
                  .flop_json = SegmentFlop(figure),
                  .usage = {{terms.device, terms.allocation, 1, terms.ms}}});
}

std::string Completion(const CompletionTerms& terms) {
  return Object(Text("run", terms.run) + Json("last", QuotedList(terms.last)) +
                Json("after", terms.after_json) + Text("outcome", "completed") +
                Json("segments", ListOf(terms.segments, Number)) +
                Json("tokens", terms.tokens_json) + Json("flop", terms.flop_json) +
                Text("model", terms.model) + Json("tensor_roots", terms.tensor_roots_json));
}

std::string File(const std::string& path, const std::string& sha256, uint64_t bytes) {
  return Object(Text("path", path) + Text("sha256", sha256) + Count("bytes", bytes));
}

std::string Passport(const PassportTerms& terms) {
  const std::string flop =
      Object(Text("parameter_update", terms.parameter_update) +
             Text("cumulative", terms.cumulative) + Json("edges", QuotedList(terms.edges)));
  const std::string rest = Text("completion", terms.completion) + Json("after", terms.after_json) +
                           Text("model", terms.model) + Json("files", terms.files_json) +
                           Json("tensor_roots", terms.tensor_roots_json) +
                           Json("parameters", Object(Count("total", terms.parameters))) +
                           Json("flop", flop);
  return Object((terms.completion.empty() ? "" : rest) + Text("name", terms.name) +
                Text("intended_deployment", "research") + Text("supersedes", terms.supersedes));
}

std::string Verdict(const std::string& passport, const std::string& resource) {
  return R"({"verifier":{"id":"hub"},"timeVerified":"2026-11-01T00:00:00.000Z","resourceUri":)" +
         Quoted(resource) + R"(,"policy":{"uri":"hub-default"},"inputAttestations":[)" +
         R"({"digest":{"sha256":)" + Quoted(passport) +
         R"(}}],"verificationResult":"PASSED","verifiedLevels":[]})";
}

}  // namespace drafts
}  // namespace carnet::test
