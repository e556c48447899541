// Which services are asked when something is signed, as options give them.
#pragma once

#include <string>

namespace carnet::cli {

struct ServiceOptions {
  std::string signing_config = {};  // a file; or each by its address:
  std::string fulcio_url = {};
  std::string timestamp_url = {};
  std::string rekor_url = {};

  bool Any() const {
    return !signing_config.empty() || !fulcio_url.empty() || !timestamp_url.empty() ||
           !rekor_url.empty();
  }
};

}  // namespace carnet::cli
