#include "remote/http_exchange.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/ascii.h"
#include "core/utf8.h"

namespace carnet::remote {
namespace {

// What libcurl hands over as it comes.
struct Received {
  std::string body;
  uint64_t most;
  bool too_large = false;
};

size_t TakeBody(char* data, size_t, size_t size, void* received) {
  auto& into = *static_cast<Received*>(received);
  into.too_large = into.too_large || size > into.most - into.body.size();
  if (into.too_large) return 0;  // ends the transfer
  into.body.append(data, size);
  return size;
}

// A request in libcurl's terms. All that it borrows lives as long.
class Transfer {
 public:
  Transfer(const CurlCalls& curl, const HttpRequest& request, const HttpLimits& limits)
      : curl_(curl), handle_(curl.easy_init()), received_{{}, limits.answer_bytes} {
    CARNET_CHECK(handle_ != nullptr);
    SetLimits(limits);
    SetRequest(request);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    curl_.slist_free_all(headers_);
    curl_.easy_cleanup(handle_);
  }

  Attempt Run(const HttpLimits& limits) {
    const CURLcode code = curl_.easy_perform(handle_);
    if (code != CURLE_OK) return FailureOf(code, limits);
    Attempt attempt{HttpAnswer{0, ContentType(), std::move(received_.body)}, {}};
    curl_.easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &attempt.answer->status);
    curl_off_t seconds = 0;
    curl_.easy_getinfo(handle_, CURLINFO_RETRY_AFTER, &seconds);
    attempt.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(seconds, 0, 86'400));
    return attempt;
  }

 private:
  template <typename Value>
  void Set(CURLoption option, Value value) {
    CARNET_CHECK(curl_.easy_setopt(handle_, option, value) == CURLE_OK);
  }

  void SetLimits(const HttpLimits& limits) {
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.whole.count()));
    Set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.answer_bytes));
    Set(CURLOPT_WRITEFUNCTION, &TakeBody);
    Set(CURLOPT_WRITEDATA, static_cast<void*>(&received_));
    Set(CURLOPT_ERRORBUFFER, said_.data());
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_FOLLOWLOCATION, 0L);
    Set(CURLOPT_SSL_VERIFYPEER, 1L);
    Set(CURLOPT_SSL_VERIFYHOST, 2L);
    Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  }

  void SetRequest(const HttpRequest& request) {
    Set(CURLOPT_URL, request.url.text().c_str());
    Set(CURLOPT_USERAGENT, "carnet");
    if (request.url.IsLoopback()) Set(CURLOPT_PROXY, "");
    if (!request.accept.empty()) AddHeader("Accept: " + request.accept);
    if (!request.bearer_token.empty()) AddHeader("Authorization: Bearer " + request.bearer_token);
    if (!request.body.empty()) {
      AddHeader("Content-Type: " + request.content_type);
      AddHeader("Expect:");  // no round trip before the body
      Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      Set(CURLOPT_POSTFIELDS, request.body.data());
    }
    if (headers_ != nullptr) Set(CURLOPT_HTTPHEADER, headers_);
  }

  void AddHeader(const std::string& line) {
    headers_ = curl_.slist_append(headers_, line.c_str());
    CARNET_CHECK(headers_ != nullptr);
  }

  Attempt FailureOf(CURLcode code, const HttpLimits& limits) const {
    Attempt attempt;
    attempt.reached = code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST &&
                      code != CURLE_COULDNT_RESOLVE_PROXY;
    if (received_.too_large || code == CURLE_FILESIZE_EXCEEDED) {
      attempt.failure = fmt::format("the answer is larger than {} bytes", limits.answer_bytes);
    } else {
      const char* words = said_[0] == '\0' ? curl_.easy_strerror(code) : said_.data();
      attempt.failure = Printable(words, 300);
    }
    return attempt;
  }

  std::string ContentType() const {
    const char* given = nullptr;
    curl_.easy_getinfo(handle_, CURLINFO_CONTENT_TYPE, &given);
    std::string type = Lowered(given == nullptr ? "" : given);
    type.resize(std::min(type.find(';'), type.size()));
    while (type.ends_with(' ')) type.pop_back();
    return type;
  }

  const CurlCalls& curl_;
  CURL* handle_;
  Received received_;
  curl_slist* headers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> said_{};
};

}  // namespace

Attempt Exchange(const CurlCalls& curl, const HttpRequest& request, const HttpLimits& limits) {
  return Transfer(curl, request, limits).Run(limits);
}

}  // namespace carnet::remote
