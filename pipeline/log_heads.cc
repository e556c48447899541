#include "pipeline/log_heads.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "core/utf8.h"
#include "merkle/check_proof.h"

namespace carnet::pipeline {
namespace {

std::string Hex(const RootHash& root) { return HexEncode(root.span()); }

Error Fork(TreeSize size, const std::string& one, const RootHash& one_root,
           const std::string& other, const RootHash& other_root) {
  return Rejected(fmt::format("log fork: at size {} {} has root {}, {} has root {}", size.value(),
                              one, Hex(one_root), other, Hex(other_root)));
}

Result<> CheckInLedger(const ledger::Reader& reader, const LogHead& head) {
  if (head.size > reader.size())
    return Rejected(fmt::format(
        "{}: of size {}, but this ledger has size {}: it lacks what the log has signed (a restored "
        "backup, or another history)",
        head.name, head.size.value(), reader.size().value()));
  CARNET_TRY(const RootHash root, reader.RootAt(head.size));
  if (root != head.root) return Fork(head.size, head.name, head.root, "this ledger", root);
  return Ok();
}

}  // namespace

LogKeys KeysOf(const ledger::Reader& reader) { return {"this ledger's own key", {reader.key()}}; }

Result<LogKeys> KeysOf(const trust::Trust& trust, std::string_view origin) {
  for (const trust::TrustedLog& log : trust.logs()) {
    if (log.origin != origin) continue;
    LogKeys keys{"a key that the trust directory lists", {}};
    for (const trust::TrustedLogKey& key : log.keys) keys.keys.push_back(key.key);
    return keys;
  }
  return NotFound(fmt::format("the trust directory lists no log \"{}\"", Printable(origin)));
}

Result<LogHead> CheckHead(std::string name, const std::string& note, const LogKeys& keys) {
  CARNET_TRY(const merkle::SignedNote parsed, merkle::ParseUnverifiedNote(note));
  Error refused = Rejected("no key to check the checkpoint with");
  for (const merkle::NoteKey& key : keys.keys) {
    const auto head = merkle::VerifiedCheckpoint::Verify(parsed, key);
    if (head)
      return LogHead{std::move(name), head->size(), head->root(), note,
                     key.name() + ", " + keys.whose};
    refused = head.error();
  }
  return refused.In(fmt::format("{}: not signed by {}", name, keys.whose));
}

Result<LogHead> HeadOfSize(const ledger::Reader& reader, TreeSize size) {
  CARNET_TRY(const RootHash root, reader.RootAt(size));
  const bool latest = size == reader.size();
  return LogHead{fmt::format("size {}", size.value()), size, root,
                 latest ? reader.checkpoint() : "",
                 latest ? reader.key().name() + ", this ledger's own key" : ""};
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
