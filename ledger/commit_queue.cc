#include "ledger/commit_queue.h"

namespace carnet::ledger {
namespace {

constexpr size_t kGroupSubmissions = 4'096;         // bounds one batch's memory and latency
constexpr size_t kQueuedSubmissions = 16'384;       // some groups ahead of the disk
constexpr size_t kQueuedBytes = size_t{256} << 20;  // of statements: memory

size_t BytesOf(const CommitRequest& request) {
  size_t bytes = 0;
  for (const Submission& submission : request.submissions) bytes += submission.payload().size();
  return bytes;
}

}  // namespace

CommitQueue::CommitQueue(std::function<void(Group)> commit)
    : commit_(std::move(commit)), thread_([this] { Run(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  filled_.notify_one();
  thread_.join();
}

// A request that is larger than the queue is taken when it is empty.
bool CommitQueue::HasRoom(const CommitRequest& request) const {
  return waiting_.empty() || (submissions_ + request.submissions.size() <= kQueuedSubmissions &&
                              bytes_ + BytesOf(request) <= kQueuedBytes);
}

void CommitQueue::Add(std::unique_ptr<CommitRequest> request) {
  submissions_ += request->submissions.size();
  bytes_ += BytesOf(*request);
  waiting_.push_back(std::move(request));
  filled_.notify_one();
}

void CommitQueue::Put(std::unique_ptr<CommitRequest> request) {
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [&] { return HasRoom(*request); });
  Add(std::move(request));
}

bool CommitQueue::Offer(std::unique_ptr<CommitRequest>& request) {
  const std::lock_guard lock(mutex_);
  if (!HasRoom(*request)) return false;
  Add(std::move(request));
  return true;
}

void CommitQueue::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    filled_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Requests group = TakeGroup();
    lock.unlock();
    emptied_.notify_all();
    std::vector<CommitRequest*> requests;
    for (const auto& request : group) requests.push_back(request.get());
    commit_(requests);
    for (const auto& request : group) request->done(*std::move(request->outcome));
    group.clear();
    lock.lock();
  }
}

CommitQueue::Requests CommitQueue::TakeGroup() {
  Requests group;
  size_t submissions = 0;
  do {
    const CommitRequest& next = *waiting_.front();
    submissions += next.submissions.size();
    submissions_ -= next.submissions.size();
    bytes_ -= BytesOf(next);
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  } while (!waiting_.empty() &&
           submissions + waiting_.front()->submissions.size() <= kGroupSubmissions);
  return group;
}

}  // namespace carnet::ledger
