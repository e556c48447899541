// claims.jsonl: one Sigstore bundle a line, of anybody about a model, appended to along the model's
// life. Which of its lines make up the passport of the files in hand, so that the gate can judge
// exactly those as a passport file; the others are named. A line is nobody's to unsay: one that is
// broken, foreign, or a Carnet statement that this passport does not need refuses nothing.
//
// 1 A line that is not one of our bundles (R1-R3) is named, not judged. Over R1's limits for a
//   whole file (256 MiB, 200,000 lines, 10^6 references) the file is handed on as it is: the gate
//   refuses it.
// 2 Of the passports about these files, those whose line counts by itself (R5-R11, R15: signer,
//   signature, receipt, and that they were in force), and that no other one of the same party
//   supersedes. One: that is it. Several: for the caller to choose. None: the last about these
//   files, or else the last that no other statement names, so that the gate says what is wrong.
// 3 Its closure over strong references. Of several lines with one statement, those that count by
//   themselves go before the others, then those under the passport's checkpoint (R10), then the
//   first from the passport's own line on, then the last before it. Of several lines of the
//   passport the last is taken whose closure is under its checkpoint, or else the last.
// Not checked here: all else, which is the gate's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "artifact/model_files.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "trust/trust.h"

namespace carnet::verifier {

struct SelectedClaims {
  std::string passport;  // the lines, as a passport file has them
  // The others, as they say of themselves: "2 claims of other kinds, not judged: OMS signature by
  // …". Printable.
  std::vector<std::string> others;
};

// Errors: not_found (no line is a passport), conflict (several count).
Result<SelectedClaims> SelectClaims(std::string_view claims, const artifact::ModelFiles& model,
                                    const trust::Trust& trust, TimestampMs now);

// The lines of this passport, chosen by 3; empty where it is not there.
std::string LinesOfPassport(std::string_view claims, const StatementId& passport);

}  // namespace carnet::verifier
