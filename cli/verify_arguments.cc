// What models are judged by, one by one or all that a hub holds.
#include "cli/argument_checks.h"
#include "cli/parser.h"
#include "pipeline/list_models.h"

namespace carnet::cli {
namespace {

constexpr unsigned kMaxJobs = 256;

}  // namespace

void Parser::AddJudging(CLI::App* command, JudgingOptions& judging,
                        const std::vector<std::string>& models) {
  AddSetting(command, Setting::kTrust, "--trust", judging.trust, "trust directory",
             Need::kRequired);
  Judges(command, models);
  AddPolicyChoice(command, judging.policy, judging.at);
  AddOwnChips(command, judging.chips);
  AddFollow(command, judging.follow);
}

CLI::Option* Parser::AddOne(CLI::App* command, const std::string& name,
                            std::vector<std::string>& models, const std::string& text) {
  const auto take = [&models](const std::string& path) { models = {path}; };
  return command->add_option_function<std::string>(name, take, text);
}

void Parser::AddVerify() {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = Add(app_, "verify", "check a model's passport, offline",
                          "carnet verify ./model --passport model.passport.sigstore.jsonl "
                          "--trust ./trust --policy eu-gpai",
                          options, &Verify);
  command->add_option("model", options->models, "model folder or file; may be several")
      ->required()
      ->check(&CheckModel);
  command
      ->add_option(
          "--passport", options->passports,
          "passport file, or - for standard input; one for each model (default: the one "
          "*.passport.sigstore.jsonl in its folder, <model>.passport.sigstore.jsonl beside "
          "it, or claims.jsonl in its folder)")
      ->allow_extra_args(false);
  AddJudging(command, options->judging, options->models);
  CLI::Option* vsa = command->add_option("--vsa", options->vsa,
                                         "sign the verdict (SLSA VSA) and write it to this file");
  AddSetting(command, Setting::kKey, "--key", options->key,
             "private key that signs the verdict: a file, pkcs11:URI or exec:COMMAND",
             Need::kOptional)
      ->needs(vsa)
      ->check(&CheckNotStandard);
  RequireWith(command, "--vsa", options->vsa);
  // An entry stays for ever: it is made in the ledger that this command names, and in no other.
  command->add_option("--ledger", options->ledger, "append the signed verdict to this ledger")
      ->needs(vsa);
  command->add_option("--guard", options->guard,
                      "folder of that ledger's guard, if kept elsewhere");
  command->add_option("--threads", options->threads, "threads that read and verify the lines")
      ->check(CLI::Range(1, 256));
  AddForce(command, options->force);
  AddJson(command, options->json);
}

void Parser::AddVerifyAll() {
  auto options = std::make_shared<VerifyAllOptions>();
  CLI::App* command =
      Add(app_, "verify-all", "check the passports of all models below a folder, a line each",
          "carnet verify-all ./models --trust ./trust --policy eu-gpai --json-lines", options,
          &VerifyAll);
  AddOne(command, "folder", options->folder,
         "folder whose entries are the models: folders and weight files")
      ->required()
      ->check(&CheckNotStandard);
  command
      ->add_option("--depth", options->depth,
                   "how many folders below it the models are: 2 for owner/model")
      ->check(CLI::Range(1U, pipeline::kMaxDepth));
  command
      ->add_option("--passports", options->passports,
                   "folder with the passports, at the paths of the models (default: in or beside "
                   "each model, as `carnet verify` finds them)")
      ->check(&CheckNotStandard);
  AddJudging(command, options->judging, options->folder);
  command
      ->add_option("--jobs", options->jobs,
                   "models to judge at a time (default: one for each processor)")
      ->check(CLI::Range(1U, kMaxJobs))
      ->default_str("");
  command->add_flag("--allow-unpassported", options->allow_unpassported,
                    "models without a passport do not count against the whole");
  command->add_flag("--json-lines", options->json_lines,
                    "print one JSON document a line (docs/formats.md)");
}

}  // namespace carnet::cli
