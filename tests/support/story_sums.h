// The sums that honest statements repeat, by a plain walk over the drafts of a story: written from
// docs/rules.md S9 alone, so that the verifier's own sums have something to agree with.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/flop.h"

namespace carnet::test {

class StorySums {
 public:
  // Drafts by name, placeholders unresolved. Borrowed.
  using Drafts = std::map<std::string, const boost::json::object*>;
  explicit StorySums(const Drafts& drafts) : drafts_(drafts) {}

  // Over the segments of a run; absent where one is undisclosed.
  std::optional<Flop> Tokens(const std::string& run) const;
  std::optional<Flop> FlopOf(const std::string& run, const std::string& figure) const;

  std::optional<Flop> ParameterUpdate(const std::string& passport) const;
  std::optional<Flop> Cumulative(const std::string& passport) const;

 private:
  class Walk;
  const Drafts& drafts_;
};

}  // namespace carnet::test
