#include "tests/support/real_ledger.h"

#include "crypto/sha256.h"
#include "pipeline/draft.h"
#include "sigstore/bundle.h"
#include "tests/support/party_keys.h"
#include "tests/support/world.h"

namespace carnet::test {
namespace {

using drafts::Hex;
using schemas::Kind;

constexpr uint64_t kStart = 1'795'176'000'000;  // 2026-11-20T12:00:00.000Z
constexpr char kOrigin[] = "ledger.example";

const StatementId kNone(std::array<uint8_t, 32>{});

trust::TrustedKey Trusted(const std::string& name, const std::string& party, std::set<Kind> kinds) {
  return {ValueOf(crypto::P256PublicKey::ParseSpki(KeyNamed(name).spki()), name),
          party,
          name,
          std::move(kinds),
          {},
          {}};
}

}  // namespace

RealLedger::RealLedger() : clock_ms(kStart), device(kNone), allocation(kNone), dataset(kNone) {
  ValueOf(ledger::Ledger::Create(folder(), kOrigin, LogKeyNamed(kOrigin), nullptr), "create");
  Open();
  device = Attest(Kind::kDevice, drafts::Device(), "cloud");
  allocation = Attest(Kind::kAllocation,
                      drafts::Allocation({.holders = {"key:" + Hex(KeyNamed("lab").id())},
                                          .devices = {Hex(device)},
                                          .from_ms = kStart,
                                          .to_ms = kStart + kDayMs}),
                      "cloud");
  dataset =
      Attest(Kind::kDataset, drafts::Dataset({.data = Hex(crypto::Sha256Of("texts"))}), "lab");
}

void RealLedger::Open() { ledger_ = ValueOf(ledger::Ledger::Open(folder()), "open"); }

std::unique_ptr<ledger::Ledger> RealLedger::AnotherLedger() {
  const std::string other = *this / "another-ledger";
  const auto key = crypto::Ed25519PrivateKey::Generate();
  ValueOf(ledger::Ledger::Create(other, "another.example", key, nullptr), "create");
  return ValueOf(ledger::Ledger::Open(other), "open");
}

std::unique_ptr<ledger::Reader> RealLedger::Read() { return ValueOf(ledger_->Read(), "read"); }

const signer::Signer& RealLedger::lab() const { return *KeyNamed("lab").signer; }

pipeline::Moment RealLedger::Moment() {
  clock_ms += 1000;
  std::string nonce = std::to_string(++nonces_);
  nonce.insert(0, 32 - nonce.size(), '0');
  return {TimestampMs(clock_ms), nonce};
}

std::string RealLedger::RunDraft(drafts::RunTerms terms) const {
  terms.datasets = drafts::Texts{Hex(dataset)};
  return drafts::Run(terms);
}

std::string RealLedger::SegmentDraft(uint64_t stretch, uint64_t tokens) const {
  return drafts::Stretch({.device = Hex(device),
                          .allocation = Hex(allocation),
                          .stretch = stretch,
                          .from_ms = clock_ms,
                          .tokens = tokens});
}

StatementId RealLedger::Attest(Kind kind, const std::string& draft, const std::string& key) {
  auto predicate = ValueOf(pipeline::ReadWholeDraft(kind, draft, key), "draft");
  return ValueOf(pipeline::Attest(std::move(predicate), *KeyNamed(key).signer, *ledger_, Moment()),
                 "attest")
      .id;
}

trust::Trust RealLedger::MakeTrust() {
  const std::set<Kind> lab = {Kind::kDataset, Kind::kRun, Kind::kSegment, Kind::kCompletion,
                              Kind::kPassport};
  std::vector<trust::TrustedKey> keys;
  keys.push_back(Trusted("lab", "lab", lab));
  keys.push_back(Trusted("site", "lab", lab));
  keys.push_back(Trusted("cloud", "cloud", {Kind::kDevice, Kind::kAllocation}));
  keys.push_back(Trusted("hub", "hub", {Kind::kVerdict}));
  std::vector<trust::TrustedLog> logs;
  logs.push_back({kOrigin, {{ledger_->key(), {}, {}}}, "", {}});
  return ValueOf(trust::Trust::Create(std::move(keys), std::move(logs)), "trust");
}

verifier::Verdict RealLedger::Judge(const std::string& passport,
                                    const artifact::ModelFiles& model) {
  const trust::Trust trust = MakeTrust();
  const auto policy = ValueOf(verifier::policy::ShippedPolicy("hub-default", now()), "policy");
  const verifier::Gate gate(trust, policy);
  return ValueOf(gate.Check(passport, model, now()), "gate");
}

std::string PayloadOf(const std::string& bundle_json) {
  const auto bundle = ValueOf(sigstore::ReadBundle(bundle_json), "bundle");
  return {bundle.envelope.payload.begin(), bundle.envelope.payload.end()};
}

}  // namespace carnet::test
