// Bundles that cosign 3.1.3 made: read, written again byte for byte, and verified end to end with
// the pieces that the verifier is made of.
#include <variant>

#include "core/hex.h"
#include "crypto/ecdsa.h"
#include "crypto/sha256.h"
#include "merkle/check_proof.h"
#include "merkle/checkpoint.h"
#include "merkle/hasher.h"
#include "sigstore/bundle.h"
#include "sigstore/hashedrekord.h"
#include "sigstore/key_file.h"
#include "sigstore/statement.h"
#include "sigstore/trusted_root.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;

std::string Vector(const std::string& name) {
  return test::Slurp(test::VectorsFolder() / "cosign" / name);
}

crypto::P256PublicKey CosignKey() {
  REQUIRE_VALUE(const Bytes spki, ReadPublicKey(Vector("cosign.pub")));
  REQUIRE_VALUE(crypto::P256PublicKey key, crypto::P256PublicKey::ParseSpki(spki));
  return key;
}

merkle::NoteKey LogKey() {
  REQUIRE_VALUE(const Bytes spki, ReadPublicKey(Vector("private_log.pub")));
  REQUIRE_VALUE(const auto key, crypto::Ed25519PublicKey::ParseSpki(spki));
  REQUIRE_VALUE(merkle::NoteKey note_key, merkle::NoteKey::Create("localhost", key));
  return note_key;
}

// What must hold of logged-attest, each step with its name.
std::string FirstFailure(const Bundle& bundle) {
  const crypto::P256PublicKey key = CosignKey();
  const merkle::NoteKey log = LogKey();
  const Envelope& envelope = bundle.envelope;
  const LogEntry& entry = bundle.entries.at(0);
  if (ParseKeyHint(std::get<PublicKeyHint>(bundle.material).hint) != key.id()) return "hint";
  const std::string pae = PreAuthEncoding(envelope.payload_type, envelope.payload);
  if (key.Verify(AsBytes(pae), envelope.signature) != crypto::SignatureCheck::kGood) {
    return "signature";
  }
  if (WriteHashedRekord(StatementIdOf(envelope.payload), envelope.signature, key.spki()) !=
      AsText(entry.canonicalized_body)) {
    return "body";
  }
  if (entry.log_id != log.id()) return "log id";
  const auto checkpoint = merkle::VerifiedCheckpoint::Verify(entry.checkpoint, log);
  if (!checkpoint) return "checkpoint";
  if (!merkle::CheckInclusion(LeafIndex(entry.log_index), checkpoint->size(),
                              merkle::HashLeaf(entry.canonicalized_body), entry.proof,
                              checkpoint->root())) {
    return "inclusion";
  }
  return "";
}

Bundle LoggedAttestation() {
  REQUIRE_VALUE(Bundle bundle, ReadBundle(Vector("logged-attest.sigstore.json")));
  return bundle;
}

BOOST_AUTO_TEST_SUITE(cosign_bundle,
                      *ut::precondition(test::HasVectors("cosign/message.sigstore.json")))

BOOST_AUTO_TEST_CASE(written_again_byte_for_byte) {
  for (const char* name : {"logged-attest.sigstore.json", "attest-statement.sigstore.json",
                           "attest-predicate.sigstore.json"}) {
    const std::string text = Vector(name);
    REQUIRE_VALUE(const Bundle bundle, ReadBundle(text));
    BOOST_CHECK_EQUAL(WriteBundle(bundle), text);
  }
}

BOOST_AUTO_TEST_CASE(message_signatures_are_another_format) {
  for (const char* name : {"message.sigstore.json", "logged-message.sigstore.json"}) {
    CHECK_ERROR(ReadBundle(Vector(name)), ErrorCode::kUnsupported, "message signature");
  }
}

BOOST_AUTO_TEST_CASE(verifies_end_to_end) {
  const Bundle bundle = LoggedAttestation();
  BOOST_CHECK_EQUAL(FirstFailure(bundle), "");
  BOOST_CHECK_EQUAL(bundle.entries[0].proof_tree_size, 1);
  BOOST_CHECK(bundle.entries[0].proof.hashes.empty());
  BOOST_CHECK(bundle.entries[0].signed_entry_timestamp.empty());
}

// Sizes and digests as the vectors' README gives them.
BOOST_AUTO_TEST_CASE(encoding_has_the_published_digest) {
  REQUIRE_VALUE(const Bundle v1, ReadBundle(Vector("attest-statement.sigstore.json")));
  BOOST_CHECK_EQUAL(PreAuthEncoding(v1.envelope.payload_type, v1.envelope.payload).size(), 266);
  BOOST_CHECK_EQUAL(HexEncode(StatementIdOf(v1.envelope.payload).span()),
                    "e7af3d56df41d5300d68ef82a9ff6790cf083a5ece23faa8dff7c4889f6bbe39");
  REQUIRE_VALUE(const Bundle v01, ReadBundle(Vector("attest-predicate.sigstore.json")));
  BOOST_CHECK_EQUAL(PreAuthEncoding(v01.envelope.payload_type, v01.envelope.payload).size(), 268);
  BOOST_CHECK_EQUAL(HexEncode(StatementIdOf(v01.envelope.payload).span()),
                    "63967befd2b4bea40ec59c9967c8e5dee9a4f0810e3b1df0ee8f09aa91f3e720");
}

BOOST_AUTO_TEST_CASE(body_is_read_as_it_was_logged) {
  const Bundle bundle = LoggedAttestation();
  const std::string_view body = AsText(bundle.entries[0].canonicalized_body);
  REQUIRE_VALUE(const HashedRekord record, ReadHashedRekord(body));
  BOOST_CHECK(record.statement == StatementIdOf(bundle.envelope.payload));
  BOOST_CHECK(record.signature == bundle.envelope.signature);
  BOOST_CHECK(record.spki == CosignKey().spki());
}

BOOST_AUTO_TEST_CASE(changed_byte_is_noticed_where_it_stands) {
  const auto with = [](auto change) {
    Bundle bundle = LoggedAttestation();
    change(bundle);
    return FirstFailure(bundle);
  };
  BOOST_CHECK_EQUAL(with([](Bundle& b) { b.envelope.payload[40] ^= 1; }), "signature");
  BOOST_CHECK_EQUAL(with([](Bundle& b) { b.envelope.payload_type[0] ^= 1; }), "signature");
  BOOST_CHECK_EQUAL(with([](Bundle& b) { b.envelope.signature[20] ^= 1; }), "signature");
  BOOST_CHECK_EQUAL(with([](Bundle& b) { b.entries[0].canonicalized_body[99] ^= 1; }), "body");
  BOOST_CHECK_EQUAL(with([](Bundle& b) { b.entries[0].checkpoint[14] ^= 1; }), "checkpoint");
  BOOST_CHECK_EQUAL(with([](Bundle& b) { b.entries[0].log_index = 1; }), "inclusion");
  BOOST_CHECK_EQUAL(with([](Bundle& b) { b.material = HintOf(Retag<KeyId>(LogKey().id())); }),
                    "hint");
}

BOOST_AUTO_TEST_CASE(refuses_every_truncation) {
  const std::string text = Vector("logged-attest.sigstore.json");
  for (size_t size = 0; size < text.size(); ++size) {
    BOOST_CHECK_MESSAGE(!ReadBundle(std::string_view(text).substr(0, size)).has_value(),
                        "read at size " << size);
  }
}

BOOST_AUTO_TEST_CASE(statement_v01_is_refused) {
  REQUIRE_VALUE(const Bundle bundle, ReadBundle(Vector("attest-predicate.sigstore.json")));
  const StatementResult read = ReadStatement(bundle.envelope.payload);
  const auto* error = std::get_if<StatementError>(&read);
  BOOST_REQUIRE(error != nullptr);
  BOOST_CHECK(error->fault == StatementFault::kMalformedStatement);
  BOOST_CHECK_EQUAL(error->message,
                    "_type: expected https://in-toto.io/Statement/v1, found "
                    "\"https://in-toto.io/Statement/v0.1\"");
}

BOOST_AUTO_TEST_CASE(predicate_of_another_shape_is_refused) {
  REQUIRE_VALUE(const Bundle bundle, ReadBundle(Vector("attest-statement.sigstore.json")));
  const StatementResult read = ReadStatement(bundle.envelope.payload);
  const auto* error = std::get_if<StatementError>(&read);
  BOOST_REQUIRE(error != nullptr);
  BOOST_CHECK(error->fault == StatementFault::kBadField);
  BOOST_CHECK_MESSAGE(error->message.starts_with("predicate"), error->message);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
