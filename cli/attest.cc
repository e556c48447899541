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
  CARNET_TRY(const std::string draft, ReadFile(options.predicate, kMaxInputBytes));
  if (options.files.empty()) return pipeline::ReadWholeDraft(*kind, draft, options.predicate);
  CARNET_TRY(const auto files, OpenModel(options.files, options.follow, terminal));
  return pipeline::DatasetDraft(draft, options.predicate, files);
}

Result<> WriteBundle(const AttestOptions& options, const sigstore::Bundle& bundle, bool force) {
  return WriteOutput(options.out, sigstore::WriteBundle(bundle) + "\n", force);
}

Result<pipeline::Attested> Record(const AttestOptions& options, Terminal& terminal) {
  CARNET_TRY(schemas::Predicate draft, ReadDraft(options, terminal));
  CARNET_TRY(const auto signer, OpenSigner(options.signing.key, terminal));
  CARNET_TRY(const auto ledger,
             OpenLedger(options.signing.ledger, options.signing.guard, terminal));
  const pipeline::Moment moment = {terminal.Now(),
                                   options.nonce.empty() ? terminal.Nonce() : options.nonce};
  std::optional<pipeline::Withheld> withheld;
  if (!options.withhold.empty())
    withheld = pipeline::Withheld{options.withhold, [&](const sigstore::Bundle& signed_bundle) {
                                    return WriteBundle(options, signed_bundle, options.force);
                                  }};
  return pipeline::Attest(std::move(draft), *signer, *ledger, moment, withheld,
                          OnFindingOf(options.signing));
}

}  // namespace

ExitCode Attest(const AttestOptions& options, Terminal& terminal) {
  if (!options.files.empty() && options.kind != "dataset") {
    return terminal.WrongUsage("--files works only with --kind dataset");
  }
  const auto free = CheckOutput(options.out, options.force);
  if (!free) return terminal.Fail(free.error());
  const auto attested = Record(options, terminal);
  if (!attested) return terminal.Fail(attested.error());
  if (!options.out.empty()) {
    // What was withheld is there already, without its receipt.
    const bool force = options.force || !options.withhold.empty();
    const auto written = WriteBundle(options, attested->bundle, force);
    if (!written) {
      return terminal.Fail(written.error().In(
          "logged as statement " + HexEncode(attested->id.span()) + ", but not written"));
    }
  }
  for (const std::string& note : attested->notes) terminal.Note(note);
  terminal.Out(RecordedText({options.kind, attested->id, attested->index, false}, options.json));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
