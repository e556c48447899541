// The PKCS#8 half of password_box.h (RFC 5958 section 3, RFC 8018 section 6.2).
#include <fmt/core.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <iterator>

#include "core/check.h"
#include "crypto/encode_pkcs8.h"
#include "crypto/openssl_error.h"
#include "crypto/openssl_ptr.h"
#include "crypto/password_box.h"

namespace carnet::crypto {
namespace {

constexpr int kRounds = 600'000;  // OWASP's figure for PBKDF2 with HMAC-SHA-256
constexpr int kSaltBytes = 16;
constexpr uint64_t kMaxRounds = 10'000'000;  // seconds of work; a hostile file may ask for days
constexpr size_t kMaxEncryptedBytes = 64 * 1024;
constexpr int kCiphers[] = {NID_aes_128_cbc, NID_aes_192_cbc, NID_aes_256_cbc};
constexpr int kHashes[] = {NID_hmacWithSHA1, NID_hmacWithSHA256, NID_hmacWithSHA384,
                           NID_hmacWithSHA512};

int NidOf(const X509_ALGOR& algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, &algorithm);
  return OBJ_obj2nid(object);
}

// The parameters of an algorithm, where they are a sequence of this kind.
void* Unpack(const X509_ALGOR& algorithm, const ASN1_ITEM* item) {
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, &algorithm);
  if (type != V_ASN1_SEQUENCE) return nullptr;
  return ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), item);
}

// Before any key is derived: what the file asks for is known and bounded.
Result<> CheckKeyDerivation(const X509_ALGOR& derivation) {
  if (NidOf(derivation) != NID_id_pbkdf2) {
    return Unsupported("encrypted private key: only PBKDF2 is supported as key derivation");
  }
  const Pbkdf2Ptr params(
      static_cast<PBKDF2PARAM*>(Unpack(derivation, ASN1_ITEM_rptr(PBKDF2PARAM))));
  uint64_t rounds = 0;
  if (params == nullptr || ASN1_INTEGER_get_uint64(&rounds, params->iter) != 1 || rounds == 0) {
    return OpenSslError(ErrorCode::kMalformed, "encrypted private key: bad PBKDF2 parameters");
  }
  if (rounds > kMaxRounds) {
    return Unsupported(fmt::format("encrypted private key: {} rounds of PBKDF2, more than {}",
                                   rounds, kMaxRounds));
  }
  const int hash = params->prf == nullptr ? NID_hmacWithSHA1 : NidOf(*params->prf);
  if (std::find(std::begin(kHashes), std::end(kHashes), hash) == std::end(kHashes)) {
    return Unsupported("encrypted private key: unsupported hash in PBKDF2");
  }
  return Ok();
}

Result<> CheckScheme(const X509_SIG& encrypted) {
  const X509_ALGOR* scheme = nullptr;
  X509_SIG_get0(&encrypted, &scheme, nullptr);
  if (NidOf(*scheme) != NID_pbes2) {
    return Unsupported("encrypted private key: only PBES2 is supported");
  }
  const Pbes2Ptr params(static_cast<PBE2PARAM*>(Unpack(*scheme, ASN1_ITEM_rptr(PBE2PARAM))));
  if (params == nullptr) {
    return OpenSslError(ErrorCode::kMalformed, "encrypted private key: bad PBES2 parameters");
  }
  const int cipher = NidOf(*params->encryption);
  if (std::find(std::begin(kCiphers), std::end(kCiphers), cipher) == std::end(kCiphers)) {
    return Unsupported("encrypted private key: only AES-CBC is supported");
  }
  return CheckKeyDerivation(*params->keyfunc);
}

const char* PasswordText(const SecretBytes& password) {
  return reinterpret_cast<const char*>(password.Expose().data());
}

}  // namespace

Result<Bytes> EncryptPkcs8(const SecretBytes& pkcs8, const SecretBytes& password) {
  const uint8_t* at = pkcs8.Expose().data();
  const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())));
  if (info == nullptr || at != pkcs8.Expose().data() + pkcs8.size()) {
    return OpenSslError(ErrorCode::kMalformed, "private key is not PKCS#8");
  }
  constexpr int kPbes2 = -1;  // with HMAC-SHA-256, OpenSSL's default
  const EncryptedPkcs8Ptr encrypted(PKCS8_encrypt(kPbes2, EVP_aes_256_cbc(), PasswordText(password),
                                                  static_cast<int>(password.size()), nullptr,
                                                  kSaltBytes, kRounds, info.get()));
  if (encrypted == nullptr) return OpenSslError(ErrorCode::kIo, "cannot encrypt the private key");
  uint8_t* der = nullptr;
  const int size = i2d_X509_SIG(encrypted.get(), &der);
  CARNET_CHECK(size > 0);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Result<SecretBytes> DecryptPkcs8(ByteSpan encrypted, const SecretBytes& password) {
  const uint8_t* at = encrypted.data();
  const bool small = encrypted.size() <= kMaxEncryptedBytes;
  const EncryptedPkcs8Ptr parsed(
      small ? d2i_X509_SIG(nullptr, &at, static_cast<long>(encrypted.size())) : nullptr);
  if (parsed == nullptr || at != encrypted.data() + encrypted.size()) {
    return OpenSslError(ErrorCode::kMalformed, "encrypted private key is not PKCS#8");
  }
  CARNET_TRY_VOID(CheckScheme(*parsed));
  const Pkcs8Ptr info(
      PKCS8_decrypt(parsed.get(), PasswordText(password), static_cast<int>(password.size())));
  DiscardOpenSslErrors();
  if (info == nullptr) return Rejected("wrong password, or the encrypted bytes were changed");
  return EncodePkcs8(*info);
}

}  // namespace carnet::crypto
