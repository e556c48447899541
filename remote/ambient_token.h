// The identity token that a build service gives to its jobs, found in the environment.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/result.h"
#include "remote/http_client.h"

namespace carnet::remote {

// The value of a variable; absent where it is not set or empty.
using Environment = std::function<std::optional<std::string>(const char* variable)>;

// The text of a token: of SIGSTORE_ID_TOKEN (GitLab, or anybody who has one), else asked of GitHub
// Actions by ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN, for the audience sigstore. Absent: the
// environment has none. Errors: malformed, rejected, io.
Result<std::optional<std::string>> FindAmbientToken(const Environment& environment,
                                                    const HttpClient& http);

}  // namespace carnet::remote
