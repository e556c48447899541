#include "trust/add_logs.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/file.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/canonical.h"
#include "json/reader.h"
#include "sigstore/trusted_root.h"
#include "trust/load_logs.h"
#include "trust/load_trust.h"

namespace carnet::trust {
namespace {

using sigstore::TrustedRoot;
using LogEntry = sigstore::TrustedLog;

Result<std::string> CanonicalText(std::string_view text) {
  CARNET_TRY(const json::Tree tree, json::Parse(text));
  return json::Canonical(tree.root());
}

// Whether writing it anew loses nothing but its layout.
Result<> CheckOnlyLogs(std::string_view text, const TrustedRoot& root, const std::string& path) {
  CARNET_TRY(const std::string present, CanonicalText(text));
  CARNET_TRY(const std::string written, CanonicalText(sigstore::WriteTrustedRoot(root)));
  if (present == written) return Ok();
  return Malformed(path +
                   ": has more than Ed25519 logs, or spells them otherwise than carnet "
                   "does, and that would be lost: add the log to `tlogs` by hand");
}

Result<TrustedRoot> PresentRoot(const std::string& path) {
  if (!PathExists(path)) return TrustedRoot{};
  CARNET_TRY(const std::string text, ReadFile(path, kMaxTrustedRootBytes));
  const auto root = sigstore::ReadTrustedRoot(text);
  if (!root) return root.error().In(path);
  CARNET_TRY_VOID(CheckOnlyLogs(text, *root, path));
  return *root;
}

bool SameLog(const LogEntry& a, const LogEntry& b) {
  return a.key == b.key && a.valid_from == b.valid_from && a.valid_until == b.valid_until &&
         a.operator_name == b.operator_name;
}

Error OtherLog(std::string_view file, const LogEntry& entry, const std::string& path) {
  return Conflict(fmt::format(
      "{}: {} has log id {}, and {} trusts a log of that name with another key, other dates or "
      "another operator: compare them, and edit that file by hand",
      file, Printable(entry.key.name()), HexEncode(entry.key.id().span()), path));
}

// Adds what `root` does not have, and says of each log whether it did.
Result<std::vector<AddedLog>> Merge(const std::vector<LogEntry>& entries, std::string_view file,
                                    const std::string& path, TrustedRoot& root) {
  const std::vector<LogEntry> present = root.logs;
  std::vector<AddedLog> added;
  for (const LogEntry& entry : entries) {
    const auto same_name = [&](const LogEntry& e) { return e.key.name() == entry.key.name(); };
    const auto same_log = [&](const LogEntry& e) { return SameLog(e, entry); };
    const bool known = std::any_of(present.begin(), present.end(), same_log);
    if (!known && std::any_of(present.begin(), present.end(), same_name))
      return OtherLog(file, entry, path);
    if (!known) root.logs.push_back(entry);
    added.push_back({entry.key, entry.operator_name, known});
  }
  return added;
}

}  // namespace

Result<std::vector<AddedLog>> AddLogs(const std::string& folder, std::string_view trusted_root,
                                      std::string_view file,
                                      const std::optional<std::string>& operator_party) {
  if (!PathExists(folder)) return NotFound(folder + ": no such folder");
  auto given = sigstore::ReadTrustedRoot(trusted_root);
  if (!given) return given.error().In(file);
  CARNET_TRY_VOID(ReadLogs(trusted_root, file));  // at least one, each with one operator
  for (LogEntry& entry : given->logs) {
    if (operator_party) entry.operator_name = *operator_party;
  }
  const std::string path = folder + "/" + std::string(kTrustedRootFile);
  CARNET_TRY(TrustedRoot root, PresentRoot(path));
  const size_t before = root.logs.size();
  CARNET_TRY(auto added, Merge(given->logs, file, path, root));
  if (root.logs.size() == before) return added;
  const std::string text = sigstore::WriteTrustedRoot(root);
  CARNET_TRY(auto logs, ReadLogs(text, path));
  const auto whole = Trust::Create({}, std::move(logs));
  if (!whole) return whole.error().In(file);
  CARNET_TRY_VOID(
      WriteFileAtomic(path, text, PathExists(path) ? Overwrite::kReplace : Overwrite::kForbid));
  return added;
}

}  // namespace carnet::trust
