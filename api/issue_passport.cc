#include "pipeline/issue_passport.h"

#include <fmt/core.h>

#include <vector>

#include "api/record_state.h"
#include "api/verdict.h"
#include "core/hex.h"

namespace carnet {

Result<IssuedPassport> IssuePassport(const Ledger& ledger, const Key& key, const Gate& gate,
                                     const Model& model, std::string_view draft,
                                     std::string_view completion, Time now,
                                     const std::vector<Model>& parents) {
  const auto id = HexDecodeTo<StatementId>(completion);
  if (!id) return Malformed("completion: expected 64 lowercase hex digits");
  CARNET_TRY(const pipeline::Moment moment, api::MomentOf(now, ""));
  std::vector<pipeline::ParentModel> models;
  models.reserve(parents.size());
  for (const Model& parent : parents) {
    models.push_back({fmt::format("parents[{}]", models.size()), Internals::StateOf(parent).read});
  }
  CARNET_TRY(
      const pipeline::IssuedPassport issued,
      pipeline::IssuePassport({draft, "draft", *id, models}, Internals::StateOf(model).read,
                              *Internals::StateOf(key).signer, *Internals::StateOf(ledger).ledger,
                              Internals::StateOf(gate).gate, moment));
  return IssuedPassport{HexEncode(issued.id.span()), issued.bytes, api::VerdictOf(issued.verdict)};
}

}  // namespace carnet
