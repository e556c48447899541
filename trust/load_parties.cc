#include "trust/load_parties.h"

#include <fmt/core.h>

#include "core/closest.h"
#include "core/file.h"
#include "core/utf8.h"
#include "sigstore/key_file.h"
#include "trust/folder.h"
#include "trust/listed_identity.h"
#include "trust/toml_table.h"

namespace carnet::trust {
namespace {

Result<std::optional<TimestampMs>> ReadDate(const TomlTable& table, std::string_view key) {
  CARNET_TRY(const auto text, table.OptionalText(key));
  if (!text) return std::optional<TimestampMs>();
  const auto date = ParseDate(*text);
  if (!date) return table.Refuse(key, "must be a date, YYYY-MM-DD");
  return std::optional(*date);
}

// A key lies beside the file that lists it, and nowhere else.
bool IsBareName(std::string_view name) {
  return !name.starts_with('.') && name.find('/') == name.npos && name != "README.md" &&
         !name.ends_with(".toml");
}

Result<std::set<schemas::Kind>> ReadKinds(const TomlTable& table) {
  CARNET_TRY(const auto names, table.Texts("kinds"));
  std::set<schemas::Kind> kinds;
  for (const std::string& name : names) {
    const auto kind = schemas::ParseKindName(name);
    if (!kind) {
      return table.Refuse("kinds", fmt::format("unknown kind {}{}", Quoted(name),
                                               DidYouMeanOf(name, schemas::KindNames())));
    }
    if (!kinds.insert(*kind).second) return table.Refuse("kinds", name + " appears more than once");
  }
  return kinds;
}

// What is said of keys and identities alike, but for the party.
Result<TrustedSigner> ReadSigner(const TomlTable& table) {
  TrustedSigner key;
  CARNET_TRY(const auto name, table.OptionalText("name"));
  key.name = name.value_or("");
  CARNET_TRY(key.kinds, ReadKinds(table));
  CARNET_TRY(key.dates.from, ReadDate(table, "from"));
  CARNET_TRY(key.dates.until, ReadDate(table, "until"));
  CARNET_TRY(const auto sizes, table.Tables("sizes"));
  for (const TomlTable& window : sizes) {
    CARNET_TRY_VOID(window.OnlyKeys({"origin", "from", "until"}));
    CARNET_TRY(const std::string origin, window.Text("origin"));
    SizeWindow in_force;
    CARNET_TRY(in_force.from, window.OptionalUnsigned("from"));
    CARNET_TRY(in_force.until, window.OptionalUnsigned("until"));
    if (!key.sizes.emplace(origin, in_force).second) {
      return window.Refuse("origin", "appears more than once for one key");
    }
    if (!in_force.IsGiven()) return window.Refuse("origin", "has neither from nor until");
  }
  return key;
}

Result<ListedKey> ReadListedKey(const TomlTable& table) {
  CARNET_TRY_VOID(table.OnlyKeys({"file", "name", "kinds", "from", "until", "sizes"}));
  CARNET_TRY(const std::string file, table.Text("file"));
  if (!IsBareName(file)) {
    return table.Refuse("file", "must be the name of a key file in this folder");
  }
  CARNET_TRY(TrustedSigner signer, ReadSigner(table));
  return ListedKey{file, std::move(signer.name), std::move(signer.kinds), signer.dates,
                   std::move(signer.sizes)};
}

// Null: which logs are trusted is not known, as their files are not in order.
using Origins = const std::set<std::string>*;

Result<> CheckOrigins(const std::string& where,
                      const std::unordered_map<std::string, SizeWindow>& sizes, Origins origins) {
  for (const auto& [origin, window] : sizes) {
    if (origins != nullptr && !origins->contains(origin)) {
      return Malformed(fmt::format("{}: tree sizes of \"{}\", which is not a trusted log", where,
                                   Printable(origin)));
    }
  }
  return Ok();
}

Result<TrustedKey> LoadKey(const std::string& folder, const Party& party, ListedKey listed,
                           Origins origins) {
  const std::string path = folder + "/" + listed.file;
  CARNET_TRY_VOID(CheckOrigins(path, listed.sizes, origins));
  CARNET_TRY(crypto::P256PublicKey key, ReadKeyFile(path));
  return TrustedKey{std::move(key),          party.name,   std::move(listed.name),
                    std::move(listed.kinds), listed.dates, std::move(listed.sizes)};
}

Result<Party> LoadParty(const std::string& path) {
  CARNET_TRY(const std::string text, ReadFile(path, kMaxTomlBytes));
  return ReadParty(text, path);
}

}  // namespace

Result<Party> ReadParty(std::string_view toml, std::string_view file) {
  CARNET_TRY(const TomlTable table, TomlTable::Parse(toml, file));
  CARNET_TRY_VOID(table.OnlyKeys({"party", "key", "identity"}));
  Party party;
  CARNET_TRY(party.name, table.Text("party"));
  CARNET_TRY(const auto keys, table.Tables("key"));
  for (const TomlTable& key : keys) {
    CARNET_TRY(ListedKey listed, ReadListedKey(key));
    party.keys.push_back(std::move(listed));
  }
  CARNET_TRY(const auto identities, table.Tables("identity"));
  for (const TomlTable& identity : identities) {
    CARNET_TRY_VOID(CheckIdentityKeys(identity));
    CARNET_TRY(TrustedSigner signer, ReadSigner(identity));
    signer.party = party.name;
    CARNET_TRY(TrustedIdentity listed, ReadListedIdentity(identity, std::move(signer)));
    party.identities.push_back(std::move(listed));
  }
  return party;
}

Result<crypto::P256PublicKey> ReadKeyFile(const std::string& path) {
  CARNET_TRY(const std::string pem, ReadFile(path, sigstore::kMaxKeyFileBytes));
  const auto spki = sigstore::ReadPublicKey(pem);
  if (!spki) return spki.error().In(path);
  auto key = crypto::P256PublicKey::ParseSpki(*spki);
  if (!key) return key.error().In(path);
  return key;
}

Result<std::vector<PartyFile>> ReadParties(const std::string& folder) {
  CARNET_TRY(const auto names, ListNames(folder));
  std::vector<PartyFile> files;
  for (const std::string& name : names) {
    if (!name.ends_with(".toml")) continue;
    CARNET_TRY(Party party, LoadParty(folder + "/" + name));
    files.push_back({name, std::move(party)});
  }
  return files;
}

LoadedParties LoadParties(const std::string& folder, Origins origins, Errors& errors) {
  LoadedParties loaded;
  const size_t before = errors.size();
  const auto names = ValueOrNote(ListNames(folder), errors);
  if (!names) return loaded;
  std::set<std::string> parties, key_files;
  for (const std::string& name : *names) {
    if (!name.ends_with(".toml")) continue;
    const std::string path = folder + "/" + name;
    auto party = ValueOrNote(LoadParty(path), errors);
    if (!party) continue;
    if (!parties.insert(party->name).second) {
      errors.push_back(
          Malformed(fmt::format("{}: party \"{}\" already has another file", path, party->name)));
    }
    for (ListedKey& listed : party->keys) {
      key_files.insert(listed.file);
      auto key = ValueOrNote(LoadKey(folder, *party, std::move(listed), origins), errors);
      if (key) loaded.keys.push_back(*std::move(key));
    }
    for (TrustedIdentity& identity : party->identities) {
      ValueOrNote(CheckOrigins(path + ": " + identity.ToString(), identity.sizes, origins), errors);
      loaded.identities.push_back(std::move(identity));
    }
  }
  // Of a party file that could not be read nobody knows which keys it names.
  const bool all_read = errors.size() == before;
  for (const std::string& name : *names) {
    const bool known = name.ends_with(".toml") || key_files.contains(name) || !all_read;
    if (!known) errors.push_back(UnknownFile(folder, name));
  }
  if (loaded.keys.empty() && loaded.identities.empty() && errors.size() == before) {
    errors.push_back(Malformed(folder + ": no party lists a key or an identity"));
  }
  return loaded;
}

}  // namespace carnet::trust
