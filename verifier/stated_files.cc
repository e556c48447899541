#include "verifier/stated_files.h"

#include <fmt/core.h>

#include <utility>

#include "artifact/covered_files.h"
#include "core/file_path.h"
#include "core/utf8.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/coverings.h"

namespace carnet::verifier {
namespace {

std::string Shown(const std::string& path) { return Printable(path, kMaxFilePathBytes); }

}  // namespace

StatedFiles::StatedFiles(const Statement& passport)
    : described_(Describe(passport)),
      model_(ShortDigest(statements::ModelOf(passport)->span())),
      id_(passport.id),
      line_(passport.number),
      not_covered_(lineage::NotCoveredOf(passport)) {
  const auto fields = schemas::ReaderOf<wire::Passport>(passport.predicate);
  for (const auto file : fields.getFiles()) {
    files_.emplace(
        schemas::TextOf(file.getPath()),
        StatedFile{file.getBytes().getValue(), schemas::DigestOf<Sha256Digest>(file.getSha256())});
  }
  for (const auto root : fields.getTensorRoots()) {
    const auto file = files_.find(std::string(schemas::TextOf(root.getSet())));
    if (file != files_.end()) file->second.has_root = true;
  }
}

const StatedFile* StatedFiles::Find(const std::string& path) const {
  const auto file = files_.find(path);
  return file == files_.end() ? nullptr : &file->second;
}

Finding StatedFiles::About(Refusal refusal, const std::string& what, std::string hint) const {
  return {refusal, described_ + " " + what, id_, line_, std::move(hint)};
}

Finding StatedFiles::Departs(const std::string& what) const {
  return About({18, RejectReason::kOtherModel},
               fmt::format("is about model {}, but other files arrive: {}", model_, what),
               "use the files as published, or the passport of this model");
}

Finding StatedFiles::MustBeCovered(const std::string& what) const {
  return About({18, RejectReason::kMustBeCovered}, "leaves out what no passport may: " + what,
               "remove the file, or ask for a passport that covers it");
}

std::optional<Finding> StatedFiles::CheckName(const std::string& path) const {
  if (Find(path) != nullptr || LeavesOut(path)) return std::nullopt;
  return Departs(Shown(path) + " is in the model, but not in the passport");
}

std::optional<Finding> StatedFiles::CheckAnnounced(const std::string& path,
                                                   const StatedFile& stated, uint64_t bytes) const {
  if (stated.bytes == bytes) return std::nullopt;
  return Departs(fmt::format("{} has {} in the passport, but {} as announced", Shown(path),
                             Counted(stated.bytes, "byte"), bytes));
}

std::optional<Finding> StatedFiles::CheckGrown(const std::string& path, const StatedFile& stated,
                                               uint64_t bytes) const {
  if (bytes <= stated.bytes) return std::nullopt;
  return Departs(fmt::format("{} has {} in the passport, but more in the model", Shown(path),
                             Counted(stated.bytes, "byte")));
}

std::optional<Finding> StatedFiles::CheckHeader(const std::string& path, const StatedFile& stated,
                                                const std::string& refusal) const {
  if (!stated.has_root || refusal.empty()) return std::nullopt;
  return Departs(
      fmt::format("{} has {} and a tensor root in the passport, but its header is not "
                  "that of such a file: {}",
                  Shown(path), Counted(stated.bytes, "byte"), refusal));
}

std::optional<Finding> StatedFiles::CheckEnd(const std::string& path, const StatedFile& stated,
                                             uint64_t bytes) const {
  if (bytes == stated.bytes) return std::nullopt;
  return Departs(fmt::format("{} has {} in the passport, but {} in the model", Shown(path),
                             Counted(stated.bytes, "byte"), bytes));
}

std::optional<Finding> StatedFiles::CheckDigest(const std::string& path, const StatedFile& stated,
                                                const Sha256Digest& sha256) const {
  if (sha256 == stated.sha256) return std::nullopt;
  return Departs(fmt::format("{} is {} in the passport, but {} in the model", Shown(path),
                             ShortDigest(stated.sha256.span()), ShortDigest(sha256.span())));
}

std::optional<Finding> StatedFiles::CheckLeftOut(const std::string& path,
                                                 const std::string& why_not) const {
  if (why_not.empty()) return std::nullopt;
  return MustBeCovered(fmt::format("{}: {}, and must be covered", Shown(path), why_not));
}

std::optional<Finding> StatedFiles::CheckLeftOutTotals(size_t files, uint64_t bytes) const {
  if (files > artifact::kMaxLeftOutFiles) {
    return MustBeCovered(fmt::format("{} files would be left out, but at most {} may be", files,
                                     artifact::kMaxLeftOutFiles));
  }
  if (bytes > artifact::kMaxLeftOutBytes) {
    return MustBeCovered(fmt::format("files of {} bytes would be left out, but at most {} may be",
                                     bytes, artifact::kMaxLeftOutBytes));
  }
  return std::nullopt;
}

}  // namespace carnet::verifier
