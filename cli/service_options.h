// Who signs beside a key of one's own, and which services are asked, as options give them.
#pragma once

#include <string>

namespace carnet::cli {

// The value of --identity-token that is no file: SIGSTORE_ID_TOKEN, or that of the build service.
inline constexpr char kAmbient[] = "ambient";

struct ServiceOptions {
  std::string certificate = {};     // of the key, a file
  std::string identity_token = {};  // a file, or kAmbient; empty: as the command says
  std::string signing_config = {};  // a file; or each by its address:
  std::string fulcio_url = {};
  std::string timestamp_url = {};
  std::string rekor_url = {};
  std::string trusted_root = {};

  bool AnyService() const {
    return !signing_config.empty() || !fulcio_url.empty() || !timestamp_url.empty() ||
           !rekor_url.empty();
  }
};

}  // namespace carnet::cli
