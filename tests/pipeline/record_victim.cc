// Records segment after segment of one run until it is killed, printing one line for each that was
// acknowledged: seq, statement id, log index.
// argv: ledger folder, run directory, key file, file of the run's draft, device, allocation, the
// run's start in ms.
#include <unistd.h>

#include <string>

#include "core/check.h"
#include "core/decimal.h"
#include "core/file.h"
#include "core/hex.h"
#include "crypto/random.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"
#include "signer/file_key.h"
#include "tests/support/drafts.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"

namespace {

using namespace carnet;
using test::ValueOf;

// A new one at every call: what is signed twice becomes two statements.
pipeline::Moment MomentAt(uint64_t ms) {
  std::array<uint8_t, 16> nonce{};
  crypto::FillRandom(nonce);
  return {TimestampMs(ms), HexEncode(nonce)};
}

// A line is written whole or, if the kill comes first, not at all: it is shorter than PIPE_BUF.
void Print(uint64_t seq, const pipeline::Recorded& recorded) {
  const std::string line = std::to_string(seq) + " " + HexEncode(recorded.id.span()) + " " +
                           std::to_string(recorded.index.value()) + "\n";
  CARNET_CHECK(::write(STDOUT_FILENO, line.data(), line.size()) ==
               static_cast<ssize_t>(line.size()));
}

}  // namespace

int main(int argc, char** argv) {
  CARNET_CHECK(argc == 8);
  const auto ledger = ValueOf(ledger::Ledger::Open(argv[1]), "ledger");
  const auto signer = ValueOf(signer::OpenKey(argv[3], nullptr), "key");
  const auto recorder = ValueOf(pipeline::Recorder::Open(argv[2], *signer, *ledger), "recorder");
  const auto start = ParseDecimalU64(argv[7]);
  CARNET_CHECK(start.has_value());
  ValueOf(recorder->OpenRun(ValueOf(ReadFile(argv[4], 1 << 20), "draft"), MomentAt(*start)), "run");
  uint64_t seq = ValueOf(pipeline::ReadRunStatus(argv[2]), "status").lanes.at(0).segments;
  for (;; ++seq) {
    const uint64_t from = *start + seq * test::kDraftMs;
    const std::string draft = test::drafts::Stretch(
        {.device = argv[5], .allocation = argv[6], .stretch = seq, .from_ms = from});
    const auto recorded =
        ValueOf(recorder->Segment(draft, 0, test::MakeModel("checkpoint " + std::to_string(seq)),
                                  MomentAt(from + test::kDraftMs)),
                "segment");
    CARNET_CHECK(!recorded.repeated);
    Print(seq, recorded);
  }
}
