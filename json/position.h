// Where something is in a JSON text that a person wrote, for messages. The text is read again, so
// that trees need not keep positions: only for texts in which something is wrong.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "json/tree.h"

namespace carnet::json {

// Both from 1. Columns count characters (code points), as editors do.
struct Position {
  size_t line;
  size_t column;
};

// Of the byte at `offset`, or of the end if there are fewer.
Position PositionOf(std::string_view text, size_t offset);

// Byte offset of the value that `path` (in the spelling of Value::Path) leads to: of a member its
// key, of an element its first byte. Where not all of the path is there, of the innermost value
// that is. Requires the root of `text`'s own tree.
size_t OffsetOf(std::string_view text, Value root, std::string_view path);

// "run.json:12:7: flop.update.amount: …": `error`, which came of reading `text` and whose message
// begins with the path of a value, or says what Parse did not like about the text.
Error InFile(std::string_view name, std::string_view text, const Error& error);

}  // namespace carnet::json
