#include "verifier/bundle/vouched_lines.h"

#include <fmt/core.h>

#include <utility>

#include "verifier/bundle/verified_times.h"

namespace carnet::verifier::bundle {
namespace {

// Tokens of an authority with a bad signature cost their sender nothing, and each a verification:
// after so many no more are looked at.
constexpr size_t kMaxBadTokens = 100;
constexpr size_t kMaxNamed = 3;

class TokenCount {
 public:
  TokenCount(std::span<const sigstore::Authority> authorities, TimestampMs now)
      : authorities_(authorities), now_(now) {}

  void Add(const Attestation& attestation) {
    ++found_.lines;
    for (const Bytes& token : attestation.bundle.timestamps) {
      if (bad_ == kMaxBadTokens) return;
      const auto judged = JudgeToken(token, attestation.bundle.envelope.signature, authorities_);
      if (!judged) ++bad_;
      if (!judged || !*judged || (*judged)->time > now_) continue;
      ++found_.vouched;
      found_.by.insert((*judged)->source);
      return;
    }
  }

  VouchedLines Take() { return std::move(found_); }

 private:
  std::span<const sigstore::Authority> authorities_;
  TimestampMs now_;
  VouchedLines found_;
  size_t bad_ = 0;
};

std::string SourcesOf(const std::set<std::string>& by) {
  std::string names;
  size_t named = 0;
  for (const std::string& source : by) {
    if (named == kMaxNamed) return fmt::format("{} and {} more", names, by.size() - named);
    names += (named++ == 0 ? "" : ", ") + source;
  }
  return names;
}

}  // namespace

VouchedLines CountVouched(const PassportFile& file, const trust::Trust& trust, TimestampMs now) {
  TokenCount count(trust.certificates().timestamp_authorities, now);
  for (const Attestation& attestation : file.attestations) count.Add(attestation);
  return count.Take();
}

std::string TimesText(const VouchedLines& vouched) {
  if (vouched.vouched == 0) return "self-declared, in order";
  if (vouched.vouched == vouched.lines) {
    return fmt::format("in order, vouched for by {}", SourcesOf(vouched.by));
  }
  return fmt::format("in order; {} of {} lines vouched for by {}, the others self-declared",
                     vouched.vouched, vouched.lines, SourcesOf(vouched.by));
}

}  // namespace carnet::verifier::bundle
