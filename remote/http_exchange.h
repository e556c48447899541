// Private to remote/: one attempt at one request.
#pragma once

#include <optional>

#include "remote/curl_library.h"
#include "remote/http_client.h"

namespace carnet::remote {

struct Attempt {
  std::optional<HttpAnswer> answer;  // absent: there is none
  std::string failure;               // then why
  bool reached = true;               // else nothing was sent
  // What the service asks for with 429 and 503; zero: nothing.
  std::chrono::seconds retry_after{0};
};

Attempt Exchange(const CurlCalls& curl, const HttpRequest& request, const HttpLimits& limits);

}  // namespace carnet::remote
