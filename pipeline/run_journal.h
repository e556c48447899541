// RunJournal: what a run directory remembers, so that a crashed job continues where it stopped and
// no step is ever signed twice. One folder:
//
//   lock                          one recorder at a time (flock)
//   <step>.request                canonical draft and model digest, to recognise a repeated call
//   <step>.signed.sigstore.json   signed bundle, durable before it is sent anywhere
//   <step>.sigstore.json          the same with its receipt: the step is done
//   checkpoint                    absolute path of the last segment's files: a convenience
//
// Steps: `run`, `segment-<lane>-<seq>` (decimal, lane and seq), `completion`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/file.h"
#include "core/result.h"
#include "sigstore/bundle.h"

namespace carnet::pipeline {

class RunJournal {
 public:
  // Takes the lock. Errors: not_found (no such folder), conflict (another recorder), io.
  static Result<std::unique_ptr<RunJournal>> Open(const std::string& folder);
  // The same, but makes the folder if it is absent.
  static Result<std::unique_ptr<RunJournal>> OpenOrCreate(const std::string& folder);
  // Without the lock, for reading while a recorder may be at work.
  static Result<std::unique_ptr<const RunJournal>> Peek(const std::string& folder);

  struct Step {
    std::string name;
    std::string request;
    sigstore::Bundle signed_bundle;          // perhaps not logged yet
    std::optional<sigstore::Bundle> logged;  // with receipt
  };

  // Errors: malformed, io, corruption (a file that its step needs is gone).
  Result<std::optional<Step>> Read(const std::string& step) const;
  // Its request alone; absent where the step is not signed. Errors: io.
  Result<std::optional<std::string>> ReadRequest(const std::string& step) const;
  Result<> WriteSigned(const std::string& step, const std::string& request,
                       const sigstore::Bundle& bundle);
  Result<> WriteLogged(const std::string& step, const sigstore::Bundle& bundle);

  // Where the files of the last segment are, for whoever checks the run. Errors: io; not_found.
  Result<> WriteCheckpointPath(const std::string& path);
  Result<std::string> ReadCheckpointPath() const;

  // The number of signed segments of the lane: its seqs from 0 without a gap.
  Result<uint64_t> SegmentCount(uint64_t lane) const;
  // Of each lane of the run. Errors: corruption (one before another is gone: what is summed or
  // shown of the run would be too little), io.
  Result<std::vector<uint64_t>> SegmentCounts(uint64_t lanes) const;

 private:
  RunJournal(std::string folder, FileDescriptor lock);
  std::string folder_;
  FileDescriptor lock_;
};

// Names of the steps.
inline constexpr char kRunStep[] = "run";
inline constexpr char kClosingStep[] = "completion";
std::string SegmentStep(uint64_t lane, uint64_t seq);

}  // namespace carnet::pipeline
