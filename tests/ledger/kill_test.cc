// kill -9 at random moments: what was acknowledged is in every later tree.
#include <chrono>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "core/hex.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"
#include "tests/support/victim.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr int kRounds = 200;

// A sanitizer build starts so slowly that fewer rounds take the same time.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRoundsHere = kRounds / 5;
#else
constexpr int kRoundsHere = kRounds;
#endif

struct Acknowledged {
  uint64_t index;
  LeafHash leaf;
  uint64_t size;
};

std::vector<Acknowledged> Parse(const std::vector<std::string>& lines) {
  std::vector<Acknowledged> parsed;
  for (const std::string& line : lines) {
    std::istringstream in(line);
    uint64_t index = 0;
    uint64_t size = 0;
    std::string leaf;
    BOOST_REQUIRE(in >> index >> leaf >> size);
    parsed.push_back({index, HexDecodeTo<LeafHash>(leaf).value(), size});
  }
  return parsed;
}

void CheckAcknowledged(const Reader& reader, const std::vector<Acknowledged>& lines) {
  for (const Acknowledged& line : lines) {
    REQUIRE_VALUE(const auto receipt, reader.Receipt(LeafIndex(line.index)));
    BOOST_REQUIRE(merkle::HashLeaf(receipt.canonicalized_body) == line.leaf);
    BOOST_REQUIRE(merkle::CheckInclusion(LeafIndex(line.index), reader.size(), line.leaf,
                                         receipt.proof, reader.head().root())
                      .has_value());
    BOOST_REQUIRE_LE(line.size, reader.size().value());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kill_nine)

BOOST_AUTO_TEST_CASE(acknowledged_entries_survive_kill_nine) {
  const LedgerWorld world;
  std::mt19937 random(20260102);
  std::vector<Acknowledged> all;
  TreeSize last_size(0);
  std::optional<RootHash> last_root;
  int rounds_with_progress = 0;
  for (int round = 0; round < kRoundsHere; ++round) {
    Victim victim({CARNET_APPEND_VICTIM, world.folder(), HexEncode(world.note_key().id().span()),
                   "round " + std::to_string(round), std::to_string(1 + random() % 20)});
    // Half of the kills come during start-up or the first appends, half a little later.
    if (random() % 2 == 0) victim.AwaitFirstLine(std::chrono::seconds(20));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 25));
    const auto lines = Parse(victim.Kill());
    if (!lines.empty()) ++rounds_with_progress;
    all.insert(all.end(), lines.begin(), lines.end());
    if (round % 10 != 9) continue;
    const auto ledger = world.Open();
    REQUIRE_VALUE(const auto reader, ledger->Read());
    CheckAcknowledged(*reader, lines);
    if (last_root && last_size.value() > 0 && last_size < reader->size()) {
      REQUIRE_VALUE(const auto proof, reader->Consistency(last_size, reader->size()));
      BOOST_REQUIRE(merkle::CheckConsistency(last_size, *last_root, reader->size(),
                                             reader->head().root(), proof)
                        .has_value());
    }
    last_size = reader->size();
    last_root = reader->head().root();
  }
  BOOST_CHECK_GE(rounds_with_progress, kRoundsHere / 3);
  BOOST_CHECK_GE(all.size(), static_cast<size_t>(kRoundsHere));
  const auto ledger = world.Open();
  REQUIRE_VALUE(const auto reader, ledger->Read());
  CheckAcknowledged(*reader, all);
  std::set<uint64_t> indices;
  for (const Acknowledged& line : all) indices.insert(line.index);
  BOOST_CHECK_EQUAL(indices.size(), all.size());
  world.CheckClean();
  BOOST_TEST_MESSAGE(all.size() << " acknowledged entries, " << rounds_with_progress
                                << " rounds with progress, tree of " << reader->size().value());
}

BOOST_AUTO_TEST_SUITE_END()
