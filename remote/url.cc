#include "remote/url.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/ascii.h"
#include "core/check.h"
#include "core/decimal.h"
#include "core/utf8.h"

namespace carnet::remote {
namespace {

constexpr std::string_view kSecure = "https://", kPlain = "http://";
constexpr uint64_t kMaxPort = 65'535;

// RFC 3986: unreserved, sub-delims, ":" "@" "/" "%"; of a query "?" as well.
constexpr std::string_view kOfPath = "-._~!$&'()*+,;=:@/%";

bool IsHostName(std::string_view host) {
  return !host.empty() && host.size() <= 253 && IsLetterOrDigit(host.front()) &&
         std::all_of(host.begin(), host.end(),
                     [](char c) { return IsLetterOrDigit(c) || c == '.' || c == '-'; });
}

bool IsFourNumbers(std::string_view host) {
  int numbers = 0;
  for (size_t begin = 0; begin <= host.size(); ++numbers) {
    const size_t end = std::min(host.find('.', begin), host.size());
    const auto number = ParseDecimalU64(host.substr(begin, end - begin));
    if (!number || *number > 255) return false;
    begin = end + 1;
  }
  return numbers == 4;
}

bool IsLoopbackHost(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && IsFourNumbers(host));
}

// An IPv6 address in brackets is taken in the one form that is of use here.
bool IsHost(std::string_view host) { return host == "[::1]" || IsHostName(host); }

Result<> CheckPort(std::string_view port) {
  const auto number = ParseDecimalU64(port);
  if (number && *number > 0 && *number <= kMaxPort) return Ok();
  return Malformed(fmt::format("{} is no port", Quoted(port)));
}

Result<> CheckRest(std::string_view rest) {
  const size_t query = std::min(rest.find('?'), rest.size());
  for (size_t at = 0; at < rest.size(); ++at) {
    const char c = rest[at];
    const bool plain = IsLetterOrDigit(c) || kOfPath.find(c) != kOfPath.npos;
    if (plain || at == query || (c == '?' && at > query)) continue;
    return Malformed(fmt::format("{} must not stand in an address", Quoted(rest.substr(at, 1))));
  }
  return Ok();
}

}  // namespace

Result<Url> Url::Parse(std::string_view text, PlainHttp plain) {
  const auto refused = [&](const std::string& why) {
    return Malformed(fmt::format("{}: {}", Printable(text, 300), why));
  };
  if (text.size() > kMaxUrlBytes) return refused("an address of more than 4096 bytes");
  const bool secure = text.starts_with(kSecure);
  if (!secure && !text.starts_with(kPlain)) return refused("must begin with https://");
  const std::string_view after = text.substr(secure ? kSecure.size() : kPlain.size());
  const std::string_view authority = after.substr(0, after.find_first_of("/?"));
  if (authority.find('@') != authority.npos) return refused("must not have a user name");
  // The colons of an address in brackets are its own.
  const size_t bracket = authority.find(']');
  const size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  if (!IsHost(host)) return refused("does not have a plain host name");
  if (colon != authority.npos) {
    const auto port = CheckPort(authority.substr(colon + 1));
    if (!port) return refused(port.error().message);
  }
  const auto rest = CheckRest(after.substr(authority.size()));
  if (!rest) return refused(rest.error().message);
  const bool loopback = IsLoopbackHost(host);
  if (!secure && !loopback && plain == PlainHttp::kLoopback) {
    return Rejected(fmt::format(
        "{}: plain http is used only to this machine, as anybody on the way could read and change "
        "it: https://",
        Printable(text, 300)));
  }
  return Url(std::string(text), loopback);
}

Url Url::Under(std::string_view path) const {
  CARNET_CHECK(text_.find('?') == text_.npos && path.starts_with('/'));
  std::string_view base = text_;
  while (base.ends_with('/')) base.remove_suffix(1);
  return Url(fmt::format("{}{}", base, path), loopback_);
}

Url Url::WithParameter(std::string_view name, std::string_view value) const {
  const char separator = text_.find('?') == text_.npos ? '?' : '&';
  return Url(fmt::format("{}{}{}={}", text_, separator, name, value), loopback_);
}

}  // namespace carnet::remote
