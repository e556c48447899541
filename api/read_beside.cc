#include "api/read_beside.h"

#include <filesystem>

#include "artifact/manifest.h"
#include "core/file.h"
#include "verifier/beside_passport.h"

namespace carnet::api {

Result<verifier::Beside> ReadBeside(const std::string& model) {
  verifier::Beside beside;
  const auto path = (std::filesystem::path(model) / artifact::kModelSignatureFile).string();
  std::error_code error;
  if (!std::filesystem::is_directory(model, error)) return beside;
  if (!std::filesystem::is_regular_file(path, error)) return beside;
  // One byte more than the limit, so that it is said to be too large.
  CARNET_TRY(beside.signature, ReadFilePrefix(path, verifier::kMaxSignatureBesideBytes + 1));
  return beside;
}

}  // namespace carnet::api
