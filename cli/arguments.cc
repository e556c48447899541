#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "api/version.h"
#include "cli/argument_checks.h"
#include "cli/command.h"
#include "cli/command_description.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "core/utf8.h"
#include "schemas/kind.h"

namespace carnet::cli {
namespace {

constexpr uint64_t kMaxLane = 99'999;  // the last lane of a run with the most lanes

// A verdict is signed by `carnet verify`.
std::vector<std::string> AttestedKinds() {
  std::vector<std::string> names;
  for (const schemas::KindRow& row : schemas::kKinds) {
    if (row.has_head) names.emplace_back(row.name);
  }
  return names;
}

// Error messages begin in lower case (house style); the library's begin in upper case.
std::string Lowered(std::string text) {
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && (text[1] < 'A' || text[1] > 'Z')) {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

OptionDescription DescriptionOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  OptionDescription described;
  described.positional = option.get_positional();
  described.name = described.positional ? option.get_name(true) : "--" + option.get_lnames()[0];
  described.text = option.get_description();
  described.choices = ChoicesIn(type);
  described.value = option.get_type_size() == 0 ? "" : type.substr(0, type.find(':'));
  described.initial = option.get_default_str();
  described.required = option.get_required();
  return described;
}

CommandDescription DescriptionOf(const CLI::App& app) {
  CommandDescription described{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    described.options.push_back(DescriptionOf(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    described.commands.push_back(DescriptionOf(*command));
  }
  return described;
}

// Keeps the chosen command; options live in it until it has run.
class Parser {
 public:
  Parser() : app_("The compute-provenance ledger and digital passports of AI models.", "carnet") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version",
                          std::string("carnet ") + api::kVersion + " (" + api::kCommit + ")");
    app_.footer("Exit status: 0 yes or done, 1 no or refused, 2 wrong usage, 3 could not tell.");
    app_.option_defaults()->always_capture_default();
    app_.failure_message([](const CLI::App*, const CLI::Error& error) {
      return "carnet: error: " + Lowered(error.what()) + "\n" + kHint;
    });
    AddKeygen();
    AddDigest();
    AddLedger();
    AddAttest();
    AddRun();
    AddPassport();
    AddVerify();
    AddTrace();
    AddFlops();
    AddPolicy();
    AddInspect();
    AddTexts();
    AddHelp();
  }

  std::variant<Command, ExitCode> Parse(int argc, char** argv) {
    if (!KnowsCommand(std::vector<std::string>(argv + 1, argv + argc))) return ExitCode::kUsage;
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      const bool asked = error.get_exit_code() == 0;
      app_.exit(error);
      return asked ? ExitCode::kYes : ExitCode::kUsage;
    }
    if (help_asked_) return PrintHelp();
    return command_;
  }

 private:
  static constexpr char kHint[] = "carnet: hint: run `carnet <command> --help` for its usage\n";

  // A subcommand that runs `function` with its own options.
  template <typename Options>
  CLI::App* Add(CLI::App& parent, const std::string& name, const std::string& description,
                const std::string& example, std::shared_ptr<Options> options,
                ExitCode (*function)(const Options&, Terminal&)) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->footer("Example:\n  " + example);
    command->option_defaults()->always_capture_default();
    command->callback([this, options, function] {
      command_ = [options, function](Terminal& terminal) { return function(*options, terminal); };
    });
    return command;
  }

  static void AddJson(CLI::App* command, bool& json) {
    command->add_flag("--json", json, "print one JSON document (docs/formats.md)");
  }
  static void AddForce(CLI::App* command, bool& force) {
    command->add_flag("--force", force, "overwrite the output");
  }
  static void AddFollow(CLI::App* command, bool& follow) {
    command->add_flag("--follow", follow,
                      "follow links to files inside the folder (default: refuse links)");
  }
  static void AddSigning(CLI::App* command, SigningOptions& signing) {
    command->add_option("--ledger", signing.ledger, "folder of the ledger")->required();
    command->add_option("--guard", signing.guard,
                        "folder of the ledger's guard, if kept elsewhere");
    command->add_option("--key", signing.key, "private key file (password: CARNET_PASSWORD)")
        ->required();
  }
  static void AddPolicyChoice(CLI::App* command, std::string& policy, std::string& at) {
    command->add_option("--policy", policy, "policy id or .toml file (ids: `carnet policy list`)");
    command->add_option("--at", at, "date for the policy, YYYY-MM-DD (default: today)")
        ->check(&CheckDate);
  }

  void AddKeygen() {
    auto options = std::make_shared<KeygenOptions>();
    CLI::App* command = Add(app_, "keygen", "make a key pair in cosign's format",
                            "CARNET_PASSWORD=secret carnet keygen --out lab", options, &Keygen);
    command->add_option("--out", options->out, "writes <out>.key and <out>.pub");
    command->add_option("--in", options->in, "import this PKCS#8 or cosign key instead");
    AddForce(command, options->force);
  }

  void AddDigest() {
    auto options = std::make_shared<DigestOptions>();
    CLI::App* command = Add(app_, "digest", "print a model's digest and files",
                            "carnet digest ./model --tensors", options, &Digest);
    command->add_option("path", options->path, "model folder or file")->required();
    command->add_flag("--tensors", options->tensors,
                      "also tensor roots, parameter counts and dtypes");
    AddFollow(command, options->follow);
    AddJson(command, options->json);
  }

  CLI::App* AddLedgerCommand(CLI::App* ledger, const std::string& name,
                             const std::string& description, const std::string& example,
                             const std::shared_ptr<LedgerOptions>& options,
                             ExitCode (*function)(const LedgerOptions&, Terminal&)) {
    CLI::App* command = Add(*ledger, name, description, example, options, function);
    command->add_option("folder", options->folder, "folder of the ledger")->required();
    return command;
  }

  void AddLedger() {
    CLI::App* ledger = app_.add_subcommand("ledger", "create, show and check a ledger");
    ledger->require_subcommand(1);
    auto options = std::make_shared<LedgerOptions>();
    CLI::App* init = AddLedgerCommand(ledger, "init", "create a ledger with its own key",
                                      "carnet ledger init ./ledger --origin log.example.org",
                                      options, &LedgerInit);
    init->add_option("--origin", options->origin,
                     "its permanent name: a bare hostname, no scheme or port")
        ->required()
        ->check(&CheckOrigin);
    init->add_option("--guard", options->guard, "folder for its guard, best on another disk");
    CLI::App* info = AddLedgerCommand(ledger, "info", "show origin, key, size and root",
                                      "carnet ledger info ./ledger", options, &LedgerInfo);
    AddJson(info, options->json);
    AddLedgerCommand(ledger, "checkpoint", "print the latest signed checkpoint",
                     "carnet ledger checkpoint ./ledger", options, &LedgerCheckpoint);
    CLI::App* fsck =
        AddLedgerCommand(ledger, "fsck", "re-derive everything from the entries and compare",
                         "carnet ledger fsck ./ledger", options, &LedgerFsck);
    fsck->add_option("--guard", options->guard, "folder of the ledger's guard, if kept elsewhere");
    AddJson(fsck, options->json);
    AddLedgerCommand(ledger, "compact",
                     "merge its database's tables; needs as much free disk space",
                     "carnet ledger compact ./ledger", options, &LedgerCompact);
    CLI::App* trust = AddLedgerCommand(
        ledger, "trust", "write its trusted_root.json (Sigstore's format)",
        "carnet ledger trust ./ledger --out trust/trusted_root.json", options, &LedgerTrust);
    trust->add_option("--out", options->out, "file to write (default: standard output)");
    trust->add_option("--operator", options->operator_name, "who runs the ledger")
        ->check(&CheckText);
    AddForce(trust, options->force);
  }

  void AddAttest() {
    auto options = std::make_shared<AttestOptions>();
    CLI::App* command = Add(app_, "attest", "sign a predicate, log it, print its statement id",
                            "carnet attest --kind device device.json --ledger ./ledger --key "
                            "cloud.key",
                            options, &Attest);
    command->add_option("file", options->predicate, "predicate (JSON) without its head")
        ->required();
    const std::vector<std::string> kinds = AttestedKinds();
    command->add_option("--kind", options->kind, CLI::detail::join(kinds, ", "))
        ->required()
        ->check(CLI::IsMember(kinds));
    AddSigning(command, options->signing);
    command->add_option("--files", options->files, "the data set's files: a folder or file");
    command
        ->add_option("--nonce", options->nonce, "32 hex digits chosen beforehand (default: random)")
        ->check(&CheckNonce);
    command->add_option("--out", options->out, "write the bundle, with its receipt, to this file");
    AddFollow(command, options->follow);
    AddForce(command, options->force);
    AddJson(command, options->json);
  }

  CLI::App* AddRunCommand(CLI::App* run, const std::string& name, const std::string& description,
                          const std::string& example, const std::shared_ptr<RunOptions>& options,
                          ExitCode (*function)(const RunOptions&, Terminal&)) {
    CLI::App* command = Add(*run, name, description, example, options, function);
    command->add_option("--dir", options->directory, "run directory, which keeps the run's state")
        ->required();
    AddJson(command, options->json);
    return command;
  }

  void AddRun() {
    CLI::App* run = app_.add_subcommand("run", "record a training run while it runs");
    run->require_subcommand(1);
    auto options = std::make_shared<RunOptions>();
    const std::string rest = " --ledger ./ledger --key lab.key";
    CLI::App* open = AddRunCommand(run, "open", "open a run, before training",
                                   "carnet run open --dir run1 run.json" + rest, options, &RunOpen);
    open->add_option("draft", options->draft, "predicate (JSON) without its head and `seen`")
        ->required();
    open->add_option("--nonce", options->nonce,
                     "32 hex digits used in commitments (default: random)")
        ->check(&CheckNonce);
    AddSigning(open, options->signing);
    CLI::App* segment =
        AddRunCommand(run, "segment", "record the training up to a checkpoint",
                      "carnet run segment --dir run1 segment.json --checkpoint ckpt/0" + rest,
                      options, &RunSegment);
    segment->add_option("draft", options->draft, "JSON: steps, tokens, time, flop, usage, …")
        ->required();
    segment->add_option("--checkpoint", options->files, "checkpoint: a folder or file")->required();
    segment->add_option("--lane", options->lane, "lane of the segment")
        ->check(CLI::Range(uint64_t{0}, kMaxLane));
    AddFollow(segment, options->follow);
    AddSigning(segment, options->signing);
    CLI::App* complete = AddRunCommand(run, "complete", "close a run with its final model",
                                       "carnet run complete --dir run1 --model ./model" + rest,
                                       options, &RunComplete);
    complete->add_option("draft", options->draft, "JSON: `parameters`, `converted`; may be empty");
    complete->add_option("--model", options->files, "final model: a folder or file")->required();
    AddFollow(complete, options->follow);
    AddSigning(complete, options->signing);
    CLI::App* abort = AddRunCommand(run, "abort", "close a run that will not be completed",
                                    "carnet run abort --dir run1 --reason 'loss diverged'" + rest,
                                    options, &RunAbort);
    abort->add_option("--reason", options->reason, "why")->required()->check(&CheckText);
    AddSigning(abort, options->signing);
    AddRunCommand(run, "status", "show what the run directory contains",
                  "carnet run status --dir run1", options, &RunStatus);
  }

  void AddPassport() {
    CLI::App* passport = app_.add_subcommand("passport", "issue and collect passports");
    passport->require_subcommand(1);
    auto options = std::make_shared<PassportOptions>();
    CLI::App* command = Add(*passport, "issue", "collect, check, sign and write a model's passport",
                            "carnet passport issue ./model --draft passport.json --run run1 "
                            "--trust ./trust --ledger ./ledger --key lab.key",
                            options, &PassportIssue);
    command->add_option("model", options->model, "model folder or file")->required();
    command->add_option("--draft", options->draft, "JSON: name, intended_deployment, …")
        ->required();
    CLI::Option* run = command->add_option("--run", options->run_directory,
                                           "directory of the run that made the model");
    command->add_option("--completion", options->completion, "statement id of its completion")
        ->excludes(run)
        ->check(&CheckStatementId);
    command
        ->add_option("--parent-model", options->parents,
                     "model that it was trained from, to show frozen tensors; may be repeated")
        ->allow_extra_args(false);
    command->add_option("--trust", options->trust, "trust directory to check with")->required();
    AddSigning(command, options->signing);
    AddPolicyChoice(command, options->policy, options->at);
    command->add_option("--out", options->out,
                        "file to write (default: <name>.passport.sigstore.jsonl)");
    AddFollow(command, options->follow);
    AddForce(command, options->force);
    AddJson(command, options->json);
    AddCollect(passport);
  }

  void AddCollect(CLI::App* passport) {
    auto options = std::make_shared<CollectOptions>();
    CLI::App* command =
        Add(*passport, "collect",
            "write a logged passport and everything it refers to, with receipts under the ledger's "
            "latest checkpoint; verifies nothing",
            "carnet passport collect 91ab… --ledger ./ledger --out model.passport.sigstore.jsonl",
            options, &PassportCollect);
    command->add_option("statement", options->statement, "statement id: 64 hex digits")
        ->required()
        ->check(&CheckStatementId);
    command->add_option("--ledger", options->ledger, "folder of the ledger")->required();
    command->add_option("--out", options->out, "file to write (default: standard output)");
    AddForce(command, options->force);
  }

  void AddVerify() {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = Add(app_, "verify", "check a model's passport, offline",
                            "carnet verify ./model --passport model.passport.sigstore.jsonl "
                            "--trust ./trust --policy eu-gpai",
                            options, &Verify);
    command->add_option("model", options->model, "model folder or file")->required();
    command->add_option("--passport", options->passport, "passport file")->required();
    command->add_option("--trust", options->trust, "trust directory")->required();
    AddPolicyChoice(command, options->policy, options->at);
    CLI::Option* vsa = command->add_option("--vsa", options->vsa,
                                           "sign the verdict (SLSA VSA) and write it to this file");
    CLI::Option* key =
        command->add_option("--key", options->key, "private key that signs the verdict");
    vsa->needs(key);
    key->needs(vsa);
    command->add_option("--ledger", options->ledger, "append the signed verdict to this ledger")
        ->needs(vsa);
    command->add_option("--guard", options->guard,
                        "folder of the ledger's guard, if kept elsewhere");
    command->add_option("--threads", options->threads, "threads that read and verify the lines")
        ->check(CLI::Range(1, 256));
    AddFollow(command, options->follow);
    AddForce(command, options->force);
    AddJson(command, options->json);
  }

  void AddTrace() {
    auto options = std::make_shared<TraceOptions>();
    CLI::App* command =
        Add(app_, "trace", "show the lineage of a model, run or digest in a ledger",
            "carnet trace sha256:4f1c… --ledger ./ledger --format tree", options, &Trace);
    command->add_option("subject", options->subject, "digest: sha256:<hex> or <hex>")
        ->required()
        ->check(&CheckSubject);
    command->add_option("--ledger", options->ledger, "folder of the ledger")->required();
    command->add_option("--format", options->format, "tree, json, dot or svg")
        ->check(CLI::IsMember({"tree", "json", "dot", "svg"}));
    AddPolicyChoice(command, options->policy, options->at);
    command->add_option("--trust", options->trust,
                        "trust directory: its parties go before strangers");
    command->add_option("--out", options->out, "file to write (default: standard output)");
    AddForce(command, options->force);
  }

  void AddFlops() {
    auto options = std::make_shared<FlopsOptions>();
    CLI::App* command = Add(app_, "flops", "estimate FLOP, with the arithmetic spelled out",
                            "carnet flops --chip h100-sxm5 --units 70000 --days 30 "
                            "--utilisation 0.4",
                            options, &Flops);
    command->add_option("--chip", options->chip, "id in the chip catalogue");
    command->add_option("--precision", options->precision, "bf16, fp16, fp8, tf32, …");
    command->add_option("--units", options->units,
                        "number of accelerators, as the system shows them");
    CLI::Option* days = command->add_option("--days", options->days, "days of use");
    command->add_option("--hours", options->hours, "hours of use")->excludes(days);
    command->add_option("--utilisation", options->utilisation,
                        "share of the dense peak, 0 to 1 (default: 1)");
    command->add_option("--parameters", options->parameters, "active parameters, such as 405e9");
    command->add_option("--tokens", options->tokens, "tokens processed, such as 15.6e12");
    command->add_option("--chips", options->chips_file, "chip catalogue to use instead (CSV)");
    command->add_flag("--this-machine", options->this_machine,
                      "the peak of this machine's CPU, with the arithmetic");
    AddJson(command, options->json);
  }

  void AddPolicy() {
    CLI::App* policy = app_.add_subcommand("policy", "compute thresholds, with their sources");
    policy->require_subcommand(1);
    auto options = std::make_shared<PolicyOptions>();
    CLI::App* list = Add(*policy, "list", "list the available policies", "carnet policy list",
                         options, &PolicyList);
    CLI::App* show = Add(*policy, "show", "print one policy's file", "carnet policy show eu-gpai",
                         options, &PolicyShow);
    show->add_option("id", options->id, "id of the policy")->required();
    for (CLI::App* command : {list, show}) {
      command->add_option("--trust", options->trust, "trust directory with policies of your own");
      AddJson(command, options->json);
    }
  }

  void AddInspect() {
    auto options = std::make_shared<InspectOptions>();
    CLI::App* command = Add(app_, "inspect", "describe what a file contains; verifies nothing",
                            "carnet inspect model.passport.sigstore.jsonl", options, &Inspect);
    command->add_option("file", options->file, "bundle, passport, checkpoint, note or key")
        ->required();
    AddJson(command, options->json);
  }

  // Texts generated from the commands' own descriptions.
  void AddTexts() {
    auto shell = std::make_shared<std::string>();
    CLI::App* completion = app_.add_subcommand("completion", "print completions for a shell");
    completion->footer("Example:\n  carnet completion bash > /etc/bash_completion.d/carnet");
    completion->add_option("shell", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->callback([this, shell] {
      command_ = [text = CompletionText(*shell, DescriptionOf(app_))](Terminal& terminal) {
        terminal.Out(text);
        return ExitCode::kYes;
      };
    });
    CLI::App* manual = app_.add_subcommand("manual", "print the manual page (roff)");
    manual->footer("Example:\n  carnet manual | man -l -");
    manual->callback([this] {
      command_ = [text = ManualText(DescriptionOf(app_))](Terminal& terminal) {
        terminal.Out(text);
        return ExitCode::kYes;
      };
    });
  }

  void AddHelp() {
    CLI::App* help = app_.add_subcommand("help", "show help for a command");
    help->add_option("command", help_of_,
                     "the command, such as `run open`; without one, carnet itself");
    help->callback([this] { help_asked_ = true; });
  }

  // Names the word that is not a command; the library would only say that a command is missing.
  bool KnowsCommand(const std::vector<std::string>& arguments) {
    const CLI::App* command = &app_;
    for (const std::string& name : arguments) {
      if (name.starts_with("-") || command->get_subcommands(Any()).empty()) return true;
      command = Find(*command, name);
      if (command == nullptr) return false;
    }
    return true;
  }

  static std::function<bool(const CLI::App*)> Any() {
    return [](const CLI::App*) { return true; };
  }

  static const CLI::App* Find(const CLI::App& parent, const std::string& name) {
    for (const CLI::App* command : parent.get_subcommands(Any())) {
      if (command->get_name() == name) return command;
    }
    std::fprintf(stderr, "carnet: error: there is no command \"%s\"\n%s", Printable(name).c_str(),
                 kHint);
    return nullptr;
  }

  ExitCode PrintHelp() {
    const CLI::App* command = &app_;
    std::string parents;
    for (const std::string& name : help_of_) {
      parents += (parents.empty() ? "" : " ") + command->get_name();
      command = Find(*command, name);
      if (command == nullptr) return ExitCode::kUsage;
    }
    // Of the program it would be the help of `help`, as that is the command given.
    const auto own = [this] { return app_.get_formatter()->make_help(&app_, app_.get_name(), {}); };
    std::fputs((command == &app_ ? own() : command->help(parents)).c_str(), stdout);
    return ExitCode::kYes;
  }

  CLI::App app_;
  Command command_;
  bool help_asked_ = false;
  std::vector<std::string> help_of_;
};

}  // namespace

std::variant<Command, ExitCode> ParseArguments(int argc, char** argv) {
  return Parser().Parse(argc, argv);
}

}  // namespace carnet::cli
