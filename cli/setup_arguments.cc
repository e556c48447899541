#include "cli/argument_checks.h"
#include "cli/parser.h"
#include "pipeline/init_project.h"
#include "schemas/kind.h"
#include "trust/plain_name.h"

namespace carnet::cli {
namespace {

std::vector<std::string> RoleNames() {
  std::vector<std::string> names;
  for (const pipeline::RoleRow& row : pipeline::Roles()) names.emplace_back(row.name);
  return names;
}

std::string CheckPlainName(const std::string& text) {
  return trust::IsPlainName(text) ? "" : "expected " + std::string(trust::kPlainNameRule);
}

}  // namespace

void Parser::AddInit() {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command =
      Add(app_, "init", "begin a project: key, trust directory, ledger, carnet.toml",
          "carnet init lab --party example-lab --name 'Example Lab' --origin log.example.org",
          options, &Init);
  command->add_option("role", options->role, "lab, cloud, hub or auditor")
      ->required()
      ->check(OneOf(RoleNames()));
  command->add_option("--dir", options->folder, "folder of the project; made if absent");
  command->add_option("--party", options->party, "short name of who works here")
      ->required()
      ->check(&CheckPlainName);
  command->add_option("--name", options->name, "its full name")->check(&CheckText);
  CLI::Option* ledger = command->add_option("--ledger", options->ledger,
                                            "write to this ledger (default: of a lab, its own; of "
                                            "others, none)");
  command
      ->add_flag("--with-ledger", options->with_ledger, "make a ledger, also for one who is no lab")
      ->excludes(ledger);
  command
      ->add_option("--origin", options->origin,
                   "permanent name of the ledger made: a bare hostname (default: localhost)")
      ->check(&CheckOrigin)
      ->excludes(ledger);
  command->add_flag("--own-devices", options->own_devices,
                    "list the key for devices too: the machines are one's own, and no cloud's");
  command->add_flag("--no-password", options->no_password,
                    "do not encrypt the private key (default: under CARNET_PASSWORD)");
}

void Parser::AddTrust() {
  CLI::App* trust = app_.add_subcommand("trust", "whose keys count, and which logs");
  trust->require_subcommand(1);
  AddTrustAdd(trust);
  AddTrustIdentity(trust);
  AddTrustLog(trust);
  auto options = std::make_shared<TrustOptions>();
  CLI::App* check =
      Add(*trust, "check", "load a trust directory as a gate does, and show what it amounts to",
          "carnet trust check --trust ./trust", options, &TrustCheck);
  AddSetting(check, Setting::kTrust, "--trust", options->trust, "trust directory", Need::kRequired);
  AddJson(check, options->json);
}

void Parser::AddTrustAdd(CLI::App* trust) {
  auto options = std::make_shared<TrustOptions>();
  CLI::App* command = Add(*trust, "add", "list somebody's public key",
                          "carnet trust add cloud.pub --party cloud --kinds device,allocation "
                          "--trust ./trust",
                          options, &TrustAdd);
  command->add_option("key", options->file, "public key file (PEM)")->required();
  command->add_option("--party", options->party, "whose key it is")->required()->check(&CheckText);
  AddTrustWindow(command, options);
  command->add_option("--from-size", options->from_size, "first log index in force");
  command->add_option("--until-size", options->until_size, "the log index after the last one");
  command->add_option("--log", options->log, "log of these sizes (default: the only one)")
      ->check(&CheckText);
  AddSetting(command, Setting::kTrust, "--trust", options->trust, "trust directory",
             Need::kRequired);
}

void Parser::AddTrustWindow(CLI::App* command, const std::shared_ptr<TrustOptions>& options) {
  command->add_option("--kinds", options->kinds, "what it may sign, separated by commas")
      ->required()
      ->default_str("")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(OneOf(schemas::KindNames()));
  command->add_option("--name", options->name, "name of it within the party")->check(&CheckText);
  command->add_option("--from", options->from, "first day in force, YYYY-MM-DD")->check(&CheckDate);
  command->add_option("--until", options->until, "the day after the last one, YYYY-MM-DD")
      ->check(&CheckDate);
}

void Parser::AddTrustIdentity(CLI::App* trust) {
  auto options = std::make_shared<TrustOptions>();
  CLI::App* command =
      Add(*trust, "add-identity", "list somebody whom certificates name",
          "carnet trust add-identity --issuer https://accounts.example.org --subject "
          "jane@lab.example --party lab --kinds dataset --trust ./trust",
          options, &TrustAddIdentity);
  command->add_option("--issuer", options->issuer, "who vouches for it, exactly")
      ->required()
      ->check(&CheckText);
  CLI::Option* subject =
      command->add_option("--subject", options->subject, "whom the certificate names, exactly")
          ->check(&CheckText);
  command
      ->add_option("--subject-regexp", options->subject_regexp,
                   "the same, by an RE2 expression that matches all of it")
      ->check(&CheckText)
      ->excludes(subject);
  command
      ->add_option("--authority", options->authority,
                   "uri of the certificate authority whose certificates of it count; needed where "
                   "trusted_root.json lists several")
      ->check(&CheckText);
  command->add_option("--party", options->party, "whose identity it is")
      ->required()
      ->check(&CheckText);
  AddTrustWindow(command, options);
  AddSetting(command, Setting::kTrust, "--trust", options->trust, "trust directory",
             Need::kRequired);
}

void Parser::AddTrustLog(CLI::App* trust) {
  auto options = std::make_shared<TrustOptions>();
  CLI::App* command = Add(*trust, "add-log", "trust the logs of a trusted_root.json too",
                          "carnet trust add-log trusted_root.json --operator lab --trust ./trust",
                          options, &TrustAddLog);
  command->add_option("file", options->file, "trusted root that the log's operator sent")
      ->required();
  command
      ->add_option("--operator", options->operator_name,
                   "party that runs the log (default: as the file says)")
      ->check(&CheckText);
  AddSetting(command, Setting::kTrust, "--trust", options->trust, "trust directory",
             Need::kRequired);
}

void Parser::AddPolicyFiles(CLI::App* policy) {
  auto made = std::make_shared<PolicyOptions>();
  CLI::App* create =
      Add(*policy, "new", "begin a policy of one's own, in the trust directory",
          "carnet policy new our-hub --from hub-default --trust ./trust", made, &PolicyNew);
  create->add_option("id", made->id, "its id")->required()->check(&CheckPlainName);
  create->add_option("--from", made->from, "policy to begin with");
  AddSetting(create, Setting::kTrust, "--trust", made->trust, "trust directory", Need::kRequired);
  auto checked = std::make_shared<PolicyOptions>();
  CLI::App* check = Add(*policy, "check", "read a policy, and say in words what it demands",
                        "carnet policy check our-hub --trust ./trust", checked, &PolicyCheck);
  check->add_option("policy", checked->id, "id, or .toml file")->required();
  AddDate(check, checked->at);
  AddSetting(check, Setting::kTrust, "--trust", checked->trust,
             "trust directory with policies of your own", Need::kOptional);
  AddJson(check, checked->json);
}

}  // namespace carnet::cli
