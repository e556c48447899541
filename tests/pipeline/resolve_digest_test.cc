#include "pipeline/resolve_digest.h"

#include "tests/pipeline/two_devices.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

struct Fixture {
  RealLedger world;

  Result<SubjectDigest> Resolve(const std::string& text) {
    CARNET_TRY(const auto named, ParseDigest(text));
    return ResolveDigest(*world.Read(), named);
  }
  Result<StatementId> ResolveId(const std::string& text) {
    CARNET_TRY(const auto named, ParseDigest(text));
    return ResolveStatement(*world.Read(), named);
  }
  // Of a dataset whose `data` is this digest: its signer chooses it.
  StatementId AttestData(const std::string& hex) {
    return world.Attest(schemas::Kind::kDataset, drafts::Dataset({.data = hex}), "lab");
  }
};

std::string Hex(const StatementId& id) { return HexEncode(id.span()); }
std::string Padded(const std::string& digits) {
  return digits + std::string(64 - digits.size(), '3');
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(resolve_digest, Fixture)

BOOST_AUTO_TEST_CASE(a_whole_digest_is_64_lowercase_hex_digits) {
  const std::string hex(64, 'a');
  REQUIRE_VALUE(const auto plain, ParseWholeDigest(hex));
  REQUIRE_VALUE(const auto prefixed, ParseWholeDigest("sha256:" + hex));
  BOOST_CHECK(plain == prefixed);
  for (const std::string& bad :
       {std::string(), std::string("sha256:"), std::string(63, 'a'), std::string(65, 'a'),
        std::string(64, 'A'), "key:" + hex, "sha256:sha256:" + hex, " " + hex, hex + "\n"}) {
    CHECK_ERROR(ParseWholeDigest(bad), ErrorCode::kMalformed, "expected 64 lowercase hex digits");
  }
}

BOOST_AUTO_TEST_CASE(first_digits_are_six_or_more) {
  for (const std::string& bad :
       {std::string(), std::string("abcde"), std::string("sha256:abcde"), std::string("ABCDEF"),
        std::string(65, 'a'), "key:" + std::string(64, 'a'), std::string("abcdef\n")}) {
    CHECK_ERROR(ParseDigest(bad), ErrorCode::kMalformed,
                "is not a digest: expected 6 to 64 lowercase hex digits");
  }
}

BOOST_AUTO_TEST_CASE(first_digits_stand_for_the_one_digest_that_begins_so) {
  const std::string device = Hex(world.device);
  for (const size_t digits : {6U, 9U, 63U, 64U}) {
    REQUIRE_VALUE(const auto id, ResolveId("sha256:" + device.substr(0, digits)));
    BOOST_CHECK(id == world.device);
    REQUIRE_VALUE(const auto digest, Resolve(device.substr(0, digits)));
    BOOST_CHECK(digest == Retag<SubjectDigest>(world.device));
  }
  const std::string data = drafts::Hex(crypto::Sha256Of("texts"));
  REQUIRE_VALUE(const auto subject, Resolve(data.substr(0, 6)));
  BOOST_CHECK_EQUAL(HexEncode(subject.span()), data);
  CHECK_ERROR(ResolveId(data.substr(0, 6)), ErrorCode::kNotFound,
              "no statement in this ledger begins with sha256:" + data.substr(0, 6));
}

BOOST_AUTO_TEST_CASE(a_whole_digest_needs_no_ledger_that_knows_it) {
  const std::string nowhere(64, '7');
  REQUIRE_VALUE(const auto digest, Resolve(nowhere));
  BOOST_CHECK_EQUAL(HexEncode(digest.span()), nowhere);
  CHECK_ERROR(Resolve("777777"), ErrorCode::kNotFound,
              "no statement or subject in this ledger begins with sha256:777777");
}

BOOST_AUTO_TEST_CASE(of_several_the_kinds_are_listed) {
  const std::string device = Hex(world.device);
  AttestData(device.substr(0, 7) + std::string(57, device[7] == '0' ? '1' : '0'));
  const std::string shared = device.substr(0, 7);
  CHECK_ERROR(Resolve(shared), ErrorCode::kNotFound, "sha256:" + shared + " is not one digest");
  CHECK_ERROR(Resolve(shared), ErrorCode::kNotFound, device.substr(0, 16) + " (device)");
  CHECK_ERROR(Resolve(shared), ErrorCode::kNotFound, " (subject of a dataset)");
  REQUIRE_VALUE(const auto id, ResolveId(shared));  // only one of them is a statement
  BOOST_CHECK(id == world.device);
  REQUIRE_VALUE(const auto whole, Resolve(device));
  BOOST_CHECK(whole == Retag<SubjectDigest>(world.device));
}

BOOST_AUTO_TEST_CASE(of_many_eight_are_listed_with_as_many_digits_as_tell_them_apart) {
  const std::string long_shared = "abcdef" + std::string(20, '9');
  for (const char* digit : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"})
    AttestData(Padded(long_shared + digit));
  const auto several = Resolve("abcdef");
  CHECK_ERROR(several, ErrorCode::kNotFound, long_shared + "0 (subject of a dataset), ");
  CHECK_ERROR(several, ErrorCode::kNotFound, long_shared + "7 (subject of a dataset) and more");
  BOOST_CHECK(several.error().message.find(long_shared + "8") == std::string::npos);
  REQUIRE_VALUE(const auto one, Resolve(long_shared + "8"));
  BOOST_CHECK_EQUAL(HexEncode(one.span()), Padded(long_shared + "8"));
}

BOOST_AUTO_TEST_CASE(a_signer_is_named_by_the_first_digits_of_a_key_that_signed) {
  const std::string lab = drafts::Hex(KeyNamed("lab").id());
  const auto resolve = [&](const std::string& text) { return ResolveSigner(*world.Read(), text); };
  for (const std::string& text :
       {"key:" + lab, lab, "key:" + lab.substr(0, 6), lab.substr(0, 40)}) {
    REQUIRE_VALUE(const auto signer, resolve(text));
    BOOST_CHECK_EQUAL(signer.ToString(), "key:" + lab);
  }
  REQUIRE_VALUE(const auto identity, resolve("identity:" + lab));
  BOOST_CHECK_EQUAL(identity.ToString(), "identity:" + lab);
  CHECK_ERROR(resolve("identity:" + lab.substr(0, 8)), ErrorCode::kNotFound,
              "no signer in this ledger begins with identity:" + lab.substr(0, 8));
  for (const char* bad : {"", "key:", "key:12345", "sha256:abcdef", "lab"})
    CHECK_ERROR(resolve(bad), ErrorCode::kMalformed, "is not a signer");
}

BOOST_AUTO_TEST_SUITE_END()
