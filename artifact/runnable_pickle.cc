// CPython's pickletools.py documents the opcodes; _pickle.c and Python 2's say what they accept.
#include "artifact/runnable_pickle.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "artifact/pickle_opcodes.h"
#include "core/ascii.h"

namespace carnet::artifact {
namespace {

// Nothing: the pickle goes on.
using Outcome = std::optional<PickleScan>;

bool IsAmong(char op, std::string_view ops) { return ops.find(op) != ops.npos; }

// A number in lower case without blanks around it and sign, as `int` and `strtol` take it; to
// `strtol` it ends at a NUL.
std::string NumberText(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  line = line.substr(0, line.find('\0'));
  const size_t first = line.find_first_not_of(kBlanks);
  if (first == line.npos) return "";
  line = line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
  if (line.starts_with('+') || line.starts_with('-')) line.remove_prefix(1);
  return Lowered(line);
}

bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

// With a base, with underscores, with Python 2's L.
bool IsInteger(std::string_view line) {
  std::string text = NumberText(line);
  if (text.ends_with('l')) text.pop_back();
  const bool has_base = text.size() > 2 && text[0] == '0' && IsAmong(text[1], "xob");
  if (has_base) text.erase(0, 2);
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return c == '_' || (has_base ? IsHexDigit(c) : IsDigit(c));
  });
}

bool IsFloat(std::string_view line) {
  const std::string text = NumberText(line);
  if (text == "inf" || text == "infinity" || text == "nan") return true;
  return !text.empty() && (IsDigit(text[0]) || text[0] == '.') &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsHexDigit(c) || IsAmong(c, "xp_+-."); });
}

bool IsQuotation(std::string_view line) { return line.starts_with('\'') || line.starts_with('"'); }

// Of a module or what is in it; not a sentence, nor Markdown.
bool IsName(std::string_view line) {
  return !line.empty() && line.find_first_of(" \t\"'`#<>()[]{}") == line.npos;
}

bool IsAnything(std::string_view) { return true; }

uint64_t LittleEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// Marks lie among the values, as in Python 2, whose pickles may reach below the last one.
enum class StackItem : uint8_t { kMark, kValue, kNamed };

class RunnableScanner {
 public:
  RunnableScanner(std::string_view content, Extent extent) : rest_(content), extent_(extent) {}

  PickleScan Run() {
    while (!rest_.empty()) {
      const char op = rest_.front();
      rest_.remove_prefix(1);
      const Outcome skipped = SkipArgument(op);
      if (skipped) return *skipped;
      const Outcome done = Step(op);
      if (done) return *done;
    }
    return AtTheEnd();
  }

 private:
  static constexpr PickleScan kFails = PickleScan::kHarmless;

  PickleScan AtTheEnd() const { return extent_ == Extent::kHead ? PickleScan::kWantsMore : kFails; }

  // --- arguments

  Outcome SkipArgument(char op) {
    if (IsAmong(op, "SVPgpFILci")) return SkipLines(op);
    if (IsAmong(op, "UC\x8a\x8c")) return SkipCounted(1);
    if (IsAmong(op, "TXB\x8b")) return SkipCounted(4);
    if (IsAmong(op, "\x8d\x8e\x96")) return SkipCounted(8);
    if (IsAmong(op, "Khq\x80\x82")) return Skip(1);
    if (IsAmong(op, "M\x83")) return Skip(2);
    if (IsAmong(op, "Jjr\x84")) return Skip(4);
    if (op == 'G') return Skip(8);
    return op == '\x95' ? SkipFrame() : std::nullopt;
  }

  // The reader in C loses what is left of a frame that an argument goes beyond, so that the opcodes
  // of the two readers are not the same: no document or picture begins with a frame.
  Outcome SkipFrame() {
    if (rest_.size() < 8) return AtTheEnd();
    if (LittleEndian(rest_.substr(0, 8)) <= rest_.size() - 8) return PickleScan::kRuns;
    return Skip(8);
  }

  Outcome SkipLines(char op) {
    switch (op) {
      case 'F':
        return SkipLine(&IsFloat);
      case 'I':
      case 'L':
        return SkipLine(&IsInteger);
      case 'S':
        return SkipLine(&IsQuotation);
      case 'c':
      case 'i': {
        const Outcome module = SkipLine(&IsName);
        return module ? module : SkipLine(&IsName);
      }
      default:
        return SkipLine(&IsAnything);  // Python 2 takes any text for a place in the memo
    }
  }

  // Python's own reader of lines, other than that in C, takes the last one without its end.
  Outcome SkipLine(bool (*accepts)(std::string_view)) {
    const size_t end = rest_.find('\n');
    if (end == rest_.npos && (extent_ == Extent::kHead || rest_.empty())) return AtTheEnd();
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
    if (!accepts(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line)) return kFails;
    return std::nullopt;
  }

  Outcome Skip(uint64_t bytes) {
    if (rest_.size() < bytes) return AtTheEnd();
    rest_.remove_prefix(bytes);
    return std::nullopt;
  }

  // Little endian. A negative count is beyond any file.
  Outcome SkipCounted(size_t bytes_of_count) {
    if (rest_.size() < bytes_of_count) return AtTheEnd();
    const uint64_t count = LittleEndian(rest_.substr(0, bytes_of_count));
    rest_.remove_prefix(bytes_of_count);
    return Skip(count);
  }

  // --- the stack

  Outcome Step(char op) {
    if (IsAmong(op, "NJKMGTUXBCISLFVP)]}\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x96\x97")) {
      return Push(StackItem::kValue);
    }
    if (op == 'c') return PushNamed();
    if (op == '.') return Stop();
    is_list_of_names_ = false;
    if (IsAmong(op, "\x82\x83\x84")) return PushNamed();
    if (IsAmong(op, "hjg")) return Push(has_names_ ? StackItem::kNamed : StackItem::kValue);
    if (IsAmong(op, "pqr\x94\x98")) return Replace(1, 1);  // a place in the memo
    if (IsAmong(op, "\x80\x95")) return std::nullopt;
    switch (static_cast<uint8_t>(op)) {
      case kMark:
        return Push(StackItem::kMark);
      case kPop:
        return Replace(1, 0);
      case kDup:
        return stack_.empty() ? Outcome(kFails) : Push(stack_.back());
      case kBinPersid:
      case kTuple1:
        return PushOver(1);
      case kTuple2:
        return PushOver(2);
      case kTuple3:
        return PushOver(3);
      case kStackGlobal: {
        const Outcome names = Replace(2, 0);
        return names ? names : PushNamed();
      }
      default:
        return StepToMark(op);
    }
  }

  Outcome StepToMark(char op) {
    switch (static_cast<uint8_t>(op)) {
      case kPopMark:
        return PopToMark();
      case kTuple:
      case kList:
      case kDict:
      case kFrozenSet: {
        const Outcome popped = PopToMark();
        return popped ? popped : Push(StackItem::kValue);
      }
      case kAppends:
      case kSetItems:
      case kAddItems: {
        const Outcome popped = PopToMark();
        return popped ? popped : Use(1);
      }
      case kInst:
        return MarkPlace() ? PickleScan::kRuns : kFails;
      case kObj: {
        const auto mark = MarkPlace();
        if (!mark || *mark + 1 == stack_.size()) return kFails;
        const Outcome used = Use(stack_.size() - *mark - 1);
        return used ? used : PushOver(stack_.size() - *mark);
      }
      default:
        return StepOfUse(op);
    }
  }

  // What calls or changes the value below its arguments.
  Outcome StepOfUse(char op) {
    switch (static_cast<uint8_t>(op)) {
      case kAppend:
      case kBuild:
        return UseWith(1);
      case kSetItem:
        return UseWith(2);
      case kReduce:
      case kNewObj: {
        const Outcome used = UseWith(1);
        return used ? used : PushOver(1);
      }
      case kNewObjEx: {
        const Outcome used = UseWith(2);
        return used ? used : PushOver(1);
      }
      default:
        return kFails;  // no opcode
    }
  }

  // Names alone are a .gitignore of `coverage`, `build` and `.env`.
  Outcome Stop() {
    if (stack_.empty()) return kFails;
    if (has_names_ && !is_list_of_names_) return PickleScan::kRuns;
    stack_.clear();  // another pickle may follow
    has_names_ = false;
    is_list_of_names_ = true;
    return std::nullopt;
  }

  Outcome Push(StackItem item) {
    stack_.push_back(item);
    return std::nullopt;
  }

  Outcome PushNamed() {
    has_names_ = true;
    return Push(StackItem::kNamed);
  }

  // Takes `needed` off the stack and puts the lowest `kept` of them back.
  Outcome Replace(size_t needed, size_t kept) {
    if (stack_.size() < needed) return kFails;
    stack_.resize(stack_.size() - needed + kept);
    return std::nullopt;
  }

  Outcome PushOver(size_t count) {
    const Outcome popped = Replace(count, 0);
    return popped ? popped : Push(StackItem::kValue);
  }

  // Of the value at this place from the top, which is 1.
  Outcome Use(size_t from_top) const {
    if (stack_.size() < from_top) return kFails;
    if (stack_[stack_.size() - from_top] == StackItem::kNamed) return PickleScan::kRuns;
    return std::nullopt;
  }

  Outcome UseWith(size_t arguments) {
    const Outcome used = Use(arguments + 1);
    return used ? used : Replace(arguments, 0);
  }

  std::optional<size_t> MarkPlace() const {
    for (size_t i = stack_.size(); i-- > 0;) {
      if (stack_[i] == StackItem::kMark) return i;
    }
    return std::nullopt;
  }

  Outcome PopToMark() {
    const auto mark = MarkPlace();
    if (!mark) return kFails;
    stack_.resize(*mark);
    return std::nullopt;
  }

  std::string_view rest_;
  const Extent extent_;
  std::vector<StackItem> stack_;
  bool has_names_ = false;
  bool is_list_of_names_ = true;
};

}  // namespace

PickleScan ScanForPickle(std::string_view content, Extent extent) {
  return RunnableScanner(content, extent).Run();
}

}  // namespace carnet::artifact
