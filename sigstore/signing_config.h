// signing_config.json (Sigstore's SigningConfig v0.2): the addresses of services that a signer
// uses, and how many of each kind. Which to trust, it does not say (trusted_root.h).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"

namespace carnet::sigstore {

inline constexpr std::string_view kSigningConfigMediaType =
    "application/vnd.dev.sigstore.signingconfig.v0.2+json";

struct Service {
  std::string url;
  uint64_t major_api_version;
  TimestampMs valid_from;
  std::optional<TimestampMs> valid_until;  // inclusive
  std::string operator_name;

  bool ValidAt(TimestampMs time) const {
    return valid_from <= time && (!valid_until || time <= *valid_until);
  }
};

// kUndefined: the configuration says nothing, as cosign writes it where there are no services.
enum class Selector { kUndefined, kAll, kAny, kExact };

struct ServiceChoice {
  Selector selector = Selector::kUndefined;
  uint64_t count = 0;  // of kExact
};

struct SigningConfig {
  std::vector<Service> certificate_authorities;
  std::vector<Service> identity_providers;
  std::vector<Service> logs;
  ServiceChoice log_choice;
  std::vector<Service> timestamp_authorities;
  ServiceChoice timestamp_choice;
};

// Errors: malformed, unsupported (media type).
Result<SigningConfig> ReadSigningConfig(std::string_view json);

// The services to use at `now`, as Sigstore's client specification chooses them: of the highest
// version in `versions` of which any is in force, the newest of each operator, newest first. Of
// these all, the first (any would do), or the first `count`. Errors: not_found where there are too
// few, or
// none; unsupported where it is undefined how many.
Result<std::vector<Service>> SelectServices(std::span<const Service> services,
                                            const ServiceChoice& choice,
                                            std::span<const uint64_t> versions, TimestampMs now);

}  // namespace carnet::sigstore
