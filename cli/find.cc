#include "pipeline/find_statements.h"

#include <array>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/settings.h"
#include "core/utf8.h"
#include "pipeline/resolve_digest.h"
#include "schemas/device_id.h"
#include "schemas/subjects.h"

namespace carnet::cli {
namespace {

using pipeline::FindBy;
using pipeline::FindRequest;

// What is wrong with the options together, or nothing.
std::string WrongTogether(const FindOptions& options) {
  const std::array filters = {&options.dataset, &options.device, &options.allocation,
                              &options.parent,  &options.key,    &options.party};
  size_t given = 0;
  for (const std::string* filter : filters) given += filter->empty() ? 0U : 1U;
  const std::string list = "--dataset, --device, --allocation, --parent, --key, --party";
  if (given > 1) return "only one of " + list + " can be given";
  if (given == 0 && !options.since_size && options.since.empty())
    return "expected one of " + list + ", --since-size, --since";
  if (!options.party.empty() && options.trust.empty())
    return "--party requires a trust directory: " + WaysToGive(Setting::kTrust, "--trust");
  const bool by_signer = !options.key.empty() || !options.party.empty();
  if (given == 1 && !by_signer && options.kind == "verdict")
    return "--kind verdict: a verdict is about a model and uses nothing (`carnet find --key`)";
  return "";
}

bool IsDeviceId(const std::string& text) {
  return schemas::IsGroupId(text) || schemas::CheckDeviceId(text).has_value();
}

Result<> SetThing(FindBy by, const std::string& text, const ledger::Reader& reader,
                  FindRequest& request) {
  request.by = by;
  if (by == FindBy::kDevice && IsDeviceId(text)) {
    request.digest = schemas::IdOfDevice(text);
    return Ok();
  }
  CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(text));
  CARNET_TRY(request.digest, pipeline::ResolveDigest(reader, named));
  return Ok();
}

Result<> SetParty(const std::string& party, const trust::Trust& trust, FindRequest& request) {
  request.by = FindBy::kSigners;
  for (const trust::TrustedKey& key : trust.keys())
    if (key.party == party) request.signers.push_back(key.signer());
  if (!request.signers.empty()) return Ok();
  return NotFound("the trust directory has no party \"" + Printable(party) + "\"");
}

Result<> SetFilter(const FindOptions& options, const ledger::Reader& reader, FindRequest& request) {
  const std::pair<FindBy, const std::string*> things[] = {
      {FindBy::kDataset, &options.dataset},
      {FindBy::kDevice, &options.device},
      {FindBy::kAllocation, &options.allocation},
      {FindBy::kParent, &options.parent}};
  for (const auto& [by, text] : things)
    if (!text->empty()) return SetThing(by, *text, reader, request);
  if (!options.party.empty()) return SetParty(options.party, *request.trust, request);
  if (options.key.empty()) return Ok();
  request.by = FindBy::kSigners;
  CARNET_TRY(const SignerId signer, pipeline::ResolveSigner(reader, options.key));
  request.signers = {signer};
  return Ok();
}

Result<std::string> Answer(const FindOptions& options, Terminal& terminal) {
  std::optional<trust::Trust> trust;
  if (!options.trust.empty()) {
    CARNET_TRY(trust, OpenTrust(options.trust, terminal));
  }
  CARNET_TRY(const auto reader, OpenReader(options.ledger, terminal));
  FindRequest request;
  request.trust = trust ? &*trust : nullptr;
  request.limit = options.limit;
  if (!options.kind.empty()) request.kind = schemas::ParseKindName(options.kind);
  if (options.since_size) request.from = LeafIndex(*options.since_size);
  if (!options.since.empty()) {
    CARNET_TRY(request.created_since, ParseDate(options.since));
  }
  CARNET_TRY_VOID(SetFilter(options, *reader, request));
  CARNET_TRY(const pipeline::Found found, pipeline::FindStatements(*reader, request));
  return options.json ? pipeline::FoundJson(found) : pipeline::FoundText(found);
}

}  // namespace

ExitCode Find(const FindOptions& options, Terminal& terminal) {
  if (const std::string wrong = WrongTogether(options); !wrong.empty())
    return terminal.WrongUsage(wrong);
  const auto answer = Answer(options, terminal);
  if (!answer) return terminal.Fail(answer.error());
  terminal.Out(*answer);
  return ExitCode::kYes;
}

}  // namespace carnet::cli
