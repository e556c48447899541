#include "ledger/commit_queue.h"

namespace carnet::ledger {
namespace {

constexpr size_t kGroupSubmissions = 4096;  // bounds one batch's memory and latency

}  // namespace

void CommitQueue::Run(CommitRequest& request) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(&request);
  changed_.wait(lock,
                [&] { return request.done || (!committing_ && waiting_.front() == &request); });
  if (request.done) return;
  committing_ = true;
  const std::vector<CommitRequest*> group = TakeGroup();
  lock.unlock();
  commit_(group);
  lock.lock();
  for (CommitRequest* committed : group) committed->done = true;
  committing_ = false;
  changed_.notify_all();
}

std::vector<CommitRequest*> CommitQueue::TakeGroup() {
  std::vector<CommitRequest*> group;
  size_t submissions = 0;
  do {
    submissions += waiting_.front()->submissions.size();
    group.push_back(waiting_.front());
    waiting_.pop_front();
  } while (!waiting_.empty() &&
           submissions + waiting_.front()->submissions.size() <= kGroupSubmissions);
  return group;
}

}  // namespace carnet::ledger
