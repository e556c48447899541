#include "verifier/bundle/verify_bundle.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/base64.h"
#include "core/utf8.h"
#include "schemas/limits.h"
#include "verifier/bundle/foreign_log_entry.h"
#include "verifier/bundle/trusted_certificate.h"
#include "verifier/named_check.h"

namespace carnet::verifier::bundle {
namespace {

using crypto::Certificate;
using crypto::PublicKey;
using sigstore::CertificateIdentity;
using sigstore::Envelope;
using sigstore::ForeignBundle;
using sigstore::IdentityPattern;
using sigstore::LogEntry;
using sigstore::LogKey;
using sigstore::TrustedMaterial;

using StepRefusal = std::optional<BundleRejection>;  // absent: the step has passed

BundleRejection Reject(BundleReason reason, const Error& error) { return {reason, error.message}; }

// One bundle on its way through the steps; each uses what those before it have found.
class Verification {
 public:
  Verification(const ForeignBundle& bundle, const Artifact& artifact,
               const TrustedMaterial& trusted, const WantedSigner& wanted, TimestampMs now,
               const BundleDemands& demands)
      : bundle_(bundle),
        artifact_(artifact),
        trusted_(trusted),
        wanted_(wanted),
        now_(now),
        demands_(demands) {}

  BundleVerdict Run() {
    static constexpr StepRefusal (Verification::*kSteps[])() = {
        &Verification::TakeKeyMaterial,      &Verification::FindLogs,
        &Verification::JudgeIdentity,        &Verification::JudgeContent,
        &Verification::JudgeLogBodies,       &Verification::JudgeTokens,
        &Verification::JudgePromises,        &Verification::JudgeTimes,
        &Verification::JudgeCertificate,     &Verification::JudgeProofs,
        &Verification::JudgeContentSignature};
    for (const auto step : kSteps) {
      if (StepRefusal refusal = (this->*step)()) return *std::move(refusal);
    }
    return VerifiedBundle{*std::move(signer_), std::move(times_), std::move(positions_),
                          std::move(statement_), std::move(not_checked_)};
  }

 private:
  struct KnownEntry {
    const LogEntry* entry;
    const LogKey* log;
  };

  // 1 and 8.
  StepRefusal TakeKeyMaterial();
  StepRefusal TakeCertificates(const std::vector<Bytes>& ders);
  StepRefusal FindLogs();               // 6
  StepRefusal JudgeIdentity();          // 5
  StepRefusal JudgeContent();           // 7, but for the signature
  StepRefusal JudgeLogBodies();         // 6d
  StepRefusal JudgeTokens();            // 2a
  StepRefusal JudgePromises();          // 2b, 6a
  StepRefusal JudgeTimes();             // 2c
  StepRefusal JudgeCertificate();       // 3, 4
  StepRefusal JudgeProofs();            // 6b, 6c
  StepRefusal JudgeContentSignature();  // 7

  Result<> CheckLogKeyAge(const LogKey& log) const;

  const ForeignBundle& bundle_;
  const Artifact& artifact_;
  const TrustedMaterial& trusted_;
  const WantedSigner& wanted_;
  const TimestampMs now_;
  const BundleDemands& demands_;

  std::vector<Certificate> certificates_;  // leaf first; none for a given key
  std::optional<PublicKey> key_;
  std::vector<KnownEntry> entries_;

  std::optional<BundleSigner> signer_;
  std::vector<VerifiedTime> times_;
  std::vector<LoggedAt> positions_;
  std::optional<sigstore::ForeignStatement> statement_;
  std::vector<std::string> not_checked_;
};

std::vector<Bytes> CertificatesOf(const ForeignBundle& bundle) {
  if (const auto* one = std::get_if<sigstore::Certificate>(&bundle.material)) return {one->der};
  if (const auto* chain = std::get_if<sigstore::CertificateChain>(&bundle.material)) {
    return chain->certificates;
  }
  return {};
}

StepRefusal Verification::TakeKeyMaterial() {
  const std::vector<Bytes> ders = CertificatesOf(bundle_);
  const auto* key = std::get_if<PublicKey>(&wanted_);
  if (!ders.empty()) {
    if (Fails("8 identity-for-certificate", key != nullptr)) {
      return Reject(BundleReason::kWrongKeyMaterial,
                    Rejected("the bundle is signed with a certificate: a key cannot verify it"));
    }
    return TakeCertificates(ders);
  }
  if (key == nullptr) {
    return Reject(BundleReason::kWrongKeyMaterial,
                  Rejected("the bundle is signed with a key: an identity alone cannot verify it"));
  }
  key_ = *key;
  signer_ = key->id();
  return std::nullopt;
}

StepRefusal Verification::TakeCertificates(const std::vector<Bytes>& ders) {
  for (const Bytes& der : ders) {
    auto certificate = Certificate::Parse(der);
    if (!certificate) {
      return Reject(BundleReason::kMalformedBundle, certificate.error().In("certificate"));
    }
    certificates_.push_back(*std::move(certificate));
  }
  key_ = certificates_.front().public_key();
  return std::nullopt;
}

// The key that the entry's checkpoint and promise are to be judged by.
const LogKey* FindLog(const LogEntry& entry, const std::vector<LogKey>& logs) {
  const auto found = std::find_if(logs.begin(), logs.end(),
                                  [&entry](const LogKey& log) { return log.id == entry.log_id; });
  return found == logs.end() ? nullptr : &*found;
}

// The index that somebody vouches for: a promise is over the outer one, a proof proves its own.
// Only Rekor v1, which numbers its shards' entries through, has two different ones.
uint64_t VouchedIndex(const LogEntry& entry) {
  const bool promised = !entry.signed_entry_timestamp.empty();
  return promised || !entry.has_proof ? entry.log_index : entry.proof_log_index;
}

Result<> CheckDistinct(const std::vector<LogEntry>& entries) {
  std::set<std::pair<LogId, uint64_t>> seen;
  std::set<std::pair<LogId, Bytes>> bodies;  // the same entry may come with a promise and without
  for (const LogEntry& entry : entries) {
    const uint64_t index = VouchedIndex(entry);
    const bool is_new = seen.emplace(entry.log_id, index).second &&
                        bodies.emplace(entry.log_id, entry.canonicalized_body).second;
    if (!Fails("6 distinct", !is_new)) continue;
    return Rejected(fmt::format("two log entries with index {} of log {}", index,
                                Base64Encode(entry.log_id.span())));
  }
  return Ok();
}

StepRefusal Verification::FindLogs() {
  if (auto refusal = Refused(BundleReason::kDuplicateLogEntry, CheckDistinct(bundle_.entries))) {
    return refusal;
  }
  for (const LogEntry& entry : bundle_.entries) {
    const LogKey* log = FindLog(entry, trusted_.logs);
    if (log != nullptr) {
      entries_.push_back({&entry, log});
    } else {
      not_checked_.push_back("log entry of an unknown log, key id " +
                             Base64Encode(entry.log_id.span()));
    }
  }
  if (!Fails("6 logged", entries_.empty() && demands_.log_entry)) return std::nullopt;
  const Error none = bundle_.entries.empty()
                         ? Rejected("the bundle has no log entry")
                         : Rejected("no log of the trusted root: " + not_checked_.front());
  return Refused(BundleReason::kNotLogged, none);
}

// Whole, as IdentityOf bounds them: a difference at the end is what a liar counts on.
std::string ShownIdentity(std::string_view text) { return Printable(text, schemas::kMaxTextBytes); }

Result<> CheckIdentity(const CertificateIdentity& found, const IdentityPattern& wanted) {
  if (Fails("5 issuer", !wanted.issuer.Matches(found.issuer))) {
    return Rejected(fmt::format("expected issuer {}, found {}", wanted.issuer.ToString(),
                                ShownIdentity(found.issuer)));
  }
  if (Fails("5 name", !wanted.san.Matches(found.san))) {
    return Rejected(fmt::format("expected identity {}, found {}", wanted.san.ToString(),
                                ShownIdentity(found.san)));
  }
  return Ok();
}

StepRefusal Verification::JudgeIdentity() {
  if (certificates_.empty()) return std::nullopt;
  auto identity = sigstore::IdentityOf(certificates_.front());
  if (!identity) return Reject(BundleReason::kWrongIdentity, identity.error());
  if (auto refusal = Refused(BundleReason::kWrongIdentity,
                             CheckIdentity(*identity, std::get<IdentityPattern>(wanted_)))) {
    return refusal;
  }
  signer_ = *std::move(identity);
  return std::nullopt;
}

Result<> CheckPredicateType(const sigstore::ForeignStatement& statement,
                            const std::optional<std::string>& wanted) {
  if (!Fails("7 predicate-type", wanted && statement.predicate_type != *wanted)) return Ok();
  return Rejected(fmt::format("expected predicate type {}, found {}", *wanted,
                              Printable(statement.predicate_type)));
}

Result<> CheckContentIs(const ForeignBundle& bundle, ContentIs wanted) {
  const bool attestation = std::holds_alternative<Envelope>(bundle.content);
  if (Fails("7 message-demanded", attestation && wanted == ContentIs::kMessage)) {
    return Rejected("expected a signature of the artifact, found an attestation about it");
  }
  if (Fails("7 attestation-demanded", !attestation && wanted == ContentIs::kAttestation)) {
    return Rejected("expected an attestation, found a signature of the artifact itself");
  }
  return Ok();
}

StepRefusal Verification::JudgeContent() {
  if (auto refusal =
          Refused(BundleReason::kWrongStatement, CheckContentIs(bundle_, demands_.content))) {
    return refusal;
  }
  if (const auto* message = std::get_if<sigstore::MessageSignature>(&bundle_.content)) {
    return Refused(BundleReason::kWrongArtifact, CheckMessageDigest(*message, artifact_));
  }
  auto statement = ReadSignedStatement(std::get<Envelope>(bundle_.content));
  if (!statement) return Reject(BundleReason::kWrongStatement, statement.error());
  if (auto refusal = Refused(BundleReason::kWrongStatement,
                             CheckPredicateType(*statement, demands_.predicate_type))) {
    return refusal;
  }
  if (auto refusal = Refused(BundleReason::kWrongArtifact, CheckSubjects(*statement, artifact_))) {
    return refusal;
  }
  statement_ = *std::move(statement);
  return std::nullopt;
}

StepRefusal Verification::JudgeLogBodies() {
  const BundleFacts facts{bundle_, *key_,
                          certificates_.empty() ? ByteSpan() : certificates_.front().der()};
  for (const auto& [entry, log] : entries_) {
    const auto body =
        sigstore::ReadEntryBody(AsText(entry->canonicalized_body), entry->kind, entry->version);
    if (!body) return Reject(BundleReason::kWrongLogBody, body.error().In("log entry body"));
    if (auto refusal = Refused(BundleReason::kWrongLogBody, CheckForeignBody(*body, facts))) {
      return refusal;
    }
  }
  return std::nullopt;
}

StepRefusal Verification::JudgeTokens() {
  for (size_t i = 0; i < bundle_.timestamps.size(); ++i) {
    const auto judged =
        JudgeToken(bundle_.timestamps[i], bundle_.signature(), trusted_.timestamp_authorities);
    if (!judged) {
      if (auto refusal = Refused(BundleReason::kBadTimestamp, judged.error())) return refusal;
    } else if (*judged) {
      times_.push_back(**judged);
    } else {
      not_checked_.push_back(fmt::format(
          "time-stamp token {}, by a certificate that the trusted root does not list", i));
    }
  }
  return std::nullopt;
}

StepRefusal Verification::JudgePromises() {
  for (const auto& [entry, log] : entries_) {
    if (entry->signed_entry_timestamp.empty()) continue;
    const auto time = JudgePromise(*entry, *log);
    if (time) {
      times_.push_back(*time);
    } else if (auto refusal = Refused(BundleReason::kBadPromise, time.error())) {
      return refusal;
    }
  }
  return std::nullopt;
}

Result<> CheckTimes(const std::vector<VerifiedTime>& times, bool wanted, TimestampMs now) {
  for (const VerifiedTime& time : times) {
    if (!Fails("2c future", time.time > now)) continue;
    return Rejected(fmt::format("{} states {}, which is later than now, {}", time.source,
                                FormatTimestamp(time.time), FormatTimestamp(now)));
  }
  if (!Fails("2c none", wanted && times.empty())) return Ok();
  return Rejected(
      "nobody who is trusted says when the certificate was used: no time-stamp token by a "
      "certificate that the trusted root lists, no promise of a log");
}

StepRefusal Verification::JudgeTimes() {
  return Refused(BundleReason::kNoVerifiedTime, CheckTimes(times_, !certificates_.empty(), now_));
}

StepRefusal Verification::JudgeCertificate() {
  if (certificates_.empty()) return std::nullopt;
  const Certificate& leaf = certificates_.front();
  auto others = std::vector(certificates_.begin() + 1, certificates_.end());
  if (bundle_.version == sigstore::BundleVersion::k01) others = WithoutRoots(others);
  if (auto refusal = Refused(BundleReason::kWrongCertificateUse, CheckLeafUse(leaf))) {
    return refusal;
  }
  if (auto refusal = Refused(BundleReason::kWrongCertificateUse, CheckIntermediates(others))) {
    return refusal;
  }
  for (const VerifiedTime& time : times_) {
    const auto path = FindTrustedPath(leaf, others, trusted_.certificate_authorities, time.time);
    if (!path) {
      return Reject(BundleReason::kUntrustedCertificate, path.error().In(time.source));
    }
    if (!demands_.certificate_timestamp) continue;
    if (auto refusal = Refused(BundleReason::kBadSct,
                               CheckCertificateTimestamps(leaf, (*path)[1], trusted_.ct_logs))) {
      return refusal;
    }
  }
  return std::nullopt;
}

// A checkpoint has no time: it is as old as the youngest proof of the bundle's age allows.
Result<> Verification::CheckLogKeyAge(const LogKey& log) const {
  const auto covered = [&log](const VerifiedTime& time) { return log.valid.Contains(time.time); };
  const bool now_outside = times_.empty() && !log.valid.Contains(now_);
  const bool then_outside = !times_.empty() && std::none_of(times_.begin(), times_.end(), covered);
  if (!Fails("6b log-window-now", now_outside) && !Fails("6b log-window-then", then_outside)) {
    return Ok();
  }
  return Rejected(fmt::format("the key of {} is trusted from {}, and {}", log.name,
                              log.valid.ToString(),
                              times_.empty() ? "nothing shows that the checkpoint was signed then"
                                             : "no verified time is inside"));
}

StepRefusal Verification::JudgeProofs() {
  for (const auto& [entry, log] : entries_) {
    LoggedAt position{log->name, VouchedIndex(*entry), 0};
    if (entry->has_proof) {
      if (auto refusal = Refused(BundleReason::kBadCheckpoint, CheckLogKeyAge(*log))) {
        return refusal;
      }
      const auto checkpoint = JudgeForeignCheckpoint(*entry, *log);
      if (!checkpoint) {
        return Reject(BundleReason::kBadCheckpoint, checkpoint.error().In("checkpoint"));
      }
      if (auto refusal = Refused(BundleReason::kBadInclusionProof,
                                 CheckForeignInclusion(*entry, *checkpoint))) {
        return refusal;
      }
      position.tree_size = checkpoint->size.value();
    }
    positions_.push_back(std::move(position));
  }
  return std::nullopt;
}

StepRefusal Verification::JudgeContentSignature() {
  return Refused(BundleReason::kBadSignature, CheckContentSignature(bundle_, *key_, artifact_));
}

}  // namespace

BundleVerdict VerifyBundle(const ForeignBundle& bundle, const Artifact& artifact,
                           const TrustedMaterial& trusted, const WantedSigner& wanted,
                           TimestampMs now, const BundleDemands& demands) {
  return Verification(bundle, artifact, trusted, wanted, now, demands).Run();
}

}  // namespace carnet::verifier::bundle
