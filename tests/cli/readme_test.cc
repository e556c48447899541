// README's "Record a run", as it is printed there, from nothing but data and a training script.
#include <cstdlib>
#include <fstream>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

// Writes 76 numbers, as a training would: no library needed.
constexpr char kTraining[] = R"(import json, os, random, struct
shapes = {"embedding.weight": [10, 4], "layer.weight": [6, 6]}
header, data = {}, b""
for name, (rows, columns) in shapes.items():
    numbers = [random.random() for _ in range(rows * columns)]
    header[name] = {"dtype": "F32", "shape": [rows, columns],
                    "data_offsets": [len(data), len(data) + 4 * len(numbers)]}
    data += struct.pack(f"<{len(numbers)}f", *numbers)
os.makedirs("checkpoints/0")
text = json.dumps(header).encode()
with open("checkpoints/0/model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
)";

// The shell blocks of that section, in order.
std::vector<std::string> Blocks() {
  const char* source = std::getenv("CARNET_SOURCE");
  BOOST_REQUIRE(source != nullptr);
  std::ifstream file(std::string(source) + "/README.md");
  std::vector<std::string> blocks;
  bool inside = false, block = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inside = line == "## Record a run";
    if (!inside) continue;
    if (line == "```sh") blocks.emplace_back();
    if (line.starts_with("```")) {
      block = line == "```sh";
    } else if (block) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++count;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(readme)

BOOST_AUTO_TEST_CASE(a_run_is_recorded_as_printed) {
  const ScratchFolder folder;
  CarnetProcess carnet(folder / "");
  carnet.Unset("CARNET_PASSWORD");
  folder.Write("data/text.txt", "some text to train on\n");
  folder.Write("train.py", kTraining);
  std::string script = "set -e\n";
  for (const std::string& block : Blocks()) script += block;
  const Ran ran = carnet.Shell(script);
  BOOST_REQUIRE_MESSAGE(ran.status == 0, ran.err);
  const Ran verified = carnet.Run({"verify", "checkpoints/0", "--passport",
                                   "tiny.passport.sigstore.jsonl", "--trust", "trust"});
  BOOST_CHECK_MESSAGE(verified.status == 0, verified.out);
  BOOST_CHECK(verified.out.find("policy       pass            hub-default") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_takes_six_commands_ten_values_and_no_file) {
  const auto blocks = Blocks();
  BOOST_REQUIRE_EQUAL(blocks.size(), 1U);
  const std::string& block = blocks[0];
  BOOST_CHECK_LE(Count(block, "\ncarnet ") + Count(block, "$(carnet "), 6U);
  BOOST_CHECK_LE(Count(block, "--set ") + Count(block, "--party ") + Count(block, "--origin "),
                 10U);
  BOOST_CHECK_EQUAL(Count(block, ".json"), 0U);
  BOOST_CHECK_EQUAL(Count(block, "=key:"), 0U);
}

BOOST_AUTO_TEST_SUITE_END()
