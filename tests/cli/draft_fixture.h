// What the tests of drafts have in common: a world, a machine to pretend, and what is looked at.
#pragma once

#include <sys/stat.h>

#include <string>
#include <vector>

#include "tests/cli/cli_world.h"

namespace carnet::test {

using Words = std::vector<std::string>;

inline void CheckHas(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != text.npos, "\"" << part << "\" is not in:\n" << text);
}

// The predicate of a logged statement.
inline boost::json::object Logged(const CliWorld& world, const std::string& id) {
  const std::string bundle = world.Must({"passport", "collect", id, "--ledger", "ledger"});
  return StatementIn(bundle.substr(0, bundle.find('\n'))).at("predicate").as_object();
}

struct DraftFixture {
  CliWorld world;
  explicit DraftFixture(Stage stage = Stage::kAttested) : world(stage) {}

  // Before everything else on PATH: prints this and ends with this status.
  void FakeSmi(const std::string& script) {
    world.Write("bin/nvidia-smi", "#!/bin/sh\n" + script + "\n");
    ::chmod((world / "bin/nvidia-smi").c_str(), 0755);
    const char* path = ::getenv("PATH");
    world.carnet().Set("PATH", (world / "bin") + ":" + (path == nullptr ? "" : path));
  }
  boost::json::object Draft(const Words& more) {
    Words arguments = {"draft"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return world.Json(arguments);
  }
  void CheckRefused(const Ran& ran, int status, const std::string& message, uint64_t size) {
    BOOST_CHECK_EQUAL(ran.status, status);
    BOOST_CHECK_EQUAL(ran.out, "");
    CheckHas(ran.err, message);
    BOOST_CHECK_EQUAL(world.TreeSize(), size);
  }
};

}  // namespace carnet::test
