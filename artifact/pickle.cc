// The machine of CPython's pickletools.py, which documents each opcode.
#include "artifact/pickle.h"

#include <fmt/core.h>

#include <algorithm>

#include "artifact/pickle_opcodes.h"
#include "artifact/pickle_stack.h"
#include "core/byte_reader.h"
#include "core/check.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

using Kind = PickleValue::Kind;
using Use = PickleGlobal::Use;

constexpr uint8_t kLastProtocol = 5;
constexpr size_t kMaxGlobalBytes = 512;  // of a module or a name; longer ones are none of ours

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
      : reader_(input), input_(input), allowed_(allowed), stack_(input) {}

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
      if (op == kStop) return stack_.Finish(consumed());
      CARNET_TRY_VOID(Step(op));
      CARNET_TRY_VOID(stack_.CheckLimits());
    }
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
        stack_.Mark();
        return Ok();
      case kPop:
        return stack_.Drop();
      case kPopMark: {
        CARNET_TRY_VOID(stack_.PopToMark());
        return Ok();
      }
      case kDup:
        return stack_.Duplicate();
      case kFrame: {
        CARNET_TRY_VOID(Take(8));  // how much a reader may buffer
        return Ok();
      }
      case kBinGet:
      case kLongBinGet: {
        CARNET_TRY(const uint64_t index, Number(op == kBinGet ? 1 : 4));
        return stack_.Recall(index);
      }
      case kBinPut:
      case kLongBinPut: {
        CARNET_TRY(const uint64_t index, Number(op == kBinPut ? 1 : 4));
        return stack_.Memoize(index);
      }
      case kMemoize:
        return stack_.Memoize(stack_.memo_size());
      default:
        return Scalar(op);
    }
  }

  Result<> Scalar(uint8_t op) {
    switch (op) {
      case kNone:
        return stack_.Push({Kind::kNone});
      case kNewTrue:
      case kNewFalse:
        return stack_.Push({Kind::kBool, 0, op == kNewTrue ? 1u : 0u});
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
        return stack_.MakeTuple(0);
      case kTuple1:
      case kTuple2:
      case kTuple3:
        return stack_.MakeTuple(static_cast<size_t>(op - kTuple1) + 1);
      case kTuple: {
        CARNET_TRY(const size_t count, stack_.CountToMark());
        return stack_.MakeTuple(count);
      }
      case kEmptyList:
        return stack_.MakeContainer(Kind::kList, {});
      case kEmptyDict:
        return stack_.MakeContainer(Kind::kDict, {});
      case kList:
      case kDict: {
        CARNET_TRY(auto items, stack_.PopToMark());
        if (op == kDict && items.size() % 2 != 0) return Malformed("a key without its value");
        return stack_.MakeContainer(op == kList ? Kind::kList : Kind::kDict, std::move(items));
      }
      case kAppend:
        return stack_.Extend(Kind::kList, 1);
      case kSetItem:
        return stack_.Extend(Kind::kDict, 2);
      case kAppends:
      case kSetItems: {
        CARNET_TRY(const size_t count, stack_.CountToMark());
        if (op == kSetItems && count % 2 != 0) return Malformed("a key without its value");
        return stack_.Extend(op == kAppends ? Kind::kList : Kind::kDict, count);
      }
      case kEmptySet:
        return stack_.Push({Kind::kOther});
      case kAddItems: {
        CARNET_TRY_VOID(stack_.PopToMark());
        CARNET_TRY_VOID(stack_.Top());
        return Ok();
      }
      case kFrozenSet: {
        CARNET_TRY_VOID(stack_.PopToMark());
        return stack_.Push({Kind::kOther});
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
        CARNET_TRY(const uint32_t id, stack_.Pop());
        return stack_.PushWith(Kind::kPersistent, 0, id);
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

  // --- scalars

  Result<> Integer(uint64_t bytes, bool is_signed) {
    CARNET_TRY(const ByteSpan taken, Take(bytes));
    if (bytes > 8) return stack_.Push({Kind::kOther});
    uint64_t value = 0;
    for (size_t i = taken.size(); i-- > 0;) value = (value << 8) | taken[i];
    const bool negative = is_signed && bytes > 0 && (taken.back() & 0x80) != 0;
    if (negative && bytes < 8) value |= ~uint64_t{0} << (8 * bytes);
    return stack_.Push({Kind::kInt, 0, value});
  }
  Result<> Text(uint64_t size_bytes) {
    CARNET_TRY(const uint64_t size, Number(size_bytes));
    CARNET_TRY_VOID(Take(size));
    if (size > UINT32_MAX) return Malformed("text is over 4 GiB");
    return stack_.Push({Kind::kText, static_cast<uint32_t>(size), consumed() - size});
  }
  Result<> Skip(uint64_t bytes) {
    CARNET_TRY_VOID(Take(bytes));
    return stack_.Push({Kind::kOther});
  }
  Result<> SkipSized(uint64_t size_bytes) {
    CARNET_TRY(const uint64_t size, Number(size_bytes));
    return Skip(size);
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
    CARNET_TRY(const uint32_t name, stack_.Pop());
    CARNET_TRY(const uint32_t module, stack_.Pop());
    if (stack_.at(name).kind != Kind::kText || stack_.at(module).kind != Kind::kText) {
      return Malformed("a global's name is not text");
    }
    return PushGlobal(stack_.pickle().text(stack_.at(module)),
                      stack_.pickle().text(stack_.at(name)));
  }
  Result<> PushGlobal(std::string_view module, std::string_view name) {
    const auto found = std::find_if(
        allowed_.begin(), allowed_.end(),
        [&](const PickleGlobal& global) { return global.module == module && global.name == name; });
    if (found == allowed_.end()) {
      return Executable(std::string(module.substr(0, kMaxGlobalBytes)) + "." +
                        std::string(name.substr(0, kMaxGlobalBytes)));
    }
    return stack_.Push({Kind::kGlobal, static_cast<uint32_t>(found - allowed_.begin())});
  }
  Result<> Reduce() {
    CARNET_TRY(const uint32_t arguments, stack_.Pop());
    CARNET_TRY(const uint32_t callee, stack_.Pop());
    const PickleValue called = stack_.at(callee);
    if (called.kind != Kind::kGlobal) return Executable("a value that it has made");
    const PickleGlobal& global = allowed_[called.index];
    if (global.use == Use::kName) {
      return Executable(std::string(global.module) + "." + std::string(global.name));
    }
    if (stack_.at(arguments).kind != Kind::kTuple) return Malformed("arguments are not a tuple");
    if (global.use == Use::kCall) return stack_.PushWith(Kind::kCall, called.index, arguments);
    return MakeDict(stack_.at(arguments));
  }
  // OrderedDict() or, as Python 2 wrote it, OrderedDict([[key, value], …]).
  Result<> MakeDict(const PickleValue& arguments) {
    const auto given = stack_.pickle().items(arguments);
    if (given.empty()) return stack_.MakeContainer(Kind::kDict, {});
    std::vector<uint32_t> items;
    const PickleValue& list = stack_.at(given[0]);
    if (given.size() != 1 || list.kind != Kind::kList)
      return Malformed("a dict of what is no list");
    for (const uint32_t each : stack_.pickle().items(list)) {
      const PickleValue& pair = stack_.at(each);
      const auto parts = stack_.pickle().items(pair);
      if ((pair.kind != Kind::kList && pair.kind != Kind::kTuple) || parts.size() != 2) {
        return Malformed("a dict of what are not pairs");
      }
      items.insert(items.end(), parts.begin(), parts.end());
    }
    return stack_.MakeContainer(Kind::kDict, std::move(items));
  }
  // Attributes of a dict, such as a state dictionary's `_metadata`: harmless, and not kept.
  Result<> Build() {
    CARNET_TRY(const uint32_t state, stack_.Pop());
    CARNET_TRY(const uint32_t target, stack_.Top());
    if (stack_.at(target).kind != Kind::kDict || stack_.at(state).kind != Kind::kDict) {
      return Executable("the __setstate__ of an object");
    }
    return Ok();
  }

  ByteReader reader_;
  const ByteSpan input_;
  const std::span<const PickleGlobal> allowed_;
  PickleStack stack_;
  bool wants_more_ = false;
};

Result<std::optional<Pickle>> ParsePickle(ByteSpan input, std::span<const PickleGlobal> allowed) {
  PickleMachine machine(input, allowed);
  auto pickle = machine.Run();
  if (pickle) return std::optional(std::move(*pickle));
  if (machine.wants_more()) return std::optional<Pickle>();
  return pickle.error();
}

}  // namespace carnet::artifact
