// The files in hand, as each passport covers them (S5): the gate reads every file, and only the
// passport says which of them its model digest is over. Private to verifier/. For one thread.
#pragma once

#include <map>
#include <optional>

#include "artifact/covered_files.h"
#include "core/digests.h"
#include "core/not_covered.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::lineage {

// Against work: each way costs a digest over the list of files. Honest passports of one lineage
// have one or two.
inline constexpr size_t kMaxCoverings = 16;

class Coverings {
 public:
  // `model` must outlive it.
  explicit Coverings(const artifact::ModelFiles& model);

  // Of the files that the passport covers; absent: there are none. Requires a passport that R3
  // accepted. After kMaxCoverings different ones also absent: `exhausted` says so.
  std::optional<ModelDigest> DigestUnder(const Statement& passport);
  bool exhausted() const { return exhausted_; }

 private:
  const artifact::ModelFiles& model_;
  NotCovered present_;  // patterns that match any file
  std::map<NotCovered, std::optional<ModelDigest>> digests_;
  bool exhausted_ = false;
};

// What the passport leaves out. Requires one that R3 accepted.
NotCovered NotCoveredOf(const Statement& passport);

}  // namespace carnet::verifier::lineage
