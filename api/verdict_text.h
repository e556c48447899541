// A verdict as people read it: of the library without, of the command with colours.
#pragma once

#include <carnet/verify.h>

#include <functional>
#include <string>
#include <string_view>

namespace carnet::api {

// `text` as it is to look for a row of that status, or a decision, which is pass or fail.
using Paint = std::function<std::string(std::string_view status, std::string text)>;

std::string VerdictText(const Verdict& verdict, const Paint& paint);

}  // namespace carnet::api
