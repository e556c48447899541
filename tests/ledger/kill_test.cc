// kill -9 at random moments: what was acknowledged is in every later tree.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <set>
#include <sstream>

#include "core/file.h"
#include "core/hex.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

extern char** environ;

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr int kRounds = 200;

// A sanitizer's build starts so slowly that fewer rounds fill the same time.
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

class Victim {
 public:
  Victim(const LedgerWorld& world, const std::string& label, int batch) {
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
    output_ = FileDescriptor(ends[0]);
    FileDescriptor writing(ends[1]);
    std::vector<std::string> arguments = {CARNET_APPEND_VICTIM, world.folder(),
                                          HexEncode(world.note_key().id().span()), label,
                                          std::to_string(batch)};
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
    const int spawned = ::posix_spawn(&pid_, raw[0], &actions, nullptr, raw.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    BOOST_REQUIRE_EQUAL(spawned, 0);
  }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  ~Victim() {
    if (pid_ > 0) Kill();
  }

  // Reads until `deadline`; returns early once there is a first line, when asked to.
  void ReadUntil(std::chrono::steady_clock::time_point deadline, bool first_line_is_enough) {
    for (;;) {
      if (first_line_is_enough && text_.find('\n') != std::string::npos) return;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) return;
      pollfd ready{output_.get(), POLLIN, 0};
      if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return;
      if (!ReadSome()) return;
    }
  }

  // Kills it and reads what it had said until then.
  std::vector<Acknowledged> Kill() {
    BOOST_CHECK_EQUAL(::kill(pid_, SIGKILL), 0);
    int status = 0;
    BOOST_CHECK_EQUAL(::waitpid(pid_, &status, 0), pid_);
    BOOST_CHECK_MESSAGE(WIFSIGNALED(status), "ended by itself: " << text_);
    pid_ = -1;
    while (ReadSome()) continue;
    return Parse();
  }

 private:
  bool ReadSome() {
    char buffer[4096];
    const ssize_t got = ::read(output_.get(), buffer, sizeof buffer);
    if (got <= 0) return false;
    text_.append(buffer, static_cast<size_t>(got));
    return true;
  }
  std::vector<Acknowledged> Parse() const {
    std::vector<Acknowledged> lines;
    std::istringstream in(text_);
    uint64_t index = 0;
    uint64_t size = 0;
    std::string leaf;
    while (in >> index >> leaf >> size)
      lines.push_back({index, HexDecodeTo<LeafHash>(leaf).value(), size});
    return lines;
  }

  pid_t pid_ = -1;
  FileDescriptor output_{-1};
  std::string text_;
};

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
    Victim victim(world, "round " + std::to_string(round), 1 + static_cast<int>(random() % 20));
    const auto now = std::chrono::steady_clock::now();
    // Half of the kills fall into start-up or the first appends, half a little later.
    if (random() % 2 == 0) {
      victim.ReadUntil(now + std::chrono::seconds(20), true);
    }
    victim.ReadUntil(std::chrono::steady_clock::now() + std::chrono::milliseconds(random() % 25),
                     false);
    const auto lines = victim.Kill();
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
