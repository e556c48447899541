#include "cli/hints.h"

#include <array>
#include <string_view>

namespace carnet::cli {
namespace {

struct Row {
  Situation situation;
  std::string_view hint;  // each {} is what the situation is about
};

constexpr std::array kRows = {
    Row{Situation::kNoLedger, "make one with: carnet ledger init {} --origin log.example.org"},
    Row{Situation::kBusyLedger, "wait until it is free with: flock {}/lock true"},
    Row{Situation::kDamagedLedger,
        "make it anew, or see which entries are lost, with: carnet ledger rebuild {}"},
    Row{Situation::kLostEntries,
        "put them back from any bundle or passport that has them, with: carnet ledger rebuild {} "
        "--from model.passport.sigstore.jsonl"},
    Row{Situation::kNoKey, "make one with: carnet keygen --out {}"},
    Row{Situation::kWrongPassword, "set it with: read -rs {} && export {}"},
    Row{Situation::kEmptyPassword, "for a key without a password: {} --no-password"},
    Row{Situation::kEmptyLedgerPassword, "for a key that is not encrypted: unset {}"},
    Row{Situation::kNoTrust,
        "add the log's trusted root, as its operator publishes it, with: carnet trust add-log "
        "trusted_root.json --trust {}"},
    Row{Situation::kUnknownPolicy, "list them with: carnet policy list{}"},
    Row{Situation::kNoGraphviz, "install it with: apt install graphviz"},
    Row{Situation::kUnknownOption, "see: {} --help"},
};

constexpr bool IsComplete() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].situation) != i) return false;
  }
  return kRows.size() == static_cast<size_t>(Situation::kUnknownOption) + 1;
}
static_assert(IsComplete());

}  // namespace

std::string HintFor(Situation situation, const std::string& about) {
  std::string hint(kRows[static_cast<size_t>(situation)].hint);
  for (size_t at = 0; (at = hint.find("{}", at)) != hint.npos; at += about.size()) {
    hint.replace(at, 2, about);
  }
  return hint;
}

}  // namespace carnet::cli
