#include "tests/verifier/lineage_file.h"

namespace carnet::verifier::test {

std::string FirstReason(const Findings& findings) {
  if (findings.empty()) return {};
  const Finding first = findings.Sorted().front();
  return std::to_string(first.rule()) + " " + std::string(RejectReasonName(first.reason())) + ": " +
         first.message;
}

}  // namespace carnet::verifier::test
