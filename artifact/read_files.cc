#include "artifact/read_files.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <optional>
#include <system_error>
#include <thread>

#include "artifact/long_file.h"

namespace carnet::artifact {
namespace {

using Step = LongFile::Step;

// All that a thread reads into, whatever the files are: 32 MiB of windows, 4 MiB of short files.
constexpr size_t kWindowBytesPerThread = 32 << 20;
constexpr size_t kShortBytesPerThread = 4 << 20;
// Longer windows have more tensors to hash side by side, and are no faster to read.
constexpr size_t kMaxWindowBytes = 16 << 20;
// Read whole, many at once, by one thread.
constexpr uint64_t kMaxShortBytes = 256 << 10;
constexpr size_t kShortFilesAtOnce = 32;

static_assert(kMaxShortBytes <= kShortBytesPerThread);

// What a thread has in hand.
struct Job {
  struct Part {
    LongFile* file;
    Step step;
  };
  std::vector<Part> parts;  // one, or several to hash side by side
  std::vector<size_t> short_files;

  bool empty() const { return parts.empty() && short_files.empty(); }
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
    const auto first_short =
        std::partition_point(by_size_.begin(), by_size_.end(),
                             [&](size_t file) { return files[file].stamp.bytes > kMaxShortBytes; });
    next_short_ = static_cast<size_t>(first_short - by_size_.begin());
    end_of_long_ = next_short_;
    open_at_once_ = std::min(end_of_long_, threads * crypto::Sha256ManyLanes());
    const size_t windows = std::max<size_t>(open_at_once_, 1) * LongFile::kWindows;
    window_bytes_ = std::min(kMaxWindowBytes, threads * kWindowBytesPerThread / windows);
  }

  // The body of each thread.
  void Run() {
    Bytes room;  // for short files
    while (true) {
      Job job = Take();
      if (job.empty()) return;
      const Result<uint64_t> hashed = Do(job, room);
      PutBack(job, hashed);
    }
  }

  Result<std::vector<FileOutcome>> TakeOutcomes() {
    if (error_) return *error_;
    std::vector<FileOutcome> outcomes;
    for (auto& outcome : outcomes_) outcomes.push_back(std::move(outcome.value()));
    return outcomes;
  }

 private:
  // Waits for work; empty when there will be none.
  Job Take() {
    std::unique_lock lock(mutex_);
    while (!error_) {
      Job job = Choose();
      if (!job.empty()) {
        for (const Job::Part& part : job.parts) part.file->Begin(part.step);
        return job;
      }
      if (open_.empty() && next_long_ == end_of_long_ && next_short_ == by_size_.size()) break;
      changed_.wait(lock);
    }
    return {};
  }

  // A thread hashes its share of all the streams side by side, or reads until there is so much;
  // short files are for the time when there is nothing of this to do.
  Job Choose() {
    while (open_.size() < open_at_once_ && next_long_ < end_of_long_) {
      const size_t file = by_size_[next_long_++];
      open_.push_back(
          std::make_unique<LongFile>(files_[file], file, options_.tensors, window_bytes_));
    }
    if (Job job = OneStep(Step::kFinish); !job.empty()) return job;
    size_t streams = 0;
    for (const auto& file : open_) streams += file->streams();
    const size_t share = (streams + threads_ - 1) / threads_;
    std::vector<Job::Part> ready = ReadyToHash();
    if (ready.empty() || ready.size() < share) {
      if (Job job = OneStep(Step::kFill); !job.empty()) return job;
      if (Job job = ShortFiles(); !job.empty()) return job;
    }
    if (ready.size() > share) {
      const auto end = ready.begin() + static_cast<ptrdiff_t>(share);
      std::nth_element(ready.begin(), end, ready.end(), [](const Job::Part& a, const Job::Part& b) {
        return a.file->rest() > b.file->rest();  // what has the most left ends last
      });
      ready.erase(end, ready.end());
    }
    return {std::move(ready), {}};
  }

  std::vector<Job::Part> ReadyToHash() {
    std::vector<Job::Part> ready;
    for (const auto& file : open_) {
      for (const Step step : {Step::kHashFile, Step::kHashContent}) {
        if (file->IsReady(step)) ready.push_back({file.get(), step});
      }
    }
    return ready;
  }

  Job OneStep(Step step) {
    LongFile* chosen = nullptr;
    for (const auto& file : open_) {
      const bool better = chosen == nullptr || file->rest() > chosen->rest();
      if (better && file->IsReady(step)) chosen = file.get();
    }
    if (chosen == nullptr) return {};
    return {{{chosen, step}}, {}};
  }

  Job ShortFiles() {
    Job job;
    uint64_t bytes = 0;
    while (next_short_ < by_size_.size() && job.short_files.size() < kShortFilesAtOnce) {
      bytes += files_[by_size_[next_short_]].stamp.bytes;
      if (bytes > kShortBytesPerThread) break;
      job.short_files.push_back(by_size_[next_short_++]);
    }
    return job;
  }

  // Returns the bytes that are now hashed for their files. `room` is the thread's own.
  Result<uint64_t> Do(const Job& job, Bytes& room) {
    if (!job.short_files.empty()) return ReadShort(job.short_files, room);
    const auto& [file, step] = job.parts.front();
    if (step == Step::kHashFile || step == Step::kHashContent) return Hash(job.parts);
    if (step == Step::kFill) {
      CARNET_TRY_VOID(file->Fill());
    } else {
      CARNET_TRY(outcomes_[file->index()], file->Finish());  // no other thread has this file
    }
    return 0;
  }

  Result<uint64_t> Hash(const std::vector<Job::Part>& parts) {
    std::vector<crypto::StreamInput> inputs;
    uint64_t bytes = 0;
    for (const auto& [file, step] : parts) {
      file->Inputs(step, inputs);
      if (step == Step::kHashFile) {
        bytes += inputs.back().bytes.size();
      } else {
        CARNET_TRY_VOID(CountTensors(file->NewTensors()));
      }
    }
    crypto::UpdateMany(inputs);
    for (const auto& [file, step] : parts) {
      if (step == Step::kHashContent) file->Settle();
    }
    return bytes;
  }

  Result<uint64_t> ReadShort(const std::vector<size_t>& numbers, Bytes& room) {
    uint64_t bytes = 0;
    for (const size_t number : numbers) bytes += files_[number].stamp.bytes;
    if (room.size() < bytes) room.resize(bytes);
    std::span<uint8_t> free = room;
    std::vector<std::unique_ptr<FileLane>> lanes;
    std::vector<crypto::StreamInput> inputs;
    for (const size_t number : numbers) {
      CARNET_TRY(lanes.emplace_back(), FileLane::Open(files_[number], options_.tensors));
      const auto here = free.first(files_[number].stamp.bytes);
      free = free.subspan(here.size());
      CARNET_TRY(const ByteSpan window, lanes.back()->Fill(here));
      inputs.push_back(lanes.back()->FileInput(window));
      lanes.back()->FeedContent(window, inputs);
      CARNET_TRY_VOID(CountTensors(lanes.back()->tensor_count()));
    }
    crypto::UpdateMany(inputs);
    for (size_t i = 0; i < numbers.size(); ++i) {
      lanes[i]->Settle();
      CARNET_TRY(outcomes_[numbers[i]], lanes[i]->Finish());  // no other thread has this file
    }
    return bytes;
  }

  Result<> CountTensors(size_t count) {
    const std::lock_guard lock(mutex_);
    tensors_ += count;
    if (tensors_ > kMaxModelTensors) return Rejected("the model has over 1,048,576 tensors");
    return Ok();
  }

  void PutBack(const Job& job, const Result<uint64_t>& hashed) {
    const std::lock_guard lock(mutex_);
    if (!hashed && !error_) error_ = hashed.error();
    if (!error_) {
      for (const Job::Part& part : job.parts) {
        part.file->End(part.step);
        if (part.step != Step::kFinish) continue;
        std::erase_if(open_, [&](const auto& file) { return file.get() == part.file; });
      }
    }
    if (hashed) bytes_done_ += *hashed;
    if (!error_ && options_.stop && options_.stop()) error_ = Io("stopped by the caller");
    if (!error_ && options_.progress) options_.progress(bytes_done_, bytes_total_);
    changed_.notify_all();
  }

  const std::vector<ListedFile>& files_;
  const ReadOptions& options_;
  const size_t threads_;
  std::vector<size_t> by_size_;  // long files, then short ones
  size_t end_of_long_ = 0;       // in by_size_
  size_t open_at_once_ = 0;      // long files
  size_t window_bytes_ = 0;
  uint64_t bytes_total_ = 0;
  std::vector<std::optional<FileOutcome>> outcomes_;  // each by the thread that ends the file

  std::mutex mutex_;  // for all below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<LongFile>> open_;
  size_t next_long_ = 0;   // into by_size_
  size_t next_short_ = 0;  // likewise
  size_t tensors_ = 0;
  uint64_t bytes_done_ = 0;
  std::optional<Error> error_;
};

// No more than there can be work for at once.
size_t ThreadCount(const std::vector<ListedFile>& files, const ReadOptions& options) {
  uint64_t short_files = 0, short_bytes = 0, steps = 0;
  for (const ListedFile& file : files) {
    if (file.stamp.bytes > kMaxShortBytes) {
      steps += 3;  // one fills, one hashes the file, one its tensors
    } else {
      ++short_files;
      short_bytes += file.stamp.bytes;
    }
  }
  const uint64_t batches =
      std::max(short_files / kShortFilesAtOnce, short_bytes / kShortBytesPerThread) + 1;
  const uint64_t wanted =
      options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  return std::clamp<uint64_t>(wanted, 1, steps + batches);
}

}  // namespace

Result<std::vector<FileOutcome>> ReadFiles(const std::vector<ListedFile>& files,
                                           const ReadOptions& options) {
  const size_t threads = ThreadCount(files, options);
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
