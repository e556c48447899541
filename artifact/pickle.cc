// The machine of CPython's pickletools.py, which documents each opcode.
#include "artifact/pickle.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/byte_reader.h"
#include "core/check.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

using Kind = PickleValue::Kind;
using Use = PickleGlobal::Use;

constexpr uint8_t kLastProtocol = 5;
constexpr size_t kMaxGlobalBytes = 512;  // of a module or a name; longer ones are none of ours

enum Op : uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kNone = 'N',
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kBinFloat = 'G',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kBinBytes8 = 0x8e,
  kByteArray8 = 0x96,
  kEmptyTuple = ')',
  kTuple = 't',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kEmptyList = ']',
  kList = 'l',
  kAppend = 'a',
  kAppends = 'e',
  kEmptyDict = '}',
  kDict = 'd',
  kSetItem = 's',
  kSetItems = 'u',
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kMemoize = 0x94,
  kGlobal = 'c',
  kStackGlobal = 0x93,
  kReduce = 'R',
  kBuild = 'b',
  kInst = 'i',
  kObj = 'o',
  kNewObj = 0x81,
  kExt1 = 0x82,
  kExt2 = 0x83,
  kExt4 = 0x84,
  kNewObjEx = 0x92,
  kBinPersid = 'Q',
  kProto = 0x80,
  kFrame = 0x95,
};

Error Executable(std::string_view what) {
  return Rejected("calls " + Printable(what, 2 * kMaxGlobalBytes));
}

}  // namespace

std::string_view Pickle::text(const PickleValue& value) const {
  CARNET_CHECK(value.kind == Kind::kText);
  return AsText(input_.subspan(value.number, value.index));
}

std::span<const uint32_t> Pickle::items(const PickleValue& value) const {
  switch (value.kind) {
    case Kind::kTuple:
      return std::span(items_).subspan(value.number, value.index);
    case Kind::kCall:
    case Kind::kPersistent:
      return std::span(items_).subspan(value.number, 1);
    case Kind::kList:
    case Kind::kDict:
      return containers_[value.number];
    case Kind::kNone:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kText:
    case Kind::kGlobal:
    case Kind::kOther:
      break;
  }
  return {};
}

class PickleMachine {
 public:
  PickleMachine(ByteSpan input, std::span<const PickleGlobal> allowed)
      : reader_(input), input_(input), allowed_(allowed) {
    pickle_.input_ = input;
  }

  // True after an error that means no more than that bytes are missing.
  bool wants_more() const { return wants_more_; }

  Result<Pickle> Run() {
    CARNET_TRY(const uint8_t first, U8());
    if (first != kProto) return Malformed("does not begin as a pickle of protocol 2 or later");
    CARNET_TRY(const uint8_t protocol, U8());
    if (protocol < 2 || protocol > kLastProtocol) {
      return Unsupported(fmt::format("pickle protocol {}", protocol));
    }
    while (true) {
      CARNET_TRY(const uint8_t op, U8());
      if (op == kStop) break;
      CARNET_TRY_VOID(Step(op));
      if (stack_.size() > kMaxPickleStack) return Malformed("pickle stack is too deep");
      if (pickle_.values_.size() > kMaxPickleValues) return Malformed("too many pickled values");
      if (items_ > kMaxPickleItems) return Malformed("too many pickled items");
    }
    if (stack_.size() != 1 || !marks_.empty()) return Malformed("pickle leaves no single value");
    pickle_.root_ = stack_.back();
    pickle_.bytes_ = consumed();
    return std::move(pickle_);
  }

 private:
  uint64_t consumed() const { return input_.size() - reader_.remaining(); }

  Result<ByteSpan> Take(uint64_t count) {
    if (const auto bytes = reader_.Take(count)) return *bytes;
    wants_more_ = true;
    return Malformed("pickle is truncated");
  }
  Result<uint8_t> U8() {
    CARNET_TRY(const ByteSpan byte, Take(1));
    return byte[0];
  }
  // Little endian, of `bytes` bytes.
  Result<uint64_t> Number(uint64_t bytes) {
    CARNET_TRY(const ByteSpan taken, Take(bytes));
    uint64_t value = 0;
    for (size_t i = taken.size(); i-- > 0;) value = (value << 8) | taken[i];
    return value;
  }

  Result<> Step(uint8_t op) {
    switch (op) {
      case kMark:
        marks_.push_back(stack_.size());
        if (marks_.size() > kMaxPickleStack) return Malformed("pickle stack is too deep");
        return Ok();
      case kPop:
        return Drop();
      case kPopMark: {
        CARNET_TRY_VOID(PopToMark());
        return Ok();
      }
      case kDup: {
        CARNET_TRY(const uint32_t top, Top());
        stack_.push_back(top);
        return Ok();
      }
      case kFrame: {
        CARNET_TRY_VOID(Take(8));  // how much a reader may buffer
        return Ok();
      }
      case kBinGet:
      case kLongBinGet:
        return Get(op == kBinGet ? 1 : 4);
      case kBinPut:
      case kLongBinPut:
        return Put(op == kBinPut ? 1 : 4);
      case kMemoize:
        return Memoize(memo_.size());
      default:
        return Scalar(op);
    }
  }

  Result<> Scalar(uint8_t op) {
    switch (op) {
      case kNone:
        return Push({Kind::kNone});
      case kNewTrue:
      case kNewFalse:
        return Push({Kind::kBool, 0, op == kNewTrue ? 1u : 0u});
      case kBinInt1:
        return Integer(1, false);
      case kBinInt2:
        return Integer(2, false);
      case kBinInt:
        return Integer(4, true);
      case kLong1:
      case kLong4: {
        CARNET_TRY(const uint64_t bytes, Number(op == kLong1 ? 1 : 4));
        return Integer(bytes, true);
      }
      case kBinFloat:
        return Skip(8);
      case kShortBinString:
      case kShortBinUnicode:
        return Text(1);
      case kBinString:
      case kBinUnicode:
        return Text(4);
      case kBinUnicode8:
        return Text(8);
      case kShortBinBytes:
        return SkipSized(1);
      case kBinBytes:
        return SkipSized(4);
      case kBinBytes8:
      case kByteArray8:
        return SkipSized(8);
      default:
        return Container(op);
    }
  }

  Result<> Container(uint8_t op) {
    switch (op) {
      case kEmptyTuple:
        return MakeTuple(0);
      case kTuple1:
      case kTuple2:
      case kTuple3:
        return MakeTuple(static_cast<size_t>(op - kTuple1) + 1);
      case kTuple: {
        CARNET_TRY(const size_t count, CountToMark());
        return MakeTuple(count);
      }
      case kEmptyList:
        return MakeContainer(Kind::kList, {});
      case kEmptyDict:
        return MakeContainer(Kind::kDict, {});
      case kList:
      case kDict: {
        CARNET_TRY(auto items, PopToMark());
        if (op == kDict && items.size() % 2 != 0) return Malformed("a key without its value");
        return MakeContainer(op == kList ? Kind::kList : Kind::kDict, std::move(items));
      }
      case kAppend:
        return Extend(Kind::kList, 1);
      case kSetItem:
        return Extend(Kind::kDict, 2);
      case kAppends:
      case kSetItems: {
        CARNET_TRY(const size_t count, CountToMark());
        if (op == kSetItems && count % 2 != 0) return Malformed("a key without its value");
        return Extend(op == kAppends ? Kind::kList : Kind::kDict, count);
      }
      case kEmptySet:
        return Push({Kind::kOther});
      case kAddItems: {
        CARNET_TRY_VOID(PopToMark());
        CARNET_TRY_VOID(Top());
        return Ok();
      }
      case kFrozenSet: {
        CARNET_TRY_VOID(PopToMark());
        return Push({Kind::kOther});
      }
      default:
        return Call(op);
    }
  }

  Result<> Call(uint8_t op) {
    switch (op) {
      case kGlobal:
        return Global();
      case kStackGlobal:
        return StackGlobal();
      case kReduce:
        return Reduce();
      case kBuild:
        return Build();
      case kBinPersid: {
        CARNET_TRY(const uint32_t id, Pop());
        return Push({Kind::kPersistent, 0, Store(id)});
      }
      case kInst: {
        CARNET_TRY(const std::string_view module, Line());
        CARNET_TRY(const std::string_view name, Line());
        return Executable(std::string(module) + "." + std::string(name));
      }
      case kObj:
      case kNewObj:
      case kNewObjEx:
        return Executable("what it takes from the stack, to make an object");
      case kExt1:
      case kExt2:
      case kExt4:
        return Executable("what the extension registry names");
      default:
        return Unsupported(fmt::format("pickle opcode 0x{:02x}", op));
    }
  }

  // --- the stack

  Result<> Push(PickleValue value) {
    stack_.push_back(static_cast<uint32_t>(pickle_.values_.size()));
    pickle_.values_.push_back(value);
    return Ok();
  }

  // Values below the last mark are out of reach, as in CPython.
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  Result<uint32_t> Top() const {
    if (stack_.size() <= floor()) return Malformed("pickle stack is empty");
    return stack_.back();
  }
  Result<uint32_t> Pop() {
    CARNET_TRY(const uint32_t top, Top());
    stack_.pop_back();
    return top;
  }
  // POP also takes back a mark.
  Result<> Drop() {
    if (stack_.size() == floor() && !marks_.empty()) {
      marks_.pop_back();
      return Ok();
    }
    CARNET_TRY_VOID(Pop());
    return Ok();
  }
  // How many values are above the last mark, which is taken away.
  Result<size_t> CountToMark() {
    if (marks_.empty()) return Malformed("pickle has no mark");
    const size_t count = stack_.size() - marks_.back();
    marks_.pop_back();
    return count;
  }
  Result<std::vector<uint32_t>> PopToMark() {
    CARNET_TRY(const size_t count, CountToMark());
    return PopMany(count);
  }
  Result<std::vector<uint32_t>> PopMany(size_t count) {
    if (stack_.size() - floor() < count) return Malformed("pickle stack is empty");
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<uint32_t> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    items_ += count;
    return items;
  }

  // --- the memo

  Result<> Get(uint64_t bytes) {
    CARNET_TRY(const uint64_t index, Number(bytes));
    if (index >= memo_.size() || memo_[index] == kNothing) {
      return Malformed("pickle recalls what it has not stored");
    }
    stack_.push_back(memo_[index]);
    return Ok();
  }
  Result<> Put(uint64_t bytes) {
    CARNET_TRY(const uint64_t index, Number(bytes));
    return Memoize(index);
  }
  Result<> Memoize(uint64_t index) {
    CARNET_TRY(const uint32_t top, Top());
    if (index >= kMaxPickleValues) return Malformed("pickle memo is too large");
    if (index >= memo_.size()) memo_.resize(index + 1, kNothing);
    memo_[index] = top;
    return Ok();
  }

  // --- scalars

  Result<> Integer(uint64_t bytes, bool is_signed) {
    CARNET_TRY(const ByteSpan taken, Take(bytes));
    if (bytes > 8) return Push({Kind::kOther});
    uint64_t value = 0;
    for (size_t i = taken.size(); i-- > 0;) value = (value << 8) | taken[i];
    const bool negative = is_signed && bytes > 0 && (taken.back() & 0x80) != 0;
    if (negative && bytes < 8) value |= ~uint64_t{0} << (8 * bytes);
    return Push({Kind::kInt, 0, value});
  }
  Result<> Text(uint64_t size_bytes) {
    CARNET_TRY(const uint64_t size, Number(size_bytes));
    CARNET_TRY_VOID(Take(size));
    if (size > UINT32_MAX) return Malformed("text is over 4 GiB");
    return Push({Kind::kText, static_cast<uint32_t>(size), consumed() - size});
  }
  Result<> Skip(uint64_t bytes) {
    CARNET_TRY_VOID(Take(bytes));
    return Push({Kind::kOther});
  }
  Result<> SkipSized(uint64_t size_bytes) {
    CARNET_TRY(const uint64_t size, Number(size_bytes));
    return Skip(size);
  }

  // --- containers

  uint64_t Store(uint32_t item) {
    pickle_.items_.push_back(item);
    ++items_;
    return pickle_.items_.size() - 1;
  }
  Result<> MakeTuple(size_t count) {
    CARNET_TRY(const auto items, PopMany(count));
    const uint64_t begin = pickle_.items_.size();
    pickle_.items_.insert(pickle_.items_.end(), items.begin(), items.end());
    return Push({Kind::kTuple, static_cast<uint32_t>(count), begin});
  }
  Result<> MakeContainer(Kind kind, std::vector<uint32_t> items) {
    pickle_.containers_.push_back(std::move(items));
    return Push({kind, 0, pickle_.containers_.size() - 1});
  }
  Result<> Extend(Kind kind, size_t count) {
    CARNET_TRY(const auto items, PopMany(count));
    CARNET_TRY(const uint32_t top, Top());
    const PickleValue& container = pickle_.values_[top];
    if (container.kind != kind) {
      return Malformed(kind == Kind::kList ? "appends to what is not a list"
                                           : "sets items of what is not a dict");
    }
    auto& into = pickle_.containers_[container.number];
    into.insert(into.end(), items.begin(), items.end());
    return Ok();
  }

  // --- what would run

  Result<std::string_view> Line() {
    const std::string_view rest = AsText(input_.subspan(consumed()));
    const size_t end = rest.substr(0, kMaxGlobalBytes).find('\n');
    if (end == std::string_view::npos) {
      wants_more_ = rest.size() < kMaxGlobalBytes;
      return Malformed(wants_more_ ? "pickle is truncated" : "a global's name is over 512 bytes");
    }
    CARNET_TRY_VOID(Take(end + 1));
    return rest.substr(0, end);
  }
  Result<> Global() {
    CARNET_TRY(const std::string_view module, Line());
    CARNET_TRY(const std::string_view name, Line());
    return PushGlobal(module, name);
  }
  Result<> StackGlobal() {
    CARNET_TRY(const uint32_t name, Pop());
    CARNET_TRY(const uint32_t module, Pop());
    if (pickle_.at(name).kind != Kind::kText || pickle_.at(module).kind != Kind::kText) {
      return Malformed("a global's name is not text");
    }
    return PushGlobal(pickle_.text(pickle_.at(module)), pickle_.text(pickle_.at(name)));
  }
  Result<> PushGlobal(std::string_view module, std::string_view name) {
    const auto found = std::find_if(
        allowed_.begin(), allowed_.end(),
        [&](const PickleGlobal& global) { return global.module == module && global.name == name; });
    if (found == allowed_.end()) {
      return Executable(std::string(module.substr(0, kMaxGlobalBytes)) + "." +
                        std::string(name.substr(0, kMaxGlobalBytes)));
    }
    return Push({Kind::kGlobal, static_cast<uint32_t>(found - allowed_.begin())});
  }
  Result<> Reduce() {
    CARNET_TRY(const uint32_t arguments, Pop());
    CARNET_TRY(const uint32_t callee, Pop());
    const PickleValue called = pickle_.at(callee);
    if (called.kind != Kind::kGlobal) return Executable("a value that it has made");
    const PickleGlobal& global = allowed_[called.index];
    if (global.use == Use::kName) {
      return Executable(std::string(global.module) + "." + std::string(global.name));
    }
    if (pickle_.at(arguments).kind != Kind::kTuple) return Malformed("arguments are not a tuple");
    if (global.use == Use::kCall) return Push({Kind::kCall, called.index, Store(arguments)});
    return MakeDict(pickle_.at(arguments));
  }
  // OrderedDict() or, as Python 2 wrote it, OrderedDict([[key, value], …]).
  Result<> MakeDict(const PickleValue& arguments) {
    const auto given = pickle_.items(arguments);
    if (given.empty()) return MakeContainer(Kind::kDict, {});
    std::vector<uint32_t> items;
    const PickleValue& list = pickle_.at(given[0]);
    if (given.size() != 1 || list.kind != Kind::kList)
      return Malformed("a dict of what is no list");
    for (const uint32_t each : pickle_.items(list)) {
      const PickleValue& pair = pickle_.at(each);
      const auto parts = pickle_.items(pair);
      if ((pair.kind != Kind::kList && pair.kind != Kind::kTuple) || parts.size() != 2) {
        return Malformed("a dict of what are not pairs");
      }
      items.insert(items.end(), parts.begin(), parts.end());
    }
    items_ += items.size();
    return MakeContainer(Kind::kDict, std::move(items));
  }
  // Attributes of a dict, such as a state dictionary's `_metadata`: harmless, and not kept.
  Result<> Build() {
    CARNET_TRY(const uint32_t state, Pop());
    CARNET_TRY(const uint32_t target, Top());
    if (pickle_.at(target).kind != Kind::kDict || pickle_.at(state).kind != Kind::kDict) {
      return Executable("the __setstate__ of an object");
    }
    return Ok();
  }

  static constexpr uint32_t kNothing = UINT32_MAX;

  ByteReader reader_;
  const ByteSpan input_;
  const std::span<const PickleGlobal> allowed_;
  bool wants_more_ = false;
  Pickle pickle_;
  std::vector<uint32_t> stack_;
  std::vector<size_t> marks_;
  std::vector<uint32_t> memo_;
  uint64_t items_ = 0;  // in tuples, lists and dicts
};

Result<std::optional<Pickle>> ParsePickle(ByteSpan input, std::span<const PickleGlobal> allowed) {
  PickleMachine machine(input, allowed);
  auto pickle = machine.Run();
  if (pickle) return std::optional(std::move(*pickle));
  if (machine.wants_more()) return std::optional<Pickle>();
  return pickle.error();
}

}  // namespace carnet::artifact
