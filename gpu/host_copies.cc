#include "gpu/host_copies.h"

#include <algorithm>

#include "crypto/sha256.h"

namespace carnet::gpu {
namespace {

size_t PieceBytes(const LaneJob& job, uint64_t piece) {
  return static_cast<size_t>(std::min<uint64_t>(kCopyBytes, job.bytes - piece * kCopyBytes));
}

}  // namespace

Result<HostCopies> HostCopies::After(const DriverCalls& calls, std::span<const OwnedEvent> ready) {
  std::vector<Side> sides;
  for (int i = 0; i < 2; ++i) {
    CARNET_TRY(OwnedHostMemory buffer, AllocateHostMemory(calls, kCopyBytes));
    CARNET_TRY(OwnStream stream, OwnStream::After(calls, ready));
    sides.push_back({std::move(buffer), std::move(stream)});
  }
  return HostCopies(calls, std::move(sides));
}

Result<> HostCopies::Begin(const LaneJob& job, uint64_t piece) const {
  const Side& side = sides_[piece % sides_.size()];
  return CheckDriver(*calls_,
                     calls_->copy_to_host(side.buffer.get(), job.address + piece * kCopyBytes,
                                          PieceBytes(job, piece), side.stream.get()),
                     "cuMemcpyDtoHAsync");
}

Result<Sha256Digest> HostCopies::Digest(const LaneJob& job) const {
  crypto::Sha256 stream;
  const uint64_t pieces = (job.bytes + kCopyBytes - 1) / kCopyBytes;
  if (pieces > 0) CARNET_TRY_VOID(Begin(job, 0));
  for (uint64_t piece = 0; piece < pieces; ++piece) {
    if (piece + 1 < pieces) CARNET_TRY_VOID(Begin(job, piece + 1));
    const Side& side = sides_[piece % sides_.size()];
    CARNET_TRY_VOID(side.stream.Wait());
    stream.Update({static_cast<const uint8_t*>(side.buffer.get()), PieceBytes(job, piece)});
  }
  return stream.Finish();
}

}  // namespace carnet::gpu
