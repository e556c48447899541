#include "remote/url.h"

#include "tests/support/test.h"

namespace carnet::remote {
namespace {

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(url)

BOOST_DATA_TEST_CASE(takes_addresses_of_services,
                     data::make(std::vector<std::string>{
                         "https://rekor.example.org", "https://rekor.example.org/",
                         "https://tsa.example.org:8443/api/v1/timestamp?x=%20&y=1?2",
                         "http://localhost:3000", "http://127.0.0.1:80/a", "http://[::1]:80/",
                         "https://192.0.2.1"}),
                     text) {
  REQUIRE_VALUE(const Url url, Url::Parse(text));
  BOOST_CHECK_EQUAL(url.text(), text);
}

BOOST_AUTO_TEST_CASE(knows_this_machine) {
  for (const char* here : {"http://localhost", "http://127.1.2.3:4", "http://[::1]:5/"}) {
    REQUIRE_VALUE(const Url url, Url::Parse(here));
    BOOST_CHECK(url.IsLoopback());
  }
  REQUIRE_VALUE(const Url elsewhere, Url::Parse("https://localhost.example.org"));
  BOOST_CHECK(!elsewhere.IsLoopback());
}

BOOST_AUTO_TEST_CASE(shows_no_query) {
  REQUIRE_VALUE(const Url url, Url::Parse("https://h.example/p?secret=1"));
  BOOST_CHECK_EQUAL(url.Shown(), "https://h.example/p");
}

BOOST_AUTO_TEST_CASE(paths_and_parameters_are_added) {
  REQUIRE_VALUE(const Url url, Url::Parse("https://h.example/base/"));
  BOOST_CHECK_EQUAL(url.Under("/api").text(), "https://h.example/base/api");
  BOOST_CHECK_EQUAL(url.WithParameter("audience", "sigstore").text(),
                    "https://h.example/base/?audience=sigstore");
  REQUIRE_VALUE(const Url asked, Url::Parse("https://h.example/?a=b"));
  BOOST_CHECK_EQUAL(asked.WithParameter("c", "d").text(), "https://h.example/?a=b&c=d");
}

struct Refused {
  std::string text;
  ErrorCode code;
  std::string why;
  friend std::ostream& operator<<(std::ostream& out, const Refused& r) { return out << r.text; }
};
const std::vector<Refused> kRefused = {
    {"http://rekor.example.org", ErrorCode::kRejected, "plain http is used only to this machine"},
    {"http://127.0.0.1.example.org", ErrorCode::kRejected, "plain http is used only"},
    {"http://127.0.0.256", ErrorCode::kRejected, "plain http is used only"},
    {"http://127.1", ErrorCode::kRejected, "plain http is used only"},
    {"http://localhost.", ErrorCode::kRejected, "plain http is used only"},
    {"http://10.0.0.1", ErrorCode::kRejected, "plain http is used only"},
    {"ftp://h.example", ErrorCode::kMalformed, "must begin with https://"},
    {"file:///etc/passwd", ErrorCode::kMalformed, "must begin with https://"},
    {"HTTPS://h.example", ErrorCode::kMalformed, "must begin with https://"},
    {"https://", ErrorCode::kMalformed, "does not have a plain host name"},
    {"https:///path", ErrorCode::kMalformed, "does not have a plain host name"},
    {"https://user:pw@h.example", ErrorCode::kMalformed, "must not have a user name"},
    {"http://localhost@evil.example/", ErrorCode::kMalformed, "must not have a user name"},
    {"https://h.example:0", ErrorCode::kMalformed, "\"0\" is no port"},
    {"https://h.example:65536", ErrorCode::kMalformed, "\"65536\" is no port"},
    {"https://h.example:", ErrorCode::kMalformed, "\"\" is no port"},
    {"https://h_x.example", ErrorCode::kMalformed, "does not have a plain host name"},
    {"https://h.example\\@evil.example", ErrorCode::kMalformed, "must not have a user name"},
    {"https://h.example/#f", ErrorCode::kMalformed, "\"#\" must not stand in an address"},
    {"https://h.example/a b", ErrorCode::kMalformed, "\" \" must not stand in an address"},
    {"https://h.example/\r\nX: y", ErrorCode::kMalformed, "must not stand in an address"},
    {"https://[::2]/", ErrorCode::kMalformed, "does not have a plain host name"},
    {"https://h.example/" + std::string(5'000, 'a'), ErrorCode::kMalformed,
     "an address of more than 4096 bytes"},
};

BOOST_DATA_TEST_CASE(refuses, data::make(kRefused), refused) {
  CHECK_ERROR(Url::Parse(refused.text), refused.code, refused.why);
}

BOOST_AUTO_TEST_CASE(plain_http_elsewhere_is_asked_for) {
  BOOST_CHECK(Url::Parse("http://rekor.example.org", PlainHttp::kAnywhere).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::remote
