// SignerId: who signed a statement, or may sign one (S1): a key, or the identity that a
// certificate vouches for. A key and an identity of the same 32 bytes are different signers.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/digests.h"
#include "core/result.h"

namespace carnet {

class SignerId {
 public:
  // Persistent: do not change. Zero is not a form, so that zeroed memory names nobody.
  enum class Form : uint8_t { kKey = 1, kIdentity = 2 };
  static constexpr size_t kSize = 33;

  explicit SignerId(const KeyId& key) : SignerId(Form::kKey, key.span()) {}
  explicit SignerId(const IdentityDigest& identity) : SignerId(Form::kIdentity, identity.span()) {}

  Form form() const { return static_cast<Form>(bytes_[0]); }
  // Absent for an identity.
  std::optional<KeyId> key() const;

  // Text: "key:" or "identity:" and 64 lowercase hex digits, nothing else. Errors: malformed.
  static Result<SignerId> Parse(std::string_view text);
  std::string ToString() const;

  // Stored bytes: the form, then the 32 bytes. Absent for any other bytes.
  static std::optional<SignerId> Decode(ByteSpan bytes);
  std::span<const uint8_t, kSize> encoded() const { return bytes_; }

  friend bool operator==(const SignerId&, const SignerId&) = default;
  friend auto operator<=>(const SignerId&, const SignerId&) = default;

 private:
  SignerId(Form form, std::span<const uint8_t, kSize - 1> digest);

  std::array<uint8_t, kSize> bytes_;
};

}  // namespace carnet

template <>
struct std::hash<carnet::SignerId> {
  // As for FixedBytes: the digest's first word is a hash already.
  size_t operator()(const carnet::SignerId& id) const noexcept {
    size_t word;
    std::memcpy(&word, id.encoded().data() + 1, sizeof word);
    return word ^ id.encoded()[0];
  }
};
