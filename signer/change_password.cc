#include "signer/change_password.h"

#include <utility>

#include "crypto/ed25519.h"
#include "crypto/wiped_text.h"
#include "sigstore/key_file.h"

namespace carnet::signer {
namespace {

using crypto::SecretBytes;

struct PublicHalf {
  Bytes spki;
  bool of_ledger;  // Ed25519
};

Result<PublicHalf> PublicHalfOf(const SecretBytes& pkcs8) {
  const auto ed25519 = crypto::Ed25519PrivateKey::ParsePkcs8(pkcs8);
  if (ed25519) return PublicHalf{ed25519->public_key().ToSpki(), true};
  CARNET_TRY(const auto p256, crypto::P256PrivateKey::ParsePkcs8(pkcs8));
  return PublicHalf{p256.public_key().spki(), false};
}

Result<SecretBytes> Open(const std::string& pem, sigstore::KeyFileForm form,
                         const PasswordProvider& password) {
  SecretBytes given(0);
  if (sigstore::NeedsPassword(form)) {
    CARNET_TRY(given, password());
  }
  return sigstore::OpenKeyFile(pem, given);
}

bool BecomesCosign(sigstore::KeyFileForm form, const PublicHalf& half) {
  if (form == sigstore::KeyFileForm::kCosign) return true;
  return form != sigstore::KeyFileForm::kEncryptedPkcs8 && !half.of_ledger;
}

// A file that cannot be opened again would be worth less than no change.
Result<> CheckWritten(const std::string& pem, const SecretBytes& password, const PublicHalf& half) {
  CARNET_TRY(const SecretBytes opened, sigstore::OpenKeyFile(pem, password));
  CARNET_TRY(const PublicHalf found, PublicHalfOf(opened));
  return found.spki == half.spki ? Ok() : Corruption("the key as written is another one");
}

Result<> Change(const std::string& path, const std::string& pem, const PasswordChange& change,
                const KeyFileRandomness& randomness) {
  CARNET_TRY(const sigstore::KeyFileForm form, sigstore::DetectKeyFile(pem));
  CARNET_TRY(const SecretBytes pkcs8, Open(pem, form, change.old_password));
  CARNET_TRY(const PublicHalf half, PublicHalfOf(pkcs8));
  CARNET_TRY(const SecretBytes password, change.new_password());
  CARNET_TRY(std::string text,
             password.size() > 0 && BecomesCosign(form, half)
                 ? sigstore::WriteCosignKey(pkcs8, password, randomness.salt, randomness.nonce)
                 : sigstore::WritePkcs8Key(pkcs8, password));
  const crypto::WipedText written(std::move(text));
  CARNET_TRY_VOID(CheckWritten(written.text(), password, half));
  return WriteFileAtomic(path, written.text(), Overwrite::kReplace, Readers::kAsBefore);
}

}  // namespace

Result<> ChangePassword(const std::string& path, const PasswordChange& change,
                        const KeyFileRandomness& randomness) {
  CARNET_TRY_VOID(CheckReplaceable(path));
  CARNET_TRY(std::string text, ReadFile(path, sigstore::kMaxKeyFileBytes));
  const crypto::WipedText pem(std::move(text));
  auto changed = Change(path, pem.text(), change, randomness);
  if (!changed && !changed.error().message.starts_with(path)) return changed.error().In(path);
  return changed;
}

}  // namespace carnet::signer
