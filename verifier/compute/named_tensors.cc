#include "verifier/compute/named_tensors.h"

#include <set>

namespace carnet::verifier::compute {

NamedTensors::NamedTensors(const WeightFiles& files, const ParentTensors& parents) : files_(files) {
  if (parents.empty() || files.largest() == nullptr) return;
  for (const artifact::TensorSummary& tensor : files.largest()->tensors) {
    unchanged_.push_back(parents.Have(tensor));
  }
}

NamedElements NamedTensors::Of(const Names& tables, const Names& names) {
  const auto [known, is_new] = known_[tables].try_emplace(names);
  if (is_new) known->second = Match(tables, names);
  return known->second;
}

NamedElements NamedTensors::Match(const Names& tables, const Names& names) {
  NamedElements elements;
  const auto places = files_.Match(names, work_);
  if (!places || places->empty()) return elements;
  const std::set<std::string_view> others(tables.begin(), tables.end());
  for (const size_t place : *places) {
    const artifact::TensorSummary& tensor = files_.largest()->tensors[place];
    if (others.contains(tensor.name)) continue;
    elements.all += tensor.counted();
    if (!unchanged_.empty() && unchanged_[place]) elements.unchanged += tensor.counted();
  }
  return elements;
}

}  // namespace carnet::verifier::compute
