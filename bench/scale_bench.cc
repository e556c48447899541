// A ledger as it grows: 10^3 to 10^6 entries, or to the power of ten that is given. Runs of 1,000
// statements each; every measurement in a process of its own, so that its peak memory is its own.
// Files are in the page cache as far as it goes. The folder goes to $TMPDIR, or /tmp: 1.6 kB an
// entry.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/report.h"
#include "core/decimal.h"
#include "ledger/fsck/fsck.h"
#include "ledger/ledger.h"
#include "pipeline/closure.h"
#include "pipeline/trace.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/statement_maker.h"

namespace carnet::bench {
namespace {

using ledger::Ledger;
using ledger::Reader;
using ledger::Submission;

constexpr uint64_t kRun = 1'000;  // statements: the run, its segments, the completion
constexpr uint64_t kTimedRuns = 5;
constexpr int kRepeats = 15;
constexpr double kMilli = 1e3;

struct Measured {
  double value;
  double memory_mib;
};

// What `work` returns, from a process of its own. This one must never have opened a ledger:
// RocksDB's threads are not in its copies.
Measured Apart(const std::function<double()>& work) {
  int ends[2];
  CARNET_CHECK(::pipe(ends) == 0);
  const pid_t child = ::fork();
  CARNET_CHECK(child >= 0);
  if (child == 0) {
    const double value = work();
    ::_exit(::write(ends[1], &value, sizeof value) == sizeof value ? 0 : 1);
  }
  ::close(ends[1]);
  Measured measured{};
  CARNET_CHECK(::read(ends[0], &measured.value, sizeof measured.value) == sizeof measured.value);
  ::close(ends[0]);
  int status = 0;
  rusage usage{};
  CARNET_CHECK(::wait4(child, &status, 0, &usage) == child && status == 0);
  measured.memory_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  return measured;
}

class RunSource {
 public:
  RunSource(const crypto::P256PrivateKey& key, const LogId& log, uint64_t first)
      : maker_(key, log, "scale " + std::to_string(first)) {}

  std::vector<Submission> Next() {
    std::vector<Submission> run;
    run.reserve(kRun);
    Add(run, maker_.Run());
    const StatementId id = run.front().id();
    for (uint64_t seq = 0; seq < kRun - 2; ++seq)
      Add(run,
          maker_.Segment({id, 0, seq, seq > 0 ? std::optional(run.back().id()) : std::nullopt}));
    Add(run, maker_.Completion(id, run.back().id()));
    return run;
  }

 private:
  void Add(std::vector<Submission>& run, const sigstore::Envelope& envelope) const {
    run.push_back(Must(Submission::InsecureAssumeVerified(envelope, maker_.key())));
  }
  test::StatementMaker maker_;
};

// Entries a second of the last runs; the ones before them are made while others are committed.
double Fill(const std::string& folder, const crypto::P256PrivateKey& key, uint64_t size) {
  const auto ledger = Must(Ledger::Open(folder));
  const uint64_t now = Must(ledger->Read())->size().value();
  RunSource source(key, ledger->key().id(), now);
  const uint64_t missing = (size - now) / kRun;
  const uint64_t timed = std::min(kTimedRuns, missing);
  for (uint64_t i = timed; i < missing; ++i) {
    auto run = source.Next();
    while (!ledger->AppendLater(run, [](auto appended) { Must(std::move(appended)); }))
      ::usleep(1'000);
  }
  std::vector<std::vector<Submission>> runs;
  for (uint64_t i = 0; i < timed; ++i) runs.push_back(source.Next());
  return static_cast<double>(timed * kRun) / SecondsOf([&] {
           for (const auto& run : runs) Must(ledger->Append(run));
         });
}

double MedianOf(const std::function<double()>& measure) {
  std::vector<double> values;
  for (int i = 0; i < kRepeats; ++i) values.push_back(measure());
  std::nth_element(values.begin(), values.begin() + kRepeats / 2, values.end());
  return values[kRepeats / 2];
}

// What a command that logs one statement does beside starting and signing.
double AppendOne(const std::string& folder, const crypto::P256PrivateKey& key, uint64_t size) {
  const LogId log = Must(Reader::Open(folder))->log_id();
  test::StatementMaker maker(key, log, "one at " + std::to_string(size));
  return kMilli * MedianOf([&] {
           const Submission one = maker.Submit(maker.Device());
           return SecondsOf([&] { Must(Must(Ledger::Open(folder))->Append({&one, 1})); });
         });
}

double OpenReader(const std::string& folder) {
  return kMilli * MedianOf([&] { return SecondsOf([&] { Must(Reader::Open(folder)); }); });
}

// The completion of a run in the middle of the ledger.
StatementId SomeCompletion(const Reader& reader) {
  for (uint64_t index = reader.size().value() / 2;; ++index) {
    const StatementId id = Must(reader.EntryAt(LeafIndex(index))).id;
    if (Must(reader.Find(id)).kind == schemas::Kind::kCompletion) return id;
  }
}

double Trace(const std::string& folder) {
  const auto reader = Must(Reader::Open(folder));
  const StatementId start = SomeCompletion(*reader);
  return kMilli * MedianOf([&] {
           return SecondsOf([&] {
             CARNET_CHECK(Must(pipeline::TraceIds(*reader, start, kRun)).size() == kRun);
           });
         });
}

double Passport(const std::string& folder) {
  const auto reader = Must(Reader::Open(folder));
  const StatementId root = SomeCompletion(*reader);
  return kMilli * MedianOf([&] {
           return SecondsOf([&] {
             const auto lines = Must(pipeline::CollectClosure(*reader, root));
             CARNET_CHECK(lines.size() == kRun && !pipeline::WriteLines(lines).empty());
           });
         });
}

double Fsck(const std::string& folder) {
  return SecondsOf([&] {
    const auto report = Must(ledger::Fsck(folder, {.guard = {}, .threads = Cores()}));
    CARNET_CHECK(report.findings.empty());
  });
}

double BytesIn(const std::string& folder) {
  double bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file()) bytes += static_cast<double>(file.file_size());
  return bytes;
}

void Print(const std::string& at, const std::string& what, const Measured& measured,
           const std::string& unit, std::optional<Peer> peer = {}) {
  PrintRow({at + what, measured.value, unit, std::move(peer)});
  PrintRow({at + what + ", peak memory", measured.memory_mib, "MiB"});
}

void Grow(const std::string& folder, int power) {
  const auto key = crypto::P256PrivateKey::Generate();
  std::optional<double> first_one;
  uint64_t size = kRun;
  for (int at = 3; at <= power; ++at, size *= 10) {
    const std::string name = "10^" + std::to_string(at) + ": ";
    Print(name, "append, in batches of 1,000", Apart([&] { return Fill(folder, key, size); }),
          "entries/s");
    PrintRow({name + "stored", BytesIn(folder) / static_cast<double>(size), "bytes/entry"});
    Print(name, "open to read", Apart([&] { return OpenReader(folder); }), "ms");
    Print(name, "trace of a run", Apart([&] { return Trace(folder); }), "ms");
    Print(name, "passport of a run", Apart([&] { return Passport(folder); }), "ms");
    const Measured fsck = Apart([&] { return Fsck(folder); });
    Print(name, "fsck, all cores", fsck, "s");
    const Measured one = Apart([&] { return AppendOne(folder, key, size); });
    if (!first_one) first_one = one.value;
    Print(name, "open, append one, close", one, "ms", Peer{"at 10^3", *first_one, "<= 2"});
  }
}

}  // namespace
}  // namespace carnet::bench

int main(int argc, char** argv) {
  using namespace carnet;
  const auto power = argc > 1 ? ParseDecimalU64(argv[1]) : 6;
  CARNET_CHECK(power && *power >= 3 && *power <= 9);
  bench::PrintHeader("a ledger as it grows");
  const test::ScratchFolder scratch;
  const std::string folder = scratch / "ledger";
  bench::Apart([&] {
    const auto key = crypto::Ed25519PrivateKey::Generate();
    bench::Must(ledger::Ledger::Create(folder, "bench.example", key, nullptr));
    return 0.0;
  });
  bench::Grow(folder, static_cast<int>(*power));
  return 0;
}
