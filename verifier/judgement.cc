#include "verifier/judgement.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/utf8.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/beside_passport.h"
#include "verifier/bundle/read_passport.h"
#include "verifier/bundle/verify.h"
#include "verifier/bundle/vouched_lines.h"
#include "verifier/compute/verify.h"
#include "verifier/identity/verify.h"
#include "verifier/lineage/coverings.h"
#include "verifier/lineage/verify.h"
#include "verifier/policy/verify.h"
#include "verifier/row_text.h"
#include "verifier/signing_party.h"

namespace carnet::verifier {
namespace {

constexpr int kLastRuleWithoutFiles = 34;

bool AllHaveSigners(const PassportFile& file) {
  return std::all_of(file.attestations.begin(), file.attestations.end(),
                     [](const Attestation& each) { return each.signer.has_value(); });
}

bool AllHavePlaces(const PassportFile& file) {
  return std::all_of(file.attestations.begin(), file.attestations.end(),
                     [](const Attestation& each) { return each.place.has_value(); });
}

// Lists whose length the given model decides.
std::vector<std::string> Bounded(std::vector<std::string> list) {
  const size_t size = list.size();
  if (size > kMaxFindings) {
    list.resize(kMaxFindings);
    list.push_back(fmt::format("… and {} more", size - kMaxFindings));
  }
  for (std::string& item : list) item = Printable(item, kMaxMessageBytes);
  return list;
}

std::vector<std::string> WarningsOf(const artifact::ModelFiles& model) {
  std::vector<std::string> warnings = model.warnings;
  for (const std::string& pickle : model.executable_pickles) {
    warnings.push_back("executable pickle: " + pickle);
  }
  return warnings;
}

}  // namespace

JudgedLines JudgeLines(std::string_view passport, const trust::Trust& trust, TimestampMs now,
                       unsigned threads, const std::vector<StatementId>& unlogged) {
  JudgedLines lines;
  Findings& findings = lines.findings;
  lines.file = bundle::ReadPassport(passport, threads, findings);
  lines.file.unlogged = unlogged;
  lines.all_read = findings.MayJudge(18);
  bundle::VerifySignatures(lines.file, trust, now, threads, findings);
  bundle::VerifyLogEntries(lines.file, trust, now, threads, findings);
  lineage::VerifyOrder(lines.file, trust, now, threads, findings);
  identity::VerifyIdentity(lines.file, trust, now, findings);
  return lines;
}

Judgement::Judgement(const JudgedLines& lines, const Measure& measure)
    : measure_(measure), file_(lines.file), all_read_(lines.all_read), findings_(lines.findings) {}

Verdict Judgement::Judge(const artifact::ModelFiles& model, const Beside& beside) {
  model_ = &model;
  if (all_read_) root_ = lineage::FindRoot(file_.lines, model, findings_);
  if (all_read_) {
    for (const Statement& line : file_.lines) lineage::CheckOmsRoot(line, findings_);
  }
  files_.emplace(model, root_ != nullptr ? lineage::NotCoveredOf(*root_) : model.leaves_out);
  if (root_ != nullptr) {
    lineage::CheckLeftOut(*root_, *files_, findings_);
    lineage::CheckStatedFiles(file_.lines, model, *files_, findings_);
    CheckSignatureBeside(beside);
  }
  AddRows();
  return std::move(verdict_);
}

std::optional<Verdict> Judgement::JudgeWithoutFiles() {
  if (all_read_) {
    for (const Statement& line : file_.lines) lineage::CheckOmsRoot(line, findings_);
    root_ = lineage::LikelyRoot(file_.lines);
    if (root_ == nullptr) {
      findings_.Add({{18, RejectReason::kOtherModel},
                     "no passport statement is enclosed",
                     {},
                     {},
                     "check that the file is a passport"});
    }
  }
  AddRows();
  if (findings_.empty()) return std::nullopt;
  return std::move(verdict_);
}

Verdict Judgement::Refuse(Finding finding) {
  findings_.Add(std::move(finding));
  AddRows();
  return std::move(verdict_);
}

void Judgement::AddRows() {
  AddModelRow();
  AddLineRows();
  AddLineageRows();
  if (model_ != nullptr) {
    AddComputeRow();
  } else {
    AddFiguresRow();
  }
  AddUnjudgedRow(RowId::kCustody, CustodyRow(file_));
  AddUnjudgedRow(RowId::kHardware, HardwareRow(file_));
  AddPolicyRow();
  Describe();
}

// R18, of what lies beside the passport.
void Judgement::CheckSignatureBeside(const Beside& beside) {
  if (!beside.signature) return;
  const std::string name(artifact::kModelSignatureFile);
  SignatureBeside found =
      CompareSignature(*beside.signature, *model_, *files_, measure_.trust, measure_.now);
  switch (found.status) {
    case SignatureStatus::kAgrees:
      agrees_ = "; " + found.text;
      beside_notes_ = std::move(found.notes);
      return;
    case SignatureStatus::kNotChecked:
      beside_notes_.push_back(name + ": not checked: it " + found.text);
      return;
    case SignatureStatus::kDiffers:
      findings_.Add({{18, RejectReason::kMisstatedFiles},
                     name + " " + found.text,
                     {},
                     {},
                     "sign the files as they are, or remove " + name});
  }
}

// "not judged, because an earlier check failed: signatures, R7"
std::string Judgement::NotJudged(RuleSet needs) const {
  const auto stopped_by = findings_.FirstOf(needs);
  if (!stopped_by) return "not judged, because an earlier check failed";
  return fmt::format("not judged, because an earlier check failed: {}, R{}",
                     RowName(RuleOf(*stopped_by).row), *stopped_by);
}

// `needs` are the rules that must have passed for the row to be judged.
void Judgement::AddRow(RowId row, bool judged, RuleSet needs, RowStatus status, std::string text) {
  if (findings_.HasRow(row)) {
    status = RowStatus::kFail;
    text = findings_.FirstOn(row);
  } else if (!judged) {
    status = RowStatus::kNotChecked;
    text = NotJudged(needs);
  }
  verdict_.rows.push_back({std::string(RowName(row)), status, Printable(text, kMaxMessageBytes)});
}

void Judgement::AddModelRow() {
  if (model_ == nullptr) {
    return AddRow(RowId::kModel, true, {}, RowStatus::kNotChecked,
                  "not judged: the files have not all arrived");
  }
  AddRow(RowId::kModel, root_ != nullptr, AllNeeds(18), RowStatus::kPass,
         ModelText(*model_, *files_) + agrees_);
}

void Judgement::AddLineRows() {
  const RuleSet entries = RuleSet::Range(1, 11);
  const bool signers = all_read_ && AllHaveSigners(file_);
  const bool places = signers && AllHavePlaces(file_);
  AddRow(RowId::kSignatures, all_read_, AllNeeds(18), RowStatus::kPass, SignaturesText(file_));
  AddRow(RowId::kLog, places, entries, RowStatus::kPass, LogText(file_));
  AddRow(RowId::kIdentity, places, entries, RowStatus::kPass, IdentityText(file_));
}

// Whether every line is signed and logged and one of them is the root: what R19 rests on.
bool Judgement::IsAuthentic() const { return root_ != nullptr && findings_.MayJudge(19); }

void Judgement::AddUnjudgedRow(RowId row, Row found) {
  AddRow(row, IsAuthentic(), AllNeeds(19), found.status, std::move(found.text));
}

void Judgement::AddLineageRows() {
  lineage::Outcome lineage{RowStatus::kNotChecked, {}, {}};
  lineage::TimeOutcome time{RowStatus::kNotChecked, ""};
  const bool judged = IsAuthentic();
  if (judged) {
    lineage = lineage::VerifyLineage(file_.lines, *root_, findings_, [this](const Statement& line) {
      return SpeakerOfLine(file_, line);
    });
    time = lineage::VerifyTime(file_.lines, measure_.now, findings_);
    if (time.status == RowStatus::kPass) {
      time.text = bundle::TimesText(bundle::CountVouched(file_, measure_.trust, measure_.now));
    }
  }
  verdict_.only_with_base = lineage.only_with_base;
  AddRow(RowId::kLineage, judged, AllNeeds(19), lineage.status, lineage.text);
  AddRow(RowId::kTime, judged, AllNeeds(29), time.status, time.text);
}

void Judgement::AddComputeRow() {
  // Sums over an incomplete closure would be refused a second time for the same gaps.
  const bool judged = root_ != nullptr && findings_.MayJudge(30);
  compute::Outcome compute;
  if (judged) {
    time_.emplace(file_.lines, measure_.chips, PartiesIn(file_));
    const compute::Counting counting = policy::CountingOf(measure_.policy);
    compute = compute::VerifyCompute(file_.lines, *root_, *model_, measure_.chips, measure_.names,
                                     {counting, *time_}, findings_);
    lower_bound_ = compute.lower_bound;
    verdict_.parameter_update = compute.parameter_update;
    verdict_.cumulative = compute.cumulative;
  }
  AddRow(RowId::kCompute, judged, AllNeeds(30), compute.status, compute.text);
}

// R30-R34, which look at no file: R35 is judged of no weights, and what it finds is dropped.
void Judgement::AddFiguresRow() {
  const bool judged = root_ != nullptr && findings_.MayJudge(30);
  if (judged) {
    const artifact::ModelFiles none{{}, *statements::ModelOf(*root_), {}, {}, {}, 0};
    compute::TimeBound time(file_.lines, measure_.chips, PartiesIn(file_));
    const compute::Counting counting = policy::CountingOf(measure_.policy);
    Findings found;
    compute::VerifyCompute(file_.lines, *root_, none, measure_.chips, measure_.names,
                           {counting, time}, found);
    for (Finding& finding : found.Sorted()) {
      if (finding.rule() <= kLastRuleWithoutFiles) findings_.Add(std::move(finding));
    }
  }
  AddRow(RowId::kCompute, judged, AllNeeds(30), RowStatus::kNotChecked,
         "not judged: the files have not all arrived");
}

// Facts are stated only about what holds: after an earlier failure R38 has nothing to judge.
void Judgement::AddPolicyRow() {
  const bool judged = model_ != nullptr && root_ != nullptr && findings_.MayJudge(38);
  policy::Outcome policy{RowStatus::kNotChecked, "", {}, {}};
  if (judged) {
    policy = policy::VerifyPolicy(file_.lines, *root_, measure_.policy, verdict_.rows,
                                  {*time_, lower_bound_}, findings_);
    verdict_.thresholds = std::move(policy.facts);
    verdict_.level = std::move(policy.level);
  }
  AddRow(RowId::kPolicy, judged, AllNeeds(38), policy.status, std::move(policy.text));
}

void Judgement::Describe() {
  const bool pass =
      model_ != nullptr && findings_.empty() && verdict_.rows.back().status == RowStatus::kPass;
  verdict_.decision = pass ? Decision::kPass : Decision::kFail;
  verdict_.findings = findings_.Sorted();
  verdict_.findings_total = findings_.total();
  std::vector<std::string> not_checked = NotChecked(file_, measure_.trust);
  if (model_ == nullptr) {
    not_checked.emplace_back("the model: it was refused before all of its files had arrived");
  } else {
    std::vector<std::string> uncovered = UncoveredFiles(*model_, *files_);
    not_checked.insert(not_checked.end(), uncovered.begin(), uncovered.end());
    not_checked.insert(not_checked.end(), beside_notes_.begin(), beside_notes_.end());
    verdict_.warnings = Bounded(WarningsOf(*model_));
    verdict_.model = files_->digest();
  }
  verdict_.not_checked = Bounded(std::move(not_checked));
  verdict_.attestations = file_.lines.size();
  verdict_.policy_id = measure_.policy.id;
  verdict_.policy_digest = measure_.policy.digest;
  verdict_.included = measure_.policy.included;
  for (const auto& [of, digest] : measure_.chips.own()) verdict_.chips.push_back({of, digest});
  verdict_.at = measure_.policy.at;
  verdict_.now = measure_.now;
  if (root_ == nullptr) return;
  verdict_.passport = root_->id;
  verdict_.model_name =
      Printable(schemas::TextOf(schemas::ReaderOf<wire::Passport>(root_->predicate).getName()));
  const auto& position = file_.Of(*root_).position;
  for (const LogView& view : file_.views) {
    if (position && view.log == position->log) verdict_.checkpoint = view.checkpoint;
  }
}

}  // namespace carnet::verifier
