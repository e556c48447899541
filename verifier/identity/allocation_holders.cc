#include "verifier/identity/allocation_holders.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "statements/device_lists.h"
#include "statements/follow.h"
#include "statements/graph.h"

namespace carnet::verifier::identity {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using statements::Follow;

class AllocationChecker {
 public:
  AllocationChecker(const PassportFile& file, Findings& findings)
      : file_(file), findings_(findings), lists_(file.lines) {}

  void CheckUse(const Statement& segment) {
    const Statement* run = RunOf(file_.lines, segment);
    if (run == nullptr) return;
    const SignerId user = run->head->signer;
    for (const statements::UsageItem& item : segment.segment.value().usage) {
      const Statement* allocation = Follow(file_.lines, item.allocation, Kind::kAllocation);
      if (allocation == nullptr) continue;
      if (!listed_.IsHolder(*allocation, user)) {
        Refuse(segment, {17, RejectReason::kAllocationOfAnother},
               fmt::format("the run's signer, {}, is not among the holders of allocation {}",
                           user.ToString(), HexEncode(allocation->id.span())));
      } else if (const Statement* device = Follow(file_.lines, item.device, Kind::kDevice);
                 device != nullptr) {
        CheckDevice(segment, *allocation, device->id, {17, RejectReason::kAllocationOfAnother});
      }
    }
  }

  void CheckResale(const Statement& line) {
    const auto allocation = ReaderOf<wire::Allocation>(line.predicate);
    const Statement* parent = Follow(file_.lines, allocation.getParent(), Kind::kAllocation);
    if (parent == nullptr) return;
    const auto& seller = file_.Of(line).signer;
    if (seller && !listed_.IsHolder(*parent, seller->id())) {
      Refuse(line, {17, RejectReason::kResaleWithoutTitle},
             fmt::format("{} is not among the holders of allocation {}, which is resold here",
                         seller->Name(), HexEncode(parent->id.span())));
    }
    const auto window = allocation.getWindow();
    const auto whole = ReaderOf<wire::Allocation>(parent->predicate).getWindow();
    if (schemas::TimeOf(window.getFrom()) < schemas::TimeOf(whole.getFrom()) ||
        schemas::TimeOf(window.getTo()) > schemas::TimeOf(whole.getTo())) {
      Refuse(line, {17, RejectReason::kResaleWithoutTitle},
             fmt::format("window {} is not inside the parent's window, {}", WindowText(window),
                         WindowText(whole)));
    }
    for (const auto device : allocation.getDevices()) {
      if (!CheckDevice(line, *parent, schemas::DigestOf<StatementId>(device),
                       {17, RejectReason::kResaleWithoutTitle})) {
        return;
      }
    }
  }

 private:
  // Where an allocation lists no device, that from which it was resold may.
  bool CheckDevice(const Statement& line, const Statement& allocation, const StatementId& device,
                   Refusal refusal) {
    const Statement* lister = lists_.ListerFor(allocation);
    if (lister == nullptr || listed_.CoversDevice(*lister, device)) return true;
    Refuse(line, refusal,
           fmt::format("device {} is not among the devices of allocation {}",
                       HexEncode(device.span()), HexEncode(lister->id.span())));
    return false;
  }

  static std::string WindowText(wire::Period::Reader window) {
    return fmt::format("{} to {}", FormatTimestamp(schemas::TimeOf(window.getFrom())),
                       FormatTimestamp(schemas::TimeOf(window.getTo())));
  }

  void Refuse(const Statement& line, Refusal refusal, std::string message) {
    findings_.Add({refusal, std::move(message), line.id, line.number, ""});
  }

  const PassportFile& file_;
  Findings& findings_;
  ListedSigners listed_;
  statements::DeviceLists lists_;
};

}  // namespace

const std::unordered_set<SignerId>& ListedSigners::SignersOf(
    const Statement& line, capnp::List<wire::SignerRef>::Reader signers) {
  const auto [found, added] = signers_.try_emplace(&line);
  if (added) {
    for (const auto signer : signers) found->second.insert(schemas::SignerIdOf(signer));
  }
  return found->second;
}

bool ListedSigners::IsRecorder(const Statement& run, const SignerId& signer) {
  return SignersOf(run, ReaderOf<wire::Run>(run.predicate).getRecorders()).contains(signer);
}

bool ListedSigners::IsHolder(const Statement& allocation, const SignerId& signer) {
  return SignersOf(allocation, ReaderOf<wire::Allocation>(allocation.predicate).getHolders())
      .contains(signer);
}

bool ListedSigners::CoversDevice(const Statement& allocation, const StatementId& device) {
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
  for (const Statement& line : file.lines) {
    if (line.kind() == Kind::kSegment) checker.CheckUse(line);
    if (line.kind() == Kind::kAllocation) checker.CheckResale(line);
  }
}

}  // namespace carnet::verifier::identity
