// A file is left out only for what is plainly so: of a name in the list, within its limit, and not
// a thing that a loader of weights, an interpreter or an unpacker would take from its first byte.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "artifact/leavable_content.h"
#include "core/check.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

using namespace std::literals;

void CheckHarmless(std::string_view path, std::string_view content) {
  CARNET_CHECK(content.size() <= kMaxLeavableBytes);
  // A page may begin with the word GGUF; the version that follows it in such a file is in no text.
  for (const std::string_view magic :
       {"#!"sv, "GGUF\0"sv, "GGUF\x01"sv, "GGUF\x02"sv, "GGUF\x03"sv, "PK\x03\x04"sv,
        "\x7f"
        "ELF"sv,
        "\x89HDF"sv, "\x80"sv}) {
    CARNET_CHECK(!content.starts_with(magic));
  }
  CARNET_CHECK(content.find("PK\x05\x06") == content.npos);  // nothing is longer than the tail here
  if (LeavableKindOf(path) != LeavableKind::kText) return;
  CARNET_CHECK(IsValidUtf8(content));
  CARNET_CHECK(content.find('\0') == content.npos);
}

}  // namespace
}  // namespace carnet::artifact

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace carnet;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(input.find('\n'), size);
  const std::string_view path = input.substr(0, end);
  const std::string_view content = end == size ? std::string_view() : input.substr(end + 1);
  if (NotCovered::Matching(path).empty()) return 0;
  const auto read = [&](uint64_t offset, std::span<uint8_t> into) -> Result<> {
    CARNET_CHECK(offset <= content.size() && into.size() <= content.size() - offset);
    std::copy_n(content.begin() + static_cast<ptrdiff_t>(offset), into.size(), into.begin());
    return Ok();
  };
  const auto why = artifact::WhyNotLeavable(path, read, content.size());
  CARNET_CHECK(why.has_value());
  if (why->empty()) artifact::CheckHarmless(path, content);
  return 0;
}
