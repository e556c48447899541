// Private to signer/: a session with one token, whose user is logged in where the token wants that.
// For one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/secret_bytes.h"
#include "signer/file_key.h"
#include "signer/pkcs11_module.h"

namespace carnet::signer {

class Pkcs11Session {
 public:
  // With the one token that the URI describes. `pin` is called unless the URI names a file, the
  // token has a keypad of its own, or wants no PIN. Errors: not_found, rejected (two such tokens, a
  // wrong PIN), io; those of the provider.
  static Result<std::unique_ptr<Pkcs11Session>> Open(const Pkcs11Uri& uri,
                                                     const PasswordProvider& pin);

  Pkcs11Session(const Pkcs11Session&) = delete;
  Pkcs11Session& operator=(const Pkcs11Session&) = delete;
  ~Pkcs11Session();

  // At most two objects of this class, and of this label and id where they are not empty: who asks
  // wants one, or to know that there are more.
  Result<std::vector<CK_OBJECT_HANDLE>> Find(CK_OBJECT_CLASS object_class, std::string_view label,
                                             ByteSpan id) const;

  // Absent where the object has no such attribute, or the token does not show it.
  Result<std::optional<Bytes>> AttributeOf(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;

  // By CKM_ECDSA; the token's raw answer. `login_each_time` is for a key that says so
  // (CKA_ALWAYS_AUTHENTICATE).
  Result<Bytes> Sign(CK_OBJECT_HANDLE key, ByteSpan digest, bool login_each_time);

  // Once it is known that the key signs without.
  void ForgetPin() { pin_.reset(); }

 private:
  Pkcs11Session(std::unique_ptr<Pkcs11Module> module, CK_SESSION_HANDLE session)
      : module_(std::move(module)), session_(session) {}
  Result<> LogIn(CK_SLOT_ID slot, const Pkcs11Uri& uri, const PasswordProvider& pin);
  Result<> LogInAs(CK_USER_TYPE user);
  const CK_FUNCTION_LIST& calls() const { return module_->calls(); }

  std::unique_ptr<Pkcs11Module> module_;
  CK_SESSION_HANDLE session_;
  std::optional<crypto::SecretBytes> pin_;  // absent: the token needs none, or has a keypad
};

}  // namespace carnet::signer
