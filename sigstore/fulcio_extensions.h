// What a certificate of Fulcio's says beside its identity, by name (Fulcio, "oid-info"): those
// whose value is one DER UTF8String, 1.3.6.1.4.1.57264.1.9 to .22. The older ones, raw bytes that
// the newer replaced, have no name here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "crypto/certificate.h"

namespace carnet::sigstore {

// "source-repository-uri", "build-config-uri", … in the order of their numbers.
std::vector<std::string> FulcioExtensionNames();
bool IsFulcioExtension(std::string_view name);

// Requires such a name. Absent where the certificate has none of that name. Errors: malformed.
Result<std::optional<std::string>> FulcioExtension(const crypto::Certificate& certificate,
                                                   std::string_view name);

}  // namespace carnet::sigstore
