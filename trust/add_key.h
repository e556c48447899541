// Lists a public key in a trust directory, as somebody would by hand: a `[[key]]` at the end of its
// party's file, and the key beside it. Everything else in the file stays as it is.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/result.h"
#include "core/signer_id.h"
#include "crypto/ecdsa.h"
#include "trust/trust.h"

namespace carnet::trust {

struct KeyListing {
  std::string party;
  std::set<schemas::Kind> kinds;                 // at least one
  std::string name = {};                         // of the key within the party; may be empty
  DateWindow dates = {};                         // whole days, UTC
  std::map<std::string, SizeWindow> sizes = {};  // by the log's origin
};

// The public key in a PEM file. Of a file that begins as a private key nothing more is read.
// Errors: rejected (a private key), not_found, io, malformed, unsupported, with the path.
Result<crypto::P256PublicKey> ReadPublicKeyFile(const std::string& path);

struct AddedKey {
  SignerId signer;
  std::string party_file;  // paths
  std::string key_file;
  bool new_party;
};

// Requires texts that are UTF-8 without the characters that S4 refuses. The directory exists; it
// need not load, as the first key of a new one is listed here too. Nothing is changed on an error:
//   conflict   the key is listed already, with this party or another
//   malformed  a party file that cannot be read or continued; a new party's id that is no file
//              name; a window that is empty; sizes of a log that is not in trusted_root.json
//   not_found, io
Result<AddedKey> AddKey(const std::string& folder, const crypto::P256PublicKey& key,
                        const KeyListing& listing);

// The text that lists it. Requires as AddKey.
std::string KeyBlock(const KeyListing& listing, const std::string& key_file);

}  // namespace carnet::trust
