#include "crypto/pkey.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>
#include <string>
#include <utility>

#include "core/check.h"

namespace carnet::crypto {

PkeyContextPtr ReadyContext(EVP_PKEY& key, int (*init)(EVP_PKEY_CTX*)) {
  PkeyContextPtr context(EVP_PKEY_CTX_new(&key, nullptr));
  CARNET_CHECK(context != nullptr && init(context.get()) == 1);
  return context;
}

PkeyContextPtr CopyOf(const PkeyContextPtr& context) {
  PkeyContextPtr copy(EVP_PKEY_CTX_dup(context.get()));
  CARNET_CHECK(copy != nullptr);
  return copy;
}

PkeyPtr KeyFromPoint(const char* curve, ByteSpan point) {
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  CARNET_CHECK(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  std::string name = curve;
  Bytes octets = ToBytes(point);
  std::array params{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size()),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  const int done = EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.data());
  PkeyPtr owned(key);
  return done == 1 ? std::move(owned) : nullptr;
}

Bytes SpkiOf(const EVP_PKEY& key) {
  uint8_t* der = nullptr;
  const int size = i2d_PUBKEY(&key, &der);
  CARNET_CHECK(size > 0);
  Bytes spki(der, der + size);
  OPENSSL_free(der);
  return spki;
}

PkeyPtr DecodePkcs8(ByteSpan der) {
  const uint8_t* at = der.data();
  const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  if (info == nullptr || at != der.data() + der.size()) return nullptr;
  return PkeyPtr(EVP_PKCS82PKEY(info.get()));
}

bool HalvesAgree(EVP_PKEY& key) {
  const PkeyContextPtr context(EVP_PKEY_CTX_new(&key, nullptr));
  return context != nullptr && EVP_PKEY_pairwise_check(context.get()) == 1;
}

}  // namespace carnet::crypto
