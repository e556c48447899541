#include "api/verdict.h"
#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/quantity_text.h"
#include "cli/verdict_text.h"
#include "cli/write_output.h"
#include "core/file.h"
#include "pipeline/attest.h"
#include "pipeline/sign_verdict.h"
#include "schemas/limits.h"
#include "verifier/gate.h"

namespace carnet::cli {
namespace {

// What the caller is responsible for.
struct Given {
  trust::Trust trust;
  verifier::policy::Policy policy;
  std::string passport;
};

Result<Given> OpenGiven(const VerifyOptions& options, Terminal& terminal) {
  CARNET_TRY_VOID(CheckOutput(options.vsa, options.force));
  CARNET_TRY(trust::Trust trust, OpenTrust(options.trust, terminal));
  CARNET_TRY(auto policy, OpenPolicy(options.policy, options.trust, options.at, terminal));
  // One byte more than the limit, so that the gate itself says "too-large" (R1, R40).
  CARNET_TRY(std::string passport,
             ReadFilePrefix(options.passport, schemas::kMaxPassportBytes + 1));
  terminal.Detail("read " + options.passport + ": " + BytesText(passport.size()));
  return Given{std::move(trust), std::move(policy), std::move(passport)};
}

// Signs the verdict; with a ledger, appends it and puts its receipt into the file.
Result<> WriteVsa(const VerifyOptions& options, const verifier::Verdict& verdict,
                  Terminal& terminal) {
  CARNET_TRY(const auto signer, OpenSigner(options.key, terminal));
  CARNET_TRY(auto statement, pipeline::SignVerdict(verdict, signer->id().ToString(), *signer));
  sigstore::Bundle bundle = statement.bundle;
  if (!options.ledger.empty()) {
    CARNET_TRY(const auto ledger, OpenLedger(options.ledger, options.guard, terminal));
    CARNET_TRY(pipeline::Attested attested,
               pipeline::AppendSigned(std::move(statement.statement), statement.signature(),
                                      signer->public_key(), *ledger));
    bundle = std::move(attested.bundle);
  }
  CARNET_TRY_VOID(WriteOutput(options.vsa, sigstore::WriteBundle(bundle) + "\n", options.force));
  terminal.Note("wrote " + options.vsa);
  return Ok();
}

}  // namespace

ExitCode Verify(const VerifyOptions& options, Terminal& terminal) {
  const auto given = OpenGiven(options, terminal);
  if (!given) return terminal.CouldNotTell(given.error());
  const auto model = OpenModel(options.model, options.follow, terminal);
  // Whatever is wrong with a model's files, such as a link that leads outside, is a no (R40).
  if (!model) return terminal.Fail(model.error());
  const verifier::Gate gate(given->trust, given->policy, options.threads);
  const auto verdict = gate.Check(given->passport, *model, terminal.Now());
  if (!verdict) return terminal.CouldNotTell(verdict.error());
  terminal.Detail("judged " + GroupedText(verdict->attestations) + " attestations");
  const bool passed = verdict->decision == verifier::Decision::kPass;
  const auto signed_verdict = options.vsa.empty() ? Ok() : WriteVsa(options, *verdict, terminal);
  if (!signed_verdict) {
    const ExitCode status = terminal.CouldNotTell(signed_verdict.error());
    if (passed) return status;  // a no stays a no, signed or not
  }
  terminal.Out(options.json ? api::VerdictOf(*verdict).ToJson() : VerdictText(*verdict, terminal));
  return passed ? ExitCode::kYes : ExitCode::kNo;
}

}  // namespace carnet::cli
