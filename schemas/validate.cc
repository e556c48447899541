#include "schemas/validate.h"

#include <algorithm>
#include <tuple>

#include "core/file_path.h"
#include "core/hex.h"
#include "core/not_covered.h"
#include "crypto/sha256.h"
#include "schemas/device_id.h"
#include "schemas/readers.h"

namespace carnet::schemas {
namespace {

constexpr std::string_view kRepeated = "appears more than once";

Error At(std::string_view field, std::string_view why) {
  return Malformed("predicate." + std::string(field) + ": " + std::string(why));
}

std::string Item(std::string_view list, size_t index, std::string_view field = "") {
  return std::string(list) + "[" + std::to_string(index) + "]" + std::string(field);
}

Result<> RequireAbsent(bool present, std::string_view field, std::string_view where) {
  if (!present) return Ok();
  return At(field, "not allowed " + std::string(where));
}

Result<> RequirePresent(bool present, std::string_view field, std::string_view where) {
  if (present) return Ok();
  return At(field, "required " + std::string(where) + ", but absent");
}

// The index of the first item that equals an earlier one.
template <typename T>
std::optional<size_t> FirstRepeated(const std::vector<T>& items) {
  std::vector<size_t> order(items.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return std::tie(items[a], a) < std::tie(items[b], b); });
  std::optional<size_t> first;
  for (size_t i = 1; i < order.size(); ++i) {
    if (items[order[i]] == items[order[i - 1]])
      first = std::min(first.value_or(order[i]), order[i]);
  }
  return first;
}

template <typename T>
Result<> RefuseRepeated(const std::vector<T>& items, std::string_view list,
                        std::string_view field = "") {
  if (const auto index = FirstRepeated(items)) return At(Item(list, *index, field), kRepeated);
  return Ok();
}

std::vector<SignerId> SignersOf(capnp::List<wire::SignerRef>::Reader list) {
  std::vector<SignerId> signers;
  for (const auto signer : list) signers.push_back(SignerIdOf(signer));
  return signers;
}

Result<> CheckFiles(capnp::List<wire::FileEntry>::Reader files) {
  std::string_view previous;
  for (uint32_t i = 0; i < files.size(); ++i) {
    const std::string_view path = TextOf(files[i].getPath());
    if (const auto checked = CheckFilePath(path); !checked) {
      return At(Item("files", i, ".path"), checked.error().message);
    }
    if (i > 0 && path == previous) return At(Item("files", i, ".path"), kRepeated);
    if (i > 0 && path < previous) return At(Item("files", i, ".path"), "not in order");
    previous = path;
  }
  return Ok();
}

// S5: the sums file that sha256sum prints for the sorted paths.
ModelDigest SumsFileDigest(capnp::List<wire::FileEntry>::Reader files) {
  crypto::Sha256 sums;
  for (const auto file : files) {
    sums.Update(HexEncode(DigestOf<Sha256Digest>(file.getSha256()).span()));
    sums.Update("  ").Update(TextOf(file.getPath())).Update("\n");
  }
  return Retag<ModelDigest>(sums.Finish());
}

Result<> CheckTensorRoots(capnp::List<wire::WeightSetRoot>::Reader roots) {
  std::vector<std::string_view> sets;
  for (const auto root : roots) sets.push_back(TextOf(root.getSet()));
  return RefuseRepeated(sets, "tensor_roots", ".set");
}

// A list of a data set's files is optional; where there is one, digest and size are its own.
Result<> CheckDataFiles(wire::Dataset::Reader dataset) {
  const auto files = dataset.getFiles();
  CARNET_TRY_VOID(CheckFiles(files));
  if (dataset.getDataBasis() != wire::DataBasis::FILES || files.size() == 0) return Ok();
  if (SumsFileDigest(files) != DigestOf<ModelDigest>(dataset.getData())) {
    return At("data", "not the digest of the files");
  }
  uint64_t bytes = 0;
  bool too_many = false;
  for (const auto file : files) {
    too_many |= __builtin_add_overflow(bytes, file.getBytes().getValue(), &bytes);
  }
  const auto stated = dataset.getSize().getBytes();
  if (stated.isUndisclosed() || (!too_many && stated.getValue() == bytes)) return Ok();
  return At("size.bytes", "not the sum of the files' bytes");
}

Result<> Check(wire::Dataset::Reader dataset) {
  const auto sources = dataset.getSources();
  const uint32_t count = sources.isItems() ? sources.getItems().size() : 0;
  for (uint32_t i = 0; i < count; ++i) {
    const auto source = sources.getItems()[i];
    const auto where = Item("sources", i);
    if (source.getKind() != wire::SourceKind::SYNTHETIC) {
      constexpr std::string_view kWhere = "on a source that is not synthetic";
      CARNET_TRY_VOID(RequireAbsent(source.hasGenerator(), where + ".generator", kWhere));
      CARNET_TRY_VOID(
          RequireAbsent(source.hasGeneratorModel(), where + ".generator_model", kWhere));
      CARNET_TRY_VOID(
          RequireAbsent(source.hasGeneratorPublic(), where + ".generator_public", kWhere));
      CARNET_TRY_VOID(
          RequireAbsent(source.hasGenerationFlop(), where + ".generation_flop", kWhere));
    } else if (source.hasGenerator()) {
      CARNET_TRY_VOID(RequireAbsent(source.hasGeneratorModel(), where + ".generator_model",
                                    "together with generator"));
    }
  }
  return CheckDataFiles(dataset);
}

Result<> CheckDeclaringSigner(std::string_view id, std::string_view field,
                              wire::Head::Reader head) {
  const auto declared_by = DeclaringSigner(id);
  if (!declared_by || *declared_by == SignerIdOf(head.getSigner())) return Ok();
  return At(field, "declared by " + declared_by->ToString() + ", which is not the signer");
}

Result<> CheckOneDevice(std::string_view id, std::string_view field, wire::Device::Reader device) {
  if (const auto checked = CheckDeviceId(id); !checked) return At(field, checked.error().message);
  return device.hasHead() ? CheckDeclaringSigner(id, field, device.getHead()) : Ok();
}

Result<> CheckGroup(wire::Device::Reader device) {
  std::vector<std::string_view> members;
  for (const auto member : device.getMembers()) {
    const std::string_view id = TextOf(member);
    const auto field = Item("members", members.size());
    CARNET_TRY_VOID(CheckOneDevice(id, field, device));
    if (!members.empty() && id <= members.back()) {
      return At(field, "not in order, or appears more than once");
    }
    members.push_back(id);
  }
  if (members.empty()) return At("members", "required in a group, but absent");
  if (members.size() != device.getUnits().getValue()) {
    return At("units", "must be the number of members");
  }
  if (TextOf(device.getId()) != GroupId(members)) return At("id", "not the hash of the members");
  return Ok();
}

Result<> CheckDeclaredPeaks(wire::Device::Reader device) {
  if (device.hasCpu()) return At("declared_peaks", "not allowed for a cpu");
  if (TextOf(device.getChip()) == "undisclosed") {
    return At("declared_peaks", "not allowed where the chip is undisclosed");
  }
  std::vector<wire::Precision> precisions;
  for (const auto peak : device.getDeclaredPeaks().getPeaks()) {
    if (FlopOf(peak.getFlops()) == Flop(0)) {
      return At(Item("declared_peaks.peaks", precisions.size(), ".flops"), "must be above 0");
    }
    precisions.push_back(peak.getPrecision());
  }
  return RefuseRepeated(precisions, "declared_peaks.peaks", ".precision");
}

Result<> Check(wire::Device::Reader device) {
  const uint64_t units = device.getUnits().getValue();
  if (units == 0) return At("units", "must be at least 1");
  if (device.hasCpu() == device.hasChip()) {
    return At("chip", "exactly one of chip and cpu is required");
  }
  if (device.hasCpu() && units != 1) return At("units", "must be 1 for a cpu");
  if (device.hasDeclaredPeaks()) CARNET_TRY_VOID(CheckDeclaredPeaks(device));
  const std::string_view id = TextOf(device.getId());
  if (IsGroupId(id)) return CheckGroup(device);
  CARNET_TRY_VOID(RequireAbsent(device.hasMembers(), "members", "outside a group"));
  return CheckOneDevice(id, "id", device);
}

Result<> Check(wire::Allocation::Reader allocation) {
  if (allocation.hasDevices()) {
    CARNET_TRY_VOID(RequireAbsent(allocation.hasPool(), "pool", "together with devices"));
  }
  return RefuseRepeated(SignersOf(allocation.getHolders()), "holders");
}

bool Trains(wire::RunKind kind) {
  switch (kind) {
    case wire::RunKind::PRE_TRAINING:
    case wire::RunKind::FINE_TUNE:
    case wire::RunKind::REINFORCEMENT_LEARNING:
    case wire::RunKind::DISTILLATION:
    case wire::RunKind::ADAPTER:
      return true;
    case wire::RunKind::UNSET:
    case wire::RunKind::MERGE:
    case wire::RunKind::QUANTISATION:
    case wire::RunKind::ABLATION:
      return false;
  }
  CARNET_CHECK(false);
}

Result<> Check(wire::Run::Reader run) {
  const auto datasets = run.getDatasets();
  if (Trains(run.getKind()) && datasets.isItems() && datasets.getItems().size() == 0) {
    return At("datasets", "empty in a run that trains; name the data, or say \"undisclosed\"");
  }
  if (run.hasLanes() && run.getLanes().getValue() == 0) return At("lanes", "must be at least 1");
  const auto inputs = run.getInputs();
  for (uint32_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].getType() == wire::EdgeType::MERGED_FROM) continue;
    CARNET_TRY_VOID(RequireAbsent(inputs[i].hasWeightPpm(), Item("inputs", i, ".weight_ppm"),
                                  "except on a merged-from edge"));
  }
  return RefuseRepeated(SignersOf(run.getRecorders()), "recorders");
}

Result<> CheckUsage(capnp::List<wire::Usage>::Reader usage) {
  std::vector<std::tuple<Bytes, Bytes>> pairs;
  for (uint32_t i = 0; i < usage.size(); ++i) {
    if (usage[i].getUnits().getValue() == 0) {
      return At(Item("usage", i, ".units"), "must be at least 1");
    }
    const auto device = usage[i].getDevice().getBytes();
    const auto allocation = usage[i].getAllocation().getBytes();  // none where absent
    pairs.emplace_back(Bytes(device.begin(), device.end()),
                       Bytes(allocation.begin(), allocation.end()));
  }
  return RefuseRepeated(pairs, "usage");
}

Result<> Check(wire::Segment::Reader segment) {
  const bool first = segment.getSeq().getValue() == 0;
  if (first) {
    CARNET_TRY_VOID(RequireAbsent(segment.hasPrevious(), "previous", "at seq 0"));
    CARNET_TRY_VOID(RequirePresent(segment.hasAfter(), "after", "at seq 0"));
  } else {
    CARNET_TRY_VOID(RequirePresent(segment.hasPrevious(), "previous", "above seq 0"));
  }
  std::vector<wire::Precision> precisions;
  for (const auto precision : segment.getPrecision()) precisions.push_back(precision);
  CARNET_TRY_VOID(RefuseRepeated(precisions, "precision"));
  CARNET_TRY_VOID(CheckUsage(segment.getUsage()));
  return CheckTensorRoots(segment.getTensorRoots());
}

// One `{expert}` at most; no other braces, as a misspelt one would match nothing.
bool IsTensorPattern(std::string_view pattern) {
  constexpr std::string_view kExpert = "{expert}";
  const size_t at = pattern.find(kExpert);
  std::string rest(pattern);
  if (at != pattern.npos) rest.erase(at, kExpert.size());
  return rest.find_first_of("{}") == rest.npos;
}

Result<> CheckExperts(wire::Experts::Reader experts) {
  const uint64_t count = experts.getCount().getValue();
  const uint64_t active = experts.getActivePerToken().getValue();
  if (count == 0) return At("parameters.experts.count", "must be at least 1");
  if (active == 0 || active > count) {
    return At("parameters.experts.active_per_token", "must be from 1 to count");
  }
  const auto tensors = experts.getTensors();
  for (uint32_t i = 0; i < tensors.size(); ++i) {
    if (IsTensorPattern(TextOf(tensors[i]))) continue;
    return At(Item("parameters.experts.tensors", i),
              "expected a tensor name with `*` and at most one `{expert}`");
  }
  return Ok();
}

Result<> CheckParameters(wire::Parameters::Reader parameters) {
  if (parameters.hasExperts()) CARNET_TRY_VOID(CheckExperts(parameters.getExperts()));
  const auto total = parameters.getTotal();
  const auto active = parameters.getActive();
  if (!parameters.hasActive() || !total.isValue() || !active.isValue()) return Ok();
  if (active.getValue() > total.getValue()) return At("parameters.active", "more than total");
  if (active.getValue() == total.getValue()) return Ok();
  return RequirePresent(parameters.hasExperts(), "parameters.experts",
                        "where active is below total");
}

Result<> Check(wire::Completion::Reader completion) {
  if (completion.getLast().size() != completion.getSegments().size()) {
    return At("segments", "must have one number for each item of last");
  }
  if (completion.getOutcome() == wire::Outcome::COMPLETED) {
    constexpr std::string_view kWhere = "in a completed run";
    CARNET_TRY_VOID(RequirePresent(completion.hasModel(), "model", kWhere));
    CARNET_TRY_VOID(RequireAbsent(completion.hasRunId(), "run_id", kWhere));
    CARNET_TRY_VOID(RequireAbsent(completion.hasReason(), "reason", kWhere));
    CARNET_TRY_VOID(CheckParameters(completion.getParameters()));
    return CheckTensorRoots(completion.getTensorRoots());
  }
  constexpr std::string_view kWhere = "in an aborted run";
  CARNET_TRY_VOID(RequirePresent(completion.hasRunId(), "run_id", kWhere));
  CARNET_TRY_VOID(RequirePresent(completion.hasReason(), "reason", kWhere));
  CARNET_TRY_VOID(RequireAbsent(completion.hasModel(), "model", kWhere));
  CARNET_TRY_VOID(RequireAbsent(completion.hasTensorRoots(), "tensor_roots", kWhere));
  CARNET_TRY_VOID(RequireAbsent(completion.hasParameters(), "parameters", kWhere));
  return RequireAbsent(completion.hasConverted(), "converted", kWhere);
}

// S5: from a closed list, and of no file that is stated.
Result<> CheckNotCovered(wire::Passport::Reader passport) {
  const auto patterns = NotCovered::Of(TextsOf(passport.getNotCovered()));
  if (!patterns) return Malformed("predicate.not_covered" + patterns.error().message);
  const auto files = passport.getFiles();
  for (uint32_t i = 0; i < files.size(); ++i) {
    if (!patterns->Matches(TextOf(files[i].getPath()))) continue;
    return At(Item("files", i, ".path"), "matches a pattern of not_covered");
  }
  return Ok();
}

Result<> Check(wire::Passport::Reader passport) {
  CARNET_TRY_VOID(CheckFiles(passport.getFiles()));
  CARNET_TRY_VOID(CheckNotCovered(passport));
  if (SumsFileDigest(passport.getFiles()) != DigestOf<ModelDigest>(passport.getModel())) {
    return At("model", "not the digest of the files");
  }
  CARNET_TRY_VOID(CheckTensorRoots(passport.getTensorRoots()));
  std::vector<wire::EdgeType> edges;
  for (const auto edge : passport.getFlop().getEdges()) edges.push_back(edge);
  CARNET_TRY_VOID(RefuseRepeated(edges, "flop.edges"));
  return CheckParameters(passport.getParameters());
}

Result<> Check(wire::Verdict::Reader) { return Ok(); }

}  // namespace

Result<> Validate(const Predicate& predicate) {
  return VisitFields(predicate, [](auto fields) { return Check(fields); });
}

}  // namespace carnet::schemas
