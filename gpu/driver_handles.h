// What the driver hands out, given back when it is no longer held. A failure to give back is not
// reported: nothing could be done about it, and the error that led there already was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "core/result.h"
#include "gpu/driver_calls.h"

namespace carnet::gpu {

template <typename Handle>
class Owned {
 public:
  Owned(Handle handle, DriverStatus (*release)(Handle)) : handle_(handle), release_(release) {}
  Owned(Owned&& other) noexcept
      : handle_(other.handle_), release_(std::exchange(other.release_, nullptr)) {}
  Owned& operator=(Owned&&) = delete;
  ~Owned() {
    if (release_ != nullptr) release_(handle_);
  }

  Handle get() const { return handle_; }

 private:
  Handle handle_;
  DriverStatus (*release_)(Handle);
};

using OwnedMemory = Owned<uint64_t>;   // on the device
using OwnedHostMemory = Owned<void*>;  // that the device can copy to while the host works on
using OwnedEvent = Owned<DriverEvent*>;
using OwnedModule = Owned<DriverModule*>;

// Requires that a context is current on this thread. Errors: those of CheckDriver.
Result<OwnedMemory> AllocateMemory(const DriverCalls& calls, size_t bytes);
Result<OwnedHostMemory> AllocateHostMemory(const DriverCalls& calls, size_t bytes);
Result<OwnedModule> LoadModule(const DriverCalls& calls, const void* image);
// Of what `stream` has been given so far.
Result<OwnedEvent> RecordEvent(const DriverCalls& calls, DriverStream* stream);

// A context, current on this thread for as long as the object lives.
class PushedContext {
 public:
  static Result<PushedContext> Push(const DriverCalls& calls, DriverContext* context);
  PushedContext(PushedContext&& other) noexcept : calls_(std::exchange(other.calls_, nullptr)) {}
  PushedContext& operator=(PushedContext&&) = delete;
  ~PushedContext();

 private:
  explicit PushedContext(const DriverCalls& calls) : calls_(&calls) {}

  const DriverCalls* calls_;
};

// A stream of our own. Its end waits for what it was given, so what that uses must be declared
// before it: memory that is freed under a running copy would be somebody else's.
class OwnStream {
 public:
  // Nothing in it begins before the events.
  static Result<OwnStream> After(const DriverCalls& calls, std::span<const OwnedEvent> events);
  OwnStream(OwnStream&& other) noexcept
      : calls_(std::exchange(other.calls_, nullptr)), stream_(other.stream_) {}
  OwnStream& operator=(OwnStream&&) = delete;
  ~OwnStream();

  DriverStream* get() const { return stream_; }
  Result<> Wait() const;

 private:
  OwnStream(const DriverCalls& calls, DriverStream* stream) : calls_(&calls), stream_(stream) {}

  const DriverCalls* calls_;
  DriverStream* stream_;
};

}  // namespace carnet::gpu
