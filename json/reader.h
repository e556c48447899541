// The one strict JSON reader (RFC 8259, and stricter): one value and nothing after it; UTF-8
// without BOM, no lone surrogates, no NUL; no key more than once in an object, after unescaping;
// null refused unless allowed; bounded size and depth. Numbers keep their text.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "json/tree.h"

namespace carnet::json {

struct Limits {
  uint64_t max_bytes = 4 * 1024 * 1024;
  uint32_t max_depth = 32;        // S4; against stack and time spent on nesting
  uint32_t max_values = 1 << 20;  // nodes cost 40 bytes for 2 bytes of input
  // Of one object; against time spent looking for repeated keys, which takes longer than reading.
  uint32_t max_members = 1 << 20;
  bool allow_null = false;        // null is "absent" in protojson only
};

// Errors: malformed, with path or byte offset.
Result<Tree> Parse(std::string_view text, const Limits& limits = {});

}  // namespace carnet::json
