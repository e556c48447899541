#include "signer/pkcs11_session.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/raw_signature.h"
#include "crypto/wiped_text.h"
#include "signer/pkcs11_error.h"
#include "signer/pkcs11_token.h"

namespace carnet::signer {
namespace {

constexpr size_t kMaxPinBytes = 1'024;
constexpr CK_ULONG kMaxAttributeBytes = 64 * 1'024;  // a certificate; a module may say anything

Result<crypto::SecretBytes> ReadPin(const std::string& path) {
  CARNET_TRY(std::string text, ReadFile(path, kMaxPinBytes));
  const crypto::WipedText file(std::move(text));
  std::string_view pin = file.text();
  if (pin.ends_with('\n')) pin.remove_suffix(1);
  if (pin.empty() || pin.find('\n') != pin.npos) {
    return Malformed(path + ": must have the PIN on one line");
  }
  return crypto::SecretBytes::CopyOf(pin);
}

// The interface takes what it only reads as if it were written.
void* Unwritten(const void* data) { return const_cast<void*>(data); }

CK_ATTRIBUTE AttributeFrom(CK_ATTRIBUTE_TYPE type, const void* data, size_t size) {
  return {type, Unwritten(data), size};
}

}  // namespace

Result<std::unique_ptr<Pkcs11Session>> Pkcs11Session::Open(const Pkcs11Uri& uri,
                                                           const PasswordProvider& pin) {
  CARNET_TRY(auto module, Pkcs11Module::Load(uri));
  CARNET_TRY(const CK_SLOT_ID slot, FindToken(module->calls(), uri));
  CK_SESSION_HANDLE session = 0;
  const CK_RV answer =
      module->calls().C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_OpenSession");
  std::unique_ptr<Pkcs11Session> opened(new Pkcs11Session(std::move(module), session));
  CARNET_TRY_VOID(opened->LogIn(slot, uri, pin));
  return opened;
}

Pkcs11Session::~Pkcs11Session() { calls().C_CloseSession(session_); }

Result<> Pkcs11Session::LogIn(CK_SLOT_ID slot, const Pkcs11Uri& uri, const PasswordProvider& pin) {
  CK_TOKEN_INFO token{};
  const CK_RV answer = calls().C_GetTokenInfo(slot, &token);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_GetTokenInfo");
  if ((token.flags & CKF_LOGIN_REQUIRED) == 0) return Ok();
  if ((token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) == 0) {
    CARNET_TRY(pin_, uri.pin_file.empty() ? pin() : ReadPin(uri.pin_file));
  }
  return LogInAs(CKU_USER);
}

Result<> Pkcs11Session::LogInAs(CK_USER_TYPE user) {
  const auto pin = pin_ ? pin_->ExposeMutable() : std::span<uint8_t>();
  const CK_RV answer =
      calls().C_Login(session_, user, pin_ ? pin.data() : nullptr, pin_ ? pin.size() : 0);
  if (answer == CKR_OK || answer == CKR_USER_ALREADY_LOGGED_IN) return Ok();
  return Pkcs11Error(answer, "C_Login");
}

Result<std::vector<CK_OBJECT_HANDLE>> Pkcs11Session::Find(CK_OBJECT_CLASS object_class,
                                                          std::string_view label,
                                                          ByteSpan id) const {
  std::vector<CK_ATTRIBUTE> wanted = {
      AttributeFrom(CKA_CLASS, &object_class, sizeof(object_class))};
  if (!label.empty()) wanted.push_back(AttributeFrom(CKA_LABEL, label.data(), label.size()));
  if (!id.empty()) wanted.push_back(AttributeFrom(CKA_ID, id.data(), id.size()));
  CK_RV answer = calls().C_FindObjectsInit(session_, wanted.data(), wanted.size());
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_FindObjectsInit");
  std::vector<CK_OBJECT_HANDLE> found;
  CK_ULONG count = 1;
  while (answer == CKR_OK && count == 1 && found.size() < 2) {
    CK_OBJECT_HANDLE object = 0;
    answer = calls().C_FindObjects(session_, &object, 1, &count);
    if (answer == CKR_OK && count == 1) found.push_back(object);
  }
  calls().C_FindObjectsFinal(session_);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_FindObjects");
  return found;
}

Result<std::optional<Bytes>> Pkcs11Session::AttributeOf(CK_OBJECT_HANDLE object,
                                                        CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE attribute{type, nullptr, 0};
  CK_RV answer = calls().C_GetAttributeValue(session_, object, &attribute, 1);
  if (answer == CKR_ATTRIBUTE_TYPE_INVALID || answer == CKR_ATTRIBUTE_SENSITIVE ||
      (answer == CKR_OK && attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION)) {
    return std::optional<Bytes>();
  }
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_GetAttributeValue");
  if (attribute.ulValueLen > kMaxAttributeBytes) {
    return Io(fmt::format("C_GetAttributeValue: an attribute of {} bytes", attribute.ulValueLen));
  }
  Bytes value(attribute.ulValueLen);
  attribute.pValue = value.data();
  answer = calls().C_GetAttributeValue(session_, object, &attribute, 1);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_GetAttributeValue");
  value.resize(std::min<size_t>(attribute.ulValueLen, value.size()));
  return std::optional(std::move(value));
}

Result<Bytes> Pkcs11Session::Sign(CK_OBJECT_HANDLE key, ByteSpan digest, bool login_each_time) {
  CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
  CK_RV answer = calls().C_SignInit(session_, &mechanism, key);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_SignInit");
  if (login_each_time) CARNET_TRY_VOID(LogInAs(CKU_CONTEXT_SPECIFIC));
  Bytes message = ToBytes(digest);
  std::array<uint8_t, crypto::kRawP256SignatureBytes> signature{};
  CK_ULONG size = signature.size();
  answer = calls().C_Sign(session_, message.data(), message.size(), signature.data(), &size);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_Sign");
  return ToBytes(ByteSpan(signature).first(std::min<size_t>(size, signature.size())));
}

}  // namespace carnet::signer
