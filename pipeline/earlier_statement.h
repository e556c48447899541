// The statement that a repeated call has made already.
#pragma once

#include <optional>

#include "core/result.h"
#include "core/strong_u64.h"
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

}  // namespace carnet::pipeline
