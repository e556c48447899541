#include "pipeline/check_trust.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/file.h"
#include "core/utf8.h"
#include "pipeline/identity_warnings.h"
#include "trust/folder.h"
#include "trust/load_trust.h"
#include "trust/toml_table.h"
#include "verifier/gate.h"
#include "verifier/policy/policy.h"

namespace carnet::pipeline {
namespace {

namespace fs = std::filesystem;
using schemas::Kind;

std::string DayOf(TimestampMs time) { return FormatTimestamp(time).substr(0, 10); }

std::string NameOf(const trust::TrustedKey& key) {
  std::string name = Printable(key.party) + ": ";
  if (!key.name.empty()) name += Quoted(key.name) + ", ";
  return name + key.signer().ToString();
}

bool AnyOf(const std::set<Kind>& kinds, std::initializer_list<Kind> wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](Kind kind) { return kinds.contains(kind); });
}
bool Trains(const std::set<Kind>& kinds) {
  return AnyOf(kinds, {Kind::kRun, Kind::kSegment, Kind::kCompletion});
}

class TrustCheck {
 public:
  TrustCheck(const std::string& folder, TimestampMs now) : folder_(folder), now_(now) {}

  TrustReport Check() {
    for (const Error& error : trust::FindTrustErrors(folder_))
      report_.errors.push_back(error.message);
    ReadPolicies();
    WarnOfPermissions();
    auto trust = trust::LoadTrust(folder_);
    if (!trust || !report_.errors.empty()) return std::move(report_);
    for (const trust::TrustedKey& key : trust->keys()) WarnOfKey(key);
    WarnOfIdentities(trust->certificates());
    WarnOfParties(*trust);
    for (const trust::TrustedLog& log : trust->logs()) WarnOfLog(log);
    const auto chips = verifier::CatalogueFor(*trust);
    if (!chips) {
      report_.errors.push_back(chips.error().In(folder_).message);
      return std::move(report_);
    }
    report_.trust = *std::move(trust);
    return std::move(report_);
  }

 private:
  void Warn(std::string warning) { report_.warnings.push_back(std::move(warning)); }

  // Only hub-default is read by the gate whatever --policy says; another one that is broken is an
  // error on the day somebody asks for it.
  void ReadPolicies() {
    const std::string folder = folder_ + "/policies";
    const auto names = trust::ListNames(folder);
    if (!names) {
      if (PathExists(folder)) report_.errors.push_back(names.error().message);
      return;
    }
    for (const std::string& name : *names) {
      const std::string path = folder + "/" + name;
      if (name.ends_with(".toml")) {
        ReadPolicyAt(path, name.substr(0, name.size() - 5));
      } else {
        Warn(path + ": is read by nobody: a policy's file ends in .toml");
      }
    }
  }

  void ReadPolicyAt(const std::string& path, const std::string& id) {
    const bool always_read = path.ends_with(trust::kHubDefaultFile);
    const auto policy = [&]() -> Result<verifier::policy::Policy> {
      CARNET_TRY(const std::string text, ReadFile(path, trust::kMaxTomlBytes));
      return verifier::policy::ReadPolicy(text, path, now_);
    }();
    report_.policies.push_back({id, policy ? policy->digest : ""});
    std::vector<std::string>& where = always_read ? report_.errors : report_.warnings;
    if (!policy) {
      const std::string& message = policy.error().message;
      if (std::find(where.begin(), where.end(), message) == where.end()) where.push_back(message);
    } else if (policy->id != id) {
      where.push_back(fmt::format("{}: id: {} is not the name of its file, by which it is found",
                                  path, Quoted(policy->id)));
    }
  }

  void WarnOfPermissions() {
    WarnIfOthersWrite(folder_);
    std::error_code failed;
    fs::recursive_directory_iterator entry(folder_, failed);
    for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
      if (entry->path().filename().string().starts_with('.')) {
        entry.disable_recursion_pending();
      } else {
        WarnIfOthersWrite(entry->path().string());
      }
    }
  }

  void WarnIfOthersWrite(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return;
    if (S_ISLNK(status.st_mode)) {
      Warn(Printable(path, 300) + ": a link: whoever may change what it leads to decides");
    } else if ((status.st_mode & S_IWOTH) != 0) {
      Warn(fmt::format("{}: everybody may change it (mode {:04o}): chmod o-w", Printable(path, 300),
                       status.st_mode & 07777));
    }
  }

  void WarnOfKey(const trust::TrustedKey& key) {
    if (key.dates.until && now_ >= *key.dates.until) {
      Warn(
          fmt::format("{}: no longer in force since {}; what it signed before is refused too, but "
                      "in logs for which the file gives tree sizes",
                      NameOf(key), DayOf(*key.dates.until)));
    }
    if (key.dates.from && now_ < *key.dates.from)
      Warn(fmt::format("{}: not in force before {}", NameOf(key), DayOf(*key.dates.from)));
  }

  void WarnOfIdentities(const trust::CertificateTrust& certificates) {
    if (certificates.identities.empty()) return;
    for (std::string& warning : WarningsOf(certificates.identities, now_)) Warn(std::move(warning));
    constexpr std::string_view kRoot = "trusted_root.json: ";
    if (certificates.authorities.empty())
      Warn(std::string(kRoot) +
           "no certificate authority is listed, so that no identity can sign anything; add it to "
           "certificateAuthorities, by hand");
    if (certificates.timestamp_authorities.empty())
      Warn(std::string(kRoot) +
           "no time stamping authority is listed, so that nobody says when an identity signed: all "
           "of its statements are refused; add one to timestampAuthorities, by hand");
    if (certificates.certificate_logs.empty())
      Warn(std::string(kRoot) +
           "no certificate-transparency log is listed: what the authorities issue in secret counts "
           "as much as what all can see");
  }

  void WarnOfParties(const trust::Trust& trust) {
    std::map<std::string, std::set<Kind>> kinds;
    for (const trust::TrustedKey& key : trust.keys())
      kinds[key.party].insert(key.kinds.begin(), key.kinds.end());
    for (const trust::TrustedIdentity& identity : trust.certificates().identities)
      kinds[identity.party].insert(identity.kinds.begin(), identity.kinds.end());
    for (const auto& [party, own] : kinds) {
      if (Trains(own) && AnyOf(own, {Kind::kDevice, Kind::kAllocation})) {
        Warn(Printable(party) +
             ": may sign runs and the devices that they use: it can state as "
             "much device time as it likes, and nobody counter-signs it");
      }
      if (AnyOf(own, {Kind::kPassport}) && AnyOf(own, {Kind::kVerdict}))
        Warn(Printable(party) + ": may sign passports, and verdicts about them");
    }
    trainers_.clear();
    for (const auto& [party, own] : kinds) {
      if (Trains(own)) trainers_.insert(party);
    }
  }

  void WarnOfLog(const trust::TrustedLog& log) {
    const std::string name = "log " + Printable(log.origin);
    if (log.operator_party.empty()) {
      Warn(name +
           ": nobody is named who runs it, so that no verdict can say that it is the lab's "
           "own: `operator` in logs.toml");
    } else if (trainers_.contains(log.operator_party)) {
      Warn(
          fmt::format("{}: {}, which signs runs, runs it: it proves order only against "
                      "checkpoints that others have (pins/)",
                      name, Printable(log.operator_party)));
    }
    const bool in_force =
        std::any_of(log.keys.begin(), log.keys.end(), [this](const trust::TrustedLogKey& key) {
          return key.sizes.IsGiven() ? !key.sizes.until : key.dates.Contains(now_);
        });
    if (!in_force) Warn(name + ": none of its keys is in force now");
  }

  const std::string& folder_;
  const TimestampMs now_;
  std::set<std::string> trainers_;
  TrustReport report_;
};

}  // namespace

Result<TrustReport> CheckTrust(const std::string& folder, TimestampMs now) {
  CARNET_TRY_VOID(trust::ListNames(folder));
  return TrustCheck(folder, now).Check();
}

}  // namespace carnet::pipeline
