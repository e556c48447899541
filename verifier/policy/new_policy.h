// A policy file to begin with.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet::verifier::policy {

// `text`, a policy file that reads, with `id` for its own id, and at the end what else a policy may
// say, as comments. It reads as the same policy but for its id. Requires a plain name
// (trust/plain_name.h). Errors: malformed: `text` does not read, or its id stands where it cannot
// be replaced; `name`, a line of text, is its name in messages and in the new file.
Result<std::string> NewPolicyText(std::string_view id, std::string_view text,
                                  std::string_view name);

}  // namespace carnet::verifier::policy
