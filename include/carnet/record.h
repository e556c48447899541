// Recording: keys, attestations, training runs, passports. Link carnet::record.
// Drafts are JSON: predicates without a head (docs/formats.md); what Carnet knows better is added
// to them. The clock is the caller's: `now`. A nonce is 32 random lowercase hex digits; if it is
// empty, one is drawn.
#pragma once

#include <carnet/digest.h>
#include <carnet/export.h>
#include <carnet/ledger.h>
#include <carnet/result.h>
#include <carnet/verify.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carnet {

// A private P-256 key. Copies share it; the last one wipes it. Safe from several threads.
class CARNET_API Key {
 public:
  // cosign's encrypted PEM, or PKCS#8, encrypted or not. Errors, with the path: io, not_found,
  // malformed, rejected (wrong password), unsupported; the password's own.
  static Result<Key> Load(const std::string& path, const Password& password = {});
  static Result<Key> Load(const std::string& path, const std::string& password);
  // Writes `<prefix>.key`, encrypted in cosign's format, and `<prefix>.pub`.
  // Errors: conflict (either exists), io.
  static Result<Key> Generate(const std::string& prefix, const std::string& password);

  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key();

  std::string id() const;          // as in statements: key:<hex SHA-256 of the SPKI>
  std::string public_key() const;  // PEM

 private:
  friend struct Internals;
  struct State;
  explicit Key(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

struct Attestation {
  std::string statement;  // id
  uint64_t index;
  std::string bundle;  // with its receipt
};

// Signs and logs one statement. `kind`: dataset, device, allocation, run, segment, completion or
// passport. For a data set, `files` adds what is known about its files. A repeated call with the
// same nonce returns the statement that is logged already.
// Errors: malformed (kind, draft, nonce), conflict (the nonce is used, with other content), and as
// Ledger::Append.
CARNET_API Result<Attestation> Attest(const Ledger& ledger, const Key& key, std::string_view kind,
                                      std::string_view draft, Time now, std::string_view nonce = "",
                                      const std::optional<Model>& files = std::nullopt);

// What was taken from where, and what is not known, is in the notes.
struct FilledDraft {
  std::string draft;  // JSON
  std::vector<std::string> notes;
};

// Signs what a gate said as an SLSA verification summary about the model (docs/formats.md), and
// logs it, for those who trust this key and need not judge again. A no is signed as one. The
// verdict is the caller's word: nothing is judged again. Errors: rejected (it names no passport for
// the model under a checkpoint, so it would be about nothing), malformed (a field that no gate
// wrote so), and as Ledger::Append.
CARNET_API Result<Attestation> AttestVerdict(const Ledger& ledger, const Key& key,
                                             const Verdict& verdict);

struct RecordedStep {
  std::string step;       // run, segment-<lane>-<seq>, completion
  std::string statement;  // id
  uint64_t index;
  bool repeated;  // it was already signed and logged
};

struct RunState {
  std::string outcome;                      // not opened, open, completed, aborted
  std::string run;                          // statement id; empty before it is opened
  std::string completion;                   // statement id; empty before it is closed
  std::vector<uint64_t> segments;           // recorded, per lane
  std::vector<uint64_t> next_steps;         // per lane: where it goes on; 0 without a segment
  std::vector<std::string> unlogged_steps;  // signed, no receipt yet: repeat the call
};

// One training run, driven from inside the job. Its state is in the run directory: a job that
// crashes continues where it stopped, no step is signed twice, and a repeated call returns what was
// recorded. For one thread. Keeps key and ledger alive.
class CARNET_API RunRecorder {
 public:
  // Errors: conflict (another recorder), io.
  static Result<RunRecorder> Open(const std::string& run_directory, const Key& key,
                                  const Ledger& ledger);

  RunRecorder(RunRecorder&&) noexcept;
  RunRecorder& operator=(RunRecorder&&) noexcept;
  ~RunRecorder();

  // The drafts of `carnet run` without a file: `given` is JSON with what the caller states, which
  // goes before what is at hand; of a step that was recorded before, the draft that it was recorded
  // with. FillRun adds the revision of the code in the working directory, `inputs` and `initial`;
  // FillSegment adds where the lane's last segment ended, the time, all planned devices, and the
  // figures of `flop`, computed from what is given of them, else of all parameters as trained.
  // Errors: malformed (given; what nobody said, field by field), conflict (recorded with other
  // values), not_found (no run is open), and the ledger's.
  Result<FilledDraft> FillRun(std::string_view given, Time now) const;
  Result<FilledDraft> FillSegment(std::string_view given, uint64_t lane, const Model& checkpoint,
                                  Time now) const;

  // Errors of all four: malformed (draft), conflict (recorded with another draft, or closed),
  // rejected (another key's or ledger's run), not_found (no run is open), and as Ledger::Append.
  Result<RecordedStep> OpenRun(std::string_view draft, Time now, std::string_view nonce = "");
  Result<RecordedStep> Segment(std::string_view draft, uint64_t lane, const Model& checkpoint,
                               Time now);
  // Also errors: rejected (the model is not what the last segments ended with).
  Result<RecordedStep> Complete(std::string_view draft, const Model& model, Time now);
  Result<RecordedStep> Abort(std::string_view reason, Time now);

  // Where the files of the last step are, so that `carnet check` finds them. Errors: io.
  Result<> RememberFiles(const std::string& absolute_path);

  // Needs neither key nor ledger. Errors: not_found, io, malformed, corruption.
  static Result<RunState> ReadState(const std::string& run_directory);

 private:
  struct State;
  explicit RunRecorder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct IssuedPassport {
  std::string statement;  // id
  std::string passport;   // JSON Lines
  Verdict verdict;
};

// Collects what the completion refers to, signs and logs the passport, and checks the file with the
// gate before it is handed out. `parents` are models that it was trained from: their tensors show
// which of its own are frozen. Errors: malformed (draft, id), not_found (a statement is not in this
// ledger), conflict, rejected (the gate's first finding; parents of which no statement of a parent
// of the run states a tensor root; nothing is handed out).
CARNET_API Result<IssuedPassport> IssuePassport(const Ledger& ledger, const Key& key,
                                                const Gate& gate, const Model& model,
                                                std::string_view draft, std::string_view completion,
                                                Time now, const std::vector<Model>& parents = {});

}  // namespace carnet
