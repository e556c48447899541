#include "pipeline/derive_supplies.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "core/utf8.h"
#include "json/reader.h"
#include "pipeline/placeholder.h"
#include "schemas/device_id.h"
#include "schemas/field_guide.h"
#include "verifier/compute/find_chip.h"

namespace carnet::pipeline {
namespace {

using json::Document;

std::string StillOpen(schemas::Kind kind, std::string_view name, const std::string& known = "") {
  const schemas::FieldGuide* field = schemas::GuideOf(kind).Find(name);
  CARNET_CHECK(field != nullptr);
  return Placeholder(name, known.empty() ? field->meaning : field->meaning + "; " + known);
}

Document CpuOf(const ReportedCpu& cpu) {
  const auto tree = json::Parse(CpuJson(cpu));
  CARNET_CHECK(tree.has_value());  // written by our own writer
  return Document::CopyOf(tree->root());
}

void SetGpus(const std::vector<ReportedGpu>& gpus, const verifier::compute::Catalogue& chips,
             DerivedDraft& draft) {
  std::vector<std::string_view> ids;
  ids.reserve(gpus.size());
  for (const ReportedGpu& gpu : gpus) ids.push_back(gpu.id);
  std::sort(ids.begin(), ids.end());
  const bool group = ids.size() > 1;
  draft.fields.Set("id", group ? schemas::GroupId(ids) : std::string(ids.front()));
  if (group) {
    Document& members = draft.fields.Set("members", Document::Array());
    for (const std::string_view id : ids) members.Append(Document::String(id));
  }
  draft.fields.Set("units", CountOf(ids.size()));
  draft.fields.Set("vendor", "NVIDIA");
  const std::string& name = gpus.front().name;
  const auto chip = verifier::compute::FindChip(chips, name);
  const bool known = chip.ids.size() == 1 && !chip.units;
  std::string hint = "nvidia-smi says " + Quoted(name);
  if (chip.ids.size() > 1) hint += ", which is " + verifier::compute::OneOf(chip.ids);
  draft.fields.Set("chip", known ? chip.ids[0] : StillOpen(schemas::Kind::kDevice, "chip", hint));
  draft.notes.push_back(fmt::format("nvidia-smi reports {} x {}", ids.size(), Quoted(name)));
}

// By a declared id anybody may call this machine.
bool IsOtherHardware(const Document* id, const DerivedDraft& derived) {
  if (id == nullptr || !id->is(json::Type::kString)) return false;
  return !id->text().starts_with("declared:") && !IsText(derived.fields.Find("id"), id->text());
}

DerivedDraft DescribeMachine(const ThisMachine& machine, const std::optional<SignerId>& signer,
                             const verifier::compute::Catalogue& chips) {
  DerivedDraft draft;
  if (!machine.gpus.empty()) {
    SetGpus(machine.gpus, chips, draft);
    return draft;
  }
  CARNET_CHECK(machine.cpu.has_value());
  const std::string label = LabelOf(machine.host);
  draft.fields.Set(
      "id", signer ? fmt::format("declared:{}:{}", signer->ToString(), label)
                   : StillOpen(schemas::Kind::kDevice, "id", "declared:<your key id>:" + label));
  draft.fields.Set("units", CountOf(1));
  draft.fields.Set("vendor", machine.cpu->vendor.empty()
                                 ? StillOpen(schemas::Kind::kDevice, "vendor")
                                 : machine.cpu->vendor);
  draft.fields.Set("cpu", CpuOf(*machine.cpu));
  draft.notes.push_back("no GPU is reported: the device is the CPU, " + Quoted(machine.cpu->model));
  return draft;
}

std::string BaseName(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path whole = fs::absolute(path, error).lexically_normal();
  if (error) return "";
  if (!whole.has_filename()) whole = whole.parent_path();  // "data/"
  return whole.filename().string();
}

bool IsName(const std::string& text) {
  return !text.empty() && IsValidUtf8(text) && !FindForbiddenCharacter(text) && !IsBlank(text) &&
         !IsPlaceholder(text);
}

bool IsLicenceFile(std::string_view path) {
  for (const std::string_view name : {"LICENSE", "LICENCE", "COPYING"}) {
    if (path.starts_with(name)) return true;
  }
  return false;
}

}  // namespace

bool IsDeviceStated(const Document& given) {
  const bool part = given.Find("chip") != nullptr || given.Find("cpu") != nullptr;
  return part && given.Find("id") != nullptr;
}

DerivedDraft DeriveDevice(const ThisMachine& machine, const std::optional<SignerId>& signer,
                          const verifier::compute::Catalogue& chips, const Document& given) {
  DerivedDraft draft = DescribeMachine(machine, signer, chips);
  const bool other_part = given.Find(machine.gpus.empty() ? "chip" : "cpu") != nullptr;
  if (IsDeviceStated(given) || other_part || IsOtherHardware(given.Find("id"), draft)) return {};
  return draft;
}

DerivedDraft DeriveDataset(const std::string& path, const artifact::FileList& files) {
  DerivedDraft draft;
  const std::string name = BaseName(path);
  if (IsName(name)) draft.fields.Set("name", name);
  uint64_t bytes = 0;
  for (const artifact::ListedFile& file : files.files) {
    bytes += file.stamp.bytes;  // of files that exist: far below 2^64
    if (IsLicenceFile(file.path)) {
      draft.notes.push_back(
          fmt::format("{} is among the files: state its licence with --set "
                      "licence=…",
                      Printable(file.path)));
    }
  }
  draft.fields.Set("size", Document::Object()).Set("bytes", CountOf(bytes));
  return draft;
}

DerivedDraft DeriveAllocation(TimestampMs now) {
  DerivedDraft draft;
  draft.fields.Set("window", Document::Object()).Set("from", FormatTimestamp(now));
  return draft;
}

}  // namespace carnet::pipeline
