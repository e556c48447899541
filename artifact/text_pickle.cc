#include "artifact/text_pickle.h"

#include <cstdint>

namespace carnet::artifact {
namespace {

bool IsNumber(std::string_view line) {
  return !line.empty() && line.find_first_not_of("0123456789+-.eELinfa") == line.npos;
}

bool IsDecimal(std::string_view line) {
  return !line.empty() && line.find_first_not_of("0123456789") == line.npos;
}

bool IsQuotation(std::string_view line) { return line.starts_with('\'') || line.starts_with('"'); }

bool IsName(std::string_view line) {
  return !line.empty() && line.find_first_of(" \t\"'`#<>()[]{}") == line.npos;
}

// The bytes of a pickle, opcode by opcode (Python's pickletools.py lists them).
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool Run() {
    while (!rest_.empty()) {
      const char opcode = rest_.front();
      rest_.remove_prefix(1);
      if (opcode == '.') return names_;
      if (!SkipArgument(opcode)) return false;
    }
    return false;
  }

 private:
  // False: not a pickle, or one that text cannot hold: lengths of four and eight bytes without a
  // NUL are beyond any text. Opcodes of later protocols are bytes in the middle of UTF-8
  // characters.
  bool SkipArgument(char opcode) {
    constexpr std::string_view kWithout =
        "(012NQRabde]})lostu\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94";
    constexpr std::string_view kCounted = "UC\x8a\x8c";
    if (kWithout.find(opcode) != kWithout.npos) {
      names_ = names_ || opcode == '\x93';
      return true;
    }
    if (kCounted.find(opcode) != kCounted.npos) {
      return !rest_.empty() && Bytes(1 + static_cast<unsigned char>(rest_.front()));
    }
    return IsOfLines(opcode) ? SkipLines(opcode) : Bytes(SizeOf(opcode));
  }

  static bool IsOfLines(char opcode) {
    return std::string_view("FILSPVgpci").find(opcode) != std::string_view::npos;
  }

  bool SkipLines(char opcode) {
    switch (opcode) {
      case 'F':
      case 'I':
      case 'L':
        return Line(&IsNumber);
      case 'S':
        return Line(&IsQuotation);
      case 'g':
      case 'p':
        return Line(&IsDecimal);
      case 'c':
      case 'i':
        names_ = true;
        return Line(&IsName) && Line(&IsName);
      default:
        return Line([](std::string_view) { return true; });
    }
  }

  // Of an argument; more than there can be for what is no opcode.
  static size_t SizeOf(char opcode) {
    switch (opcode) {
      case 'K':
      case 'h':
      case 'q':
      case '\x82':
        return 1;
      case 'M':
      case '\x83':
        return 2;
      case 'J':
      case 'j':
      case 'r':
      case '\x84':
        return 4;
      case 'G':
        return 8;
      default:
        return SIZE_MAX;
    }
  }

  template <typename Check>
  bool Line(Check check) {
    const size_t end = rest_.find('\n');
    if (end == rest_.npos) return false;
    std::string_view line = rest_.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    rest_.remove_prefix(end + 1);
    return check(line);
  }

  bool Bytes(size_t count) {
    if (rest_.size() < count) return false;
    rest_.remove_prefix(count);
    return true;
  }

  std::string_view rest_;
  bool names_ = false;
};

}  // namespace

bool BeginsWithTextPickle(std::string_view text) { return Scanner(text).Run(); }

}  // namespace carnet::artifact
