// Proofs that leave a ledger, and their verification without one.
#include "cli/argument_checks.h"
#include "cli/parser.h"

namespace carnet::cli {

void Parser::AddLogKey(CLI::App* command, std::string& trust, std::string& vkey) {
  CLI::Option* key =
      command->add_option("--vkey", vkey, "the log's key, as `carnet ledger info` prints it");
  AddSetting(command, Setting::kTrust, "--trust", trust,
             "trust directory that lists the log's keys", Need::kOptional)
      ->excludes(key);
}

void Parser::AddLedgerProofs(CLI::App* ledger) {
  auto heads = std::make_shared<ConsistencyOptions>();
  CLI::App* consistency =
      Add(*ledger, "consistency", "prove that an older checkpoint is the start of a newer one",
          "carnet ledger consistency old.checkpoint new.checkpoint --ledger ./ledger --out proof",
          heads, &LedgerConsistency);
  consistency->add_option("older", heads->older, "file of a checkpoint, or a tree size")
      ->required();
  consistency->add_option("newer", heads->newer, "the same, later")->required();
  AddSetting(consistency, Setting::kLedger, "--ledger", heads->ledger, "folder of the ledger",
             Need::kRequired);
  AddSetting(consistency, Setting::kTrust, "--trust", heads->trust,
             "trust directory with the log's keys (default: the ledger's own key)",
             Need::kOptional);
  consistency->add_option("--out", heads->out,
                          "write the proof to this file, as C2SP tlog-witness spells it");
  AddForce(consistency, heads->force);
  AddJson(consistency, heads->json);
  auto receipt = std::make_shared<ProofOptions>();
  CLI::App* proof =
      Add(*ledger, "proof", "write the proof that a statement is logged, as C2SP tlog-proof",
          "carnet ledger proof 91ab12cd --ledger ./ledger --out statement.tlog-proof", receipt,
          &LedgerProof);
  proof->add_option("statement", receipt->statement, "statement id, or its first digits")
      ->required()
      ->check(&CheckDigest);
  AddSetting(proof, Setting::kLedger, "--ledger", receipt->ledger, "folder of the ledger",
             Need::kRequired);
  proof->add_option("--out", receipt->out, "file to write (default: standard output)");
  AddForce(proof, receipt->force);
}

void Parser::AddVerifyConsistency() {
  auto options = std::make_shared<ConsistencyOptions>();
  CLI::App* command =
      Add(app_, "verify-consistency",
          "check offline that an older checkpoint is the start of the one in a proof",
          "carnet verify-consistency old.checkpoint --proof proof --trust ./trust", options,
          &VerifyConsistency);
  command->add_option("older", options->older, "file of a checkpoint")->required();
  command->add_option("--proof", options->proof, "file that `carnet ledger consistency` wrote")
      ->required();
  AddLogKey(command, options->trust, options->vkey);
  JudgesProof(command, options->proof);
  AddJson(command, options->json);
}

void Parser::AddVerifyProof() {
  auto options = std::make_shared<ProofOptions>();
  CLI::App* command =
      Add(app_, "verify-proof", "check offline that a log has an entry",
          "carnet verify-proof statement.tlog-proof --trust ./trust", options, &VerifyProof);
  command->add_option("proof", options->proof, "C2SP tlog-proof file")->required();
  command->add_option(
      "--entry", options->entry,
      "the entry: a bundle, or the leaf's bytes (default: what the proof contains)");
  AddLogKey(command, options->trust, options->vkey);
  JudgesProof(command, options->proof);
  AddJson(command, options->json);
}

}  // namespace carnet::cli
