#include "crypto/sha256_many.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>
#include <vector>

#include "crypto/sha256_choice.h"
#include "crypto/sha256_context.h"

namespace carnet::crypto {
namespace {

// A small model is hashed sooner than the kernels are measured.
constexpr size_t kWorthMeasuring = 1 << 20;

// Whole blocks of one stream that wait to be compressed. The stream's own buffer is empty.
struct Lane {
  Sha256* stream;
  const uint8_t* data;
  size_t blocks;
};

// The message length that OpenSSL's context counts, in bits, over two words.
void CountBytes(Sha256& stream, uint64_t bytes) {
  SHA256_CTX& context = Sha256Access::Context(stream);
  const uint64_t bits = ((uint64_t{context.Nh} << 32) | context.Nl) + bytes * 8;
  context.Nh = static_cast<SHA_LONG>(bits >> 32);
  context.Nl = static_cast<SHA_LONG>(bits);
}

// `blocks` of each of the lanes, which are no more than the kernel has.
void Compress(const Sha256Kernel& kernel, std::span<Lane> lanes, size_t blocks) {
  std::array<std::array<uint32_t, 8>, kMaxSha256Lanes> nobody;  // the kernel's lanes without one
  std::array<uint32_t*, kMaxSha256Lanes> states{};
  std::array<const uint8_t*, kMaxSha256Lanes> data{};
  for (size_t i = 0; i < lanes.size(); ++i) {
    states[i] = Sha256Access::Context(*lanes[i].stream).h;
    data[i] = lanes[i].data;
  }
  for (size_t i = lanes.size(); i < kernel.lanes; ++i) {
    nobody[i] = {};
    states[i] = nobody[i].data();
    data[i] = lanes[0].data;
  }
  kernel.compress(states.data(), data.data(), blocks);
  for (Lane& lane : lanes) {
    CountBytes(*lane.stream, blocks * kSha256BlockBytes);
    lane.data += blocks * kSha256BlockBytes;
    lane.blocks -= blocks;
  }
}

size_t BlocksOf(std::span<const Lane> lanes) {
  size_t blocks = 0;
  for (const Lane& lane : lanes) blocks += lane.blocks;
  return blocks;
}

// How many lanes to run side by side. The longest stream cannot be split, so more lanes than it
// takes to keep it company to its end would only leave it alone for longer.
size_t UsefulLanes(std::span<const Lane> longest_first) {
  const size_t longest = longest_first.front().blocks;
  return std::min(kMaxSha256Lanes, (BlocksOf(longest_first) + longest - 1) / longest);
}

void CompressGroup(std::span<const Lane> longest_first, const Sha256Choice& choice) {
  if (longest_first.empty()) return;
  const size_t width = UsefulLanes(longest_first);
  std::vector<Lane> active;
  auto next = longest_first.begin();
  while (true) {
    while (active.size() < width && next != longest_first.end()) active.push_back(*next++);
    if (active.empty()) return;
    const Sha256Kernel* const kernel = choice.KernelFor(active.size());
    if (kernel == nullptr) {
      Lane& lane = active.front();
      lane.stream->Update({lane.data, lane.blocks * kSha256BlockBytes});
      lane.blocks = 0;
    } else {
      const auto together = std::span(active).first(std::min(active.size(), kernel->lanes));
      size_t blocks = together.front().blocks;
      for (const Lane& lane : together) blocks = std::min(blocks, lane.blocks);
      Compress(*kernel, together, blocks);
    }
    std::erase_if(active, [](const Lane& lane) { return lane.blocks == 0; });
  }
}

// Of the blocks of a group, in nanoseconds or so.
double Estimate(std::span<const Lane> longest_first, const Sha256Choice& choice) {
  if (longest_first.empty()) return 0;
  const size_t blocks = BlocksOf(longest_first);
  const size_t kept_company = blocks / longest_first.front().blocks;
  return static_cast<double>(blocks * kSha256BlockBytes) / choice.RateFor(kept_company);
}

// How many of the longest to hash before the others: a file and its hundred tensors are done
// sooner when the file does not wait for a vector's worth of them.
size_t HashedFirst(std::span<const Lane> longest_first, const Sha256Choice& choice) {
  constexpr size_t kMost = 4;
  size_t best = 0;
  double best_ns = Estimate(longest_first, choice);
  for (size_t first = 1; first <= std::min(kMost, longest_first.size()); ++first) {
    const double ns = Estimate(longest_first.first(first), choice) +
                      Estimate(longest_first.subspan(first), choice);
    if (ns >= best_ns) continue;
    best = first;
    best_ns = ns;
  }
  return best;
}

void CompressAll(std::vector<Lane> lanes, const Sha256Choice& choice) {
  if (lanes.empty()) return;
  std::sort(lanes.begin(), lanes.end(),
            [](const Lane& a, const Lane& b) { return a.blocks > b.blocks; });
  const size_t first = HashedFirst(lanes, choice);
  CompressGroup(std::span(lanes).first(first), choice);
  CompressGroup(std::span(lanes).subspan(first), choice);
}

}  // namespace

void UpdateMany(std::span<const StreamInput> inputs, const Sha256Choice& choice) {
  std::vector<Lane> lanes;
  std::vector<StreamInput> tails;
  lanes.reserve(inputs.size());
  tails.reserve(inputs.size());
  for (const StreamInput& input : inputs) {
    const size_t buffered = Sha256Access::Context(*input.stream).num;
    const size_t fill =
        buffered == 0 ? 0 : std::min(kSha256BlockBytes - buffered, input.bytes.size());
    if (fill != 0) input.stream->Update(input.bytes.first(fill));
    const ByteSpan rest = input.bytes.subspan(fill);
    const size_t blocks = rest.size() / kSha256BlockBytes;
    if (blocks != 0) lanes.push_back({input.stream, rest.data(), blocks});
    tails.push_back({input.stream, rest.subspan(blocks * kSha256BlockBytes)});
  }
  CompressAll(std::move(lanes), choice);
  for (const StreamInput& tail : tails) tail.stream->Update(tail.bytes);
}

void UpdateMany(std::span<const StreamInput> inputs) {
  static std::atomic<size_t> hashed = 0;  // until it is worth it to measure the kernels
  if (hashed.load(std::memory_order_relaxed) >= kWorthMeasuring) {
    return UpdateMany(inputs, Sha256Choice::OfThisMachine());
  }
  size_t bytes = 0;
  for (const StreamInput& input : inputs) bytes += input.bytes.size();
  const size_t before = hashed.fetch_add(bytes, std::memory_order_relaxed);
  if (before + bytes >= kWorthMeasuring) return UpdateMany(inputs);
  for (const StreamInput& input : inputs) input.stream->Update(input.bytes);
}

size_t Sha256ManyLanes() { return Sha256Choice::OfThisMachine().lanes(); }

std::string Sha256ManyKernels() {
  std::string names;
  std::string_view last;
  for (const size_t streams : {2UL, 4UL, 8UL, 16UL}) {
    const Sha256Kernel* const kernel = Sha256Choice::OfThisMachine().KernelFor(streams);
    const std::string_view name = kernel == nullptr ? "openssl" : kernel->name;
    if (name == last) continue;
    names += (names.empty() ? "" : ", ") + std::string(name);
    last = name;
  }
  return names;
}

}  // namespace carnet::crypto
