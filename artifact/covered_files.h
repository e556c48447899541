// Which of a model's files its digest covers, under the patterns that a passport states (S5).
// Values in, values out. Thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/manifest.h"
#include "artifact/model_files.h"
#include "core/digests.h"
#include "core/not_covered.h"
#include "core/result.h"

namespace carnet::artifact {

// Against what may be hidden there: more than documents and pictures of a model ever are.
inline constexpr size_t kMaxLeftOutFiles = 1'000;
inline constexpr uint64_t kMaxLeftOutBytes = 64 << 20;

class CoveredFiles {
 public:
  // `model`, which must outlive it, under `patterns`. Says only which files are left out by name:
  // CheckLeftOut says whether they may be.
  CoveredFiles(const ModelFiles& model, NotCovered patterns);
  CoveredFiles(CoveredFiles&&) noexcept = default;  // a span into a vector survives its move

  std::span<const FileEntry> files() const { return files_; }           // sorted; may be empty
  const std::optional<ModelDigest>& digest() const { return digest_; }  // absent: no files
  uint64_t bytes() const { return bytes_; }                             // of those
  const std::vector<FileEntry>& left_out() const { return left_out_; }  // sorted

  // Errors: rejected, naming the file: its content is not what its name promises; its path differs
  // only in case or normalisation from that of a covered file, or from a folder of one; limits; no
  // file is covered.
  Result<> CheckLeftOut() const;

 private:
  Result<> CheckCollisions() const;

  std::vector<FileEntry> kept_;  // where any file is left out
  std::span<const FileEntry> files_;
  std::vector<FileEntry> left_out_;
  std::vector<const LeavableFile*> reasons_;  // of those
  std::optional<ModelDigest> digest_;
  uint64_t bytes_ = 0;
};

// The model as it is recorded under `patterns`: its digest no longer covers what they match.
// Errors: as CheckLeftOut.
Result<ModelFiles> LeaveOut(ModelFiles model, NotCovered patterns);

}  // namespace carnet::artifact
