#include "remote/ambient_token.h"

#include <map>

#include "tests/remote/loopback_service.h"
#include "tests/support/test.h"

namespace carnet::remote {
namespace {

using test::HurriedClient;
using test::LoopbackService;

using Found = Result<std::optional<std::string>>;

Found Find(const std::map<std::string, std::string>& variables) {
  const HurriedClient client;
  return FindAmbientToken(
      [&](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
      },
      *client.http);
}

Found AtGithub(const LoopbackService& service, const std::string& secret = "abc.def") {
  return Find({{"ACTIONS_ID_TOKEN_REQUEST_URL", service.url("/token?api-version=2.0").text()},
               {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", secret}});
}

BOOST_AUTO_TEST_SUITE(ambient_token)

BOOST_AUTO_TEST_CASE(is_absent_elsewhere) {
  for (const auto& variables : {std::map<std::string, std::string>{},
                                {{"ACTIONS_ID_TOKEN_REQUEST_URL", "https://h.example"}},
                                {{"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x"}}}) {
    REQUIRE_VALUE(const auto token, Find(variables));
    BOOST_CHECK(!token.has_value());
  }
}

BOOST_AUTO_TEST_CASE(is_given_to_jobs_of_gitlab) {
  REQUIRE_VALUE(const auto token, Find({{"SIGSTORE_ID_TOKEN", "a.b.c"}}));
  BOOST_CHECK(token == "a.b.c");
}

BOOST_AUTO_TEST_CASE(is_asked_of_github) {
  const LoopbackService service(
      {{200, "application/json; charset=utf-8", R"({"count":99,"value":"a.b.c"})"}});
  REQUIRE_VALUE(const auto token, AtGithub(service));
  BOOST_CHECK(token == "a.b.c");
  const std::string asked = service.Asked();
  BOOST_CHECK(asked.starts_with("GET /token?api-version=2.0&audience=sigstore HTTP/1.1\n"));
  BOOST_CHECK(asked.find("\nAuthorization: Bearer abc.def\n") != asked.npos);
}

BOOST_AUTO_TEST_CASE(that_github_refuses_is_an_error_without_the_secret) {
  const LoopbackService refusing({{403, "application/json", R"({"message":"no permission"})"}});
  const auto token = AtGithub(refusing, "top-secret");
  CHECK_ERROR(token, ErrorCode::kRejected, "/token: ask for the job's token: status 403");
  BOOST_CHECK(token.error().message.find("top-secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_refused) {
  for (const char* body : {"{}", "[]", R"({"value":1})"}) {
    const LoopbackService service({{200, "application/json", body}});
    CHECK_ERROR(AtGithub(service), ErrorCode::kMalformed, "the answer has no token");
  }
  const LoopbackService page({{200, "text/html", "<html>"}});
  CHECK_ERROR(AtGithub(page), ErrorCode::kRejected, "expected an answer of type application/json");
}

BOOST_AUTO_TEST_CASE(the_secret_goes_nowhere_else) {
  const LoopbackService service({{200, "application/json", R"({"value":"a.b.c"})"}});
  CHECK_ERROR(AtGithub(service, "abc\r\nX-Header: y"), ErrorCode::kMalformed, "is not one word");
  CHECK_ERROR(Find({{"ACTIONS_ID_TOKEN_REQUEST_URL", "http://pipelines.example/token"},
                    {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x"}}),
              ErrorCode::kRejected, "plain http is used only to this machine");
  BOOST_CHECK_EQUAL(service.requests(), 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::remote
