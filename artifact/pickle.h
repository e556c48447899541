// Python's pickles read as data: nothing is imported, called or built. A pickle is a program, and
// loading it runs whatever it names; here a name that is not on the caller's list ends the reading
// and is reported. Protocols 2 to 5, without the text opcodes of older ones. Thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace carnet::artifact {

// A name that a pickle may have, and what may be done with it.
struct PickleGlobal {
  enum class Use : uint8_t {
    kName,      // it may be named only
    kCall,      // a call of it is kept as a value, with its arguments
    kMakeDict,  // a call of it makes a dict, whose attributes may be set
  };
  std::string_view module;
  std::string_view name;
  Use use;
};

// One value; what its numbers mean depends on the kind. Containers may contain one another in
// cycles: a reader bounds its depth.
struct PickleValue {
  enum class Kind : uint8_t {
    kNone,
    kBool,        // number
    kInt,         // number, two's complement
    kText,        // text()
    kTuple,       // items()
    kList,        // items()
    kDict,        // items(): key, value, key, value, …
    kGlobal,      // index into the caller's list
    kCall,        // index of the callee, and one item: the tuple of arguments
    kPersistent,  // one item: what the program that wrote it knows an object by
    kOther,       // floats, bytes, sets, integers beyond 64 bits
  };
  Kind kind;
  uint32_t index = 0;  // or size
  uint64_t number = 0;
};

class Pickle {
 public:
  using Kind = PickleValue::Kind;

  const PickleValue& root() const { return values_[root_]; }
  const PickleValue& at(uint32_t index) const { return values_[index]; }
  std::span<const PickleValue> values() const { return values_; }  // all, in the order made

  std::string_view text(const PickleValue& value) const;            // of a kText
  std::span<const uint32_t> items(const PickleValue& value) const;  // of those that have items

  uint64_t bytes() const { return bytes_; }  // how many of the input it is

 private:
  friend class PickleStack;
  ByteSpan input_;
  std::vector<PickleValue> values_;
  std::vector<uint32_t> items_;                    // of tuples, calls and persistent values
  std::vector<std::vector<uint32_t>> containers_;  // of lists and dicts
  uint32_t root_ = 0;
  uint64_t bytes_ = 0;
};

// Limits against memory: a value costs 16 bytes and at least one byte of input, an item 4.
inline constexpr uint64_t kMaxPickleValues = 1 << 22;
inline constexpr uint64_t kMaxPickleItems = 1 << 23;
inline constexpr uint64_t kMaxPickleStack = 1 << 20;

// The pickle at the start of `input`, which the result borrows. Absent when it continues after it.
// Errors: rejected for an executable pickle, "calls posix.system"; malformed; unsupported.
Result<std::optional<Pickle>> ParsePickle(ByteSpan input, std::span<const PickleGlobal> allowed);

}  // namespace carnet::artifact
