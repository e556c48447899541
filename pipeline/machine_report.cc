#include "pipeline/machine_report.h"

#include <algorithm>
#include <initializer_list>

#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "schemas/device_id.h"

namespace carnet::pipeline {
namespace {

constexpr char kReport[] = "report of a machine";
// A host has some ten GPUs; each is some hundred bytes.
constexpr json::Limits kReportLimits = {.max_bytes = 1 << 20, .max_depth = 4, .max_values = 8'192};
constexpr size_t kMaxTextBytes = 256;  // the longest host name that systems have

Error Refuse(std::string_view field, std::string_view why) {
  return Malformed(std::string(kReport) + ": " + std::string(field) + ": " + std::string(why));
}

Result<> CheckObject(const json::Value& value, std::initializer_list<std::string_view> known) {
  if (!value.is(json::Type::kObject)) return Refuse(value.Path(), "expected an object");
  for (auto member = value.first_child(); member; member = member->next()) {
    if (std::find(known.begin(), known.end(), member->key()) == known.end())
      return Refuse(member->Path(), "no such field");
  }
  return Ok();
}

Result<std::string> TextOf(const json::Value& object, std::string_view key) {
  const auto text = object.Find(key);
  if (!text || !text->is(json::Type::kString)) return Refuse(key, "expected a text");
  const bool fits = !text->string().empty() && text->string().size() <= kMaxTextBytes;
  if (!fits || FindForbiddenCharacter(text->string())) return Refuse(key, "not such a text");
  return std::string(text->string());
}

Result<uint64_t> NumberOf(const json::Value& object, std::string_view key) {
  const auto number = object.Find(key);
  const auto count =
      number && number->is(json::Type::kNumber) ? number->AsU64() : std::optional<uint64_t>();
  if (!count || *count == 0) return Refuse(key, "expected a number above 0");
  return *count;
}

Result<ReportedCpu> CpuOf(const json::Value& cpu) {
  CARNET_TRY_VOID(CheckObject(
      cpu, {"model", "vendor", "cores", "f32_lanes", "fma_units", "nominal_hz", "maximum_hz"}));
  ReportedCpu reported{};
  CARNET_TRY(reported.model, TextOf(cpu, "model"));
  CARNET_TRY(reported.vendor, TextOf(cpu, "vendor"));
  CARNET_TRY(reported.cores, NumberOf(cpu, "cores"));
  CARNET_TRY(reported.f32_lanes, NumberOf(cpu, "f32_lanes"));
  CARNET_TRY(reported.fma_units, NumberOf(cpu, "fma_units"));
  CARNET_TRY(reported.nominal_hz, NumberOf(cpu, "nominal_hz"));
  if (cpu.Find("maximum_hz")) {
    CARNET_TRY(reported.maximum_hz, NumberOf(cpu, "maximum_hz"));
  }
  return reported;
}

Result<std::vector<ReportedGpu>> GpusOf(const json::Value& list) {
  if (!list.is(json::Type::kArray)) return Refuse("gpus", "expected a list");
  std::vector<ReportedGpu> gpus;
  for (auto item = list.first_child(); item; item = item->next()) {
    CARNET_TRY_VOID(CheckObject(*item, {"name", "id"}));
    CARNET_TRY(std::string name, TextOf(*item, "name"));
    CARNET_TRY(std::string id, TextOf(*item, "id"));
    if (const auto is_id = schemas::CheckDeviceId(id); !is_id)
      return Refuse("id", is_id.error().message);
    gpus.push_back({std::move(name), std::move(id)});
  }
  return gpus;
}

}  // namespace

std::string WriteMachineReport(const ThisMachine& machine) {
  json::Writer writer;
  writer.BeginObject().Member("host", machine.host).Key("gpus").BeginArray();
  for (const ReportedGpu& gpu : machine.gpus)
    writer.BeginObject().Member("name", gpu.name).Member("id", gpu.id).EndObject();
  writer.EndArray();
  if (!machine.cpu) return writer.EndObject().Take();
  const ReportedCpu& cpu = *machine.cpu;
  writer.Key("cpu")
      .BeginObject()
      .Member("model", cpu.model)
      .Member("vendor", cpu.vendor)
      .Member("cores", cpu.cores)
      .Member("f32_lanes", cpu.f32_lanes)
      .Member("fma_units", cpu.fma_units)
      .Member("nominal_hz", cpu.nominal_hz);
  if (cpu.maximum_hz) writer.Member("maximum_hz", *cpu.maximum_hz);
  return writer.EndObject().EndObject().Take();
}

Result<ThisMachine> ReadMachineReport(std::string_view text) {
  const auto parsed = json::Parse(text, kReportLimits);
  if (!parsed) return parsed.error().In(kReport);
  const json::Value root = parsed->root();
  CARNET_TRY_VOID(CheckObject(root, {"host", "gpus", "cpu"}));
  ThisMachine machine;
  CARNET_TRY(machine.host, TextOf(root, "host"));
  const auto gpus = root.Find("gpus");
  if (!gpus) return Refuse("gpus", "required");
  CARNET_TRY(machine.gpus, GpusOf(*gpus));
  const auto cpu = root.Find("cpu");
  if (machine.gpus.empty() == !cpu.has_value())
    return Refuse("cpu", "a machine is described by its GPUs, or by its CPU where it has none");
  if (cpu) {
    CARNET_TRY(machine.cpu, CpuOf(*cpu));
  }
  CARNET_TRY_VOID(CheckAlike(machine.gpus));
  return machine;
}

}  // namespace carnet::pipeline
