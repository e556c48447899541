#include "pipeline/closure.h"

#include <fmt/core.h>

#include <deque>
#include <unordered_set>

#include "core/hex.h"
#include "schemas/limits.h"

namespace carnet::pipeline {
namespace {

std::string Name(const StatementId& id) { return "sha256:" + HexEncode(id.span()); }

}  // namespace

Result<std::vector<sigstore::Bundle>> CollectClosure(const ledger::Reader& reader,
                                                     const StatementId& root) {
  return CollectClosure(reader, {&root, 1});
}

Result<std::vector<sigstore::Bundle>> CollectClosure(const ledger::Reader& reader,
                                                     std::span<const StatementId> roots) {
  std::vector<sigstore::Bundle> bundles;
  std::unordered_set<StatementId> seen;
  struct Wanted {
    StatementId id;
    StatementId by;  // itself: a root
  };
  std::deque<Wanted> wanted;
  for (const StatementId& root : roots) {
    if (seen.insert(root).second) wanted.push_back({root, root});
  }
  for (; !wanted.empty(); wanted.pop_front()) {
    const Wanted next = wanted.front();
    auto row = reader.Find(next.id);
    if (!row && row.error().code == ErrorCode::kNotFound) {
      const std::string missing = "statement " + Name(next.id) + " is not in this ledger";
      return NotFound(next.id == next.by ? missing
                                         : missing + ", but " + Name(next.by) + " refers to it");
    }
    if (!row) return std::move(row).error();
    auto bundle = reader.BundleAt(row->index);
    if (!bundle) {
      return bundle.error().In(next.id == next.by ? "statement " + Name(next.id)
                                                  : "statement " + Name(next.id) + ", which " +
                                                        Name(next.by) + " refers to");
    }
    bundles.push_back(*std::move(bundle));
    if (bundles.size() > schemas::kMaxPassportLines) {
      return Rejected(
          fmt::format("the closure has more than {} statements, the limit of a passport",
                      schemas::kMaxPassportLines));
    }
    for (const StatementId& target : row->references) {
      if (seen.insert(target).second) wanted.push_back({target, next.id});
    }
  }
  return bundles;
}

std::string WriteLines(const std::vector<sigstore::Bundle>& bundles) {
  std::string lines;
  for (const sigstore::Bundle& bundle : bundles) {
    lines += sigstore::WriteBundle(bundle);
    lines += '\n';
  }
  return lines;
}

}  // namespace carnet::pipeline
