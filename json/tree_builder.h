// TreeBuilder: makes a Tree from the events of a JSON parser, refusing what the parser itself lets
// pass: duplicate keys in an object, NUL, null, more values than allowed. Private to json/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/reader.h"
#include "json/tree.h"

namespace carnet::json {

// Every event returns whether to go on; after a false only `error` and `Path` may be called.
class TreeBuilder {
 public:
  // `document` is what the parser reads. A `visit` that is not null is shown each member of the
  // root, which is then dropped.
  TreeBuilder(const Limits& limits, std::string_view document, const MemberVisitor* visit);

  bool Begin(Type container);
  bool End();
  // Of a key, string or number: a part that is the document's own text, from `begin`.
  void TextPart(size_t begin, std::string_view part);
  // One that was unescaped. NUL is spelt as an escape, as the parser refuses the byte itself.
  void UnescapedPart(std::string_view part);
  bool KeyEnd();
  bool StringEnd();
  bool NumberEnd();
  bool Bool(bool value);
  bool Null();

  const std::optional<Error>& error() const { return error_; }
  std::optional<uint32_t> refused() const { return refused_; }  // the node that `error` is about
  std::string Path() const;  // of the innermost container still open
  Tree Take() { return std::move(tree_); }

 private:
  struct Open {
    uint32_t container;
    uint32_t last_child;  // 0: none yet
  };

  bool Add(Type type);
  bool Complete();
  void Append(std::string_view part);
  bool TakeText(uint32_t& begin, uint32_t& size);
  bool Refuse(uint32_t node, std::string_view why);
  bool CheckKeys(uint32_t object);
  bool CheckFewKeys(uint32_t object);
  bool CheckManyKeys(uint32_t object);

  const Limits& limits_;
  const MemberVisitor* visit_;
  Tree tree_;
  std::vector<Open> open_;
  uint32_t text_begin_ = 0;  // of the key, string or number under way, in the tree's text
  uint32_t text_size_ = 0;   // of its parts so far
  bool holds_nul_ = false;   // that one
  uint32_t key_begin_ = 0;   // of the next member
  uint32_t key_size_ = 0;
  std::optional<Error> error_;
  std::optional<uint32_t> refused_;
};

}  // namespace carnet::json
