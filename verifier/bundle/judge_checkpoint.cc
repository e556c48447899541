#include "verifier/bundle/judge_checkpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "core/base64.h"
#include "core/check.h"
#include "core/result.h"

namespace carnet::verifier::bundle {
namespace {

const merkle::Checkpoint* FindPin(const trust::TrustedLog& log, TreeSize size) {
  const auto pin = std::find_if(log.pins.begin(), log.pins.end(),
                                [size](const auto& candidate) { return candidate.size == size; });
  return pin == log.pins.end() ? nullptr : &*pin;
}

// A pin vouches for the tree, whatever has become of the key since.
Result<merkle::VerifiedCheckpoint> VerifyByAnyKey(const trust::TrustedLog& log,
                                                  const std::string& note) {
  std::optional<Error> refused;
  for (const trust::TrustedLogKey& key : log.keys) {
    auto verified = merkle::VerifiedCheckpoint::Verify(note, key.key);
    if (verified) return verified;
    refused = std::move(verified).error();
  }
  CARNET_CHECK(refused);  // trust refuses a log without keys
  return *std::move(refused);
}

// The size decides which key may have signed, so it is read before anything is verified.
Result<merkle::VerifiedCheckpoint> VerifyByKeyInForce(const trust::TrustedLog& log,
                                                      const std::string& note, TimestampMs now) {
  CARNET_TRY(const merkle::SignedNote parsed, merkle::ParseUnverifiedNote(note));
  CARNET_TRY(const merkle::Checkpoint claimed, merkle::ParseUnverifiedCheckpoint(parsed.text));
  const merkle::Checkpoint* pin = FindPin(log, claimed.size);
  if (pin != nullptr && pin->root == claimed.root) return VerifyByAnyKey(log, note);
  const trust::TrustedLogKey* key = log.KeyInForce(claimed.size, now);
  if (key == nullptr) {
    return Rejected(
        fmt::format("no key of {} is in force for tree size {}", log.origin, claimed.size.value()));
  }
  return merkle::VerifiedCheckpoint::Verify(parsed, key->key);
}

}  // namespace

std::string DescribeTree(const merkle::Checkpoint& checkpoint) {
  return fmt::format("size {} and root {}", checkpoint.size.value(),
                     Base64Encode(checkpoint.root.span()));
}

const merkle::Checkpoint* FindOtherPin(const trust::TrustedLog& log, TreeSize size,
                                       const RootHash& root) {
  const merkle::Checkpoint* pin = FindPin(log, size);
  return pin == nullptr || pin->root == root ? nullptr : pin;
}

const trust::TrustedLogKey* KeyForNote(const trust::TrustedLog& log, const std::string& note,
                                       TimestampMs time) {
  const auto parsed = merkle::ParseUnverifiedNote(note);
  if (!parsed) return nullptr;
  const auto claimed = merkle::ParseUnverifiedCheckpoint(parsed->text);
  return claimed ? log.KeyInForce(claimed->size, time) : nullptr;
}

JudgedCheckpoint JudgeCheckpoint(const trust::TrustedLog& log, const std::string& note,
                                 TimestampMs now) {
  auto verified = VerifyByKeyInForce(log, note, now);
  if (!verified)
    return RefusedCheckpoint{{10, RejectReason::kBadCheckpoint}, verified.error().message};
  if (const auto* pin = FindOtherPin(log, verified->size(), verified->root()))
    return RefusedCheckpoint{
        {10, RejectReason::kLogFork},
        fmt::format("the checkpoint of {} has {}, but the trust directory pins {}", log.origin,
                    DescribeTree(verified->checkpoint()), DescribeTree(*pin))};
  return *std::move(verified);
}

}  // namespace carnet::verifier::bundle
