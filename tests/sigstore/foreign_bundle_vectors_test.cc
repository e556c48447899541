// Bundles that cosign 3.1.3 and the reference tool of OpenSSF Model Signing made.
#include "sigstore/foreign_bundle.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;

BOOST_AUTO_TEST_SUITE(foreign_bundle_vectors)

struct RealBundle {
  const char* path;
  size_t material;  // the place in ForeignMaterial: key, certificate
  size_t content;   // 0: an attestation, 1: a message
  size_t entries;
  size_t timestamps;
  const char* kind;
};

constexpr RealBundle kReadable[] = {
    {"cosign/message.sigstore.json", 0, 1, 0, 0, ""},
    {"cosign/logged-message.sigstore.json", 0, 1, 1, 0, "hashedrekord"},
    {"cosign/attest-statement.sigstore.json", 0, 0, 0, 0, ""},
    {"cosign/attest-predicate.sigstore.json", 0, 0, 0, 0, ""},
    {"cosign/logged-attest.sigstore.json", 0, 0, 1, 0, "hashedrekord"},
    {"model-signing/bundles/v0.3.1-sigstore/model.sig", 1, 0, 1, 0, "dsse"},
    {"model-signing/bundles/v1.0.0-sigstore/model.sig", 1, 0, 1, 0, "dsse"},
    {"model-signing/bundles/v1.0.1-sigstore/model.sig", 1, 0, 1, 0, "dsse"},
    {"model-signing/bundles/v1.1.0-sigstore/model.sig", 1, 0, 1, 1, "dsse"},
    {"model-signing/bundles/v1.1.0-elliptic-key/model.sig", 0, 0, 0, 0, ""},
};

BOOST_AUTO_TEST_CASE(reads_what_cosign_and_model_signing_wrote,
                     *ut::precondition(test::HasVectors("cosign")) *
                         ut::precondition(test::HasVectors("model-signing"))) {
  for (const RealBundle& real : kReadable) {
    BOOST_TEST_CONTEXT(real.path) {
      REQUIRE_VALUE(const ForeignBundle bundle,
                    ReadForeignBundle(test::Slurp(test::VectorsFolder() / real.path)));
      BOOST_CHECK(bundle.version == BundleVersion::k03);
      BOOST_CHECK_EQUAL(bundle.material.index(), real.material);
      BOOST_CHECK_EQUAL(bundle.content.index(), real.content);
      BOOST_CHECK_EQUAL(bundle.timestamps.size(), real.timestamps);
      BOOST_REQUIRE_EQUAL(bundle.entries.size(), real.entries);
      if (real.entries == 1) BOOST_CHECK_EQUAL(bundle.entries[0].kind, real.kind);
    }
  }
}

// Of the public instance: the numbers that the file shows.
BOOST_AUTO_TEST_CASE(reads_promise_and_both_indices_of_rekor_v1,
                     *ut::precondition(test::HasVectors("model-signing"))) {
  REQUIRE_VALUE(const ForeignBundle bundle,
                ReadForeignBundle(test::Slurp(test::VectorsFolder() /
                                              "model-signing/bundles/v1.0.1-sigstore/model.sig")));
  const LogEntry& entry = bundle.entries.at(0);
  BOOST_CHECK_EQUAL(entry.log_index, 588939812);
  BOOST_CHECK_EQUAL(entry.proof_log_index, 467035550);
  BOOST_CHECK_EQUAL(entry.proof_tree_size, 467035599);
  BOOST_CHECK_EQUAL(entry.proof.hashes.size(), 21);
  BOOST_CHECK_EQUAL(entry.integrated_time, 1759851228);
  BOOST_CHECK_EQUAL(entry.signed_entry_timestamp.size(), 72);
}

// Signatures of models that are no Sigstore bundles of the version that they claim.
BOOST_AUTO_TEST_CASE(refuses_model_signatures_that_are_no_bundles,
                     *ut::precondition(test::HasVectors("model-signing"))) {
  const auto read = [](const std::string& folder) {
    return ReadForeignBundle(
        test::Slurp(test::VectorsFolder() / "model-signing/bundles" / folder / "model.sig"));
  };
  for (const char* folder : {"v0.2.0-certificate", "v0.3.1-certificate", "v1.0.0-certificate",
                             "v1.0.1-certificate", "v1.1.0-certificate"}) {
    CHECK_ERROR(read(folder), ErrorCode::kMalformed,
                "verificationMaterial.x509CertificateChain: bundles of version 0.3 have one");
  }
  for (const char* folder : {"v0.3.1-elliptic-key", "v1.0.0-elliptic-key", "v1.0.1-elliptic-key"}) {
    CHECK_ERROR(read(folder), ErrorCode::kMalformed,
                "verificationMaterial.publicKey.rawBytes: unknown field");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
