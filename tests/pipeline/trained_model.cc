#include "tests/pipeline/trained_model.h"

#include "core/base64.h"
#include "core/hex.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/world.h"

namespace carnet::test {

using pipeline::Recorder;

TrainedModel Train(RealLedger& world, const std::string& name, const drafts::RunTerms& terms,
                   const pipeline::RecorderOptions& options) {
  const auto recorder = ValueOf(
      Recorder::Open(world / (name + ".run"), world.lab(), world.ledger(), options), "recorder");
  const auto run = ValueOf(recorder->OpenRun(world.RunDraft(terms), world.Moment()), "open");
  TrainedModel trained{run.id, {}, run.id};
  for (const uint64_t stretch : {0U, 1U, 1U}) {
    std::string draft = world.SegmentDraft(stretch, kDraftTokens * (trained.segments.size() + 1));
    if (trained.segments.size() == 2) {
      draft = With(R"("weights_from":")" + HexEncode(trained.segments[0].id.span()) + "\"", draft);
    }
    const std::string model =
        trained.segments.size() == 2 ? name : name + std::to_string(trained.segments.size());
    trained.segments.push_back(
        ValueOf(recorder->Segment(draft, 0, MakeModel(model), world.Moment()), "segment"));
  }
  trained.completion =
      ValueOf(recorder->Complete("{}", MakeModel(name), world.Moment()), "complete").id;
  return trained;
}

std::string EdgeTo(const std::string& type, const std::string& model,
                   const std::string& statement) {
  return drafts::Edge(type, drafts::Hex(MakeModel(model).digest), statement);
}

Result<pipeline::IssuedPassport> TryIssue(RealLedger& world, const std::string& draft,
                                          const StatementId& completion,
                                          const artifact::ModelFiles& model) {
  return TryIssue(world, {draft, "passport.json", completion}, model, world.lab());
}

Result<pipeline::IssuedPassport> TryIssue(RealLedger& world,
                                          const pipeline::PassportRequest& request,
                                          const artifact::ModelFiles& model,
                                          const signer::Signer& signer) {
  const trust::Trust trust = world.MakeTrust();
  const auto policy =
      ValueOf(verifier::policy::ShippedPolicy("hub-default", world.now()), "policy");
  const verifier::Gate gate(trust, policy);
  return pipeline::IssuePassport(request, model, signer, world.ledger(), gate, world.Moment());
}

pipeline::IssuedPassport Issue(RealLedger& world, const std::string& name,
                               const StatementId& completion) {
  return ValueOf(TryIssue(world, PassportDraft(name), completion, MakeModel(name)), "issue");
}

std::vector<boost::json::object> LinesAsJson(const std::string& passport) {
  std::vector<boost::json::object> lines;
  for (const std::string& line : LinesOf(passport)) {
    lines.push_back(boost::json::parse(line).as_object());
  }
  return lines;
}

boost::json::object StatementIn(const boost::json::object& line) {
  const auto& payload = line.at("dsseEnvelope").at("payload").as_string();
  const auto bytes = Base64Decode({payload.data(), payload.size()});
  if (!bytes) GiveUp("payload");
  return boost::json::parse(std::string(bytes->begin(), bytes->end())).as_object();
}

}  // namespace carnet::test
