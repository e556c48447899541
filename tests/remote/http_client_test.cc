// Against a server on this machine that behaves well, badly, or not at all.
#include "remote/http_client.h"

#include <cstdlib>

#include "tests/remote/loopback_service.h"
#include "tests/support/command.h"
#include "tests/support/test.h"

namespace carnet::remote {
namespace {

namespace ut = boost::unit_test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::HurriedClient;
using test::LoopbackService;
using test::Said;

HttpRequest Get(const Url& url) { return {url, "try"}; }
HttpRequest Post(const Url& url, std::string body) {
  HttpRequest request{url, "try"};
  request.content_type = "application/json";
  request.body = std::move(body);
  return request;
}

BOOST_AUTO_TEST_SUITE(http_client)

BOOST_AUTO_TEST_CASE(posts_the_body_as_it_is) {
  const LoopbackService service({{201, "Application/JSON; charset=utf-8", "{\"a\":1}"}});
  const HurriedClient client;
  const std::string body("{\0\xff}", 4);
  HttpRequest request = Post(service.url("/api?x=1"), body);
  request.accept = "application/json";
  request.bearer_token = "abc.def";
  REQUIRE_VALUE(const HttpAnswer answer, client.http->Send(request));
  BOOST_CHECK_EQUAL(answer.status, 201);
  BOOST_CHECK_EQUAL(answer.content_type, "application/json");
  BOOST_CHECK_EQUAL(answer.body, "{\"a\":1}");
  const std::string asked = service.Asked();
  BOOST_CHECK(asked.starts_with("POST /api?x=1 HTTP/1.1\n"));
  for (const char* header : {"\nContent-Type: application/json\n", "\nAccept: application/json\n",
                             "\nAuthorization: Bearer abc.def\n", "\nUser-Agent: carnet\n"}) {
    BOOST_CHECK_MESSAGE(asked.find(header) != asked.npos, header << asked);
  }
  BOOST_CHECK(asked.find("Expect") == asked.npos);
  BOOST_CHECK(service.AskedBody() == body);
}

BOOST_AUTO_TEST_CASE(gets_where_there_is_no_body) {
  const LoopbackService service({{200, "text/plain", "hello"}});
  const HurriedClient client;
  REQUIRE_VALUE(const HttpAnswer answer, client.http->SendFor(Get(service.url()), "text/plain"));
  BOOST_CHECK_EQUAL(answer.body, "hello");
  BOOST_CHECK(service.Asked().starts_with("GET / HTTP/1.1\n"));
}

BOOST_AUTO_TEST_CASE(follows_no_redirect) {
  const LoopbackService elsewhere({{200, "text/plain", "stolen"}});
  const LoopbackService service({{307, "", "", {"Location: " + elsewhere.url().text()}}});
  const HurriedClient client;
  CHECK_ERROR(client.http->SendFor(Post(service.url(), "secret"), "text/plain"),
              ErrorCode::kRejected, "try: status 307 (redirects are not followed");
  BOOST_CHECK_EQUAL(elsewhere.requests(), 0U);
}

BOOST_AUTO_TEST_CASE(tries_again_while_the_service_is_busy) {
  const LoopbackService service(
      {{503}, {429, "", "", {"Retry-After: 7"}}, {200, "text/plain", "x"}});
  const HurriedClient client;
  REQUIRE_VALUE(const HttpAnswer answer, client.http->Send(Post(service.url(), "a")));
  BOOST_CHECK_EQUAL(answer.status, 200);
  BOOST_CHECK_EQUAL(service.requests(), 3U);
  BOOST_CHECK(client.pauses == (std::vector<milliseconds>{milliseconds(500), seconds(7)}));
}

BOOST_AUTO_TEST_CASE(gives_up_after_three_more_attempts) {
  const LoopbackService service({{503, "text/plain", "reached max pushback; retry"}});
  const HurriedClient client;
  CHECK_ERROR(client.http->SendFor(Post(service.url("/log"), "a"), "text/plain"), ErrorCode::kIo,
              "/log: try: status 503; it says: reached max pushback; retry");
  BOOST_CHECK_EQUAL(service.requests(), 4U);
  BOOST_CHECK(client.pauses == (std::vector<milliseconds>{milliseconds(500), milliseconds(1'000),
                                                          milliseconds(2'000)}));
}

BOOST_AUTO_TEST_CASE(waits_no_longer_than_is_bearable) {
  const LoopbackService service({{503, "", "", {"Retry-After: 3600"}}});
  const HurriedClient client;
  REQUIRE_VALUE(const HttpAnswer answer, client.http->Send(Get(service.url())));
  BOOST_CHECK_EQUAL(answer.status, 503);
  BOOST_CHECK(client.pauses.empty());
}

BOOST_AUTO_TEST_CASE(other_refusals_stand) {
  for (const auto& [status, code] :
       {std::pair{400, ErrorCode::kRejected}, std::pair{404, ErrorCode::kRejected},
        std::pair{500, ErrorCode::kIo}}) {
    const LoopbackService service({{status, "text/plain", "no\x1b[31m"}});
    const HurriedClient client;
    CHECK_ERROR(client.http->SendFor(Get(service.url()), "text/plain"), code,
                "status " + std::to_string(status) + "; it says: no\\x1b[31m");
    BOOST_CHECK_EQUAL(service.requests(), 1U);
  }
}

BOOST_AUTO_TEST_CASE(content_of_another_type_is_refused) {
  const LoopbackService service({{200, "text/html", "<html>"}});
  const HurriedClient client;
  CHECK_ERROR(client.http->SendFor(Get(service.url()), "application/json"), ErrorCode::kRejected,
              "expected an answer of type application/json, found \"text/html\"");
}

BOOST_AUTO_TEST_CASE(an_answer_without_end_is_cut_off) {
  HttpLimits limits = HurriedClient::Limits();
  limits.answer_bytes = 100'000;
  const HurriedClient client(limits);
  const LoopbackService endless({{200, "text/plain", "", {}, 0, "endless"}});
  CHECK_ERROR(client.http->Send(Get(endless.url())), ErrorCode::kIo,
              "the answer is larger than 100000 bytes");
  const LoopbackService large({{200, "text/plain", std::string(100'001, 'x')}});
  CHECK_ERROR(client.http->Send(Get(large.url())), ErrorCode::kIo,
              "the answer is larger than 100000 bytes");
  const LoopbackService fits({{200, "text/plain", std::string(100'000, 'x')}});
  BOOST_CHECK(client.http->Send(Get(fits.url())).has_value());
}

BOOST_AUTO_TEST_CASE(part_of_an_answer_is_none) {
  const LoopbackService truncated({{200, "text/plain", "half", {}, 0, "truncated"}});
  const LoopbackService silent({{200, "text/plain", "", {}, 0, "silent"}});
  const HurriedClient client;
  CHECK_ERROR(client.http->Send(Get(truncated.url("/t"))), ErrorCode::kIo, "/t: try: ");
  CHECK_ERROR(client.http->Send(Get(silent.url("/s"))), ErrorCode::kIo, "/s: try: ");
  // It may have been done there: not asked twice.
  BOOST_CHECK_EQUAL(silent.requests(), 1U);
}

BOOST_AUTO_TEST_CASE(a_slow_service_is_left) {
  HttpLimits limits = HurriedClient::Limits();
  limits.whole = milliseconds(300);
  const HurriedClient client(limits);
  const LoopbackService slow({{200, "text/plain", "late", {}, 5}});
  const auto began = std::chrono::steady_clock::now();
  CHECK_ERROR(client.http->Send(Get(slow.url())), ErrorCode::kIo, "timed out");
  BOOST_CHECK(std::chrono::steady_clock::now() - began < seconds(3));
}

BOOST_AUTO_TEST_CASE(one_that_is_not_there_is_tried_again_and_named) {
  const std::string gone = LoopbackService({Said()}).url("/gone?token=1").text();
  REQUIRE_VALUE(const Url url, Url::Parse(gone));
  const HurriedClient client;
  CHECK_ERROR(client.http->Send(Get(url)), ErrorCode::kIo, "/gone: try: ");
  BOOST_CHECK_EQUAL(client.pauses.size(), 3U);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_nobody_vouches_for_is_refused,
                     *ut::precondition(test::HasProgram("openssl"))) {
  const test::ScratchFolder folder;
  test::MustRun(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
      "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
      folder / "k.pem" + " -out " + folder / "c.pem" + " 2>/dev/null && cat " + folder / "k.pem" +
      " " + folder / "c.pem" + " > " + folder / "both.pem");
  const LoopbackService service({{200, "text/plain", "x"}}, folder / "both.pem");
  const HurriedClient client;
  CHECK_ERROR(client.http->Send(Post(service.url(), "secret")), ErrorCode::kIo, "certificate");
  BOOST_CHECK_EQUAL(service.requests(), 0U);
}

BOOST_AUTO_TEST_CASE(this_machine_is_reached_without_a_proxy) {
  const LoopbackService proxy({{200, "text/plain", "proxy"}});
  const LoopbackService service({{200, "text/plain", "service"}});
  ::setenv("http_proxy", proxy.url().text().c_str(), 1);
  const HurriedClient client;
  const auto answer = client.http->Send(Get(service.url()));
  const auto elsewhere = Url::Parse("http://service.example/x", PlainHttp::kAnywhere);
  const auto by_proxy = client.http->Send(Get(*elsewhere));
  ::unsetenv("http_proxy");
  BOOST_REQUIRE(answer.has_value());
  BOOST_CHECK_EQUAL(answer->body, "service");
  BOOST_REQUIRE(by_proxy.has_value());
  BOOST_CHECK_EQUAL(by_proxy->body, "proxy");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::remote
