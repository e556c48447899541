// `carnet policy new`, `policy check`.
#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

struct Fixture {
  Fixture() {
    fs::create_directories(folder / "trust/policies");
    carnet.Set("CARNET_TRUST", "trust");
  }
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  boost::json::value Toml(const std::string& name) const {
    return boost::json::parse(
        MustRun("python3 -c 'import json,sys,tomllib; "
                "print(json.dumps(tomllib.load(open(sys.argv[1],\"rb\"))))' " +
                (folder / name)));
  }
  boost::json::value Shipped(const std::string& id) const {
    fs::copy_file(fs::path(CARNET_POLICIES) / (id + ".toml"), folder / "shipped.toml",
                  fs::copy_options::overwrite_existing);
    return Toml("shipped.toml");
  }
  Ran Check(const std::string& text) const {
    folder.Write("trust/policies/own.toml", text);
    return carnet.Run({"policy", "check", "own"});
  }
};

constexpr char kHead[] =
    "id = \"own\"\ntitle = \"t\"\njurisdiction = \"j\"\nsubject = \"s\"\ncounting = \"c\"\n"
    "checked_on = \"2026-11-01\"\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(policy_files, Fixture)

BOOST_DATA_TEST_CASE_F(Fixture, a_new_policy_is_a_copy_under_its_own_id,
                       boost::unit_test::data::make(std::vector<std::string>{
                           "hub-default", "hub-complete", "eu-gpai", "eu-systemic"}),
                       from) {
  const Ran made = carnet.Run({"policy", "new", "own", "--from", from});
  CheckDone(made);
  BOOST_CHECK_EQUAL(made.out, "trust/policies/own.toml\n");
  auto expected = Shipped(from);
  expected.as_object()["id"] = "own";
  BOOST_CHECK_EQUAL(Toml("trust/policies/own.toml"), expected);
  CheckDone(carnet.Run({"policy", "check", "own"}));
  CheckDone(carnet.Run({"policy", "check", "trust/policies/own.toml"}));
  CheckFailed(carnet.Run({"policy", "new", "own"}), 3, "own.toml: the file already exists");
}

BOOST_AUTO_TEST_CASE(every_comment_of_a_new_policy_is_a_line_that_reads) {
  CheckDone(carnet.Run({"policy", "new", "own", "--from", "hub-default"}));
  const std::string file = folder / "trust/policies/own.toml";
  // The table of the shipped one would be there twice.
  MustRun("sed -i -e '/^\\[requirements\\]/,/^level/d' -e 's/^# \\(\\[\\|[a-z_]* = \\)/\\1/' " +
          file);
  const Ran ran = carnet.Run({"policy", "check", "own"});
  CheckDone(ran);
  for (const char* part :
       {"own: level 2 (complete), data used stated, intended deployment stated, nothing "
        "undisclosed in FLOP, tokens, inputs and initial weights, no run entered after the fact, "
        "not unattested: lineage, compute, not undisclosed: lineage, compute\n",
        "our-line: total > 1.0e25 FLOP, reported\n"}) {
    BOOST_CHECK_MESSAGE(ran.out.find(part) != ran.out.npos, part << " is not in " << ran.out);
  }
  BOOST_CHECK_EQUAL(ran.err, "");
}

BOOST_AUTO_TEST_CASE(a_copy_of_a_copy_works) {
  CheckDone(carnet.Run({"policy", "new", "one", "--from", "eu-gpai"}));
  CheckDone(carnet.Run({"policy", "new", "two", "--from", "one"}));
  BOOST_CHECK_EQUAL(Toml("trust/policies/two.toml").at("threshold").as_array().size(), 1U);
  CheckFailed(carnet.Run({"policy", "new", "three", "--from", "missing"}), 3, "\"missing\"");
  CheckFailed(carnet.Run({"policy", "new", "three", "--from", "../../secret"}), 3, "no policy");
  CheckFailed(carnet.Run({"policy", "new", "three", "--trust", "nowhere"}), 3, "nowhere");
}

BOOST_AUTO_TEST_CASE(an_id_on_the_line_of_another_value_is_not_guessed_at) {
  folder.Write("trust/policies/odd.toml",
               "title = \"\"\"\nid = \"x\"\n\"\"\"\nid = \"odd\"\njurisdiction = \"j\"\n"
               "subject = \"s\"\ncounting = \"c\"\nchecked_on = \"2026-11-01\"\n");
  const Ran ran = carnet.Run({"policy", "new", "own", "--from", "odd"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK(!fs::exists(folder / "trust/policies/own.toml"));
}

BOOST_AUTO_TEST_CASE(what_a_name_of_a_shipped_policy_means_is_said) {
  const Ran always = carnet.Run({"policy", "new", "hub-default"});
  CheckDone(always);
  BOOST_CHECK(always.err.find("part of every policy") != always.err.npos);
  const Ran first = carnet.Run({"policy", "new", "eu-gpai", "--from", "eu-gpai"});
  CheckDone(first);
  BOOST_CHECK(first.err.find("goes before the shipped policy") != first.err.npos);
}

BOOST_AUTO_TEST_CASE(a_shipped_policy_in_words) {
  const Ran ran = carnet.Run({"policy", "check", "eu-gpai", "--at", "2025-08-01"});
  CheckDone(ran);
  for (const char* part :
       {"policy        eu-gpai: EU AI Act", "demands       hub-default: level 1 (stated)\n",
        "demands       eu-gpai: nothing more\n",
        "threshold     indicative-gpai: update > 1.0e23 FLOP, reported\n",
        "along fine-tuned-from, initialised-from",
        "in force from 2025-08-02: decides nothing on 2025-08-01\n"}) {
    BOOST_CHECK_MESSAGE(ran.out.find(part) != ran.out.npos, part << " is not in " << ran.out);
  }
  const Ran later = carnet.Run({"policy", "check", "eu-gpai", "--at", "2025-08-02"});
  BOOST_CHECK(later.out.find("in force from 2025-08-02: decides on 2025-08-02\n") !=
              later.out.npos);
  const auto json = boost::json::parse(carnet.Run({"policy", "check", "eu-gpai", "--json"}).out);
  BOOST_CHECK_EQUAL(NamesIn(json), "checked_on id jurisdiction sha256 thresholds title warnings");
}

BOOST_AUTO_TEST_CASE(errors_have_file_and_line) {
  CheckFailed(Check(std::string(kHead) + "levels = 2\n"), 1,
              "trust/policies/own.toml:7: levels: unknown key");
  CheckFailed(Check(std::string(kHead) + "[requirements]\nlevel = 9\n"), 1,
              "own.toml:8: requirements.level: expected 1 to 5");
  CheckFailed(Check("id = \"other\"" + std::string(kHead).substr(10)), 1,
              "own.toml: id: \"other\" is not the name of its file");
  CheckFailed(carnet.Run({"policy", "check", "missing"}), 3, "missing");
}

BOOST_AUTO_TEST_CASE(a_policy_that_refuses_everything_is_warned_of) {
  const auto warns = [&](const std::string& rest, const std::string& warning) {
    const Ran ran = Check(kHead + rest);
    CheckDone(ran);
    BOOST_CHECK_MESSAGE(ran.err.find(warning) != ran.err.npos, ran.err);
  };
  warns("[requirements]\nlevel = 3\n",
        "own demands level 3, and no verdict of this version is "
        "above 2: every passport is refused");
  warns("[when_unattested]\nhardware = \"refuse\"\n[when_undisclosed]\nhardware = \"refuse\"\n",
        "own refuses the row hardware where it is unattested");
  warns("[when_unattested]\ncompute = \"refuse\"\n", "who withholds more passes");
}

BOOST_AUTO_TEST_SUITE_END()
