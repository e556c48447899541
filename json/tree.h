// A parsed JSON document as one flat array of nodes, read-only. Values borrow from the Tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carnet::json {

enum class Type : uint8_t { kObject, kArray, kString, kNumber, kBool, kNull };

std::string_view TypeName(Type type);  // "object", "array", "string", …

class Tree;

// One value inside a Tree. Valid until the Tree is moved or destroyed.
class Value {
 public:
  Type type() const;
  bool is(Type t) const { return type() == t; }

  // Requires the type.
  std::string_view string() const;       // unescaped UTF-8
  std::string_view number_text() const;  // as the document spells it
  bool boolean() const;

  size_t size() const;                                    // members or elements
  std::optional<Value> Find(std::string_view key) const;  // of an object
  std::string_view key() const;                           // of a member; "" otherwise

  // Children in document order: `for (auto v = x.first_child(); v; v = v->next())`.
  std::optional<Value> first_child() const;
  std::optional<Value> next() const;

  // The number as an unsigned integer written without sign, fraction or exponent; absent
  // otherwise and above 2^64-1.
  std::optional<uint64_t> AsU64() const;

  // Where the value is, for messages: `predicate.usage[2].ms`; the root is "".
  std::string Path() const;
  uint32_t order() const { return index_; }  // its number in document order; the root is 0

 private:
  friend class Tree;
  friend class TreeBuilder;
  Value(const Tree* tree, uint32_t index) : tree_(tree), index_(index) {}
  std::optional<Value> At(uint32_t node) const;  // 0: none
  const Tree* tree_;
  uint32_t index_;
};

class Tree {
 public:
  Tree(Tree&&) noexcept = default;
  Tree& operator=(Tree&&) noexcept = default;
  Value root() const { return Value(this, 0); }

 private:
  friend class Value;
  friend class TreeBuilder;
  Tree() = default;

  // Objects with more members are searched, and checked for duplicate keys, by sorted key.
  static constexpr uint32_t kScannedMembers = 16;

  std::string_view Key(uint32_t node) const {
    return {text_.data() + nodes_[node].key_begin, nodes_[node].key_size};
  }
  std::string_view Text(uint32_t node) const {
    return {text_.data() + nodes_[node].text_begin, nodes_[node].text_size};
  }

  struct Node {
    Type type;
    bool boolean = false;
    uint32_t parent;
    uint32_t next = 0;         // sibling; 0: none (node 0 is the root, nobody's sibling)
    uint32_t first_child = 0;  // 0: none
    uint32_t children = 0;
    uint32_t text_begin = 0;  // string value or number text, in text_
    uint32_t text_size = 0;
    uint32_t key_begin = 0;
    uint32_t key_size = 0;
    uint32_t by_key_begin = 0;  // in by_key_, of an object above kScannedMembers
  };
  std::vector<Node> nodes_;
  std::vector<uint32_t> by_key_;
  std::string text_;
};

inline Type Value::type() const { return tree_->nodes_[index_].type; }
inline size_t Value::size() const { return tree_->nodes_[index_].children; }
inline std::string_view Value::key() const { return tree_->Key(index_); }
inline std::optional<Value> Value::At(uint32_t node) const {
  return node == 0 ? std::nullopt : std::optional(Value(tree_, node));
}
inline std::optional<Value> Value::first_child() const {
  return At(tree_->nodes_[index_].first_child);
}
inline std::optional<Value> Value::next() const { return At(tree_->nodes_[index_].next); }

}  // namespace carnet::json
