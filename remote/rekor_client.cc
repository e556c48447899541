#include "remote/rekor_client.h"

#include <fmt/core.h>

#include "core/base64.h"
#include "core/utf8.h"
#include "json/writer.h"
#include "sigstore/hashedrekord.h"

namespace carnet::remote {
namespace {

constexpr std::string_view kLogJson = "application/json";
constexpr long kLogged = 201, kLoggedBefore = 409;

std::string LogBodyOf(const LogRequest& entry) {
  json::Writer writer;
  writer.BeginObject().Key("hashedRekordRequestV002").BeginObject();
  writer.Member("digest", Base64Encode(entry.digest.span()));
  writer.Key("signature").BeginObject();
  writer.Member("content", Base64Encode(entry.signature));
  writer.Key("verifier").BeginObject();
  const bool certified = !entry.certificate.empty();
  writer.Key(certified ? "x509Certificate" : "publicKey").BeginObject();
  writer.Member("rawBytes", Base64Encode(certified ? entry.certificate : entry.spki)).EndObject();
  writer.Member("keyDetails", "PKIX_ECDSA_P256_SHA_256");
  return writer.EndObject().EndObject().EndObject().EndObject().Take();
}

// A log that answers with another entry would put that into the bundle.
Result<> CheckEntry(const LogRequest& asked, const sigstore::LogEntry& entry) {
  if (entry.kind != sigstore::kEntryKind || entry.version != sigstore::kEntryVersion) {
    return Rejected(fmt::format("kindVersion: expected hashedrekord 0.0.2, found {} {}",
                                Printable(entry.kind), Printable(entry.version)));
  }
  const std::string body = sigstore::WriteHashedRekord(
      {Retag<StatementId>(asked.digest), asked.signature, asked.spki, asked.certificate});
  if (AsText(entry.canonicalized_body) != body) {
    return Rejected("canonicalizedBody: is not that of what was sent");
  }
  const bool agree =
      entry.log_index == entry.proof_log_index && entry.log_index < entry.proof_tree_size;
  return agree ? Ok() : Result<>(Rejected("logIndex: does not agree with the inclusion proof"));
}

}  // namespace

Result<sigstore::LogEntry> AddToLog(const LogRequest& entry, const Url& log,
                                    const HttpClient& http) {
  HttpRequest request{log.Under("/api/v2/log/entries"), "add to the log"};
  request.content_type = kLogJson;
  request.accept = kLogJson;
  request.body = LogBodyOf(entry);
  CARNET_TRY(const HttpAnswer answer, http.Send(request));
  if (answer.status == kLoggedBefore) {
    return Conflict(request.url.Shown() + ": the log has this entry already");
  }
  if (answer.status != kLogged) return Unwanted(request, answer);
  const auto logged = sigstore::ReadForeignLogEntry(answer.body);
  if (!logged) return logged.error().In(request.url.Shown());
  const auto checked = CheckEntry(entry, *logged);
  if (!checked) return checked.error().In(request.url.Shown());
  return *logged;
}

}  // namespace carnet::remote
