// The bytes of one file that have to be looked into after they have passed: in memory as far as
// there is room, then in a file without a name, which ends with the object. Not thread safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/bytes.h"
#include "core/file.h"
#include "core/result.h"

namespace carnet::artifact {

// An amount that several holders share. Thread safe.
class Allowance {
 public:
  explicit Allowance(uint64_t most) : most_(most) {}
  uint64_t most() const { return most_; }
  // False, and nothing is taken, where there is not so much left.
  bool Take(uint64_t amount);
  void Give(uint64_t amount) { taken_ -= amount; }

 private:
  const uint64_t most_;
  std::atomic<uint64_t> taken_ = 0;
};

// Where kept bytes may be.
struct KeepingRoom {
  Allowance memory;
  Allowance disk;
  std::string folder;  // of the files; empty: none
};

class KeptBytes {
 public:
  // Of one file; larger ones are on disk, so that none takes the memory of all others.
  static constexpr uint64_t kMaxInMemory = 16 << 20;

  // `room` must outlive it.
  explicit KeptBytes(KeepingRoom& room) : room_(room) {}
  KeptBytes(const KeptBytes&) = delete;
  KeptBytes& operator=(const KeptBytes&) = delete;
  ~KeptBytes();

  uint64_t size() const { return size_; }
  // Errors: io; unsupported: there is no room.
  Result<> Append(ByteSpan bytes);
  // Requires a range inside. Errors: io.
  Result<> Read(uint64_t offset, std::span<uint8_t> into) const;

 private:
  bool AppendToMemory(ByteSpan bytes);
  Result<> MoveToDisk();
  Result<> AppendToDisk(ByteSpan bytes);

  KeepingRoom& room_;
  uint64_t size_ = 0;
  Bytes memory_;
  uint64_t memory_taken_ = 0;
  std::optional<FileDescriptor> file_;
  uint64_t disk_taken_ = 0;
};

}  // namespace carnet::artifact
