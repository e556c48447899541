#include "statements/read_lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/share_work.h"
#include "schemas/limits.h"

namespace carnet::statements {
namespace {

using schemas::kMaxLineBytes;
using schemas::kMaxPassportBytes;
using schemas::kMaxPassportLines;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Few lines with a receipt are shorter; statements are large and costly to move.
constexpr size_t kUsualLineBytes = 2'048;

// A stretch is read at once by all threads, and its statements are held a second time meanwhile: as
// many lines a thread that starting it does not matter, and as many bytes in all that memory does
// not.
constexpr size_t kStretchLinesPerThread = 256;
constexpr size_t kStretchBytes = size_t{8} << 20;
// What a thread takes at once.
constexpr size_t kPieceLines = 8;

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

struct Line {
  std::string_view text;  // without LF
  size_t number;
};

struct ReadLine {
  sigstore::Bundle bundle;
  Statement statement;
};
using LineResult = std::variant<std::monostate, ReadLine, Refused>;

LineResult ReadOne(const Line& line) {
  if (auto refused = CheckLine(line.text, line.number)) return *std::move(refused);
  auto bundle = sigstore::ReadBundle(line.text);
  if (!bundle) return Refused{Fault::kMalformedBundle, bundle.error().message, line.number};
  auto read = ReadStatementOf(*bundle, line.number);
  if (auto* refused = std::get_if<Refused>(&read)) return std::move(*refused);
  return ReadLine{*std::move(bundle), std::get<Statement>(std::move(read))};
}

std::vector<LineResult> ReadStretch(const std::vector<Line>& lines, unsigned threads) {
  std::vector<LineResult> results(lines.size());
  const size_t pieces = (lines.size() + kPieceLines - 1) / kPieceLines;
  ShareWork(pieces, threads, [&](size_t piece) {
    const size_t end = std::min(lines.size(), (piece + 1) * kPieceLines);
    for (size_t i = piece * kPieceLines; i < end; ++i) results[i] = ReadOne(lines[i]);
  });
  return results;
}

// Takes lines off the front of a file.
class Splitter {
 public:
  explicit Splitter(std::string_view bytes) : rest_(bytes) {}

  // Empty at the end of the file.
  std::vector<Line> NextStretch(unsigned threads) {
    const std::string_view from = rest_;
    std::vector<Line> lines;
    while (lines.size() < kStretchLinesPerThread * threads &&
           from.size() - rest_.size() < kStretchBytes) {
      const size_t end = rest_.find('\n');
      if (end == rest_.npos) break;
      lines.push_back({rest_.substr(0, end), ++number_});
      rest_.remove_prefix(end + 1);
    }
    return lines;
  }
  // Whether something without LF is left, once no stretch is.
  std::optional<Refused> CheckEnd() const {
    if (rest_.empty()) return std::nullopt;
    return Refused{Fault::kMalformedLine, "the last line does not end in LF", number_ + 1};
  }

 private:
  std::string_view rest_;
  size_t number_ = 0;
};

}  // namespace

EnclosedStatements ReadLines(std::string_view bytes, const std::function<void(Refused)>& refuse,
                             unsigned threads) {
  if (auto refused = CheckSize(bytes)) {
    refuse(*std::move(refused));
    return {};
  }
  threads = std::max(threads, 1u);
  SetBuilder builder;
  std::vector<sigstore::Bundle> bundles;
  builder.Reserve(bytes.size() / kUsualLineBytes);
  bundles.reserve(bytes.size() / kUsualLineBytes);
  Splitter splitter(bytes);
  for (auto lines = splitter.NextStretch(threads); !lines.empty();
       lines = splitter.NextStretch(threads)) {
    for (LineResult& result : ReadStretch(lines, threads)) {
      std::optional<Refused> refused;
      if (auto* read = std::get_if<ReadLine>(&result)) {
        refused = builder.Add(std::move(read->statement));
        if (!refused) bundles.push_back(std::move(read->bundle));
      } else {
        refused = std::get<Refused>(std::move(result));
      }
      if (!refused) continue;
      const bool all = refused->fault == Fault::kTooManyReferences;
      refuse(*std::move(refused));
      if (all) return {};
    }
  }
  if (auto refused = splitter.CheckEnd()) refuse(*std::move(refused));
  return {builder.Take(), std::move(bundles)};
}

}  // namespace carnet::statements
