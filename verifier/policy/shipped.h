// The shipped policy files as text, embedded at build (cmake/embed.cmake). Private to policy/.
#pragma once

#include <string_view>

namespace carnet::verifier::policy {

std::string_view EuGpaiToml();
std::string_view EuSystemicToml();
std::string_view HubDefaultToml();

}  // namespace carnet::verifier::policy
