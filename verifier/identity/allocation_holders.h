// Who may speak for a run, and who may use or resell an allocation (R16, R17), by the lists in the
// statements themselves. Private to identity/.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "schemas/readers.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::identity {

// The lists of signers and devices, hashed once per statement: both the lists and the items looked
// up in them may be as long as a line allows.
class ListedSigners {
 public:
  bool IsRecorder(const Statement& run, const SignerId& signer);
  bool IsHolder(const Statement& allocation, const SignerId& signer);
  // Also true where the allocation lists no device.
  bool CoversDevice(const Statement& allocation, const StatementId& device);

 private:
  const std::unordered_set<SignerId>& SignersOf(const Statement& line,
                                                capnp::List<wire::SignerRef>::Reader signers);

  std::unordered_map<const Statement*, std::unordered_set<SignerId>> signers_;
  std::unordered_map<const Statement*, std::unordered_set<StatementId>> devices_;
};

// R17
void CheckAllocations(const PassportFile& file, Findings& findings);

}  // namespace carnet::verifier::identity
