// Device statements, signed and logged: the minimum on which the rules about signatures and log
// entries (R5-R11, R15) can be tried. Statements are JSON written by hand; the log is the reference
// tree. Not a passport, as there is no root.
#pragma once

#include <string>
#include <vector>

#include "crypto/ed25519.h"
#include "merkle/checkpoint.h"
#include "sigstore/bundle.h"
#include "tests/support/reference_tree.h"
#include "trust/trust.h"

namespace carnet::verifier::test {

struct LogSigner {
  explicit LogSigner(const std::string& origin = "log.example");
  std::string Checkpoint(uint64_t size, const RootHash& root) const;

  crypto::Ed25519PrivateKey private_key = crypto::Ed25519PrivateKey::Generate();
  merkle::NoteKey key;
};

class DevicePassport {
 public:
  // `count` devices, the lines at the log indices 0 to count - 1.
  DevicePassport(size_t count, const crypto::P256PrivateKey& key, const LogSigner& log);

  std::vector<sigstore::Bundle> bundles;  // for a case to spoil
  const carnet::test::ReferenceTree& tree() const { return tree_; }
  std::string Text() const;  // JSON Lines

  // The payload of device `number`, as a statement signed by that key for that log.
  static std::string Payload(size_t number, const KeyId& signer, const LogId& ledger);
  // Entry of the bundle, which is at `index` in `tree`.
  static sigstore::LogEntry Entry(const std::string& body, const carnet::test::ReferenceTree& tree,
                                  uint64_t index, const LogSigner& log);

 private:
  carnet::test::ReferenceTree tree_{{}};
};

// A trust in which that key is the lab's, may sign devices, and these are the logs.
trust::TrustedKey LabKey(const crypto::P256PublicKey& key);
trust::Trust TrustOf(trust::TrustedKey key, std::vector<trust::TrustedLog> logs);
trust::TrustedLog LogOf(const LogSigner& log);

}  // namespace carnet::verifier::test
