// Keys of named parties and logs, made once per process. For one thread.
#pragma once

#include <memory>
#include <string>

#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "signer/signer.h"
#include "tests/support/value_of.h"

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

}  // namespace carnet::test
