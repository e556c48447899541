// Attest: draft -> statement -> bundle -> appended -> receipt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "artifact/model_files.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "ledger/ledger.h"
#include "schemas/predicate.h"
#include "signer/signer.h"
#include "sigstore/bundle.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

struct Attested {
  StatementId id;
  LeafIndex index;
  sigstore::Bundle bundle;  // with its receipt
};

// 32 random hex digits come from the caller (S1).
struct Moment {
  TimestampMs now;
  std::string nonce;
};

// Signs, appends and fetches the receipt. The statement is read once, by the signer. With
// `withheld`, a reason, the ledger does not keep its text: the bundle that is returned has it.
// Errors: as Ledger::Append; rejected, as CheckClock. Once it is logged, they say so.
Result<Attested> Attest(schemas::Predicate draft, const signer::Signer& signer,
                        ledger::Ledger& ledger, const Moment& moment,
                        const std::optional<std::string>& withheld = std::nullopt);

// Appends a statement that was signed here and fetches its receipt.
Result<Attested> AppendSigned(sigstore::ParsedStatement statement, const Bytes& signature,
                              const crypto::P256PublicKey& key, ledger::Ledger& ledger);

// Appends a signed bundle, with or without entries (which are replaced), and fetches its receipt.
Result<Attested> AppendBundle(const sigstore::Bundle& bundle, const crypto::P256PublicKey& key,
                              ledger::Ledger& ledger);

// A data set's draft gains `data`, `data_basis` and `files` from its files, and `size` with their
// bytes if it states none. Errors: as Draft::Read.
Result<schemas::Predicate> DatasetDraft(std::string_view draft, std::string_view name,
                                        const artifact::ModelFiles& files);

}  // namespace carnet::pipeline
