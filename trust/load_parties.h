// parties/: one TOML file per party, with its identities; its public keys beside it. Private to
// trust/.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "trust/errors.h"
#include "trust/trust.h"

namespace carnet::trust {

// One key as a party's file lists it.
struct ListedKey {
  std::string file;  // bare name of a PEM file in the same folder
  std::string name;
  std::set<schemas::Kind> kinds;
  DateWindow dates;
  std::unordered_map<std::string, SizeWindow> sizes;
};

struct Party {
  std::string name;
  std::vector<ListedKey> keys;
  std::vector<TrustedIdentity> identities;
};

// `file` is the name in messages. Errors: malformed.
Result<Party> ReadParty(std::string_view toml, std::string_view file);

// A P-256 public key in PEM. Errors: not_found, io, malformed, unsupported, with the path.
Result<crypto::P256PublicKey> ReadKeyFile(const std::string& path);

struct PartyFile {
  std::string file;  // bare name
  Party party;
};
// The party files of a folder, in the order of their names; their keys are not read.
Result<std::vector<PartyFile>> ReadParties(const std::string& folder);

struct LoadedParties {
  std::vector<TrustedKey> keys;
  std::vector<TrustedIdentity> identities;
};

// All parties of the folder. `origins` are the logs that tree sizes may name; null: they are not
// known. What is wrong is added to `errors`, and reading goes on.
LoadedParties LoadParties(const std::string& folder, const std::set<std::string>* origins,
                          Errors& errors);

}  // namespace carnet::trust
