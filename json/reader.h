// The one strict JSON reader (RFC 8259, and stricter): one value and nothing after it; UTF-8
// without BOM, no lone surrogates, no NUL; no key more than once in an object, after unescaping;
// null refused unless allowed; bounded size and depth. Numbers keep their text.
#pragma once

#include <cstdint>
#include <functional>
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
  bool allow_null = false;  // null is "absent" in protojson only
};

// Errors: malformed, with path or byte offset.
Result<Tree> Parse(std::string_view text, const Limits& limits = {});

using MemberVisitor = std::function<Result<>(Value member)>;

// Shows each member of an object, in the order of the text, and forgets it: memory is that of the
// largest member, whatever their number. `max_values` is that of one member. Whether a key appears
// more than once is for the visitor to find. Errors: those of Parse and of `visit`; malformed when
// the value is not an object.
Result<> ForEachMember(std::string_view text, const Limits& limits, const MemberVisitor& visit);

}  // namespace carnet::json
