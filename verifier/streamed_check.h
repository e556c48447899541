// StreamedCheck: a passport that is judged while the files of its model arrive: its lines when it
// is made, each file as far as the passport states it, and everything once all are there. Made by
// Gate::Open. One thread at a time may judge; what stated() returns is thread safe.
#pragma once

#include <optional>
#include <string>

#include "artifact/model_files.h"
#include "core/timestamp.h"
#include "verifier/judgement.h"
#include "verifier/measure.h"
#include "verifier/stated_files.h"
#include "verifier/verdict.h"

namespace carnet::verifier {

enum class Refusals {
  kEarly,     // as soon as no file that may still arrive can make it good
  kAtTheEnd,  // with everything that is wrong, as Gate::Check finds it
};

class StreamedCheck {
 public:
  StreamedCheck(JudgedLines lines, MeasureParts parts, TimestampMs now, Refusals refusals);
  StreamedCheck(const StreamedCheck&) = delete;
  StreamedCheck& operator=(const StreamedCheck&) = delete;

  // The verdict where no files could make the passport good (Judgement::JudgeWithoutFiles). Never
  // with Refusals::kAtTheEnd.
  const std::optional<Verdict>& refused() const { return refused_; }
  // What the passport states; null with Refusals::kAtTheEnd, and where it is refused already.
  const StatedFiles* stated() const { return stated_ ? &*stated_ : nullptr; }

  Verdict Refuse(Finding finding) const;
  // The same for a reason that has nothing to do with what the passport states: "x is there more
  // than once".
  Verdict RefuseFiles(const std::string& what) const;
  // The verdict of Gate::Check.
  Verdict Judge(const artifact::ModelFiles& model) const;

 private:
  Measure measure() const { return parts_.At(now_); }

  const JudgedLines lines_;
  const MeasureParts parts_;
  const TimestampMs now_;
  std::optional<Verdict> refused_;
  std::optional<StatedFiles> stated_;
};

}  // namespace carnet::verifier
