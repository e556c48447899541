#include "trust/add_logs.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/file.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/document.h"
#include "json/reader.h"
#include "sigstore/trusted_material.h"
#include "sigstore/trusted_root.h"
#include "trust/load_logs.h"
#include "trust/load_trust.h"

namespace carnet::trust {
namespace {

using sigstore::TrustedRoot;
using LogEntry = sigstore::TrustedLog;

struct PresentFile {
  TrustedRoot root;
  json::Document document;  // of which everything else is kept as it is
};

Result<PresentFile> ReadPresent(const std::string& path) {
  std::string text = sigstore::WriteTrustedRoot({});
  if (PathExists(path)) {
    CARNET_TRY(text, ReadFile(path, kMaxTrustedRootBytes));
  }
  auto root = sigstore::ReadTrustedRoot(text);
  if (!root) return root.error().In(path);
  CARNET_TRY(const json::Tree tree, json::Parse(text, {.allow_null = true}));
  return PresentFile{*std::move(root), json::Document::CopyOf(tree.root())};
}

// The file with these logs behind its own.
Result<std::string> WithLogs(json::Document document, const TrustedRoot& more) {
  CARNET_TRY(const json::Tree written, json::Parse(sigstore::WriteTrustedRoot(more)));
  json::Document* logs = document.Find("tlogs");
  if (logs == nullptr || !logs->is(json::Type::kArray)) {
    logs = &document.Set("tlogs", json::Document::Array());
  }
  const auto added = *written.root().Find("tlogs");
  for (auto log = added.first_child(); log; log = log->next()) {
    logs->Append(json::Document::CopyOf(*log));
  }
  // Where a log names its operator, the version that allows it.
  if (written.root().Find("mediaType")->string() != sigstore::kTrustedRootMediaType) {
    document.Set("mediaType", sigstore::kTrustedRootMediaType02);
  }
  return document.Text(json::Layout::kIndented);
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

// What `present` does not have goes to `more`; says of each log whether it does.
Result<std::vector<AddedLog>> Merge(const std::vector<LogEntry>& entries, std::string_view file,
                                    const std::string& path, const std::vector<LogEntry>& present,
                                    TrustedRoot& more) {
  std::vector<AddedLog> added;
  for (const LogEntry& entry : entries) {
    const auto same_name = [&](const LogEntry& e) { return e.key.name() == entry.key.name(); };
    const auto same_log = [&](const LogEntry& e) { return SameLog(e, entry); };
    const bool known = std::any_of(present.begin(), present.end(), same_log);
    if (!known && std::any_of(present.begin(), present.end(), same_name))
      return OtherLog(file, entry, path);
    if (!known) more.logs.push_back(entry);
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
  CARNET_TRY_VOID(ReadLogs(trusted_root, file));  // each with one operator
  if (given->logs.empty()) return Malformed(fmt::format("{}: no log with an Ed25519 key", file));
  for (LogEntry& entry : given->logs) {
    if (operator_party) entry.operator_name = *operator_party;
  }
  const std::string path = folder + "/" + std::string(kTrustedRootFile);
  CARNET_TRY(PresentFile present, ReadPresent(path));
  TrustedRoot more;
  CARNET_TRY(auto added, Merge(given->logs, file, path, present.root.logs, more));
  if (more.logs.empty()) return added;
  CARNET_TRY(const std::string text, WithLogs(std::move(present.document), more));
  CARNET_TRY(auto logs, ReadLogs(text, path));
  const auto whole = Trust::Create({}, std::move(logs));
  if (!whole) return whole.error().In(file);
  CARNET_TRY_VOID(
      WriteFileAtomic(path, text, PathExists(path) ? Overwrite::kReplace : Overwrite::kForbid));
  return added;
}

}  // namespace carnet::trust
