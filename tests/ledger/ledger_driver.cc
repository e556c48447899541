#include "tests/ledger/ledger_driver.h"

#include "core/check.h"
#include "tests/support/test.h"

namespace carnet::test {

using ledger::Appended;
using ledger::Submission;

std::optional<std::vector<Appended>> Model::Append(const std::vector<Planned>& call) {
  const Model before = *this;
  std::vector<Appended> placed;
  for (const Planned& planned : call)
    if (!Place(planned, placed)) {
      *this = before;
      return std::nullopt;
    }
  return placed;
}

bool Model::Place(const Planned& planned, std::vector<Appended>& placed) {
  const SignerId signer = planned.submission.signer();
  const StatementId id = planned.submission.id();
  if (const auto known = attestations.find({id, signer}); known != attestations.end()) {
    placed.push_back({LeafIndex(known->second), true});
    return true;
  }
  const uint64_t index = leaves.size();
  const auto run = planned.run ? runs.find(*planned.run) : runs.end();
  if (run != runs.end() && run->second.count(signer) != 0) {
    const bool is_new = planned.lane_and_seq
                            ? segments.insert({{run->first, *planned.lane_and_seq}, index}).second
                            : completions.insert({run->first, index}).second;
    if (!is_new) return false;
  }
  if (planned.model) {
    const bool is_new = passports.insert({{signer, *planned.model}, index}).second;
    if (!is_new && !planned.supersedes) return false;
  }
  if (!planned.run_signers.empty()) runs.insert({id, planned.run_signers});
  attestations.insert({{id, signer}, index});
  statements.insert({id, index});
  leaves.push_back(ExpectedLeaf(planned.submission));
  placed.push_back({LeafIndex(index), false});
  return true;
}

LedgerDriver::LedgerDriver(uint32_t seed, rocksdb::Env* env) : world_(env), random_(seed) {
  BOOST_REQUIRE(TryReopen());
}

uint64_t LedgerDriver::Pick(uint64_t below) { return random_() % below; }

StatementMaker& LedgerDriver::AnyMaker() {
  switch (Pick(3)) {
    case 0:
      return world_.lab;
    case 1:
      return world_.site;
    default:
      return world_.stranger;
  }
}

std::vector<Planned> LedgerDriver::PlanCall() {
  std::vector<Planned> call;
  const uint64_t size = Pick(3) == 0 ? 1 + Pick(6) : 1;
  while (call.size() < size) call.push_back(PlanOne());
  return call;
}

Planned LedgerDriver::PlanOne() {
  StatementMaker& maker = AnyMaker();
  const uint64_t dice = Pick(20);
  if (dice < 3 && !made_.empty()) return made_[Pick(made_.size())];
  if (dice == 3) {
    const auto model = StatementMaker::ModelOf("judged");
    return {maker.Submit(maker.Verdict(model, Retag<StatementId>(model))), {}};
  }
  if (dice < 6 || runs_.empty()) {
    const SignerId lab(LabKey().public_key().id());
    const SignerId site(SiteKey().public_key().id());
    Submission run = world_.lab.Submit(world_.lab.Run({{site}, {}, {}}));
    runs_.push_back(run.id());
    made_.push_back({run, {lab, site}});
    return made_.back();
  }
  if (dice < 13) return PlanSegment(maker);
  if (dice < 15) {
    const StatementId run = runs_[Pick(runs_.size())];
    return {maker.Submit(maker.Completion(run, run)), {}, run};
  }
  if (dice < 17) return PlanPassport(maker);
  made_.push_back({maker.Submit(maker.Device()), {}});
  return made_.back();
}

Planned LedgerDriver::PlanSegment(StatementMaker& maker) {
  const StatementId run = runs_[Pick(runs_.size())];
  const uint64_t lane = Pick(2);
  const uint64_t seq = Pick(4);
  const std::optional<StatementId> previous = seq > 0 ? std::optional(run) : std::nullopt;
  made_.push_back(
      {maker.Submit(maker.Segment({run, lane, seq, previous})), {}, run, std::pair(lane, seq)});
  return made_.back();
}

Planned LedgerDriver::PlanPassport(StatementMaker& maker) {
  const std::string content = "weights " + std::to_string(Pick(4));
  const bool supersedes = Pick(2) == 0;
  const StatementId any = runs_[0];
  return {
      maker.Submit(maker.Passport(any, content, supersedes ? std::optional(any) : std::nullopt)),
      {},
      std::nullopt,
      std::nullopt,
      StatementMaker::ModelOf(content),
      supersedes};
}

bool LedgerDriver::AppendRandom() {
  CARNET_CHECK(ledger_ != nullptr);
  const std::vector<Planned> call = PlanCall();
  std::vector<Submission> submissions;
  for (const Planned& planned : call) submissions.push_back(planned.submission);
  const auto answer = ledger_->Append(submissions);
  if (unknown_) {
    CHECK_ERROR(answer, ErrorCode::kIo, "reopen the ledger");
    return false;
  }
  Model next = model_;
  const auto expected = next.Append(call);
  if (!answer && answer.error().code != ErrorCode::kConflict) {
    unknown_ = next;
    return false;
  }
  BOOST_REQUIRE_MESSAGE(answer.has_value() == expected.has_value(),
                        (answer ? "appended" : answer.error().message));
  if (!expected) {
    ++conflicts_;
    return true;
  }
  BOOST_REQUIRE_EQUAL(answer->size(), expected->size());
  for (size_t i = 0; i < answer->size(); ++i) {
    BOOST_REQUIRE((*answer)[i].index == (*expected)[i].index);
    BOOST_REQUIRE_EQUAL((*answer)[i].duplicate, (*expected)[i].duplicate);
    if ((*answer)[i].duplicate) ++duplicates_;
  }
  model_ = std::move(next);
  return true;
}

void LedgerDriver::Close() { ledger_.reset(); }

bool LedgerDriver::TryReopen() {
  ledger_.reset();
  auto opened = world_.TryOpen();
  if (!opened) return false;
  ledger_ = std::move(*opened);
  REQUIRE_VALUE(const auto reader, ledger_->Read());
  // What was acknowledged is present; a call that failed is present in full or not at all.
  if (unknown_ && reader->size().value() == unknown_->leaves.size()) model_ = *unknown_;
  unknown_.reset();
  BOOST_REQUIRE_EQUAL(reader->size().value(), model_.leaves.size());
  return true;
}

void LedgerDriver::CheckAll() {
  REQUIRE_VALUE(const auto reader, ledger_->Read());
  CheckReceipts(*reader, ReferenceTree(model_.leaves), world_.note_key());
  for (const auto& [id, index] : model_.statements) {
    REQUIRE_VALUE(const auto row, reader->Find(id));
    BOOST_REQUIRE_EQUAL(row.index.value(), index);
  }
  std::map<SignerId, size_t> of_signer;
  for (const auto& [attestation, index] : model_.attestations) {
    REQUIRE_VALUE(const auto indices, reader->IndicesOf(attestation.first));
    BOOST_REQUIRE(std::count(indices.begin(), indices.end(), LeafIndex(index)) == 1);
    ++of_signer[attestation.second];
  }
  for (const auto& [signer, count] : of_signer) {
    REQUIRE_VALUE(const auto indices, reader->BySigner(signer, 1'000'000));
    BOOST_REQUIRE_EQUAL(indices.size(), count);
  }
  size_t members = 0;
  for (const auto& [run, signers] : model_.runs) {
    REQUIRE_VALUE(const auto of_run, reader->ByRun(run, 1'000'000));
    members += of_run.size();
  }
  BOOST_REQUIRE_EQUAL(members, model_.segments.size() + model_.completions.size());
  for (const auto& [segment, index] : model_.segments) {
    REQUIRE_VALUE(const auto found,
                  reader->SegmentAt(segment.first, segment.second.first, segment.second.second));
    BOOST_REQUIRE(found == LeafIndex(index));
  }
  for (const auto& [run, index] : model_.completions) {
    REQUIRE_VALUE(const auto found, reader->CompletionOf(run));
    BOOST_REQUIRE(found == LeafIndex(index));
  }
  world_.CheckClean();
}

}  // namespace carnet::test
