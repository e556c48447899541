// HTTP requests to services: small ones, each with limits on time and size, TLS always verified.
// Redirects are not followed: who answers is who was asked. Proxies as the environment says
// (`https_proxy`, `no_proxy`: libcurl), except to this machine itself. Const methods are thread
// safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "remote/url.h"

namespace carnet::remote {

struct HttpLimits {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds whole{30'000};  // of one attempt; Rekor asks for 20 s and more
  uint64_t answer_bytes = uint64_t{1} << 20;
  // Attempts after the first, where the service was not reached, or says 429 or 503. What is sent
  // here may be sent twice. Before each: twice as long as before the last, or what Retry-After says
  // up to `most_pause`; beyond that the answer stands.
  unsigned retries = 3;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds most_pause{20'000};
};

struct HttpRequest {
  Url url;
  std::string step;  // what it is for, in messages: "ask for a time stamp"
  // With a body it is a POST, else a GET.
  std::string content_type = {};
  std::string body = {};
  std::string accept = {};        // the content type that is wanted
  std::string bearer_token = {};  // Authorization; never in messages
};

struct HttpAnswer {
  long status;
  std::string content_type;  // in lower case, without parameters
  std::string body;
};

class HttpClient {
 public:
  using Pause = std::function<void(std::chrono::milliseconds)>;

  // `pause` lets the time between two attempts pass. Errors: io (no libcurl).
  static Result<std::unique_ptr<HttpClient>> Create(HttpLimits limits, Pause pause);

  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  // Any answer that is whole, whatever its status. Errors: io, with URL and step: not reached, no
  // certificate of its own, too slow, too large, cut off.
  Result<HttpAnswer> Send(const HttpRequest& request) const;

  // The same where only an answer of status 200 or 201 and of this content type is of use: those
  // who make something answer either. Errors: also rejected for any other (the service's own words
  // are in the message), io for 429 and 5xx.
  Result<HttpAnswer> SendFor(const HttpRequest& request, std::string_view content_type) const;

 private:
  struct Library;
  HttpClient(std::unique_ptr<Library> library, HttpLimits limits, Pause pause);
  std::unique_ptr<Library> library_;
  HttpLimits limits_;
  Pause pause_;
};

// The error of an answer that is not the one that was wanted: URL, step, status, what it says.
Error Unwanted(const HttpRequest& request, const HttpAnswer& answer);

}  // namespace carnet::remote
