#include "cli/read_bundles.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/read_input.h"
#include "schemas/limits.h"
#include "sigstore/bundle.h"

namespace carnet::cli {

Result<> ReadBundleLines(const std::string& file, std::string_view text, Bundles& bundles) {
  if (text.empty()) return Rejected(file + ": is empty");
  size_t line = 1;
  for (size_t begin = 0; begin < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string where = fmt::format("{}: line {}", file, line);
    auto bundle = sigstore::ReadBundle(text.substr(begin, end - begin));
    if (!bundle) {
      // One bundle over several lines, as an editor lays it out.
      auto whole = line == 1 ? sigstore::ReadBundle(text) : bundle;
      if (!whole) return bundle.error().In(where);
      bundles.push_back({file, *std::move(whole)});
      return Ok();
    }
    bundles.push_back({std::move(where), *std::move(bundle)});
    begin = end + 1;
  }
  return Ok();
}

Result<Bundles> ReadBundles(const std::vector<std::string>& files, uint64_t max_bytes) {
  Bundles bundles;
  uint64_t bytes = 0;
  for (const std::string& file : files) {
    CARNET_TRY(const std::string text, ReadInput(file, schemas::kMaxPassportBytes));
    bytes += text.size();
    if (bytes > max_bytes)
      return Rejected(fmt::format("{}: more than {} bytes in all", InputName(file), max_bytes));
    CARNET_TRY_VOID(ReadBundleLines(InputName(file), text, bundles));
  }
  return bundles;
}

}  // namespace carnet::cli
