#include "core/signer_id.h"

#include "core/hex.h"

namespace carnet {
namespace {

constexpr std::string_view kKeyPrefix = "key:";
constexpr std::string_view kIdentityPrefix = "identity:";

std::string_view PrefixOf(SignerId::Form form) {
  switch (form) {
    case SignerId::Form::kKey:
      return kKeyPrefix;
    case SignerId::Form::kIdentity:
      return kIdentityPrefix;
  }
  CARNET_CHECK(false);
}

template <typename Digest>
std::optional<SignerId> ParseAs(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return std::nullopt;
  const auto digest = HexDecodeTo<Digest>(text.substr(prefix.size()));
  return digest ? std::optional(SignerId(*digest)) : std::nullopt;
}

}  // namespace

SignerId::SignerId(Form form, std::span<const uint8_t, kSize - 1> digest) {
  bytes_[0] = static_cast<uint8_t>(form);
  std::copy(digest.begin(), digest.end(), bytes_.begin() + 1);
}

std::optional<KeyId> SignerId::key() const {
  if (form() != Form::kKey) return std::nullopt;
  return KeyId(encoded().last<KeyId::kSize>());
}

Result<SignerId> SignerId::Parse(std::string_view text) {
  if (const auto key = ParseAs<KeyId>(kKeyPrefix, text)) return *key;
  if (const auto identity = ParseAs<IdentityDigest>(kIdentityPrefix, text)) return *identity;
  return Malformed("expected \"key:\" or \"identity:\" and 64 lowercase hex digits");
}

std::string SignerId::ToString() const {
  return std::string(PrefixOf(form())) + HexEncode(encoded().subspan<1>());
}

std::optional<SignerId> SignerId::Decode(ByteSpan bytes) {
  if (bytes.size() != kSize) return std::nullopt;
  const std::span<const uint8_t, kSize - 1> digest(bytes.data() + 1, kSize - 1);
  if (bytes[0] == static_cast<uint8_t>(Form::kKey)) return SignerId(Form::kKey, digest);
  if (bytes[0] == static_cast<uint8_t>(Form::kIdentity)) return SignerId(Form::kIdentity, digest);
  return std::nullopt;
}

}  // namespace carnet
