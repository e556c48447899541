#include "cli/argument_checks.h"
#include "cli/parser.h"
#include "schemas/kind.h"

namespace carnet::cli {
namespace {

// A verdict is signed by `carnet verify`.
std::vector<std::string> AttestedKinds() {
  std::vector<std::string> names;
  for (const schemas::KindRow& row : schemas::kKinds) {
    if (row.has_head) names.emplace_back(row.name);
  }
  return names;
}

}  // namespace

void Parser::AddKeygen() {
  auto options = std::make_shared<KeygenOptions>();
  CLI::App* command = Add(app_, "keygen", "make a key pair in cosign's format",
                          "CARNET_PASSWORD=secret carnet keygen --out lab", options, &Keygen);
  command->add_option("--out", options->out, "writes <out>.key and <out>.pub")
      ->check(&CheckNotStandard);
  command->add_option("--in", options->in, "import this PKCS#8, SEC 1 or cosign key instead")
      ->check(&CheckNotStandard);
  command->add_flag("--no-password", options->no_password,
                    "do not encrypt the private key (PKCS#8): whoever reads it signs");
  AddForce(command, options->force);
}

void Parser::AddPasswd() {
  auto options = std::make_shared<PasswdOptions>();
  CLI::App* command = Add(app_, "passwd", "change the password of a private-key file",
                          "CARNET_PASSWORD=secret CARNET_NEW_PASSWORD=better carnet passwd lab.key",
                          options, &Passwd);
  command->add_option("key", options->key, "private key file, such as lab.key or ledger/key.pem")
      ->required();
  command->add_flag("--no-password", options->no_password,
                    "do not encrypt the private key any more (PKCS#8): whoever reads it signs");
}

void Parser::AddDigest() {
  auto options = std::make_shared<DigestOptions>();
  CLI::App* command = Add(app_, "digest", "print a model's digest and files",
                          "carnet digest ./model --tensors", options, &Digest);
  command->add_option("path", options->paths, "model folder or file; may be several")
      ->required()
      ->check(&CheckNotStandard);
  command->add_flag("--tensors", options->tensors,
                    "also tensor roots, parameter counts and dtypes");
  AddCovering(command, options->covering);
  AddFollow(command, options->follow);
  AddDigestCache(command, options->digest_cache);
  AddJson(command, options->json);
}

void Parser::AddAttest() {
  auto options = std::make_shared<AttestOptions>();
  CLI::App* command = Add(app_, "attest", "sign a predicate, log it, print its statement id",
                          "carnet attest --kind device device.json --ledger ./ledger --key "
                          "cloud.key",
                          options, &Attest);
  command->add_option("file", options->predicate,
                      "predicate (JSON) without its head; - is standard input (default: as `carnet "
                      "draft` writes it)");
  AddSet(command, options->fill);
  AddDevices(command, options->fill, "an allocation");
  AddCpu(command, options->fill);
  const std::vector<std::string> kinds = AttestedKinds();
  command->add_option("--kind", options->kind, CLI::detail::join(kinds, ", "))
      ->required()
      ->check(OneOf(kinds));
  AddRecording(command, options->signing);
  command->get_option("--dry-run")
      ->description(
          "judge it, but sign and log nothing: print the statement, which another tool may sign "
          "(`carnet ledger append`); --key may be the public key");
  command->add_option("--files", options->files, "the data set's files: a folder or file")
      ->check(&CheckNotStandard);
  CLI::Option* nonce = command
                           ->add_option("--nonce", options->nonce,
                                        "32 hex digits chosen beforehand (default: random); a "
                                        "repeated call answers with what is logged already")
                           ->check(&CheckNonce);
  command
      ->add_option("--idempotency-key", options->idempotency_key,
                   "the same for a name of your own, such as a job's: the nonce follows from it "
                   "and the key")
      ->excludes(nonce)
      ->check(&CheckKeyName);
  CLI::Option* out = command->add_option("--out", options->out,
                                         "write the bundle, with its receipt, to this file; - is "
                                         "standard output");
  command
      ->add_option("--withhold", options->withhold,
                   "log it without its text, for this reason: the bundle in --out has it")
      ->needs(out)
      ->check(&CheckReason);
  AddSigner(command, options->services);
  AddFollow(command, options->follow);
  AddDigestCache(command, options->digest_cache);
  AddForce(command, options->force);
  AddJson(command, options->json);
}

void Parser::AddPassport() {
  CLI::App* passport = app_.add_subcommand("passport", "issue and collect passports");
  passport->require_subcommand(1);
  auto options = std::make_shared<PassportOptions>();
  CLI::App* command = Add(*passport, "issue", "collect, check, sign and write a model's passport",
                          "carnet passport issue ./model --draft passport.json --run run1 "
                          "--trust ./trust --ledger ./ledger --key lab.key",
                          options, &PassportIssue);
  command->add_option("model", options->model, "model folder or file")
      ->required()
      ->check(&CheckNotStandard);
  command->add_option(
      "--draft", options->draft,
      "JSON: name, intended_deployment, …; - is standard input (default: as `carnet "
      "draft` writes it)");
  AddSet(command, options->fill);
  CLI::Option* run = command->add_option("--run", options->run_directory,
                                         "directory of the run that made the model");
  command
      ->add_option("--completion", options->completion,
                   "statement id of its completion, or its first digits")
      ->excludes(run)
      ->check(&CheckDigest);
  AddParents(command, options->parents);
  AddSetting(command, Setting::kTrust, "--trust", options->trust, "trust directory to check with",
             Need::kRequired);
  AddSigning(command, options->signing);
  AddDryRun(command, options->signing);
  AddPolicyChoice(command, options->policy, options->at);
  AddOwnChips(command, options->chips);
  command->add_option("--out", options->out,
                      "file to write, or - (default: <name>.passport.sigstore.jsonl)");
  command
      ->add_option("--claims", options->claims,
                   "file to append the passport's lines to: claims.jsonl in the model's folder")
      ->check(&CheckNotStandard);
  command->add_flag("--oms", options->oms,
                    "sign the model by OpenSSF Model Signing too: model.sig in its folder");
  AddCovering(command, options->covering);
  AddFollow(command, options->follow);
  AddForce(command, options->force);
  AddJson(command, options->json);
  AddCollect(passport);
}

void Parser::AddCollect(CLI::App* passport) {
  auto options = std::make_shared<CollectOptions>();
  CLI::App* command =
      Add(*passport, "collect",
          "write a logged passport and everything it refers to, with receipts under the ledger's "
          "latest checkpoint; verifies nothing",
          "carnet passport collect 91ab… --ledger ./ledger --out model.passport.sigstore.jsonl",
          options, &PassportCollect);
  command->add_option("statement", options->statement, "statement id, or its first digits")
      ->required()
      ->check(&CheckDigest);
  AddSetting(command, Setting::kLedger, "--ledger", options->ledger, "folder of the ledger",
             Need::kRequired);
  command->add_option("--out", options->out, "file to write (default: standard output)");
  AddForce(command, options->force);
}

void Parser::AddFlops() {
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
  AddOwnChips(command, options->chips_file);
  command->add_option("--trust", options->trust, "trust directory, for its own chips.csv");
  command->add_flag("--this-machine", options->this_machine,
                    "the peak of this machine's CPU, with the arithmetic");
  AddJson(command, options->json);
}

void Parser::AddPolicy() {
  CLI::App* policy = app_.add_subcommand("policy", "compute thresholds, with their sources");
  policy->require_subcommand(1);
  auto options = std::make_shared<PolicyOptions>();
  CLI::App* list = Add(*policy, "list", "list the available policies", "carnet policy list",
                       options, &PolicyList);
  CLI::App* show = Add(*policy, "show", "print one policy's file", "carnet policy show eu-gpai",
                       options, &PolicyShow);
  show->add_option("id", options->id, "id of the policy")->required();
  for (CLI::App* command : {list, show}) {
    AddSetting(command, Setting::kTrust, "--trust", options->trust,
               "trust directory with policies of your own", Need::kOptional);
    AddJson(command, options->json);
  }
  AddPolicyFiles(policy);
}

void Parser::AddInspect() {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = Add(app_, "inspect", "describe what a file contains; verifies nothing",
                          "carnet inspect model.passport.sigstore.jsonl", options, &Inspect);
  command
      ->add_option("file", options->file,
                   "bundle, passport, checkpoint, note, proof or key; - is standard input")
      ->required();
  AddJson(command, options->json);
}

}  // namespace carnet::cli
