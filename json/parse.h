// What is behind Parse: a tree, or what is wrong and where. Private to json/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "json/reader.h"
#include "json/tree.h"

namespace carnet::json {

struct Fault {
  Error error;                   // as Parse returns it, with byte offsets
  std::string what;              // without them
  size_t offset;                 // where the parser stopped
  std::optional<uint32_t> node;  // that it is about, if it is about one (Value::order)
};

std::variant<Tree, Fault> ParseToFault(std::string_view text, const Limits& limits);

}  // namespace carnet::json
