#include "trust/load_logs.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/hex.h"
#include "core/utf8.h"
#include "json/position.h"
#include "sigstore/trusted_root.h"
#include "trust/toml_table.h"

namespace carnet::trust {
namespace {

TrustedLog* FindOrigin(std::vector<TrustedLog>& logs, std::string_view origin) {
  const auto found = std::find_if(logs.begin(), logs.end(),
                                  [origin](const auto& log) { return log.origin == origin; });
  return found == logs.end() ? nullptr : &*found;
}

Result<> ApplyKeyNote(const TomlTable& table, TrustedLog& log) {
  CARNET_TRY_VOID(table.OnlyKeys({"id", "from", "until"}));
  CARNET_TRY(const std::string text, table.Text("id"));
  const auto id = HexDecodeTo<LogId>(text);
  if (!id) return table.Refuse("id", "must be 64 lowercase hex digits");
  const auto key = std::find_if(log.keys.begin(), log.keys.end(),
                                [&id](const TrustedLogKey& k) { return k.key.id() == *id; });
  if (key == log.keys.end()) return table.Refuse("id", "is not a key of " + log.origin);
  if (key->sizes.IsGiven()) return table.Refuse("id", "appears more than once");
  CARNET_TRY(key->sizes.from, table.OptionalUnsigned("from"));
  CARNET_TRY(key->sizes.until, table.OptionalUnsigned("until"));
  if (!key->sizes.IsGiven()) {
    return table.Refuse("id", "has neither from nor until");
  }
  return Ok();
}

}  // namespace

Result<std::vector<TrustedLog>> ReadLogs(std::string_view trusted_root, std::string_view file) {
  const auto root = sigstore::ReadTrustedRoot(trusted_root);
  if (!root) return json::InFile(file, trusted_root, root.error());
  std::vector<TrustedLog> logs;
  for (const sigstore::TrustedLog& entry : root->logs) {
    const std::string& origin = entry.key.name();
    TrustedLog* log = FindOrigin(logs, origin);
    if (log == nullptr) {
      logs.push_back(
          {.origin = origin, .keys = {}, .operator_party = entry.operator_name, .pins = {}});
      log = &logs.back();
    }
    if (log->operator_party != entry.operator_name) {
      return Malformed(fmt::format("{}: two operators of {}", file, origin));
    }
    log->keys.push_back({entry.key, {entry.valid_from, entry.valid_until}, {}});
  }
  return logs;
}

Result<> ApplyLogNotes(std::string_view toml, std::string_view file,
                       std::vector<TrustedLog>& logs) {
  CARNET_TRY(const TomlTable table, TomlTable::Parse(toml, file));
  CARNET_TRY_VOID(table.OnlyKeys({"log"}));
  CARNET_TRY(const auto notes, table.Tables("log"));
  std::vector<std::string> seen;
  for (const TomlTable& note : notes) {
    CARNET_TRY_VOID(note.OnlyKeys({"origin", "operator", "key"}));
    CARNET_TRY(const std::string origin, note.Text("origin"));
    TrustedLog* log = FindOrigin(logs, origin);
    if (log == nullptr) return note.Refuse("origin", "is not a log in trusted_root.json");
    if (std::find(seen.begin(), seen.end(), origin) != seen.end()) {
      return note.Refuse("origin", "appears more than once");
    }
    seen.push_back(origin);
    CARNET_TRY(const auto operator_party, note.OptionalText("operator"));
    if (operator_party) log->operator_party = *operator_party;
    CARNET_TRY(const auto keys, note.Tables("key"));
    for (const TomlTable& key : keys) CARNET_TRY_VOID(ApplyKeyNote(key, *log));
  }
  return Ok();
}

Result<> AddPin(std::string_view note, std::string_view file, std::vector<TrustedLog>& logs) {
  const auto parsed = merkle::ParseUnverifiedNote(note);
  if (!parsed) return parsed.error().In(file);
  const auto claimed = merkle::ParseUnverifiedCheckpoint(parsed->text);
  if (!claimed) return claimed.error().In(file);
  TrustedLog* log = FindOrigin(logs, claimed->origin);
  if (log == nullptr) {
    return Malformed(fmt::format("{}: checkpoint of {}, which is not a log in trusted_root.json",
                                 file, Printable(claimed->origin)));
  }
  std::vector<merkle::NoteKey> keys;
  for (const TrustedLogKey& key : log->keys) keys.push_back(key.key);
  const auto signers = merkle::VerifyNote(*parsed, keys);
  if (!signers) return signers.error().In(file);
  log->pins.push_back(*claimed);
  return Ok();
}

}  // namespace carnet::trust
