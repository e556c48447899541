// carnet chips, and catalogues of one's own: --chips, and chips.csv of a trust directory.
#include "tests/cli/cli_world.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

constexpr char kOwn[] =
    "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note\n"
    "acme-x1,acme-x1,acme,bf16,2500000000000,dense,acme,2026-01-01,low,a sheet\n";

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  boost::json::value Json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "chips");
    arguments.push_back("--json");
    const Ran ran = carnet.Run(arguments);
    CheckDone(ran);
    return boost::json::parse(ran.out);
  }
  // Ids, separated by spaces.
  std::string Found(const std::vector<std::string>& arguments) const {
    std::string ids;
    const auto json = Json(arguments);
    for (const auto& chip : json.at("chips").as_array()) {
      ids += (ids.empty() ? "" : " ") + std::string(chip.at("chip").as_string());
    }
    return ids;
  }
};

void CheckHas(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != text.npos, "\"" << part << "\" is not in:\n" << text);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(chips, Fixture)

BOOST_AUTO_TEST_CASE(a_chip_is_found_by_id_name_and_machine) {
  for (const char* text : {"h200-sxm", "NVIDIA H200", " nvidia h200 ", "p5e.48xlarge"}) {
    BOOST_CHECK_EQUAL(Found({text}), "h200-sxm");
  }
  BOOST_CHECK_EQUAL(Found({"NVIDIA H100"}), "h100-nvl h100-pcie h100-sxm5");
  CheckHas(Found({"geforce"}), "rtx-4090");
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const auto json = Json({"p5.48xlarge"});
  BOOST_CHECK_EQUAL(NamesIn(json), "chips own");
  const auto& chip = json.at("chips").at(0);
  BOOST_CHECK_EQUAL(NamesIn(chip), "chip machines names peaks variant_of vendor");
  BOOST_CHECK_EQUAL(NamesIn(chip.at("peaks").at(0)),
                    "as_of confidence flops note precision source");
  BOOST_CHECK_EQUAL(chip.at("vendor").as_string(), "nvidia");
  BOOST_CHECK_EQUAL(chip.at("names").at(0).as_string(), "H100 80GB HBM3");
  bool listed = false;
  for (const auto& machine : chip.at("machines").as_array()) {
    if (machine.at("name").as_string() != "p5.48xlarge") continue;
    listed = true;
    BOOST_CHECK_EQUAL(machine.at("units").to_number<int>(), 8);
  }
  BOOST_CHECK(listed);
}

BOOST_AUTO_TEST_CASE(text_has_peaks_sources_and_names) {
  const Ran one = carnet.Run({"chips", "NVIDIA H200"});
  CheckDone(one);
  CheckHas(one.out, "h200-sxm (nvidia, a variant of h200)\n");
  CheckHas(one.out, "  bf16       989.5 TFLOP/s  epoch of 2026-07-06, high\n");
  CheckHas(one.out, "  int8        1979 TOP/s    epoch of 2026-07-06, high\n");
  CheckHas(one.out, "p5e.48xlarge (8 units)");
  const Ran all = carnet.Run({"chips"});
  CheckDone(all);
  CheckHas(all.out, "\nrtx-4090              nvidia        fp64 1.29, fp32 82.6, tf32 82.6, ");
  CheckHas(all.out, "\nmaia-100              microsoft     bf16 800, fp8 unknown, int8 unknown\n");
}

BOOST_AUTO_TEST_CASE(what_nothing_matches_is_a_no_with_the_closest_names) {
  CheckFailed(
      carnet.Run({"chips", "h200-sxn"}), 1,
      "no chip or name in the catalogue is or contains \"h200-sxn\"; close to it: h200-sxm");
  CheckFailed(carnet.Run({"chips", "\x1b[31m"}), 1, "\\x1b");
}

BOOST_AUTO_TEST_CASE(an_own_catalogue_goes_before_the_shipped_one) {
  folder.Write("own.csv", kOwn);
  BOOST_CHECK_EQUAL(Found({"acme", "--chips", "own.csv"}), "acme-x1");
  BOOST_CHECK_EQUAL(Found({"NVIDIA H200", "--chips", "own.csv"}), "h200-sxm");
  const auto own = Json({"acme", "--chips", "own.csv"}).at("own");
  BOOST_CHECK_EQUAL(own.at(0).at("of").as_string(), "caller");
  BOOST_CHECK_EQUAL(std::string(own.at(0).at("sha256").as_string()),
                    MustRun("sha256sum '" + folder / "own.csv" + "'").substr(0, 64));
  // 2.5e12 FLOP/s for an hour
  const Ran flops =
      carnet.Run({"flops", "--chip", "acme-x1", "--hours", "1", "--chips", "own.csv"});
  CheckDone(flops);
  CheckHas(flops.out, "9000000000000000 FLOP");
}

BOOST_AUTO_TEST_CASE(flops_takes_a_name_and_no_machine) {
  CheckDone(carnet.Run({"flops", "--chip", "NVIDIA H200", "--hours", "1"}));
  CheckFailed(carnet.Run({"flops", "--chip", "NVIDIA H100", "--hours", "1"}), 3,
              "expected one chip; did you mean h100-nvl, h100-pcie or h100-sxm5?");
  CheckFailed(carnet.Run({"flops", "--chip", "p5.48xlarge", "--hours", "1"}), 3,
              "expected one chip; did you mean h100-sxm5?");
}

BOOST_AUTO_TEST_CASE(a_broken_catalogue_is_named_with_line_and_column) {
  std::string broken = kOwn;
  broken.replace(broken.find("dense"), 5, "sparse");
  folder.Write("own.csv", broken);
  CheckFailed(carnet.Run({"chips", "--chips", "own.csv"}), 3,
              "own.csv: line 2: column 41: form: expected dense, found \"sparse\"");
  CheckFailed(carnet.Run({"chips", "--chips", "none.csv"}), 3, "none.csv");
}

BOOST_AUTO_TEST_SUITE_END()

// The story's device is a CPU: a catalogue of chips changes nothing but what the verdict names.
BOOST_AUTO_TEST_SUITE(own_chips)

BOOST_AUTO_TEST_CASE(the_verdict_names_the_catalogues_that_went_first) {
  CliWorld world(Stage::kPassport);
  const auto verify = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"verify", "model", "--passport", "model.passport.sigstore.jsonl",
                               "--trust", "trust"});
    return world.Run(more);
  };
  BOOST_CHECK(verify({}).out.find("\nchips ") == std::string::npos);
  world.Write("own.csv", kOwn);
  const std::string digest = MustRun("sha256sum '" + world / "own.csv" + "'").substr(0, 64);
  CheckHas(verify({"--chips", "own.csv"}).out,
           "\nchips        the caller's catalogue goes before the shipped one: sha256:" + digest);
  world.Write("trust/chips.csv", kOwn);
  CheckHas(verify({}).out,
           "\nchips        the trust directory's catalogue goes before the shipped one: sha256:" +
               digest);
  const auto json = boost::json::parse(verify({"--chips", "own.csv", "--json"}).out);
  BOOST_REQUIRE_EQUAL(json.at("chips").as_array().size(), 2u);
  BOOST_CHECK_EQUAL(json.at("chips").at(0).at("of").as_string(), "trust");
  BOOST_CHECK_EQUAL(json.at("chips").at(1).at("of").as_string(), "caller");
  CheckDone(verify({"--vsa", "v.json", "--key", "lab.key"}));
  CheckHas(world.Must({"inspect", "v.json"}), "urn:carnet:chips:trust");
}

BOOST_AUTO_TEST_CASE(a_broken_catalogue_leaves_the_verdict_open) {
  CliWorld world(Stage::kPassport);
  const auto verify = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"verify", "model", "--passport", "model.passport.sigstore.jsonl",
                               "--trust", "trust"});
    return world.Run(more);
  };
  world.Write("bad.csv", "chips\n");
  CheckFailed(verify({"--chips", "bad.csv"}), 3, "bad.csv: line 1: expected \"chip,variant_of,");
  CheckFailed(verify({"--chips", "none.csv"}), 3, "none.csv");
  world.Write("trust/chips.csv", std::string(kOwn) + "x\n");
  CheckFailed(verify({}), 3, "chips.csv: line 3: expected 10 fields");
}

BOOST_AUTO_TEST_SUITE_END()
