#include "pipeline/source_revision.h"

#include <algorithm>
#include <vector>

#include "core/run_program.h"
#include "core/utf8.h"

namespace carnet::pipeline {
namespace {

// Of SHA-1 and SHA-256 repositories.
bool IsCommit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Without what a repository's own configuration could have git run, and without its locks, as
// others may be at work there.
Result<std::optional<ProgramOutput>> Git(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"git", "--no-optional-locks", "-c", "core.fsmonitor=false",
                                       "-c", "core.hooksPath=/dev/null"});
  return RunProgram(std::move(arguments));
}

}  // namespace

Result<std::optional<std::string>> ReadSourceRevision() {
  CARNET_TRY(const auto head, Git({"rev-parse", "--verify", "--quiet", "HEAD"}));
  if (!head || head->status != 0) return std::optional<std::string>();
  std::string commit = head->text;
  if (commit.ends_with('\n')) commit.pop_back();
  if (!IsCommit(commit)) return Malformed("git: expected a commit, found " + Quoted(commit));
  CARNET_TRY(const auto changes, Git({"status", "--porcelain", "--untracked-files=no"}));
  if (!changes || changes->status != 0) return std::optional<std::string>();
  return std::optional<std::string>(changes->text.empty() ? commit : commit + "-dirty");
}

}  // namespace carnet::pipeline
