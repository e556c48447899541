// Appending to a ledger: 1 batches of submissions whose signatures count as verified, against
// RocksDB writing the very same rows in synced batches; 2 with every signature verified, on as
// many threads as there are cores, which as a daemon's do not wait for the commit of what they
// have verified, against the rate of P-256 verifications on as many. Each pair takes turns, so that
// a busy machine slows both equally. Folders go to $TMPDIR, or /tmp.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bench/report.h"
#include "ledger/entry.h"
#include "ledger/index.h"
#include "ledger/ledger.h"
#include "ledger/store.h"
#include "ledger/tile_rows.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/statement_maker.h"

namespace carnet::bench {
namespace {

using ledger::Ledger;

using ledger::Submission;

constexpr size_t kBatch = 1000;
constexpr size_t kBatches = 20;
constexpr size_t kVerifiedBatch = 1000;
constexpr size_t kVerifiedBatches = 4;  // per thread and round
constexpr size_t kVerifiedRounds = 3;

// A run and its segments: what most of a ledger consists of.
class SegmentSource {
 public:
  SegmentSource(const crypto::P256PrivateKey& key, const LogId& log, const std::string& label)
      : maker_(key, log, label), run_(maker_.Submit(maker_.Run())) {}

  const Submission& run() const { return run_; }
  std::vector<sigstore::Envelope> Next(size_t count) {
    std::vector<sigstore::Envelope> envelopes;
    for (size_t i = 0; i < count; ++i, ++seq_)
      envelopes.push_back(
          maker_.Segment({run_.id(), 0, seq_, seq_ > 0 ? std::optional(run_.id()) : std::nullopt}));
    return envelopes;
  }

 private:
  test::StatementMaker maker_;
  Submission run_;
  uint64_t seq_ = 0;
};

// The rows of a ledger's commits, written with nothing else around them.
class BareRows {
 public:
  explicit BareRows(const std::string& folder) {
    std::filesystem::create_directories(folder);
    store_ = Must(ledger::Store::Open(folder, ledger::Store::Mode::kCreate, nullptr));
  }

  // Seconds of the synced write alone, from rows in memory.
  double Write(std::span<const Submission> submissions) {
    ledger::RowBatch batch;
    ledger::PendingIndex index(*store_, batch);
    for (const Submission& submission : submissions) {
      const LeafIndex next(edge_.range().size().value());
      CARNET_CHECK(
          !Must(index.Place({submission.id(), submission.signer(), submission.terms()}, next)));
      const auto entry = Must(ledger::MakeEntry(submission));
      batch.Put(ledger::EntryKey(next), entry.row);
      edge_.Append(entry.leaf);
    }
    edge_.PutRows(
        [&](std::string row, std::string value) { batch.Put(std::move(row), std::move(value)); });
    batch.Put(ledger::SingleKey(ledger::RowClass::kState), ledger::EncodeState(edge_.state()));
    return SecondsOf([&] { Must(store_->Commit(std::move(batch))); });
  }

 private:
  std::unique_ptr<ledger::Store> store_;
  ledger::RightEdge edge_;
};

std::unique_ptr<Ledger> NewLedger(const std::string& folder, const crypto::Ed25519PrivateKey& key) {
  Must(Ledger::Create(folder, "bench.example", key, nullptr));
  return Must(Ledger::Open(folder));
}

void BenchVerifiedAlready(const crypto::Ed25519PrivateKey& log_key,
                          const crypto::P256PrivateKey& key) {
  const test::ScratchFolder scratch;
  const auto ledger = NewLedger(scratch / "log", log_key);
  BareRows rows(scratch / "rows");
  SegmentSource source(key, ledger->key().id(), "batches");
  Must(ledger->Append({&source.run(), 1}));
  rows.Write({&source.run(), 1});
  double ours = 0;
  double theirs = 0;
  double reading = 0;
  for (size_t round = 0; round < kBatches; ++round) {
    const auto envelopes = source.Next(kBatch);
    std::vector<Submission> batch;
    reading += SecondsOf([&] {
      for (const auto& envelope : envelopes)
        batch.push_back(Must(Submission::InsecureAssumeVerified(envelope, key.public_key())));
    });
    ours += SecondsOf([&] { Must(ledger->Append(batch)); });
    theirs += rows.Write(batch);
  }
  const double entries = kBatch * kBatches;
  PrintRow({"append, batches of 1,000, already verified", entries / ours, "entries/s",
            Peer{"RocksDB, the same rows", entries / theirs, ">= 0.5"}});
  PrintRow({"the same, and reading the statements", entries / (ours + reading), "entries/s"});
}

template <typename Function>
double SecondsOnThreads(size_t threads, const Function& work) {
  return SecondsOf([&] {
    std::vector<std::thread> running;
    for (size_t t = 0; t < threads; ++t) running.emplace_back([&work, t] { work(t); });
    for (std::thread& thread : running) thread.join();
  });
}

void BenchVerifying(const crypto::Ed25519PrivateKey& log_key, const crypto::P256PrivateKey& key) {
  std::atomic<size_t> committed = 0;  // batches; outlives the ledger's thread
  size_t expected = 0;
  const test::ScratchFolder scratch;
  const auto ledger = NewLedger(scratch / "log", log_key);
  const size_t threads = Cores();
  std::vector<SegmentSource> sources;
  for (size_t t = 0; t < threads; ++t) {
    sources.emplace_back(key, ledger->key().id(), "thread " + std::to_string(t));
    Must(ledger->Append({&sources.back().run(), 1}));
  }
  double ours = 0;
  double theirs = 0;
  for (size_t round = 0; round < kVerifiedRounds; ++round) {
    std::vector<std::vector<std::vector<sigstore::Envelope>>> work(threads);
    for (size_t t = 0; t < threads; ++t)
      for (size_t i = 0; i < kVerifiedBatches; ++i)
        work[t].push_back(sources[t].Next(kVerifiedBatch));
    ours += SecondsOf([&] {
      SecondsOnThreads(threads, [&](size_t t) {
        for (const auto& envelopes : work[t]) {
          std::vector<Submission> batch;
          batch.reserve(envelopes.size());
          for (const auto& envelope : envelopes)
            batch.push_back(Must(Submission::Verify(envelope, key.public_key())));
          while (!ledger->AppendLater(batch, [&](auto appended) {
            Must(std::move(appended));
            ++committed;
            committed.notify_one();
          }))
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
      });
      expected += threads * kVerifiedBatches;
      for (size_t now = committed; now < expected; now = committed) committed.wait(now);
    });
    theirs += SecondsOnThreads(threads, [&](size_t t) {
      for (const auto& envelopes : work[t])
        for (const auto& envelope : envelopes) {
          const auto digest = sigstore::PaeDigest(envelope.payload_type, envelope.payload);
          CARNET_CHECK(key.public_key().VerifyDigest(digest, envelope.signature) ==
                       crypto::SignatureCheck::kGood);
        }
    });
  }
  const double entries =
      static_cast<double>(threads * kVerifiedRounds * kVerifiedBatches * kVerifiedBatch);
  PrintRow({"append, each signature verified, " + std::to_string(threads) + " threads",
            entries / ours, "entries/s",
            Peer{"P-256 verify on as many", entries / theirs, ">= 0.8"}});
}

}  // namespace
}  // namespace carnet::bench

int main() {
  using namespace carnet;
  bench::PrintHeader("append");
  const auto log_key = crypto::Ed25519PrivateKey::Generate();
  const auto key = crypto::P256PrivateKey::Generate();
  bench::BenchVerifiedAlready(log_key, key);
  bench::BenchVerifying(log_key, key);
  bench::PrintPeakMemory();
  return 0;
}
