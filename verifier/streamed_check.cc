#include "verifier/streamed_check.h"

#include <utility>

#include "verifier/lineage/verify.h"

namespace carnet::verifier {

StreamedCheck::StreamedCheck(JudgedLines lines, MeasureParts parts, TimestampMs now,
                             Refusals refusals)
    : lines_(std::move(lines)), parts_(std::move(parts)), now_(now) {
  if (refusals == Refusals::kAtTheEnd) return;
  refused_ = Judgement(lines_, measure()).JudgeWithoutFiles();
  if (!refused_) stated_.emplace(*lineage::LikelyRoot(lines_.file.lines));
}

Verdict StreamedCheck::Refuse(Finding finding) const {
  return Judgement(lines_, measure()).Refuse(std::move(finding));
}

Verdict StreamedCheck::RefuseFiles(const std::string& what) const {
  if (stated_) return Refuse(stated_->Departs(what));
  return Refuse({{18, RejectReason::kOtherModel},
                 "the files are no model: " + what,
                 {},
                 {},
                 "send the files as published, each once and whole"});
}

Verdict StreamedCheck::Judge(const artifact::ModelFiles& model) const {
  return Judgement(lines_, measure()).Judge(model, {});
}

}  // namespace carnet::verifier
