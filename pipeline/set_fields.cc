#include "pipeline/set_fields.h"

#include "artifact/covered_files.h"
#include "artifact/oms_root.h"
#include "schemas/readers.h"

namespace carnet::pipeline {
namespace {

using schemas::BuilderOf;
using schemas::Kind;
using schemas::SetDigest;

void Fill(capnp::List<wire::FileEntry>::Builder to, std::span<const artifact::FileEntry> files) {
  for (uint32_t i = 0; i < to.size(); ++i) {
    to[i].setPath(files[i].path);
    SetDigest(to[i].initSha256(), files[i].sha256);
    to[i].initBytes().setValue(files[i].bytes);
  }
}

// Calls `act` with the builder of a kind that ends with a model (S10).
template <typename Act>
void WithModelFields(schemas::Predicate& draft, Act act) {
  if (draft.kind() == Kind::kSegment) return act(BuilderOf<wire::Segment>(draft));
  if (draft.kind() == Kind::kCompletion) return act(BuilderOf<wire::Completion>(draft));
  act(BuilderOf<wire::Passport>(draft));
}

}  // namespace

void SetFiles(std::span<const artifact::FileEntry> files, schemas::Predicate& draft) {
  const auto count = static_cast<uint32_t>(files.size());
  if (draft.kind() == Kind::kDataset) {
    return Fill(BuilderOf<wire::Dataset>(draft).initFiles(count), files);
  }
  Fill(BuilderOf<wire::Passport>(draft).initFiles(count), files);
}

void SetModel(const artifact::ModelFiles& files, schemas::Predicate& draft) {
  WithModelFields(draft, [&](auto fields) {
    SetDigest(fields.initModel(), files.digest);
    if (files.weight_sets.empty()) return;
    auto roots = fields.initTensorRoots(static_cast<uint32_t>(files.weight_sets.size()));
    for (uint32_t i = 0; i < roots.size(); ++i) {
      roots[i].setSet(files.weight_sets[i].name);
      SetDigest(roots[i].initRoot(), files.weight_sets[i].root);
    }
  });
}

void SetCoveredModel(const artifact::ModelFiles& model, NotCovered patterns,
                     schemas::Predicate& passport) {
  const artifact::CoveredFiles covered(model, patterns);
  SetModel(model, passport);
  SetFiles(covered.files(), passport);
  auto fields = BuilderOf<wire::Passport>(passport);
  if (covered.digest()) SetDigest(fields.initModel(), *covered.digest());
  // The files are listed here, so that whoever knows a model by this root finds the passport; one
  // that the draft states is left for R18.
  const auto oms = artifact::OmsRootOf(covered.files());
  if (oms && !fields.hasOmsRoot()) SetDigest(fields.initOmsRoot(), *oms);
  const auto stated = patterns.patterns();
  if (stated.empty()) return;
  auto list = fields.initNotCovered(static_cast<uint32_t>(stated.size()));
  for (uint32_t i = 0; i < list.size(); ++i) {
    list.set(i, capnp::Text::Reader(stated[i].data(), stated[i].size()));
  }
}

std::optional<uint64_t> CountParameters(const artifact::ModelFiles& files) {
  uint64_t total = 0;
  for (const artifact::WeightSet& set : files.weight_sets) {
    if (!set.parameters.exact()) return std::nullopt;
    if (__builtin_add_overflow(total, set.parameters.least, &total)) return std::nullopt;
  }
  return total > 0 ? std::optional(total) : std::nullopt;
}

Result<> SetAfter(const ledger::Reader& reader, LeafIndex predecessor, schemas::Predicate& draft) {
  CARNET_TRY(const RootHash root, reader.RootAt(TreeSize(predecessor.value() + 1)));
  WithModelFields(draft, [&](auto fields) {
    auto after = fields.initAfter();
    after.initIndex().setValue(predecessor.value());
    SetDigest(after.initRoot(), root);
  });
  return Ok();
}

}  // namespace carnet::pipeline
