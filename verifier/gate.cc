#include "verifier/gate.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/utf8.h"
#include "schemas/readers.h"
#include "trust/load_trust.h"
#include "verifier/beside_passport.h"
#include "verifier/bundle/read_passport.h"
#include "verifier/bundle/verify.h"
#include "verifier/bundle/vouched_lines.h"
#include "verifier/claims.h"
#include "verifier/compute/verify.h"
#include "verifier/identity/verify.h"
#include "verifier/lineage/coverings.h"
#include "verifier/lineage/verify.h"
#include "verifier/policy/verify.h"
#include "verifier/row_text.h"
#include "verifier/signing_party.h"

namespace carnet::verifier {
namespace {

bool AllHaveSigners(const PassportFile& file) {
  return std::all_of(file.attestations.begin(), file.attestations.end(),
                     [](const Attestation& each) { return each.signer.has_value(); });
}

bool AllHavePlaces(const PassportFile& file) {
  return std::all_of(file.attestations.begin(), file.attestations.end(),
                     [](const Attestation& each) { return each.place.has_value(); });
}

// The judgement of one passport: the rules in their order, then the rows in theirs.
class Judgement {
 public:
  Judgement(const trust::Trust& trust, const policy::Policy& policy,
            const compute::Catalogue& chips, const compute::WeightNames& names,
            const artifact::ModelFiles& model, TimestampMs now,
            const std::vector<StatementId>& unlogged, const Beside& beside)
      : trust_(trust),
        policy_(policy),
        chips_(chips),
        names_(names),
        model_(model),
        now_(now),
        unlogged_(unlogged),
        beside_(beside) {}

  Verdict Judge(std::string_view passport, unsigned threads) {
    JudgeLines(passport, threads);
    if (all_read_) root_ = lineage::FindRoot(file_.lines, model_, findings_);
    if (all_read_) {
      for (const Statement& line : file_.lines) lineage::CheckOmsRoot(line, findings_);
    }
    files_.emplace(model_, root_ != nullptr ? lineage::NotCoveredOf(*root_) : model_.leaves_out);
    if (root_ != nullptr) {
      lineage::CheckLeftOut(*root_, *files_, findings_);
      lineage::CheckStatedFiles(file_.lines, model_, *files_, findings_);
      CheckSignatureBeside();
    }
    AddRow(RowId::kModel, root_ != nullptr, AllNeeds(18), RowStatus::kPass,
           ModelText(model_, *files_) + agrees_);
    AddLineRows();
    AddLineageRows();
    AddComputeRow();
    AddUnjudgedRow(RowId::kCustody, CustodyRow(file_));
    AddUnjudgedRow(RowId::kHardware, HardwareRow(file_));
    AddPolicyRow();
    Describe();
    return std::move(verdict_);
  }

 private:
  // R18, of what lies beside the passport.
  void CheckSignatureBeside() {
    if (!beside_.signature) return;
    const std::string name(artifact::kModelSignatureFile);
    SignatureBeside found = CompareSignature(*beside_.signature, model_, *files_, trust_, now_);
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

  // R1-R17
  void JudgeLines(std::string_view passport, unsigned threads) {
    file_ = bundle::ReadPassport(passport, threads, findings_);
    file_.unlogged = unlogged_;
    all_read_ = findings_.MayJudge(18);
    bundle::VerifySignatures(file_, trust_, now_, threads, findings_);
    bundle::VerifyLogEntries(file_, trust_, now_, threads, findings_);
    lineage::VerifyOrder(file_, trust_, now_, threads, findings_);
    identity::VerifyIdentity(file_, trust_, now_, findings_);
  }

  // "not judged, because an earlier check failed: signatures, R7"
  std::string NotJudged(RuleSet needs) const {
    const auto stopped_by = findings_.FirstOf(needs);
    if (!stopped_by) return "not judged, because an earlier check failed";
    return fmt::format("not judged, because an earlier check failed: {}, R{}",
                       RowName(RuleOf(*stopped_by).row), *stopped_by);
  }

  // `needs` are the rules that must have passed for the row to be judged.
  void AddRow(RowId row, bool judged, RuleSet needs, RowStatus status, std::string text) {
    if (findings_.HasRow(row)) {
      status = RowStatus::kFail;
      text = findings_.FirstOn(row);
    } else if (!judged) {
      status = RowStatus::kNotChecked;
      text = NotJudged(needs);
    }
    verdict_.rows.push_back({std::string(RowName(row)), status, Printable(text, kMaxMessageBytes)});
  }

  void AddLineRows() {
    const RuleSet entries = RuleSet::Range(1, 11);
    const bool signers = all_read_ && AllHaveSigners(file_);
    const bool places = signers && AllHavePlaces(file_);
    AddRow(RowId::kSignatures, all_read_, AllNeeds(18), RowStatus::kPass, SignaturesText(file_));
    AddRow(RowId::kLog, places, entries, RowStatus::kPass, LogText(file_));
    AddRow(RowId::kIdentity, places, entries, RowStatus::kPass, IdentityText(file_));
  }

  // Whether every line is signed and logged and one of them is the root: what R19 rests on.
  bool IsAuthentic() const { return root_ != nullptr && findings_.MayJudge(19); }

  void AddUnjudgedRow(RowId row, Row found) {
    AddRow(row, IsAuthentic(), AllNeeds(19), found.status, std::move(found.text));
  }

  void AddLineageRows() {
    lineage::Outcome lineage{RowStatus::kNotChecked, {}, {}};
    lineage::TimeOutcome time{RowStatus::kNotChecked, ""};
    const bool judged = IsAuthentic();
    if (judged) {
      lineage = lineage::VerifyLineage(
          file_.lines, *root_, findings_,
          [this](const Statement& line) { return SpeakerOfLine(file_, line); });
      time = lineage::VerifyTime(file_.lines, now_, findings_);
      if (time.status == RowStatus::kPass) {
        time.text = bundle::TimesText(bundle::CountVouched(file_, trust_, now_));
      }
    }
    verdict_.only_with_base = lineage.only_with_base;
    AddRow(RowId::kLineage, judged, AllNeeds(19), lineage.status, lineage.text);
    AddRow(RowId::kTime, judged, AllNeeds(29), time.status, time.text);
  }

  void AddComputeRow() {
    // Sums over an incomplete closure would be refused a second time for the same gaps.
    const bool judged = root_ != nullptr && findings_.MayJudge(30);
    compute::Outcome compute;
    if (judged) {
      time_.emplace(file_.lines, chips_, PartiesIn(file_));
      const compute::Counting counting = policy::CountingOf(policy_);
      compute = compute::VerifyCompute(file_.lines, *root_, model_, chips_, names_,
                                       {counting, *time_}, findings_);
      lower_bound_ = compute.lower_bound;
      verdict_.parameter_update = compute.parameter_update;
      verdict_.cumulative = compute.cumulative;
    }
    AddRow(RowId::kCompute, judged, AllNeeds(30), compute.status, compute.text);
  }

  // Facts are stated only about what holds: after an earlier failure R38 has nothing to judge.
  void AddPolicyRow() {
    const bool judged = root_ != nullptr && findings_.MayJudge(38);
    policy::Outcome policy{RowStatus::kNotChecked, "", {}, {}};
    if (judged) {
      policy = policy::VerifyPolicy(file_.lines, *root_, policy_, verdict_.rows,
                                    {*time_, lower_bound_}, findings_);
      verdict_.thresholds = std::move(policy.facts);
      verdict_.level = std::move(policy.level);
    }
    AddRow(RowId::kPolicy, judged, AllNeeds(38), policy.status, std::move(policy.text));
  }

  // Lists whose length the given model decides.
  static std::vector<std::string> Bounded(std::vector<std::string> list) {
    const size_t size = list.size();
    if (size > kMaxFindings) {
      list.resize(kMaxFindings);
      list.push_back(fmt::format("… and {} more", size - kMaxFindings));
    }
    for (std::string& item : list) item = Printable(item, kMaxMessageBytes);
    return list;
  }

  void Describe() {
    const bool pass = findings_.empty() && verdict_.rows.back().status == RowStatus::kPass;
    verdict_.decision = pass ? Decision::kPass : Decision::kFail;
    verdict_.findings = findings_.Sorted();
    verdict_.findings_total = findings_.total();
    std::vector<std::string> not_checked = NotChecked(file_, trust_, model_, *files_);
    not_checked.insert(not_checked.end(), beside_notes_.begin(), beside_notes_.end());
    verdict_.not_checked = Bounded(std::move(not_checked));
    std::vector<std::string> warnings = model_.warnings;
    for (const std::string& pickle : model_.executable_pickles) {
      warnings.push_back("executable pickle: " + pickle);
    }
    verdict_.warnings = Bounded(std::move(warnings));
    verdict_.model = files_->digest();
    verdict_.attestations = file_.lines.size();
    verdict_.policy_id = policy_.id;
    verdict_.policy_digest = policy_.digest;
    verdict_.included = policy_.included;
    for (const auto& [of, digest] : chips_.own()) verdict_.chips.push_back({of, digest});
    verdict_.at = policy_.at;
    verdict_.now = now_;
    if (root_ == nullptr) return;
    verdict_.passport = root_->id;
    verdict_.model_name =
        Printable(schemas::TextOf(schemas::ReaderOf<wire::Passport>(root_->predicate).getName()));
    const auto& position = file_.Of(*root_).position;
    for (const LogView& view : file_.views) {
      if (position && view.log == position->log) verdict_.checkpoint = view.checkpoint;
    }
  }

  const trust::Trust& trust_;
  const policy::Policy& policy_;
  const compute::Catalogue& chips_;
  const compute::WeightNames& names_;
  const artifact::ModelFiles& model_;
  const TimestampMs now_;
  const std::vector<StatementId>& unlogged_;
  const Beside& beside_;

  std::string agrees_;
  std::vector<std::string> beside_notes_;
  Findings findings_;
  PassportFile file_;
  bool all_read_ = false;  // no line was refused by R1-R3
  const Statement* root_ = nullptr;
  std::optional<artifact::CoveredFiles> files_;  // as the root covers them, where there is one
  std::optional<compute::TimeBound> time_;       // once compute is judged, which policy rests on
  bool lower_bound_ = false;                     // as compute found
  Verdict verdict_;
};

// A trust directory's own hub-default is part of every policy that is judged with it: a stricter
// one cannot be avoided by choosing another policy.
Result<policy::Policy> EffectivePolicy(const policy::Policy& chosen, const trust::Trust& trust) {
  if (trust.hub_default().empty()) return chosen;
  constexpr std::string_view kName = "policies/hub-default.toml";
  CARNET_TRY(const policy::Policy own, policy::ReadPolicy(trust.hub_default(), kName, chosen.at));
  if (own.id != "hub-default") return Malformed(std::string(kName) + ": id: expected hub-default");
  return own.digest == chosen.digest ? chosen : policy::Including(chosen, own);
}

}  // namespace

Result<compute::Catalogue> CatalogueFor(const trust::Trust& trust) {
  CARNET_TRY(compute::Catalogue catalogue, compute::ShippedCatalogue());
  if (!trust.chips().empty()) {
    CARNET_TRY_VOID(catalogue.Add(trust.chips(), trust::kChipsFile, "trust"));
  }
  return catalogue;
}

Result<Verdict> Gate::Check(std::string_view passport, const artifact::ModelFiles& model,
                            TimestampMs now, const Beside& beside) const {
  return Judge(passport, {}, model, now, beside);
}

Result<Verdict> Gate::CheckClaims(std::string_view claims, const artifact::ModelFiles& model,
                                  TimestampMs now, const Beside& beside) const {
  auto selected = SelectClaims(claims, model, trust_, now);
  if (!selected) return selected.error().In(std::string(artifact::kClaimsFile));
  CARNET_TRY(Verdict verdict, Check(selected->passport, model, now, beside));
  for (const std::string& others : selected->others) {
    verdict.not_checked.push_back(
        Printable(fmt::format("{}: {}", artifact::kClaimsFile, others), kMaxMessageBytes));
  }
  return verdict;
}

Result<Verdict> Gate::CheckUnlogged(std::string_view passport,
                                    const std::vector<StatementId>& unlogged,
                                    const artifact::ModelFiles& model, TimestampMs now) const {
  return Judge(passport, unlogged, model, now, {});
}

Result<Verdict> Gate::Judge(std::string_view passport, const std::vector<StatementId>& unlogged,
                            const artifact::ModelFiles& model, TimestampMs now,
                            const Beside& beside) const {
  CARNET_TRY(const policy::Policy policy, EffectivePolicy(policy_, trust_));
  CARNET_TRY(compute::WeightNames names, compute::ShippedWeightNames());
  names.Add(policy.weight_names);
  const auto judge = [&](const compute::Catalogue& chips) {
    return Judgement(trust_, policy, chips, names, model, now, unlogged, beside)
        .Judge(passport, threads_);
  };
  if (chips_ != nullptr) return judge(*chips_);
  CARNET_TRY(const compute::Catalogue chips, CatalogueFor(trust_));
  return judge(chips);
}

}  // namespace carnet::verifier
