#include "trust/add_key.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "core/file.h"
#include "core/utf8.h"
#include "crypto/wiped_text.h"
#include "sigstore/key_file.h"
#include "trust/load_parties.h"
#include "trust/load_trust.h"
#include "trust/party_text.h"
#include "trust/toml_text.h"

namespace carnet::trust {
namespace {

Error PrivateKeyGiven(const std::string& path) {
  return Rejected(path +
                  ": a private key, which belongs in no trust directory and in nobody "
                  "else's hands: give the public key (.pub)");
}

Result<> CheckNotListed(const std::string& folder, const std::vector<PartyFile>& files,
                        const KeyId& id) {
  for (const PartyFile& file : files) {
    for (const ListedKey& listed : file.party.keys) {
      CARNET_TRY(const auto key, ReadKeyFile(folder + "/" + listed.file));
      if (key.id() != id) continue;
      return Conflict(fmt::format(
          "{} is listed already: {} of {}, in {}/{}; what else it may sign "
          "goes into its `kinds` there",
          SignerId(id).ToString(), listed.file, Quoted(file.party.name), folder, file.file));
    }
  }
  return Ok();
}

Result<> CheckListing(const std::string& folder, const KeyListing& listing) {
  const auto empty = [](const auto& window) {
    return window.from && window.until && !(*window.from < *window.until);
  };
  if (empty(listing.dates)) return Malformed("the key's dates end before they begin");
  if (listing.sizes.empty()) return Ok();
  CARNET_TRY(const auto logs, ReadTrustedLogs(folder));
  for (const auto& [name, window] : listing.sizes) {
    const std::string& origin = name;  // a lambda may not take a binding
    const bool known = std::any_of(logs.begin(), logs.end(),
                                   [&](const TrustedLog& log) { return log.origin == origin; });
    if (!known)
      return Malformed(
          fmt::format("{}/{}: has no log {}", folder, kTrustedRootFile, Quoted(origin)));
    if (empty(window)) return Malformed("the key's tree sizes end before they begin");
  }
  return Ok();
}

struct KeyFile {
  std::string name;
  bool exists;  // left by a call that was interrupted
};

Result<KeyFile> KeyFileFor(const std::string& folder, const std::string& party_file,
                           const std::string& pem) {
  const std::string stem = party_file.substr(0, party_file.size() - std::string(".toml").size());
  for (size_t i = 1;; ++i) {
    const std::string name = stem + (i == 1 ? "" : "-" + std::to_string(i)) + ".pub";
    const std::string path = folder + "/" + name;
    if (!PathExists(path)) return KeyFile{name, false};
    const auto present = ReadFile(path, sigstore::kMaxKeyFileBytes);
    if (present && *present == pem) return KeyFile{name, true};
  }
}

}  // namespace

Result<crypto::P256PublicKey> ReadPublicKeyFile(const std::string& path) {
  constexpr std::string_view kMark = "PRIVATE KEY";
  // Up to here even a key without a password shows only its label and its kind.
  constexpr uint64_t kLabelBytes = 64;
  CARNET_TRY(const std::string label, ReadFilePrefix(path, kLabelBytes));
  if (label.find(kMark) != label.npos) return PrivateKeyGiven(path);
  CARNET_TRY(std::string text, ReadFile(path, sigstore::kMaxKeyFileBytes));
  const crypto::WipedText pem(std::move(text));
  if (pem.text().find(kMark) != std::string::npos) return PrivateKeyGiven(path);
  return ReadKeyFile(path);
}

std::string KeyBlock(const KeyListing& listing, const std::string& key_file) {
  std::string text = "[[key]]\nfile = " + TomlString(key_file) + "\n";
  if (!listing.name.empty()) text += "name = " + TomlString(listing.name) + "\n";
  text += KindsLine(listing.kinds) + DateLines(listing.dates);
  const auto size = [](const std::optional<uint64_t>& value) {
    return value ? std::to_string(*value) : "";
  };
  for (const auto& [origin, window] : listing.sizes) {
    text += "[[key.sizes]]\norigin = " + TomlString(origin) + "\n" +
            WindowLines(size(window.from), size(window.until));
  }
  return text;
}

Result<AddedKey> AddKey(const std::string& folder, const crypto::P256PublicKey& key,
                        const KeyListing& listing) {
  if (!PathExists(folder)) return NotFound(folder + ": no such folder");
  CARNET_TRY_VOID(CheckListing(folder, listing));
  const std::string parties = folder + "/parties";
  CARNET_TRY(const FileDescriptor lock, LockParties(parties));
  CARNET_TRY(const auto files, ReadParties(parties));
  CARNET_TRY_VOID(CheckNotListed(parties, files, key.id()));
  CARNET_TRY(const std::string party_file, PartyFileOf(listing.party, files));
  const std::string pem = sigstore::WritePublicKey(key.spki());
  CARNET_TRY(const KeyFile key_file, KeyFileFor(parties, party_file, pem));
  const std::string party_path = parties + "/" + party_file;
  const std::string key_path = parties + "/" + key_file.name;
  const bool new_party = !PathExists(party_path);
  if (!key_file.exists) CARNET_TRY_VOID(WriteFileAtomic(key_path, pem, Overwrite::kForbid));
  const auto written = AppendBlock(party_path, listing.party, KeyBlock(listing, key_file.name));
  if (!written) {
    if (!key_file.exists) ::unlink(key_path.c_str());
    return written.error();
  }
  return AddedKey{SignerId(key.id()), party_path, key_path, new_party};
}

}  // namespace carnet::trust
