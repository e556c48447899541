// The subcommands: their options, and one function each, in a file of the same name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "cli/wait_for_lock.h"

namespace carnet::cli {

struct InitOptions {
  std::string role;
  std::string folder = ".";
  std::string party;
  std::string name;
  std::string origin;  // of a ledger of its own
  std::string ledger;  // of somebody else
  bool with_ledger = false;
  bool no_password = false;
};
ExitCode Init(const InitOptions& options, Terminal& terminal);

struct ConfigOptions {
  std::string config;
  bool json = false;
};
ExitCode Config(const ConfigOptions& options, Terminal& terminal);

struct KeygenOptions {
  std::string out = "carnet";
  std::string in;  // private key to import; empty: a new key
  bool no_password = false;
  bool force = false;
};
ExitCode Keygen(const KeygenOptions& options, Terminal& terminal);

struct PasswdOptions {
  std::string key;
  bool no_password = false;
};
ExitCode Passwd(const PasswdOptions& options, Terminal& terminal);

struct DigestOptions {
  std::string path;
  bool tensors = false;
  bool follow = false;
  bool json = false;
};
ExitCode Digest(const DigestOptions& options, Terminal& terminal);

struct LedgerOptions {
  std::string folder;
  std::string guard;
  std::string origin;              // init
  std::string operator_name;       // trust
  std::string out;                 // trust
  unsigned threads = 1;            // fsck
  uint64_t from = 0;               // fsck
  std::optional<uint64_t> to;      // fsck
  std::string statement;           // erase-text
  std::string reason;              // erase-text
  std::vector<std::string> files;  // rebuild, restore-guard, restore-text
  bool force = false;              // trust
  bool json = false;               // info, fsck
};
ExitCode LedgerInit(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerInfo(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerCheckpoint(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerFsck(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerTrust(const LedgerOptions& options, Terminal& terminal);

// In ledger_repair.cc.
ExitCode LedgerCompact(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerRebuild(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerRestoreGuard(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerEraseText(const LedgerOptions& options, Terminal& terminal);
ExitCode LedgerRestoreText(const LedgerOptions& options, Terminal& terminal);

// Who signs, and into which ledger: for every command that records something.
struct SigningOptions {
  std::string ledger;
  std::string guard;
  std::string key;
  unsigned wait = kDefaultWaitSeconds;  // for another writer
  bool anyway = false;                  // though the gate would refuse it
  bool dry_run = false;
};

struct AttestOptions {
  SigningOptions signing;
  std::string kind;
  std::string predicate;  // JSON file
  std::string files;      // of a data set
  std::string nonce;
  std::string idempotency_key;  // or a name that it follows from
  std::string out;
  std::string withhold;  // a reason
  bool follow = false;
  bool force = false;
  bool json = false;
};
ExitCode Attest(const AttestOptions& options, Terminal& terminal);

struct RunOptions {
  SigningOptions signing;
  std::string directory;
  std::string draft;            // open, segment, complete
  std::string files;            // segment: checkpoint; complete: model
  std::string reason;           // abort
  std::string nonce;            // open
  uint64_t lane = 0;            // segment
  std::optional<uint64_t> seq;  // segment
  bool follow = false;
  bool json = false;
};
ExitCode RunOpen(const RunOptions& options, Terminal& terminal);
ExitCode RunSegment(const RunOptions& options, Terminal& terminal);
ExitCode RunComplete(const RunOptions& options, Terminal& terminal);
ExitCode RunAbort(const RunOptions& options, Terminal& terminal);
ExitCode RunStatus(const RunOptions& options, Terminal& terminal);

struct CheckOptions {
  SigningOptions signing;
  std::string run_directory;
  std::string model;  // empty: the files of the last segment
  std::string draft;
  std::string trust;
  std::string policy = "hub-default";
  std::string at;
  bool follow = false;
  bool json = false;
};
ExitCode Check(const CheckOptions& options, Terminal& terminal);

struct PassportOptions {
  SigningOptions signing;
  std::string model;
  std::string draft;
  std::string completion;            // statement id
  std::string run_directory;         // or the run directory that knows it
  std::vector<std::string> parents;  // models that it was trained from
  std::string trust;
  std::string policy = "hub-default";
  std::string at;
  std::string out;
  bool follow = false;
  bool force = false;
  bool json = false;
};
ExitCode PassportIssue(const PassportOptions& options, Terminal& terminal);

struct CollectOptions {
  std::string statement;  // id of a logged statement, such as a passport
  std::string ledger;
  std::string out;
  bool force = false;
};
ExitCode PassportCollect(const CollectOptions& options, Terminal& terminal);

struct VerifyOptions {
  std::string model;
  std::string passport;
  std::string trust;
  std::string policy = "hub-default";
  std::string at;
  std::string vsa;
  std::string key;
  std::string ledger;
  std::string guard;
  unsigned threads = 1;
  bool follow = false;
  bool force = false;
  bool json = false;
};
ExitCode Verify(const VerifyOptions& options, Terminal& terminal);

struct TraceOptions {
  std::string subject;
  std::string ledger;
  std::string policy = "eu-systemic";
  std::string trust;
  std::string at;
  std::string format = "tree";
  std::string out;
  bool force = false;
};
ExitCode Trace(const TraceOptions& options, Terminal& terminal);

struct FlopsOptions {
  std::string chip;
  std::string precision = "bf16";
  std::string units = "1";
  std::string days;
  std::string hours;
  std::string utilisation;
  std::string parameters;
  std::string tokens;
  std::string chips_file;
  bool this_machine = false;
  bool json = false;
};
ExitCode Flops(const FlopsOptions& options, Terminal& terminal);

struct PolicyOptions {
  std::string id;  // check: or a file
  std::string trust;
  std::string from = "hub-default";  // new
  std::string at;                    // check
  bool json = false;
};
ExitCode PolicyList(const PolicyOptions& options, Terminal& terminal);
ExitCode PolicyShow(const PolicyOptions& options, Terminal& terminal);
// In policy_files.cc.
ExitCode PolicyNew(const PolicyOptions& options, Terminal& terminal);
ExitCode PolicyCheck(const PolicyOptions& options, Terminal& terminal);

struct TrustOptions {
  std::string trust;
  std::string file;  // key, or trusted root
  std::string party;
  std::vector<std::string> kinds;
  std::string name;
  std::string from, until;  // dates
  std::optional<uint64_t> from_size, until_size;
  std::string log;                           // that the sizes are of
  std::optional<std::string> operator_name;  // add-log
  bool json = false;                         // check
};
ExitCode TrustAdd(const TrustOptions& options, Terminal& terminal);
ExitCode TrustAddLog(const TrustOptions& options, Terminal& terminal);
ExitCode TrustCheck(const TrustOptions& options, Terminal& terminal);

struct InspectOptions {
  std::string file;
  bool json = false;
};
ExitCode Inspect(const InspectOptions& options, Terminal& terminal);

}  // namespace carnet::cli
