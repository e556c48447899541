// R18: what statements about the model in hand say of its files, held against them. The model
// digest covers paths and contents; sizes and tensor roots are beside it. The root of OpenSSF Model
// Signing follows from paths and contents, so that for it each passport is held against itself.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "artifact/oms_root.h"
#include "core/utf8.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;
using Roots = capnp::List<wire::WeightSetRoot>::Reader;

Roots RootsIn(const Statement& line) {
  switch (line.kind()) {
    case Kind::kPassport:
      return ReaderOf<wire::Passport>(line.predicate).getTensorRoots();
    case Kind::kCompletion:
      return ReaderOf<wire::Completion>(line.predicate).getTensorRoots();
    default:
      return ReaderOf<wire::Segment>(line.predicate).getTensorRoots();
  }
}

class FileCheck {
 public:
  FileCheck(const artifact::ModelFiles& model, const artifact::CoveredFiles& files,
            Findings& findings)
      : files_(files), findings_(findings) {
    for (const artifact::WeightSet& set : model.weight_sets) roots_.emplace(set.name, set.root);
  }

  void Check(const Statement& line) {
    line_ = &line;
    for (const auto stated : RootsIn(line)) CheckRoot(stated);
    if (line.kind() != Kind::kPassport) return;
    const auto passport = ReaderOf<wire::Passport>(line.predicate);
    CheckSizes(passport.getFiles());
  }

 private:
  void Refuse(const std::string& what) {
    findings_.Add(FindingAbout(*line_, {18, RejectReason::kMisstatedFiles}, what,
                               "`carnet digest` prints what the files have"));
  }

  void CheckRoot(wire::WeightSetRoot::Reader stated) {
    const std::string_view name = TextOf(stated.getSet());
    const auto root = DigestOf<TensorRoot>(stated.getRoot());
    const auto found = roots_.find(name);
    if (found == roots_.end()) {
      return Refuse(fmt::format("tensor_roots: {} has no tensor root in the files that are here",
                                Printable(name)));
    }
    if (found->second == root) return;
    Refuse(fmt::format("tensor_roots: {} is {}, but {} in the files", Printable(name),
                       ShortDigest(root.span()), ShortDigest(found->second.span())));
  }

  // Both lists are sorted by path, and the model digest has shown that the paths are the same.
  void CheckSizes(capnp::List<wire::FileEntry>::Reader files) {
    const size_t count = std::min<size_t>(files.size(), files_.files().size());
    for (size_t i = 0; i < count; ++i) {
      const uint64_t stated = files[static_cast<uint32_t>(i)].getBytes().getValue();
      const artifact::FileEntry& file = files_.files()[i];
      if (stated == file.bytes) continue;
      return Refuse(fmt::format("files: {} has {}, but {} in the files that are here",
                                Printable(file.path), Counted(stated, "byte"), file.bytes));
    }
  }

  const artifact::CoveredFiles& files_;
  Findings& findings_;
  const Statement* line_ = nullptr;
  std::unordered_map<std::string_view, TensorRoot> roots_;
};

std::vector<artifact::FileEntry> StatedFiles(wire::Passport::Reader passport) {
  std::vector<artifact::FileEntry> files;
  for (const auto stated : passport.getFiles()) {
    files.push_back({std::string(TextOf(stated.getPath())), stated.getBytes().getValue(),
                     DigestOf<Sha256Digest>(stated.getSha256())});
  }
  return files;
}

}  // namespace

void CheckOmsRoot(const Statement& line, Findings& findings) {
  if (line.kind() != Kind::kPassport) return;
  const auto passport = ReaderOf<wire::Passport>(line.predicate);
  if (!passport.hasOmsRoot()) return;
  const auto stated = DigestOf<Sha256Digest>(passport.getOmsRoot());
  const auto root = artifact::OmsRootOf(StatedFiles(passport));
  if (root == stated) return;
  findings.Add(
      FindingAbout(line, {18, RejectReason::kWrongOmsRoot},
                   fmt::format("oms_root is {}, but {} of its files", ShortDigest(stated.span()),
                               root ? ShortDigest(root->span()) : "there is none"),
                   "`carnet digest --json` prints the root of the files that are here"));
}

void CheckStatedFiles(const StatementSet& set, const artifact::ModelFiles& model,
                      const artifact::CoveredFiles& files, Findings& findings) {
  FileCheck check(model, files, findings);
  for (const Statement& line : set) {
    if (ModelOf(line) == files.digest()) check.Check(line);
  }
}

}  // namespace carnet::verifier::lineage
