// Who may speak for a run, and who may use or resell an allocation (R16, R17). Private to
// identity/. The lists of signers and devices are hashed once a statement: both they and the items
// held against them may be as long as a line allows.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "schemas/readers.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::identity {

class ListedSigners {
 public:
  explicit ListedSigners(const PassportFile& file) : file_(file) {}

  // Null: absent, undisclosed, not enclosed, or of another kind.
  const Line* Target(wire::Digest::Reader reference) const;
  const Line* Target(wire::Digest::Reader reference, schemas::Kind kind) const;
  // The run of a segment or completion; null for every other line.
  const Line* RunBehind(const Line* line) const;

  bool IsRecorder(const Line& run, const SignerId& signer);
  bool IsHolder(const Line& allocation, const SignerId& signer);
  // Also true where the allocation lists no device.
  bool CoversDevice(const Line& allocation, const StatementId& device);

 private:
  const std::unordered_set<SignerId>& SignersOf(const Line& line,
                                                capnp::List<wire::SignerRef>::Reader signers);

  const PassportFile& file_;
  std::unordered_map<const Line*, std::unordered_set<SignerId>> signers_;
  std::unordered_map<const Line*, std::unordered_set<StatementId>> devices_;
};

// R17
void CheckAllocations(const PassportFile& file, Findings& findings);

}  // namespace carnet::verifier::identity
