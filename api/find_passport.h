// Where a model's passport is when nobody says so: a file `*.passport.sigstore.jsonl` at the top
// of the model's folder, or `<model>.passport.sigstore.jsonl` beside it; where there is neither,
// among the lines of `claims.jsonl` at the top of the folder. Thread safe.
#pragma once

#include <string>

#include "core/result.h"

namespace carnet::api {

// The one that exists; what it says is for the gate. Errors: not_found (none), conflict (several: a
// choice among them would be the model's, not the caller's), io.
Result<std::string> FindPassport(const std::string& model);

// The same where passports are kept apart from the models, at the same paths: `place` stands for
// the model there, and need not exist. Errors: the same.
Result<std::string> FindPassportAt(const std::string& place);

// Whether that file has claims of anybody, so that the passport's lines are still to be selected
// (verifier/claims.h): by its name.
bool HoldsClaims(const std::string& path);

}  // namespace carnet::api
