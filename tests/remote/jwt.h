// Identity tokens as an issuer writes them; unsigned, as nobody here verifies them.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "core/base64.h"

namespace carnet::test {

inline std::string Base64Url(std::string_view text) {
  std::string encoded = Base64Encode(AsBytes(text));
  for (char& c : encoded) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (encoded.ends_with('=')) encoded.pop_back();
  return encoded;
}

inline std::string Jwt(std::string_view payload) {
  return Base64Url(R"({"alg":"RS256"})") + "." + Base64Url(payload) + "." +
         Base64Url("signature?>");
}

// For these claims over some that are good until 2030.
inline std::string JwtWith(const boost::json::object& claims) {
  boost::json::object all = {{"iss", "https://issuer.example"},
                             {"sub", "repo:lab/model:ref:refs/heads/main"},
                             {"aud", "sigstore"},
                             {"iat", 1767225600},
                             {"exp", 1893456000}};
  for (const auto& claim : claims) all[claim.key()] = claim.value();
  return Jwt(boost::json::serialize(all));
}

}  // namespace carnet::test
