#include "sigstore/fulcio_extensions.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace carnet::sigstore {
namespace {

struct NamedExtension {
  std::string_view name;
  const char* oid;
};

constexpr std::array kExtensions = {
    NamedExtension{"build-signer-uri", "1.3.6.1.4.1.57264.1.9"},
    NamedExtension{"build-signer-digest", "1.3.6.1.4.1.57264.1.10"},
    NamedExtension{"runner-environment", "1.3.6.1.4.1.57264.1.11"},
    NamedExtension{"source-repository-uri", "1.3.6.1.4.1.57264.1.12"},
    NamedExtension{"source-repository-digest", "1.3.6.1.4.1.57264.1.13"},
    NamedExtension{"source-repository-ref", "1.3.6.1.4.1.57264.1.14"},
    NamedExtension{"source-repository-identifier", "1.3.6.1.4.1.57264.1.15"},
    NamedExtension{"source-repository-owner-uri", "1.3.6.1.4.1.57264.1.16"},
    NamedExtension{"source-repository-owner-identifier", "1.3.6.1.4.1.57264.1.17"},
    NamedExtension{"build-config-uri", "1.3.6.1.4.1.57264.1.18"},
    NamedExtension{"build-config-digest", "1.3.6.1.4.1.57264.1.19"},
    NamedExtension{"build-trigger", "1.3.6.1.4.1.57264.1.20"},
    NamedExtension{"run-invocation-uri", "1.3.6.1.4.1.57264.1.21"},
    NamedExtension{"source-repository-visibility", "1.3.6.1.4.1.57264.1.22"},
};

const NamedExtension* FindExtension(std::string_view name) {
  const auto found = std::find_if(kExtensions.begin(), kExtensions.end(),
                                  [name](const NamedExtension& each) { return each.name == name; });
  return found == kExtensions.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> FulcioExtensionNames() {
  std::vector<std::string> names;
  names.reserve(kExtensions.size());
  for (const NamedExtension& each : kExtensions) names.emplace_back(each.name);
  return names;
}

bool IsFulcioExtension(std::string_view name) { return FindExtension(name) != nullptr; }

Result<std::optional<std::string>> FulcioExtension(const crypto::Certificate& certificate,
                                                   std::string_view name) {
  const NamedExtension* extension = FindExtension(name);
  CARNET_CHECK(extension != nullptr);
  auto value = certificate.Utf8Extension(extension->oid);
  if (!value) return value.error().In(std::string(name));
  return value;
}

}  // namespace carnet::sigstore
