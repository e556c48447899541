// A JSON value that can be changed: for documents that are put together from several sources. What
// is only read is a Tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/tree.h"
#include "json/writer.h"

namespace carnet::json {

class Document {
 public:
  static Document Object() { return Document(Type::kObject); }
  static Document Array() { return Document(Type::kArray); }
  static Document String(std::string_view value) { return Document(Type::kString, value); }
  static Document Unsigned(uint64_t value);
  static Document Bool(bool value) { return Document(Type::kBool, value ? "true" : "false"); }
  static Document CopyOf(Value value);

  Type type() const { return type_; }
  bool is(Type type) const { return type_ == type; }
  // A string's value, or a number's text as it was spelt. Requires one of them.
  const std::string& text() const;

  // Members of an object, or elements of an array, in order.
  size_t size() const { return children_.size(); }
  const Document& operator[](size_t at) const { return children_[at]; }
  Document& operator[](size_t at) { return children_[at]; }
  const std::string& key(size_t at) const { return keys_[at]; }  // Requires an object.

  // Null: no such member, or not an object.
  const Document* Find(std::string_view key) const;
  Document* Find(std::string_view key);
  // Replaces the member, or adds it after the others. Requires an object.
  Document& Set(std::string_view key, Document value);
  Document& Set(std::string_view key, std::string_view value) { return Set(key, String(value)); }
  Document& Set(std::string_view key, const char* value) { return Set(key, String(value)); }
  void Remove(std::string_view key);
  // Requires an array.
  Document& Append(Document value);

  void Write(Writer& writer) const;
  std::string Text(Layout layout) const;

  // Members in another order make another document.
  friend bool operator==(const Document&, const Document&) = default;

 private:
  explicit Document(Type type, std::string_view text = {}) : type_(type), text_(text) {}

  Type type_;
  std::string text_;               // of a value that is neither object nor array
  std::vector<std::string> keys_;  // of an object, one a child
  std::vector<Document> children_;
};

}  // namespace carnet::json
