// Which statement a digest means, where a command takes any.
#pragma once

#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "trust/trust.h"

namespace carnet::pipeline {

struct ChosenStatement {
  StatementId id;
  bool by_id;                  // the digest is its id; else it is about the digest
  size_t other_passports = 0;  // about the same digest
};

// The statement that a digest most likely means. Its own id, or else, of the statements about it by
// parties that `trust` lets sign such statements, the latest passport, else the latest completion,
// segment or other statement; where there is none, or no `trust`, of all statements about it.
// Anyone can log those. Errors: not_found.
Result<ChosenStatement> ChooseStatement(const ledger::Reader& reader, const SubjectDigest& digest,
                                        const trust::Trust* trust);

}  // namespace carnet::pipeline
