#include "verifier/bundle/token_times.h"

#include <fmt/core.h>

#include <algorithm>

#include "verifier/bundle/verified_times.h"
#include "verifier/describe.h"
#include "verifier/named_check.h"

namespace carnet::verifier::bundle {

Result<std::vector<TimestampMs>> TokenTimes(const sigstore::Bundle& bundle,
                                            std::span<const sigstore::Authority> authorities,
                                            TimestampMs now) {
  std::vector<TimestampMs> times;
  for (const Bytes& token : bundle.timestamps) {
    const auto judged = JudgeToken(token, bundle.envelope.signature, authorities);
    if (Fails("R5 no-bad-token", !judged)) return Rejected(judged.error().message);
    if (!judged || !*judged) continue;  // a stranger's
    if (Fails("R5 future-token", (*judged)->time > now)) {
      return Rejected(fmt::format("{} states {}, which is later than now", (*judged)->source,
                                  FormatTimestamp((*judged)->time)));
    }
    times.push_back((*judged)->time);
  }
  if (bundle.timestamps.empty()) {
    return Rejected("nobody says when it was signed: there is no time stamp");
  }
  if (times.empty()) {
    return Rejected(
        fmt::format("nobody trusted says when it was signed: {}, none of an authority that the "
                    "trust directory lists",
                    Counted(bundle.timestamps.size(), "time stamp")));
  }
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace carnet::verifier::bundle
