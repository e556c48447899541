// A small world for tests about passports: keys of named parties, logs in memory, models in
// memory, what a hub trusts, and a story: statements in the order in which they are made and
// logged. Issue() tells the story anew each time, so that an edit of one statement is followed by
// all that rest on it, re-signed and re-logged. For one thread.
//
// A statement is a draft in JSON, as `carnet attest` takes it, in which a whole string may be a
// placeholder:
//   @NAME             id of the statement of that name, which comes earlier
//   @id:NAME          its subject `id` (of a run)
//   @key:NAME         signer id of a key; @identity:NAME an identity of the same bytes
//   @person:ADDRESS  signer id of that identity (certified.h)
//   @sha:TEXT         SHA-256 of the text
//   @model:NAME       digest of the model of that name; @files:NAME, @roots:NAME its lists,
//                     @leaves:NAME the leaves of its weight sets
//   @seen, @seen:N    checkpoint of the statement's log now, or at size N
//   @after:NAME       S10, of the statement of that name
//   @tokens:RUN, @flop:RUN   sums over the run's segments; "undisclosed" where one is
//   @update, @total   a passport's own two numbers (S9), recomputed here
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/model_files.h"
#include "schemas/kind.h"
#include "sigstore/bundle.h"
#include "tests/support/certified.h"
#include "tests/support/drafts.h"
#include "tests/support/memory_log.h"
#include "verifier/gate.h"

namespace carnet::test {

// A draft that is not a statement, or one that the signer does not sign: what Issue throws instead
// of signing it.
struct RefusedDraft : std::runtime_error {
  RefusedDraft(const std::string& name, const std::string& why)
      : std::runtime_error(name + ": " + why), statement(name) {}
  std::string statement;  // its name
};

using TextEdit = std::function<void(std::string&)>;
using BundleEdit = std::function<void(sigstore::Bundle&)>;

struct Statement {
  std::string name;
  schemas::Kind kind;
  std::string draft;
  std::string key;  // name of the key that signs
  std::string log = "main";
  uint64_t created;  // ms
  std::string nonce;
  std::string model = {};  // of a verdict: name of the model that it is about
  bool enclosed = true;
  size_t times_logged = 1;
  size_t entry_shown = 0;                       // of those
  std::optional<Certification> certified = {};  // signed with a certificate for `key`
  std::optional<Certification> stamped = {};    // of a key's own line: with a time stamp

  // What only an attacker does, in the order in which it happens.
  TextEdit edit_payload = {};    // before it is signed
  BundleEdit edit_signed = {};   // before it is logged
  TextEdit edit_body = {};       // the leaf
  bool logged_late = false;      // after everything else
  BundleEdit edit_receipt = {};  // before it is written as a line
};

struct KeyTrust {
  std::string party;
  std::set<schemas::Kind> kinds;
  trust::DateWindow dates = {};
  std::unordered_map<std::string, trust::SizeWindow> sizes = {};  // by origin
};

inline constexpr uint64_t kMinuteMs = 60'000;
inline constexpr uint64_t kDayMs = 24 * 60 * kMinuteMs;

class World {
 public:
  // Keys lab and lab.2 (of party lab), lab2, cloud, hub; the log "main" of origin ledger.example.
  World();

  // Appended to the story, created at `clock`, which advances by a second. The reference is valid
  // until the next removal.
  Statement& Add(std::string name, schemas::Kind kind, std::string draft, std::string key);
  Statement& At(std::string_view name);
  void Remove(std::string_view name);
  void MoveToFront(std::string_view name);
  // Edits of a draft: JSON pointer (RFC 6901), value in JSON. A missing last key is added.
  void Set(std::string_view name, std::string_view pointer, std::string_view json);
  void Drop(std::string_view name, std::string_view pointer);

  MemoryLog& AddLog(const std::string& name, const std::string& origin);
  MemoryLog& log(const std::string& name = "main") { return logs.at(name); }
  const artifact::ModelFiles& model(const std::string& name);

  // The passport file. Ids and indices below are those of the last call.
  std::string Issue();
  StatementId IdOf(const std::string& name) const { return ids.at(name); }
  std::string HexIdOf(const std::string& name) const;

  trust::Trust MakeTrust() const;
  // By hub-default, or `policy_toml`, about `given`, at `now`.
  verifier::Verdict Judge(std::string_view passport, unsigned threads = 1) const;
  verifier::Verdict Judge() { return Judge(Issue()); }

  std::deque<Statement> story;
  std::map<std::string, MemoryLog> logs;
  std::map<std::string, artifact::ModelFiles> models;  // made at first mention
  std::map<std::string, StatementId> ids;
  std::map<std::string, uint64_t> indices;  // the first, of one logged twice
  uint64_t clock;                           // ms
  TextEdit edit_file = {};                  // an attacker's, last of all

  std::map<std::string, KeyTrust> trusted_keys;  // by name of the key
  trust::CertificateTrust certificates = {};
  std::set<std::string> untrusted_logs;
  std::map<std::string, std::vector<merkle::Checkpoint>> pins;  // by name of the log
  std::map<std::string, std::string> operators;                 // by name of the log
  std::map<std::string, TimestampMs> log_expiry;  // by name of the log: its first key's last date

  std::optional<artifact::ModelFiles> given;  // the model in front of the hub
  std::string policy_toml = {};               // empty: hub-default
  std::string own_hub_default = {};           // of the trust directory; empty: none
  uint64_t now;                               // ms
};

// Replaces the only occurrence of `from`; gives up unless there is exactly one.
TextEdit Replacing(std::string from, std::string to);
std::vector<std::string> LinesOf(std::string_view passport);  // without LF
std::string Joined(const std::vector<std::string>& lines);

}  // namespace carnet::test
