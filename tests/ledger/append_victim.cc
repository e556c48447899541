// Appends to the ledger in the given folder until it is killed, printing one line for each
// acknowledged entry: index, leaf hash, tree size of the checkpoint it was acknowledged under.
// argv: folder, log id in hex, label of this round's statements, submissions per call.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/decimal.h"
#include "core/hex.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"
#include "tests/support/statement_maker.h"

namespace {

using namespace carnet;

// A line is shorter than PIPE_BUF: it is written in full or, when the kill comes, not at all.
void Print(const ledger::Appended& appended, const LeafHash& leaf, uint64_t size) {
  const std::string line = std::to_string(appended.index.value()) + " " + HexEncode(leaf.span()) +
                           " " + std::to_string(size) + "\n";
  CARNET_CHECK(::write(STDOUT_FILENO, line.data(), line.size()) ==
               static_cast<ssize_t>(line.size()));
}

int Run(const std::string& folder, const LogId& log, const std::string& label, uint64_t batch) {
  auto opened = ledger::Ledger::Open(folder);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 1;
  }
  const auto key = crypto::P256PrivateKey::Generate();
  test::StatementMaker maker(key, log, label);
  for (;;) {
    std::vector<ledger::Submission> submissions;
    for (uint64_t i = 0; i < batch; ++i) submissions.push_back(maker.Submit(maker.Device()));
    const auto appended = (*opened)->Append(submissions);
    CARNET_CHECK(appended.has_value());
    const auto reader = (*opened)->Read();
    CARNET_CHECK(reader.has_value());
    for (size_t i = 0; i < batch; ++i) {
      const auto entry = ledger::MakeEntry(submissions[i]);
      CARNET_CHECK(entry.has_value());
      Print((*appended)[i], entry->leaf, (*reader)->size().value());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CARNET_CHECK(argc == 5);
  const auto log = carnet::HexDecodeTo<carnet::LogId>(argv[2]);
  const auto batch = carnet::ParseDecimalU64(argv[4]);
  CARNET_CHECK(log.has_value() && batch.has_value());
  return Run(argv[1], *log, argv[3], *batch);
}
