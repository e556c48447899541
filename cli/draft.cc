#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/step_draft.h"
#include "cli/write_output.h"
#include "core/file.h"
#include "crypto/ecdsa.h"
#include "crypto/pem.h"
#include "pipeline/open_fields.h"
#include "pipeline/run_status.h"
#include "pipeline/set_values.h"
#include "schemas/field_guide.h"
#include "signer/key_place.h"

namespace carnet::cli {
namespace {

using schemas::Kind;

// A public key names its signer as well as the private one, without a password.
Result<SignerId> SignerOf(const std::string& path, Terminal& terminal) {
  constexpr uint64_t kMaxKeyBytes = 64 << 10;
  if (signer::KeyPlaceOf(path) != signer::KeyPlace::kFile) {
    CARNET_TRY(const auto signer, OpenSigner(path, terminal));
    return signer->id();
  }
  CARNET_TRY(const std::string text, ReadFile(path, kMaxKeyBytes));
  const auto pem = crypto::ParsePem(text);
  if (!pem || pem->label != "PUBLIC KEY") {
    CARNET_TRY(const auto signer, OpenSigner(path, terminal));
    return signer->id();
  }
  const auto key = crypto::P256PublicKey::ParseSpki(pem->body.Expose());
  if (!key) return key.error().In(path);
  return SignerId(key->id());
}

// What the options name, opened; the reader and the files live here.
struct Opened {
  pipeline::AtHand at_hand;
  std::unique_ptr<ledger::Reader> reader;
  std::optional<artifact::ModelFiles> model;
};

Result<> OpenRun(const DraftOptions& options, Terminal& terminal, Opened& opened) {
  CARNET_TRY(opened.reader, OpenReader(options.ledger, terminal));
  opened.at_hand.reader = opened.reader.get();
  if (options.kind == "passport") {
    CARNET_TRY(const auto status, pipeline::ReadRunStatus(options.run_directory));
    opened.at_hand.completion = status.closing;
  } else if (!options.files.empty()) {
    CARNET_TRY(opened.model, OpenModel(options.files, options.follow, terminal));
    opened.at_hand.model = &*opened.model;
  }
  return Ok();
}

Result<Opened> Open(const DraftOptions& options, Terminal& terminal) {
  Opened opened;
  opened.at_hand.cpu = options.fill.cpu;
  opened.at_hand.files = options.kind == "dataset" ? options.files : "";
  opened.at_hand.follow = options.follow;
  opened.at_hand.run_directory = options.run_directory;
  opened.at_hand.lane = options.lane;
  if (options.kind == "device" && !options.key.empty()) {
    CARNET_TRY(opened.at_hand.signer, SignerOf(options.key, terminal));
  }
  return opened;
}

struct Written {
  std::string text;
  std::vector<std::string> notes;
};

Result<Written> Compose(const DraftOptions& options, Terminal& terminal) {
  const auto kind = schemas::ParseKindName(options.kind);
  CARNET_CHECK(kind.has_value());  // the command line accepts no other
  CARNET_TRY(const FillOptions fill, WithWholeIds(options.fill, options.ledger, terminal));
  CARNET_TRY(const auto given, OpenDraft(*kind, "", fill));
  CARNET_TRY(Opened opened, Open(options, terminal));
  if (!options.run_directory.empty()) CARNET_TRY_VOID(OpenRun(options, terminal, opened));
  CARNET_TRY(auto derived, pipeline::DeriveDraft(*kind, given.set, opened.at_hand, terminal.Now()));
  pipeline::PutOver(given.set, derived.fields);
  auto not_asked = pipeline::NotAskedFor(*kind, opened.at_hand);
  // The machine decides which of them there are.
  if (*kind == Kind::kDevice) not_asked.insert(not_asked.end(), {"members", "chip", "cpu"});
  const auto& guide = schemas::GuideOf(*kind);
  const auto optional = pipeline::OptionalFieldsOf(guide, not_asked, derived.fields);
  pipeline::AddPlaceholders(guide, not_asked,
                            options.all ? pipeline::Offer::kAll : pipeline::Offer::kRequired,
                            derived.fields);
  for (const auto& field : optional) {
    if (!options.all) {
      derived.notes.push_back("may also be stated: " + field.path + ": " + field.meaning);
    }
  }
  return Written{pipeline::InOrder(guide, derived.fields).Text(json::Layout::kIndented),
                 std::move(derived.notes)};
}

}  // namespace

ExitCode WriteDraft(const DraftOptions& options, Terminal& terminal) {
  const bool of_run = options.kind == "segment" || options.kind == "passport";
  if (!of_run && !options.run_directory.empty()) {
    return terminal.WrongUsage("--dir works only with segment and passport");
  }
  if (options.run_directory.empty() ? options.kind == "segment" : options.ledger.empty()) {
    return terminal.WrongUsage("--dir and --ledger go together, and a segment needs both");
  }
  const auto free = CheckOutput(options.out, options.force);
  if (!free) return terminal.Fail(free.error());
  const auto draft = Compose(options, terminal);
  if (!draft) return terminal.Fail(draft.error());
  for (const std::string& note : draft->notes) terminal.Note(note);
  return terminal.Done(WriteOrPrint(options.out, draft->text, options.force, terminal));
}

}  // namespace carnet::cli
