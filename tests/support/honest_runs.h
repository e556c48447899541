// Honest stories in a few lines: what a lab and a cloud say about a model. Every function adds to
// the end of the world's story.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/world.h"

namespace carnet::test {

inline constexpr uint64_t kTokens = 1'000'000;  // of a segment
inline constexpr uint64_t kSteps = 100;

// A figure by the architecture's formula, all parameters trained, and a counter 5 % above it.
std::string Figure(uint64_t tokens, uint64_t parameters);
using drafts::SegmentFlop;

// By the cloud: device "cpu" (2 cores, 3.84e11 FLOP/s) and allocation "lease" of it to the lab.
void AddFleet(World& world);
// By the cloud: device `name`, one h100-sxm5, and allocation "<name>.lease" of it to the lab.
void AddGpu(World& world, const std::string& name, const std::string& uuid);
void AddDataset(World& world, const std::string& name);

struct RunTerms {
  std::string kind = "pre-training";
  std::vector<std::string> edges = {};  // as Edge makes them
  std::vector<std::string> datasets = {"texts"};
  std::vector<std::string> recorders = {};  // names of keys
  uint64_t lanes = 1;
  std::string key = "lab";
};
// `target` is a statement about that model.
std::string Edge(const std::string& type, const std::string& model, const std::string& target);
void AddRun(World& world, const std::string& name, const RunTerms& terms);

struct SegmentTerms {
  std::string run;
  uint64_t seq = 0;
  std::string previous = {};
  std::string model = {};  // with its tensor roots; empty: a checkpoint of which nothing is known
  uint64_t lane = 0;
  std::string weights_from = {};
  uint64_t from_step = 0;
  uint64_t parameters = 1'000'000;
  uint64_t tokens = kTokens;
  uint64_t ms = kMinuteMs;
  std::string device = "cpu";
  std::string allocation = "lease";
  std::string key = "lab";
};
// Takes `ms` of the world's clock.
void AddSegment(World& world, const std::string& name, const SegmentTerms& terms);

// As of weights in a format that nobody reads: the files given have no weight sets, and no
// statement about "chat" has tensor roots.
void MakeOpaque(World& world);

// `counts` segments per lane.
void AddCompletion(World& world, const std::string& name, const std::string& run,
                   const std::vector<std::string>& last, const std::vector<uint64_t>& counts,
                   const std::string& model);
void AddPassport(World& world, const std::string& name, const std::string& completion,
                 uint64_t parameters = 1'000'000);

// By the hub, about the model of that name; `passport` as the reference is written, "@chat".
void AddVerdict(World& world, const std::string& name, const std::string& model,
                const std::string& passport);

// Run "<name>.run", segments "<name>.0"…, completion "<name>.done", passport "<name>", about the
// model of that name.
void AddModel(World& world, const std::string& name, const RunTerms& terms, size_t segments = 2);

// Fleet, dataset "texts", model "base".
World BaseWorld();
// The same with dataset "chats" and model "chat", fine-tuned from "base": 14 statements.
World FineTuneWorld();

}  // namespace carnet::test
