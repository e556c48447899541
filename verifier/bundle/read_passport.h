// Reading a passport file: bytes to lines by R1-R4, which statements/read_lines.h and sigstore/
// apply. A line that a rule refuses is not kept.
//
// 1 too-large: over 256 MiB or 200,000 lines (then nothing is read), a line over 4 MiB (it is
//   skipped), over 10^6 references (then no line is kept). malformed-line: CR, BOM, an empty
//   line, a last line without LF, an empty file.
// 2 malformed-bundle, wrong-payload-type: sigstore::ReadBundle, payloadType.
// 3 malformed-statement, unknown-kind, bad-field, wrong-subjects: sigstore::ReadStatement.
// 4 duplicate-statement: the first of two lines with one statement id is kept.
// Not checked: signatures, log entries, whether the lines belong together.
#pragma once

#include <string_view>

#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::bundle {

// The file and the findings do not depend on `threads`, of which 1 starts none.
PassportFile ReadPassport(std::string_view bytes, unsigned threads, Findings& findings);

}  // namespace carnet::verifier::bundle
