#include "crypto/sec1.h"

#include <fmt/core.h>
#include <openssl/decoder.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "core/check.h"
#include "core/utf8.h"
#include "crypto/encode_pkcs8.h"
#include "crypto/openssl_error.h"
#include "crypto/openssl_ptr.h"

namespace carnet::crypto {
namespace {

using DecoderPtr = OpenSslPtr<OSSL_DECODER_CTX, OSSL_DECODER_CTX_free>;

constexpr std::string_view kEncrypted = "Proc-Type: 4,ENCRYPTED";
constexpr std::string_view kCipher = "DEK-Info: ";
constexpr std::array<std::string_view, 4> kCipherNames = {"AES-128-CBC", "AES-192-CBC",
                                                          "AES-256-CBC", "DES-EDE3-CBC"};

// Otherwise a cipher that OpenSSL does not have would look like a wrong password.
Result<> CheckCipher(std::string_view pem) {
  const size_t begin = pem.find(kCipher);
  if (begin == pem.npos) return Malformed("encrypted private key: no DEK-Info");
  const std::string_view rest = pem.substr(begin + kCipher.size());
  const std::string_view name = rest.substr(0, rest.find_first_of(",\n"));
  if (std::find(kCipherNames.begin(), kCipherNames.end(), name) != kCipherNames.end()) return Ok();
  return Unsupported(fmt::format(
      "encrypted private key: expected AES-CBC or DES-EDE3-CBC, found \"{}\"", Printable(name)));
}

// OpenSSL's callback: copies the password, or refuses one that is too long for it.
int GivePassword(char* to, int capacity, int, void* password) {
  const ByteSpan given = static_cast<const SecretBytes*>(password)->Expose();
  if (given.size() > static_cast<size_t>(capacity)) return -1;
  std::memcpy(to, given.data(), given.size());
  return static_cast<int>(given.size());
}

Error NoKey() { return Malformed("private key: expected SEC 1, found data that is not a key"); }

// SEQUENCE { INTEGER 1, … }: OpenSSL takes PKCS#8, whose version is 0, for SEC 1 as well.
bool HasSec1Version(ByteSpan der) {
  constexpr std::array<uint8_t, 3> kVersion = {0x02, 0x01, 0x01};
  if (der.size() < 2 || der[0] != 0x30) return false;
  const size_t begin = der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7fU);
  return der.size() > begin + kVersion.size() &&
         std::equal(kVersion.begin(), kVersion.end(), der.begin() + static_cast<ptrdiff_t>(begin));
}

}  // namespace

Result<SecretBytes> Sec1ToPkcs8(ByteSpan der) {
  if (!HasSec1Version(der)) return NoKey();
  EVP_PKEY* key = nullptr;
  const DecoderPtr decoder(OSSL_DECODER_CTX_new_for_pkey(&key, "DER", "type-specific", "EC",
                                                         EVP_PKEY_KEYPAIR, nullptr, nullptr));
  CARNET_CHECK(decoder != nullptr);
  const uint8_t* at = der.data();
  size_t left = der.size();
  const int decoded = OSSL_DECODER_from_data(decoder.get(), &at, &left);
  const PkeyPtr owned(key);
  DiscardOpenSslErrors();
  if (decoded != 1 || owned == nullptr || left != 0) {
    return NoKey();
  }
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(owned.get()));
  CARNET_CHECK(info != nullptr);
  return EncodePkcs8(*info);
}

bool IsEncryptedPem(std::string_view pem) { return pem.find(kEncrypted) != pem.npos; }

Result<SecretBytes> DecryptSec1Pem(std::string_view pem, const SecretBytes& password) {
  CARNET_TRY_VOID(CheckCipher(pem));
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CARNET_CHECK(bio != nullptr);
  uint8_t* data = nullptr;
  long size = 0;
  const int read = PEM_bytes_read_bio(&data, &size, nullptr, PEM_STRING_ECPRIVATEKEY, bio.get(),
                                      &GivePassword, const_cast<SecretBytes*>(&password));
  DiscardOpenSslErrors();
  if (read != 1) return Rejected("wrong password, or the encrypted bytes were changed");
  SecretBytes der = SecretBytes::CopyOf(ByteSpan(data, static_cast<size_t>(size)));
  OPENSSL_clear_free(data, static_cast<size_t>(size));
  // A wrong password has a chance of 1 in 256 to leave padding that looks right.
  if (!Sec1ToPkcs8(der.Expose())) {
    return Rejected("wrong password, or the encrypted bytes were changed");
  }
  return der;
}

}  // namespace carnet::crypto
