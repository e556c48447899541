#include "ledger/fsck/rows.h"

#include "core/utf8.h"
#include "ledger/store.h"

namespace carnet::ledger {
namespace {

constexpr size_t kMaxFindings = 100;
constexpr size_t kMaxFindingBytes = 4096;  // a path and a sentence

}  // namespace

Result<std::optional<std::string>> Inspection::Row(std::string_view key) {
  ++report_.rows_checked;
  auto value = store_.Get(key);
  if (!value) {
    if (value.error().code != ErrorCode::kCorruption) return value.error();
    Find(value.error().message);
    return std::optional<std::string>();
  }
  if (!*value) {
    FindInRow(key, "is missing");
    return std::optional<std::string>();
  }
  return value;
}

Result<> Inspection::Expect(std::string_view key, std::string_view value) {
  CARNET_TRY(const auto found, Row(key));
  if (!found) return Ok();
  Count(key);
  if (*found != value) FindInRow(key, "differs from the entries");
  return Ok();
}

void Inspection::FindInRow(std::string_view key, std::string_view what) {
  Find(DescribeRow(key) + ": " + std::string(what));
}

void Inspection::Find(std::string_view finding) {
  if (report_.findings.size() < kMaxFindings)
    report_.findings.push_back(Printable(finding, kMaxFindingBytes));
}

void Inspection::Merge(const Inspection& part) {
  report_.rows_checked += part.report_.rows_checked;
  report_.withheld += part.report_.withheld;
  report_.erased += part.report_.erased;
  for (const std::string& finding : part.report_.findings) Find(finding);
  for (const auto& [row_class, count] : part.counted_) counted_[row_class] += count;
  damaged_.insert(part.damaged_.begin(), part.damaged_.end());
}

uint64_t Inspection::counted(RowClass row_class) const {
  const auto found = counted_.find(row_class);
  return found == counted_.end() ? 0 : found->second;
}

}  // namespace carnet::ledger
