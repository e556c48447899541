// A test program with one check of bundles and certificates taken out: the one that
// CARNET_REMOVED_CHECK names, as verifier/named_check.h has it. Two are taken out where they are
// looked up, as nothing could go on without what they yield: "3 path" takes any authority for the
// issuer of what none has issued, "R10 log-key-in-force" any key of a log for the one in force.
#include <cstdlib>
#include <string_view>

#include "crypto/certificate.h"
#include "tests/support/removal.h"
#include "tests/support/test.h"
#include "trust/trust.h"
#include "verifier/named_check.h"

namespace carnet::test {
namespace {

std::string_view RemovedName() {
  static const char* const name = std::getenv("CARNET_REMOVED_CHECK");
  return name == nullptr ? "" : name;
}

bool IsOut(std::string_view check) {
  if (check != RemovedName()) return false;
  CountRemoval();
  return true;
}

struct RemovedCheck {
  RemovedCheck() {
    if (!RemovedName().empty()) EndAtFirstFailure();
  }
};

BOOST_TEST_GLOBAL_FIXTURE(RemovedCheck);

}  // namespace

CARNET_WRAP(bool, Fails, "_ZN6carnet8verifier5FailsESt17basic_string_viewIcSt11char_traitsIcEEb",
            std::string_view check, bool failed) {
  return RealFails(check, failed) && !IsOut(check);
}

using Path = Result<std::vector<crypto::Certificate>>;
CARNET_WRAP(Path, FindPath,
            "_ZN6carnet6crypto8FindPathERKNS0_11CertificateESt4spanIS2_Lm18446744073709551615EES5_"
            "NS_9StrongU64INS_14TimestampMsTagEEE",
            const crypto::Certificate& leaf, std::span<const crypto::Certificate> intermediates,
            std::span<const crypto::Certificate> anchors, TimestampMs at) {
  Path found = RealFindPath(leaf, intermediates, anchors, at);
  if (found || !IsOut("3 path")) return found;
  return std::vector{leaf, anchors.front()};
}

CARNET_WRAP(const trust::TrustedLogKey*, KeyInForce,
            "_ZNK6carnet5trust10TrustedLog10KeyInForceENS_8TreeSizeENS_9StrongU64INS_14TimestampMs"
            "TagEEE",
            const trust::TrustedLog* log, TreeSize size, TimestampMs now) {
  const auto* found = RealKeyInForce(log, size, now);
  if (found != nullptr || !IsOut("R10 log-key-in-force")) return found;
  return &log->keys.front();
}

}  // namespace carnet::test
