// Which carnet.toml is gone by. It chooses keys, trust and policy, so one that a stranger
// could have written is not read (docs/threats.md).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "pipeline/project.h"

namespace carnet::pipeline {

// As somebody asked for it: by an option, else CARNET_CONFIG.
struct ProjectChoice {
  std::string named;  // the file; "none": no file is read; empty: the first that is found
};
ProjectChoice ChoiceOf(const std::string& option);

// What strangers may have made, `-` from standard input: a carnet.toml beside it may be theirs.
struct Judged {
  std::vector<std::string> models;
  std::vector<std::string> proofs;
};

struct FoundProject {
  std::string path;  // absolute, for messages
  Project project;   // paths are as seen from the working directory
};

// The file that was named; else the first carnet.toml in the working directory or above it, as far
// as $HOME, the root or another file system. On the way up what may be a stranger's is passed over,
// and `warn` is told: a file that another user owns or everybody may change, a link, and whatever
// lies in a model that is judged (of a model that is one file, in its folder) or in the folder of a
// proof (of standard input, the working directory). The same in a file that was named is an error,
// except that root may own it. Errors: io, not_found; malformed, as ReadProject.
Result<std::optional<FoundProject>> FindProject(
    const ProjectChoice& choice, const Judged& judged,
    const std::function<void(const std::string&)>& warn);

}  // namespace carnet::pipeline
