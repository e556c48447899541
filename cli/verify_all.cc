#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "api/find_passport.h"
#include "artifact/model_files.h"
#include "cli/batch_results.h"
#include "cli/command.h"
#include "cli/interruption.h"
#include "cli/judge_model.h"
#include "cli/open_inputs.h"
#include "core/share_work.h"
#include "core/utf8.h"
#include "pipeline/list_models.h"

namespace carnet::cli {
namespace {

using pipeline::Listed;
using pipeline::ListedModel;

// Results that are ready wait for those before them: so many, as each may have 100 kB of findings.
constexpr size_t kMaxAhead = 256;

// Prints results in the order of the list, and counts them. Thread safe.
class Output {
 public:
  Output(const VerifyAllOptions& options, size_t count, Terminal& terminal)
      : json_(options.json_lines),
        count_(count),
        terminal_(terminal),
        progress_(terminal.Progress("verify")) {}

  // Waits while too many before it are not ready. Every number has to be put once, and those below
  // one that waits must be on their way.
  void Put(size_t number, const BatchResult& result) {
    std::string line = json_ ? BatchJson(result) : BatchText(result, terminal_);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return number < next_ + kMaxAhead; });
    ready_.emplace(number, Ready{result.outcome, std::move(line)});
    for (auto it = ready_.begin(); it != ready_.end() && it->first == next_; ++next_) {
      Print(it->second);
      it = ready_.erase(it);
    }
    if (progress_) progress_(next_, count_);
    changed_.notify_all();
  }

  bool failed() {
    const std::lock_guard lock(mutex_);
    return terminal_.out_failed();
  }

  BatchSummary Summary() {
    const std::lock_guard lock(mutex_);
    terminal_.EndProgress();
    summary_.complete = next_ == count_;
    return summary_;
  }

 private:
  struct Ready {
    BatchOutcome outcome;
    std::string line;
  };

  void Print(const Ready& ready) {
    terminal_.EndProgress();
    terminal_.Out(ready.line);
    ++summary_.counts[static_cast<size_t>(ready.outcome)];
  }

  const bool json_;
  const size_t count_;
  Terminal& terminal_;
  const std::function<void(uint64_t, uint64_t)> progress_;

  std::mutex mutex_;  // for the terminal and all below
  std::condition_variable changed_;
  size_t next_ = 0;  // to be printed
  std::map<size_t, Ready> ready_;
  BatchSummary summary_;
};

BatchResult Without(const ListedModel& model, BatchOutcome outcome, Error error) {
  return {model.path, outcome, {}, {}, std::move(error)};
}

// What an uploader made a link may lead to any file of whoever verifies.
Result<> RefuseLink(const std::string& path, bool follow) {
  struct stat status;
  if (follow || ::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return Ok();
  return Io(Printable(path, PATH_MAX) + ": is a symbolic link, and links are not followed");
}

// Judges the models of one folder, each by itself: what is wrong with one keeps none of the others
// back. Thread safe.
class Batch {
 public:
  Batch(const VerifyAllOptions& options, const verifier::Gate& gate, const Terminal& terminal)
      : options_(options),
        folder_(FolderOf(options.folder.front())),
        gate_(gate),
        terminal_(terminal) {}

  BatchResult Judge(const ListedModel& listed) const {
    switch (listed.what) {
      case Listed::kNoModel:
        return Without(listed, BatchOutcome::kNoModel, Rejected(listed.why));
      case Listed::kUnseen:
        return Without(listed, BatchOutcome::kNotJudged, Io(listed.why));
      case Listed::kModel:
        return JudgeModel(listed);
    }
    CARNET_CHECK(false);
  }

 private:
  static std::string FolderOf(const std::string& given) {
    return given.ends_with('/') ? given : given + "/";
  }

  BatchResult JudgeModel(const ListedModel& listed) const {
    const std::string path = folder_ + listed.path;
    auto passport = options_.passports.empty()
                        ? api::FindPassport(path)
                        : api::FindPassportAt(options_.passports + "/" + listed.path);
    if (!passport) {
      const bool none = passport.error().code == ErrorCode::kNotFound;
      return Without(listed, none ? BatchOutcome::kNoPassport : BatchOutcome::kNotJudged,
                     std::move(passport).error());
    }
    BatchResult result = JudgeWith(listed, path, *passport);
    result.passport = *std::move(passport);
    return result;
  }

  BatchResult JudgeWith(const ListedModel& listed, const std::string& path,
                        const std::string& passport_file) const {
    const auto could_not = [&](Error error) {
      return Without(listed, BatchOutcome::kNotJudged, std::move(error));
    };
    if (auto refused = RefuseLink(passport_file, options_.judging.follow); !refused) {
      return could_not(std::move(refused).error());
    }
    auto passport = ReadPassport(passport_file);
    if (!passport) return could_not(std::move(passport).error());
    artifact::ReadOptions how;
    how.follow_links = options_.judging.follow;
    how.threads = 1;  // the models share the machine
    auto files = ReadModelFiles(path, how);
    if (!files) {
      // Whatever is wrong with a model's files, such as a link that leads outside, is a no (R40).
      const bool no = ExitCodeOf(files.error().code) == ExitCode::kNo;
      return Without(listed, no ? BatchOutcome::kFail : BatchOutcome::kNotJudged,
                     std::move(files).error());
    }
    auto verdict = cli::Judge({path, *files}, *passport, gate_, terminal_.Now());
    if (!verdict) return could_not(std::move(verdict).error());
    const bool passed = verdict->decision == verifier::Decision::kPass;
    return {
        listed.path, passed ? BatchOutcome::kPass : BatchOutcome::kFail, {}, std::move(*verdict)};
  }

  const VerifyAllOptions& options_;
  const std::string folder_;
  const verifier::Gate& gate_;
  const Terminal& terminal_;
};

// Models are begun in the order of the list, so that none that waits for its turn to be printed
// keeps an earlier one from being begun.
void JudgeAll(const std::vector<ListedModel>& models, const Batch& batch, unsigned jobs,
              Output& output) {
  std::atomic<size_t> next = 0;
  ShareWork(jobs, jobs, [&](size_t) {
    while (!StopAsked() && !output.failed()) {
      const size_t number = next++;
      if (number >= models.size()) return;
      output.Put(number, batch.Judge(models[number]));
    }
  });
}

unsigned JobsOf(const VerifyAllOptions& options) {
  if (options.jobs != 0) return options.jobs;
  return std::max(1U, std::thread::hardware_concurrency());
}

ExitCode Report(const BatchSummary& summary, size_t listed, const VerifyAllOptions& options,
                Terminal& terminal) {
  const ExitCode status = summary.Status(options.allow_unpassported);
  terminal.Out(options.json_lines ? SummaryJson(summary, status) : SummaryText(summary));
  if (terminal.out_failed()) return status;  // which is said at the end
  if (!summary.complete) {
    terminal.CouldNotTell(
        Io(fmt::format("stopped before the end: {} of {} entries have a result",
                       summary.models() + summary.Count(BatchOutcome::kNoModel), listed)));
  } else if (summary.models() == 0) {
    terminal.CouldNotTell(
        NotFound(fmt::format("{}: no model, at --depth {}",
                             Printable(options.folder.front(), PATH_MAX), options.depth)));
  }
  return status;
}

}  // namespace

ExitCode VerifyAll(const VerifyAllOptions& options, Terminal& terminal) {
  const auto by = OpenJudgedBy(options.judging, terminal);
  if (!by) return terminal.CouldNotTell(by.error());
  if (!options.passports.empty()) {
    // One that is not there would look like models without passports.
    struct stat status;
    if (::stat(options.passports.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      return terminal.CouldNotTell(
          NotFound(Printable(options.passports, PATH_MAX) + ": no such folder"));
    }
  }
  const auto models = pipeline::ListModels(options.folder.front(), options.depth);
  if (!models) return terminal.CouldNotTell(models.error());
  terminal.Detail(fmt::format("listed {} entries", models->size()));
  StopWhenAsked();
  const verifier::Gate gate(by->trust, by->policy, 1, &by->chips);
  Output output(options, models->size(), terminal);
  JudgeAll(*models, Batch(options, gate, terminal), JobsOf(options), output);
  return Report(output.Summary(), models->size(), options, terminal);
}

}  // namespace carnet::cli
