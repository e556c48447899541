#include "crypto/key_algorithm.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>

#include "crypto/openssl_error.h"
#include "crypto/openssl_ptr.h"

namespace carnet::crypto {
namespace {

// An RSA key of 16,384 bits has about 10 KiB of PKCS#8.
constexpr size_t kMaxKeyBytes = 16 * 1024;

// The curve for elliptic curves, otherwise the algorithm.
std::string AlgorithmName(const EVP_PKEY& key) {
  std::array<char, 80> group{};
  size_t length = 0;
  if (EVP_PKEY_get_group_name(&key, group.data(), group.size(), &length) == 1) return group.data();
  const char* name = EVP_PKEY_get0_type_name(&key);
  return name == nullptr ? "unnamed" : name;
}

using Names = std::initializer_list<std::string_view>;

Error Refused(const PkeyPtr& key, std::string_view form, Names wanted) {
  DiscardOpenSslErrors();
  std::string all;
  for (const std::string_view one : wanted) {
    all.append(all.empty() ? "" : ", ").append(one);
  }
  if (key == nullptr) {
    return Malformed(fmt::format("{}: expected {}, found data that is not a key", form, all));
  }
  const std::string name = AlgorithmName(*key);
  DiscardOpenSslErrors();
  if (std::ranges::find(wanted, name) != wanted.end()) {
    return Malformed(fmt::format("{}: {}, but not in its one accepted encoding", form, name));
  }
  return Unsupported(fmt::format("{}: expected {}, found {}", form, all, name));
}

PkeyPtr ParsePrivate(ByteSpan der) {
  const uint8_t* at = der.data();
  const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  return PkeyPtr(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
}

}  // namespace

Error RefusedSpki(ByteSpan der, Names wanted) {
  const uint8_t* at = der.data();
  const bool small = der.size() <= kMaxKeyBytes;
  const PkeyPtr key(small ? d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())) : nullptr);
  return Refused(key, "public key", wanted);
}

Error RefusedPkcs8(ByteSpan der, Names wanted) {
  return Refused(der.size() <= kMaxKeyBytes ? ParsePrivate(der) : nullptr, "private key", wanted);
}

}  // namespace carnet::crypto
