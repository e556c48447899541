// Private to sigstore/: a JSON object with a closed set of fields, read as proto3 JSON writes them
// (an absent field is its zero value, int64 is a decimal string or a number) but strictly: no
// unknown field. Errors are malformed and start with the field's path. Borrows from the json::Tree.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "json/reader.h"
#include "json/tree.h"

namespace carnet::sigstore {

// Of bundles and statements, no object of which has more than some 30 members.
inline constexpr json::Limits kDocumentLimits = {.max_members = 1'024};

// How much of proto3's JSON mapping is read. Our own files have one spelling; those of others may
// also say null for an absent field, and base64 in the URL alphabet or without padding.
enum class Spelling { kOurs, kProto3 };

inline constexpr json::Limits kForeignLimits = {.max_members = 1'024, .allow_null = true};

// "<path of value>: <what>".
Error FieldError(json::Value value, std::string_view what);

class StrictObject {
 public:
  static Result<StrictObject> Open(json::Value value, std::initializer_list<std::string_view> known,
                                   Spelling spelling = Spelling::kOurs);
  // An element of one of this object's arrays.
  Result<StrictObject> Item(json::Value value,
                            std::initializer_list<std::string_view> known) const {
    return Open(value, known, spelling_);
  }

  // Absent, too, for null where that is how absence may be spelt.
  std::optional<json::Value> Find(std::string_view key) const;
  Spelling spelling() const { return spelling_; }
  Error Missing(std::string_view key) const;

  // Required, in the sense that absent is an error.
  Result<json::Value> Field(std::string_view key) const;
  Result<StrictObject> Object(std::string_view key,
                              std::initializer_list<std::string_view> known) const;
  Result<std::string_view> RequiredText(std::string_view key) const;  // and not empty

  // Absent is "", 0, no bytes or no element.
  Result<std::string_view> Text(std::string_view key) const;
  Result<uint64_t> Int64(std::string_view key) const;  // 0 to 2^63-1
  Result<Bytes> Base64(std::string_view key) const;
  // The first element, once the array is known to have at most `max_items`.
  Result<std::optional<json::Value>> FirstItem(std::string_view key, size_t max_items) const;

 private:
  StrictObject(json::Value value, Spelling spelling) : value_(value), spelling_(spelling) {}
  json::Value value_;
  Spelling spelling_;
};

Result<Bytes> Base64Of(json::Value value, Spelling spelling = Spelling::kOurs);

// Exactly T::kSize bytes.
template <typename T>
Result<T> Base64To(json::Value value, Spelling spelling = Spelling::kOurs) {
  if (value.is(json::Type::kString)) {
    if (const auto fixed = Base64DecodeTo<T>(value.string())) return *fixed;
  }
  CARNET_TRY(const Bytes bytes, Base64Of(value, spelling));
  if (const auto fixed = T::FromSpan(bytes)) return *fixed;
  return FieldError(value, "must be " + std::to_string(T::kSize) + " bytes");
}

}  // namespace carnet::sigstore
