#include "remote/timestamp_client.h"

#include <fmt/core.h>

#include "crypto/rfc3161.h"

namespace carnet::remote {

Result<Bytes> AskForTimestamp(ByteSpan message, ByteSpan nonce, const Url& authority,
                              const HttpClient& http) {
  constexpr std::string_view kReply = "application/timestamp-reply";
  HttpRequest request{authority, "ask for a time stamp"};
  request.content_type = "application/timestamp-query";
  request.accept = kReply;
  request.body = AsText(crypto::TimestampRequest(message, nonce));
  CARNET_TRY(const HttpAnswer answer, http.SendFor(request, kReply));
  const std::string where = authority.Shown();
  if (answer.body.size() > crypto::kMaxTimestampBytes) {
    return Malformed(fmt::format("{}: larger than {} bytes", where, crypto::kMaxTimestampBytes));
  }
  const auto checked = crypto::CheckTimestampNonce(AsBytes(answer.body), nonce);
  if (!checked) return checked.error().In(where);
  return ToBytes(AsBytes(answer.body));
}

}  // namespace carnet::remote
