// Judgement: of one passport, the rules in their order, then the rows in theirs. The lines are
// judged by themselves, as they may be there before the files of the model are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/covered_files.h"
#include "artifact/model_files.h"
#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/compute/bounds.h"
#include "verifier/finding.h"
#include "verifier/measure.h"
#include "verifier/passport_file.h"
#include "verifier/verdict.h"

namespace carnet::verifier {

// What lies in the model's folder, if anything, and has to agree with the passport.
struct Beside {
  std::optional<std::string> signature = std::nullopt;  // model.sig: verifier/beside_passport.h
};

struct JudgedLines {
  PassportFile file;
  Findings findings;
  bool all_read = false;  // no line was refused by R1-R3
};

// R1-R17. `unlogged` as in Gate::CheckUnlogged.
JudgedLines JudgeLines(std::string_view passport, const trust::Trust& trust, TimestampMs now,
                       unsigned threads, const std::vector<StatementId>& unlogged);

// Gives one verdict, by one of the three calls that do.
class Judgement {
 public:
  // Both must outlive it.
  Judgement(const JudgedLines& lines, const Measure& measure);

  // All rules.
  Verdict Judge(const artifact::ModelFiles& model, const Beside& beside);

  // The rules that no file can satisfy any more: R1-R17 and the OpenSSF root of R18; R19-R34 about
  // the passport that no other line rests on, if R18 were to find its files. Absent where none of
  // them has failed: then the files decide.
  std::optional<Verdict> JudgeWithoutFiles();

  // What was found of files that have not all arrived.
  Verdict Refuse(Finding finding);

 private:
  void CheckSignatureBeside(const Beside& beside);
  std::string NotJudged(RuleSet needs) const;
  void AddRow(RowId row, bool judged, RuleSet needs, RowStatus status, std::string text);
  void AddRows();
  void AddModelRow();
  void AddLineRows();
  void AddUnjudgedRow(RowId row, Row found);
  void AddLineageRows();
  void AddComputeRow();
  void AddFiguresRow();
  void AddPolicyRow();
  void Describe();
  bool IsAuthentic() const;

  const Measure measure_;
  const PassportFile& file_;
  const bool all_read_;
  Findings findings_;
  const artifact::ModelFiles* model_ = nullptr;  // null: the files have not all arrived
  std::string agrees_;
  std::vector<std::string> beside_notes_;
  const Statement* root_ = nullptr;
  std::optional<artifact::CoveredFiles> files_;  // as the root covers them, where there is one
  std::optional<compute::TimeBound> time_;       // once compute is judged, which policy rests on
  bool lower_bound_ = false;                     // as compute found
  Verdict verdict_;
};

}  // namespace carnet::verifier
