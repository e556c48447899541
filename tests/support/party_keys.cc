#include "tests/support/party_keys.h"

#include <map>

namespace carnet::test {

const PartyKey& KeyNamed(const std::string& name) {
  static std::map<std::string, PartyKey> keys;
  auto found = keys.find(name);
  if (found == keys.end()) {
    auto key = crypto::P256PrivateKey::Generate();
    auto signer = ValueOf(signer::Signer::FromPkcs8(key.ToPkcs8()), name);
    found = keys.emplace(name, PartyKey{std::move(key), std::move(signer)}).first;
  }
  return found->second;
}

const crypto::Ed25519PrivateKey& LogKeyNamed(const std::string& name) {
  static std::map<std::string, crypto::Ed25519PrivateKey> keys;
  auto found = keys.find(name);
  if (found == keys.end()) {
    found = keys.emplace(name, crypto::Ed25519PrivateKey::Generate()).first;
  }
  return found->second;
}

}  // namespace carnet::test
