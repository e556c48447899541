#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/utf8.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/coverings.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

std::vector<const Statement*> Passports(const StatementSet& set) {
  std::vector<const Statement*> passports;
  for (const Statement& line : set) {
    if (line.kind() == Kind::kPassport) passports.push_back(&line);
  }
  return passports;
}

}  // namespace

const Statement* LikelyRoot(const StatementSet& set) {
  const std::vector<const Statement*> passports = Passports(set);
  if (passports.empty()) return nullptr;
  std::unordered_set<StatementId> named;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kRun && line.kind() != Kind::kDataset) continue;
    for (const auto& reference : line.references) {
      named.insert(reference.target);
    }
  }
  const auto top = std::find_if(passports.begin(), passports.end(),
                                [&](const Statement* line) { return !named.contains(line->id); });
  return top == passports.end() ? passports.front() : *top;
}

namespace {

// Both lists are sorted by the path's bytes.
std::string FirstDifference(std::span<const artifact::FileEntry> on_disk,
                            const Statement& passport) {
  auto file = on_disk.begin();
  for (const auto stated : ReaderOf<wire::Passport>(passport.predicate).getFiles()) {
    const std::string path(TextOf(stated.getPath()));
    if (file == on_disk.end() || path < file->path) {
      return Printable(path) + " is in the passport, but not in the model";
    }
    if (path > file->path) break;
    const auto sha256 = DigestOf<Sha256Digest>(stated.getSha256());
    if (sha256 != file->sha256) {
      return fmt::format("{} is {} in the passport, but {} in the model", Printable(path),
                         ShortDigest(sha256.span()), ShortDigest(file->sha256.span()));
    }
    ++file;
  }
  if (file == on_disk.end()) return "the same files";
  return Printable(file->path) + " is in the model, but not in the passport";
}

std::string Differs(const Statement& passport, const artifact::ModelFiles& model) {
  const artifact::CoveredFiles covered(model, NotCoveredOf(passport));
  return fmt::format("is about model {}, but the files are {}: {}",
                     ShortDigest(ModelOf(passport)->span()),
                     covered.digest() ? ShortDigest(covered.digest()->span()) : "none of it",
                     FirstDifference(covered.files(), passport));
}

// S6: the tensors of two models agree when their multisets of roots are equal.
const Statement* FindSameTensors(const std::vector<const Statement*>& passports,
                                 const artifact::ModelFiles& model) {
  std::vector<TensorRoot> roots;
  for (const auto& set : model.weight_sets) roots.push_back(set.root);
  if (roots.empty()) return nullptr;
  std::sort(roots.begin(), roots.end());
  for (const Statement* passport : passports) {
    if (TensorRootCount(*passport) == roots.size() && TensorRootsOf(*passport) == roots) {
      return passport;
    }
  }
  return nullptr;
}

void ReportNoPassport(const StatementSet& set, const std::vector<const Statement*>& passports,
                      const artifact::ModelFiles& model, Findings& findings) {
  if (passports.empty()) {
    findings.Add({{18, RejectReason::kOtherModel},
                  "no passport statement is enclosed for model " + ShortDigest(model.digest.span()),
                  {},
                  {},
                  "check that the file is a passport"});
    return;
  }
  if (const Statement* same = FindSameTensors(passports, model)) {
    findings.Add(FindingAbout(*same, {18, RejectReason::kFilesDifferTensorsAgree},
                              Differs(*same, model) + "; the tensors are the same",
                              "configuration, tokenizer and code decide what a model does: use "
                              "the files as published, or ask for a passport of these"));
    return;
  }
  const Statement& likely = *LikelyRoot(set);
  findings.Add(FindingAbout(likely, {18, RejectReason::kOtherModel}, Differs(likely, model),
                            "use the files as published, or the passport of this model"));
}

const Statement* ReportTooManyCoverings(const Statement& passport, Findings& findings) {
  findings.Add(FindingAbout(
      passport, {18, RejectReason::kOtherModel},
      fmt::format("leaves out other files of the model than the {} ways before it: none was looked "
                  "for further",
                  kMaxCoverings),
      "the passports of one lineage leave out files in the same way, or in a few"));
  return nullptr;
}

}  // namespace

const Statement* FindRoot(const StatementSet& set, const artifact::ModelFiles& model,
                          Findings& findings) {
  const std::vector<const Statement*> passports = Passports(set);
  const Statement* root = nullptr;
  Coverings coverings(model);
  for (const Statement* passport : passports) {
    const bool about = ModelOf(*passport) == coverings.DigestUnder(*passport);
    if (coverings.exhausted()) return ReportTooManyCoverings(*passport, findings);
    if (!about) continue;
    if (root != nullptr) {
      findings.Add(
          FindingAbout(*passport, {18, RejectReason::kTwoPassports},
                       fmt::format("is a second passport of model {}, besides {}",
                                   ShortDigest(ModelOf(*passport)->span()), Describe(*root)),
                       "a passport file is the closure of one passport statement"));
      return nullptr;
    }
    root = passport;
  }
  if (root == nullptr) ReportNoPassport(set, passports, model, findings);
  return root;
}

void CheckLeftOut(const Statement& root, const artifact::CoveredFiles& files, Findings& findings) {
  const auto checked = files.CheckLeftOut();
  if (checked) return;
  findings.Add(FindingAbout(root, {18, RejectReason::kMustBeCovered},
                            "leaves out what no passport may: " + checked.error().message,
                            "remove the file, or ask for a passport that covers it"));
}

}  // namespace carnet::verifier::lineage
