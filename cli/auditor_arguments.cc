// The questions of an auditor: what is in a ledger, since when, and what it rests on.
#include "cli/argument_checks.h"
#include "cli/parser.h"
#include "schemas/kind.h"

namespace carnet::cli {
namespace {

constexpr uint64_t kMostFound = 1'000'000;
constexpr uint64_t kLargestTree = uint64_t{1} << 53;

}  // namespace

void Parser::AddFind() {
  auto options = std::make_shared<FindOptions>();
  CLI::App* command = Add(
      app_, "find", "list models, runs and other statements by what they use or who signed them",
      "carnet find --dataset 91ab12cd --ledger ./ledger", options, &Find);
  AddSetting(command, Setting::kLedger, "--ledger", options->ledger, "folder of the ledger",
             Need::kRequired);
  command
      ->add_option("--dataset", options->dataset,
                   "made with this data set, or one with this file: id, digest or first digits")
      ->check(&CheckDigest);
  command->add_option("--device", options->device,
                      "made on this device: canonical id, id, digest or first digits");
  command
      ->add_option("--allocation", options->allocation,
                   "made in this allocation: id or first digits")
      ->check(&CheckDigest);
  command
      ->add_option("--parent", options->parent,
                   "made from this model: digest, id of a statement about it, or first digits")
      ->check(&CheckDigest);
  command->add_option("--key", options->key, "signed by key:<hex>, whole or its first digits");
  command->add_option("--party", options->party, "signed by a key of this party of --trust");
  command
      ->add_option("--kind", options->kind,
                   "kind of statement (default: passport; of everything since: all)")
      ->check(OneOf(schemas::KindNames()));
  command
      ->add_option("--since-size", options->since_size,
                   "logged when the ledger had at least so many entries")
      ->check(CLI::Range(uint64_t{0}, kLargestTree));
  command
      ->add_option("--since", options->since,
                   "created on this day or later, as the signer says, YYYY-MM-DD")
      ->check(&CheckDate);
  command->add_option("--limit", options->limit, "list at most so many")
      ->check(CLI::Range(uint64_t{1}, kMostFound));
  AddSetting(command, Setting::kTrust, "--trust", options->trust,
             "trust directory: names parties; leaves out strangers who use it", Need::kOptional);
  AddJson(command, options->json);
}

void Parser::AddShow() {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command =
      Add(app_, "show", "print a whole statement, with what it refers to and what refers to it",
          "carnet show 91ab12cd --ledger ./ledger --trust ./trust", options, &Show);
  command
      ->add_option("statement", options->statement,
                   "statement id or digest: sha256:<hex> or <hex>, whole or its first digits")
      ->required()
      ->check(&CheckDigest);
  AddSetting(command, Setting::kLedger, "--ledger", options->ledger, "folder of the ledger",
             Need::kRequired);
  AddSetting(command, Setting::kTrust, "--trust", options->trust,
             "trust directory: names the parties", Need::kOptional);
  AddJson(command, options->json);
}

void Parser::AddTrace() {
  auto options = std::make_shared<TraceOptions>();
  CLI::App* command =
      Add(app_, "trace", "show the lineage of a model, run or digest in a ledger, and what uses it",
          "carnet trace sha256:4f1c… --ledger ./ledger --format tree", options, &Trace);
  command
      ->add_option("subject", options->subject,
                   "digest: sha256:<hex> or <hex>, whole or its first digits")
      ->required()
      ->check(&CheckDigest);
  AddSetting(command, Setting::kLedger, "--ledger", options->ledger, "folder of the ledger",
             Need::kRequired);
  command
      ->add_option("--direction", options->direction,
                   "what it rests on, what uses it, or both (default: ancestors; of a data set, "
                   "device or allocation both)")
      ->check(CLI::IsMember({"ancestors", "descendants", "both"}));
  command->add_option("--format", options->format, "tree, json, dot or svg")
      ->check(OneOf({"tree", "json", "dot", "svg"}));
  // It says how to count, not what to demand, as the policy of a project does.
  command->add_option("--policy", options->policy,
                      "policy that says how to count: id or .toml file");
  AddDate(command, options->at);
  AddSetting(command, Setting::kTrust, "--trust", options->trust,
             "trust directory: its parties go before strangers, who are left out of what uses it",
             Need::kOptional);
  command->add_option("--out", options->out, "file to write (default: standard output)");
  AddForce(command, options->force);
}

}  // namespace carnet::cli
