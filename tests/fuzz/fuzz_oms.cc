// Bundles and statements of OpenSSF Model Signing: what is read is written and read again the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "core/check.h"
#include "sigstore/oms_bundle.h"
#include "sigstore/oms_statement.h"

using namespace carnet::sigstore;

namespace {

void CheckStatement(carnet::ByteSpan payload) {
  const auto first = ReadOmsStatement(payload);
  const auto* statement = std::get_if<OmsStatement>(&first);
  if (statement == nullptr) return;
  CARNET_CHECK(!statement->manifest.resources.empty());
  const bool single =
      statement->manifest.resources.front().path == carnet::artifact::kOmsSingleFile;
  for (const auto& resource : statement->manifest.resources) {
    CARNET_CHECK(single || carnet::artifact::CheckOmsPath(resource.path).has_value());
    CARNET_CHECK(resource.begin <= resource.end);
  }
  const std::string text = WriteOmsStatement(statement->model_name, statement->manifest);
  const auto second = ReadOmsStatement(carnet::AsBytes(text));
  const auto* again = std::get_if<OmsStatement>(&second);
  CARNET_CHECK(again != nullptr && again->manifest == statement->manifest);
  CARNET_CHECK(again->root == statement->root && again->model_name == statement->model_name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  CheckStatement({data, size});
  const auto bundle = ReadOmsBundle(carnet::AsText({data, size}));
  if (!bundle) return 0;
  CheckStatement(bundle->envelope.payload);
  if (std::holds_alternative<OmsSigstoreCertificate>(bundle->material)) return 0;
  const std::string text = WriteOmsBundle(*bundle);
  const auto second = ReadOmsBundle(text);
  CARNET_CHECK(second.has_value());
  CARNET_CHECK(second->envelope == bundle->envelope);
  CARNET_CHECK(WriteOmsBundle(*second) == text);
  return 0;
}
