#include "signer/file_key.h"

#include <utility>

#include "crypto/wiped_text.h"
#include "sigstore/key_file.h"

namespace carnet::signer {
namespace {

Result<std::unique_ptr<Signer>> OpenText(const std::string& pem, const PasswordProvider& password) {
  CARNET_TRY(const sigstore::KeyFileForm form, sigstore::DetectKeyFile(pem));
  crypto::SecretBytes given(0);
  if (form != sigstore::KeyFileForm::kPkcs8) {
    CARNET_TRY(given, password());
  }
  CARNET_TRY(const crypto::SecretBytes pkcs8, sigstore::OpenKeyFile(pem, given));
  return Signer::FromPkcs8(pkcs8);
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
  const std::string key_path = prefix + ".key";
  const std::string public_path = prefix + ".pub";
  if (overwrite == Overwrite::kForbid) {
    for (const std::string& path : {key_path, public_path}) {
      if (PathExists(path)) return Conflict(path + ": the file exists");
    }
  }
  // A new private key beside an old public one would be of no use.
  for (const std::string& path : {key_path, public_path}) CARNET_TRY_VOID(CheckReplaceable(path));
  CARNET_TRY(const std::string pem,
             sigstore::WriteCosignKey(key.ToPkcs8(), password, randomness.salt, randomness.nonce));
  CARNET_TRY_VOID(WriteFileAtomic(key_path, pem, overwrite, Readers::kOwnerOnly));
  return WriteFileAtomic(public_path, sigstore::WritePublicKey(key.public_key().spki()), overwrite);
}

}  // namespace carnet::signer
