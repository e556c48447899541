#include "pipeline/recorded_step.h"

#include <fmt/core.h>

#include <optional>

#include "core/hex.h"
#include "pipeline/differing_fields.h"
#include "pipeline/own_statement.h"
#include "schemas/readers.h"
#include "sigstore/dsse.h"

namespace carnet::pipeline {
namespace {

std::optional<StatementId> WeightsFrom(wire::Segment::Reader segment) {
  if (!segment.hasWeightsFrom()) return std::nullopt;
  return schemas::DigestOf<StatementId>(segment.getWeightsFrom());
}

}  // namespace

Result<std::string> RequestOf(const Draft& draft, const artifact::ModelFiles& files) {
  CARNET_TRY(const std::string canonical, draft.Canonical());
  return canonical + "\n" + HexEncode(files.digest.span());
}

RequestParts PartsOf(std::string_view request) {
  const size_t end = request.find('\n');
  if (end == request.npos) return {request, {}};
  return {request.substr(0, end), request.substr(end + 1)};
}

Error OtherRequest(const RunJournal::Step& step, std::string_view request) {
  const std::string id =
      HexEncode(sigstore::StatementIdOf(step.signed_bundle.envelope.payload).span());
  const auto [draft, files] = PartsOf(request);
  const auto [recorded, recorded_files] = PartsOf(step.request);
  const auto fields = DifferingFields(draft, recorded);
  std::string what = fields ? *fields : "";
  if (files != recorded_files) what += (what.empty() ? "" : ", ") + std::string("the files");
  std::string text =
      fmt::format("step \"{}\" was already recorded, as statement sha256:{}, with another draft",
                  step.name, id);
  return Conflict(what.empty() ? text : text + "; it differs in: " + what);
}

bool IsSameStretch(const schemas::Predicate& recorded, const schemas::Predicate& draft,
                   const ModelDigest& checkpoint) {
  const auto one = schemas::ReaderOf<wire::Segment>(recorded);
  const auto other = schemas::ReaderOf<wire::Segment>(draft);
  return schemas::DigestOf<ModelDigest>(one.getModel()) == checkpoint &&
         one.getSteps().getFrom().getValue() == other.getSteps().getFrom().getValue() &&
         one.getSteps().getTo().getValue() == other.getSteps().getTo().getValue() &&
         WeightsFrom(one) == WeightsFrom(other);
}

Result<> CheckContinues(const schemas::Predicate& draft, const sigstore::Bundle& previous) {
  CARNET_TRY(const sigstore::ParsedStatement last, ReadOwnStatement(previous));
  const auto steps = schemas::ReaderOf<wire::Segment>(draft).getSteps();
  const uint64_t from = steps.getFrom().getValue();
  const uint64_t to =
      schemas::ReaderOf<wire::Segment>(last.predicate()).getSteps().getTo().getValue();
  if (from == to && steps.getTo().getValue() == to) {
    return Rejected(fmt::format(
        "steps.to is {}, where the lane's last segment ends already: another one would count its "
        "work twice",
        to));
  }
  if (from == to) return Ok();
  return Rejected(fmt::format(
      "steps.from is {}, but the lane's last segment ends at step {}; a rollback states "
      "weights_from",
      from, to));
}

}  // namespace carnet::pipeline
