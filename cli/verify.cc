#include <limits.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "api/find_passport.h"
#include "api/verdict.h"
#include "cli/command.h"
#include "cli/judge_model.h"
#include "cli/open_inputs.h"
#include "cli/quantity_text.h"
#include "cli/read_input.h"
#include "cli/verdict_text.h"
#include "cli/write_output.h"
#include "core/utf8.h"
#include "json/writer.h"
#include "pipeline/attest.h"
#include "pipeline/sign_verdict.h"
#include "verifier/gate.h"

namespace carnet::cli {
namespace {

// The caller's side, checked before anything is read.
Result<JudgedBy> OpenGiven(const VerifyOptions& options, Terminal& terminal) {
  CARNET_TRY_VOID(CheckOutput(options.vsa, options.force));
  return OpenJudgedBy(options.judging, terminal);
}

Result<GivenPassport> OpenPassport(const VerifyOptions& options, size_t number,
                                   Terminal& terminal) {
  std::string path;
  if (options.passports.empty()) {
    CARNET_TRY(path, api::FindPassport(options.models[number]));
  } else {
    path = options.passports[number];
  }
  CARNET_TRY(GivenPassport passport, ReadPassport(path));
  terminal.Detail("read " + path + ": " + BytesText(passport.bytes.size()));
  return passport;
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

struct Outcome {
  ExitCode status;
  std::optional<verifier::Verdict> verdict = {};
  std::string error = {};  // where there is no verdict
};

Outcome Without(ExitCode status, const Error& error) { return {status, {}, error.message}; }

Outcome Check(const VerifyOptions& options, size_t number, const verifier::Gate& gate,
              Terminal& terminal) {
  const auto passport = OpenPassport(options, number, terminal);
  if (!passport) return Without(terminal.CouldNotTell(passport.error()), passport.error());
  const auto model = OpenModel(options.models[number], options.judging.follow, terminal);
  // Whatever is wrong with a model's files, such as a link that leads outside, is a no (R40).
  if (!model) return Without(terminal.Fail(model.error()), model.error());
  auto verdict = Judge({options.models[number], *model}, *passport, gate, terminal.Now());
  if (!verdict) return Without(terminal.CouldNotTell(verdict.error()), verdict.error());
  terminal.Detail("judged " + GroupedText(verdict->attestations) + " attestations");
  const bool passed = verdict->decision == verifier::Decision::kPass;
  return {passed ? ExitCode::kYes : ExitCode::kNo, std::move(*verdict)};
}

ExitCode VerifyOne(const VerifyOptions& options, const verifier::Gate& gate, Terminal& terminal) {
  const Outcome outcome = Check(options, 0, gate, terminal);
  if (!outcome.verdict) return outcome.status;
  const auto signed_verdict =
      options.vsa.empty() ? Ok() : WriteVsa(options, *outcome.verdict, terminal);
  if (!signed_verdict) {
    const ExitCode status = terminal.CouldNotTell(signed_verdict.error());
    if (outcome.status == ExitCode::kYes) return status;  // a no stays a no, signed or not
  }
  terminal.Out(options.json ? api::VerdictOf(*outcome.verdict).ToJson()
                            : VerdictText(*outcome.verdict, terminal));
  return outcome.status;
}

void WriteOutcome(const std::string& model, const Outcome& outcome, json::Writer& writer) {
  writer.BeginObject().Member("path", Printable(model, PATH_MAX));
  if (outcome.verdict) {
    writer.Key("verdict");
    api::WriteVerdict(api::VerdictOf(*outcome.verdict), writer);
  } else {
    writer.Member("error", Printable(outcome.error, PATH_MAX));
  }
  writer.EndObject();
}

// One after the other: what is wrong with one keeps none of the others back.
ExitCode VerifySeveral(const VerifyOptions& options, const verifier::Gate& gate,
                       Terminal& terminal) {
  ExitCode worst = ExitCode::kYes;
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Key("models").BeginArray();
  for (size_t i = 0; i < options.models.size(); ++i) {
    const std::string& model = options.models[i];
    if (!options.json) terminal.Out(Printable(model, PATH_MAX) + ":\n");
    const Outcome outcome = Check(options, i, gate, terminal);
    worst = std::max(worst, outcome.status);
    if (options.json) WriteOutcome(model, outcome, writer);
    if (!options.json && outcome.verdict) terminal.Out(VerdictText(*outcome.verdict, terminal));
    if (!options.json && i + 1 < options.models.size()) terminal.Out("\n");
  }
  if (options.json) terminal.Out(writer.EndArray().EndObject().Take());
  return worst;
}

// What does not go together; empty where everything does.
std::string WrongIn(const VerifyOptions& options) {
  if (!options.passports.empty() && options.passports.size() != options.models.size()) {
    return "--passport: one for each model in their order, or none";
  }
  if (options.vsa == kStandard) return "--vsa: a file, as the verdict is on standard output";
  if (!options.vsa.empty() && options.models.size() > 1) return "--vsa works for one model only";
  return CheckOneStandard(options.passports);
}

}  // namespace

ExitCode Verify(const VerifyOptions& options, Terminal& terminal) {
  if (const std::string wrong = WrongIn(options); !wrong.empty()) return terminal.WrongUsage(wrong);
  const auto given = OpenGiven(options, terminal);
  if (!given) return terminal.CouldNotTell(given.error());
  const verifier::Gate gate(given->trust, given->policy, options.threads, &given->chips);
  if (options.models.size() == 1) return VerifyOne(options, gate, terminal);
  return VerifySeveral(options, gate, terminal);
}

}  // namespace carnet::cli
