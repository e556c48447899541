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

// Sigstore's own services: those that everybody uses, and those that clients are tried out with.
enum class Instance { kPublic, kStaging };

// Empty: that of the instance, as shipped (data/sigstore-*trusted-root.json). Errors: those of
// ReadFile and sigstore::ReadTrustedMaterial, with the path.
Result<sigstore::TrustedMaterial> OpenTrustedMaterial(const std::string& path,
                                                      Instance instance = Instance::kPublic);

}  // namespace carnet::cli
