// LoggedStatement: what a line of output says of a statement in a ledger, and who says it. What the
// statement says of itself may be any text: TextOf quotes it and names its signer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "json/writer.h"
#include "ledger/reader.h"
#include "schemas/predicate.h"
#include "trust/trust.h"

namespace carnet::pipeline {

struct LoggedStatement {
  StatementId id;
  LeafIndex index;
  schemas::Kind kind;
  SignerId signer;
  std::string party;  // of the signer, where the trust directory lists it; else empty
  std::string label;  // "tiny-licence-gpt", "segment 3", "fine-tune run", …
  std::string flop;   // exact decimal of the statement's own total; empty if it states none
  std::optional<StatementId> run;  // of a segment
  bool label_is_ours = false;      // a word or number of ours, not a text that the statement chose
  std::optional<TimestampMs> created = {};  // self-declared; absent where the text is
};

// Without what its text says: for Describe. `trust` may be null.
LoggedStatement Undescribed(const ledger::StoredEntry& entry, schemas::Kind kind,
                            const trust::Trust* trust);
// Sets label, figure, run and time of creation.
void Describe(const schemas::Predicate& predicate, LoggedStatement& statement);
void Describe(const schemas::Absence& absence, LoggedStatement& statement);

// Both of the above. Errors: as Reader::EntryAt, corruption (the text cannot be read back).
Result<LoggedStatement> ReadLogged(const ledger::Reader& reader, LeafIndex index,
                                   const trust::Trust* trust);

// Whether trust lets the signer sign this kind. Anyone may log a statement about any digest.
bool IsTrusted(const trust::Trust* trust, const SignerId& signer, schemas::Kind kind);

// "sha256:" and the first eight digits.
std::string ShortId(const StatementId& id);
std::string LongId(const StatementId& id);  // "sha256:" and all digits
// The party, or the first digits of the key.
std::string SpeakerOf(const LoggedStatement& statement);
// `segment 3`, `dataset "texts", says lab`.
std::string TextOf(const LoggedStatement& statement);

// Members of an object that is begun: statement, index, kind, signer, label; party, created, flop
// and run where they are known.
void WriteLogged(const LoggedStatement& statement, json::Writer& writer);

// What a reference is called where it is drawn: the field without its list marks.
std::string ReferenceLabel(std::string_view field);

}  // namespace carnet::pipeline
