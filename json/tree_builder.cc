#include "json/tree_builder.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace carnet::json {
namespace {

// Equal for equal keys, and different for most others.
uint32_t MarkOf(std::string_view key) {
  if (key.empty()) return 0;
  return static_cast<uint32_t>(key.size()) << 16 | static_cast<uint32_t>(key.front() & 0xff) << 8 |
         static_cast<uint32_t>(key.back() & 0xff);
}

}  // namespace

// The tree's text begins with the whole document, which most keys and strings are part of; what was
// unescaped follows. Where members are visited and dropped, it holds the text of one member.
TreeBuilder::TreeBuilder(const Limits& limits, std::string_view document,
                         const MemberVisitor* visit)
    : limits_(limits), visit_(visit) {
  open_.reserve(limits_.max_depth);
  if (visit_ != nullptr) return;  // a member is small
  tree_.text_.reserve(document.size() + document.size() / 8);
  tree_.text_ = document;
  // Our documents have about one value in 30 bytes; the vector grows for denser ones.
  tree_.nodes_.reserve(std::min<size_t>(limits.max_values, document.size() / 24 + 4));
}

bool TreeBuilder::Begin(Type container) {
  if (!Add(container)) return false;
  open_.push_back({static_cast<uint32_t>(tree_.nodes_.size() - 1), 0});
  return true;
}

bool TreeBuilder::End() {
  const uint32_t container = open_.back().container;
  open_.pop_back();
  if (tree_.nodes_[container].type == Type::kObject && !CheckKeys(container)) return false;
  return Complete();
}

// Called after each value. A member of the root is the node after it, and all that follow.
bool TreeBuilder::Complete() {
  auto& nodes = tree_.nodes_;
  if (visit_ == nullptr || open_.size() != 1 || nodes[0].type != Type::kObject) return true;
  if (auto visited = (*visit_)(Value(&tree_, 1)); !visited) {
    error_ = visited.error();
    return false;
  }
  nodes.resize(1, nodes[0]);
  nodes[0].first_child = nodes[0].children = 0;
  open_.back().last_child = 0;
  tree_.text_.clear();
  tree_.by_key_.clear();
  text_begin_ = 0;
  return true;
}

void TreeBuilder::TextPart(size_t begin, std::string_view part) {
  if (part.empty()) return;
  if (visit_ != nullptr || text_size_ > 0) return Append(part);
  text_begin_ = static_cast<uint32_t>(begin);
  text_size_ = static_cast<uint32_t>(part.size());
}

void TreeBuilder::UnescapedPart(std::string_view part) {
  if (part.find('\0') != part.npos) holds_nul_ = true;
  Append(part);
}

// To the end of the text, where the parts before it are or are moved.
void TreeBuilder::Append(std::string_view part) {
  std::string& text = tree_.text_;
  if (text_begin_ + text_size_ != text.size()) {
    const auto end = static_cast<uint32_t>(text.size());
    text.append(text, text_begin_, text_size_);
    text_begin_ = end;
  }
  text.append(part);
  text_size_ += static_cast<uint32_t>(part.size());
}

bool TreeBuilder::TakeText(uint32_t& begin, uint32_t& size) {
  begin = text_begin_;
  size = std::exchange(text_size_, 0);
  return !std::exchange(holds_nul_, false);
}

bool TreeBuilder::KeyEnd() {
  if (TakeText(key_begin_, key_size_)) return true;
  return Refuse(open_.back().container, "NUL in a key");
}

bool TreeBuilder::StringEnd() {
  if (!Add(Type::kString)) return false;
  auto& node = tree_.nodes_.back();
  if (TakeText(node.text_begin, node.text_size)) return Complete();
  return Refuse(static_cast<uint32_t>(tree_.nodes_.size() - 1), "NUL in a string");
}

bool TreeBuilder::NumberEnd() {
  if (!Add(Type::kNumber)) return false;
  auto& node = tree_.nodes_.back();
  TakeText(node.text_begin, node.text_size);
  return Complete();
}

bool TreeBuilder::Bool(bool value) {
  if (!Add(Type::kBool)) return false;
  tree_.nodes_.back().boolean = value;
  return Complete();
}

bool TreeBuilder::Null() {
  if (!Add(Type::kNull)) return false;
  if (limits_.allow_null) return Complete();
  return Refuse(static_cast<uint32_t>(tree_.nodes_.size() - 1), "null is not allowed");
}

bool TreeBuilder::Add(Type type) {
  auto& nodes = tree_.nodes_;
  if (nodes.size() >= limits_.max_values) {
    error_ = Malformed(fmt::format("more than {} values", limits_.max_values));
    return false;
  }
  const auto index = static_cast<uint32_t>(nodes.size());
  Tree::Node node{.type = type, .parent = 0};
  if (!open_.empty()) {
    Open& open = open_.back();
    Tree::Node& parent = nodes[open.container];
    node.parent = open.container;
    if (parent.type == Type::kObject) {
      node.key_begin = key_begin_;
      node.key_size = key_size_;
    }
    (open.last_child == 0 ? parent.first_child : nodes[open.last_child].next) = index;
    ++parent.children;
    open.last_child = index;
    if (parent.type == Type::kObject && parent.children > limits_.max_members) {
      error_ = Malformed(fmt::format("an object of more than {} members", limits_.max_members));
      return false;
    }
  }
  nodes.push_back(node);
  return true;
}

bool TreeBuilder::CheckKeys(uint32_t object) {
  return tree_.nodes_[object].children <= Tree::kScannedMembers ? CheckFewKeys(object)
                                                                : CheckManyKeys(object);
}

bool TreeBuilder::CheckFewKeys(uint32_t object) {
  struct Member {
    uint32_t node;
    uint32_t mark;
  };
  std::array<Member, Tree::kScannedMembers> earlier;
  size_t count = 0;
  for (uint32_t i = tree_.nodes_[object].first_child; i != 0; i = tree_.nodes_[i].next) {
    const uint32_t mark = MarkOf(tree_.Key(i));
    for (size_t k = 0; k < count; ++k) {
      if (earlier[k].mark == mark && tree_.Key(earlier[k].node) == tree_.Key(i)) {
        return Refuse(i, "key appears more than once");
      }
    }
    earlier[count++] = {i, mark};
  }
  return true;
}

// Sorting instead of hashing: no choice of keys makes it slow.
bool TreeBuilder::CheckManyKeys(uint32_t object) {
  auto& nodes = tree_.nodes_;
  auto& by_key = tree_.by_key_;
  const size_t begin = by_key.size();
  for (uint32_t i = nodes[object].first_child; i != 0; i = nodes[i].next) by_key.push_back(i);
  const auto first = by_key.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, by_key.end(), [&](uint32_t a, uint32_t b) {
    const int order = tree_.Key(a).compare(tree_.Key(b));
    return order != 0 ? order < 0 : a < b;
  });
  const auto twice = std::adjacent_find(
      first, by_key.end(), [&](uint32_t a, uint32_t b) { return tree_.Key(a) == tree_.Key(b); });
  if (twice != by_key.end()) return Refuse(*(twice + 1), "key appears more than once");
  nodes[object].by_key_begin = static_cast<uint32_t>(begin);
  return true;
}

std::string TreeBuilder::Path() const {
  return open_.empty() ? "" : Value(&tree_, open_.back().container).Path();
}

bool TreeBuilder::Refuse(uint32_t node, std::string_view why) {
  const std::string path = Value(&tree_, node).Path();
  const Error error = Malformed(std::string(why));
  error_ = path.empty() ? error : error.In(path);
  refused_ = node;
  return false;
}

}  // namespace carnet::json
