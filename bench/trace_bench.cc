// Tracing lineage, edges only: 1,000 statements behind one, breadth first, in ledgers of 10^4,
// 10^5 and 10^6 statements; against SQLite's recursive query over the same edges in the same run.
// Every statement is a data set derived from two earlier ones, so that the walk jumps all over the
// store. Each ledger contains the smaller one's statements. Both are settled first: the ledger
// compacted, the table's log written back.
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "bench/report.h"
#include "ledger/compact.h"
#include "ledger/ledger.h"
#include "pipeline/trace.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/statement_maker.h"

namespace carnet::bench {
namespace {

constexpr size_t kNodes = 1'000;
constexpr size_t kBatch = 1'000;
constexpr int kWalks = 41;

// Edges in the form that suits SQLite best: one clustered index, ids as blobs.
class SqliteEdges {
 public:
  explicit SqliteEdges(const std::string& path) {
    CARNET_CHECK(sqlite3_open(path.c_str(), &database_) == SQLITE_OK);
    Run("PRAGMA journal_mode=WAL");
    Run("CREATE TABLE edge(source BLOB, target BLOB, PRIMARY KEY(source, target)) WITHOUT ROWID");
    Prepare("INSERT INTO edge VALUES(?1, ?2)", &insert_);
    Prepare(
        "WITH RECURSIVE reached(id) AS (SELECT ?1 UNION SELECT target FROM edge JOIN reached ON "
        "source = id LIMIT ?2) SELECT id FROM reached",
        &walk_);
  }
  SqliteEdges(const SqliteEdges&) = delete;
  SqliteEdges& operator=(const SqliteEdges&) = delete;
  ~SqliteEdges() {
    sqlite3_finalize(insert_);
    sqlite3_finalize(walk_);
    sqlite3_close(database_);
  }

  void Run(const char* sql) {
    CARNET_CHECK(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  void Insert(const StatementId& source, const StatementId& target) {
    Bind(insert_, 1, source);
    Bind(insert_, 2, target);
    CARNET_CHECK(sqlite3_step(insert_) == SQLITE_DONE);
    sqlite3_reset(insert_);
  }
  std::vector<StatementId> Walk(const StatementId& start) {
    Bind(walk_, 1, start);
    sqlite3_bind_int64(walk_, 2, kNodes);
    std::vector<StatementId> reached;
    while (sqlite3_step(walk_) == SQLITE_ROW) {
      const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(walk_, 0));
      reached.push_back(*StatementId::FromSpan({bytes, 32}));
    }
    sqlite3_reset(walk_);
    return reached;
  }

 private:
  void Prepare(const char* sql, sqlite3_stmt** statement) {
    CARNET_CHECK(sqlite3_prepare_v2(database_, sql, -1, statement, nullptr) == SQLITE_OK);
  }
  static void Bind(sqlite3_stmt* statement, int at, const StatementId& id) {
    sqlite3_bind_blob(statement, at, id.data(), StatementId::kSize, SQLITE_TRANSIENT);
  }
  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* walk_ = nullptr;
};

// Fills the ledger and the table equally, up to `size` statements.
class Filler {
 public:
  Filler(const LogId& log, SqliteEdges& edges)
      : edges_(edges), key_(crypto::P256PrivateKey::Generate()), maker_(key_, log, "trace") {}

  void FillTo(ledger::Ledger& ledger, size_t size) {
    while (ids_.size() < size) {
      std::vector<ledger::Submission> batch;
      edges_.Run("BEGIN");
      for (size_t i = 0; i < kBatch; ++i) batch.push_back(Next());
      edges_.Run("COMMIT");
      Must(ledger.Append(batch));
    }
  }
  const StatementId& last() const { return ids_.back(); }

 private:
  ledger::Submission Next() {
    std::vector<StatementId> parents;
    if (ids_.size() >= kBatch) {
      // From the latest quarter: from among all, most walks would end after a few hundred.
      const size_t quarter = ids_.size() / 4;
      const size_t first = random_() % quarter;
      const size_t second = (first + 1 + random_() % (quarter - 1)) % quarter;
      parents = {ids_[ids_.size() - 1 - first], ids_[ids_.size() - 1 - second]};
    }
    auto submission =
        Must(ledger::Submission::InsecureAssumeVerified(maker_.Dataset(parents), maker_.key()));
    for (const StatementId& parent : parents) edges_.Insert(submission.id(), parent);
    ids_.push_back(submission.id());
    return submission;
  }

  SqliteEdges& edges_;
  crypto::P256PrivateKey key_;
  test::StatementMaker maker_;
  std::mt19937_64 random_{1};
  std::vector<StatementId> ids_;
};

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kWalks / 2, values.end());
  return values[kWalks / 2];
}

// Checks that both reach the same statements, then times them in turns.
void Measure(const ledger::Reader& reader, SqliteEdges& edges, const StatementId& start,
             const std::string& name, std::string_view goal) {
  const auto ours = Must(pipeline::TraceIds(reader, start, kNodes));
  CARNET_CHECK(ours.size() == kNodes && edges.Walk(start).size() == kNodes);
  std::vector<double> trace, walk;
  for (int i = 0; i < kWalks; ++i) {
    trace.push_back(1e3 * SecondsOf([&] { Must(pipeline::TraceIds(reader, start, kNodes)); }));
    walk.push_back(1e3 * SecondsOf([&] { edges.Walk(start); }));
  }
  PrintRow({name, Median(trace), "ms", Peer{"SQLite", Median(walk), goal}});
}

}  // namespace
}  // namespace carnet::bench

int main() {
  using namespace carnet;
  bench::PrintHeader("trace of 1,000 statements, edges only");
  const test::ScratchFolder scratch;
  const std::string folder = scratch / "ledger";
  bench::Must(ledger::Ledger::Create(folder, "bench.example", crypto::Ed25519PrivateKey::Generate(),
                                     nullptr));
  bench::SqliteEdges edges(scratch / "edges.sqlite");
  bench::Filler filler(bench::Must(ledger::Reader::Open(folder))->log_id(), edges);
  for (const auto& [size, name, goal] :
       {std::tuple<size_t, const char*, const char*>{10'000, "in 10^4", "<= 1"},
        {100'000, "in 10^5", ""},
        {1'000'000, "in 10^6", "<= 0.67"}}) {
    filler.FillTo(*bench::Must(ledger::Ledger::Open(folder)), size);
    bench::Must(ledger::Compact(folder));
    edges.Run("PRAGMA wal_checkpoint(TRUNCATE)");
    bench::Measure(*bench::Must(ledger::Reader::Open(folder)), edges, filler.last(), name, goal);
  }
  bench::PrintPeakMemory();
  return 0;
}
