#include "crypto/sha256_choice.h"

#include <algorithm>
#include <chrono>

#include "core/bytes.h"
#include "core/check.h"
#include "crypto/sha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace carnet::crypto {
namespace {

#if defined(__x86_64__)
bool HasShaInstructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0 &&
         __builtin_cpu_supports("sse4.1") != 0 && __builtin_cpu_supports("ssse3") != 0;
}
#endif

std::vector<const Sha256Kernel*> FindKernels() {
  std::vector<const Sha256Kernel*> kernels;
#if defined(__x86_64__)
  if (HasShaInstructions()) kernels = {&kSha256ShaNi2, &kSha256ShaNi3, &kSha256ShaNi4};
  if (__builtin_cpu_supports("avx2") != 0) kernels.push_back(&kSha256Avx2);
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0) {
    kernels.push_back(&kSha256Avx512x8);
    kernels.push_back(&kSha256Avx512x16);
  }
#elif defined(__aarch64__)
  if ((getauxval(AT_HWCAP) & HWCAP_SHA2) != 0) {
    kernels = {&kSha256Arm2, &kSha256Arm3, &kSha256Arm4};
  }
#endif
  return kernels;
}

constexpr size_t kBlocks = 32;  // of each lane, a turn: 10 µs or so
constexpr int kTurns = 4;       // the best of them: in the others something else ran

template <class Work>
double BestNanoseconds(const Work& work) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto begin = Clock::now();
    work();
    const std::chrono::duration<double, std::nano> took = Clock::now() - begin;
    if (turn == 0 || took.count() < best) best = took.count();
  }
  return std::max(best, 1.0);
}

double RateOf(const Sha256Kernel& kernel, ByteSpan bytes) {
  std::array<std::array<uint32_t, 8>, kMaxSha256Lanes> words{};
  std::array<uint32_t*, kMaxSha256Lanes> states{};
  std::array<const uint8_t*, kMaxSha256Lanes> data{};
  for (size_t i = 0; i < kernel.lanes; ++i) {
    states[i] = words[i].data();
    data[i] = bytes.data() + i * kBlocks * kSha256BlockBytes;
  }
  const double ns = BestNanoseconds([&] { kernel.compress(states.data(), data.data(), kBlocks); });
  return static_cast<double>(kernel.lanes * kBlocks * kSha256BlockBytes) / ns;
}

double RateOfOpenSsl(ByteSpan bytes) {
  const ByteSpan part = bytes.first(4 * kBlocks * kSha256BlockBytes);
  Sha256 stream;
  return static_cast<double>(part.size()) / BestNanoseconds([&] { stream.Update(part); });
}

std::vector<Sha256Choice::Rate> MeasuredRates() {
  const Bytes bytes(kMaxSha256Lanes * kBlocks * kSha256BlockBytes, 0x5a);
  std::vector<Sha256Choice::Rate> rates = {{nullptr, RateOfOpenSsl(bytes)}};
  for (const Sha256Kernel* kernel : Sha256KernelsHere()) {
    rates.push_back({kernel, RateOf(*kernel, bytes)});
  }
  return rates;
}

}  // namespace

std::span<const Sha256Kernel* const> Sha256KernelsHere() {
  static const std::vector<const Sha256Kernel*> kernels = FindKernels();
  return kernels;
}

const Sha256Choice& Sha256Choice::OfThisMachine() {
  static const Sha256Choice measured(MeasuredRates());
  return measured;
}

Sha256Choice Sha256Choice::Always(const Sha256Kernel& kernel) {
  constexpr double kUnbeatable = 1e9;
  const std::array<Rate, 2> rates = {Rate{nullptr, 1}, Rate{&kernel, kUnbeatable}};
  return Sha256Choice(rates);
}

Sha256Choice::Sha256Choice(std::span<const Rate> rates) {
  CARNET_CHECK(!rates.empty());
  for (size_t streams = 1; streams <= kMaxSha256Lanes; ++streams) {
    Rate& best = best_[streams - 1];
    best = {nullptr, 0};
    for (const Rate& rate : rates) {
      const size_t lanes = rate.kernel == nullptr ? 1 : rate.kernel->lanes;
      if (streams == 1 && lanes > 1) continue;  // one stream is what OpenSSL is best at
      // Lanes without a stream are hashed for nothing.
      const double filled =
          static_cast<double>(std::min(streams, lanes)) / static_cast<double>(lanes);
      if (rate.bytes_per_ns * filled > best.bytes_per_ns) {
        best = {rate.kernel, rate.bytes_per_ns * filled};
      }
    }
    if (best.bytes_per_ns > best_[lanes_ - 1].bytes_per_ns) lanes_ = streams;
  }
}

const Sha256Choice::Rate& Sha256Choice::For(size_t streams) const {
  CARNET_CHECK(streams > 0);
  return best_[std::min(streams, kMaxSha256Lanes) - 1];
}

}  // namespace carnet::crypto
