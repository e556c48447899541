// The spelling of single values in JSON (S4), reading and writing side by side: counts, FLOP
// amounts, digests, signer ids, nonces, times, flags, and the rule for text. Private to schemas/.
#pragma once

#include <capnp/any.h>
#include <capnp/dynamic.h>

#include "core/result.h"
#include "json/tree.h"
#include "json/writer.h"
#include "schemas/struct_plan.h"

namespace carnet::schemas {

inline constexpr std::string_view kUndisclosed = "undisclosed";

// The string "undisclosed", whatever the field.
bool IsUndisclosed(json::Value value);

// Requires a form from kCount on, and `to` of that form's struct. Errors: malformed, without path.
Result<> ReadValue(const FieldPlan& rules, Form form, json::Value value,
                   capnp::AnyStruct::Builder to);
void WriteValue(Form form, capnp::DynamicStruct::Reader value, json::Writer& writer);
// Whether a value that a program has set could come from ReadValue. Requires it to be disclosed.
// Errors: malformed, without path.
Result<> CheckValue(const FieldPlan& rules, Form form, capnp::DynamicStruct::Reader value);

// The text of a string that obeys S4. Errors: malformed, without path.
Result<std::string_view> ReadText(const FieldPlan& rules, json::Value value);
Result<> CheckText(const FieldPlan& rules, std::string_view text);

Error WrongType(std::string_view expected, json::Value found);

}  // namespace carnet::schemas
