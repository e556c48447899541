// Whom Sigstore's signatures are judged by: a trusted_root.json, given or shipped.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "sigstore/trusted_material.h"

namespace carnet::cli {

// The day of which the shipped trusted root is, with which the public instance's signatures are
// verified where none is given.
inline constexpr std::string_view kPublicRootDate = "2026-08-21";

// Empty: that of Sigstore's public instance, as shipped (data/sigstore-trusted-root.json). Errors:
// those of ReadFile and sigstore::ReadTrustedMaterial, with the path.
Result<sigstore::TrustedMaterial> OpenTrustedMaterial(const std::string& path);

}  // namespace carnet::cli
