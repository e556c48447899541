#include "verifier/identity/allocation_holders.h"

#include "core/hex.h"

namespace carnet::verifier::identity {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

class AllocationChecker {
 public:
  AllocationChecker(const PassportFile& file, Findings& findings)
      : findings_(findings), listed_(file) {}

  void CheckUse(const Line& segment) {
    const Line* run = listed_.RunBehind(&segment);
    if (run == nullptr) return;
    const SignerId user = run->predicate.head()->signer;
    for (const auto item : ReaderOf<wire::Segment>(segment.predicate).getUsage()) {
      const Line* allocation = listed_.Target(item.getAllocation(), Kind::kAllocation);
      if (allocation == nullptr) continue;
      if (!listed_.IsHolder(*allocation, user)) {
        Refuse(segment, {17, RejectReason::kAllocationOfAnother},
               "allocation " + HexEncode(allocation->id.span()) + " has holders, but the signer " +
                   "of the run, " + user.ToString() + ", is none of them");
      } else if (const Line* device = listed_.Target(item.getDevice(), Kind::kDevice);
                 device != nullptr && !listed_.CoversDevice(*allocation, device->id)) {
        Refuse(segment, {17, RejectReason::kAllocationOfAnother},
               "device " + HexEncode(device->id.span()) + " is not among the devices of " +
                   "allocation " + HexEncode(allocation->id.span()));
      }
    }
  }

  void CheckResale(const Line& line) {
    const auto allocation = ReaderOf<wire::Allocation>(line.predicate);
    const Line* parent = listed_.Target(allocation.getParent(), Kind::kAllocation);
    if (parent == nullptr) return;
    if (line.key != nullptr && !listed_.IsHolder(*parent, line.key->signer())) {
      Refuse(line, {17, RejectReason::kResaleWithoutTitle},
             "resells allocation " + HexEncode(parent->id.span()) + ", whose holders do not have " +
                 line.key->party + "'s key");
    }
    const auto window = allocation.getWindow();
    const auto whole = ReaderOf<wire::Allocation>(parent->predicate).getWindow();
    if (schemas::TimeOf(window.getFrom()) < schemas::TimeOf(whole.getFrom()) ||
        schemas::TimeOf(window.getTo()) > schemas::TimeOf(whole.getTo())) {
      Refuse(line, {17, RejectReason::kResaleWithoutTitle},
             "window " + WindowText(window) + " is not inside its parent's, " + WindowText(whole));
    }
  }

 private:
  static std::string WindowText(wire::Period::Reader window) {
    return FormatTimestamp(schemas::TimeOf(window.getFrom())) + " to " +
           FormatTimestamp(schemas::TimeOf(window.getTo()));
  }

  void Refuse(const Line& line, Refusal refusal, std::string message) {
    findings_.Add({refusal, std::move(message), line.id, line.number, ""});
  }

  Findings& findings_;
  ListedSigners listed_;
};

}  // namespace

const Line* ListedSigners::Target(wire::Digest::Reader reference) const {
  if (reference.isUndisclosed() || reference.getBytes().size() == 0) return nullptr;
  return file_.Find(schemas::DigestOf<StatementId>(reference));
}

const Line* ListedSigners::Target(wire::Digest::Reader reference, schemas::Kind kind) const {
  const Line* line = Target(reference);
  return line != nullptr && line->kind() == kind ? line : nullptr;
}

const Line* ListedSigners::RunBehind(const Line* line) const {
  if (line == nullptr) return nullptr;
  if (line->kind() == Kind::kSegment) {
    return Target(ReaderOf<wire::Segment>(line->predicate).getRun(), Kind::kRun);
  }
  if (line->kind() == Kind::kCompletion) {
    return Target(ReaderOf<wire::Completion>(line->predicate).getRun(), Kind::kRun);
  }
  return nullptr;
}

const std::unordered_set<SignerId>& ListedSigners::SignersOf(
    const Line& line, capnp::List<wire::SignerRef>::Reader signers) {
  const auto [found, added] = signers_.try_emplace(&line);
  if (added) {
    for (const auto signer : signers) found->second.insert(schemas::SignerIdOf(signer));
  }
  return found->second;
}

bool ListedSigners::IsRecorder(const Line& run, const SignerId& signer) {
  return SignersOf(run, ReaderOf<wire::Run>(run.predicate).getRecorders()).contains(signer);
}

bool ListedSigners::IsHolder(const Line& allocation, const SignerId& signer) {
  return SignersOf(allocation, ReaderOf<wire::Allocation>(allocation.predicate).getHolders())
      .contains(signer);
}

bool ListedSigners::CoversDevice(const Line& allocation, const StatementId& device) {
  const auto [found, added] = devices_.try_emplace(&allocation);
  if (added) {
    for (const auto id : ReaderOf<wire::Allocation>(allocation.predicate).getDevices()) {
      found->second.insert(schemas::DigestOf<StatementId>(id));
    }
  }
  return found->second.empty() || found->second.contains(device);
}

void CheckAllocations(const PassportFile& file, Findings& findings) {
  AllocationChecker checker(file, findings);
  for (const Line& line : file.lines) {
    if (line.kind() == Kind::kSegment) checker.CheckUse(line);
    if (line.kind() == Kind::kAllocation) checker.CheckResale(line);
  }
}

}  // namespace carnet::verifier::identity
