// Keys in a SoftHSM token that other programs made; what they sign is checked by openssl.
#include "signer/pkcs11_key.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "sigstore/key_file.h"
#include "tests/support/soft_token.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::signer {
namespace {

namespace ut = boost::unit_test;

PasswordProvider PinOf(std::string_view pin) {
  return [pin] { return Result<crypto::SecretBytes>(crypto::SecretBytes::CopyOf(pin)); };
}

Result<crypto::SecretBytes> NobodyAsks() { return Io("the PIN was asked for"); }

Result<std::unique_ptr<AttestationKey>> Open(const std::string& text,
                                             const PasswordProvider& pin = PinOf("1234")) {
  CARNET_TRY(const Pkcs11Uri uri, ParsePkcs11Uri(text));
  return OpenPkcs11Key(uri, pin);
}

struct WithToken {
  test::SoftToken token;

  void CheckSigns(const AttestationKey& key) {
    const auto& folder = token.folder();
    const std::string message = folder.Write("message", "attested");
    const std::string public_key =
        folder.Write("key.pub", sigstore::WritePublicKey(key.public_key().spki()));
    for (int i = 0; i < 3; ++i) {
      REQUIRE_VALUE(const Bytes signature, key.SignDigest(crypto::Sha256Of("attested")));
      BOOST_CHECK_EQUAL(
          test::MustRun("openssl dgst -sha256 -verify " + public_key + " -signature " +
                        folder.Write("signature", AsText(signature)) + " " + message),
          "Verified OK\n");
    }
  }
};

BOOST_FIXTURE_TEST_SUITE(pkcs11_key, WithToken, *ut::precondition(test::HasSoftToken()))

BOOST_AUTO_TEST_CASE(signs_with_a_key_that_never_leaves_the_token) {
  token.MakeKey("lab", "01");
  REQUIRE_VALUE(const auto key, Open(token.Uri("object=lab")));
  BOOST_CHECK_EQUAL(sigstore::WritePublicKey(key->public_key().spki()), token.PublicKey("01"));
  CheckSigns(*key);
  const std::string listed = token.Tool("--login --pin 1234 --list-objects --type privkey");
  BOOST_CHECK_MESSAGE(listed.find("never extractable") != listed.npos, listed);
}

BOOST_AUTO_TEST_CASE(signs_with_a_key_that_was_imported) {
  const auto& folder = token.folder();
  test::MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " +
                folder / "k.pem");
  test::MustRun("softhsm2-util --import " + folder / "k.pem" +
                " --token carnet --label old --id 0a --pin 1234");
  REQUIRE_VALUE(const auto key, Open(token.Uri("id=%0a")));
  BOOST_CHECK_EQUAL(sigstore::WritePublicKey(key->public_key().spki()),
                    test::MustRun("openssl pkey -pubout -in " + folder / "k.pem"));
  CheckSigns(*key);
}

BOOST_AUTO_TEST_CASE(chooses_by_label_by_id_and_by_both) {
  token.MakeKey("one", "01");
  token.MakeKey("two", "02");
  for (const char* by : {"object=two", "id=%02", "object=two;id=%02;type=private"}) {
    REQUIRE_VALUE(const auto key, Open(token.Uri(by)));
    BOOST_CHECK_EQUAL(sigstore::WritePublicKey(key->public_key().spki()), token.PublicKey("02"));
  }
  CHECK_ERROR(Open(token.Uri("object=two;id=%01")), ErrorCode::kNotFound,
              "the token has no private key labelled \"two\" and with id 01");
  CHECK_ERROR(Open(token.Uri("object=three")), ErrorCode::kNotFound,
              "the token has no private key labelled \"three\"");
}

BOOST_AUTO_TEST_CASE(two_keys_that_match_are_no_choice) {
  token.MakeKey("lab", "01");
  token.MakeKey("lab", "02");
  CHECK_ERROR(Open(token.Uri("object=lab")), ErrorCode::kRejected,
              "the token has several private keys labelled \"lab\"; id=… chooses one");
  BOOST_CHECK(Open(token.Uri("object=lab;id=%02")).has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_is_named_so) {
  token.MakeKey("lab", "01");
  CHECK_ERROR(Open(token.Uri("object=lab"), PinOf("4321")), ErrorCode::kRejected,
              "C_Login: the PIN is wrong (CKR_PIN_INCORRECT)");
  CHECK_ERROR(Open(token.Uri("object=lab"), &NobodyAsks), ErrorCode::kIo, "the PIN was asked for");
}

BOOST_AUTO_TEST_CASE(a_pin_comes_from_the_file_that_the_uri_names) {
  token.MakeKey("lab", "01");
  const auto& folder = token.folder();
  const auto with_file = [&](std::string_view content) {
    return Open(token.Uri("object=lab", "&pin-source=file:" + folder.Write("pin", content)),
                &NobodyAsks);
  };
  BOOST_CHECK(with_file("1234\n").has_value());
  BOOST_CHECK(with_file("1234").has_value());
  CHECK_ERROR(with_file("4321\n"), ErrorCode::kRejected, "CKR_PIN_INCORRECT");
  CHECK_ERROR(with_file(""), ErrorCode::kMalformed, "must have the PIN on one line");
  CHECK_ERROR(with_file("1234\n5678\n"), ErrorCode::kMalformed, "must have the PIN on one line");
  CHECK_ERROR(Open(token.Uri("object=lab", "&pin-source=/no/such/file"), &NobodyAsks),
              ErrorCode::kNotFound, "/no/such/file");
}

BOOST_AUTO_TEST_CASE(a_token_that_is_not_there_is_named_with_those_that_are) {
  const std::string module = std::string("?module-path=") + test::kSoftHsm;
  CHECK_ERROR(Open("pkcs11:token=other;object=lab" + module), ErrorCode::kNotFound,
              "no such token; there are: \"carnet\" (serial \"");
  CHECK_ERROR(Open("pkcs11:token=carnet;serial=00;object=lab" + module), ErrorCode::kNotFound,
              "no such token");
  CHECK_ERROR(Open("pkcs11:model=Other;object=lab" + module), ErrorCode::kNotFound,
              "no such token");
  CHECK_ERROR(Open("pkcs11:slot-id=123456789;object=lab" + module), ErrorCode::kNotFound,
              "no such token");
}

BOOST_AUTO_TEST_CASE(two_tokens_that_match_are_no_choice) {
  token.MakeToken("carnet");
  CHECK_ERROR(Open(token.Uri("object=lab")), ErrorCode::kRejected,
              "several tokens match, and serial=… chooses one: \"carnet\" (serial");
}

BOOST_AUTO_TEST_CASE(keys_of_other_kinds_are_refused) {
  token.MakeKey("p384", "01", "EC:secp384r1");
  token.MakeKey("rsa", "02", "RSA:2048");
  CHECK_ERROR(Open(token.Uri("object=p384")), ErrorCode::kUnsupported,
              "expected a key on prime256v1, found one on another curve");
  CHECK_ERROR(Open(token.Uri("object=rsa")), ErrorCode::kUnsupported,
              "expected a key on prime256v1, found an RSA key");
}

BOOST_AUTO_TEST_CASE(a_key_without_its_public_half_is_refused) {
  token.MakeKey("lab", "01");
  token.Tool("--login --pin 1234 --delete-object --type pubkey --id 01");
  CHECK_ERROR(Open(token.Uri("object=lab")), ErrorCode::kNotFound,
              "the token has no public key and no certificate that goes with it");
}

BOOST_AUTO_TEST_CASE(a_certificate_says_the_public_half_as_well) {
  const auto& folder = token.folder();
  test::MustRun("cd " + folder.str() +
                " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                "-subj /CN=lab -keyout k.pem -outform DER -out c.der 2>/dev/null && softhsm2-util "
                "--import k.pem --token carnet --label lab --id 01 --pin 1234");
  token.Tool("--login --pin 1234 --delete-object --type pubkey --id 01");
  token.Tool("--login --pin 1234 --write-object " + folder / "c.der" + " --type cert --id 01");
  REQUIRE_VALUE(const auto key, Open(token.Uri("object=lab")));
  BOOST_CHECK_EQUAL(sigstore::WritePublicKey(key->public_key().spki()),
                    test::MustRun("openssl pkey -pubout -in " + folder / "k.pem"));
  CheckSigns(*key);
  token.Tool("--login --pin 1234 --write-object " + folder / "c.der" + " --type cert --id 01");
  CHECK_ERROR(Open(token.Uri("object=lab")), ErrorCode::kRejected,
              "the token has several certificates for it");
}

BOOST_AUTO_TEST_CASE(a_key_that_wants_the_pin_each_time_gets_it) {
  token.MakeKey("careful", "01", "EC:prime256v1", "--always-auth");
  REQUIRE_VALUE(const auto key, Open(token.Uri("object=careful")));
  CheckSigns(*key);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_deleted_meanwhile_signs_no_more) {
  token.MakeKey("lab", "01");
  REQUIRE_VALUE(const auto key, Open(token.Uri("object=lab")));
  token.Tool("--login --pin 1234 --delete-object --type privkey --id 01");
  const auto signature = key->SignDigest(crypto::Sha256Of("x"));
  CHECK_ERROR(signature, ErrorCode::kIo, "C_SignInit: ");
}

BOOST_AUTO_TEST_CASE(nothing_is_derived_from_it) {
  token.MakeKey("lab", "01");
  REQUIRE_VALUE(const auto key, Open(token.Uri("object=lab")));
  CHECK_ERROR(key->Derive(AsBytes("context")), ErrorCode::kUnsupported, "give --nonce with");
}

BOOST_AUTO_TEST_CASE(a_module_that_is_none_is_refused) {
  const auto with = [](const std::string& query) { return Open("pkcs11:object=lab?" + query); };
  CHECK_ERROR(with("module-path=" + token.folder().Write("m.so", "text")), ErrorCode::kIo,
              "the module cannot be loaded: ");
  CHECK_ERROR(with("module-path=/no/such/module.so"), ErrorCode::kIo,
              "the module cannot be loaded: /no/such/module.so: cannot open shared object file");
  CHECK_ERROR(with("module-name=no-such-module"), ErrorCode::kIo, "libno-such-module.so");
  CHECK_ERROR(with("module-name=z.so.1"), ErrorCode::kIo, "the module cannot be loaded");
  CHECK_ERROR(with("module-path=/lib/x86_64-linux-gnu/libz.so.1"), ErrorCode::kUnsupported,
              "the library is no PKCS#11 module: it has no C_GetFunctionList");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::signer
