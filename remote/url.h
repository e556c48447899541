// Addresses of services. Strict, so that what is checked here is what is asked there: no user name,
// no fragment, nothing that one reader could take for another host than the next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet::remote {

inline constexpr size_t kMaxUrlBytes = 4'096;

// kLoopback: plain http only to this machine itself, where nobody listens in between.
enum class PlainHttp { kLoopback, kAnywhere };

class Url {
 public:
  // `https://` (or http, as allowed), a host name or address, a port, a path, a query. Errors:
  // malformed; rejected for plain http to elsewhere.
  static Result<Url> Parse(std::string_view text, PlainHttp plain = PlainHttp::kLoopback);

  // As it was given.
  const std::string& text() const { return text_; }
  // For messages: without its query, which may hold what is nobody's business.
  std::string Shown() const { return text_.substr(0, text_.find('?')); }
  // localhost, 127.x.y.z or [::1].
  bool IsLoopback() const { return loopback_; }

  // The same with more of a path behind its own: "/api/v2/log/entries". Requires no query.
  Url Under(std::string_view path) const;
  // The same with a parameter behind its query. Requires letters and digits.
  Url WithParameter(std::string_view name, std::string_view value) const;

 private:
  Url(std::string text, bool loopback) : text_(std::move(text)), loopback_(loopback) {}
  std::string text_;
  bool loopback_;
};

}  // namespace carnet::remote
