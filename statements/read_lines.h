// Lines of bytes to a StatementSet: the form of a passport file, JSON Lines of bundles. Everything
// here deals with hostile bytes: limits come before allocation, and nothing refused is kept.
// What lines say by themselves is read by several threads, a bounded stretch of the file at a time;
// the set is put together by one, in the order of the lines.
//
// In all: at most 256 MiB and 200,000 lines, or nothing is read; 10^6 references, or nothing is
// kept. A line: at most 4 MiB, ended by LF, not empty, without CR or byte order mark; a bundle
// (sigstore::ReadBundle) of payloadType in-toto with a statement (sigstore::ReadStatement). Of two
// lines with the same statement the first is kept.
// Not checked: signatures, log entries, whether the statements belong together.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "sigstore/bundle.h"
#include "statements/set_builder.h"
#include "statements/statement_set.h"

namespace carnet::statements {

struct EnclosedStatements {
  StatementSet statements;
  std::vector<sigstore::Bundle> bundles;  // that the statements came in, by place
};

// Calls `refuse`, on this thread, for each line that is not kept, in the order of the lines. The
// result does not depend on `threads`; 1 starts none.
EnclosedStatements ReadLines(std::string_view bytes, const std::function<void(Refused)>& refuse,
                             unsigned threads = 1);

}  // namespace carnet::statements
