// Keys of named parties and logs, made once per process. For one thread.
#pragma once

#include <memory>
#include <string>

#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "signer/signer.h"

namespace carnet::test {

struct PartyKey {
  crypto::P256PrivateKey key;
  std::unique_ptr<signer::Signer> signer;

  const KeyId& id() const { return key.public_key().id(); }
  const Bytes& spki() const { return key.public_key().spki(); }
};

// The same name gives the same key.
const PartyKey& KeyNamed(const std::string& name);
const crypto::Ed25519PrivateKey& LogKeyNamed(const std::string& name);

// Support code cannot return a Result: a broken test ends with this message.
[[noreturn]] void GiveUp(const std::string& message);

template <typename R>
auto ValueOf(R result, const std::string& where) {
  if (!result.has_value()) GiveUp(where + ": " + result.error().message);
  return std::move(result).value();
}

}  // namespace carnet::test
