#include "tests/statements/payloads.h"

#include "core/hex.h"
#include "crypto/sha256.h"

namespace carnet::statements::test {
namespace {

// Not a global string: data sets of tests are made before those of other files are.
std::string Zeros() { return kZeroDigest; }

std::string Payload(const std::string& kind, const std::string& subject_digest,
                    const std::string& fields) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"id","digest":{"sha256":")" +
         subject_digest + R"("}}],"predicateType":"urn:carnet:)" + kind +
         R"(:v1","predicate":{"head":{"signer":"key:)" + Zeros() + R"(","ledger":")" + Zeros() +
         R"(","created":"2026-01-01T00:00:00.000Z","nonce":"00112233445566778899aabbccddeeff"},)" +
         fields + "}}";
}

}  // namespace

// S3, S7: the subject is the hash of the canonical id.
std::string DevicePayload(const std::string& ek) {
  const std::string id = "tpm:ek:" + ek;
  const auto subject = crypto::Sha256Of("carnet-device-id-v1\n" + id);
  return Payload("device", HexEncode(subject.span()),
                 R"("id":")" + id + R"(","units":1,"vendor":"maker","chip":"h100-sxm5")");
}

std::string AllocationPayload(size_t devices, uint64_t device_ms) {
  const auto subject =
      crypto::Sha256Of(std::string("carnet-allocation-id-v1\n00112233445566778899aabbccddeeff"));
  std::string list;
  for (size_t i = 0; i < devices; ++i) list += (i == 0 ? "\"" : ",\"") + Zeros() + "\"";
  return Payload("allocation", HexEncode(subject.span()),
                 R"("holders":["key:)" + Zeros() + R"("],"devices":[)" + list +
                     R"(],"window":{"from":"2026-01-01T00:00:00.000Z",)" +
                     R"("to":"2026-01-02T00:00:00.000Z"},"device_ms":)" +
                     std::to_string(device_ms));
}

sigstore::Bundle BundleOf(const std::string& payload, Bytes signature) {
  sigstore::Bundle bundle;
  bundle.material = sigstore::PublicKeyHint{"hint"};
  bundle.envelope = {std::string(sigstore::kInTotoPayloadType), ToBytes(AsBytes(payload)),
                     std::move(signature), ""};
  return bundle;
}

}  // namespace carnet::statements::test
