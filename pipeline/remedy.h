// What a publisher does about a refusal: for each reject reason a sentence and, where one helps,
// the command to type. Hubs read the reason; whoever made the passport reads this.
#pragma once

#include <string>

#include "verifier/reject_reason.h"

namespace carnet::pipeline {

// As the caller gave them to its command; an empty one is printed as "…".
struct RemedyPlaces {
  std::string ledger = {};
  std::string key = {};
  std::string trust = {};
  std::string model = {};
  std::string run_directory = {};
};

struct Remedy {
  std::string what;
  std::string command;  // as a shell takes it; may be empty
};

Remedy RemedyFor(verifier::RejectReason reason, const RemedyPlaces& places);

}  // namespace carnet::pipeline
