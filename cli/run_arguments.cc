// The steps of a run, and its judgement on the way.
#include "cli/argument_checks.h"
#include "cli/parser.h"

namespace carnet::cli {
namespace {

constexpr uint64_t kMaxSeq = 199'999;  // a passport has at most as many lines

// How every step of a run ends its example.
constexpr char kRest[] = " --ledger ./ledger --key lab.key";

}  // namespace

CLI::App* Parser::AddRunCommand(CLI::App* run, const std::string& name,
                                const std::string& description, const std::string& example,
                                const std::shared_ptr<RunOptions>& options,
                                ExitCode (*function)(const RunOptions&, Terminal&)) {
  CLI::App* command = Add(*run, name, description, example, options, function);
  command->add_option("--dir", options->directory, "run directory, which keeps the run's state")
      ->required();
  AddJson(command, options->json);
  return command;
}

void Parser::AddRunOpen(CLI::App* run, const std::shared_ptr<RunOptions>& options) {
  CLI::App* open =
      AddRunCommand(run, "open", "open a run, before training",
                    std::string("carnet run open --dir run1 run.json") + kRest, options, &RunOpen);
  AddOpening(open, *options);
  AddRecording(open, options->signing);
}

void Parser::AddOpening(CLI::App* command, RunOptions& options) {
  command->add_option("draft", options.draft,
                      "predicate (JSON) without its head and `seen`; - is standard input (default: "
                      "as `carnet draft` writes it)");
  AddSet(command, options.fill);
  AddSupplies(command, options.fill);
  command->add_flag("--this-machine", options.fill.this_machine,
                    "attest this machine, unless that is done, and plan it");
  AddCpu(command, options.fill);
  command
      ->add_option("--nonce", options.nonce, "32 hex digits used in commitments (default: random)")
      ->check(&CheckNonce);
}

void Parser::AddRunSegment(CLI::App* run, const std::shared_ptr<RunOptions>& options) {
  CLI::App* segment = AddRunCommand(
      run, "segment", "record the training up to a checkpoint",
      std::string("carnet run segment --dir run1 segment.json --checkpoint ckpt/0") + kRest,
      options, &RunSegment);
  segment->add_option("draft", options->draft,
                      "JSON: steps, tokens, time, flop, usage, …; - is standard input (default: as "
                      "`carnet draft` writes it)");
  AddSet(segment, options->fill);
  segment->add_option("--checkpoint", options->files, "checkpoint: a folder or file")
      ->required()
      ->check(&CheckNotStandard);
  segment->add_option("--lane", options->lane, "lane of the segment")
      ->check(CLI::Range(uint64_t{0}, kMaxLane));
  segment
      ->add_option("--seq", options->seq,
                   "number of the segment in its lane, from 0 (default: the next, or the one that "
                   "has these steps and this checkpoint)")
      ->check(CLI::Range(uint64_t{0}, kMaxSeq));
  AddCovering(segment, options->covering);
  AddFollow(segment, options->follow);
  AddDigestCache(segment, options->digest_cache);
  AddRecording(segment, options->signing);
}

void Parser::AddRunEnds(CLI::App* run, const std::shared_ptr<RunOptions>& options) {
  CLI::App* complete = AddRunCommand(
      run, "complete", "close a run with its final model",
      std::string("carnet run complete --dir run1 --model ./model") + kRest, options, &RunComplete);
  complete->add_option("draft", options->draft,
                       "JSON: `parameters`, `converted`; may be empty; - is standard input");
  AddSet(complete, options->fill);
  complete->add_option("--model", options->files, "final model: a folder or file")
      ->required()
      ->check(&CheckNotStandard);
  AddCovering(complete, options->covering);
  AddFollow(complete, options->follow);
  AddDigestCache(complete, options->digest_cache);
  AddRecording(complete, options->signing);
  CLI::App* abort =
      AddRunCommand(run, "abort", "close a run that will not be completed",
                    std::string("carnet run abort --dir run1 --reason 'loss diverged'") + kRest,
                    options, &RunAbort);
  abort->add_option("--reason", options->reason, "why")->required()->check(&CheckText);
  AddRecording(abort, options->signing);
}

void Parser::AddRun() {
  CLI::App* run = app_.add_subcommand("run", "record a training run while it runs");
  run->require_subcommand(1);
  auto options = std::make_shared<RunOptions>();
  AddRunOpen(run, options);
  AddRunSegment(run, options);
  AddRunEnds(run, options);
  AddRunCommand(run, "status", "show what the run directory contains",
                "carnet run status --dir run1", options, &RunStatus);
}

void Parser::AddAdmit() {
  auto options = std::make_shared<AdmitOptions>();
  CLI::App* command =
      Add(app_, "admit", "check a base model's passport, and open the run that starts from it",
          std::string("carnet admit ./model --trust ./trust --dir run2 job.json") + kRest, options,
          &Admit);
  AddOne(command, "base", options->base, "base model: a folder or file")
      ->required()
      ->check(&CheckModel);
  CLI::Option* passport = command
                              ->add_option("--passport", options->passport,
                                           "its passport (default: as `carnet verify` finds it)")
                              ->check(&CheckNotStandard);
  AddJudging(command, options->judging, options->base);
  command
      ->add_flag("--allow-unpassported", options->allow_unpassported,
                 "open the run also where the base has no passport, and the ledger none of it: "
                 "nothing is checked then")
      ->excludes(passport);
  command->add_option("--relation", options->relation, "what the run's model is to the base")
      ->check(OneOf({"fine-tuned-from", "adapter-on", "quantised-from", "ablated-from",
                     "initialised-from", "distilled-from"}));
  command->add_flag("--by-digest", options->by_digest,
                    "name the base by its digest alone, as where its passport is in another "
                    "ledger: the lineage ends there");
  command
      ->add_option("--dir,--run-dir", options->run.directory,
                   "run directory, which keeps the run's state")
      ->required();
  AddOpening(command, options->run);
  AddRecording(command, options->run.signing);
  AddJson(command, options->run.json);
}

void Parser::AddCheck() {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = Add(
      app_, "check", "judge a run as its passport would be judged now, at any time during training",
      "carnet check run1 --trust ./trust --ledger ./ledger --key lab.key", options, &Check);
  command->add_option("run", options->run_directory, "run directory")->required();
  command
      ->add_option("--model", options->model,
                   "model folder or file (default: the last segment's checkpoint)")
      ->check(&CheckNotStandard);
  command->add_option("--draft", options->draft,
                      "the passport's draft, if there is one; - is standard input");
  AddParents(command, options->parents);
  AddSetting(command, Setting::kTrust, "--trust", options->trust, "trust directory to check with",
             Need::kRequired);
  AddSigning(command, options->signing);
  AddPolicyChoice(command, options->policy, options->at);
  AddCovering(command, options->covering);
  AddOwnChips(command, options->chips);
  AddFollow(command, options->follow);
  AddJson(command, options->json);
}

}  // namespace carnet::cli
