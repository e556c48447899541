#include "json/tree.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/check.h"
#include "core/decimal.h"
#include "core/utf8.h"

namespace carnet::json {

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kObject:
      return "object";
    case Type::kArray:
      return "array";
    case Type::kString:
      return "string";
    case Type::kNumber:
      return "number";
    case Type::kBool:
      return "bool";
    case Type::kNull:
      return "null";
  }
  CARNET_CHECK(false);
}

std::string_view Value::string() const {
  CARNET_CHECK(is(Type::kString));
  return tree_->Text(index_);
}

std::string_view Value::number_text() const {
  CARNET_CHECK(is(Type::kNumber));
  return tree_->Text(index_);
}

bool Value::boolean() const {
  CARNET_CHECK(is(Type::kBool));
  return tree_->nodes_[index_].boolean;
}

std::optional<Value> Value::Find(std::string_view key) const {
  CARNET_CHECK(is(Type::kObject));
  const auto& node = tree_->nodes_[index_];
  if (node.children <= Tree::kScannedMembers) {
    for (uint32_t i = node.first_child; i != 0; i = tree_->nodes_[i].next) {
      if (tree_->Key(i) == key) return Value(tree_, i);
    }
    return std::nullopt;
  }
  const uint32_t* begin = tree_->by_key_.data() + node.by_key_begin;
  const uint32_t* end = begin + node.children;
  const uint32_t* found = std::lower_bound(
      begin, end, key, [&](uint32_t i, std::string_view wanted) { return tree_->Key(i) < wanted; });
  if (found == end || tree_->Key(*found) != key) return std::nullopt;
  return Value(tree_, *found);
}

std::optional<uint64_t> Value::AsU64() const {
  return is(Type::kNumber) ? ParseDecimalU64(number_text()) : std::nullopt;
}

std::string Value::Path() const {
  if (index_ == 0) return "";
  const auto& nodes = tree_->nodes_;
  const uint32_t parent = nodes[index_].parent;
  std::string path = Value(tree_, parent).Path();
  if (nodes[parent].type == Type::kObject) {
    if (!path.empty()) path += '.';
    return path + Printable(key());
  }
  size_t position = 0;
  for (uint32_t i = nodes[parent].first_child; i != index_; i = nodes[i].next) ++position;
  return fmt::format("{}[{}]", path, position);
}

}  // namespace carnet::json
