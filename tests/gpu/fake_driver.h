// A CUDA driver in the memory of this process, which runs the very code of a lane. What is given to
// a stream is done no sooner than somebody waits for it, so that code which forgets to wait reads
// bytes that are not there yet. Any call can be made to fail. One at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "gpu/driver_calls.h"
#include "gpu/sha256_lane.h"

namespace carnet::gpu {

class FakeDriver {
 public:
  FakeDriver();
  ~FakeDriver();
  FakeDriver(const FakeDriver&) = delete;
  FakeDriver& operator=(const FakeDriver&) = delete;

  const DriverCalls& calls() const { return calls_; }

  // Memory of exactly this content, for a sanitizer to guard its ends; returns its address. With a
  // null context the driver does not know whose it is.
  uint64_t Allocate(const Bytes& content, int ordinal = 0, DriverContext* context = nullptr);
  // A range of which a part is only reserved.
  uint64_t AllocateWithHole(size_t size, size_t hole_begin, size_t hole_end);
  // The primary context of a device, and one that somebody else made.
  DriverContext* primary(int ordinal);
  DriverContext* foreign(int ordinal);
  // A stream of the caller's, with work that waits in it.
  uint64_t StreamWith(std::function<void()> work);

  // The call of this name fails when it is made for the nth time.
  void Fail(std::string call, int nth = 1, DriverStatus status = 2);

  int made(std::string_view call) const;
  // What was handed out and not given back, in words; empty when nothing.
  std::string left() const;

  std::vector<unsigned> launched;               // lanes of each launch
  std::vector<DriverContext*> launch_contexts;  // in which each was made
  uint64_t copied_from_tensors = 0;             // bytes

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
  DriverCalls calls_;
};

}  // namespace carnet::gpu
