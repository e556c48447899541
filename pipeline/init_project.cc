#include "pipeline/init_project.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <set>

#include "core/file.h"
#include "core/utf8.h"
#include "ledger/ledger.h"
#include "pipeline/project.h"
#include "sigstore/trusted_root.h"
#include "trust/add_key.h"
#include "trust/load_trust.h"
#include "trust/plain_name.h"

namespace carnet::pipeline {
namespace {

namespace fs = std::filesystem;
using schemas::Kind;

constexpr std::array kLabKinds = {Kind::kDataset, Kind::kRun, Kind::kSegment, Kind::kCompletion,
                                  Kind::kPassport};
constexpr std::array kCloudKinds = {Kind::kDevice, Kind::kAllocation};
constexpr std::array kVerdictKinds = {Kind::kVerdict};
constexpr std::array kRoles = {
    RoleRow{Role::kLab, "lab", kLabKinds, true},
    RoleRow{Role::kCloud, "cloud", kCloudKinds, false},
    RoleRow{Role::kHub, "hub", kVerdictKinds, false},
    RoleRow{Role::kAuditor, "auditor", kVerdictKinds, false},
};

// Removes what was made, the last first, unless it is kept.
class Made {
 public:
  Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  ~Made() {
    std::error_code ignored;
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) fs::remove_all(*path, ignored);
    if (!folder_.empty()) fs::remove(folder_, ignored);  // what others put there stays
  }

  void AddFolder(const std::string& path) { folder_ = path; }
  void Add(const std::string& path) { paths_.push_back(path); }
  void Keep() {
    folder_.clear();
    paths_.clear();
  }

 private:
  std::string folder_;
  std::vector<std::string> paths_;
};

std::string Inside(const std::string& folder, std::string_view name) {
  return folder == "." ? std::string(name) : folder + "/" + std::string(name);
}

struct Places {
  explicit Places(const NewProject& project)
      : prefix(Inside(project.folder, RowOf(project.role).name)),
        ledger(Inside(project.folder, "ledger")),
        trust(Inside(project.folder, "trust")),
        file(Inside(project.folder, kProjectFile)) {}

  std::string prefix;  // of the key's two files
  std::string ledger;
  std::string trust;
  std::string file;
};

std::vector<std::string> PathsOf(const NewProject& project) {
  const Places places(project);
  std::vector<std::string> paths = {places.prefix + ".key", places.prefix + ".pub"};
  if (project.origin) paths.push_back(places.ledger);
  paths.push_back(places.trust);
  paths.push_back(places.file);
  return paths;
}

Error Exists(const std::string& path) {
  return Conflict(path + ": exists already, and nothing was made");
}

Result<> MakeFolder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return Ok();
  return errno == EEXIST ? Exists(path) : SystemError(path, "mkdir");
}

Result<> WriteKeys(const std::string& prefix, const NewKeys& keys) {
  if (keys.password == nullptr)
    return signer::WritePlainKeyPair(prefix, keys.key, Overwrite::kForbid);
  return signer::WriteKeyPair(prefix, keys.key, *keys.password, keys.randomness,
                              Overwrite::kForbid);
}

Result<std::optional<merkle::NoteKey>> LogOf(const std::string& ledger) {
  if (ledger.empty()) return std::optional<merkle::NoteKey>();
  CARNET_TRY(const auto reader, ledger::Reader::Open(ledger));
  return std::optional(reader->key());
}

std::set<Kind> KindsOf(const NewProject& project) {
  const auto of_role = RowOf(project.role).kinds;
  std::set<Kind> kinds(of_role.begin(), of_role.end());
  if (project.own_devices) kinds.insert(Kind::kDevice);
  return kinds;
}

// Lists the project's own key, and the log that it writes to: of its own ledger it is the operator.
Result<> MakeTrust(const std::string& folder, const NewProject& project, const NewKeys& keys,
                   const std::optional<merkle::NoteKey>& log) {
  CARNET_TRY_VOID(trust::AddKey(folder, keys.key.public_key(), {project.party, KindsOf(project)}));
  if (!log) return Ok();
  const sigstore::TrustedLog entry{"https://" + log->name(), *log, TimestampMs(0), std::nullopt,
                                   project.origin ? project.party : ""};
  return WriteFileAtomic(folder + "/" + std::string(trust::kTrustedRootFile),
                         sigstore::WriteTrustedRoot({{entry}, 0}), Overwrite::kForbid);
}

// The ledger as seen from the project's folder.
Result<std::string> LedgerPath(const NewProject& project) {
  if (project.origin) return std::string("ledger");
  if (project.ledger.empty() || project.ledger.starts_with('/')) return project.ledger;
  std::error_code failed;
  const fs::path path = fs::relative(project.ledger, fs::absolute(project.folder, failed), failed);
  if (failed || path.empty()) return Io(project.ledger + ": " + failed.message());
  return path.string();
}

Result<> WriteProjectFile(const std::string& path, const NewProject& project) {
  Project file;
  CARNET_TRY(file.ledger, LedgerPath(project));
  file.key = std::string(RowOf(project.role).name) + ".key";
  file.trust = "trust";
  file.policy = "hub-default";
  file.party_id = project.party;
  file.party_name = project.party_name;
  return WriteFileAtomic(path, WriteProject(file), Overwrite::kForbid);
}

}  // namespace

std::span<const RoleRow> Roles() { return kRoles; }
const RoleRow& RowOf(Role role) { return kRoles[static_cast<size_t>(role)]; }

std::optional<Role> ParseRole(std::string_view name) {
  for (const RoleRow& row : kRoles) {
    if (row.name == name) return row.role;
  }
  return std::nullopt;
}

Result<> CheckFree(const NewProject& project) {
  if (!trust::IsPlainName(project.party)) {
    return Malformed(
        fmt::format("party {}: expected {}", Quoted(project.party), trust::kPlainNameRule));
  }
  for (const std::string& path : PathsOf(project)) {
    if (PathExists(path)) return Exists(path);
  }
  CARNET_TRY(const std::string ledger, LedgerPath(project));
  if (!IsValidUtf8(ledger) || FindForbiddenCharacter(ledger)) {
    return Malformed(Quoted(ledger) +
                     ": the path of the ledger is not text that carnet.toml can hold");
  }
  return Ok();
}

Result<MadeProject> InitProject(const NewProject& project, const NewKeys& keys) {
  CARNET_TRY_VOID(CheckFree(project));
  CARNET_TRY(auto log, LogOf(project.ledger));
  const Places places(project);
  Made made;
  if (!PathExists(project.folder)) {
    CARNET_TRY_VOID(MakeFolder(project.folder));
    made.AddFolder(project.folder);
  }
  // Each path is `made` only once it is there: another command may make the same at the same time,
  // and what that one made stays.
  CARNET_TRY_VOID(MakeFolder(places.trust));
  made.Add(places.trust);
  CARNET_TRY_VOID(WriteKeys(places.prefix, keys));
  for (const char* half : {".key", ".pub"}) made.Add(places.prefix + half);
  if (project.origin) {
    CARNET_TRY_VOID(ledger::Ledger::Create(places.ledger, *project.origin, keys.ledger_key,
                                           keys.ledger_password));
    made.Add(places.ledger);
    CARNET_TRY(log, LogOf(places.ledger));
  }
  CARNET_TRY_VOID(MakeTrust(places.trust, project, keys, log));
  CARNET_TRY_VOID(WriteProjectFile(places.file, project));
  made.Keep();
  return MadeProject{PathsOf(project), SignerId(keys.key.public_key().id()), std::move(log)};
}

}  // namespace carnet::pipeline
