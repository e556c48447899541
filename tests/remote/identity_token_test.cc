#include "remote/identity_token.h"

#include "tests/remote/jwt.h"
#include "tests/support/test.h"

namespace carnet::remote {
namespace {

namespace json = boost::json;
using test::Jwt;
using test::JwtWith;

const TimestampMs kNow(1'800'000'000'000);

Result<IdentityToken> With(const json::object& claims) {
  return IdentityToken::Parse(JwtWith(claims), kNow);
}

BOOST_AUTO_TEST_SUITE(identity_token)

BOOST_AUTO_TEST_CASE(of_a_build_is_for_its_subject) {
  const std::string text = JwtWith({{"ref", nullptr}, {"run_id", "1"}});
  REQUIRE_VALUE(const IdentityToken token, IdentityToken::Parse(text + "\n", kNow));
  BOOST_CHECK_EQUAL(token.subject(), "repo:lab/model:ref:refs/heads/main");
  BOOST_CHECK_EQUAL(token.issuer(), "https://issuer.example");
  BOOST_CHECK_EQUAL(token.text(), text);
}

BOOST_AUTO_TEST_CASE(of_a_person_is_for_a_verified_address) {
  const auto subject = [](const json::object& claims) {
    REQUIRE_VALUE(const IdentityToken token, With(claims));
    return token.subject();
  };
  BOOST_CHECK_EQUAL(subject({{"email", "a@b.example"}, {"email_verified", true}}), "a@b.example");
  BOOST_CHECK_EQUAL(subject({{"email", "a@b.example"}, {"email_verified", "true"}}), "a@b.example");
  for (const json::object& claims :
       {json::object{{"email", "a@b.example"}},
        json::object{{"email", "a@b.example"}, {"email_verified", false}},
        json::object{{"email", "a@b.example"}, {"email_verified", "false"}},
        json::object{{"email", "a@b.example"}, {"email_verified", 1}},
        json::object{{"email_verified", true}}}) {
    BOOST_CHECK_EQUAL(subject(claims), "repo:lab/model:ref:refs/heads/main");
  }
}

BOOST_AUTO_TEST_CASE(may_be_for_several_audiences) {
  BOOST_CHECK(With({{"aud", {"other", "sigstore"}}}).has_value());
  for (const json::value& audience :
       {json::value("other"), json::value(json::array{"other"}), json::value(json::array{}),
        json::value(1), json::value(json::array{json::array{"sigstore"}})}) {
    CHECK_ERROR(With({{"aud", audience}}), ErrorCode::kRejected,
                "identity token: aud: the token is not for the audience sigstore");
  }
}

BOOST_AUTO_TEST_CASE(ends_with_its_last_second) {
  BOOST_CHECK(With({{"exp", 1'800'000'001}}).has_value());
  CHECK_ERROR(With({{"exp", 1'800'000'000}}), ErrorCode::kRejected, "the token has expired");
  for (const json::value& time : {json::value("1893456000"), json::value(-1), json::value(1e300),
                                  json::value(nullptr), json::value(UINT64_MAX)}) {
    CHECK_ERROR(With({{"exp", time}}), ErrorCode::kMalformed, "exp: must be a time in seconds");
  }
}

BOOST_AUTO_TEST_CASE(of_another_shape_is_refused) {
  const auto parse = [](const std::string& text) { return IdentityToken::Parse(text, kNow); };
  const std::string good = JwtWith({});
  CHECK_ERROR(parse(""), ErrorCode::kMalformed, "is not of three parts");
  CHECK_ERROR(parse("a.b"), ErrorCode::kMalformed, "is not of three parts");
  CHECK_ERROR(parse(good + ".x"), ErrorCode::kMalformed, "not base64url");
  CHECK_ERROR(parse(good + "="), ErrorCode::kMalformed, "not base64url");
  CHECK_ERROR(parse(good + "\r\nX-Header: y"), ErrorCode::kMalformed, "not base64url");
  CHECK_ERROR(parse("a..c"), ErrorCode::kMalformed, "not base64url");
  CHECK_ERROR(parse("a.e30x.c"), ErrorCode::kMalformed, "identity token: ");
  CHECK_ERROR(parse(Jwt("[]")), ErrorCode::kMalformed, "its payload is no JSON object");
  CHECK_ERROR(parse(Jwt("{}")), ErrorCode::kMalformed, "iss: must be text");
  CHECK_ERROR(parse(Jwt(R"({"iss":"i","sub":"s","sub":"t"})")), ErrorCode::kMalformed, "sub");
  CHECK_ERROR(parse(std::string(20'000, 'a')), ErrorCode::kMalformed, "larger than 16384 bytes");
  CHECK_ERROR(With({{"sub", "a\nb"}}), ErrorCode::kMalformed,
              "sub: is too long, or has characters");
  CHECK_ERROR(With({{"sub", std::string(3'000, 'a')}}), ErrorCode::kMalformed, "sub: is too long");
  CHECK_ERROR(With({{"sub", 5}}), ErrorCode::kMalformed, "sub: must be text");
}

BOOST_AUTO_TEST_CASE(is_in_no_message) {
  const std::string text = JwtWith({{"aud", "other"}});
  BOOST_CHECK(IdentityToken::Parse(text, kNow).error().message.find(text.substr(0, 20)) ==
              std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::remote
