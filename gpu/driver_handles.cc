#include "gpu/driver_handles.h"

namespace carnet::gpu {

Result<OwnedMemory> AllocateMemory(const DriverCalls& calls, size_t bytes) {
  uint64_t address = 0;
  CARNET_TRY_VOID(CheckDriver(calls, calls.memory_allocate(&address, bytes), "cuMemAlloc"));
  return OwnedMemory(address, calls.memory_free);
}

Result<OwnedHostMemory> AllocateHostMemory(const DriverCalls& calls, size_t bytes) {
  void* address = nullptr;
  CARNET_TRY_VOID(CheckDriver(calls, calls.host_allocate(&address, bytes), "cuMemAllocHost"));
  return OwnedHostMemory(address, calls.host_free);
}

Result<OwnedModule> LoadModule(const DriverCalls& calls, const void* image) {
  DriverModule* module = nullptr;
  CARNET_TRY_VOID(CheckDriver(calls, calls.module_load(&module, image), "cuModuleLoadData"));
  return OwnedModule(module, calls.module_unload);
}

Result<OwnedEvent> RecordEvent(const DriverCalls& calls, DriverStream* stream) {
  DriverEvent* event = nullptr;
  CARNET_TRY_VOID(
      CheckDriver(calls, calls.event_create(&event, kEventDisableTiming), "cuEventCreate"));
  OwnedEvent owned(event, calls.event_destroy);
  CARNET_TRY_VOID(CheckDriver(calls, calls.event_record(event, stream), "cuEventRecord"));
  return owned;
}

Result<PushedContext> PushedContext::Push(const DriverCalls& calls, DriverContext* context) {
  CARNET_TRY_VOID(CheckDriver(calls, calls.context_push(context), "cuCtxPushCurrent"));
  return PushedContext(calls);
}

PushedContext::~PushedContext() {
  DriverContext* popped = nullptr;
  if (calls_ != nullptr) calls_->context_pop(&popped);
}

Result<OwnStream> OwnStream::After(const DriverCalls& calls, std::span<const OwnedEvent> events) {
  DriverStream* stream = nullptr;
  CARNET_TRY_VOID(
      CheckDriver(calls, calls.stream_create(&stream, kStreamNonBlocking), "cuStreamCreate"));
  OwnStream owned(calls, stream);
  for (const OwnedEvent& event : events) {
    CARNET_TRY_VOID(
        CheckDriver(calls, calls.stream_wait(stream, event.get(), 0), "cuStreamWaitEvent"));
  }
  return owned;
}

OwnStream::~OwnStream() {
  if (calls_ == nullptr) return;
  calls_->stream_synchronize(stream_);
  calls_->stream_destroy(stream_);
}

Result<> OwnStream::Wait() const {
  return CheckDriver(*calls_, calls_->stream_synchronize(stream_), "cuStreamSynchronize");
}

}  // namespace carnet::gpu
