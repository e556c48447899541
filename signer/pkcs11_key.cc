#include "signer/pkcs11_key.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include "core/hex.h"
#include "core/utf8.h"
#include "crypto/certificate.h"
#include "crypto/raw_signature.h"
#include "signer/pkcs11_session.h"

namespace carnet::signer {
namespace {

// CKA_EC_PARAMS of prime256v1: its OID, DER (PKCS#11 curves v2.40, 2.3.3).
constexpr std::array<uint8_t, 10> kP256Parameters = {0x06, 0x08, 0x2a, 0x86, 0x48,
                                                     0xce, 0x3d, 0x03, 0x01, 0x07};
// CKA_EC_POINT is the point in a DER OCTET STRING; some tokens leave the wrapping out.
constexpr size_t kPointBytes = 65;
constexpr std::array<uint8_t, 2> kOctetString = {0x04, kPointBytes};

class Pkcs11Key final : public AttestationKey {
 public:
  Pkcs11Key(std::unique_ptr<Pkcs11Session> session, CK_OBJECT_HANDLE key, bool login_each_time,
            crypto::P256PublicKey public_key)
      : session_(std::move(session)),
        key_(key),
        login_each_time_(login_each_time),
        public_key_(std::move(public_key)) {}

  const crypto::P256PublicKey& public_key() const override { return public_key_; }

  Result<Bytes> SignDigest(const Sha256Digest& digest) const override {
    const std::lock_guard lock(mutex_);
    CARNET_TRY(const Bytes raw, session_->Sign(key_, digest.span(), login_each_time_));
    auto der = crypto::DerOfRawP256(raw);
    return der ? std::move(der) : Io("C_Sign: " + der.error().message);
  }

  Result<Sha256Digest> Derive(ByteSpan) const override {
    return Unsupported(
        "a key in a token can only sign, so nothing can be derived from it; give "
        "--nonce with 32 random hex digits instead, and the same ones to repeat it");
  }

 private:
  mutable std::mutex mutex_;  // a session does one thing at a time
  std::unique_ptr<Pkcs11Session> session_;
  CK_OBJECT_HANDLE key_;
  bool login_each_time_;
  crypto::P256PublicKey public_key_;
};

std::string NameOf(const Pkcs11Uri& uri) {
  std::string name = uri.object.empty() ? "" : "labelled " + Quoted(uri.object);
  if (uri.id.empty()) return name;
  return name + (name.empty() ? "with id " : " and with id ") + HexEncode(uri.id);
}

Result<CK_OBJECT_HANDLE> FindPrivateKey(const Pkcs11Session& session, const Pkcs11Uri& uri) {
  CARNET_TRY(const auto found, session.Find(CKO_PRIVATE_KEY, uri.object, uri.id));
  if (found.empty()) return NotFound("the token has no private key " + NameOf(uri));
  if (found.size() > 1) {
    return Rejected(fmt::format("the token has several private keys {}; {} chooses one",
                                NameOf(uri), uri.id.empty() ? "id=…" : "object=…"));
  }
  return found.front();
}

Result<> RequireEcKey(const Pkcs11Session& session, CK_OBJECT_HANDLE key) {
  CARNET_TRY(const auto type, session.AttributeOf(key, CKA_KEY_TYPE));
  CK_KEY_TYPE value = 0;
  if (!type || type->size() != sizeof(value)) return Io("the token does not say what key it is");
  std::memcpy(&value, type->data(), sizeof(value));
  if (value == CKK_EC) return Ok();
  return Unsupported(fmt::format("expected a key on prime256v1, found {}",
                                 value == CKK_RSA ? "an RSA key" : "a key of another algorithm"));
}

Result<> RequireP256(const Pkcs11Session& session, CK_OBJECT_HANDLE key) {
  CARNET_TRY(const auto curve, session.AttributeOf(key, CKA_EC_PARAMS));
  // A token may state it for the public half alone.
  if (!curve || curve->empty()) return Ok();
  if (std::equal(curve->begin(), curve->end(), kP256Parameters.begin(), kP256Parameters.end())) {
    return Ok();
  }
  return Unsupported("expected a key on prime256v1, found one on another curve");
}

Result<crypto::P256PublicKey> ReadPoint(const Pkcs11Session& session, CK_OBJECT_HANDLE object) {
  CARNET_TRY_VOID(RequireP256(session, object));
  CARNET_TRY(const auto point, session.AttributeOf(object, CKA_EC_POINT));
  if (!point) return Io("the token's public key has no point");
  const ByteSpan bytes = *point;
  const bool wrapped = bytes.size() == kOctetString.size() + kPointBytes &&
                       bytes[0] == kOctetString[0] && bytes[1] == kOctetString[1];
  return crypto::P256PublicKey::FromPoint(wrapped ? bytes.subspan(kOctetString.size()) : bytes);
}

Result<crypto::P256PublicKey> ReadCertified(const Pkcs11Session& session, CK_OBJECT_HANDLE object) {
  CARNET_TRY(const auto der, session.AttributeOf(object, CKA_VALUE));
  if (!der) return Io("the token does not show the key's certificate");
  CARNET_TRY(const auto certificate, crypto::Certificate::Parse(*der));
  return crypto::P256PublicKey::ParseSpki(certificate.public_key().spki());
}

// What says whose public half an object is.
struct KeyMark {
  std::string label;
  Bytes id;
};

Result<KeyMark> MarkOf(const Pkcs11Session& session, CK_OBJECT_HANDLE key) {
  CARNET_TRY(auto id, session.AttributeOf(key, CKA_ID));
  if (id && !id->empty()) return KeyMark{"", *std::move(id)};
  CARNET_TRY(const auto label, session.AttributeOf(key, CKA_LABEL));
  if (label && !label->empty()) return KeyMark{std::string(AsText(*label)), {}};
  return NotFound("the key has neither id nor label");
}

// The token's public key that goes with it, else its certificate. Whether they do go together shows
// with the first signature.
Result<crypto::P256PublicKey> FindPublicKey(const Pkcs11Session& session, CK_OBJECT_HANDLE key) {
  CARNET_TRY(const KeyMark mark, MarkOf(session, key));
  CARNET_TRY(const auto keys, session.Find(CKO_PUBLIC_KEY, mark.label, mark.id));
  if (keys.size() == 1) return ReadPoint(session, keys.front());
  if (keys.size() > 1) return Rejected("the token has several public keys that go with it");
  CARNET_TRY(const auto certificates, session.Find(CKO_CERTIFICATE, mark.label, mark.id));
  if (certificates.size() == 1) return ReadCertified(session, certificates.front());
  if (certificates.size() > 1) return Rejected("the token has several certificates for it");
  return NotFound(
      "the token has no public key and no certificate that goes with it, of the same id or label");
}

}  // namespace

Result<std::unique_ptr<AttestationKey>> OpenPkcs11Key(const Pkcs11Uri& uri,
                                                      const PasswordProvider& pin) {
  CARNET_TRY(auto session, Pkcs11Session::Open(uri, pin));
  CARNET_TRY(const CK_OBJECT_HANDLE key, FindPrivateKey(*session, uri));
  CARNET_TRY_VOID(RequireEcKey(*session, key));
  CARNET_TRY_VOID(RequireP256(*session, key));
  CARNET_TRY(const auto always, session->AttributeOf(key, CKA_ALWAYS_AUTHENTICATE));
  const bool login_each_time = always && always->size() == 1 && (*always)[0] == CK_TRUE;
  if (!login_each_time) session->ForgetPin();
  CARNET_TRY(auto public_key, FindPublicKey(*session, key));
  return std::unique_ptr<AttestationKey>(
      std::make_unique<Pkcs11Key>(std::move(session), key, login_each_time, std::move(public_key)));
}

}  // namespace carnet::signer
