#include "sigstore/key_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base64.h"
#include "core/utf8.h"
#include "crypto/pem.h"
#include "crypto/sec1.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

constexpr std::string_view kSigstoreLabel = "ENCRYPTED SIGSTORE PRIVATE KEY";
constexpr std::string_view kCosignLabel = "ENCRYPTED COSIGN PRIVATE KEY";  // cosign's before 2.0
constexpr std::string_view kPkcs8Label = "PRIVATE KEY";
constexpr std::string_view kEncryptedPkcs8Label = "ENCRYPTED PRIVATE KEY";
constexpr std::string_view kSec1Label = "EC PRIVATE KEY";
constexpr std::string_view kParametersLabel = "EC PARAMETERS";
constexpr std::string_view kPublicLabel = "PUBLIC KEY";

constexpr std::array<uint64_t, 3> kScryptCosts = {32768, 65536, 131072};
constexpr crypto::ScryptParams kWrittenScrypt = {.n = 65536, .r = 8, .p = 1};
constexpr size_t kSaltBytes = 32;

Result<crypto::PemBlock> ReadPem(std::string_view pem) {
  if (pem.size() > kMaxKeyFileBytes) {
    return Malformed(fmt::format("key file is larger than {} bytes", kMaxKeyFileBytes));
  }
  return crypto::ParsePem(pem);
}

Result<KeyFileForm> FormOf(std::string_view label) {
  if (label == kSigstoreLabel || label == kCosignLabel) return KeyFileForm::kCosign;
  if (label == kPkcs8Label) return KeyFileForm::kPkcs8;
  if (label == kEncryptedPkcs8Label) return KeyFileForm::kEncryptedPkcs8;
  if (label == kSec1Label) return KeyFileForm::kSec1;
  if (label == kPublicLabel) {
    return Unsupported("expected a private key, found only its public half (\"PUBLIC KEY\")");
  }
  return Unsupported(
      fmt::format("expected a PEM private key, as PKCS#8, SEC 1 or in cosign's form, found \"{}\"",
                  Printable(label)));
}

std::string Line(std::string_view what, std::string_view label) {
  return fmt::format("-----{} {}-----", what, label);
}

// `openssl ecparam -genkey` writes the curve in a block of its own before the key, which names it
// again.
Result<std::string_view> WithoutParameters(std::string_view pem) {
  const std::string begin = Line("BEGIN", kParametersLabel), end = Line("END", kParametersLabel);
  if (!pem.starts_with(begin)) return pem;
  const size_t at = pem.find(end + "\n");
  if (at == pem.npos) return Malformed(fmt::format("PEM block: expected \"{}\"", end));
  CARNET_TRY_VOID(crypto::ParsePem(pem.substr(0, at + end.size())));
  return pem.substr(at + end.size() + 1);
}

// The only form with headers inside its block, which crypto::ParsePem refuses.
bool IsEncryptedSec1(std::string_view pem) {
  const std::string begin = Line("BEGIN", kSec1Label) + "\n";
  return pem.starts_with(begin) && crypto::IsEncryptedPem(pem);
}

Result<crypto::SecretBytes> OpenEncryptedSec1(std::string_view pem,
                                              const crypto::SecretBytes& password) {
  if (pem.size() > kMaxKeyFileBytes) return ReadPem(pem).error();
  const std::string end = Line("END", kSec1Label);
  if (!pem.ends_with(end + "\n") && !pem.ends_with(end)) {
    return Malformed("trailing data after the PEM block");
  }
  CARNET_TRY(const crypto::SecretBytes der, crypto::DecryptSec1Pem(pem, password));
  return crypto::Sec1ToPkcs8(der.Expose());
}

struct CosignKey {
  crypto::ScryptParams scrypt;
  Bytes salt;
  crypto::BoxNonce nonce;
  Bytes ciphertext;
};

Result<> CheckName(const StrictObject& object, std::string_view wanted) {
  CARNET_TRY(const std::string_view name, object.RequiredText("name"));
  if (name == wanted) return Ok();
  const json::Value field = *object.Find("name");
  return Unsupported(
      fmt::format("{}: expected {}, found \"{}\"", field.Path(), wanted, Printable(name)));
}

Result<uint64_t> ReadParam(const StrictObject& params, std::string_view key) {
  CARNET_TRY(const json::Value field, params.Field(key));
  const auto number = field.AsU64();
  if (!number) return FieldError(field, "must be an unsigned integer");
  return *number;
}

// Only the costs that cosign accepts: a larger one is a denial of service.
Result<crypto::ScryptParams> ReadScrypt(const StrictObject& kdf) {
  CARNET_TRY(const StrictObject params, kdf.Object("params", {"N", "r", "p"}));
  CARNET_TRY(const uint64_t n, ReadParam(params, "N"));
  CARNET_TRY(const uint64_t r, ReadParam(params, "r"));
  CARNET_TRY(const uint64_t p, ReadParam(params, "p"));
  const bool known = std::find(kScryptCosts.begin(), kScryptCosts.end(), n) != kScryptCosts.end();
  if (!known || r != kWrittenScrypt.r || p != kWrittenScrypt.p) {
    return Unsupported(fmt::format(
        "kdf.params: expected N 32768, 65536 or 131072, r 8, p 1, found N {}, r {}, p {}", n, r,
        p));
  }
  return crypto::ScryptParams{.n = n, .r = kWrittenScrypt.r, .p = kWrittenScrypt.p};
}

Result<CosignKey> ReadCosignJson(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json));
  CARNET_TRY(const StrictObject root,
             StrictObject::Open(tree.root(), {"kdf", "cipher", "ciphertext"}));
  CARNET_TRY(const StrictObject kdf, root.Object("kdf", {"name", "params", "salt"}));
  CARNET_TRY_VOID(CheckName(kdf, "scrypt"));
  CARNET_TRY(const crypto::ScryptParams scrypt, ReadScrypt(kdf));
  CARNET_TRY(Bytes salt, kdf.Base64("salt"));
  if (salt.size() != kSaltBytes) return Malformed("kdf.salt: must be 32 bytes");
  CARNET_TRY(const StrictObject cipher, root.Object("cipher", {"name", "nonce"}));
  CARNET_TRY_VOID(CheckName(cipher, "nacl/secretbox"));
  CARNET_TRY(const json::Value nonce_field, cipher.Field("nonce"));
  CARNET_TRY(const crypto::BoxNonce nonce, Base64To<crypto::BoxNonce>(nonce_field));
  CARNET_TRY(Bytes ciphertext, root.Base64("ciphertext"));
  return CosignKey{scrypt, std::move(salt), nonce, std::move(ciphertext)};
}

Result<crypto::SecretBytes> OpenCosign(ByteSpan body, const crypto::SecretBytes& password) {
  CARNET_TRY(const CosignKey key, ReadCosignJson(AsText(body)));
  CARNET_TRY(const crypto::SecretBytes box_key, crypto::ScryptKey(password, key.salt, key.scrypt));
  return crypto::BoxOpen(key.ciphertext, key.nonce, box_key);
}

}  // namespace

bool NeedsPassword(KeyFileForm form) {
  switch (form) {
    case KeyFileForm::kCosign:
    case KeyFileForm::kEncryptedPkcs8:
    case KeyFileForm::kEncryptedSec1:
      return true;
    case KeyFileForm::kPkcs8:
    case KeyFileForm::kSec1:
      return false;
  }
  CARNET_CHECK(false);
}

Result<KeyFileForm> DetectKeyFile(std::string_view pem) {
  CARNET_TRY(pem, WithoutParameters(pem));
  if (IsEncryptedSec1(pem)) return KeyFileForm::kEncryptedSec1;
  CARNET_TRY(const crypto::PemBlock block, ReadPem(pem));
  return FormOf(block.label);
}

Result<crypto::SecretBytes> OpenKeyFile(std::string_view pem, const crypto::SecretBytes& password) {
  CARNET_TRY(pem, WithoutParameters(pem));
  if (IsEncryptedSec1(pem)) return OpenEncryptedSec1(pem, password);
  CARNET_TRY(crypto::PemBlock block, ReadPem(pem));
  CARNET_TRY(const KeyFileForm form, FormOf(block.label));
  switch (form) {
    case KeyFileForm::kCosign:
      return OpenCosign(block.body.Expose(), password);
    case KeyFileForm::kPkcs8:
      return std::move(block.body);
    case KeyFileForm::kEncryptedPkcs8:
      return crypto::DecryptPkcs8(block.body.Expose(), password);
    case KeyFileForm::kSec1:
      return crypto::Sec1ToPkcs8(block.body.Expose());
    case KeyFileForm::kEncryptedSec1:
      break;  // no label says so; opened above
  }
  CARNET_CHECK(false);
}

Result<std::string> WriteCosignKey(const crypto::SecretBytes& pkcs8,
                                   const crypto::SecretBytes& password, ByteSpan salt_32,
                                   const crypto::BoxNonce& nonce) {
  CARNET_CHECK(salt_32.size() == kSaltBytes);
  CARNET_TRY(const crypto::SecretBytes box_key,
             crypto::ScryptKey(password, salt_32, kWrittenScrypt));
  json::Writer writer;
  writer.BeginObject().Key("kdf").BeginObject().Member("name", "scrypt");
  writer.Key("params").BeginObject();
  writer.Member("N", kWrittenScrypt.n);
  writer.Member("r", uint64_t{kWrittenScrypt.r}).Member("p", uint64_t{kWrittenScrypt.p});
  writer.EndObject().Member("salt", Base64Encode(salt_32)).EndObject();
  writer.Key("cipher").BeginObject().Member("name", "nacl/secretbox");
  writer.Member("nonce", Base64Encode(nonce.span())).EndObject();
  writer.Member("ciphertext", Base64Encode(crypto::BoxSeal(pkcs8, nonce, box_key))).EndObject();
  return crypto::WritePem(kSigstoreLabel, AsBytes(writer.Take()));
}

Result<std::string> WritePkcs8Key(const crypto::SecretBytes& pkcs8,
                                  const crypto::SecretBytes& password) {
  if (password.size() == 0) return crypto::WritePem(kPkcs8Label, pkcs8.Expose());
  CARNET_TRY(const Bytes encrypted, crypto::EncryptPkcs8(pkcs8, password));
  return crypto::WritePem(kEncryptedPkcs8Label, encrypted);
}

std::string WritePublicKey(ByteSpan spki) { return crypto::WritePem(kPublicLabel, spki); }

Result<Bytes> ReadPublicKey(std::string_view pem) {
  CARNET_TRY(const crypto::PemBlock block, ReadPem(pem));
  if (block.label != kPublicLabel) {
    return Malformed(
        fmt::format("expected a PEM public key, found \"{}\"", Printable(block.label)));
  }
  return ToBytes(block.body.Expose());
}

}  // namespace carnet::sigstore
