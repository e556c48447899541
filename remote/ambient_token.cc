#include "remote/ambient_token.h"

#include <algorithm>

#include "json/reader.h"
#include "remote/identity_token.h"

namespace carnet::remote {
namespace {

constexpr char kRequestUrl[] = "ACTIONS_ID_TOKEN_REQUEST_URL";
constexpr char kRequestToken[] = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

// It becomes a line of the request: nothing in it may end that line.
bool IsOneWord(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<std::string> TokenIn(const HttpAnswer& answer, const std::string& where) {
  const auto tree = json::Parse(
      answer.body, {.max_bytes = 2 * kMaxIdentityTokenBytes, .max_depth = 4, .allow_null = true});
  if (!tree) return tree.error().In(where);
  const bool object = tree->root().is(json::Type::kObject);
  const auto value = object ? tree->root().Find("value") : std::nullopt;
  if (value && value->is(json::Type::kString)) return std::string(value->string());
  return Malformed(where + ": the answer has no token");
}

}  // namespace

Result<std::optional<std::string>> FindAmbientToken(const Environment& environment,
                                                    const HttpClient& http) {
  if (auto given = environment("SIGSTORE_ID_TOKEN")) return given;
  const auto address = environment(kRequestUrl);
  const auto secret = environment(kRequestToken);
  if (!address || !secret) return std::optional<std::string>();
  if (!IsOneWord(*secret)) return Malformed(std::string(kRequestToken) + ": is not one word");
  const auto url = Url::Parse(*address);
  if (!url) return url.error().In(kRequestUrl);
  HttpRequest request{url->WithParameter("audience", kSigstoreAudience), "ask for the job's token"};
  request.accept = "application/json";
  request.bearer_token = *secret;
  CARNET_TRY(const HttpAnswer answer, http.SendFor(request, "application/json"));
  CARNET_TRY(std::string token, TokenIn(answer, url->Shown()));
  return std::optional(std::move(token));
}

}  // namespace carnet::remote
