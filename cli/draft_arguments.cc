#include "cli/argument_checks.h"
#include "cli/parser.h"

namespace carnet::cli {

void Parser::AddSet(CLI::App* command, FillOptions& fill) {
  command
      ->add_option("--set", fill.set,
                   "field=value, such as steps.to=100; a list grows by one each time; may be "
                   "repeated")
      ->allow_extra_args(false)
      ->check(&CheckAssignment);
}

void Parser::AddDevices(CLI::App* command, FillOptions& fill, const std::string& of) {
  command
      ->add_option("--device", fill.devices,
                   "statement id, or its first digits, of a device of " + of + "; may be repeated")
      ->allow_extra_args(false)
      ->check(&CheckDigest);
}

void Parser::AddSupplies(CLI::App* command, FillOptions& fill) {
  command
      ->add_option("--dataset", fill.datasets,
                   "statement id, or its first digits, of data that the run trains on; may be "
                   "repeated")
      ->allow_extra_args(false)
      ->check(&CheckDigest);
  AddDevices(command, fill, "the run");
  command
      ->add_option("--allocation", fill.allocations,
                   "statement id, or its first digits, of an allocation that the run uses; may be "
                   "repeated")
      ->allow_extra_args(false)
      ->check(&CheckDigest);
}

void Parser::AddCpu(CLI::App* command, FillOptions& fill) {
  command->add_flag("--cpu", fill.cpu, "the machine's CPU, although it has GPUs");
}

void Parser::AddDraft() {
  auto options = std::make_shared<DraftOptions>();
  CLI::App* command =
      Add(app_, "draft",
          "write a draft, filled from the machine, the files, the run so far; what is left has its "
          "meaning",
          "carnet draft dataset --files ./data --out data.json", options, &WriteDraft);
  command->add_option("kind", options->kind, "what the draft is of")
      ->required()
      ->check(CLI::IsMember({"device", "dataset", "allocation", "run", "segment", "passport"}));
  AddSet(command, options->fill);
  AddSupplies(command, options->fill);
  AddCpu(command, options->fill);
  AddSetting(command, Setting::kKey, "--key", options->key,
             "key of a CPU's signer, whose id its own contains: a file, private or public, "
             "pkcs11:URI or exec:COMMAND",
             Need::kOptional);
  command->add_option("--files,--checkpoint", options->files,
                      "the data set's files, or the segment's checkpoint: a folder or file");
  command->add_option("--dir,--run", options->run_directory,
                      "directory of the segment's or passport's run");
  command->add_option("--lane", options->lane, "lane of the segment")
      ->check(CLI::Range(uint64_t{0}, kMaxLane));
  AddSetting(command, Setting::kLedger, "--ledger", options->ledger,
             "folder of the ledger that the run, or a statement named by its first digits, is in",
             Need::kOptional);
  command->add_flag("--all", options->all, "offer also what may be left out");
  command->add_option("--out", options->out, "file to write (default: standard output)");
  AddFollow(command, options->follow);
  AddForce(command, options->force);
}

}  // namespace carnet::cli
