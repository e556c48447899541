// CommitQueue: group commit. Calls wait in a queue of bounded length; a thread of its own commits
// for all that are waiting, so that a whole group costs one sync, and callers check their next
// statements meanwhile. Thread safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
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
  std::vector<Submission> owned;  // behind `submissions`, where the caller does not wait
  Completion done;                // called with the outcome, once the group is committed
};

class CommitQueue {
 public:
  using Group = std::span<CommitRequest* const>;
  // `commit` sets every outcome; called by one thread.
  explicit CommitQueue(std::function<void(Group)> commit);
  // Commits what is waiting, then ends.
  ~CommitQueue();
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Waits while the queue is full.
  void Put(std::unique_ptr<CommitRequest> request);
  // False, and the request is as before, while the queue is full.
  bool Offer(std::unique_ptr<CommitRequest>& request);

 private:
  using Requests = std::vector<std::unique_ptr<CommitRequest>>;

  bool HasRoom(const CommitRequest& request) const;
  void Add(std::unique_ptr<CommitRequest> request);
  void Run();
  Requests TakeGroup();

  const std::function<void(Group)> commit_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable emptied_;
  // Under mutex_.
  std::deque<std::unique_ptr<CommitRequest>> waiting_;
  size_t submissions_ = 0;  // that are waiting
  size_t bytes_ = 0;        // of their text
  bool ending_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace carnet::ledger
