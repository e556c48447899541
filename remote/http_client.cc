#include "remote/http_client.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/utf8.h"
#include "remote/http_exchange.h"

namespace carnet::remote {
namespace {

using std::chrono::milliseconds;

constexpr long kOk = 200, kCreated = 201, kTooManyRequests = 429, kUnavailable = 503;
constexpr size_t kMaxSaidBytes = 300;

bool MayPass(const Attempt& attempt) {
  if (!attempt.answer) return !attempt.reached;
  return attempt.answer->status == kTooManyRequests || attempt.answer->status == kUnavailable;
}

std::string Named(const HttpRequest& request) {
  return fmt::format("{}: {}", request.url.Shown(), request.step);
}

// What services say is JSON or a line of text, and theirs: shown as such.
std::string WhatItSays(std::string_view body) {
  if (body.empty()) return "";
  return "; it says: " + Printable(body.substr(0, kMaxSaidBytes), kMaxSaidBytes);
}

}  // namespace

struct HttpClient::Library {
  CurlCalls calls;
};

HttpClient::HttpClient(std::unique_ptr<Library> library, HttpLimits limits, Pause pause)
    : library_(std::move(library)), limits_(limits), pause_(std::move(pause)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::Create(HttpLimits limits, Pause pause) {
  CARNET_TRY(const CurlCalls calls, LoadCurl());
  return std::unique_ptr<HttpClient>(
      new HttpClient(std::make_unique<Library>(Library{calls}), limits, std::move(pause)));
}

Result<HttpAnswer> HttpClient::Send(const HttpRequest& request) const {
  milliseconds pause = limits_.first_pause;
  for (unsigned retries = 0;; ++retries) {
    Attempt attempt = Exchange(library_->calls, request, limits_);
    const milliseconds wanted = std::max<milliseconds>(pause, attempt.retry_after);
    if (!MayPass(attempt) || retries == limits_.retries || wanted > limits_.most_pause) {
      if (attempt.answer) return *std::move(attempt.answer);
      return Io(fmt::format("{}: {}", Named(request), attempt.failure));
    }
    pause_(wanted);
    pause = std::min(pause * 2, limits_.most_pause);
  }
}

Result<HttpAnswer> HttpClient::SendFor(const HttpRequest& request,
                                       std::string_view content_type) const {
  CARNET_TRY(HttpAnswer answer, Send(request));
  if (answer.status != kOk && answer.status != kCreated) return Unwanted(request, answer);
  if (answer.content_type == content_type) return answer;
  return Rejected(fmt::format("{}: expected an answer of type {}, found {}", Named(request),
                              content_type, Quoted(answer.content_type)));
}

Error Unwanted(const HttpRequest& request, const HttpAnswer& answer) {
  const bool redirects = answer.status >= 300 && answer.status < 400;
  const std::string message =
      fmt::format("{}: status {}{}{}", Named(request), answer.status,
                  redirects ? " (redirects are not followed: give the address itself)" : "",
                  WhatItSays(answer.body));
  // Theirs to repair, and worth another try later; else it is about the request.
  const bool theirs = answer.status >= 500 || answer.status == kTooManyRequests;
  return theirs ? Io(message) : Rejected(message);
}

}  // namespace carnet::remote
