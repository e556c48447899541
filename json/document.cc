#include "json/document.h"

#include <utility>

#include "core/check.h"

namespace carnet::json {

Document Document::Unsigned(uint64_t value) {
  return Document(Type::kNumber, std::to_string(value));
}

Document Document::CopyOf(Value value) {
  Document copy(value.type());
  switch (value.type()) {
    case Type::kString:
      copy.text_ = value.string();
      break;
    case Type::kNumber:
      copy.text_ = value.number_text();
      break;
    case Type::kBool:
      copy.text_ = value.boolean() ? "true" : "false";
      break;
    case Type::kNull:
      break;
    case Type::kObject:
    case Type::kArray:
      for (auto child = value.first_child(); child; child = child->next()) {
        if (child->is(Type::kNull)) continue;
        if (copy.is(Type::kObject)) copy.keys_.emplace_back(child->key());
        copy.children_.push_back(CopyOf(*child));
      }
      break;
  }
  return copy;
}

const std::string& Document::text() const {
  CARNET_CHECK(type_ == Type::kString || type_ == Type::kNumber);
  return text_;
}

const Document* Document::Find(std::string_view key) const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == key) return &children_[i];
  }
  return nullptr;
}

Document* Document::Find(std::string_view key) {
  return const_cast<Document*>(std::as_const(*this).Find(key));
}

Document& Document::Set(std::string_view key, Document value) {
  CARNET_CHECK(type_ == Type::kObject);
  if (Document* known = Find(key)) return *known = std::move(value);
  keys_.emplace_back(key);
  return children_.emplace_back(std::move(value));
}

void Document::Remove(std::string_view key) {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] != key) continue;
    keys_.erase(keys_.begin() + static_cast<ptrdiff_t>(i));
    children_.erase(children_.begin() + static_cast<ptrdiff_t>(i));
    return;
  }
}

Document& Document::Append(Document value) {
  CARNET_CHECK(type_ == Type::kArray);
  return children_.emplace_back(std::move(value));
}

void Document::Write(Writer& writer) const {
  switch (type_) {
    case Type::kObject:
      writer.BeginObject();
      for (size_t i = 0; i < children_.size(); ++i) children_[i].Write(writer.Key(keys_[i]));
      writer.EndObject();
      return;
    case Type::kArray:
      writer.BeginArray();
      for (const Document& child : children_) child.Write(writer);
      writer.EndArray();
      return;
    case Type::kString:
      writer.String(text_);
      return;
    case Type::kNumber:
      writer.Number(text_);
      return;
    case Type::kBool:
      writer.Bool(text_ == "true");
      return;
    case Type::kNull:
      break;
  }
  CARNET_CHECK(false);  // nothing makes one
}

std::string Document::Text(Layout layout) const {
  Writer writer(layout);
  Write(writer);
  return writer.Take();
}

}  // namespace carnet::json
