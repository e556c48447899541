// What Model, Trust and Policy hold: the values of the folders below.
#pragma once

#include <carnet/verify.h>

#include <string>
#include <vector>

#include "api/internals.h"
#include "artifact/model_files.h"
#include "trust/trust.h"
#include "verifier/compute/chips.h"
#include "verifier/gate.h"
#include "verifier/policy/policy.h"

namespace carnet {

struct Model::State {
  artifact::ModelFiles read;
  std::string digest;
  std::vector<ModelFile> files;  // covered
  std::vector<WeightSet> weight_sets;
  std::vector<std::string> not_covered;
  uint64_t bytes;
};

struct Trust::State {
  trust::Trust trust;
  std::string folder;
};

struct Policy::State {
  verifier::policy::Policy policy;
};

struct Chips::State {
  verifier::compute::Catalogue catalogue;
};

struct Gate::State {
  Trust trust;
  Policy policy;
  std::optional<Chips> chips;
  verifier::Gate gate;  // borrows from these
};

}  // namespace carnet
