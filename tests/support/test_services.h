// A private Sigstore that answers over HTTP: Fulcio, a time stamping authority and a Rekor v2 log,
// right but for what a test changes. By OpenSSL and by the specification's text. What it says is
// changed before it is asked.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/http_service.h"
#include "tests/support/test_sigstore.h"

namespace carnet::test {

inline constexpr char kFulcioPath[] = "/api/v2/signingCert";
inline constexpr char kStampPath[] = "/api/v1/timestamp";
inline constexpr char kRekorPath[] = "/api/v2/log/entries";

class TestServices {
 public:
  // Certificates are valid from five minutes before `now` for ten; tokens state `now`.
  explicit TestServices(TimestampMs now);

  std::string url(const std::string& path = "") const { return http_.url(path); }
  // Of all three services.
  std::string SigningConfig() const;
  // Of an identity token (JWT) that nobody has signed, for an hour from `now`.
  std::string IdentityToken() const;
  std::string IdentityToken(const std::string& claims) const;

  TestSigstore sigstore;
  TimestampMs now;
  std::function<void(CertificateSpec&)> leaf = {};
  const TestAuthority* issuer;                           // of certificates
  std::function<void(std::string& key)> certified = {};  // another key, PEM
  std::function<void(TimestampSpec&)> stamp = {};
  std::function<void(std::string&)> body = {};  // before it is logged
  std::function<void(EntryParts&)> entry = {};  // after that
  std::map<std::string, HttpReply> instead;     // by path
  std::vector<std::string> asked;               // paths

 private:
  HttpReply Reply(const HttpAsked& asked_now);
  HttpReply Certify(const std::string& request) const;
  HttpReply Stamp(const std::string& request) const;
  HttpReply Log(const std::string& request) const;

  HttpService http_;  // the last: it stops first
};

}  // namespace carnet::test
