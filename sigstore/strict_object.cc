#include "sigstore/strict_object.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "core/base64.h"
#include "core/decimal.h"
#include "core/utf8.h"

namespace carnet::sigstore {
namespace {

Error WrongType(json::Value value, json::Type wanted) {
  return FieldError(value, fmt::format("expected {}, found {}", json::TypeName(wanted),
                                       json::TypeName(value.type())));
}

Result<std::string_view> TextOf(json::Value value) {
  if (!value.is(json::Type::kString)) return WrongType(value, json::Type::kString);
  return value.string();
}

// In the one spelling of our own files: with the standard alphabet, and as many signs '=' as it
// takes. Text of both alphabets at once, or of neither, is left to be refused.
std::string StandardBase64(std::string_view text) {
  std::string standard(text);
  if (text.find_first_of("+/") != text.npos && text.find_first_of("-_") != text.npos) {
    return standard;
  }
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  if (!standard.ends_with('=')) standard.append((4 - standard.size() % 4) % 4, '=');
  return standard;
}

}  // namespace

Error FieldError(json::Value value, std::string_view what) {
  const std::string path = value.Path();
  const Error error = Malformed(std::string(what));
  return path.empty() ? error : error.In(path);
}

Result<Bytes> Base64Of(json::Value value, Spelling spelling) {
  CARNET_TRY(const std::string_view text, TextOf(value));
  std::optional<Bytes> bytes = Base64Decode(text);
  if (!bytes && spelling == Spelling::kProto3) bytes = Base64Decode(StandardBase64(text));
  if (!bytes) {
    return FieldError(value, spelling == Spelling::kOurs ? "must be standard base64 with padding"
                                                         : "must be base64");
  }
  return *std::move(bytes);
}

Result<StrictObject> StrictObject::Open(json::Value value,
                                        std::initializer_list<std::string_view> known,
                                        Spelling spelling) {
  if (!value.is(json::Type::kObject)) return WrongType(value, json::Type::kObject);
  for (auto field = value.first_child(); field; field = field->next()) {
    if (std::find(known.begin(), known.end(), field->key()) == known.end()) {
      return FieldError(*field, "unknown field");
    }
  }
  return StrictObject(value, spelling);
}

std::optional<json::Value> StrictObject::Find(std::string_view key) const {
  const auto field = value_.Find(key);
  if (field && spelling_ == Spelling::kProto3 && field->is(json::Type::kNull)) return std::nullopt;
  return field;
}

Error StrictObject::Missing(std::string_view key) const {
  const std::string path = value_.Path();
  return Malformed(fmt::format("{}{}{}: missing", path, path.empty() ? "" : ".", key));
}

Result<json::Value> StrictObject::Field(std::string_view key) const {
  const auto field = Find(key);
  if (!field) return Missing(key);
  return *field;
}

Result<StrictObject> StrictObject::Object(std::string_view key,
                                          std::initializer_list<std::string_view> known) const {
  CARNET_TRY(const json::Value field, Field(key));
  return Open(field, known, spelling_);
}

Result<std::string_view> StrictObject::RequiredText(std::string_view key) const {
  CARNET_TRY(const std::string_view text, Text(key));
  if (text.empty()) return Missing(key);
  return text;
}

Result<std::string_view> StrictObject::Text(std::string_view key) const {
  const auto field = Find(key);
  if (!field) return std::string_view();
  return TextOf(*field);
}

Result<uint64_t> StrictObject::Int64(std::string_view key) const {
  const auto field = Find(key);
  if (!field) return uint64_t{0};
  const std::optional<uint64_t> number =
      field->is(json::Type::kString) ? ParseDecimalU64(field->string()) : field->AsU64();
  if (!number || *number > INT64_MAX) {
    return FieldError(*field, "must be a decimal integer from 0 to 2^63-1");
  }
  return *number;
}

Result<Bytes> StrictObject::Base64(std::string_view key) const {
  const auto field = Find(key);
  if (!field) return Bytes();
  return Base64Of(*field, spelling_);
}

Result<std::optional<json::Value>> StrictObject::FirstItem(std::string_view key,
                                                           size_t max_items) const {
  const auto field = Find(key);
  if (!field) return std::optional<json::Value>();
  if (!field->is(json::Type::kArray)) return WrongType(*field, json::Type::kArray);
  if (field->size() > max_items) {
    return FieldError(*field, fmt::format("more than {} elements", max_items));
  }
  return field->first_child();
}

}  // namespace carnet::sigstore
