// One statement of a ledger as a whole: every field, what its references lead to, and what refers
// to it. Nothing is verified. What a statement says is any text that its signer chose: it is
// printed escaped, so that it can neither end its line nor pass for a field.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "pipeline/logged_statement.h"
#include "schemas/stored.h"
#include "schemas/subjects.h"
#include "trust/trust.h"

namespace carnet::pipeline {

inline constexpr size_t kShownReferrers = 20;
inline constexpr size_t kNamedReferences = 1'000;  // against statements that refer to thousands

struct ShownStatement {
  LoggedStatement statement;
  TreeSize size;                           // of the tree that was asked
  std::vector<LeafIndex> indices;          // ascending: a verdict may be logged by several signers
  std::vector<schemas::Subject> subjects;  // where its text is absent, without names
  std::variant<Bytes, schemas::Absence> content;
  std::vector<LoggedStatement> references;  // what is in the ledger of the first kNamedReferences
  std::vector<LoggedStatement> referrers;   // the first kShownReferrers
  bool more_referrers = false;
  bool names_parties = false;  // a trust directory was given
};

// Errors: not_found; as the reader's.
Result<ShownStatement> ReadShown(const ledger::Reader& reader, const StatementId& id,
                                 const trust::Trust* trust);

std::string ShownText(const ShownStatement& shown);
std::string ShownJson(const ShownStatement& shown);

}  // namespace carnet::pipeline
