#include "ledger/ledger.h"

#include "api/ledger_state.h"
#include "api/password.h"
#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "ledger/fsck/fsck.h"
#include "ledger/submission.h"
#include "sigstore/bundle.h"
#include "sigstore/key_file.h"

namespace carnet {
namespace {

ledger::LedgerOptions OptionsOf(const LedgerOptions& options) {
  ledger::LedgerOptions opened;
  opened.guard = options.guard;
  opened.password = api::SecretOf(options.password, "the ledger's key");
  return opened;
}

}  // namespace

Result<> Ledger::Create(const std::string& folder, const std::string& origin,
                        const LedgerOptions& options) {
  const auto key = crypto::Ed25519PrivateKey::Generate();
  const ledger::LedgerOptions create = OptionsOf(options);
  if (!options.password) {
    return ledger::Ledger::Create(folder, origin, key, nullptr, create);
  }
  CARNET_TRY(const crypto::SecretBytes password, create.password());
  return ledger::Ledger::Create(folder, origin, key, &password, create);
}

Result<Ledger> Ledger::Open(const std::string& folder, const LedgerOptions& options) {
  CARNET_TRY(auto opened, ledger::Ledger::Open(folder, OptionsOf(options)));
  return Ledger(std::make_shared<State>(State{std::move(opened)}));
}

Ledger::Ledger(std::shared_ptr<State> state) : state_(std::move(state)) {}
Ledger::~Ledger() = default;

Result<Appended> Ledger::Append(std::string_view bundle, std::string_view public_key) {
  CARNET_TRY(const sigstore::Bundle read, sigstore::ReadBundle(bundle));
  CARNET_TRY(const Bytes spki, sigstore::ReadPublicKey(public_key));
  CARNET_TRY(const auto key, crypto::P256PublicKey::ParseSpki(spki));
  CARNET_TRY(const auto submission, ledger::Submission::Verify(read.envelope, key));
  CARNET_TRY(const auto appended, state_->ledger->Append({&submission, 1}));
  return Appended{appended.front().index.value(), appended.front().duplicate};
}

Result<LedgerReader> Ledger::Read() const {
  CARNET_TRY(auto reader, state_->ledger->Read());
  return Internals::Make<LedgerReader>(state_, std::move(reader));
}

Result<FsckReport> Fsck(const std::string& folder, const std::string& guard) {
  CARNET_TRY(const ledger::FsckReport report, ledger::Fsck(folder, {.guard = guard}));
  return FsckReport{report.size.value(), report.rows_checked, report.withheld, report.erased,
                    report.findings};
}

}  // namespace carnet
