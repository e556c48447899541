// Attest: draft -> statement -> bundle -> appended -> receipt.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "artifact/model_files.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "ledger/ledger.h"
#include "pipeline/check_statement.h"
#include "pipeline/draft.h"
#include "schemas/predicate.h"
#include "signer/signer.h"
#include "sigstore/bundle.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

struct Attested {
  StatementId id;
  LeafIndex index;
  sigstore::Bundle bundle;  // with its receipt
  // What a passport that rests on it will lack, in words.
  std::vector<std::string> notes;
  bool repeated = false;  // it was logged by an earlier call
};

// 32 random hex digits come from the caller (S1).
struct Moment {
  TimestampMs now;
  std::string nonce;
  bool chosen = false;  // an earlier call may have used the nonce
};

// The ledger does not keep the text, for this reason. `keep` is given the signed bundle before it
// is logged: after that its text would be nowhere else. Where it fails, nothing is logged.
struct Withheld {
  std::string reason;
  std::function<Result<>(const sigstore::Bundle&)> keep;
};

struct Prepared {
  sigstore::ParsedStatement statement;
  std::vector<std::string> notes;  // as of Attested
};

// The statement as Attest would sign it, judged: nothing is signed. `expected` counts as being in
// the ledger. Errors: rejected, as CheckStatement (pipeline/check_statement.h); malformed.
Result<Prepared> PrepareStatement(schemas::Predicate draft, const signer::Signer& signer,
                                  const ledger::Ledger& ledger, const Moment& moment,
                                  OnFinding on_finding = OnFinding::kRefuse,
                                  const std::optional<StatementId>& expected = {});

// Called with what is signed, before anybody else sees it: adds time stamps. Where it fails,
// nothing is logged.
using Completion = std::function<Result<>(signer::SignedStatement&)>;

// Signs, appends and fetches the receipt. The statement is read once, by the signer (and once more
// with a certificate). Where the nonce is `chosen` and used already, that statement is returned and
// nothing is signed. Errors: as PrepareStatement and Ledger::Append; those of `complete`; conflict
// (the nonce is used, with other content). Once it is logged, they say so.
Result<Attested> Attest(schemas::Predicate draft, const signer::Signer& signer,
                        ledger::Ledger& ledger, const Moment& moment,
                        const std::optional<Withheld>& withheld = std::nullopt,
                        OnFinding on_finding = OnFinding::kRefuse, const Completion& complete = {});

// What an earlier call with the same nonce has logged; absent where the nonce is not `chosen`.
// Errors: conflict (the nonce is used, with other content).
Result<std::optional<Attested>> FindRepeated(const schemas::Predicate& draft,
                                             const signer::Signer& signer,
                                             const ledger::Ledger& ledger, const Moment& moment);

// Appends a statement that was signed here and fetches its receipt.
Result<Attested> AppendSigned(sigstore::ParsedStatement statement, const Bytes& signature,
                              const crypto::P256PublicKey& key, ledger::Ledger& ledger);

// Appends a signed bundle, with or without entries (which are replaced), and fetches its receipt.
Result<Attested> AppendBundle(const sigstore::Bundle& bundle, const crypto::P256PublicKey& key,
                              ledger::Ledger& ledger);

// The same of a bundle with a certificate, whose identity is the signer. Its trust is not judged.
Result<Attested> AppendCertified(const sigstore::Bundle& bundle, ledger::Ledger& ledger);

// A data set's draft gains `data`, `data_basis` and `files` from its files, and `size` with their
// bytes if it states none. Nothing is left out of a data set, whatever `files` leaves out. Errors:
// as Draft::Read.
Result<schemas::Predicate> DatasetDraft(std::string_view draft, const DraftOrigin& origin,
                                        const artifact::ModelFiles& files);

}  // namespace carnet::pipeline
