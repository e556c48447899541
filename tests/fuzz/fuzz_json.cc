// A document that is read keeps its meaning through every way in which it can be written; the
// canonical text is its own canonical text.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/check.h"
#include "core/utf8.h"
#include "json/canonical.h"
#include "json/reader.h"
#include "json/writer.h"

using namespace carnet::json;

namespace {

std::string Written(const Tree& tree, Layout layout) {
  return Writer(layout).Copy(tree.root()).Take();
}

// What was written from a document is refused only where it has outgrown the bound on bytes.
std::optional<Tree> ParseWritten(std::string_view text, const Limits& limits) {
  auto tree = Parse(text, limits);
  if (tree) return std::move(*tree);
  CARNET_CHECK(text.size() > limits.max_bytes);
  return std::nullopt;
}

void CheckDocument(std::string_view text, const Limits& limits) {
  const auto tree = Parse(text, limits);
  if (!tree) {
    CARNET_CHECK(!tree.error().message.empty());
    return;
  }
  CARNET_CHECK(carnet::IsValidUtf8(text));
  const std::string compact = Written(*tree, Layout::kCompact);
  for (const std::string& same : {compact, Written(*tree, Layout::kIndented)}) {
    const auto again = ParseWritten(same, limits);
    if (again) CARNET_CHECK(Written(*again, Layout::kCompact) == compact);
  }
  const auto canonical = Canonical(tree->root());
  if (!canonical) return;  // a number outside the doubles
  const auto again = ParseWritten(*canonical, limits);
  if (again) CARNET_CHECK(Canonical(again->root()).value() == *canonical);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = carnet::AsText({data, size});
  CheckDocument(text, {});
  CheckDocument(text, {.max_depth = 4, .max_values = 64, .allow_null = true});
  return 0;
}
