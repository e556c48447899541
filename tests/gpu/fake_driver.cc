#include "tests/gpu/fake_driver.h"

#include <cstring>
#include <deque>
#include <mutex>
#include <set>

#include "tests/support/test.h"

namespace carnet::gpu {

// The driver's types, which only it can look into.
struct DriverContext {
  int ordinal;
};
struct DriverStream {
  std::deque<std::function<void()>> work;
};
struct DriverEvent {
  DriverStream* after;
};
struct DriverModule {};
struct DriverFunction {};

namespace {

constexpr int kDevices = 2;

struct Allocation {
  std::unique_ptr<uint8_t[]> bytes;
  size_t size;
  int ordinal;
  DriverContext* context;
  size_t hole_begin = 0, hole_end = 0;
};

bool IsInHole(const Allocation& allocation, size_t at) {
  return at >= allocation.hole_begin && at < allocation.hole_end;
}

thread_local std::vector<DriverContext*> current;

}  // namespace

struct FakeDriver::Impl {
  std::recursive_mutex mutex;
  std::map<std::string, int, std::less<>> made;
  std::string failing;
  int failing_at = 0;
  DriverStatus failing_status = 0;
  std::map<uint64_t, Allocation> tensors, memory;
  std::map<void*, std::unique_ptr<uint8_t[]>> host_memory;
  std::map<DriverStream*, std::unique_ptr<DriverStream>> streams, callers;
  std::map<DriverEvent*, std::unique_ptr<DriverEvent>> events;
  int modules = 0, retained = 0, pushed = 0;
  DriverModule module;
  DriverFunction function;
  DriverContext primaries[kDevices] = {{0}, {1}};
  DriverContext foreigners[kDevices] = {{0}, {1}};
  FakeDriver* driver = nullptr;

  bool Fails(const char* call) {
    const int count = ++made[call];
    return failing == call && count == failing_at;
  }

  static void Drain(DriverStream* stream) {
    while (!stream->work.empty()) {
      const auto work = std::move(stream->work.front());
      stream->work.pop_front();
      work();
    }
  }
};

namespace {

FakeDriver::Impl* fake = nullptr;

#define FAKE_CALL(name)                                            \
  const std::lock_guard<std::recursive_mutex> locked(fake->mutex); \
  if (fake->Fails(name)) return fake->failing_status

DriverStatus ErrorName(DriverStatus status, const char** name) {
  if (status == 2) *name = "CUDA_ERROR_OUT_OF_MEMORY";
  if (status == kDriverNoBinary) *name = "CUDA_ERROR_NO_BINARY_FOR_GPU";
  return status == 2 || status == kDriverNoBinary ? kDriverOk : kDriverInvalidValue;
}

template <typename Value>
DriverStatus Give(void* to, Value value) {
  std::memcpy(to, &value, sizeof value);
  return kDriverOk;
}

DriverStatus PointerAttribute(void* value, int attribute, uint64_t address) {
  FAKE_CALL("cuPointerGetAttribute");
  auto found = fake->tensors.upper_bound(address);
  if (found == fake->tensors.begin()) return kDriverInvalidValue;
  const auto& [start, allocation] = *--found;
  if (address - start >= allocation.size) return kDriverInvalidValue;
  switch (attribute) {
    case kPointerContext:
      return Give(value, allocation.context);
    case kPointerMemoryType:
      return Give(value, allocation.ordinal < 0 ? 1U : kDeviceMemory);
    case kPointerDeviceOrdinal:
      return Give(value, allocation.ordinal);
    case kPointerRangeStart:
      return Give(value, start);
    case kPointerRangeSize:
      return Give(value, uint64_t{allocation.size});
    case kPointerMapped:
      return Give(value, IsInHole(allocation, address - start) ? 0U : 1U);
    default:
      return kDriverInvalidValue;
  }
}

DriverStatus ContextCurrent(DriverContext** context) {
  FAKE_CALL("cuCtxGetCurrent");
  *context = current.empty() ? nullptr : current.back();
  return kDriverOk;
}
DriverStatus ContextDevice(int* device) {
  FAKE_CALL("cuCtxGetDevice");
  *device = 100 + current.back()->ordinal;
  return kDriverOk;
}
DriverStatus ContextPush(DriverContext* context) {
  FAKE_CALL("cuCtxPushCurrent");
  current.push_back(context);
  ++fake->pushed;
  return kDriverOk;
}
DriverStatus ContextPop(DriverContext** context) {
  FAKE_CALL("cuCtxPopCurrent");
  *context = current.back();
  current.pop_back();
  --fake->pushed;
  return kDriverOk;
}
DriverStatus DeviceGet(int* device, int ordinal) {
  FAKE_CALL("cuDeviceGet");
  *device = 100 + ordinal;  // so that nobody takes one for the other
  return kDriverOk;
}
DriverStatus PrimaryRetain(DriverContext** context, int device) {
  FAKE_CALL("cuDevicePrimaryCtxRetain");
  *context = &fake->primaries[device - 100];
  ++fake->retained;
  return kDriverOk;
}
DriverStatus PrimaryRelease(int) {
  FAKE_CALL("cuDevicePrimaryCtxRelease");
  --fake->retained;
  return kDriverOk;
}

DriverStatus ModuleLoad(DriverModule** module, const void*) {
  FAKE_CALL("cuModuleLoadData");
  *module = &fake->module;
  ++fake->modules;
  return kDriverOk;
}
DriverStatus ModuleUnload(DriverModule*) {
  FAKE_CALL("cuModuleUnload");
  --fake->modules;
  return kDriverOk;
}
DriverStatus ModuleFunction(DriverFunction** function, DriverModule*, const char* name) {
  FAKE_CALL("cuModuleGetFunction");
  BOOST_TEST(std::string_view(name) == "carnet_sha256_lanes");
  *function = &fake->function;
  return kDriverOk;
}

// What sha256_device.cu does, one lane after the other.
void RunKernel(const LaneJob* jobs, LaneState* states, unsigned lanes, uint64_t first,
               uint64_t count) {
  for (unsigned lane = 0; lane < lanes; ++lane) {
    if (first == 0) states[lane] = FirstLaneState();
    AdvanceLane(states[lane], jobs[lane], first, count);
  }
}

DriverStatus LaunchKernel(DriverFunction* function, unsigned grid_x, unsigned grid_y,
                          unsigned grid_z, unsigned group_x, unsigned group_y, unsigned group_z,
                          unsigned shared_bytes, DriverStream* stream, void** arguments, void**) {
  FAKE_CALL("cuLaunchKernel");
  const auto jobs = *static_cast<const LaneJob**>(arguments[0]);
  const auto states = *static_cast<LaneState**>(arguments[1]);
  const auto lanes = *static_cast<unsigned*>(arguments[2]);
  const auto first = *static_cast<uint64_t*>(arguments[3]);
  const auto count = *static_cast<uint64_t*>(arguments[4]);
  BOOST_TEST(function == &fake->function);
  BOOST_TEST((grid_y == 1 && grid_z == 1 && group_y == 1 && group_z == 1 && shared_bytes == 0));
  BOOST_TEST((grid_x * group_x >= lanes && (grid_x - 1) * group_x < lanes && group_x == 32));
  stream->work.push_back([=] { RunKernel(jobs, states, lanes, first, count); });
  fake->driver->launched.push_back(lanes);
  fake->driver->launch_contexts.push_back(current.back());
  return kDriverOk;
}

DriverStatus MemoryAllocate(uint64_t* address, size_t bytes) {
  FAKE_CALL("cuMemAlloc");
  auto memory = std::make_unique<uint8_t[]>(bytes);
  *address = reinterpret_cast<uint64_t>(memory.get());
  fake->memory.emplace(*address, Allocation{std::move(memory), bytes, 0, nullptr});
  return kDriverOk;
}
DriverStatus MemoryFree(uint64_t address) {
  FAKE_CALL("cuMemFree");
  return fake->memory.erase(address) == 1 ? kDriverOk : kDriverInvalidValue;
}
DriverStatus HostAllocate(void** address, size_t bytes) {
  FAKE_CALL("cuMemAllocHost");
  auto memory = std::make_unique<uint8_t[]>(bytes);
  *address = memory.get();
  fake->host_memory.emplace(*address, std::move(memory));
  return kDriverOk;
}
DriverStatus HostFree(void* address) {
  FAKE_CALL("cuMemFreeHost");
  return fake->host_memory.erase(address) == 1 ? kDriverOk : kDriverInvalidValue;
}

DriverStatus CopyToDevice(uint64_t to, const void* from, size_t bytes, DriverStream* stream) {
  FAKE_CALL("cuMemcpyHtoDAsync");
  stream->work.push_back([=] { std::memcpy(reinterpret_cast<void*>(to), from, bytes); });
  return kDriverOk;
}
DriverStatus CopyToHost(void* to, uint64_t from, size_t bytes, DriverStream* stream) {
  FAKE_CALL("cuMemcpyDtoHAsync");
  if (fake->host_memory.contains(to)) fake->driver->copied_from_tensors += bytes;
  stream->work.push_back([=] { std::memcpy(to, reinterpret_cast<const void*>(from), bytes); });
  return kDriverOk;
}

DriverStatus StreamCreate(DriverStream** stream, unsigned flags) {
  FAKE_CALL("cuStreamCreate");
  BOOST_TEST(flags == kStreamNonBlocking);
  auto created = std::make_unique<DriverStream>();
  *stream = created.get();
  fake->streams.emplace(*stream, std::move(created));
  return kDriverOk;
}
DriverStatus StreamDestroy(DriverStream* stream) {
  FAKE_CALL("cuStreamDestroy");
  BOOST_TEST(stream->work.empty());
  return fake->streams.erase(stream) == 1 ? kDriverOk : kDriverInvalidValue;
}
DriverStatus StreamSynchronize(DriverStream* stream) {
  FAKE_CALL("cuStreamSynchronize");
  FakeDriver::Impl::Drain(stream);
  return kDriverOk;
}
DriverStatus StreamWait(DriverStream* stream, DriverEvent* event, unsigned) {
  FAKE_CALL("cuStreamWaitEvent");
  DriverStream* const after = event->after;
  stream->work.push_back([after] {
    if (after != nullptr) FakeDriver::Impl::Drain(after);
  });
  return kDriverOk;
}
DriverStatus EventCreate(DriverEvent** event, unsigned) {
  FAKE_CALL("cuEventCreate");
  auto created = std::make_unique<DriverEvent>();
  *event = created.get();
  fake->events.emplace(*event, std::move(created));
  return kDriverOk;
}
DriverStatus EventRecord(DriverEvent* event, DriverStream* stream) {
  FAKE_CALL("cuEventRecord");
  event->after = stream;
  return kDriverOk;
}
DriverStatus EventDestroy(DriverEvent* event) {
  FAKE_CALL("cuEventDestroy");
  return fake->events.erase(event) == 1 ? kDriverOk : kDriverInvalidValue;
}

}  // namespace

FakeDriver::FakeDriver()
    : impl_(std::make_unique<Impl>()), calls_{ErrorName,         PointerAttribute, ContextCurrent,
                                              ContextDevice,     ContextPush,      ContextPop,
                                              DeviceGet,         PrimaryRetain,    PrimaryRelease,
                                              ModuleLoad,        ModuleUnload,     ModuleFunction,
                                              LaunchKernel,      MemoryAllocate,   MemoryFree,
                                              HostAllocate,      HostFree,         CopyToDevice,
                                              CopyToHost,        StreamCreate,     StreamDestroy,
                                              StreamSynchronize, StreamWait,       EventCreate,
                                              EventRecord,       EventDestroy} {
  impl_->driver = this;
  fake = impl_.get();
  current.clear();
}

FakeDriver::~FakeDriver() { fake = nullptr; }

uint64_t FakeDriver::Allocate(const Bytes& content, int ordinal, DriverContext* context) {
  auto bytes = std::make_unique<uint8_t[]>(content.size());
  std::copy(content.begin(), content.end(), bytes.get());
  const auto address = reinterpret_cast<uint64_t>(bytes.get());
  impl_->tensors.emplace(address, Allocation{std::move(bytes), content.size(), ordinal, context});
  return address;
}

uint64_t FakeDriver::AllocateWithHole(size_t size, size_t hole_begin, size_t hole_end) {
  const uint64_t address = Allocate(Bytes(size));
  impl_->tensors.at(address).hole_begin = hole_begin;
  impl_->tensors.at(address).hole_end = hole_end;
  return address;
}

DriverContext* FakeDriver::primary(int ordinal) { return &impl_->primaries[ordinal]; }
DriverContext* FakeDriver::foreign(int ordinal) { return &impl_->foreigners[ordinal]; }

uint64_t FakeDriver::StreamWith(std::function<void()> work) {
  auto stream = std::make_unique<DriverStream>();
  stream->work.push_back(std::move(work));
  DriverStream* const handle = stream.get();
  impl_->callers.emplace(handle, std::move(stream));
  return reinterpret_cast<uint64_t>(handle);
}

void FakeDriver::Fail(std::string call, int nth, DriverStatus status) {
  impl_->failing = std::move(call);
  impl_->failing_at = nth;
  impl_->failing_status = status;
}

int FakeDriver::made(std::string_view call) const {
  const auto found = impl_->made.find(call);
  return found == impl_->made.end() ? 0 : found->second;
}

std::string FakeDriver::left() const {
  std::string left;
  const auto count = [&](const char* what, size_t number) {
    if (number != 0) left += std::to_string(number) + " " + what + " ";
  };
  count("memory", impl_->memory.size());
  count("host memory", impl_->host_memory.size());
  count("streams", impl_->streams.size());
  count("events", impl_->events.size());
  count("modules", static_cast<size_t>(impl_->modules));
  count("contexts retained", static_cast<size_t>(impl_->retained));
  count("contexts pushed", static_cast<size_t>(impl_->pushed));
  return left;
}

}  // namespace carnet::gpu
