// URIs as RFC 7512 spells them; its own examples where they name a private key.
#include "signer/pkcs11_uri.h"

#include "core/hex.h"
#include "tests/support/test.h"

namespace carnet::signer {
namespace {

namespace data = boost::unit_test::data;

constexpr std::string_view kModule = "?module-path=/m.so";

std::string WithModule(std::string_view path) {
  return std::string("pkcs11:") + std::string(path) + std::string(kModule);
}

BOOST_AUTO_TEST_SUITE(pkcs11_uri)

BOOST_AUTO_TEST_CASE(reads_every_condition) {
  REQUIRE_VALUE(const Pkcs11Uri uri,
                ParsePkcs11Uri("pkcs11:token=My%20token%2c%20my%2Dway;manufacturer=Snake%20Oil,%20"
                               "Inc.;model=1.0;serial=DECC0401648;slot-id=327;object=my-sign-key;"
                               "type=private;id=%69%95%3E%5C%F4%BD%EC%91%00%ff"
                               "?module-path=/usr/lib/x.so&pin-source=file:/etc/token_pin"));
  BOOST_CHECK_EQUAL(uri.token, "My token, my-way");
  BOOST_CHECK_EQUAL(uri.manufacturer, "Snake Oil, Inc.");
  BOOST_CHECK_EQUAL(uri.model, "1.0");
  BOOST_CHECK_EQUAL(uri.serial, "DECC0401648");
  BOOST_CHECK(uri.slot_id == 327U);
  BOOST_CHECK_EQUAL(uri.object, "my-sign-key");
  BOOST_CHECK_EQUAL(HexEncode(uri.id), "69953e5cf4bdec9100ff");
  BOOST_CHECK_EQUAL(uri.module_path, "/usr/lib/x.so");
  BOOST_CHECK_EQUAL(uri.pin_file, "/etc/token_pin");
}

BOOST_AUTO_TEST_CASE(reads_little_as_well) {
  REQUIRE_VALUE(const Pkcs11Uri uri, ParsePkcs11Uri("pkcs11:id=%01?module-name=opensc-pkcs11"));
  BOOST_CHECK(uri.token.empty() && uri.object.empty() && uri.module_path.empty());
  BOOST_CHECK(uri.id == Bytes{1});
  BOOST_CHECK_EQUAL(uri.module_name, "opensc-pkcs11");
  BOOST_CHECK(uri.pin_file.empty());
  BOOST_CHECK(!uri.slot_id);
}

BOOST_AUTO_TEST_CASE(a_pin_file_may_be_a_file_url_or_a_path) {
  for (const char* source : {"file:/p", "file:///p", "/p"}) {
    REQUIRE_VALUE(const Pkcs11Uri uri,
                  ParsePkcs11Uri(WithModule("object=k") + "&pin-source=" + source));
    BOOST_CHECK_EQUAL(uri.pin_file, "/p");
  }
}

struct Refused {
  std::string uri;
  ErrorCode code;
  std::string why;
  friend std::ostream& operator<<(std::ostream& out, const Refused& r) { return out << r.uri; }
};
const std::vector<Refused> kRefused = {
    {"pkcs12:object=k", ErrorCode::kMalformed, "does not begin with pkcs11:"},
    {"PKCS11:object=k", ErrorCode::kMalformed, "does not begin with pkcs11:"},
    {"pkcs11:", ErrorCode::kMalformed, "expected name=value, found \"\""},
    {"pkcs11:object=k", ErrorCode::kMalformed, "the token's module is one of"},
    {"pkcs11:object=k?module-path=/m.so&module-name=m", ErrorCode::kMalformed,
     "the token's module is one of"},
    {WithModule("token=t"), ErrorCode::kMalformed, "which key is not said"},
    {"pkcs11:?module-path=/m.so", ErrorCode::kMalformed, "which key is not said"},
    {WithModule("object=k;object=k"), ErrorCode::kMalformed, "object is given twice"},
    {WithModule("object="), ErrorCode::kMalformed, "expected name=value, found \"object=\""},
    {WithModule("object=k;"), ErrorCode::kMalformed, "expected name=value, found \"\""},
    {WithModule("object"), ErrorCode::kMalformed, "expected name=value, found \"object\""},
    {WithModule("object=a b"), ErrorCode::kMalformed, "\" \" must be percent-encoded"},
    {WithModule("object=a/b"), ErrorCode::kMalformed, "\"/\" must be percent-encoded"},
    {WithModule("object=a%2"), ErrorCode::kMalformed, "expected two hex digits after %"},
    {WithModule("object=a%zz"), ErrorCode::kMalformed, "expected two hex digits after %"},
    {WithModule("object=%0A"), ErrorCode::kMalformed, "object: must be UTF-8 without control"},
    {WithModule("token=%ff;object=k"), ErrorCode::kMalformed, "token: must be UTF-8"},
    {WithModule("slot-id=0x1;object=k"), ErrorCode::kMalformed, "slot-id: must be a decimal"},
    {WithModule("object=k;type=public"), ErrorCode::kUnsupported, "type: must be private"},
    {WithModule("object=k;library-version=3"), ErrorCode::kUnsupported,
     "library-version is not supported; these are: token, manufacturer"},
    {WithModule("object=k;x-vendor=1"), ErrorCode::kUnsupported, "x-vendor is not supported"},
    {WithModule("object=k") + "&max-sessions=1", ErrorCode::kUnsupported,
     "max-sessions is not supported; these are: module-path"},
    {WithModule("object=k") + "&pin-value=1234", ErrorCode::kRejected,
     "pin-value: everybody can read it in the list of processes"},
    {WithModule("object=k") + "&pin-source=|/bin/pinpad", ErrorCode::kUnsupported,
     "pin-source: must be file: and an absolute path"},
    {WithModule("object=k") + "&pin-source=file:pin", ErrorCode::kUnsupported,
     "pin-source: must be file: and an absolute path"},
    {"pkcs11:object=k?module-path=m.so", ErrorCode::kMalformed, "must be an absolute path"},
    {"pkcs11:object=k?module-name=../m", ErrorCode::kMalformed, "module-name: must be a name"},
    {WithModule("object=" + std::string(5'000, 'k')), ErrorCode::kMalformed,
     "larger than 4096 bytes"},
};

BOOST_DATA_TEST_CASE(refuses, data::make(kRefused), refused) {
  CHECK_ERROR(ParsePkcs11Uri(refused.uri), refused.code, refused.why);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::signer
