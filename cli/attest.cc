#include "pipeline/attest.h"

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/recorded_text.h"
#include "cli/write_output.h"
#include "core/file.h"
#include "core/hex.h"
#include "pipeline/draft.h"

namespace carnet::cli {
namespace {

Result<schemas::Predicate> ReadDraft(const AttestOptions& options, Terminal& terminal) {
  const auto kind = schemas::ParseKindName(options.kind);
  CARNET_CHECK(kind.has_value());  // the command line accepts no other
  CARNET_TRY(const std::string draft, OpenFile(options.predicate, kMaxInputBytes, terminal));
  if (options.files.empty()) return pipeline::ReadWholeDraft(*kind, draft, options.predicate);
  CARNET_TRY(const auto files, OpenModel(options.files, options.follow, terminal));
  return pipeline::DatasetDraft(draft, options.predicate, files);
}

Result<> WriteBundle(const AttestOptions& options, const sigstore::Bundle& bundle, bool force) {
  return WriteOutput(options.out, sigstore::WriteBundle(bundle) + "\n", force);
}

pipeline::Moment MomentOf(const AttestOptions& options, schemas::Kind kind,
                          const signer::Signer& signer, const ledger::Ledger& ledger,
                          const Terminal& terminal) {
  const TimestampMs now = terminal.Now();
  if (!options.nonce.empty()) return {now, options.nonce, true};
  if (options.idempotency_key.empty()) return {now, terminal.Nonce(), false};
  return {now, signer.NonceFor(options.idempotency_key, kind, ledger.key().id()), true};
}

// Absent for a dry run, which prints by itself.
Result<std::optional<pipeline::Attested>> Record(const AttestOptions& options, Terminal& terminal) {
  CARNET_TRY(schemas::Predicate draft, ReadDraft(options, terminal));
  CARNET_TRY(const auto signer, OpenSigner(options.signing.key, terminal));
  CARNET_TRY(const auto ledger, OpenLedger(options.signing.ledger, options.signing.guard, terminal,
                                           options.signing.wait));
  const auto moment = MomentOf(options, draft.kind(), *signer, *ledger, terminal);
  const auto on_finding = OnFindingOf(options.signing);
  if (options.signing.dry_run) {
    CARNET_TRY(const auto prepared,
               pipeline::PrepareStatement(std::move(draft), *signer, *ledger, moment, on_finding));
    PrintDryRun(prepared.statement, prepared.notes, terminal);
    return std::optional<pipeline::Attested>();
  }
  std::optional<pipeline::Withheld> withheld;
  if (!options.withhold.empty())
    withheld = pipeline::Withheld{options.withhold, [&](const sigstore::Bundle& signed_bundle) {
                                    return WriteBundle(options, signed_bundle, options.force);
                                  }};
  CARNET_TRY(auto attested,
             pipeline::Attest(std::move(draft), *signer, *ledger, moment, withheld, on_finding));
  return std::optional(std::move(attested));
}

}  // namespace

ExitCode Attest(const AttestOptions& options, Terminal& terminal) {
  if (!options.files.empty() && options.kind != "dataset") {
    return terminal.WrongUsage("--files works only with --kind dataset");
  }
  const auto free = CheckOutput(options.out, options.force);
  if (!free) return terminal.Fail(free.error());
  const auto recorded = Record(options, terminal);
  if (!recorded) return terminal.Fail(recorded.error());
  if (!*recorded) return ExitCode::kYes;
  const pipeline::Attested& attested = **recorded;
  if (!options.out.empty()) {
    // What was withheld is there already, without its receipt.
    const bool force = options.force || (!options.withhold.empty() && !attested.repeated);
    const auto written = WriteBundle(options, attested.bundle, force);
    if (!written) {
      return terminal.Fail(written.error().In("logged as statement " +
                                              HexEncode(attested.id.span()) + ", but not written"));
    }
  }
  if (attested.repeated) terminal.Note("this " + options.kind + " was already recorded");
  for (const std::string& note : attested.notes) terminal.Note(note);
  terminal.Out(
      RecordedText({options.kind, attested.id, attested.index, attested.repeated}, options.json));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
