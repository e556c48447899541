#include "api/find_passport.h"

#include <fmt/core.h>
#include <limits.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "artifact/manifest.h"
#include "core/file.h"
#include "core/utf8.h"

namespace carnet::api {
namespace {

constexpr std::string_view kEnding = artifact::kPassportEnding;

Error NotReadable(const std::string& model, const std::error_code& error) {
  const std::string what = Printable(model, PATH_MAX) + ": " + error.message();
  return error == std::errc::no_such_file_or_directory ? NotFound(what) : Io(what);
}

// At the top of the folder; nothing of a model that is a file, or of a place where nothing is.
Result<std::vector<std::string>> InFolder(const std::string& model) {
  std::vector<std::string> found;
  std::error_code error;
  const auto status = std::filesystem::status(model, error);
  // What cannot be looked at may have one.
  if (status.type() == std::filesystem::file_type::none) return NotReadable(model, error);
  if (!std::filesystem::is_directory(status)) return found;
  error.clear();  // it was looked at
  std::filesystem::directory_iterator entry(model, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().string().ends_with(kEnding)) found.push_back(entry->path().string());
  }
  if (error) return NotReadable(model, error);
  std::sort(found.begin(), found.end());
  return found;
}

// `./model` of `./model/`, and the name of `.`.
Result<std::string> BesideModel(const std::string& model) {
  std::error_code error;
  const auto path = std::filesystem::canonical(model, error);
  if (error) return NotReadable(model, error);
  const size_t end = model.find_last_not_of('/');
  const std::string plain = model.substr(0, end == model.npos ? 0 : end + 1);
  const std::string name = plain.substr(plain.rfind('/') + 1);
  return (name.empty() || name == "." || name == ".." ? path.string() : plain) +
         std::string(kEnding);
}

// `place`: the model, or the path that stands for it elsewhere.
Result<std::string> TheOnly(const std::string& place, const std::string& beside) {
  CARNET_TRY(std::vector<std::string> found, InFolder(place));
  if (PathExists(beside)) found.push_back(beside);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    const auto claims = std::filesystem::path(place) / artifact::kClaimsFile;
    if (PathExists(claims.string())) return claims.string();
    return NotFound(fmt::format("{}: no passport: neither {} nor a file *{} or {} in the folder",
                                Printable(place, PATH_MAX), Printable(beside, PATH_MAX), kEnding,
                                artifact::kClaimsFile));
  }
  return Conflict(fmt::format("{}: {} passports, such as {} and {}: name one",
                              Printable(place, PATH_MAX), found.size(),
                              Printable(found[0], PATH_MAX), Printable(found[1], PATH_MAX)));
}

}  // namespace

Result<std::string> FindPassport(const std::string& model) {
  CARNET_TRY(const std::string beside, BesideModel(model));
  return TheOnly(model, beside);
}

Result<std::string> FindPassportAt(const std::string& place) {
  return TheOnly(place, place + std::string(kEnding));
}

bool HoldsClaims(const std::string& path) {
  return std::filesystem::path(path).filename() == artifact::kClaimsFile;
}

}  // namespace carnet::api
