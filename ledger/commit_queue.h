// CommitQueue: group commit. Concurrent calls wait in a queue; the first of them commits for all
// that are waiting, so that a whole group costs one sync. Thread safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/result.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"
#include "ledger/submission.h"

namespace carnet::ledger {

struct CommitRequest {
  std::span<const Submission> submissions;
  std::vector<NewEntry> entries;  // one per submission
  std::optional<Result<std::vector<Appended>>> outcome;
  bool done = false;  // owned by the queue, under its mutex: the outcome is set by another thread
};

class CommitQueue {
 public:
  using Group = std::span<CommitRequest* const>;
  // `commit` sets every outcome; never called by two threads at once.
  explicit CommitQueue(std::function<void(Group)> commit) : commit_(std::move(commit)) {}

  // Returns once the request has its outcome.
  void Run(CommitRequest& request);

 private:
  std::vector<CommitRequest*> TakeGroup();

  const std::function<void(Group)> commit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Under mutex_.
  std::deque<CommitRequest*> waiting_;
  bool committing_ = false;
};

}  // namespace carnet::ledger
