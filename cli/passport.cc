#include <fmt/core.h>
#include <limits.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "api/find_passport.h"
#include "api/verdict.h"
#include "artifact/oms_files.h"
#include "cli/command.h"
#include "cli/earlier_output.h"
#include "cli/open_inputs.h"
#include "cli/passport_signature.h"
#include "cli/read_input.h"
#include "cli/refusal_text.h"
#include "cli/step_draft.h"
#include "cli/verdict_text.h"
#include "cli/wait_for_lock.h"
#include "cli/write_output.h"
#include "core/ascii.h"
#include "core/file.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/position.h"
#include "json/reader.h"
#include "json/writer.h"
#include "pipeline/append_claims.h"
#include "pipeline/closure.h"
#include "pipeline/issue_passport.h"
#include "pipeline/recorder.h"
#include "pipeline/resolve_digest.h"
#include "pipeline/run_status.h"

namespace carnet::cli {
namespace {

using Refused = std::optional<verifier::Verdict>;

Result<StatementId> CompletionOf(const PassportOptions& options, Terminal& terminal) {
  if (!options.completion.empty()) {
    CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(options.completion));
    if (named.is_whole()) return *StatementId::FromSpan(named.First());
    CARNET_TRY(const auto reader, OpenReader(options.signing.ledger, terminal));
    return pipeline::ResolveStatement(*reader, named);
  }
  CARNET_TRY(const pipeline::RunStatus status, pipeline::ReadRunStatus(options.run_directory));
  if (status.outcome != "completed") {
    return Rejected(options.run_directory + ": the run is " + status.outcome + ", not completed");
  }
  return *status.closing;
}

// `<name>.passport.sigstore.jsonl`; anything in the model's name other than letters, digits, dot,
// dash and underscore becomes a dash.
Result<std::string> OutputPath(const PassportOptions& options,
                               const pipeline::ComposedDraft& draft) {
  if (!options.out.empty()) return options.out;
  CARNET_TRY(const auto parsed, pipeline::Draft::Parse(draft.text, draft.origin));
  const auto name = parsed.Find("name");
  if (!name || !name->is(json::Type::kString) || name->string().empty()) {
    return parsed.Refuse("name: required");
  }
  std::string file(name->string());
  for (char& c : file) {
    if (!IsLetterOrDigit(c) && c != '.' && c != '_') c = '-';
  }
  return file + ".passport.sigstore.jsonl";
}

Result<pipeline::ComposedDraft> DraftOf(const PassportOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto given, OpenDraft(schemas::Kind::kPassport, options.draft, options.fill));
  if (!options.draft.empty()) return StepDraft(schemas::Kind::kPassport, given, {}, terminal);
  CARNET_TRY(const StatementId completion, CompletionOf(options, terminal));
  CARNET_TRY(const auto reader, OpenReader(options.signing.ledger, terminal));
  return StepDraft(schemas::Kind::kPassport, given,
                   {.completion = completion, .reader = reader.get()}, terminal);
}

struct Issued {
  std::string text;  // for standard output
  ExitCode status = ExitCode::kYes;
};

std::string DryRunText(const PassportOptions& options, const verifier::Verdict& verdict,
                       Terminal& terminal) {
  terminal.Note("dry run: nothing was logged");
  return options.json ? api::VerdictOf(verdict).ToJson() : VerdictText(verdict, terminal);
}

// Anywhere else in the folder the claims would be part of the model.
Result<> CheckClaimsPlace(const std::string& model, const std::string& claims) {
  if (claims.empty()) return Ok();
  if (!api::HoldsClaims(claims)) {
    return Rejected(fmt::format("{}: nobody looks for claims in a file that is not called {}",
                                Printable(claims, PATH_MAX), artifact::kClaimsFile));
  }
  CARNET_TRY_VOID(CheckReplaceable(claims));
  std::error_code error;
  if (!std::filesystem::is_directory(model, error)) return Ok();
  CARNET_TRY(const std::string inside, artifact::PathInModel(model, claims));
  if (inside.empty() || inside == artifact::kClaimsFile) return Ok();
  return Rejected(fmt::format("{}: would be part of the model; only {} at the top of it is not",
                              Printable(claims, PATH_MAX), artifact::kClaimsFile));
}

// Where the passport goes, and what goes beside it.
struct Outputs {
  std::string passport;
  bool there = false;  // an earlier call wrote this very passport
  std::optional<PlannedSignature> signature = {};
};

Result<> WriteBeside(const Outputs& outputs, const pipeline::IssuedPassport& issued,
                     const PassportOptions& options, const signer::Signer& signer,
                     const pipeline::IsPassportGood& good, Terminal& terminal) {
  if (!options.claims.empty()) {
    CARNET_TRY(const size_t lines, WaitForLock(options.signing.wait, terminal, [&] {
                 return pipeline::AppendClaims(options.claims, issued.id, issued.bytes, good);
               }));
    terminal.Note(lines == 0 ? "there before: the passport in " + options.claims
                             : fmt::format("appended {} lines to {}", lines, options.claims));
  }
  if (!outputs.signature) return Ok();
  return WriteSignature(*outputs.signature, options, signer, terminal);
}

Issued Report(const pipeline::IssuedPassport& issued, const Outputs& outputs,
              const PassportOptions& options, Terminal& terminal) {
  const int level = issued.verdict.level.number;
  const std::string& out = outputs.passport;
  if (!options.json) {
    const bool to_stdout = out == kStandard;
    if (to_stdout) terminal.Note("statement " + HexEncode(issued.id.span()));
    return Issued{to_stdout ? "" : HexEncode(issued.id.span()) + "\n"};
  }
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject()
      .Member("statement", HexEncode(issued.id.span()))
      .Member("file", Printable(out, PATH_MAX))
      .Member("attestations", uint64_t{issued.verdict.attestations})
      .Member("level", static_cast<uint64_t>(level));
  if (!options.claims.empty()) writer.Member("claims", Printable(options.claims, PATH_MAX));
  if (outputs.signature) {
    writer.Member("model_signature", Printable(outputs.signature->path, PATH_MAX));
  }
  return Issued{writer.EndObject().Take()};
}

Result<Issued> WriteIssued(const pipeline::IssuedPassport& issued, const Outputs& outputs,
                           const PassportOptions& options, const signer::Signer& signer,
                           const pipeline::IsPassportGood& good, Terminal& terminal) {
  const std::string& out = outputs.passport;
  const auto written = outputs.there ? Ok() : WriteOutput(out, issued.bytes, options.force);
  const std::string logged = "logged as statement " + HexEncode(issued.id.span());
  if (!written) {
    return written.error().In(logged + ", but not written (`carnet passport collect` writes it)");
  }
  if (!options.json) {
    terminal.Note(
        fmt::format("{} {}: level {} ({})", outputs.there ? "issued before, and in" : "wrote",
                    out == kStandard ? "standard output" : out, issued.verdict.level.number,
                    verifier::LevelName(issued.verdict.level.number)));
  }
  const auto beside = WriteBeside(outputs, issued, options, signer, good, terminal);
  if (!beside) return beside.error().In(logged + " and written, but not what goes beside it");
  return Report(issued, outputs, options, terminal);
}

// Whatever is there already is an earlier call's, or refused before anything is logged.
Result<Outputs> PlanOutputs(const PassportOptions& options, std::string out,
                            const pipeline::PassportRequest& request,
                            const artifact::ModelFiles& model, const signer::Signer& signer,
                            const ledger::Reader& reader) {
  Outputs outputs{std::move(out)};
  if (const auto free = CheckOutput(outputs.passport, options.force); !free) {
    CARNET_TRY(const auto issued, pipeline::FindIssued(request, model, signer.id(), reader));
    if (!issued || !HoldsStatement(outputs.passport, *issued)) return free.error();
    outputs.there = true;
  }
  CARNET_TRY_VOID(CheckClaimsPlace(options.model, options.claims));
  if (!options.oms) return outputs;
  CARNET_TRY(const NotCovered patterns, pipeline::CoveringFor(request, model, reader));
  CARNET_TRY(outputs.signature, PlanSignature(options, outputs.passport, model, patterns, signer));
  return outputs;
}

Result<Issued> Issue(const PassportOptions& options, Terminal& terminal, Refused& refused) {
  CARNET_TRY(const auto draft, DraftOf(options, terminal));
  CARNET_TRY(std::string out, OutputPath(options, draft));
  CARNET_TRY(const StatementId completion, CompletionOf(options, terminal));
  CARNET_TRY(const trust::Trust trust, OpenTrust(options.trust, terminal));
  CARNET_TRY(const auto policy, OpenPolicy(options.policy, options.trust, options.at, terminal));
  CARNET_TRY(const auto chips, OpenChips(trust, options.chips));
  CARNET_TRY(const auto model,
             OpenRecordedModel(options.model, options.follow, options.covering, terminal));
  CARNET_TRY(const auto parents, OpenParents(options.parents, options.follow, terminal));
  CARNET_TRY(const auto signer, OpenSigner(options.signing.key, terminal));
  CARNET_TRY(const auto ledger, OpenLedger(options.signing.ledger, options.signing.guard, terminal,
                                           options.signing.wait));
  const verifier::Gate gate(trust, policy, 1, &chips);
  const pipeline::PassportRequest request = {draft.text, draft.origin, completion, parents};
  const pipeline::Moment moment = {terminal.Now(), terminal.Nonce(), false};
  CARNET_TRY(const auto reader, ledger->Read());
  CARNET_TRY(const Outputs outputs,
             PlanOutputs(options, std::move(out), request, model, *signer, *reader));
  if (options.signing.dry_run) {
    CARNET_TRY(const auto judged,
               pipeline::JudgePassport(request, model, *signer, *reader, gate, moment));
    if (!judged.already.empty()) return Conflict(judged.already);
    return Issued{DryRunText(options, judged.verdict, terminal), ExitCodeOf(judged.verdict)};
  }
  CARNET_TRY(const auto issued,
             pipeline::IssuePassport(request, model, *signer, *ledger, gate, moment, &refused));
  const auto good = [&](std::string_view passport) -> Result<bool> {
    CARNET_TRY(const auto verdict, gate.Check(passport, model, moment.now));
    return verdict.decision == verifier::Decision::kPass;
  };
  return WriteIssued(issued, outputs, options, *signer, good, terminal);
}

Result<std::string> Collect(const CollectOptions& options, Terminal& terminal) {
  CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(options.statement));
  CARNET_TRY_VOID(CheckOutput(options.out, options.force));
  CARNET_TRY(const auto reader, OpenReader(options.ledger, terminal));
  CARNET_TRY(const StatementId id, pipeline::ResolveStatement(*reader, named));
  CARNET_TRY(const auto bundles, pipeline::CollectClosure(*reader, id));
  return pipeline::WriteLines(bundles);
}

}  // namespace

ExitCode PassportIssue(const PassportOptions& options, Terminal& terminal) {
  if (options.run_directory.empty() && options.completion.empty()) {
    return terminal.WrongUsage("--run or --completion is required");
  }
  if (options.out == kStandard && options.json) {
    return terminal.WrongUsage("--out - and --json are two documents");
  }
  Refused refused;
  const auto issued = Issue(options, terminal, refused);
  if (!issued && refused) {
    const pipeline::RemedyPlaces places{options.signing.ledger, options.signing.key, options.trust,
                                        options.model, options.run_directory};
    const ExitCode status = terminal.Fail(issued.error());
    for (const std::string& line : RefusalLines(*refused, places)) terminal.Say(line);
    if (options.json) terminal.Out(RefusalJson(*refused, places));
    return status;
  }
  if (!issued) return terminal.Fail(issued.error());
  terminal.Out(issued->text);
  return issued->status;
}

ExitCode PassportCollect(const CollectOptions& options, Terminal& terminal) {
  const auto lines = Collect(options, terminal);
  if (!lines) return terminal.Fail(lines.error());
  const auto written = WriteOrPrint(options.out, *lines, options.force, terminal);
  if (!written) return terminal.Fail(written.error());
  return ExitCode::kYes;
}

}  // namespace carnet::cli
