// The statement that a repeated call has made already.
#pragma once

#include <optional>
#include <string_view>

#include "core/result.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "ledger/reader.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

struct EarlierStatement {
  LeafIndex index;
  sigstore::ParsedStatement statement;
};

// The logged statement of `prepared`'s signer and kind that has its nonce, whatever else it says.
// Nonces are unguessable and never drawn twice (S1), so it was meant to be the same. Found are
// those with the same first subject, and any others among the ledger's last 100,000 entries: there
// is no index by nonce. Errors: as the reader's; conflict: of one with the same subject the text is
// withheld or erased, so that nobody can tell.
Result<std::optional<EarlierStatement>> FindEarlier(const ledger::Reader& reader,
                                                    const sigstore::ParsedStatement& prepared);

// Errors: conflict, naming the earlier statement and the fields in which `prepared` differs.
Result<> CheckSameContent(const EarlierStatement& earlier,
                          const sigstore::ParsedStatement& prepared);

// When the window of the signer's allocation with this nonce begins; absent where there is none, or
// its text is withheld or erased. A window of which nobody said when it begins begins when the
// statement is made: repeated, it begins where it began, as the clock alone makes no other content.
Result<std::optional<TimestampMs>> WindowBegan(const ledger::Reader& reader, const SignerId& signer,
                                               std::string_view nonce);

}  // namespace carnet::pipeline
