// Recorder: what `carnet run` drives. Opens a run before training, records a segment per
// checkpoint, completes or aborts it (S10). State lives in a run directory
// (pipeline/run_journal.h): each step is signed once, wherever it crashes, and a repeated call with
// the same draft returns what was recorded.
//
// The recorder sets, and drafts may not state: in a run `seen`; in a segment `run`, `lane`, `seq`,
// `previous`, `after`, `model`, `tensor_roots`; in a completion `run`, `last`, `after`, `outcome`,
// `segments`, `tokens`, `flop`, `model`, `tensor_roots`, `run_id`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "artifact/model_files.h"
#include "core/digests.h"
#include "core/result.h"
#include "ledger/ledger.h"
#include "pipeline/attest.h"
#include "pipeline/draft.h"
#include "pipeline/run_journal.h"
#include "signer/signer.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

struct Recorded {
  std::string step;
  StatementId id;
  LeafIndex index;
  bool repeated;                        // it was already signed and logged
  std::vector<std::string> notes = {};  // as of Attested
  // Of a dry run: what would be signed now, at the next index of the ledger; null if `repeated`.
  std::shared_ptr<const sigstore::ParsedStatement> unsigned_statement = {};
};

struct RecorderOptions {
  OnFinding on_finding = OnFinding::kRefuse;
  bool dry_run = false;  // steps are prepared and judged; nothing is signed, logged or written
};

class Recorder {
 public:
  // `signer` and `ledger` must outlive the recorder. OpenRun makes the run directory if it is
  // absent. Errors: conflict (another recorder), io.
  static Result<std::unique_ptr<Recorder>> Open(const std::string& run_directory,
                                                const signer::Signer& signer,
                                                ledger::Ledger& ledger,
                                                const RecorderOptions& options = {});

  // Where the next draft comes from, such as its file; without it, drafts are called by their step:
  // "run", "segment", "completion".
  void NameDraft(DraftOrigin origin) { draft_origin_ = std::move(origin); }

  // Of a dry run: a device that is not logged, as nothing is, but would be by then.
  void Expect(const StatementId& device) { expected_ = device; }

  // Errors of all steps: malformed (draft), conflict (the step was recorded with another draft, or
  // the run is closed), rejected (the run is another key's or another ledger's; a step that
  // another key signed has no receipt yet), not_found (no run is open here), as Ledger::Append. A
  // chosen nonce that is not the open run's, or is another run's, is a conflict.
  Result<Recorded> OpenRun(std::string_view draft, const Moment& moment);
  // `checkpoint` is the files that the segment ends with. A draft and checkpoint equal to those of
  // a recorded segment of the lane mean that segment again; the same steps and checkpoint with
  // another draft are a conflict. With `seq` it is that segment of the lane which is meant, and no
  // other. Also rejected: steps that do not continue the lane's, without `weights_from` (R23); a
  // `seq` beyond the next one.
  Result<Recorded> Segment(std::string_view draft, uint64_t lane,
                           const artifact::ModelFiles& checkpoint, const Moment& moment,
                           std::optional<uint64_t> seq = {});
  // Also errors as CheckFinalModel (pipeline/final_model.h).
  Result<Recorded> Complete(std::string_view draft, const artifact::ModelFiles& model,
                            const Moment& moment);
  Result<Recorded> Abort(std::string_view reason, const Moment& moment);

  // Where the files of the last step are, for pipeline/check_run.h; nothing in a dry run. Requires
  // an open run. Errors: io.
  Result<> RememberFiles(const std::string& absolute_path);

 private:
  Recorder(std::string run_directory, std::unique_ptr<RunJournal> journal,
           const signer::Signer& signer, ledger::Ledger& ledger, const RecorderOptions& options);

  struct OpenedRun;
  struct Lanes;
  Result<OpenedRun> RequireRun();
  Result<std::optional<Recorded>> Repeated(const std::string& step, const std::string& request);
  struct NewSegment;
  Result<std::optional<Recorded>> NumberedSegment(const NewSegment& segment, uint64_t seq,
                                                  uint64_t count);
  Result<std::optional<Recorded>> RepeatedSegment(const NewSegment& segment,
                                                  std::optional<uint64_t> number, uint64_t count);
  Result<std::optional<Recorded>> EarlierSegment(const NewSegment& segment, uint64_t count);
  Result<Recorded> FinishLogging(const std::string& step, const sigstore::Bundle& signed_bundle);
  Result<Recorded> Log(const std::string& step, sigstore::ParsedStatement statement,
                       const Bytes& signature, bool repeated);
  Result<Recorded> Record(const std::string& step, const std::string& request,
                          schemas::Predicate predicate, const Moment& moment);
  Result<Recorded> RecordNewRun(const std::string& request, schemas::Predicate run,
                                const Moment& moment);
  Result<Recorded> Rehearsed(const std::string& step, Prepared prepared) const;
  Result<sigstore::Bundle> RequireLogged(const std::string& step);
  Result<Lanes> ReadLanes(const OpenedRun& run);
  Result<> SetLanes(const OpenedRun& run, const Lanes& lanes, schemas::Predicate& completion);

  Result<Draft> ParseDraft(std::string_view text, std::string_view step) const;

  std::string run_directory_;
  std::optional<DraftOrigin> draft_origin_;
  std::optional<StatementId> expected_;
  std::unique_ptr<RunJournal> journal_;  // null: there is no run directory yet
  const signer::Signer& signer_;
  ledger::Ledger& ledger_;
  RecorderOptions options_;
};

}  // namespace carnet::pipeline
