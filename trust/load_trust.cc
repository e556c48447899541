#include "trust/load_trust.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/file.h"
#include "json/position.h"
#include "sigstore/trusted_material.h"
#include "trust/errors.h"
#include "trust/folder.h"
#include "trust/load_logs.h"
#include "trust/load_parties.h"
#include "trust/toml_table.h"

namespace carnet::trust {
namespace {

constexpr std::array<std::string_view, 6> kKnownNames = {kTrustedRootFile, "logs.toml", "pins",
                                                         "parties",        "policies",  kChipsFile};

template <typename Names>
bool Contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<> LoadPin(const std::string& path, std::vector<TrustedLog>& logs) {
  CARNET_TRY(const std::string note, ReadFile(path, merkle::kMaxNoteBytes));
  return AddPin(note, path, logs);
}

void LoadPins(const std::string& folder, std::vector<TrustedLog>& logs, Errors& errors) {
  const auto names = ValueOrNote(ListNames(folder), errors);
  if (!names) return;
  for (const std::string& name : *names) {
    if (!name.ends_with(".checkpoint")) {
      errors.push_back(UnknownFile(folder, name));
    } else {
      ValueOrNote(LoadPin(folder + "/" + name, logs), errors);
    }
  }
}

Result<> LoadLogNotes(const std::string& path, std::vector<TrustedLog>& logs) {
  CARNET_TRY(const std::string notes, ReadFile(path, kMaxTomlBytes));
  return ApplyLogNotes(notes, path, logs);
}

// Absent: there is no list of logs, so that nothing that names one can be judged.
std::optional<std::vector<TrustedLog>> LoadLogs(const std::string& folder,
                                                const std::vector<std::string>& names,
                                                Errors& errors) {
  auto logs = ValueOrNote(ReadTrustedLogs(folder), errors);
  if (!logs) return logs;
  if (Contains(names, "logs.toml")) {
    ValueOrNote(LoadLogNotes(folder + "/logs.toml", *logs), errors);
  }
  if (Contains(names, "pins")) LoadPins(folder + "/pins", *logs, errors);
  return logs;
}

Result<CertificateTrust> ReadCertificateTrust(const std::string& folder) {
  const std::string path = folder + "/" + std::string(kTrustedRootFile);
  CARNET_TRY(const std::string text, ReadFile(path, kMaxTrustedRootBytes));
  auto root = sigstore::ReadTrustedMaterial(text);
  if (!root) return json::InFile(path, text, root.error());
  return CertificateTrust{{},
                          std::move(root->certificate_authorities),
                          std::move(root->ct_logs),
                          std::move(root->timestamp_authorities)};
}

// Judged by the verifier: here it is text. Empty: there is none.
Result<std::string> LoadText(const std::string& folder, std::string_view name) {
  constexpr uint64_t kMaxBytes = 1 << 20;  // as the readers of either accept
  const std::string path = folder + "/" + std::string(name);
  if (!PathExists(path)) return std::string();
  CARNET_TRY(std::string text, ReadFile(path, kMaxBytes));
  if (text.empty()) return Malformed(path + ": is empty");
  return text;
}

// Absent exactly when there are errors.
std::optional<Trust> Load(const std::string& folder, Errors& errors) {
  const auto names = ValueOrNote(ListNames(folder), errors);
  if (!names) return std::nullopt;
  for (const std::string& name : *names) {
    if (!Contains(kKnownNames, name)) errors.push_back(UnknownFile(folder, name));
  }
  auto logs = LoadLogs(folder, *names, errors);
  std::set<std::string> origins;
  for (const TrustedLog& log : logs.value_or(std::vector<TrustedLog>())) origins.insert(log.origin);
  auto parties = LoadParties(folder + "/parties", logs ? &origins : nullptr, errors);
  // The file that has none of it was refused already, as that of the logs.
  Errors again;
  auto certificates = ValueOrNote(ReadCertificateTrust(folder), logs ? errors : again);
  auto hub_default = ValueOrNote(LoadText(folder, kHubDefaultFile), errors);
  auto chips = ValueOrNote(LoadText(folder, kChipsFile), errors);
  if (!errors.empty()) return std::nullopt;
  certificates->identities = std::move(parties.identities);
  auto trust = Trust::Create(std::move(parties.keys), *std::move(logs), *std::move(hub_default),
                             *std::move(chips), *std::move(certificates));
  if (!trust) trust = trust.error().In(folder);
  return ValueOrNote(std::move(trust), errors);
}

}  // namespace

Result<std::vector<TrustedLog>> ReadTrustedLogs(const std::string& folder) {
  const std::string path = folder + "/" + std::string(kTrustedRootFile);
  CARNET_TRY(const std::string root, ReadFile(path, kMaxTrustedRootBytes));
  return ReadLogs(root, path);
}

Result<Trust> LoadTrust(const std::string& folder) {
  Errors errors;
  auto trust = Load(folder, errors);
  if (!trust) return std::move(errors.front());
  return *std::move(trust);
}

std::vector<Error> FindTrustErrors(const std::string& folder) {
  Errors errors;
  Load(folder, errors);
  return errors;
}

}  // namespace carnet::trust
