#include "signer/file_key.h"

#include <unistd.h>

#include <utility>

#include "crypto/pem.h"
#include "crypto/wiped_text.h"
#include "sigstore/key_file.h"

namespace carnet::signer {
namespace {

// PKCS#8 DER of the key in a file's text.
Result<crypto::SecretBytes> OpenText(const std::string& pem, const PasswordProvider& password) {
  CARNET_TRY(const sigstore::KeyFileForm form, sigstore::DetectKeyFile(pem));
  crypto::SecretBytes given(0);
  if (sigstore::NeedsPassword(form)) {
    CARNET_TRY(given, password());
  }
  return sigstore::OpenKeyFile(pem, given);
}

// `parse` makes the key. Errors have the path.
template <typename Key>
Result<Key> OpenWith(const std::string& path, const PasswordProvider& password,
                     Result<Key> (*parse)(const crypto::SecretBytes& pkcs8)) {
  CARNET_TRY(std::string text, ReadFile(path, sigstore::kMaxKeyFileBytes));
  const crypto::WipedText pem(std::move(text));
  const auto pkcs8 = OpenText(pem.text(), password);
  if (!pkcs8) return pkcs8.error().In(path);
  auto key = parse(*pkcs8);
  if (!key) return key.error().In(path);
  return key;
}

// Before a key is encrypted, which takes a while.
Result<> CheckPair(const std::string& prefix, Overwrite overwrite) {
  for (const std::string& path : {prefix + ".key", prefix + ".pub"}) {
    if (overwrite == Overwrite::kForbid && PathExists(path))
      return Conflict(path + ": the file exists");
    // A new private key beside an old public one would be of no use.
    CARNET_TRY_VOID(CheckReplaceable(path));
  }
  return Ok();
}

Result<> WritePemPair(const std::string& prefix, const std::string& pem,
                      const crypto::P256PublicKey& public_key, Overwrite overwrite) {
  const std::string path = prefix + ".key";
  CARNET_TRY_VOID(WriteFileAtomic(path, pem, overwrite, Readers::kOwnerOnly));
  auto written =
      WriteFileAtomic(prefix + ".pub", sigstore::WritePublicKey(public_key.spki()), overwrite);
  // It was made here: another file of that name would have been a conflict.
  if (!written && overwrite == Overwrite::kForbid) ::unlink(path.c_str());
  return written;
}

}  // namespace

Result<std::unique_ptr<Signer>> OpenKey(const std::string& path, const PasswordProvider& password) {
  return OpenWith(path, password, &Signer::FromPkcs8);
}

Result<crypto::EcPrivateKey> OpenEcKey(const std::string& path, const PasswordProvider& password) {
  return OpenWith(path, password, &crypto::EcPrivateKey::ParsePkcs8);
}

Result<> WriteKeyPair(const std::string& prefix, const crypto::P256PrivateKey& key,
                      const crypto::SecretBytes& password, const KeyFileRandomness& randomness,
                      Overwrite overwrite) {
  CARNET_TRY_VOID(CheckPair(prefix, overwrite));
  CARNET_TRY(const std::string pem,
             sigstore::WriteCosignKey(key.ToPkcs8(), password, randomness.salt, randomness.nonce));
  return WritePemPair(prefix, pem, key.public_key(), overwrite);
}

Result<> WritePlainKeyPair(const std::string& prefix, const crypto::P256PrivateKey& key,
                           Overwrite overwrite) {
  CARNET_TRY_VOID(CheckPair(prefix, overwrite));
  const crypto::WipedText pem(crypto::WritePem("PRIVATE KEY", key.ToPkcs8().Expose()));
  return WritePemPair(prefix, pem.text(), key.public_key(), overwrite);
}

}  // namespace carnet::signer
