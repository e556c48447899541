// The one codec between predicates and JSON, by schema reflection: one walk each way that carries
// the path of every field, reads integers from their text and keeps track of presence (S4).
// Refused, each with the field's path: unknown field, wrong type, bad spelling, out of range,
// absent required field, "undisclosed" where it is not allowed, null, forbidden characters.
// Duplicate keys are refused earlier, by json/reader.h.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "json/tree.h"
#include "json/writer.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

enum class HeadRule {
  kRequired,   // a statement's predicate (not for a verdict, which never has one)
  kForbidden,  // a draft, as given to `carnet attest`: the signer adds the head (S1)
};

// `value` is the predicate object; paths in messages start at `predicate`. Also checked: what
// schemas/validate.h checks across fields. Errors: malformed.
Result<Predicate> ReadPredicate(Kind kind, json::Value value, HeadRule head_rule);

// A draft's predicate except for the fields named in `left_out`, which are neither read nor
// required: the caller sets them and then calls schemas/check_fields.h, as no rule across fields is
// checked here. Errors: malformed.
Result<Predicate> ReadDraft(Kind kind, json::Value value,
                            std::span<const std::string_view> left_out);

// Fields in the schema's order, absent ones left out; reading it back gives the same predicate.
void WritePredicate(const Predicate& predicate, json::Writer& writer);

// `fineTunedFrom` -> `fine-tuned-from`: the names of enumerants in JSON; fields become
// `snake_case` by the same rule with `_`.
std::string JsonEnumName(std::string_view enumerant);

}  // namespace carnet::schemas
