#include "pipeline/vouched_token.h"

#include "verifier/bundle/verified_times.h"

namespace carnet::pipeline {

Result<Bytes> AskForVouchedToken(const TimestampAuthority& authority, ByteSpan signature,
                                 const sigstore::TrustedMaterial& trusted) {
  CARNET_TRY(Bytes token, authority.ask(signature));
  const auto judged = verifier::bundle::JudgeToken(token, signature, trusted.timestamp_authorities);
  if (!judged) return judged.error().In("the time stamp of " + authority.name);
  if (*judged) return token;
  return Rejected("the time stamp of " + authority.name +
                  ": is by no time stamping authority of the trusted root");
}

}  // namespace carnet::pipeline
