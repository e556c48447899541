#include "artifact/pickle_stack.h"

namespace carnet::artifact {

Result<> PickleStack::CheckLimits() const {
  if (stack_.size() > kMaxPickleStack || marks_.size() > kMaxPickleStack) {
    return Malformed("pickle stack is too deep");
  }
  if (pickle_.values_.size() > kMaxPickleValues) return Malformed("too many pickled values");
  if (items_ > kMaxPickleItems) return Malformed("too many pickled items");
  return Ok();
}

Result<Pickle> PickleStack::Finish(uint64_t bytes) {
  if (stack_.size() != 1 || !marks_.empty()) return Malformed("pickle leaves no single value");
  pickle_.root_ = stack_.back();
  pickle_.bytes_ = bytes;
  return std::move(pickle_);
}

Result<> PickleStack::Push(PickleValue value) {
  stack_.push_back(static_cast<uint32_t>(pickle_.values_.size()));
  pickle_.values_.push_back(value);
  return Ok();
}

Result<uint32_t> PickleStack::Top() const {
  if (stack_.size() <= floor()) return Malformed("pickle stack is empty");
  return stack_.back();
}

Result<uint32_t> PickleStack::Pop() {
  CARNET_TRY(const uint32_t top, Top());
  stack_.pop_back();
  return top;
}

Result<> PickleStack::Duplicate() {
  CARNET_TRY(const uint32_t top, Top());
  stack_.push_back(top);
  return Ok();
}

Result<> PickleStack::Drop() {
  if (stack_.size() == floor() && !marks_.empty()) {
    marks_.pop_back();
    return Ok();
  }
  CARNET_TRY_VOID(Pop());
  return Ok();
}

Result<size_t> PickleStack::CountToMark() {
  if (marks_.empty()) return Malformed("pickle has no mark");
  const size_t count = stack_.size() - marks_.back();
  marks_.pop_back();
  return count;
}

Result<std::vector<uint32_t>> PickleStack::PopToMark() {
  CARNET_TRY(const size_t count, CountToMark());
  return PopMany(count);
}

Result<std::vector<uint32_t>> PickleStack::PopMany(size_t count) {
  if (stack_.size() - floor() < count) return Malformed("pickle stack is empty");
  const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
  std::vector<uint32_t> items(first, stack_.end());
  stack_.erase(first, stack_.end());
  items_ += count;
  return items;
}

Result<> PickleStack::Recall(uint64_t memo_index) {
  if (memo_index >= memo_.size() || memo_[memo_index] == kNothing) {
    return Malformed("pickle recalls what it has not stored");
  }
  stack_.push_back(memo_[memo_index]);
  return Ok();
}

Result<> PickleStack::Memoize(uint64_t memo_index) {
  CARNET_TRY(const uint32_t top, Top());
  if (memo_index >= kMaxPickleValues) return Malformed("pickle memo is too large");
  if (memo_index >= memo_.size()) memo_.resize(memo_index + 1, kNothing);
  memo_[memo_index] = top;
  return Ok();
}

Result<> PickleStack::MakeTuple(size_t count) {
  CARNET_TRY(const auto items, PopMany(count));
  const uint64_t begin = pickle_.items_.size();
  pickle_.items_.insert(pickle_.items_.end(), items.begin(), items.end());
  return Push({Kind::kTuple, static_cast<uint32_t>(count), begin});
}

Result<> PickleStack::MakeContainer(Kind kind, std::vector<uint32_t> items) {
  items_ += items.size();
  pickle_.containers_.push_back(std::move(items));
  return Push({kind, 0, pickle_.containers_.size() - 1});
}

Result<> PickleStack::Extend(Kind kind, size_t count) {
  CARNET_TRY(const auto items, PopMany(count));
  CARNET_TRY(const uint32_t top, Top());
  const PickleValue& container = at(top);
  if (container.kind != kind) {
    return Malformed(kind == Kind::kList ? "appends to what is not a list"
                                         : "sets items of what is not a dict");
  }
  auto& into = pickle_.containers_[container.number];
  into.insert(into.end(), items.begin(), items.end());
  return Ok();
}

Result<> PickleStack::PushWith(Kind kind, uint32_t index, uint32_t item) {
  pickle_.items_.push_back(item);
  ++items_;
  return Push({kind, index, pickle_.items_.size() - 1});
}

}  // namespace carnet::artifact
