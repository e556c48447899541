#include "signer/file_key.h"

#include <unistd.h>

#include <utility>

#include "crypto/pem.h"
#include "crypto/wiped_text.h"
#include "sigstore/key_file.h"

namespace carnet::signer {
namespace {

Result<std::unique_ptr<Signer>> OpenText(const std::string& pem, const PasswordProvider& password) {
  CARNET_TRY(const sigstore::KeyFileForm form, sigstore::DetectKeyFile(pem));
  crypto::SecretBytes given(0);
  if (sigstore::NeedsPassword(form)) {
    CARNET_TRY(given, password());
  }
  CARNET_TRY(const crypto::SecretBytes pkcs8, sigstore::OpenKeyFile(pem, given));
  return Signer::FromPkcs8(pkcs8);
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
  CARNET_TRY(std::string text, ReadFile(path, sigstore::kMaxKeyFileBytes));
  const crypto::WipedText pem(std::move(text));
  auto signer = OpenText(pem.text(), password);
  if (!signer) return signer.error().In(path);
  return signer;
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
