// Small valid statements of every kind, signed with a P-256 key: what the tests of ledger/ append.
// Their text is that of drafts.h and statement_text.h, not of the codec under test. Nonces are a
// counter, so that the same calls give the same statements. For one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/signer_id.h"
#include "crypto/ecdsa.h"
#include "ledger/submission.h"
#include "sigstore/dsse.h"
#include "tests/support/statement_text.h"

namespace carnet::test {

class StatementMaker {
 public:
  // `key` must outlive the maker. `label` keeps the nonces of two makers apart.
  StatementMaker(const crypto::P256PrivateKey& key, const LogId& ledger, std::string label);

  const crypto::P256PublicKey& key() const { return key_.public_key(); }

  sigstore::Envelope Device();
  sigstore::Envelope Dataset(const std::vector<StatementId>& derived_from = {},
                             size_t padding_bytes = 0);
  struct RunTerms {
    std::vector<SignerId> recorders;
    std::vector<ModelDigest> parents;  // fine-tuned-from
    std::vector<StatementId> devices;
  };
  sigstore::Envelope Run(const RunTerms& terms = {});
  struct SegmentTerms {
    StatementId run;
    uint64_t lane = 0;
    uint64_t seq = 0;
    std::optional<StatementId> previous;  // required where seq > 0
  };
  sigstore::Envelope Segment(const SegmentTerms& terms);
  sigstore::Envelope Completion(const StatementId& run, const StatementId& last);
  // Of a model of one file, whose content is `content`.
  sigstore::Envelope Passport(const StatementId& completion, std::string_view content,
                              const std::optional<StatementId>& supersedes = std::nullopt);
  // Without a head: the same text from every maker.
  sigstore::Envelope Verdict(const ModelDigest& model, const StatementId& passport) const;

  ledger::Submission Submit(const sigstore::Envelope& envelope) const;
  static ModelDigest ModelOf(std::string_view content);

 private:
  std::string Nonce() const;
  std::string Unique(const std::string& what) const;  // among all makers' statements
  sigstore::Envelope Sign(const std::string& kind, const Subjects& subjects,
                          const std::string& draft) const;
  sigstore::Envelope SignText(const std::string& payload) const;

  const crypto::P256PrivateKey& key_;
  LogId ledger_;
  std::string label_;
  uint64_t made_ = 0;
};

}  // namespace carnet::test
