#include "pipeline/attest.h"

#include "cli/command.h"
#include "cli/earlier_output.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/recorded_text.h"
#include "cli/service_signer.h"
#include "cli/step_draft.h"
#include "cli/write_output.h"
#include "core/hex.h"
#include "pipeline/draft.h"
#include "pipeline/earlier_statement.h"
#include "pipeline/sign_bundle.h"
#include "signer/key_place.h"
#include "signer/prepare_only_key.h"
#include "trust/add_key.h"

namespace carnet::cli {
namespace {

schemas::Kind KindOf(const AttestOptions& options) {
  const auto kind = schemas::ParseKindName(options.kind);
  CARNET_CHECK(kind.has_value());  // the command line accepts no other
  return *kind;
}

// A dry run needs no private key: what it prints may be signed elsewhere, by another tool.
Result<std::unique_ptr<signer::Signer>> OpenNamedSigner(const SigningOptions& signing,
                                                        Terminal& terminal) {
  if (signing.dry_run && signer::KeyPlaceOf(signing.key) == signer::KeyPlace::kFile) {
    auto key = trust::ReadPublicKeyFile(signing.key);
    if (key) {
      return std::make_unique<signer::Signer>(
          std::make_unique<signer::PrepareOnlyKey>(*std::move(key)));
    }
  }
  return OpenSigner(signing.key, terminal);
}

// What an earlier call may have used already.
struct Chosen {
  std::string nonce;                      // empty: none is chosen
  std::optional<TimestampMs> began = {};  // the window of its allocation, where there is one
};

Result<Chosen> ChosenBy(const AttestOptions& options, const signer::Signer& signer,
                        Terminal& terminal) {
  if (options.nonce.empty() && options.idempotency_key.empty()) return Chosen{};
  CARNET_TRY(const auto reader, OpenReader(options.signing.ledger, terminal));
  const schemas::Kind kind = KindOf(options);
  Chosen chosen{options.nonce};
  if (chosen.nonce.empty()) {
    auto nonce = signer.NonceFor(options.idempotency_key, kind, reader->log_id());
    if (!nonce) return nonce.error().In("--idempotency-key");
    chosen.nonce = *std::move(nonce);
  }
  if (kind == schemas::Kind::kAllocation) {
    CARNET_TRY(chosen.began, pipeline::WindowBegan(*reader, signer.id(), chosen.nonce));
  }
  return chosen;
}

Result<schemas::Predicate> ReadDraft(const AttestOptions& options, const SignerId& signer,
                                     const Chosen& chosen, Terminal& terminal) {
  const schemas::Kind kind = KindOf(options);
  CARNET_TRY(const auto fill, WithWholeIds(options.fill, options.signing.ledger, terminal));
  CARNET_TRY(const auto given, OpenDraft(kind, options.predicate, fill));
  const pipeline::AtHand at_hand{.signer = signer,
                                 .cpu = options.fill.cpu,
                                 .files = options.files,
                                 .follow = options.follow,
                                 .began = chosen.began};
  CARNET_TRY(const auto draft, StepDraft(kind, given, at_hand, terminal));
  if (options.files.empty()) return pipeline::ReadWholeDraft(kind, draft.text, draft.origin);
  CARNET_TRY(const auto files,
             OpenModel(options.files, options.follow, terminal, options.digest_cache));
  return pipeline::DatasetDraft(draft.text, draft.origin, files);
}

Result<> WriteBundle(const AttestOptions& options, const sigstore::Bundle& bundle, bool force) {
  return WriteOutput(options.out, sigstore::WriteBundle(bundle) + "\n", force);
}

pipeline::Moment MomentOf(const Chosen& chosen, const Terminal& terminal) {
  const TimestampMs now = terminal.Now();
  if (chosen.nonce.empty()) return {now, terminal.Nonce(), false};
  return {now, chosen.nonce, true};
}

bool MayRepeat(const AttestOptions& options) {
  return !options.nonce.empty() || !options.idempotency_key.empty();
}

// What a service or a certificate spoils could not be done: nobody has judged the statement.
Error NotDone(const Error& error) { return Io(error.message); }

Result<ServiceSigner> OpenAttester(const AttestOptions& options, Terminal& terminal) {
  if (WantsTrust(options.services, options.signing.key)) {
    SayWhichRoot(options.services, terminal);
    auto opened = OpenServiceSigner(options.services, options.signing.key, terminal);
    return opened ? std::move(opened) : NotDone(opened.error());
  }
  ServiceSigner out;
  CARNET_TRY(out.signer, OpenNamedSigner(options.signing, terminal));
  return out;
}

pipeline::Completion StampingWith(const ServiceSigner& with, const Terminal& terminal) {
  const bool alone =
      with.services.timestamp_authorities.empty() && with.signer->certificate().empty();
  if (alone) return {};
  return [&with, &terminal](signer::SignedStatement& statement) {
    const auto stamped =
        pipeline::StampStatement(statement, *with.signer, with.services, with.trusted,
                                 [&terminal] { return terminal.Now(); });
    return stamped ? Ok() : Result<>(NotDone(stamped.error()));
  };
}

// Absent for a dry run of something new, which prints by itself.
Result<std::optional<pipeline::Attested>> Record(const AttestOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto with, OpenAttester(options, terminal));
  const auto& signer = with.signer;
  CARNET_TRY(const Chosen chosen, ChosenBy(options, *signer, terminal));
  CARNET_TRY(schemas::Predicate draft, ReadDraft(options, signer->id(), chosen, terminal));
  CARNET_TRY(const auto ledger, OpenLedger(options.signing.ledger, options.signing.guard, terminal,
                                           options.signing.wait));
  const auto moment = MomentOf(chosen, terminal);
  const auto on_finding = OnFindingOf(options.signing);
  const auto free = CheckOutput(options.out, options.force);
  if (!free || options.signing.dry_run) {
    CARNET_TRY(auto repeated, pipeline::FindRepeated(draft, *signer, *ledger, moment));
    if (repeated && (free || HoldsStatement(options.out, repeated->id))) return repeated;
    CARNET_TRY_VOID(free);
  }
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
  CARNET_TRY(auto attested, pipeline::Attest(std::move(draft), *signer, *ledger, moment, withheld,
                                             on_finding, StampingWith(with, terminal)));
  return std::optional(std::move(attested));
}

std::string WrongServices(const AttestOptions& options) {
  const ServiceOptions& services = options.services;
  if (services.identity_token.empty()) return WrongWithKey(services);
  if (options.idempotency_key.empty()) return WrongWithoutKey(services);
  return "--idempotency-key follows from the key, which without --key is another each time: give "
         "--nonce";
}

}  // namespace

ExitCode Attest(const AttestOptions& options, Terminal& terminal) {
  if (const std::string wrong = WrongServices(options); !wrong.empty()) {
    return terminal.WrongUsage(wrong);
  }
  if (!options.files.empty() && options.kind != "dataset") {
    return terminal.WrongUsage("--files works only with --kind dataset");
  }
  if (!options.fill.devices.empty() && options.kind != "allocation") {
    return terminal.WrongUsage("--device works only with --kind allocation");
  }
  const bool to_stdout = options.out == kStandard;
  if (to_stdout && options.json) return terminal.WrongUsage("--out - and --json are two documents");
  if (to_stdout && !options.withhold.empty()) {
    return terminal.WrongUsage("--withhold keeps the only text: --out needs a file, not -");
  }
  if (!MayRepeat(options)) {  // before a password is asked for and the data set is read
    const auto free = CheckOutput(options.out, options.force);
    if (!free) return terminal.Fail(free.error());
  }
  const auto recorded = Record(options, terminal);
  if (!recorded) return terminal.Fail(recorded.error());
  if (!*recorded) return ExitCode::kYes;
  const pipeline::Attested& attested = **recorded;
  const bool written_before = attested.repeated && HoldsStatement(options.out, attested.id);
  if (!options.out.empty() && !options.signing.dry_run && !written_before) {
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
  if (to_stdout) {
    terminal.Note("statement " + HexEncode(attested.id.span()));
  } else {
    terminal.Out(
        RecordedText({options.kind, attested.id, attested.index, attested.repeated}, options.json));
  }
  return ExitCode::kYes;
}

}  // namespace carnet::cli
