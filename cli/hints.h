// What to type next, by what went wrong: the one table of the hints that name a command.
#pragma once

#include <string>

namespace carnet::cli {

enum class Situation {
  kNoLedger,             // {}: its folder
  kBusyLedger,           // {}: its folder
  kDamagedLedger,        // {}: its folder
  kLostEntries,          // {}: the ledger's folder
  kNoKey,                // {}: the file
  kWrongPassword,        // {}: the variable
  kEmptyPassword,        // {}: the command
  kEmptyLedgerPassword,  // {}: the variable
  kNoTrust,              // {}: the trust directory
  kUnknownPolicy,        // {}: the trust directory, as an option, or nothing
  kNoGraphviz,           // {}: nothing
  kUnknownOption,        // {}: the command
};

// `about` stands in the hint as it is: a path goes through ShellWord (core/shell_word.h) first.
std::string HintFor(Situation situation, const std::string& about);

}  // namespace carnet::cli
