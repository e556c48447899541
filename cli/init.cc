#include "pipeline/init_project.h"

#include <fmt/core.h>
#include <signal.h>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/settings.h"
#include "core/hex.h"
#include "core/shell_word.h"
#include "core/utf8.h"

namespace carnet::cli {
namespace {

using pipeline::Role;

constexpr char kDefaultOrigin[] = "localhost";

struct NextStep {
  std::string command;
  std::string comment;
};

std::string KindNames(Role role) {
  std::string names;
  for (const schemas::Kind kind : pipeline::RowOf(role).kinds) {
    names += (names.empty() ? "" : ",") + std::string(schemas::KindName(kind));
  }
  return names;
}

NextStep ListParty(Role role) {
  const std::string name(pipeline::RowOf(role).name);
  return {fmt::format("carnet trust add {}.pub --party {} --kinds {}", name, name, KindNames(role)),
          "the key that the " + name + " sent you"};
}

const NextStep kCheckTrust = {"carnet trust check", "does it load, and what does it amount to"};

std::vector<NextStep> StepsOfLab() {
  return {kCheckTrust,
          ListParty(Role::kCloud),
          {"carnet attest --kind dataset --files data --set sources.kind=public",
           "its id is for `carnet run open`"}};
}

std::vector<NextStep> StepsOfCloud(bool has_ledger) {
  const std::string ledger = has_ledger ? "" : " --ledger ../lab/ledger";
  return {{"carnet flops --this-machine", "the figures of a device statement"},
          {"carnet attest --kind device" + ledger, "this machine; of another: carnet draft device"},
          {"carnet attest --kind allocation allocation.json" + ledger,
           "time that you sold: carnet draft allocation --device ID writes the file"}};
}

// Those who check need the keys and logs of those whom they check.
std::vector<NextStep> StepsOfChecker(bool knows_log) {
  if (knows_log)
    return {ListParty(Role::kLab), kCheckTrust, {"carnet ledger info", "how long it is"}};
  return {{"carnet trust add-log trusted_root.json --operator lab", "the log, as the lab sent it"},
          ListParty(Role::kLab),
          kCheckTrust};
}

std::vector<NextStep> StepsOf(const InitOptions& options, Role role) {
  switch (role) {
    case Role::kLab:
      return StepsOfLab();
    case Role::kCloud:
      return StepsOfCloud(options.with_ledger || !options.ledger.empty());
    case Role::kHub:
    case Role::kAuditor:
      return StepsOfChecker(!options.ledger.empty());
  }
  CARNET_CHECK(false);
}

void SayNextSteps(const InitOptions& options, Role role, Terminal& terminal) {
  std::string text = "next:\n";
  if (options.folder != ".") text += "  cd " + ShellWord(options.folder) + "\n";
  for (const NextStep& step : StepsOf(options, role)) {
    text += "  " + step.command + "  # " + step.comment + "\n";
  }
  if (role == Role::kHub || role == Role::kAuditor) {
    text += "then, for each model:\n  carnet verify MODEL --passport FILE\n";
  }
  terminal.Out(text);
}

// What would make the next commands go elsewhere.
void WarnOfEnvironment(Terminal& terminal) {
  for (const SettingRow& row : kSettings) {
    if (!FromEnvironment(row.variable)) continue;
    terminal.Warn(fmt::format("{} is set, and goes before carnet.toml", row.variable));
  }
  if (FromEnvironment("CARNET_CONFIG"))
    terminal.Warn("CARNET_CONFIG is set: another carnet.toml is read");
}

Result<std::optional<crypto::SecretBytes>> PasswordOf(
    bool wanted, const std::function<Result<crypto::SecretBytes>()>& source) {
  if (!wanted) return std::optional<crypto::SecretBytes>();
  CARNET_TRY(crypto::SecretBytes password, source());
  return std::optional(std::move(password));
}

const crypto::SecretBytes* PointerTo(const std::optional<crypto::SecretBytes>& password) {
  return password ? &*password : nullptr;
}

// Signals that would leave half a project wait until it is whole.
class WithoutInterruption {
 public:
  WithoutInterruption() {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&held, signal);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  WithoutInterruption(const WithoutInterruption&) = delete;
  WithoutInterruption& operator=(const WithoutInterruption&) = delete;
  ~WithoutInterruption() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

// As it was called.
std::string CommandOf(const InitOptions& options) {
  std::string command = "carnet init " + options.role;
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) command += std::string(" ") + option + " " + ShellWord(value);
  };
  add("--dir", options.folder == "." ? "" : options.folder);
  add("--party", options.party);
  add("--name", options.name);
  add("--origin", options.origin);
  add("--ledger", options.ledger);
  if (options.with_ledger) command += " --with-ledger";
  if (options.own_devices) command += " --own-devices";
  return command;
}

Result<pipeline::MadeProject> MakeProject(const InitOptions& options,
                                          const pipeline::NewProject& project, Terminal& terminal) {
  CARNET_TRY_VOID(pipeline::CheckFree(project));  // before anybody types a password
  const auto key = crypto::P256PrivateKey::Generate();
  const auto ledger_key = crypto::Ed25519PrivateKey::Generate();
  CARNET_TRY(const auto password, PasswordOf(!options.no_password, [&] {
               return terminal.PasswordOfNewKey(CommandOf(options));
             }));
  CARNET_TRY(const auto ledger_password, PasswordOf(project.origin && HasLedgerPassword(), [&] {
               return terminal.PasswordOfNewLedger();
             }));
  const WithoutInterruption whole;
  return pipeline::InitProject(project, {key, PointerTo(password), FreshRandomness(), ledger_key,
                                         PointerTo(ledger_password)});
}

void SayMade(const InitOptions& options, const pipeline::NewProject& project,
             const pipeline::MadeProject& made, Terminal& terminal) {
  std::string text = "signer  " + made.signer.ToString() + "\n";
  if (made.log) {
    text += fmt::format("log     {}, id {}\n", Printable(made.log->name()),
                        HexEncode(made.log->id().span()));
  }
  terminal.Out(text);
  std::string paths;
  for (const std::string& path : made.made) paths += " " + Printable(path, 300);
  terminal.Note("made" + paths);
  if (options.no_password) terminal.Note("the private key is not encrypted: --no-password");
  if (project.origin && !HasLedgerPassword())
    terminal.Note("ledger/key.pem is not encrypted: CARNET_LEDGER_PASSWORD is not set");
  if (project.origin && options.origin.empty()) {
    terminal.Note(
        "the ledger is called localhost for ever, which is good for trying it out: "
        "--origin gives it another name");
  }
}

}  // namespace

ExitCode Init(const InitOptions& options, Terminal& terminal) {
  const auto role = pipeline::ParseRole(options.role);
  CARNET_CHECK(role.has_value());  // the command line accepts no other
  const bool own_ledger =
      options.with_ledger || (pipeline::RowOf(*role).own_ledger && options.ledger.empty());
  if (!own_ledger && !options.origin.empty())
    return terminal.WrongUsage("--origin names a ledger that is made: --with-ledger");
  pipeline::NewProject project{*role, options.folder, options.party, options.name, options.ledger};
  project.own_devices = options.own_devices;
  if (own_ledger) project.origin = options.origin.empty() ? kDefaultOrigin : options.origin;
  const auto made = MakeProject(options, project, terminal);
  if (!made) return terminal.CouldNotTell(made.error());
  SayMade(options, project, *made, terminal);
  WarnOfEnvironment(terminal);
  SayNextSteps(options, *role, terminal);
  return ExitCode::kYes;
}

}  // namespace carnet::cli
