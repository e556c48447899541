#include "pipeline/log_heads.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "core/utf8.h"
#include "merkle/check_proof.h"
#include "verifier/bundle/judge_checkpoint.h"

namespace carnet::pipeline {
namespace {

std::string Hex(const RootHash& root) { return HexEncode(root.span()); }

Error Fork(TreeSize size, const std::string& one, const RootHash& one_root,
           const std::string& other, const RootHash& other_root) {
  return Rejected(fmt::format("log fork: at size {} {} has root {}, {} has root {}", size.value(),
                              one, Hex(one_root), other, Hex(other_root)));
}

Error Refusal(const std::string& name, verifier::RejectReason reason, const std::string& why) {
  return Rejected(fmt::format("{}: {}: {}", name, verifier::RejectReasonName(reason), why));
}

Result<merkle::VerifiedCheckpoint> VerifyByOneKey(const std::string& name, const std::string& note,
                                                  const LogKeys& keys) {
  auto verified = merkle::VerifiedCheckpoint::Verify(note, std::get<merkle::NoteKey>(keys.keys));
  if (!verified) return verified.error().In(fmt::format("{}: not signed by {}", name, keys.whose));
  return verified;
}

// The gate's own rule: a key whose time is over signs whatever its holder likes.
Result<merkle::VerifiedCheckpoint> VerifyUnderTrust(const std::string& name,
                                                    const std::string& note,
                                                    const LogUnderTrust& trusted) {
  auto judged = verifier::bundle::JudgeCheckpoint(trusted.log, note, trusted.now);
  if (const auto* refused = std::get_if<verifier::bundle::RefusedCheckpoint>(&judged))
    return Refusal(name, refused->refusal.reason(), refused->why);
  return std::get<merkle::VerifiedCheckpoint>(std::move(judged));
}

Result<> CheckAgainstPins(const std::string& name, const merkle::Checkpoint& tree,
                          const LogKeys& keys) {
  const auto* trusted = std::get_if<LogUnderTrust>(&keys.keys);
  if (trusted == nullptr) return Ok();
  const auto* pin = verifier::bundle::FindOtherPin(trusted->log, tree.size, tree.root);
  if (pin == nullptr) return Ok();
  return Refusal(
      name, verifier::RejectReason::kLogFork,
      fmt::format("this ledger has {}, but the trust directory pins {}",
                  verifier::bundle::DescribeTree(tree), verifier::bundle::DescribeTree(*pin)));
}

}  // namespace

LogKeys KeysOf(const ledger::Reader& reader) { return {"this ledger's own key", reader.key()}; }

Result<LogKeys> KeysOf(const trust::Trust& trust, std::string_view origin, TimestampMs now) {
  for (const trust::TrustedLog& log : trust.logs())
    if (log.origin == origin)
      return LogKeys{"a key that the trust directory lists", LogUnderTrust{log, now}};
  return NotFound(fmt::format("the trust directory lists no log \"{}\"", Printable(origin)));
}

Result<LogHead> CheckHead(std::string name, const std::string& note, const LogKeys& keys) {
  const auto* trusted = std::get_if<LogUnderTrust>(&keys.keys);
  const auto head = trusted == nullptr ? VerifyByOneKey(name, note, keys)
                                       : VerifyUnderTrust(name, note, *trusted);
  if (!head) return head.error();
  return LogHead{std::move(name), head->size(), head->root(), note,
                 head->checkpoint().origin + ", " + keys.whose};
}

Result<LogHead> HeadOfSize(const ledger::Reader& reader, TreeSize size, const LogKeys& keys) {
  const std::string name = fmt::format("size {}", size.value());
  if (size == reader.size()) return CheckHead(name, reader.checkpoint(), keys);
  CARNET_TRY(const RootHash root, reader.RootAt(size));
  CARNET_TRY_VOID(CheckAgainstPins(name, {reader.key().name(), size, root, {}}, keys));
  return LogHead{name, size, root, "", ""};
}

Result<> CheckInLedger(const ledger::Reader& reader, const LogHead& head) {
  if (head.size > reader.size())
    return Rejected(fmt::format(
        "the ledger has {} entries, fewer than the {} that its checkpoint {} states: it was rolled "
        "back, or this is an older copy",
        reader.size().value(), head.size.value(), head.name));
  CARNET_TRY(const RootHash root, reader.RootAt(head.size));
  if (root != head.root) return Fork(head.size, head.name, head.root, "this ledger", root);
  return Ok();
}

Result<merkle::ConsistencyProof> ProveConsistency(const ledger::Reader& reader,
                                                  const LogHead& older, const LogHead& newer) {
  CARNET_CHECK(older.size <= newer.size);
  CARNET_TRY_VOID(CheckInLedger(reader, older));
  CARNET_TRY_VOID(CheckInLedger(reader, newer));
  CARNET_TRY(auto proof, reader.Consistency(older.size, newer.size));
  CARNET_TRY_VOID(CheckConsistentHeads(older, newer, proof));
  return proof;
}

Result<> CheckConsistentHeads(const LogHead& older, const LogHead& newer,
                              const merkle::ConsistencyProof& proof) {
  if (older.size == newer.size && older.root != newer.root)
    return Fork(older.size, older.name, older.root, newer.name, newer.root);
  if (older.size == TreeSize(0) && proof.hashes.empty()) return Ok();  // the start of every tree
  auto checked = merkle::CheckConsistency(older.size, older.root, newer.size, newer.root, proof);
  if (checked) return Ok();
  return checked.error().In(fmt::format("{} (size {}) is not shown to be the start of {} (size {})",
                                        older.name, older.size.value(), newer.name,
                                        newer.size.value()));
}

}  // namespace carnet::pipeline
