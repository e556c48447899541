#include "tests/lies/account.h"

#include "artifact/adapter.h"
#include "artifact/model_digest.h"
#include "tests/support/value_of.h"

namespace carnet::test::lies {
namespace {

uint64_t CoefficientOf(const std::string& treatment) {
  if (treatment == "trained") return 6;
  if (treatment == "frozen-under-training") return 4;
  return treatment == "forward-only" ? 2 : 0;
}

class Walk {
 public:
  explicit Walk(const Account& account) : account_(account) {}

  Reached From(size_t root) {
    Meet(root);
    return std::move(reached_);
  }

 private:
  // Parents come before their children, so that this ends.
  void Meet(size_t place) {
    if (!reached_.models.insert(place).second) return;
    const Model& model = account_.models[place];
    for (const Parent& parent : model.parents) {
      if (parent.reference != Reference::kNothing && !parent.undisclosed) Meet(parent.model);
    }
    for (const size_t dataset : model.datasets) {
      reached_.datasets.insert(dataset);
      if (const auto& generator = account_.datasets[dataset].generator) Meet(*generator);
    }
    for (const auto& lane : model.lanes) {
      for (const Segment& segment : lane) {
        for (const Use& use : segment.usage) MeetUse(use);
      }
    }
  }

  void MeetUse(const Use& use) {
    reached_.devices.insert(use.device);
    for (auto lease = use.lease; lease; lease = account_.leases[*lease].parent) {
      reached_.leases.insert(*lease);
      reached_.devices.insert(account_.leases[*lease].device);
    }
  }

  const Account& account_;
  Reached reached_;
};

// Into 8 bits, all of them or a quarter of the layers.
void NarrowValues(const Model& model, artifact::WeightSet& set) {
  Uint128 narrow = 0;
  Uint128 layers = 0;  // all but tables and output layers
  for (const artifact::TensorSummary& tensor : set.tensors) {
    if (tensor.name.starts_with("layers.")) layers += tensor.elements;
  }
  for (artifact::TensorSummary& tensor : set.tensors) {
    const bool few = (narrow + tensor.elements) * 4 <= layers;
    if (model.weights == Weights::kFewFp8 && !few) continue;
    tensor.dtype = "F8_E4M3";
    narrow += tensor.elements;
  }
  set = ValueOf(artifact::MakeWeightSet(set.name, set.tensors), model.name);
}

void AddCopy(const std::string& dtype, artifact::ModelFiles& files) {
  const std::string name = "other" + std::to_string(files.weight_sets.size()) + ".safetensors";
  auto tensors = files.weight_sets.front().tensors;
  for (artifact::TensorSummary& tensor : tensors) tensor.dtype = dtype;
  files = WithFile(std::move(files), name, name);
  files.weight_sets.push_back(ValueOf(artifact::MakeWeightSet(name, std::move(tensors)), name));
}

// Only here is it counted how many bytes the weights themselves have.
void AddOthers(const OtherFiles& others, artifact::ModelFiles& files) {
  for (uint64_t i = 0; i < others.count; ++i) {
    const std::string name = "part" + std::to_string(i) + others.ending;
    files = WithFile(std::move(files), name, name);
  }
  files.total_bytes = 0;
  for (artifact::FileEntry& file : files.files) {
    if (file.path.ends_with(".safetensors")) file.bytes = 4 * files.weight_sets.front().elements;
    files.total_bytes += file.bytes;
    if (!file.path.starts_with("part")) continue;
    files.total_bytes += others.bytes - file.bytes;
    file.bytes = others.bytes;
    const NotCovered patterns = NotCovered::Matching(file.path);
    if (!patterns.empty()) files.leavable.push_back({file.path, patterns, others.why_not});
  }
  files.digest = artifact::ModelDigestOf(files.files);
}

}  // namespace

bool CarriesWeights(const std::string& edge) {
  return edge != "distilled-from" && edge != "synthetic-data-from";
}

bool IsHeldByArchitecture(Methods methods) {
  return methods != Methods::kCounter && methods != Methods::kCounterAndHardware;
}

bool UsesHardware(Methods methods) {
  return methods == Methods::kArchitectureAndHardware || methods == Methods::kCounterAndHardware;
}

Uint128 FlopPerToken(const std::vector<Class>& classes) {
  Uint128 flop = 0;
  for (const Class& each : classes) {
    flop += static_cast<Uint128>(CoefficientOf(each.treatment)) * each.parameters;
  }
  return flop;
}

Uint128 ArchitectureFlop(const Model& model, const Segment& segment) {
  return segment.tokens * (FlopPerToken(model.classes) + model.attention_per_token);
}

Uint128 UpdateFlop(const Model& model, const Segment& segment) {
  return IsHeldByArchitecture(model.methods) ? ArchitectureFlop(model, segment) : segment.counted;
}

Uint128 TotalFlop(const Model& model, const Segment& segment) {
  return UpdateFlop(model, segment) + segment.discarded;
}

Reached ReachedFrom(const Account& account) {
  return Walk(account).From(account.models.size() - 1);
}

std::set<size_t> CarriersOf(const Account& account) {
  std::set<size_t> carriers = {account.models.size() - 1};
  for (size_t place = account.models.size(); place-- > 0;) {  // children before their parents
    if (!carriers.contains(place)) continue;
    for (const Parent& parent : account.models[place].parents) {
      const bool open = parent.reference == Reference::kNothing || parent.undisclosed;
      if (CarriesWeights(parent.edge) && !open) carriers.insert(parent.model);
    }
  }
  return carriers;
}

artifact::ModelFiles FilesOf(const Model& model) {
  artifact::ModelFiles files = MakeModelOf(model.name, model.shapes);
  if (model.weights == Weights::kUnreadable) {
    files.weight_sets.clear();
    files.unread_weights = {{"model.safetensors", files.total_bytes, "an unknown format"}};
    return files;
  }
  if (model.weights != Weights::kPlain) NarrowValues(model, files.weight_sets.front());
  for (const std::string& dtype : model.copies) AddCopy(dtype, files);
  if (model.others.count > 0) AddOthers(model.others, files);
  const bool adapts = model.shapes.front().tensor.find("lora_A") != std::string::npos;
  if (adapts) files.adapter = artifact::AdapterOf(files.weight_sets.front());
  return files;
}

artifact::ModelFiles CoveredFilesOf(const Model& model) {
  artifact::ModelFiles files = FilesOf(model);
  if (model.others.left_out.empty()) return files;
  std::erase_if(files.files,
                [](const artifact::FileEntry& file) { return file.path.starts_with("part"); });
  files.digest = artifact::ModelDigestOf(files.files);
  return files;
}

std::string Describe(const Account& account) {
  std::string text;
  for (size_t place = account.models.size(); place-- > 0;) {
    const Model& model = account.models[place];
    if (!text.empty()) text += "; ";
    text += model.name + ": " + model.kind;
    for (const Parent& parent : model.parents) {
      text += " " + parent.edge + " " + account.models[parent.model].name;
    }
    size_t segments = 0;
    for (const auto& lane : model.lanes) segments += lane.size();
    text += " by " + model.party + ", " + std::to_string(model.total) + " parameters, " +
            std::to_string(segments) + " segments in " + std::to_string(model.lanes.size()) +
            " lanes";
  }
  text += "; devices:";
  for (const Device& device : account.devices) {
    text += " " + std::to_string(device.units) + " x " +
            (device.chip != nullptr ? device.chip->id : "cpu") + " of " + device.party;
  }
  return text;
}

}  // namespace carnet::test::lies
