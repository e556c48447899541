#include "cli/parser.h"

namespace carnet::cli {

void Parser::AddChips() {
  auto options = std::make_shared<ChipsOptions>();
  CLI::App* command = Add(app_, "chips", "list accelerators with their dense peaks and their names",
                          "carnet chips 'NVIDIA H200'", options, &Chips);
  command->add_option("search", options->search,
                      "id, name that a tool prints, machine type of a cloud, or part of one");
  AddOwnChips(command, options->chips_file);
  command->add_option("--trust", options->trust, "trust directory, for its own chips.csv");
  AddJson(command, options->json);
}

void Parser::AddOwnChips(CLI::App* command, std::string& file) {
  command->add_option("--chips", file,
                      "chip catalogue (CSV) whose chips go before those of the same id");
}

}  // namespace carnet::cli
