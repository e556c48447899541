// What is seldom meant in the identities that a trust directory lists: expressions that take
// strangers, and entries that take each other's.
#pragma once

#include <string>
#include <vector>

#include "core/timestamp.h"
#include "trust/trust.h"

namespace carnet::pipeline {

// For people, each with the party and the identity. Of expressions the known mistakes are looked
// for, in the text itself and by trying names of strangers: silence does not prove one narrow.
std::vector<std::string> WarningsOf(const std::vector<trust::TrustedIdentity>& identities,
                                    TimestampMs now);

// Whether an expression has a dot that stands for any character where `@` or `/` would let a
// stranger in: all but one in `.*` or `.+` at the end of an address, behind `/` or `@` and below
// somebody's part of a host. Requires an expression that RE2 reads.
bool HasWideDot(std::string_view expression);

}  // namespace carnet::pipeline
