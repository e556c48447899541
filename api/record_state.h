// What Key holds, and what every recording call needs besides.
#pragma once

#include <carnet/record.h>

#include <memory>
#include <string>
#include <string_view>

#include "api/internals.h"
#include "api/ledger_state.h"
#include "api/verify_state.h"
#include "pipeline/attest.h"
#include "signer/signer.h"

namespace carnet {

struct Key::State {
  std::unique_ptr<signer::Signer> signer;
};

namespace api {

// Draws a nonce if none is given. Errors: malformed (time).
Result<pipeline::Moment> MomentOf(Time now, std::string_view nonce);

}  // namespace api
}  // namespace carnet
