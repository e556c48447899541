#include "statements/read_lines.h"

#include <fmt/core.h>

#include <optional>
#include <string>
#include <utility>

#include "schemas/limits.h"

namespace carnet::statements {
namespace {

using schemas::kMaxLineBytes;
using schemas::kMaxPassportBytes;
using schemas::kMaxPassportLines;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Few lines with a receipt are shorter; statements are large and costly to move.
constexpr size_t kUsualLineBytes = 2'048;

bool HasMoreLines(std::string_view bytes, uint64_t limit) {
  uint64_t lines = 0;
  for (size_t end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n', end + 1)) {
    if (++lines > limit) return true;
  }
  return false;
}

std::optional<Refused> CheckSize(std::string_view bytes) {
  if (bytes.empty()) return Refused{Fault::kMalformedLine, "the file is empty"};
  if (bytes.size() > kMaxPassportBytes) {
    return Refused{Fault::kTooLarge, fmt::format("the file has {} bytes, more than the {} allowed",
                                                 bytes.size(), kMaxPassportBytes)};
  }
  if (HasMoreLines(bytes, kMaxPassportLines)) {
    return Refused{Fault::kTooLarge,
                   fmt::format("the file has more than {} lines", kMaxPassportLines)};
  }
  return std::nullopt;
}

std::optional<Refused> CheckLine(std::string_view line, size_t number) {
  if (line.size() > kMaxLineBytes) {
    return Refused{
        Fault::kTooLarge,
        fmt::format("the line has {} bytes, more than the {} allowed", line.size(), kMaxLineBytes),
        number};
  }
  if (line.empty()) return Refused{Fault::kMalformedLine, "the line is empty", number};
  if (line.starts_with(kByteOrderMark)) {
    return Refused{Fault::kMalformedLine, "the line begins with a byte order mark", number};
  }
  if (line.find('\r') != line.npos) {
    return Refused{Fault::kMalformedLine, "the line contains a carriage return", number};
  }
  return std::nullopt;
}

class LineReader {
 public:
  std::optional<Refused> Read(std::string_view line, size_t number) {
    auto refused = CheckLine(line, number);
    if (refused) return refused;
    auto bundle = sigstore::ReadBundle(line);
    if (!bundle) return Refused{Fault::kMalformedBundle, bundle.error().message, number};
    refused = builder_.AddBundle(*bundle, number);
    if (!refused) bundles_.push_back(*std::move(bundle));
    return refused;
  }

  void Reserve(size_t lines) {
    builder_.Reserve(lines);
    bundles_.reserve(lines);
  }
  EnclosedStatements Take() { return {builder_.Take(), std::move(bundles_)}; }

 private:
  SetBuilder builder_;
  std::vector<sigstore::Bundle> bundles_;
};

}  // namespace

EnclosedStatements ReadLines(std::string_view bytes, const std::function<void(Refused)>& refuse) {
  if (auto refused = CheckSize(bytes)) {
    refuse(*std::move(refused));
    return {};
  }
  LineReader reader;
  reader.Reserve(bytes.size() / kUsualLineBytes);
  for (size_t number = 1; !bytes.empty(); ++number) {
    const size_t end = bytes.find('\n');
    if (end == bytes.npos) {
      refuse({Fault::kMalformedLine, "the last line does not end in LF", number});
      break;
    }
    auto refused = reader.Read(bytes.substr(0, end), number);
    bytes.remove_prefix(end + 1);
    if (!refused) continue;
    const bool all = refused->fault == Fault::kTooManyReferences;
    refuse(*std::move(refused));
    if (all) return {};
  }
  return reader.Take();
}

}  // namespace carnet::statements
