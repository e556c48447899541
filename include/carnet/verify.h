// Checks a model's passport, offline: no network, no clock, no database; values in, verdict out.
// Link carnet::verify, which contains nothing that signs, stores or serves.
//
//   Trust    whose keys count, for what, until when     Policy   thresholds, dated
//   Model    the files at hand (<carnet/digest.h>)      Gate     judges a passport by all three
//
// Trust, Policy and Gate are values: copies share state, never change, and are safe from several
// threads. A Gate keeps what it was made from.
#pragma once

#include <carnet/digest.h>
#include <carnet/export.h>
#include <carnet/result.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carnet {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;  // in the years 1970 to 9999

// The system's clock, for callers: nothing in these libraries reads it.
inline Time Now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class CARNET_API Trust {
 public:
  // Reads a trust directory (docs/formats.md). Errors, naming the file: not_found, io, malformed,
  // unsupported (a key's type), rejected (a pinned checkpoint that the log's keys did not sign).
  static Result<Trust> Load(const std::string& folder);

  const std::string& folder() const;  // as it was given to Load

  Trust(const Trust&) = default;
  Trust& operator=(const Trust&) = default;
  ~Trust();

 private:
  friend struct Internals;
  struct State;
  explicit Trust(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

class CARNET_API Policy {
 public:
  // `at` is the date for which its thresholds are judged.
  // Errors: not_found (no policy of that id is shipped).
  static Result<Policy> Shipped(std::string_view id, Time at);
  // Errors: not_found, io, malformed, naming file, key and line.
  static Result<Policy> Load(const std::string& path, Time at);
  // As `carnet verify --policy`: a file that ends in .toml, else `policies/<name>.toml` in
  // the trust directory if that exists, else a shipped policy. Errors: of both.
  static Result<Policy> Find(const std::string& name, const std::string& trust, Time at);
  static std::vector<std::string> ShippedIds();

  Policy(const Policy&) = default;
  Policy& operator=(const Policy&) = default;
  ~Policy();

  const std::string& id() const;
  const std::string& title() const;
  const std::string& sha256() const;  // of the file's bytes, hex

 private:
  friend struct Internals;
  struct State;
  explicit Policy(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

// A chip catalogue (docs/formats.md): peaks of accelerators, which bound what a run can have
// computed. Without one, a gate takes the shipped catalogue with what the trust directory adds.
class CARNET_API Chips {
 public:
  // The same with what this file adds, which goes before both. Errors: not_found, io, malformed,
  // naming file, line and column.
  static Result<Chips> Load(const std::string& path, const Trust& trust);

  Chips(const Chips&) = default;
  Chips& operator=(const Chips&) = default;
  ~Chips();

 private:
  friend struct Internals;
  struct State;
  explicit Chips(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

enum class Decision { kPass, kFail };

struct Row {
  std::string name;    // model, signatures, log, identity, lineage, time, compute, custody, …
  std::string status;  // pass, fail, undisclosed, unattested, not applicable, not checked
  std::string text;    // what was found, in words
};

struct Finding {  // a rule that failed
  int rule;       // 1 to 40: docs/rules.md
  std::string reason;
  std::string anchor;     // of the reason in docs/rules.md; stable
  std::string message;    // names field and both values
  std::string hint;       // what would resolve it; may be empty
  std::string statement;  // id of the one it is about, hex; may be empty
  uint64_t line;          // of the passport, from 1; 0 if it is about none
};

struct Threshold {  // of the policy, as a fact
  std::string policy;
  std::string id;
  std::string state;   // met, not met, undisclosed, not in force
  std::string why;     // what decided it: lower-bound, upper-bound, stated, undisclosed-term,
                       // unattested-figure, unknown-device-time, unexplained-device-time,
                       // not-in-force
  std::string lower;   // decimal: no less was done
  std::string stated;  // decimal; if a lower bound, the part that is disclosed
  std::string upper;   // decimal: no more can have been done; empty: unknown
  bool lower_bound;
  std::string bounds;      // in words, with who counter-signed the device time
  std::string comparison;  // > or >=
  std::string limit;       // decimal
  std::string rule;        // the text's own words for it
  std::string status;      // in force, guidance, proposed, rescinded
  std::string source;
};

struct FlopSum {
  std::string amount;  // decimal: sums go beyond 64 bits
  bool lower_bound;    // a term is undisclosed or missing
};

struct TreeHead {  // of the log, as the passport shows it
  std::string origin;
  uint64_t size;
  std::string root;  // hex
};

struct IncludedPolicy {  // with the one asked for: the trust directory's own hub-default
  std::string id;
  std::string sha256;  // of the file's bytes, hex
};

struct OwnChips {      // a chip catalogue that went before the shipped one
  std::string of;      // whose: trust (the trust directory's), caller
  std::string sha256;  // of the file's bytes, hex
};

struct CARNET_API Verdict {
  Decision decision = Decision::kFail;
  std::string reason;  // of the first finding; empty on a pass
  std::vector<Row> rows;
  std::vector<Finding> findings;  // by rule; at most 100
  uint64_t findings_total = 0;
  std::vector<Threshold> thresholds;
  int level = 0;                     // 0 to 5 (docs/levels.md); 0 where a rule before policy failed
  std::string level_name;            // none, stated, complete, counter-signed, …
  std::vector<std::string> missing;  // to the next level, in words
  std::vector<std::string> not_checked;  // what no rule examines
  std::vector<std::string> warnings;

  std::string passport;  // statement id; empty if the file has none for this model
  std::string model;     // digest of the files that were read
  std::string name;      // as the passport states it
  // Of an adapter: the digest of the model that it only works with, or "undisclosed"; else empty.
  std::string only_with_base;
  uint64_t attestations = 0;
  std::optional<TreeHead> checkpoint;
  std::optional<FlopSum> parameter_update;
  std::optional<FlopSum> cumulative;

  std::string policy;
  std::string policy_sha256;
  std::vector<IncludedPolicy> included;
  std::vector<OwnChips> chips;  // each before those that stand before it
  Time at;                      // the policy's date
  Time now;                     // as it was given

  bool passed() const { return decision == Decision::kPass; }
  // The document that `carnet verify --json` prints (docs/formats.md).
  std::string ToJson() const;
  // What `carnet verify` prints, for people: lines, the decision is the last.
  std::string ToText() const;
};

// Where a model's passport is when nobody says so: a file `*.passport.sigstore.jsonl` at the top of
// its folder, or `<model>.passport.sigstore.jsonl` beside it; where there is neither,
// `claims.jsonl` at the top of the folder. Errors: not_found (none), conflict (several, and a
// choice among them would be the model's), io.
CARNET_API Result<std::string> FindPassport(const std::string& model);

class CARNET_API Gate {
 public:
  // `threads` read and verify the lines; with 1, no thread is started.
  Gate(const Trust& trust, const Policy& policy, unsigned threads = 1);
  Gate(const Trust& trust, const Policy& policy, const Chips& chips, unsigned threads = 1);

  Gate(const Gate&) = default;
  Gate& operator=(const Gate&) = default;
  ~Gate();

  // Whatever is wrong with the passport or the model is Decision::kFail; an error is "could not
  // tell", never a "no". The hub-default of the trust directory, where it has its own, is part of
  // every policy. Errors: malformed (of that one, or of the directory's own chips.csv).
  Result<Verdict> Check(std::string_view passport, const Model& model, Time now) const;
  // The same of the passport among the lines of claims.jsonl, the file of all statements of anybody
  // about a model; Verdict::not_checked names the lines that are no part of it. Also errors:
  // not_found (no line is a passport), conflict (several count, and the caller has to choose).
  Result<Verdict> CheckClaims(std::string_view claims, const Model& model, Time now) const;
  // The same for a file; of one called claims.jsonl as CheckClaims. Also errors: not_found, io.
  Result<Verdict> CheckFile(const std::string& passport, const Model& model, Time now) const;
  // What `carnet verify` does: reads the model at a path, takes the passport that FindPassport
  // finds where none is named, and compares a signature of OpenSSF Model Signing in the model's
  // folder with it, which only this call knows of. Also errors: those of FindPassport and
  // Model::Read, whose `rejected` is a no to the model's files themselves.
  Result<Verdict> CheckModel(const std::string& model, Time now, const std::string& passport = "",
                             const ModelOptions& options = {}) const;

 private:
  friend struct Internals;
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace carnet
