#include "pipeline/attest_machine.h"

#include "pipeline/compose_draft.h"
#include "pipeline/derive_supplies.h"
#include "pipeline/logged_predicate.h"
#include "pipeline/statements_about.h"
#include "schemas/readers.h"

namespace carnet::pipeline {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

bool IsSameDevice(wire::Device::Reader one, wire::Device::Reader other) {
  return one.getUnits().getValue() == other.getUnits().getValue() &&
         TextOf(one.getChip()) == TextOf(other.getChip()) && one.hasCpu() == other.hasCpu() &&
         TextOf(one.getCpu().getModel()) == TextOf(other.getCpu().getModel()) &&
         one.getCpu().getCores().getValue() == other.getCpu().getCores().getValue();
}

// The signer's latest about the device, if it states the same.
Result<std::optional<StatementId>> FindAttested(const sigstore::ParsedStatement& prepared,
                                                const SignerId& signer,
                                                const ledger::Reader& reader) {
  const auto wanted = ReaderOf<wire::Device>(prepared.predicate());
  std::optional<StatementId> found;
  const auto compare = [&](LeafIndex index) -> Result<bool> {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    if (entry.signer != signer || entry.payload() == nullptr) return true;
    const auto logged = ReadLogged(reader, entry.id, Kind::kDevice);
    if (!logged) return logged.error();
    found.reset();
    if (IsSameDevice(wanted, ReaderOf<wire::Device>(*logged))) found = entry.id;
    return true;
  };
  CARNET_TRY_VOID(VisitAbout(reader, prepared.subjects().front().digest, compare));
  return found;
}

}  // namespace

Result<AttestedMachine> AttestMachine(const ThisMachine& machine, const signer::Signer& signer,
                                      ledger::Ledger& ledger,
                                      const verifier::compute::Catalogue& chips,
                                      const Moment& moment, bool dry_run) {
  const DerivedDraft derived = DeriveDevice(machine, signer.id(), chips, json::Document::Object());
  CARNET_TRY(const ComposedDraft text, ComposeDraft(Kind::kDevice, {}, derived, {}));
  CARNET_TRY(schemas::Predicate draft, ReadWholeDraft(Kind::kDevice, text.text, text.origin));
  CARNET_TRY(const auto reader, ledger.Read());
  CARNET_TRY(const auto prepared,
             signer.Prepare(draft.Clone(), {ledger.key().id(), moment.now, moment.nonce}));
  CARNET_TRY(const auto known, FindAttested(prepared, signer.id(), *reader));
  if (known) return AttestedMachine{*known, true};
  if (dry_run) return AttestedMachine{prepared.id(), false, derived.notes};
  CARNET_TRY(Attested attested, Attest(std::move(draft), signer, ledger, moment));
  attested.notes.insert(attested.notes.begin(), derived.notes.begin(), derived.notes.end());
  return AttestedMachine{attested.id, false, std::move(attested.notes)};
}

}  // namespace carnet::pipeline
