// Parser: the command line's options and commands. Private to the files that add the commands, each
// a group of them; only here the CLI library is included.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/settings.h"

namespace carnet::cli {

inline constexpr uint64_t kMaxLane = 99'999;  // the last lane of a run with the most lanes

// 64 hex digits, with or without `sha256:` before them, which the command does not see.
CLI::Validator StatementIdArgument();

// Keeps the chosen command; options live in it until it has run.
class Parser {
 public:
  Parser();
  // What is wrong with the arguments is reported on the terminal.
  std::variant<Command, ExitCode> Parse(int argc, char** argv, Terminal& terminal);

 private:
  // A subcommand that runs `function` with its own options.
  template <typename Options>
  CLI::App* Add(CLI::App& parent, const std::string& name, const std::string& description,
                const std::string& example, std::shared_ptr<Options> options,
                ExitCode (*function)(const Options&, Terminal&)) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->footer("Example:\n  " + example);
    command->option_defaults()->always_capture_default();
    command->callback([this, command, options, function] {
      command_ = [settings = SettingsOf(command), options, function](Terminal& terminal) mutable {
        const auto refused = Resolve(settings, terminal);
        return refused ? *refused : function(*options, terminal);
      };
    });
    return command;
  }

  // Options that several commands have.
  static void AddJson(CLI::App* command, bool& json);
  static void AddForce(CLI::App* command, bool& force);
  static void AddFollow(CLI::App* command, bool& follow);
  static void AddDigestCache(CLI::App* command, std::string& file);
  static void AddCovering(CLI::App* command, CoveringOptions& covering);
  static void AddParents(CLI::App* command, std::vector<std::string>& parents);
  static void AddDryRun(CLI::App* command, SigningOptions& signing);
  static void AddDate(CLI::App* command, std::string& at);
  void AddGuard(CLI::App* command, std::string& guard);
  void AddSigning(CLI::App* command, SigningOptions& signing);
  static void AddWait(CLI::App* command, unsigned& seconds);
  void AddRecording(CLI::App* command, SigningOptions& signing);  // and what is not signed yet
  void AddPolicyChoice(CLI::App* command, std::string& policy, std::string& at);

  // settings_arguments.cc: options that CARNET_… or carnet.toml may give too (settings.h); `option`
  // is one of them, or a positional argument.
  enum class Need { kOptional, kRequired };
  CLI::Option* AddSetting(CLI::App* command, Setting setting, const std::string& option,
                          std::string& value, const std::string& text, Need need);
  // The last setting that was added is required where `value`, of that other option, is given, and
  // wanted only there.
  void RequireWith(CLI::App* command, const std::string& option, const std::string& value);
  // The key is not wanted where `value` is given.
  void ReleaseKeyWith(CLI::App* command, const std::string& value);
  // These may be strangers': what lies in the models, or beside the proof, chooses no settings.
  void Judges(CLI::App* command, const std::vector<std::string>& models);
  void JudgesProof(CLI::App* command, const std::string& proof);
  Settings SettingsOf(const CLI::App* command) const;
  void AddConfig();

  // draft_arguments.cc
  static void AddSet(CLI::App* command, FillOptions& fill);
  static void AddDevices(CLI::App* command, FillOptions& fill, const std::string& of);
  static void AddSupplies(CLI::App* command, FillOptions& fill);  // of a run
  static void AddCpu(CLI::App* command, FillOptions& fill);
  // One of a few words; of another the error lists them, and the hint names the one meant.
  CLI::Validator OneOf(std::vector<std::string> choices);

  // arguments.cc
  void AddKeygen();
  void AddPasswd();
  void AddDigest();
  void AddAttest();
  void AddPassport();
  void AddCollect(CLI::App* passport);
  void AddVerifyBlob(bool attestation);  // blob_arguments.cc
  void AddSignBlob();                    // the same
  // After --key: who signs in its place or beside it, and AddServices.
  void AddSigner(CLI::App* command, ServiceOptions& services);
  static void AddServices(CLI::App* command, ServiceOptions& services);
  // After AddServices.
  static void AddLogAddress(CLI::App* command, ServiceOptions& services);
  void AddFlops();
  void AddPolicy();
  void AddInspect();

  // verify_arguments.cc
  void AddJudging(CLI::App* command, JudgingOptions& judging,
                  const std::vector<std::string>& models);
  // The one path of `models`, which the command and Judges read.
  static CLI::Option* AddOne(CLI::App* command, const std::string& name,
                             std::vector<std::string>& models, const std::string& text);
  void AddVerify();
  void AddVerifyAll();

  // run_arguments.cc
  void AddRun();
  CLI::App* AddRunCommand(CLI::App* run, const std::string& name, const std::string& description,
                          const std::string& example, const std::shared_ptr<RunOptions>& options,
                          ExitCode (*function)(const RunOptions&, Terminal&));
  void AddRunOpen(CLI::App* run, const std::shared_ptr<RunOptions>& options);
  void AddRunSegment(CLI::App* run, const std::shared_ptr<RunOptions>& options);
  void AddRunEnds(CLI::App* run, const std::shared_ptr<RunOptions>& options);
  void AddCheck();
  void AddAdmit();
  static void AddOpening(CLI::App* command, RunOptions& options);

  // setup_arguments.cc
  void AddInit();
  void AddTrust();
  void AddTrustAdd(CLI::App* trust);
  void AddTrustIdentity(CLI::App* trust);
  void AddTrustWindow(CLI::App* command, const std::shared_ptr<TrustOptions>& options);
  void AddTrustLog(CLI::App* trust);
  void AddPolicyFiles(CLI::App* policy);

  // draft_arguments.cc
  void AddDraft();
  // oms_arguments.cc
  void AddOms();
  CLI::App* AddOmsCommand(CLI::App* parent, const std::string& name, const std::string& description,
                          const std::string& example, const std::shared_ptr<OmsOptions>& options,
                          ExitCode (*function)(const OmsOptions&, Terminal&));
  void AddOmsSign(CLI::App* oms);
  static void AddOmsVerify(CLI::App* command, OmsOptions& options);
  void AddOmsMethod(CLI::App* command, OmsOptions& options);
  void AddOmsSignSigstore(CLI::App* sign);
  void AddOmsVerifySigstore(CLI::App* verify);

  // chips_arguments.cc
  void AddChips();
  static void AddOwnChips(CLI::App* command, std::string& file);

  // ledger_arguments.cc
  void AddLedger();
  CLI::App* AddLedgerCommand(CLI::App* ledger, const std::string& name,
                             const std::string& description, const std::string& example,
                             const std::shared_ptr<LedgerOptions>& options,
                             ExitCode (*function)(const LedgerOptions&, Terminal&),
                             Need folder = Need::kOptional);
  void AddLedgerChecks(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options);
  void AddLedgerRepairs(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options);
  void AddLedgerTexts(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options);
  void AddLedgerAppend(CLI::App* ledger);

  // auditor_arguments.cc
  void AddFind();
  void AddShow();
  void AddTrace();

  // proof_arguments.cc
  void AddLedgerProofs(CLI::App* ledger);
  void AddVerifyConsistency();
  void AddVerifyProof();
  void AddLogKey(CLI::App* command, std::string& trust, std::string& vkey);

  // parser.cc
  void AddTexts();
  void AddHelp();
  void AddManners(CLI::App& app);  // --quiet and --verbose, for it and all commands below
  ExitCode PrintHelp(Terminal& terminal);

  // usage_errors.cc
  const CLI::App* FindCommand(const std::vector<std::string>& words, Terminal& terminal) const;
  ExitCode Explain(const CLI::ParseError& error, Terminal& terminal) const;

  struct SettingOption {
    Wanted wanted;
    const CLI::Option* option;
  };
  struct CommandSettings {
    std::vector<SettingOption> options;
    Settings settings;
  };

  CLI::App app_;
  Command command_;
  std::map<const CLI::App*, CommandSettings> settings_;
  bool quiet_ = false;
  bool verbose_ = false;
  bool help_asked_ = false;
  std::string meant_;  // of a word that is not one of its option's choices
  std::vector<std::string> help_of_;
};

}  // namespace carnet::cli
