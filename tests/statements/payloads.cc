#include "tests/statements/payloads.h"

#include "tests/support/drafts.h"
#include "tests/support/statement_text.h"

namespace carnet::statements::test {
namespace {

namespace drafts = carnet::test::drafts;

// Not a global string: data sets of tests are made before those of other files are.
std::string Zeros() { return kZeroDigest; }

std::string Payload(const std::string& kind, const std::string& id, const std::string& draft) {
  return carnet::test::StatementText(
      carnet::test::PredicateType(kind), carnet::test::IdSubject(kind, id),
      carnet::test::WithHead({.signer = "key:" + Zeros(), .ledger = Zeros()}, draft));
}

}  // namespace

std::string DevicePayload(const std::string& ek) {
  const std::string id = "tpm:ek:" + ek;
  return Payload("device", id, drafts::Device({.id = id, .chip = "h100-sxm5"}));
}

std::string AllocationPayload(size_t devices, uint64_t device_ms) {
  return Payload("allocation", carnet::test::HeadTerms{}.nonce,
                 drafts::Allocation({.holders = {"key:" + Zeros()},
                                     .devices = drafts::Texts(devices, Zeros()),
                                     .from_ms = 0,
                                     .to_ms = 1'000,
                                     .device_ms = device_ms}));
}

sigstore::Bundle BundleOf(const std::string& payload, Bytes signature) {
  sigstore::Bundle bundle;
  bundle.material = sigstore::PublicKeyHint{"hint"};
  bundle.envelope = {std::string(sigstore::kInTotoPayloadType), ToBytes(AsBytes(payload)),
                     std::move(signature)};
  return bundle;
}

}  // namespace carnet::statements::test
