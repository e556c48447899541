#include "tests/verifier/device_passport.h"

#include "core/base64.h"
#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/support/drafts.h"
#include "tests/support/statement_text.h"
#include "tests/support/test.h"

namespace carnet::verifier::test {
namespace {

std::string Hex64(size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(64 - digits.size(), '0') + digits;
}

}  // namespace

LogSigner::LogSigner(const std::string& origin)
    : key(merkle::NoteKey::Create(origin, private_key.public_key()).value()) {}

std::string LogSigner::Checkpoint(uint64_t size, const RootHash& root) const {
  return merkle::SignCheckpoint({key.name(), TreeSize(size), root, {}}, key, private_key);
}

std::string DevicePassport::Payload(size_t number, const KeyId& signer, const LogId& ledger) {
  const std::string id = "tpm:ek:" + Hex64(number);
  return carnet::test::StatementText(
      carnet::test::PredicateType("device"), carnet::test::IdSubject("device", id),
      carnet::test::WithHead(
          {.signer = "key:" + HexEncode(signer.span()), .ledger = HexEncode(ledger.span())},
          carnet::test::drafts::Device({.id = id})));
}

sigstore::LogEntry DevicePassport::Entry(const std::string& body,
                                         const carnet::test::ReferenceTree& tree, uint64_t index,
                                         const LogSigner& log) {
  const RootHash root = tree.Root(tree.size());
  sigstore::LogEntry entry{.log_id = log.key.id()};
  entry.log_index = entry.proof_log_index = index;
  entry.kind = "hashedrekord";
  entry.version = "0.0.2";
  entry.proof_root_hash = ToBytes(root.span());
  entry.proof_tree_size = tree.size();
  entry.proof.hashes = tree.Inclusion(index, 0, tree.size());
  entry.checkpoint = log.Checkpoint(tree.size(), root);
  entry.canonicalized_body = ToBytes(AsBytes(body));
  return entry;
}

DevicePassport::DevicePassport(size_t count, const crypto::P256PrivateKey& key,
                               const LogSigner& log) {
  const Bytes& spki = key.public_key().spki();
  std::vector<std::string> bodies;
  for (size_t i = 0; i < count; ++i) {
    const std::string payload = Payload(i, key.public_key().id(), log.key.id());
    const std::string pae =
        "DSSEv1 28 application/vnd.in-toto+json " + std::to_string(payload.size()) + " " + payload;
    sigstore::Bundle bundle;
    bundle.material = sigstore::PublicKeyHint{Base64Encode(key.public_key().id().span())};
    bundle.envelope = {"application/vnd.in-toto+json", ToBytes(AsBytes(payload)),
                       key.Sign(AsBytes(pae))};
    bodies.push_back(carnet::test::HashedRekordText(crypto::Sha256Of(pae).span(),
                                                    bundle.envelope.signature, spki));
    tree_.Append(bodies.back());
    bundles.push_back(std::move(bundle));
  }
  for (size_t i = 0; i < count; ++i) bundles[i].entries = {Entry(bodies[i], tree_, i, log)};
}

std::string DevicePassport::Text() const {
  std::string text;
  for (const sigstore::Bundle& bundle : bundles) text += sigstore::WriteBundle(bundle) + "\n";
  return text;
}

trust::TrustedKey LabKey(const crypto::P256PublicKey& key) {
  return {crypto::P256PublicKey::ParseSpki(key.spki()).value(),
          "lab",
          "",
          {schemas::Kind::kDevice},
          {},
          {}};
}

trust::Trust TrustOf(trust::TrustedKey key, std::vector<trust::TrustedLog> logs) {
  std::vector<trust::TrustedKey> keys;
  keys.push_back(std::move(key));
  return trust::Trust::Create(std::move(keys), std::move(logs)).value();
}

trust::TrustedLog LogOf(const LogSigner& log) {
  return {log.key.name(), {{log.key, {}, {}}}, "", {}};
}

}  // namespace carnet::verifier::test
