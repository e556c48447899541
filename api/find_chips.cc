#include "api/find_chips.h"

#include "core/file.h"
#include "verifier/gate.h"

namespace carnet::api {

Result<verifier::compute::Catalogue> FindChips(const std::string& path, const trust::Trust& trust) {
  CARNET_TRY(auto catalogue, verifier::CatalogueFor(trust));
  if (path.empty()) return catalogue;
  CARNET_TRY(const std::string csv, ReadFile(path, verifier::compute::kMaxCatalogueBytes));
  CARNET_TRY_VOID(catalogue.Add(csv, path, "caller"));
  return catalogue;
}

}  // namespace carnet::api
