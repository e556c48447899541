// The subcommands: their options, and one function each, in a file of the same name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/service_options.h"
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
  bool own_devices = false;
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

// Which files a recorded model's digest leaves out (S5).
struct CoveringOptions {
  std::vector<std::string> not_covered;  // patterns beside the shipped ones
  bool cover_all = false;
};
struct PasswdOptions {
  std::string key;
  bool no_password = false;
};
ExitCode Passwd(const PasswdOptions& options, Terminal& terminal);

struct DigestOptions {
  std::vector<std::string> paths;
  CoveringOptions covering;
  std::string digest_cache;
  bool tensors = false;
  bool follow = false;
  bool json = false;
};
ExitCode Digest(const DigestOptions& options, Terminal& terminal);

// OpenSSF Model Signing.
struct OmsOptions {
  std::string model;
  std::string signature;
  std::string private_key;                      // sign
  std::string public_key;                       // verify key
  std::string signing_certificate;              // sign certificate
  std::vector<std::string> certificate_chains;  // files
  std::vector<std::string> ignore_paths;
  bool ignore_git_paths = true;
  bool allow_symlinks = false;
  bool ignore_unsigned_files = false;  // verify
  std::string identity;                // verify sigstore
  std::string identity_provider;       // verify sigstore
  std::string trusted_root;            // verify sigstore; verify certificate: of time stamps
  ServiceOptions services;             // sign sigstore
  std::string hash = "sha256";         // sign, digest
  std::optional<uint64_t> shard_size;  // sign, digest
  bool force = false;                  // sign
  bool json = false;
};
ExitCode OmsSignKey(const OmsOptions& options, Terminal& terminal);
ExitCode OmsSignCertificate(const OmsOptions& options, Terminal& terminal);
ExitCode OmsSignSigstore(const OmsOptions& options, Terminal& terminal);
ExitCode OmsVerifyKey(const OmsOptions& options, Terminal& terminal);
ExitCode OmsVerifyCertificate(const OmsOptions& options, Terminal& terminal);
ExitCode OmsVerifySigstore(const OmsOptions& options, Terminal& terminal);
ExitCode OmsDigest(const OmsOptions& options, Terminal& terminal);

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

// What others signed, taken into a ledger.
struct AppendOptions {
  std::vector<std::string> bundles;  // files
  std::vector<std::string> keys;     // public ones, files
  std::string ledger;
  std::string guard;
  std::string trust;
  std::string out;
  unsigned wait = kDefaultWaitSeconds;  // for another writer
  bool anyway = false;                  // though the gate would refuse it
  bool force = false;
  bool json = false;
};
ExitCode LedgerAppend(const AppendOptions& options, Terminal& terminal);

// Who signs, and into which ledger: for every command that records something.
struct SigningOptions {
  std::string ledger;
  std::string guard;
  std::string key;
  unsigned wait = kDefaultWaitSeconds;  // for another writer
  bool anyway = false;                  // though the gate would refuse it
  bool dry_run = false;
};

// What fills a draft besides its file, or without one.
struct FillOptions {
  std::vector<std::string> set;  // field=value
  // Statement ids, or their first digits.
  std::vector<std::string> datasets;     // of a run
  std::vector<std::string> devices;      // of a run or an allocation
  std::vector<std::string> allocations;  // of a run
  bool this_machine = false;             // a run's device
  bool cpu = false;                      // the machine's, although it has GPUs
};

struct DraftOptions {
  std::string kind;
  FillOptions fill;
  std::string key;            // device: whose id declares it
  std::string files;          // dataset: its files; segment: its checkpoint
  std::string run_directory;  // segment, passport
  std::string ledger;         // the same
  std::string out;
  uint64_t lane = 0;
  bool all = false;
  bool follow = false;
  bool force = false;
};
ExitCode WriteDraft(const DraftOptions& options, Terminal& terminal);

struct AttestOptions {
  SigningOptions signing;
  std::string kind;
  std::string predicate;  // JSON file; empty: derived
  FillOptions fill;
  std::string files;  // of a data set
  std::string nonce;
  std::string idempotency_key;  // or a name that it follows from
  std::string out;
  std::string withhold;  // a reason
  ServiceOptions services;
  std::string digest_cache;
  bool follow = false;
  bool force = false;
  bool json = false;
};
ExitCode Attest(const AttestOptions& options, Terminal& terminal);

struct RunOptions {
  SigningOptions signing;
  std::string directory;
  std::string draft;            // open, segment, complete; empty: derived
  FillOptions fill;             // the same
  std::string files;            // segment: checkpoint; complete: model
  std::string reason;           // abort
  std::string nonce;            // open
  uint64_t lane = 0;            // segment
  std::optional<uint64_t> seq;  // segment
  CoveringOptions covering;
  std::string digest_cache;
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
  CoveringOptions covering;
  std::string draft;
  std::vector<std::string> parents;  // models that it was trained from
  std::string trust;
  std::string policy = "hub-default";
  std::string at;
  std::string chips;
  bool follow = false;
  bool json = false;
};
ExitCode Check(const CheckOptions& options, Terminal& terminal);

struct PassportOptions {
  SigningOptions signing;
  std::string model;
  CoveringOptions covering;
  std::string draft;  // empty: derived
  FillOptions fill;
  std::string completion;            // statement id
  std::string run_directory;         // or the run directory that knows it
  std::vector<std::string> parents;  // models that it was trained from
  std::string trust;
  std::string policy = "hub-default";
  std::string at;
  std::string chips;
  std::string out;
  std::string claims;  // file to append to
  bool oms = false;    // sign the model too
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

// What models are judged by.
struct JudgingOptions {
  std::string trust;
  std::string policy = "hub-default";
  std::string at;
  std::string chips;
  bool follow = false;
};

struct VerifyOptions {
  std::vector<std::string> models;
  std::vector<std::string> passports;  // as many; none: found beside them
  JudgingOptions judging;
  std::string vsa;
  std::string key;
  std::string ledger;
  std::string guard;
  unsigned threads = 1;
  bool force = false;
  bool json = false;
};
ExitCode Verify(const VerifyOptions& options, Terminal& terminal);

struct VerifyAllOptions {
  std::vector<std::string> folder;  // one
  unsigned depth = 1;
  std::string passports;  // folder; empty: found beside the models
  JudgingOptions judging;
  unsigned jobs = 0;  // 0: as many as the machine has processors
  bool allow_unpassported = false;
  bool json_lines = false;
};
ExitCode VerifyAll(const VerifyAllOptions& options, Terminal& terminal);

// A base model is judged, and the run that starts from it opened.
struct AdmitOptions {
  std::vector<std::string> base;  // one
  std::string passport;           // empty: found beside it
  JudgingOptions judging;
  std::string relation = "fine-tuned-from";
  bool allow_unpassported = false;
  bool by_digest = false;  // the edge has no statement
  RunOptions run;
};
ExitCode Admit(const AdmitOptions& options, Terminal& terminal);

// Of `verify-blob` and `verify-attestation`: a Sigstore bundle of anybody.
struct VerifyBlobOptions {
  std::string artifact;
  std::string bundle;
  std::string key;
  std::string identity;
  std::string identity_regexp;
  std::string issuer;
  std::string issuer_regexp;
  std::string trusted_root;
  std::string type;  // verify-attestation
  bool attestation = false;
  bool ignore_log = false;
  bool ignore_sct = false;
  bool json = false;
};
ExitCode VerifyBlob(const VerifyBlobOptions& options, Terminal& terminal);

// Of `sign-blob`.
struct SignBlobOptions {
  std::string artifact;
  std::string bundle;  // to write
  std::string key;     // empty: keyless
  ServiceOptions services;
  bool force = false;
  bool json = false;
};
ExitCode SignBlob(const SignBlobOptions& options, Terminal& terminal);

struct TraceOptions {
  std::string subject;
  std::string ledger;
  std::string policy = "eu-systemic";
  std::string trust;
  std::string at;
  std::string direction;  // empty: as fits the subject
  std::string format = "tree";
  std::string out;
  bool force = false;
};
ExitCode Trace(const TraceOptions& options, Terminal& terminal);

struct FindOptions {
  std::string ledger;
  // Of these six at most one.
  std::string dataset;
  std::string device;
  std::string allocation;
  std::string parent;
  std::string key;
  std::string party;
  std::string kind;
  std::optional<uint64_t> since_size;
  std::string since;  // a date
  uint64_t limit = 1'000;
  std::string trust;
  bool json = false;
};
ExitCode Find(const FindOptions& options, Terminal& terminal);

struct ShowOptions {
  std::string statement;
  std::string ledger;
  std::string trust;
  bool json = false;
};
ExitCode Show(const ShowOptions& options, Terminal& terminal);

// Two heads of a log, and proofs that need no ledger.
struct ConsistencyOptions {
  std::string older;  // file of a checkpoint, or a tree size
  std::string newer;  // the same
  std::string proof;  // verify-consistency: file
  std::string ledger;
  std::string trust;
  std::string vkey;
  std::string out;
  bool force = false;
  bool json = false;
};
ExitCode LedgerConsistency(const ConsistencyOptions& options, Terminal& terminal);
ExitCode VerifyConsistency(const ConsistencyOptions& options, Terminal& terminal);

struct ProofOptions {
  std::string statement;  // ledger proof
  std::string proof;      // verify-proof: file
  std::string entry;      // file
  std::string ledger;
  std::string trust;
  std::string vkey;
  std::string out;
  bool force = false;
  bool json = false;
};
ExitCode LedgerProof(const ProofOptions& options, Terminal& terminal);
ExitCode VerifyProof(const ProofOptions& options, Terminal& terminal);

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
  std::string trust;
  bool this_machine = false;
  bool json = false;
};
ExitCode Flops(const FlopsOptions& options, Terminal& terminal);

struct ChipsOptions {
  std::string search;
  std::string chips_file;
  std::string trust;
  bool json = false;
};
ExitCode Chips(const ChipsOptions& options, Terminal& terminal);

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
  std::string file;                                        // key, or trusted root
  std::string issuer, subject, subject_regexp, authority;  // add-identity
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
ExitCode TrustAddIdentity(const TrustOptions& options, Terminal& terminal);
ExitCode TrustAddLog(const TrustOptions& options, Terminal& terminal);
ExitCode TrustCheck(const TrustOptions& options, Terminal& terminal);

struct InspectOptions {
  std::string file;
  bool json = false;
};
ExitCode Inspect(const InspectOptions& options, Terminal& terminal);

}  // namespace carnet::cli
