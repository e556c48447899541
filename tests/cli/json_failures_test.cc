// With --json a command that fails prints one document, whatever went wrong.
#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
};

// The text of standard error, less the words before it.
std::string Reported(const Ran& ran, const std::string& what) {
  const std::string begin = "carnet: " + what + ": ";
  const size_t at = ran.err.find(begin);
  if (at == ran.err.npos) return "";
  return ran.err.substr(at + begin.size(), ran.err.find('\n', at) - at - begin.size());
}

// The document agrees with the exit status and with what people are told.
void CheckDocument(const Ran& ran, int status, const std::string& code) {
  BOOST_CHECK_EQUAL(ran.status, status);
  boost::system::error_code error;
  const auto document = boost::json::parse(ran.out, error);
  BOOST_REQUIRE_MESSAGE(!error, "\"" << ran.out << "\" after " << ran.err);
  BOOST_CHECK_EQUAL(NamesIn(document), "error exit");
  BOOST_CHECK_EQUAL(document.at("exit").as_int64(), status);
  const auto& failed = document.at("error").as_object();
  BOOST_CHECK_EQUAL(std::string(failed.at("code").as_string()), code);
  BOOST_CHECK_EQUAL(std::string(failed.at("message").as_string()), Reported(ran, "error"));
  BOOST_CHECK(!failed.at("message").as_string().empty());
  const std::string hint = Reported(ran, "hint");
  BOOST_CHECK_EQUAL(NamesIn(document.at("error")),
                    hint.empty() ? "code message" : "code hint message");
  if (!hint.empty()) BOOST_CHECK_EQUAL(std::string(failed.at("hint").as_string()), hint);
}

struct Failing {
  const char* name;
  std::vector<std::string> arguments;
  int status;
  const char* code;
};
std::ostream& operator<<(std::ostream& out, const Failing& failing) { return out << failing.name; }

const Failing kFailing[] = {
    {"digest", {"digest", "none", "--json"}, 3, "not-found"},
    {"oms_digest", {"oms", "digest", "none", "--json"}, 3, "not-found"},
    {"oms_sign_key",
     {"oms", "sign", "key", "m", "--private-key", "none", "--json"},
     3,
     "not-found"},
    {"oms_sign_certificate",
     {"oms", "sign", "certificate", "m", "--private-key", "none", "--signing-certificate", "c",
      "--json"},
     3,
     "not-found"},
    {"oms_verify_key",
     {"oms", "verify", "key", "m", "--signature", "s", "--public-key", "none", "--json"},
     3,
     "not-found"},
    {"oms_verify_certificate",
     {"oms", "verify", "certificate", "m", "--signature", "s", "--certificate-chain", "none",
      "--json"},
     3,
     "not-found"},
    {"oms_sign_sigstore",
     {"oms", "sign", "sigstore", "none", "--signing-config", "c", "--json"},
     3,
     "not-found"},
    {"oms_verify_sigstore",
     {"oms", "verify", "sigstore", "m", "--signature", "s", "--identity", "i",
      "--identity-provider", "p", "--trusted-root", "none", "--json"},
     3,
     "not-found"},
    {"ledger_info", {"ledger", "info", "none", "--json"}, 3, "not-found"},
    {"ledger_fsck", {"ledger", "fsck", "none", "--json"}, 3, "not-found"},
    {"ledger_append",
     {"ledger", "append", "none", "--key", "k", "--ledger", "l", "--json"},
     3,
     "not-found"},
    {"attest",
     {"attest", "--json", "none", "--kind", "device", "--ledger", "l", "--key", "k"},
     3,
     "not-found"},
    {"chips", {"chips", "--chips", "none", "--json"}, 3, "not-found"},
    {"find", {"find", "--since-size", "0", "--ledger", "none", "--json"}, 3, "not-found"},
    {"show", {"show", "aaaaaaaa", "--ledger", "none", "--json"}, 3, "not-found"},
    {"ledger_consistency",
     {"ledger", "consistency", "a", "b", "--ledger", "none", "--json"},
     3,
     "not-found"},
    {"verify_consistency",
     {"verify-consistency", "a", "--proof", "p", "--vkey", "v", "--json"},
     3,
     "not-found"},
    {"verify_proof", {"verify-proof", "p", "--vkey", "v", "--json"}, 3, "not-found"},
    {"run_open",
     {"run", "open", "--dir", "r", "none", "--ledger", "l", "--key", "k", "--json"},
     3,
     "not-found"},
    {"run_segment",
     {"run", "segment", "--dir", "r", "none", "--checkpoint", "c", "--ledger", "l", "--key", "k",
      "--json"},
     3,
     "not-found"},
    {"run_complete",
     {"run", "complete", "--dir", "r", "--model", "m", "--ledger", "l", "--key", "k", "--json"},
     3,
     "not-found"},
    {"run_abort",
     {"run", "abort", "--dir", "r", "--reason", "x", "--ledger", "l", "--key", "k", "--json"},
     3,
     "not-found"},
    {"run_status", {"run", "status", "--dir", "bad.json", "--json"}, 3, "io"},
    {"passport_issue",
     {"passport", "issue", "m", "--run", "r", "--draft", "none", "--trust", "t", "--ledger", "l",
      "--key", "k", "--json"},
     3,
     "not-found"},
    {"config", {"config", "--config", "none.toml", "--json"}, 3, "not-found"},
    {"trust_check", {"trust", "check", "--trust", "none", "--json"}, 3, "not-found"},
    {"policy_check", {"policy", "check", "none", "--json"}, 3, "not-found"},
    {"check",
     {"check", "r", "--trust", "t", "--ledger", "l", "--key", "k", "--json"},
     3,
     "not-found"},
    {"verify", {"verify", "m", "--passport", "p", "--trust", "t", "--json"}, 3, "not-found"},
    {"verify_all", {"verify-all", "m", "--trust", "none", "--json-lines"}, 3, "not-found"},
    {"admit",
     {"admit", "m", "--dir", "r", "--trust", "none", "--ledger", "l", "--key", "k", "--json"},
     3,
     "not-found"},
    {"sign_blob",
     {"sign-blob", "none", "--bundle", "b", "--key", "none", "--json"},
     3,
     "not-found"},
    {"verify_blob",
     {"verify-blob", "none", "--bundle", "none", "--key", "none", "--json"},
     3,
     "not-found"},
    {"verify_attestation",
     {"verify-attestation", "none", "--bundle", "none", "--key", "none", "--json"},
     3,
     "not-found"},
    {"flops", {"flops", "--json", "--chip", "none", "--days", "1"}, 3, "not-found"},
    {"policy_list", {"policy", "list", "--trust", "bad.json", "--json"}, 3, "io"},
    {"policy_show", {"policy", "show", "none", "--json"}, 3, "not-found"},
    {"inspect", {"inspect", "none", "--json"}, 3, "not-found"},
    {"inspect_malformed", {"inspect", "bad.json", "--json"}, 1, "malformed"},
    {"trace",
     {"trace", std::string(64, 'a'), "--ledger", "none", "--format", "json"},
     3,
     "not-found"},
    {"usage_required", {"verify", "m", "--json"}, 2, "usage"},
    {"usage_unknown_option", {"verify", "m", "--json", "--pasport", "p"}, 2, "usage"},
    {"usage_unknown_command", {"verfy", "--json"}, 2, "usage"},
    {"usage_of_the_command", {"flops", "--json"}, 2, "usage"},
    {"usage_json_lines", {"verify-all", "--json-lines"}, 2, "usage"},
    {"usage_no_json_here", {"ledger", "checkpoint", "l", "--json"}, 2, "usage"},
    {"hostile_bytes", {"digest", "\xff\x1b\"", "--json"}, 3, "not-found"},
};

// The commands whose help lists --json.
std::set<std::string> CommandsWithJson(const CarnetProcess& carnet) {
  std::set<std::string> commands;
  for (const std::string& command : LeafCommands(carnet)) {
    if (carnet.Shell("carnet " + command + " --help").out.find("\n  --json") != std::string::npos)
      commands.insert(command);
  }
  return commands;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(json_failures, Fixture)

BOOST_DATA_TEST_CASE_F(Fixture, one_document_says_what_people_are_told, kFailing, failing) {
  folder.Write("bad.json", "{]");
  CheckDocument(carnet.Run(failing.arguments), failing.status, failing.code);
}

BOOST_AUTO_TEST_CASE(every_command_with_json_fails_here) {
  std::set<std::string> tried;
  for (const Failing& failing : kFailing) {
    std::string words;
    for (size_t i = 0; i < 3 && i < failing.arguments.size(); ++i) {
      words += (words.empty() ? "" : " ") + failing.arguments[i];
      tried.insert(words);
    }
  }
  const auto commands = CommandsWithJson(carnet);
  BOOST_CHECK_GE(commands.size(), 14U);
  for (const std::string& command : commands) BOOST_CHECK_MESSAGE(tried.contains(command), command);
}

BOOST_AUTO_TEST_CASE(without_json_nothing_is_on_standard_output) {
  CheckFailed(carnet.Run({"digest", "none"}), 3, "none");
}

BOOST_AUTO_TEST_CASE(a_no_is_a_result_and_not_a_failure) {
  CliWorld world(Stage::kPassport);
  world.Write("model/config.json", "{ }");
  const Ran ran = world.Run({"verify", "model", "--passport", "model.passport.sigstore.jsonl",
                             "--trust", "trust", "--json"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  const auto verdict = boost::json::parse(ran.out);
  BOOST_CHECK_EQUAL(std::string(verdict.at("decision").as_string()), "fail");
  BOOST_CHECK(!verdict.as_object().contains("error"));
  // Nor does a signature that cannot be made add a second document.
  const Ran unsigned_no =
      world.Run({"verify", "model", "--passport", "model.passport.sigstore.jsonl", "--trust",
                 "trust", "--vsa", "v.json", "--key", "none.key", "--json"});
  BOOST_CHECK_EQUAL(unsigned_no.status, 1);
  BOOST_CHECK(!boost::json::parse(unsigned_no.out).as_object().contains("error"));
}

BOOST_AUTO_TEST_SUITE_END()
