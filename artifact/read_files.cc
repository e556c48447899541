#include "artifact/read_files.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <system_error>
#include <thread>

#include "artifact/file_lane.h"

namespace carnet::artifact {
namespace {

// Four streams keep the SHA instructions of one core busy; four such buffers stay in its cache.
constexpr size_t kLanesPerThread = 4;
constexpr size_t kBufferBytes = 256 * 1024;

// A file that some thread has begun, or is about to.
struct Work {
  size_t file;
  std::unique_ptr<FileLane> lane;  // null before the first chunk
};

class FileReader {
 public:
  FileReader(const std::vector<ListedFile>& files, const ReadOptions& options, size_t threads)
      : files_(files), options_(options), threads_(threads), by_size_(files.size()) {
    std::iota(by_size_.begin(), by_size_.end(), size_t{0});
    // Largest first, so that no thread begins a large file when the others are at their end.
    std::stable_sort(by_size_.begin(), by_size_.end(), [&](size_t a, size_t b) {
      return files[a].stamp.bytes > files[b].stamp.bytes;
    });
    for (const ListedFile& file : files) bytes_total_ += file.stamp.bytes;
    outcomes_.resize(files.size());
  }

  // The body of each thread.
  void Run() {
    Bytes buffer(kLanesPerThread * kBufferBytes);
    while (true) {
      std::vector<Work> batch = TakeBatch();
      if (batch.empty()) return;
      const Result<uint64_t> advanced = Advance(batch, buffer);
      PutBack(std::move(batch), advanced);
    }
  }

  Result<std::vector<FileOutcome>> TakeOutcomes() {
    if (error_) return *error_;
    std::vector<FileOutcome> outcomes;
    for (auto& outcome : outcomes_) outcomes.push_back(std::move(outcome.value()));
    return outcomes;
  }

 private:
  // Waits for work; empty when there will be none. Every thread gets its share of the unfinished
  // files, so that two large ones are hashed by two threads and not by one.
  std::vector<Work> TakeBatch() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return error_ || !idle_.empty() || unopened() > 0 || busy_ == 0; });
    std::vector<Work> batch;
    if (error_) return batch;
    const size_t unfinished = idle_.size() + unopened() + busy_;
    const size_t share = std::min(kLanesPerThread, (unfinished + threads_ - 1) / threads_);
    while (batch.size() < share && !idle_.empty()) {
      batch.push_back(std::move(idle_.front()));
      idle_.pop_front();
    }
    while (batch.size() < share && unopened() > 0) batch.push_back({by_size_[next_++], nullptr});
    busy_ += batch.size();
    return batch;
  }

  // One chunk of each file of the batch. Returns the bytes read.
  Result<uint64_t> Advance(std::vector<Work>& batch, std::span<uint8_t> buffer) {
    std::vector<crypto::StreamInput> inputs;
    uint64_t bytes = 0;
    for (size_t i = 0; i < batch.size(); ++i) {
      Work& work = batch[i];
      const size_t tensors = work.lane == nullptr ? 0 : work.lane->tensor_count();
      if (work.lane == nullptr) {
        CARNET_TRY(work.lane, FileLane::Open(files_[work.file], options_.tensors));
      }
      bytes -= work.lane->position();
      CARNET_TRY_VOID(work.lane->Read(buffer.subspan(i * kBufferBytes, kBufferBytes), inputs));
      bytes += work.lane->position();
      CARNET_TRY_VOID(CountTensors(work.lane->tensor_count() - tensors));
    }
    crypto::UpdateMany(inputs);
    for (const Work& work : batch) {
      work.lane->Settle();
      if (!work.lane->at_end()) continue;
      CARNET_TRY(outcomes_[work.file], work.lane->Finish());  // no other thread has this file
    }
    return bytes;
  }

  Result<> CountTensors(size_t count) {
    const std::lock_guard lock(mutex_);
    tensors_ += count;
    if (tensors_ > kMaxModelTensors) return Rejected("the model has over 1,048,576 tensors");
    return Ok();
  }

  void PutBack(std::vector<Work> batch, const Result<uint64_t>& advanced) {
    const std::lock_guard lock(mutex_);
    busy_ -= batch.size();
    if (!advanced && !error_) error_ = advanced.error();
    for (Work& work : batch) {
      if (!error_ && !work.lane->at_end()) idle_.push_back(std::move(work));
    }
    if (advanced) bytes_done_ += *advanced;
    if (!error_ && options_.stop && options_.stop()) error_ = Io("stopped by the caller");
    if (!error_ && options_.progress) options_.progress(bytes_done_, bytes_total_);
    changed_.notify_all();
  }

  size_t unopened() const { return by_size_.size() - next_; }

  const std::vector<ListedFile>& files_;
  const ReadOptions& options_;
  const size_t threads_;
  std::vector<size_t> by_size_;
  uint64_t bytes_total_ = 0;
  std::vector<std::optional<FileOutcome>> outcomes_;  // each by the thread that has the file

  std::mutex mutex_;  // for all below
  std::condition_variable changed_;
  std::deque<Work> idle_;  // begun, and in no thread's hands
  size_t next_ = 0;        // into by_size_
  size_t busy_ = 0;        // files in the threads' hands
  size_t tensors_ = 0;
  uint64_t bytes_done_ = 0;
  std::optional<Error> error_;
};

size_t ThreadCount(const ReadOptions& options, size_t files) {
  const size_t wanted =
      options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  return std::clamp<size_t>(wanted, 1, std::max<size_t>(files, 1));
}

}  // namespace

Result<std::vector<FileOutcome>> ReadFiles(const std::vector<ListedFile>& files,
                                           const ReadOptions& options) {
  const size_t threads = ThreadCount(options, files.size());
  FileReader reader(files, options, threads);
  std::vector<std::thread> others;
  try {
    while (others.size() + 1 < threads) others.emplace_back([&] { reader.Run(); });
  } catch (const std::system_error&) {
    // No more threads to be had: those that run, this one at least, do the work.
  }
  reader.Run();
  for (std::thread& other : others) other.join();
  return reader.TakeOutcomes();
}

}  // namespace carnet::artifact
