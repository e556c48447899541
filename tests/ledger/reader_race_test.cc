// A writer that puts RocksDB's logs into a table while a reader is opening: the reader has every
// row all the same. RocksDB itself would open without them and say nothing.
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <functional>

#include "ledger/keyspace.h"
#include "ledger/store.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

// Does something once, before a folder is listed for the n-th time.
class InterruptedFiles : public rocksdb::FileSystemWrapper {
 public:
  InterruptedFiles(int at, std::function<void()> interruption)
      : FileSystemWrapper(rocksdb::FileSystem::Default()),
        at_(at),
        interruption_(std::move(interruption)) {}
  const char* Name() const override { return "InterruptedFiles"; }
  rocksdb::IOStatus GetChildren(const std::string& folder, const rocksdb::IOOptions& options,
                                std::vector<std::string>* names,
                                rocksdb::IODebugContext* debug) override {
    if (++listed_ == at_) interruption_();
    return FileSystemWrapper::GetChildren(folder, options, names, debug);
  }
  int listed() const { return listed_; }

 private:
  int at_;
  int listed_ = 0;
  std::function<void()> interruption_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reader_race)

BOOST_AUTO_TEST_CASE(no_row_is_missing_whenever_a_writer_empties_the_logs) {
  int interrupted = 0;
  for (int at = 1; at < 20; ++at) {
    LedgerWorld world;
    std::vector<Submission> logged;
    for (int i = 0; i < 3; ++i) {  // each in a log of its own
      logged.push_back(world.lab.Submit(world.lab.Device()));
      AppendOne(*world.Open(), logged.back());
    }
    const auto files = std::make_shared<InterruptedFiles>(at, [&] {
      REQUIRE_VALUE(const auto writer, Store::Open(world.folder(), Store::Mode::kWrite, nullptr));
      BOOST_REQUIRE(writer->Compact().has_value());
    });
    const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(files);
    REQUIRE_VALUE(const auto store, Store::Open(world.folder(), Store::Mode::kReadOnly, env.get()));
    for (const Submission& submission : logged) {
      REQUIRE_VALUE(const auto row, store->Get(StatementKey(submission.id())));
      BOOST_CHECK_MESSAGE(row.has_value(), "interrupted before listing " << at);
    }
    if (files->listed() < at) break;
    ++interrupted;
  }
  BOOST_CHECK_GE(interrupted, 3);
  BOOST_CHECK_LT(interrupted, 18);
}

BOOST_AUTO_TEST_SUITE_END()
