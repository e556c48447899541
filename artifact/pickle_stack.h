// PickleStack: the values of a pickle while it is read: the stack of the machine, its marks and
// its memo, and the containers under construction. Private to pickle.cc. Not thread safe.
#pragma once

#include <cstdint>
#include <vector>

#include "artifact/pickle.h"
#include "core/result.h"

namespace carnet::artifact {

// All errors: malformed.
class PickleStack {
 public:
  using Kind = PickleValue::Kind;

  explicit PickleStack(ByteSpan input) { pickle_.input_ = input; }

  const PickleValue& at(uint32_t index) const { return pickle_.at(index); }
  const Pickle& pickle() const { return pickle_; }
  size_t memo_size() const { return memo_.size(); }

  // Whether all limits hold; to be asked after every opcode.
  Result<> CheckLimits() const;
  // Requires the input's opcode STOP before `bytes`.
  Result<Pickle> Finish(uint64_t bytes);

  Result<> Push(PickleValue value);
  Result<uint32_t> Top() const;
  Result<uint32_t> Pop();
  Result<> Duplicate();
  void Mark() { marks_.push_back(stack_.size()); }
  // The opcode POP, which also takes back a mark.
  Result<> Drop();
  // How many values are above the last mark, which is taken away.
  Result<size_t> CountToMark();
  Result<std::vector<uint32_t>> PopToMark();

  Result<> Recall(uint64_t memo_index);
  Result<> Memoize(uint64_t memo_index);  // the value on top

  // Of the `count` values on top.
  Result<> MakeTuple(size_t count);
  Result<> MakeContainer(Kind kind, std::vector<uint32_t> items);
  // Adds the `count` values on top to the list or dict below them.
  Result<> Extend(Kind kind, size_t count);
  // A kCall or kPersistent of one item.
  Result<> PushWith(Kind kind, uint32_t index, uint32_t item);

 private:
  static constexpr uint32_t kNothing = UINT32_MAX;

  // Values below the last mark are out of reach, as in CPython.
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Result<std::vector<uint32_t>> PopMany(size_t count);

  Pickle pickle_;
  std::vector<uint32_t> stack_;
  std::vector<size_t> marks_;
  std::vector<uint32_t> memo_;
  uint64_t items_ = 0;  // in tuples, lists and dicts
};

}  // namespace carnet::artifact
