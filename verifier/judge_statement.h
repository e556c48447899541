// What the gate can say of one statement before it is signed: of R20 and R22-R26, R29-R31, R33 and
// R34 what follows from the statement and from those that it refers to. A publisher learns it while
// nothing is lost; after a training it would be too late. The rest, which rests on the model or on
// all statements of a run, is judged with the passport.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier {

namespace compute {
class Catalogue;
}

struct StatementJudgement {
  std::vector<Finding> findings;  // as the gate would report them
  // What a passport that rests on the statement cannot show, in words: it stays at level 1.
  std::vector<std::string> undisclosed;
  // What the gate takes as it stands, but nobody can have meant, in words: a chip of the catalogue
  // under another name, more time than devices have.
  std::vector<std::string> mistakes;
};

// `line` is a member of `set`; so are those of the statements it refers to whose text is at hand.
// Without `chips` the embedded catalogue is used.
Result<StatementJudgement> JudgeStatement(const StatementSet& set, const Statement& line,
                                          TimestampMs now,
                                          const compute::Catalogue* chips = nullptr);

}  // namespace carnet::verifier
