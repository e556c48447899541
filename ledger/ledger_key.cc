#include "ledger/ledger_key.h"

#include "core/file.h"
#include "crypto/wiped_text.h"
#include "sigstore/key_file.h"

namespace carnet::ledger {
namespace {

Result<crypto::SecretBytes> PasswordFor(
    sigstore::KeyFileForm form, const std::function<Result<crypto::SecretBytes>()>& password) {
  if (!sigstore::NeedsPassword(form)) return crypto::SecretBytes(0);
  if (!password) return Rejected("the key is encrypted and no password was given");
  return password();
}

}  // namespace

Result<> WriteLedgerKey(const std::string& path, const crypto::Ed25519PrivateKey& key,
                        const crypto::SecretBytes* password) {
  if (password != nullptr && password->size() == 0) {
    return Rejected("the password of the ledger's key is empty");
  }
  const crypto::SecretBytes none(0);
  CARNET_TRY(std::string text,
             sigstore::WritePkcs8Key(key.ToPkcs8(), password == nullptr ? none : *password));
  const crypto::WipedText pem(std::move(text));
  return WriteFileAtomic(path, pem.text(), Overwrite::kForbid, Readers::kOwnerOnly);
}

Result<crypto::Ed25519PrivateKey> ReadLedgerKey(
    const std::string& path, const std::function<Result<crypto::SecretBytes>()>& password) {
  CARNET_TRY(std::string text, ReadFile(path, sigstore::kMaxKeyFileBytes));
  const crypto::WipedText pem(std::move(text));
  const auto form = sigstore::DetectKeyFile(pem.text());
  if (!form) return form.error().In(path);
  if (*form == sigstore::KeyFileForm::kCosign)
    return Unsupported(path + ": expected a PKCS#8 key, found one in cosign's format");
  auto secret = PasswordFor(*form, password);
  if (!secret) return secret.error().In(path);
  const auto pkcs8 = sigstore::OpenKeyFile(pem.text(), *secret);
  if (!pkcs8) return pkcs8.error().In(path);
  auto key = crypto::Ed25519PrivateKey::ParsePkcs8(*pkcs8);
  if (!key) return key.error().In(path);
  return key;
}

}  // namespace carnet::ledger
