// A new project: key pair, trust directory, perhaps a ledger, and the carnet.toml that names them.
// All of it is made, or nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/signer_id.h"
#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "crypto/secret_bytes.h"
#include "merkle/signed_note.h"
#include "schemas/kind.h"
#include "signer/file_key.h"

namespace carnet::pipeline {

enum class Role { kLab, kCloud, kHub, kAuditor };

struct RoleRow {
  Role role;
  std::string_view name;                 // also of its key's files
  std::span<const schemas::Kind> kinds;  // that its key is listed for
  bool own_ledger;                       // unless another is named
};
std::span<const RoleRow> Roles();
const RoleRow& RowOf(Role role);
std::optional<Role> ParseRole(std::string_view name);

struct NewProject {
  Role role;
  std::string folder;  // made if absent; what stands above it exists
  std::string party;   // a plain name (trust/plain_name.h)
  std::string party_name = {};
  std::string ledger = {};                 // of another project, as seen from here; empty: none
  std::optional<std::string> origin = {};  // of a ledger of its own; absent: none is made
  bool own_devices = false;                // its key is listed for the machines that it has itself
};

// Fresh keys, and the passwords that they are written under; null: not encrypted.
struct NewKeys {
  const crypto::P256PrivateKey& key;
  const crypto::SecretBytes* password;
  signer::KeyFileRandomness randomness;
  const crypto::Ed25519PrivateKey& ledger_key;  // used if a ledger is made
  const crypto::SecretBytes* ledger_password;
};

struct MadeProject {
  std::vector<std::string> made;  // paths, carnet.toml last
  SignerId signer;
  std::optional<merkle::NoteKey> log;  // of the ledger made or named
};

// What InitProject refuses before it makes anything. Errors: conflict, malformed.
Result<> CheckFree(const NewProject& project);

// Errors: conflict (something is there already, named), malformed (party, origin), not_found, io,
// corruption (of the ledger named).
Result<MadeProject> InitProject(const NewProject& project, const NewKeys& keys);

}  // namespace carnet::pipeline
