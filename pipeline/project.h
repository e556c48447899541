// carnet.toml, a project's file (docs/formats.md): where its ledger, key and trust directory are,
// and whose project it is, so that commands need not be told each time. Says nothing of whether the
// file is to be believed: whoever finds it decides that.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet::pipeline {

inline constexpr std::string_view kProjectFile = "carnet.toml";

// As the file has them: paths may be relative to its folder. Empty: not given.
struct Project {
  std::string ledger = {};  // folder
  std::string guard = {};   // folder of the ledger's guard
  std::string key = {};     // private key file, or signer/key_place.h
  std::string trust = {};   // folder
  std::string policy = {};  // id, or .toml file
  std::string party_id = {};
  std::string party_name = {};
};

// Strict, as all that people write by hand: `file` is its name in messages. Errors: malformed, with
// file and line.
Result<Project> ReadProject(std::string_view toml, std::string_view file);

// The same as text, with comments. Requires texts that ReadProject accepts.
std::string WriteProject(const Project& project);

// The project's paths as seen from where `folder` is: relative ones are put behind it, unless it is
// empty. A policy's id is no path, nor is a key in a token or behind a command.
Project At(const std::string& folder, Project project);

}  // namespace carnet::pipeline
