// Inclusion and consistency proofs in a ledger of 10^6 leaves: built from stored rows and checked
// against the signed root before they are handed out, as Reader does. The ledger has only the
// tree's rows, as proofs read no others.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "bench/report.h"
#include "core/file.h"
#include "ledger/ledger.h"
#include "ledger/store.h"
#include "ledger/tile_rows.h"
#include "merkle/hasher.h"
#include "tests/support/scratch_folder.h"

namespace carnet::bench {
namespace {

constexpr uint64_t kLeaves = 1'000'000;
constexpr uint64_t kLeavesPerCommit = 50'000;
constexpr int kProofs = 20'000;
constexpr double kGoalMicroseconds = 50;
constexpr char kOriginName[] = "bench.example";

void FillTree(const std::string& folder, const crypto::Ed25519PrivateKey& key) {
  Must(ledger::Ledger::Create(folder, kOriginName, key, nullptr));
  const auto store = Must(ledger::Store::Open(folder, ledger::Store::Mode::kWrite, nullptr));
  ledger::RightEdge edge;
  for (uint64_t i = 0; i < kLeaves; ++i) {
    edge.Append(merkle::HashLeaf(AsBytes(std::to_string(i))));
    if ((i + 1) % kLeavesPerCommit != 0) continue;
    ledger::RowBatch batch;
    edge.PutRows(
        [&](std::string row, std::string value) { batch.Put(std::move(row), std::move(value)); });
    batch.Put(ledger::SingleKey(ledger::RowClass::kState), ledger::EncodeState(edge.state()));
    Must(store->Commit(std::move(batch)));
  }
  const auto note_key = Must(merkle::NoteKey::Create(kOriginName, key.public_key()));
  const std::string note = merkle::SignCheckpoint(
      {kOriginName, edge.state().size, edge.state().root, {}}, note_key, key);
  Must(WriteFileAtomic(folder + "/guard/checkpoint", note, Overwrite::kReplace));
}

template <typename Function>
void Measure(const std::string& name, const Function& prove) {
  std::vector<double> microseconds;
  for (int i = 0; i < kProofs; ++i) microseconds.push_back(1e6 * SecondsOf(prove));
  double sum = 0;
  for (const double one : microseconds) sum += one;
  std::sort(microseconds.begin(), microseconds.end());
  PrintRow({name + ", mean", sum / kProofs, "us", Peer{"limit", kGoalMicroseconds, "< 1"}});
  PrintRow({name + ", p99", microseconds[kProofs * 99 / 100], "us",
            Peer{"limit", kGoalMicroseconds, "< 1"}});
}

void Bench(const ledger::Reader& reader) {
  std::mt19937_64 random(1);
  const auto below = [&](uint64_t limit) { return random() % limit; };
  Measure("inclusion in 10^6",
          [&] { Must(reader.Inclusion(LeafIndex(below(kLeaves)), TreeSize(kLeaves))); });
  Measure("consistency with 10^6",
          [&] { Must(reader.Consistency(TreeSize(1 + below(kLeaves - 1)), TreeSize(kLeaves))); });
  Measure("inclusion in an earlier tree", [&] {
    const uint64_t size = 1 + below(kLeaves);
    Must(reader.Inclusion(LeafIndex(below(size)), TreeSize(size)));
  });
}

}  // namespace
}  // namespace carnet::bench

int main() {
  using namespace carnet;
  bench::PrintHeader("proofs");
  const test::ScratchFolder scratch;
  bench::FillTree(scratch / "log", crypto::Ed25519PrivateKey::Generate());
  const auto reader = bench::Must(ledger::Reader::Open(scratch / "log"));
  bench::Bench(*reader);
  bench::PrintPeakMemory();
  return 0;
}
