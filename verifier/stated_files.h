// What the passport of a model states of its files, held against files that are still arriving:
// what departs from it is refused (R18) as soon as it shows, in the words of the whole judgement.
// The reason is `other-model` also where the whole judgement would find another: that the tensors
// are the same, or that the passport misstates its own file. Const calls are thread safe.
//
// A passport states the path, size and digest of each file, and one root for all tensors of a
// weight set, but no digest of a tensor: a tensor that differs shows with the last byte of its
// file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/digests.h"
#include "core/not_covered.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier {

struct StatedFile {
  uint64_t bytes;
  Sha256Digest sha256;
  bool has_root = false;  // it is a weight set by itself, whose tensor root is stated
};

class StatedFiles {
 public:
  // Requires a passport that R3 accepted.
  explicit StatedFiles(const Statement& passport);

  // Null where the file is left out, or is none of the model.
  const StatedFile* Find(const std::string& path) const;
  bool LeavesOut(const std::string& path) const { return not_covered_.Matches(path); }

  // Of what arrives. Absent: it fits.
  std::optional<Finding> CheckName(const std::string& path) const;
  std::optional<Finding> CheckAnnounced(const std::string& path, const StatedFile& stated,
                                        uint64_t bytes) const;
  // Of so many bytes in all, where more may follow.
  std::optional<Finding> CheckGrown(const std::string& path, const StatedFile& stated,
                                    uint64_t bytes) const;
  // `refusal`: why it is no weight file; empty: it is, or nobody knows yet.
  std::optional<Finding> CheckHeader(const std::string& path, const StatedFile& stated,
                                     const std::string& refusal) const;
  // Of a file that has ended.
  std::optional<Finding> CheckEnd(const std::string& path, const StatedFile& stated,
                                  uint64_t bytes) const;
  std::optional<Finding> CheckDigest(const std::string& path, const StatedFile& stated,
                                     const Sha256Digest& sha256) const;
  // Of a file that is left out, and what speaks against that; empty: nothing.
  std::optional<Finding> CheckLeftOut(const std::string& path, const std::string& why_not) const;
  // Of the files that are left out so far.
  std::optional<Finding> CheckLeftOutTotals(size_t files, uint64_t bytes) const;

  // That what arrives cannot be this model: "config.json is there more than once".
  Finding Departs(const std::string& what) const;

 private:
  Finding MustBeCovered(const std::string& what) const;

  Finding About(Refusal refusal, const std::string& what, std::string hint) const;

  // Taken from the passport, as its message is for one thread.
  const std::string described_;
  const std::string model_;
  const StatementId id_;
  const size_t line_;
  const NotCovered not_covered_;
  std::unordered_map<std::string, StatedFile> files_;
};

}  // namespace carnet::verifier
