// One valid predicate of each kind, together with every field of the schemas, as compact JSON in
// the schemas' order; and the means to turn them into wrong ones. Not the drafts of
// tests/support/drafts.h: those are true, so that no one of them has every field, and a test of the
// codec needs the values at the edges (2^53, the largest FLOP, "undisclosed"), true or not.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "schemas/codec.h"

namespace carnet::schemas {

// For names of test cases.
inline std::ostream& operator<<(std::ostream& out, Kind kind) { return out << KindName(kind); }

namespace test {

// Replaces `#x` by 64 times the hex digit x.
std::string Expand(std::string_view text);

// In the order of Kind.
const std::vector<Kind>& AllKinds();
std::string Document(Kind kind);

// `text` with `from`, which must appear exactly once, replaced. Both are expanded.
std::string Replace(std::string text, std::string_view from, std::string_view to);

Result<Predicate> Read(Kind kind, std::string_view text, HeadRule rule = HeadRule::kRequired);

}  // namespace test
}  // namespace carnet::schemas
