// `carnet verify-all`: the back catalogue of a hub.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kEnding[] = ".passport.sigstore.jsonl";

// hub/: `good` with its passport beside it, `inside` with it in its folder; the others as the tests
// want them.
struct Fixture {
  CliWorld world{Stage::kPassport};

  Fixture() {
    fs::create_directory(world / "hub");
    Publish("good");
    Model("inside");
    fs::copy(world / "model.passport.sigstore.jsonl",
             world / ("hub/inside/x" + std::string(kEnding)));
  }
  void Model(const std::string& name) {
    fs::create_directories(fs::path(world / ("hub/" + name)).parent_path());
    fs::copy(world / "model", world / ("hub/" + name), fs::copy_options::recursive);
  }
  void Publish(const std::string& name) {
    Model(name);
    fs::copy(world / "model.passport.sigstore.jsonl", world / ("hub/" + name + kEnding));
  }
  Ran VerifyAll(std::vector<std::string> more = {}, const std::string& folder = "hub") {
    more.insert(more.begin(), {"verify-all", folder, "--trust", "trust"});
    return world.Run(more);
  }
  std::vector<boost::json::object> Lines(const Ran& ran) {
    std::vector<boost::json::object> lines;
    for (const std::string& line : LinesOf(ran.out)) {
      lines.push_back(boost::json::parse(line).as_object());
    }
    return lines;
  }
  // "good:pass inside:pass …", and the summary's exit status.
  std::string Outcomes(const Ran& ran) {
    std::string text;
    for (const auto& line : Lines(ran)) {
      if (!line.contains("path")) return text + std::to_string(line.at("exit").as_int64());
      text += std::string(line.at("path").as_string()) + ":" +
              std::string(line.at("outcome").as_string()) + " ";
    }
    return text;
  }
  void CheckOutcomes(int status, const std::string& outcomes, std::vector<std::string> more = {}) {
    more.emplace_back("--json-lines");
    const Ran ran = VerifyAll(more);
    BOOST_CHECK_EQUAL(ran.status, status);
    BOOST_CHECK_EQUAL(ran.err, "");
    BOOST_CHECK_EQUAL(Outcomes(ran), outcomes + std::to_string(status));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(verify_all, Fixture)

BOOST_AUTO_TEST_CASE(all_pass_a_line_each_and_a_sum) {
  const Ran ran = VerifyAll();
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "");
  BOOST_CHECK_EQUAL(ran.out,
                    "pass         good: level 2 (complete)\n"
                    "pass         inside: level 2 (complete)\n"
                    "2 models: 2 passed, 0 failed, 0 without a passport, 0 not judged\n");
}

BOOST_AUTO_TEST_CASE(json_lines_have_the_documents_of_verify) {
  world.Write("hub/inside/config.json", "{\"x\":1}\n");
  const Ran ran = VerifyAll({"--json-lines", "--policy", "eu-gpai", "--at", "2026-11-01"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  const auto lines = Lines(ran);
  BOOST_REQUIRE_EQUAL(lines.size(), 3U);
  for (const auto& [number, name] : {std::pair(0U, "good"), std::pair(1U, "inside")}) {
    BOOST_CHECK_EQUAL(NamesIn(lines[number]), "outcome passport_file path verdict");
    const Ran one = world.Run({"verify", std::string("hub/") + name, "--trust", "trust", "--policy",
                               "eu-gpai", "--at", "2026-11-01", "--json"});
    auto alone = boost::json::parse(one.out).as_object();
    auto together = lines[number].at("verdict").as_object();
    for (auto* verdict : {&alone, &together}) verdict->erase("now");
    BOOST_CHECK_EQUAL(boost::json::serialize(together), boost::json::serialize(alone));
  }
  BOOST_CHECK_EQUAL(lines[0].at("passport_file").as_string(), "hub/good.passport.sigstore.jsonl");
  BOOST_CHECK_EQUAL(lines[1].at("verdict").at("reason").as_string(), "files-differ-tensors-agree");
  BOOST_CHECK_EQUAL(boost::json::serialize(lines[2]),
                    R"({"summary":{"models":2,"pass":1,"fail":1,"no-passport":0,"not-judged":0,)"
                    R"("no-model":0,"complete":true},"exit":1})");
}

BOOST_AUTO_TEST_CASE(a_model_without_a_passport_is_neither_a_pass_nor_a_fail) {
  Model("bare");
  CheckOutcomes(1, "bare:no-passport good:pass inside:pass ");
  CheckOutcomes(0, "bare:no-passport good:pass inside:pass ", {"--allow-unpassported"});
  const Ran text = VerifyAll();
  BOOST_CHECK_EQUAL(LinesOf(text.out)[0], "no passport  bare");
  BOOST_CHECK_EQUAL(LinesOf(text.out)[3],
                    "3 models: 2 passed, 0 failed, 1 without a passport, 0 not judged");
  // Nor does the option make a no of another kind a yes.
  world.Write("hub/inside/config.json", "{\"x\":1}\n");
  CheckOutcomes(1, "bare:no-passport good:pass inside:fail ", {"--allow-unpassported"});
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_judged_keeps_no_other_back) {
  Publish("a");
  fs::copy(world / "model.passport.sigstore.jsonl", world / "hub/a/x.passport.sigstore.jsonl");
  Publish("b");
  fs::remove(world / "hub/b.passport.sigstore.jsonl");
  fs::create_directory(world / "hub/b.passport.sigstore.jsonl");
  fs::create_symlink("good", world / "hub/latest");
  const Ran ran = VerifyAll({"--json-lines"});
  BOOST_CHECK_EQUAL(ran.status, 3);
  const auto lines = Lines(ran);
  BOOST_CHECK_EQUAL(Outcomes(ran),
                    "a:not-judged b:not-judged b.passport.sigstore.jsonl:no-passport good:pass "
                    "inside:pass latest:not-judged 3");
  BOOST_CHECK(lines[0].at("error").at("message").as_string().starts_with(
      "hub/a: 2 passports, such as hub/a/x.passport.sigstore.jsonl"));
  BOOST_CHECK_EQUAL(lines[0].at("error").at("code").as_string(), "conflict");
  BOOST_CHECK_EQUAL(NamesIn(lines[0]), "error outcome path");
  BOOST_CHECK_EQUAL(lines[5].at("error").at("message").as_string(),
                    "a symbolic link, and links are not followed");
}

BOOST_AUTO_TEST_CASE(what_a_models_files_cause_is_a_no) {
  fs::create_symlink("/etc/hostname", world / "hub/good/link");
  fs::remove_all(world / "hub/inside/config.json");
  fs::remove_all(world / "hub/inside/model.safetensors");
  const Ran ran = VerifyAll({"--json-lines"});
  BOOST_CHECK_EQUAL(Outcomes(ran), "good:fail inside:fail 1");
  BOOST_CHECK_EQUAL(Lines(ran)[0].at("error").at("message").as_string(),
                    "link: is a symbolic link, and links are not followed");
  BOOST_CHECK(!Lines(ran)[0].contains("verdict"));
}

// It could lead to any file that the hub can read.
BOOST_AUTO_TEST_CASE(a_passport_that_is_a_link_is_read_only_where_links_are_followed) {
  fs::rename(world / "hub/good.passport.sigstore.jsonl", world / "elsewhere");
  fs::create_symlink("../elsewhere", world / "hub/good.passport.sigstore.jsonl");
  CheckOutcomes(3, "good:not-judged inside:pass ");
  CheckOutcomes(0, "good:pass inside:pass ", {"--follow"});
}

BOOST_AUTO_TEST_CASE(files_that_are_no_models_are_named) {
  world.Write("hub/README.md", "x");
  world.Write("hub/gone.passport.sigstore.jsonl", "x");
  CheckOutcomes(0,
                "README.md:no-model gone.passport.sigstore.jsonl:no-model good:pass inside:pass ");
  const Ran ran = VerifyAll({"--json-lines"});
  BOOST_CHECK_EQUAL(NamesIn(Lines(ran)[0]), "outcome path why");
  BOOST_CHECK(VerifyAll().out.ends_with("0 not judged; 2 entries are no model\n"));
}

BOOST_AUTO_TEST_CASE(a_depth_reaches_the_models_of_each_owner) {
  Publish("lab/finch");
  Model("lab/heron");
  fs::remove_all(world / "hub/good");
  fs::remove_all(world / "hub/good.passport.sigstore.jsonl");
  fs::remove_all(world / "hub/inside");
  CheckOutcomes(1, "lab:fail ");  // as a model it has other files than the passport in it says
  CheckOutcomes(1, "lab/finch:pass lab/heron:no-passport ", {"--depth", "2"});
}

BOOST_AUTO_TEST_CASE(passports_may_be_kept_apart_from_the_models) {
  Publish("lab/finch");
  fs::create_directories(world / "papers/lab");
  fs::rename(world / "hub/lab/finch.passport.sigstore.jsonl",
             world / "papers/lab/finch.passport.sigstore.jsonl");
  Model("lab/heron");
  fs::create_directories(world / "papers/lab/heron");
  fs::copy(world / "model.passport.sigstore.jsonl", world / "papers/lab/heron/claims.jsonl");
  const Ran ran = VerifyAll({"--json-lines", "--passports", "papers", "--depth", "2"});
  BOOST_CHECK_EQUAL(ran.status, 1);  // `good` and `inside` have only what lies with the models
  const auto lines = Lines(ran);
  BOOST_CHECK(Outcomes(ran).find("lab/finch:pass lab/heron:pass") != std::string::npos);
  for (const auto& line : lines) {
    if (line.contains("passport_file")) {
      BOOST_CHECK(line.at("passport_file").as_string().starts_with("papers/lab/"));
    }
  }
  CheckFailed(VerifyAll({"--passports", "nowhere"}), 3, "nowhere: no such folder");
}

BOOST_AUTO_TEST_CASE(the_order_and_the_results_do_not_depend_on_the_jobs) {
  for (int i = 0; i < 40; ++i) {
    const std::string name = "m" + std::to_string(i);
    i % 3 == 0 ? Model(name) : Publish(name);
    if (i % 5 == 0) world.Write("hub/" + name + "/config.json", "{\"x\":1}\n");
  }
  const Ran one = VerifyAll({"--jobs", "1"});
  BOOST_CHECK_EQUAL(one.status, 1);
  BOOST_CHECK_EQUAL(LinesOf(one.out).size(), 43U);
  for (const char* jobs : {"2", "7", "64"}) {
    BOOST_CHECK_EQUAL(VerifyAll({"--jobs", jobs}).out, one.out);
  }
  BOOST_CHECK_EQUAL(VerifyAll().out, one.out);
}

BOOST_AUTO_TEST_CASE(hostile_names_reach_neither_the_terminal_nor_break_a_line) {
  const std::string escape = "\x1b[2Jgood\n\"}";
  Publish(escape);
  Publish("\xff");
  const Ran text = VerifyAll();
  CheckDone(text);
  BOOST_CHECK_EQUAL(LinesOf(text.out)[0], "pass         \\x1b[2Jgood\\x0a\"}: level 2 (complete)");
  BOOST_CHECK_EQUAL(LinesOf(text.out)[3], "pass         \\xff: level 2 (complete)");
  const auto lines = Lines(VerifyAll({"--json-lines"}));
  BOOST_CHECK_EQUAL(std::string(lines[0].at("path").as_string()), escape);  // as it is
  BOOST_CHECK_EQUAL(lines[3].at("path_hex").as_string(), "ff");
}

BOOST_AUTO_TEST_CASE(nothing_to_judge_is_no_pass) {
  fs::create_directory(world / "empty");
  const Ran ran = VerifyAll({}, "empty");
  BOOST_CHECK_EQUAL(ran.status, 3);
  BOOST_CHECK_EQUAL(ran.err, "carnet: error: empty: no model, at --depth 1\n");
  world.Write("empty/README.md", "x");
  BOOST_CHECK_EQUAL(VerifyAll({"--json-lines"}, "empty").status, 3);
  CheckFailed(VerifyAll({}, "nowhere"), 3, "nowhere: open folder");
  CheckFailed(VerifyAll({}, "run.json"), 3, "run.json: open folder");
}

BOOST_AUTO_TEST_CASE(what_is_the_callers_stops_all) {
  CheckFailed(world.Run({"verify-all", "hub", "--trust", "nowhere"}), 3, "nowhere");
  CheckFailed(VerifyAll({"--policy", "nobodys"}), 3, "nobodys");
}

// A project file that came with the models has no say.
BOOST_AUTO_TEST_CASE(a_project_file_among_the_models_gives_nothing) {
  world.Write("hub/carnet.toml", "trust = \"../trust\"\n");
  const Ran ran = world.carnet().Shell("cd hub && carnet verify-all .");
  BOOST_CHECK_EQUAL(ran.status, 2);
  BOOST_CHECK_MESSAGE(ran.err.find("in or beside the model that is judged") != ran.err.npos,
                      ran.err);
  world.Write("carnet.toml", "trust = \"trust\"\n");
  CheckDone(world.Run({"verify-all", "hub"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(verify_all_stopped, Fixture)

// A passport that is a pipe which somebody holds open would wait for ever; so a model is made slow
// by its size, and the signal comes while it is read.
BOOST_AUTO_TEST_CASE(a_signal_ends_it_after_the_models_at_hand) {
  Publish("aslow");
  fs::resize_file(world / "hub/aslow/model.safetensors", uint64_t{3} << 30);  // sparse
  const Ran ran = world.carnet().Shell(
      "carnet verify-all hub --trust trust --jobs 1 --json-lines > out & pid=$!; "
      "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; "
      "ls -l /proc/$pid/fd 2>/dev/null | grep -q safetensors && break; done; "
      "kill -TERM $pid; wait $pid");
  BOOST_CHECK_EQUAL(ran.status, 3);
  BOOST_CHECK_EQUAL(ran.err,
                    "carnet: error: stopped before the end: 1 of 3 entries have a result\n");
  const Ran whole{0, world.Read("out"), ""};
  BOOST_CHECK_EQUAL(Outcomes(whole), "aslow:fail 3");
  BOOST_CHECK(!Lines(whole).back().at("summary").at("complete").as_bool());
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_ends_it) {
  const Ran ran = world.carnet().Shell(
      "(carnet verify-all hub --trust trust --jobs 1; echo $? >status) | true; cat status");
  BOOST_CHECK(ran.out == "3\n" || ran.out == "0\n");  // 0: all was in the pipe before
  const Ran full = world.carnet().Shell("carnet verify-all hub --trust trust > /dev/full");
  CheckFailed(full, 3, "standard output: could not be written");
}

BOOST_AUTO_TEST_SUITE_END()
