#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Command {
  const char* words;
  const char* usage;    // after the command
  const char* options;  // each must be listed, with its default in brackets where it has one
};
std::ostream& operator<<(std::ostream& out, const Command& command) { return out << command.words; }

const Command kCommands[] = {
    {"init", "[OPTIONS] role",
     "--dir TEXT=.|--party TEXT REQUIRED|--name TEXT|--ledger TEXT|--with-ledger|--origin TEXT|"
     "--own-devices|--no-password"},
    {"config", "[OPTIONS]", "--config TEXT|--json"},
    {"keygen", "[OPTIONS]", "--out TEXT=carnet|--in TEXT|--no-password|--force"},
    {"passwd", "[OPTIONS] key", "--no-password"},
    {"digest", "[OPTIONS] path...",
     "--tensors|--not-covered TEXT|--cover-all|--follow|--digest-cache TEXT|--json"},
    {"ledger init", "[OPTIONS] folder", "--origin TEXT REQUIRED|--guard TEXT"},
    {"ledger info", "[OPTIONS] [folder]", "--json"},
    {"ledger checkpoint", "[OPTIONS] [folder]", ""},
    {"ledger fsck", "[OPTIONS] [folder]", "--guard TEXT|--json"},
    {"ledger compact", "[OPTIONS] [folder]", ""},
    {"ledger trust", "[OPTIONS] [folder]", "--out TEXT|--operator TEXT|--force"},
    {"ledger append", "[OPTIONS] bundles...",
     "--key TEXT|--trust TEXT|--ledger TEXT|--guard TEXT|--append-anyway|--out TEXT|--force|"
     "--json"},
    {"draft", "[OPTIONS] kind",
     "--set TEXT|--dataset TEXT|--device TEXT|--allocation TEXT|--cpu|--key TEXT|--files|--dir|"
     "--lane UINT|--ledger TEXT|--all|--out TEXT|--follow|--force"},
    {"attest", "[OPTIONS] [file]",
     "--kind TEXT:{dataset,device,allocation,run,segment,completion,passport} REQUIRED|--ledger "
     "TEXT|--key TEXT|--files TEXT|--nonce TEXT|--out TEXT|"
     "--set TEXT|--device TEXT|--cpu|--identity-token TEXT|--certificate TEXT|--signing-config "
     "TEXT|--fulcio-url TEXT|--timestamp-url|--trusted-root TEXT|--follow|--digest-cache TEXT|"
     "--force|--json"},
    {"run open", "[OPTIONS] [draft]",
     "--set TEXT|--dataset TEXT|--device TEXT|--allocation TEXT|--this-machine|--cpu|"
     "--dir TEXT REQUIRED|--nonce TEXT|--ledger TEXT|--key TEXT|--json"},
    {"run segment", "[OPTIONS] [draft]",
     "--set TEXT|--dir TEXT REQUIRED|--checkpoint TEXT REQUIRED|--not-covered "
     "TEXT|--cover-all|--lane "
     "UINT:UINT in [0 - "
     "99999]=0|--follow|--digest-cache TEXT|--json"},
    {"run complete", "[OPTIONS] [draft]",
     "--set TEXT|--model TEXT REQUIRED|--dir TEXT REQUIRED|--digest-cache TEXT|--json"},
    {"run abort", "[OPTIONS]", "--reason TEXT|--dir TEXT REQUIRED|--json"},
    {"run status", "[OPTIONS]", "--dir TEXT REQUIRED|--json"},
    {"passport issue", "[OPTIONS] model",
     "--draft TEXT|--set TEXT|--run TEXT|--completion TEXT|--parent-model TEXT|"
     "--trust TEXT|--not-covered TEXT|--cover-all|"
     "--policy TEXT=hub-default|--at TEXT|--chips TEXT|--out TEXT|--claims "
     "TEXT|--oms|--force|--json"},
    {"passport collect", "[OPTIONS] statement", "--ledger TEXT|--out TEXT|--force"},
    {"check", "[OPTIONS] run", "--model TEXT|--draft TEXT|--trust TEXT|--json"},
    {"verify", "[OPTIONS] model...",
     "--passport TEXT|--trust TEXT|--policy TEXT=hub-default|--at TEXT|--chips TEXT|"
     "--vsa TEXT|--key TEXT|--ledger TEXT|--threads UINT:INT in [1 - "
     "256]=1|--follow|--force|--json"},
    {"verify-all", "[OPTIONS] folder",
     "--depth UINT:UINT in [1 - 16]=1|--passports TEXT|--trust TEXT|--policy TEXT=hub-default|"
     "--at TEXT|--chips TEXT|--follow|--jobs UINT:UINT in [1 - 256]|--allow-unpassported|"
     "--json-lines"},
    {"admit", "[OPTIONS] base [draft]",
     "--passport TEXT|--trust TEXT|--policy TEXT=hub-default|--at TEXT|--chips TEXT|--follow|"
     "--allow-unpassported|--relation "
     "TEXT:{fine-tuned-from,adapter-on,quantised-from,ablated-from,initialised-from,"
     "distilled-from}=fine-tuned-from|--by-digest|--dir,--run-dir TEXT REQUIRED|--set TEXT|"
     "--dataset TEXT|--device TEXT|--allocation TEXT|--this-machine|--cpu|--nonce TEXT|--ledger "
     "TEXT|--key TEXT|--sign-anyway|--dry-run|--json"},
    {"sign-blob", "[OPTIONS] artifact",
     "--bundle TEXT REQUIRED|--key TEXT|--certificate TEXT|--identity-token TEXT|--signing-config "
     "TEXT|--fulcio-url TEXT|--timestamp-url|--rekor-url TEXT|--trusted-root TEXT|--force|--json"},
    {"verify-blob", "[OPTIONS] artifact",
     "--bundle TEXT REQUIRED|--key TEXT|--certificate-identity TEXT|--certificate-identity-regexp "
     "TEXT|--certificate-oidc-issuer TEXT|--certificate-oidc-issuer-regexp TEXT|--trusted-root "
     "TEXT|--insecure-ignore-tlog|--insecure-ignore-sct|--json"},
    {"verify-attestation", "[OPTIONS] artifact",
     "--bundle TEXT REQUIRED|--key TEXT|--certificate-identity TEXT|--certificate-identity-regexp "
     "TEXT|--certificate-oidc-issuer TEXT|--certificate-oidc-issuer-regexp TEXT|--trusted-root "
     "TEXT|--type TEXT|--insecure-ignore-tlog|--insecure-ignore-sct|--json"},
    {"trace", "[OPTIONS] subject",
     "--ledger TEXT|--direction TEXT:{ancestors,descendants,both}|--format "
     "TEXT:{tree,json,dot,svg}=tree|--policy TEXT=eu-systemic|"
     "--at TEXT|--trust TEXT|--out TEXT|--force"},
    {"find", "[OPTIONS]",
     "--ledger TEXT|--dataset TEXT|--device TEXT|--allocation TEXT|--parent TEXT|"
     "--key TEXT|--party TEXT|--kind "
     "TEXT:{dataset,device,allocation,run,segment,completion,passport,verdict}|--since-size "
     "UINT|--since TEXT|--limit UINT|--trust TEXT|--json"},
    {"show", "[OPTIONS] statement", "--ledger TEXT|--trust TEXT|--json"},
    {"ledger consistency", "[OPTIONS] older newer",
     "--ledger TEXT|--trust TEXT|--out TEXT|--force|--json"},
    {"ledger proof", "[OPTIONS] statement", "--ledger TEXT|--out TEXT|--force"},
    {"verify-consistency", "[OPTIONS] older",
     "--proof TEXT REQUIRED|--vkey TEXT|--trust TEXT|--json"},
    {"verify-proof", "[OPTIONS] proof", "--entry TEXT|--vkey TEXT|--trust TEXT|--json"},
    {"flops", "[OPTIONS]",
     "--chip TEXT|--precision TEXT=bf16|--units TEXT=1|--days TEXT|--hours TEXT|"
     "--utilisation TEXT|--parameters TEXT|--tokens TEXT|--chips TEXT|--trust TEXT|"
     "--this-machine|--json"},
    {"chips", "[OPTIONS] [search]", "--chips TEXT|--trust TEXT|--json"},
    {"policy list", "[OPTIONS]", "--trust TEXT|--json"},
    {"policy show", "[OPTIONS] id", "--trust TEXT|--json"},
    {"policy new", "[OPTIONS] id", "--from TEXT=hub-default|--trust TEXT"},
    {"policy check", "[OPTIONS] policy", "--at TEXT|--trust TEXT|--json"},
    {"trust add", "[OPTIONS] key",
     "--party TEXT REQUIRED|--kinds TEXT:{dataset,device,allocation,run,segment,completion,"
     "passport,verdict} ... REQUIRED|--name TEXT|--from TEXT|--until TEXT|--from-size UINT|"
     "--until-size UINT|--log TEXT|--trust TEXT"},
    {"trust add-identity", "[OPTIONS]",
     "--issuer TEXT REQUIRED|--subject TEXT|--subject-regexp TEXT|"
     "--party TEXT REQUIRED|--kinds TEXT:{dataset,device,allocation,run,segment,completion,"
     "passport,verdict} ... REQUIRED|--name TEXT|--from TEXT|--until TEXT|--trust TEXT"},
    {"trust add-log", "[OPTIONS] file", "--operator TEXT|--trust TEXT"},
    {"trust check", "[OPTIONS]", "--trust TEXT|--json"},
    {"oms sign key", "[OPTIONS] model",
     "--ignore-paths,--ignore_paths TEXT|--ignore-git-paths,--ignore_git_paths|"
     "--allow-symlinks,--allow_symlinks|--signature TEXT=model.sig|"
     "--private-key,--private_key TEXT REQUIRED|--hash TEXT:{sha256,blake2b}=sha256|"
     "--shard-size,--shard_size UINT|--force|--json"},
    {"oms sign certificate", "[OPTIONS] model",
     "--private-key,--private_key TEXT REQUIRED|--signing-certificate,--signing_certificate TEXT "
     "REQUIRED|--certificate-chain,--certificate_chain TEXT|--json"},
    {"oms verify key", "[OPTIONS] model",
     "--signature TEXT REQUIRED|--public-key,--public_key TEXT REQUIRED|"
     "--ignore-unsigned-files,--ignore_unsigned_files|--json"},
    {"oms verify certificate", "[OPTIONS] model",
     "--signature TEXT REQUIRED|--certificate-chain,--certificate_chain TEXT ... REQUIRED|--json"},
    {"oms sign sigstore", "[OPTIONS] model",
     "--signature TEXT=model.sig|--identity-token,--identity_token TEXT|--signing-config TEXT|"
     "--fulcio-url TEXT|--rekor-url TEXT|--trusted-root TEXT|--force|--json"},
    {"oms verify sigstore", "[OPTIONS] model",
     "--signature TEXT REQUIRED|--identity TEXT REQUIRED|"
     "--identity-provider,--identity_provider TEXT REQUIRED|--trusted-root,--trusted_root TEXT|"
     "--json"},
    {"oms digest", "[OPTIONS] model", "--hash TEXT:{sha256,blake2b}=sha256|--json"},
    {"inspect", "[OPTIONS] file", "--json"},
    {"completion", "[OPTIONS] shell", ""},
    {"manual", "[OPTIONS]", ""},
};

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
};

void CheckHas(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != text.npos, "\"" << part << "\" is not in:\n" << text);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(help, Fixture)

BOOST_DATA_TEST_CASE_F(Fixture, shows_synopsis_options_defaults_and_an_example, kCommands,
                       command) {
  const std::string words = command.words;
  auto arguments = Split(words, ' ');
  arguments.push_back("--help");
  const Ran ran = carnet.Run(arguments);
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "");
  CheckHas(ran.out, "Usage: carnet " + words + " " + command.usage + "\n");
  for (const std::string& option : Split(command.options, '|')) CheckHas(ran.out, "  " + option);
  for (const char* option : {"-q,--quiet", "-v,--verbose"})
    CheckHas(ran.out, std::string("  ") + option);
  CheckHas(ran.out, "\nExample:\n  ");
  CheckHas(ran.out, "carnet " + words);
}

BOOST_DATA_TEST_CASE_F(Fixture, help_of_a_command_is_its_help_option, kCommands, command) {
  auto asked = Split(command.words, ' ');
  auto helped = asked;
  asked.push_back("--help");
  helped.insert(helped.begin(), "help");
  const Ran ran = carnet.Run(helped);
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, carnet.Run(asked).out);
}

BOOST_AUTO_TEST_CASE(the_program_lists_its_commands_and_exit_statuses) {
  const Ran ran = carnet.Run({"--help"});
  CheckDone(ran);
  for (const Command& command : kCommands) {
    CheckHas(ran.out, "\n  " + Split(command.words, ' ')[0] + " ");
  }
  CheckHas(ran.out,
           "Exit status: 0 yes or done, 1 no or refused, 2 wrong usage, 3 could not tell.");
}

BOOST_AUTO_TEST_CASE(help_alone_is_the_help_of_the_program) {
  const Ran asked = carnet.Run({"help"});
  BOOST_CHECK_EQUAL(asked.status, 0);
  BOOST_CHECK_EQUAL(asked.out, carnet.Run({"--help"}).out);
}

BOOST_AUTO_TEST_CASE(a_group_lists_its_commands) {
  for (const char* group : {"ledger", "run", "passport", "policy", "trust", "oms"}) {
    const Ran ran = carnet.Run({group, "--help"});
    CheckDone(ran);
    for (const Command& command : kCommands) {
      const auto words = Split(command.words, ' ');
      if (words[0] == group) CheckHas(ran.out, "\n  " + words[1] + " ");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_version_has_a_commit) {
  const Ran ran = carnet.Run({"--version"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.starts_with("carnet 0."));
  BOOST_CHECK(ran.out.ends_with(")\n"));
}

BOOST_AUTO_TEST_SUITE_END()

// What is generated from the help texts has all of them.
BOOST_FIXTURE_TEST_SUITE(texts, Fixture)

namespace {

// The names in `--help` of a command, as it prints them.
std::vector<std::string> OptionsIn(const std::string& help) {
  std::vector<std::string> names;
  for (const std::string& line : Split(help, '\n')) {
    const size_t at = line.find("--");
    if (!line.starts_with("  ") || at == line.npos || line.find_first_not_of(" -hqv,") < at)
      continue;
    names.push_back(line.substr(at, line.find_first_of(" ,", at) - at));
  }
  return names;
}

std::string WithoutRoff(std::string text) {
  for (const char* escape : {"\\fB", "\\fI", "\\fR", "\\&", "\\"}) {
    for (size_t at = 0; (at = text.find(escape, at)) != text.npos;) {
      text.erase(at, std::string(escape).size());
    }
  }
  return text;
}

// What bash offers for the last of these words.
std::string Offered(const CarnetProcess& carnet, const std::string& words) {
  const Ran ran = carnet.Shell("bash -c '. <(carnet completion bash); COMP_WORDS=(" + words +
                               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _carnet; echo "
                               "${COMPREPLY[@]}'");
  CheckDone(ran);
  return ran.out;
}

}  // namespace

BOOST_DATA_TEST_CASE_F(Fixture, manual_and_completions_have_every_option, kCommands, command) {
  const std::string words = command.words;
  auto arguments = Split(words, ' ');
  const std::string leaf = arguments.back();
  arguments.push_back("--help");
  const auto options = OptionsIn(carnet.Run(arguments).out);
  BOOST_REQUIRE(!options.empty());
  const std::string manual = WithoutRoff(carnet.Run({"manual"}).out);
  const size_t section = manual.find(".SS \"carnet " + words + " ");
  BOOST_REQUIRE(section != manual.npos);
  const std::string about = manual.substr(section, manual.find("\n.S", section) - section);
  const std::string fish = carnet.Run({"completion", "fish"}).out;
  const std::string zsh = carnet.Run({"completion", "zsh"}).out;
  const std::string offered = " " + Offered(carnet, "carnet " + words + " --");
  for (const std::string& option : options) {
    CheckHas(about, "\n" + option);
    CheckHas(offered.substr(0, offered.size() - 1) + " ", " " + option + " ");
    CheckHas(fish, "= \"" + words + "\"' -l " + option.substr(2) + " -d ");
    CheckHas(zsh.substr(zsh.find("\n    '" + words + "') found=(")), "'" + option + ":");
  }
}

BOOST_AUTO_TEST_CASE(bash_completes_commands_and_choices) {
  BOOST_CHECK_EQUAL(
      Offered(carnet, "carnet veri"),
      "verify verify-all verify-blob verify-attestation verify-consistency verify-proof\n");
  BOOST_CHECK_EQUAL(Offered(carnet, "carnet ledger in"), "init info\n");
  BOOST_CHECK_EQUAL(Offered(carnet, "carnet attest --out run --kind d"), "dataset device\n");
  BOOST_CHECK_EQUAL(Offered(carnet, "carnet completion z"), "zsh\n");
  BOOST_CHECK_EQUAL(Offered(carnet, "carnet verify --pol"), "--policy\n");
  BOOST_CHECK_EQUAL(Offered(carnet, "carnet verify mod"), "\n");  // a file: left to bash
}

BOOST_AUTO_TEST_CASE(the_manual_is_ascii) {  // roff reads nothing else without help
  const std::string manual = carnet.Run({"manual"}).out;
  BOOST_CHECK(std::all_of(manual.begin(), manual.end(), [](char c) { return c > 0; }));
}

BOOST_AUTO_TEST_CASE(man_shows_the_manual_without_a_warning,
                     *boost::unit_test::precondition(HasProgram("man"))) {
  const Ran ran = carnet.Shell(
      "carnet manual >carnet.1 && "
      "LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l carnet.1");
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "");
  CheckHas(ran.out, "carnet ledger init [options] folder\n");
  CheckHas(ran.out, "EXIT STATUS");
}

void CheckReadBy(const CarnetProcess& carnet, const std::string& shell, const std::string& option) {
  CheckDone(carnet.Shell("carnet completion " + shell + " >script && " + shell + " " + option +
                         " script"));
}

BOOST_AUTO_TEST_CASE(bash_reads_its_completions) { CheckReadBy(carnet, "bash", "-n"); }

BOOST_AUTO_TEST_CASE(zsh_reads_its_completions,
                     *boost::unit_test::precondition(HasProgram("zsh"))) {
  CheckReadBy(carnet, "zsh", "-n");
}

BOOST_AUTO_TEST_CASE(fish_reads_its_completions,
                     *boost::unit_test::precondition(HasProgram("fish"))) {
  CheckReadBy(carnet, "fish", "--no-execute");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct Wrong {
  const char* name;
  const char* arguments;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.name; }

const Wrong kWrong[] = {
    {"nothing", "", "subcommand is required"},
    {"unknown_command", "bogus", "there is no command \"bogus\""},
    {"unknown_command_of_a_group", "ledger bogus", "there is no command \"bogus\""},
    {"group_alone", "run", "subcommand is required"},
    {"help_of_nothing_known", "help run bogus", "there is no command \"bogus\""},
    {"unknown_option", "digest . --bogus", "--bogus"},
    {"unknown_argument", "inspect a b", "b"},
    {"missing_argument", "digest", "path is required"},
    {"missing_value", "digest . --bogus=", "--bogus"},
    {"no_ledger", "ledger info",
     "no ledger is given: folder, CARNET_LEDGER or `ledger` in carnet.toml"},
    {"no_key", "run abort --dir r --reason r --ledger l",
     "no key is given: --key, CARNET_KEY or `key` in carnet.toml"},
    {"no_trust", "verify m --passport p",
     "no trust is given: --trust, CARNET_TRUST or `trust` in carnet.toml"},
    {"trust_add_unknown_kind", "trust add k --party p --kinds run,bogus --trust t",
     "bogus is not one of dataset, device, allocation, run, segment, completion, passport, "
     "verdict"},
    {"trust_add_date", "trust add k --party p --kinds run --from soon --trust t",
     "--from: not a date"},
    {"trust_add_log_without_sizes", "trust add k --party p --kinds run --log l --trust t",
     "--log requires --from-size or --until-size"},
    {"policy_id_is_a_path", "policy new ../p --trust t", "expected letters, digits"},
    {"policy_id_is_a_file", "policy new p.toml --trust t", "without .toml"},
    {"option_twice", "keygen --out a --out b", "--out"},
    {"draft_of_nothing", "draft", "kind is required"},
    {"draft_of_an_unknown_kind", "draft verdict", "kind: verdict"},
    {"set_without_a_value", "attest --kind device --set name --ledger l --key k",
     "--set: expected field=value"},
    {"dataset_not_a_digest", "run open --dir r --dataset 12 --ledger l --key k", "is not a digest"},
    {"device_of_no_allocation",
     "attest --kind dataset --device "
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa --ledger l --key k",
     "--device works only with --kind allocation"},
    {"attest_without_kind", "attest f --ledger l --key k", "--kind is required"},
    {"attest_of_unknown_kind", "attest f --kind bogus --ledger l --key k", "--kind: bogus"},
    {"attest_of_a_verdict", "attest f --kind verdict --ledger l --key k", "--kind: verdict"},
    {"attest_files_of_a_device", "attest f --kind device --files . --ledger l --key k",
     "--files works only with --kind dataset"},
    {"attest_nonce", "attest f --kind device --nonce 12 --ledger l --key k", "--nonce"},
    {"attest_nonce_upper_case",
     "attest f --kind device --nonce ABCDEFABCDEFABCDEFABCDEFABCDEFAB --ledger l --key k",
     "--nonce"},
    {"origin_with_scheme", "ledger init l --origin https://log.example", "--origin"},
    {"origin_with_port", "ledger init l --origin log.example:80", "--origin"},
    {"origin_empty", "ledger init l --origin=", "--origin"},
    {"origin_missing", "ledger init l", "--origin is required"},
    {"lane_negative", "run segment d --dir r --checkpoint c --lane -1 --ledger l --key k",
     "--lane"},
    {"lane_too_large", "run segment d --dir r --checkpoint c --lane 100000 --ledger l --key k",
     "--lane"},
    {"run_and_completion",
     "passport issue m --draft d --run r --completion 12 --trust t "
     "--ledger l --key k",
     "--"},
    {"neither_run_nor_completion", "passport issue m --draft d --trust t --ledger l --key k",
     "--run or --completion is required"},
    {"completion_not_a_digest",
     "passport issue m --draft d --completion 12 --trust t --ledger l --key k", "--completion"},
    {"collect_control_character", "passport collect \x1b[31m --ledger l",
     "\"\\x1b[31m\" is not a digest"},
    {"collect_not_a_digest", "passport collect 12 --ledger l",
     "\"12\" is not a digest: expected 6 to 64 lowercase hex digits"},
    {"vsa_without_key", "verify m --passport p --trust t --vsa v",
     "--vsa requires a key: --key, "
     "CARNET_KEY or `key` in carnet.toml"},
    {"key_without_vsa", "verify m --passport p --trust t --key k", "--key requires --vsa"},
    {"ledger_without_vsa", "verify m --passport p --trust t --ledger l", "--ledger requires --vsa"},
    {"jobs", "verify-all m --trust t --jobs 0", "--jobs"},
    {"depth", "verify-all m --trust t --depth 17", "--depth"},
    {"several_folders", "verify-all m n --trust t", "unexpected argument \"n\""},
    {"two_bases", "admit m d n --dir r --trust t --ledger l --key k", "unexpected argument \"n\""},
    {"relation", "admit m --dir r --relation parent --trust t --ledger l --key k",
     "parent is not one of fine-tuned-from, "},
    {"passport_of_the_unpassported",
     "admit m --dir r --passport p --allow-unpassported --trust t --ledger l --key k", "excludes"},
    {"threads", "verify m --passport p --trust t --threads 0", "--threads"},
    {"date", "verify m --passport p --trust t --at 2026-02-30", "--at: not a date"},
    {"date_of_issue", "passport issue m --draft d --run r --trust t --ledger l --key k --at soon",
     "--at: not a date"},
    {"date_of_trace",
     "trace --ledger l --at 20260101 "
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "--at: not a date"},
    {"trace_subject", "trace sha256:12 --ledger l", "is not a digest"},
    {"trace_direction",
     "trace --direction up --ledger l "
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "--direction: up"},
    {"erase_by_first_digits", "ledger erase-text l abcdef12 --reason r",
     "\"abcdef12\" is not a digest: expected 64 lowercase hex digits"},
    {"trace_format",
     "trace --format png --ledger l "
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "--format: png"},
    {"flops_alone", "flops", "expected --chip with --days or --hours"},
    {"flops_chip_without_time", "flops --chip h100-sxm5", "--chip requires --days or --hours"},
    {"flops_days_and_hours", "flops --chip h100-sxm5 --days 1 --hours 1", "excludes"},
    {"flops_tokens_alone", "flops --tokens 1e9",
     "--parameters and --tokens must be given together"},
    {"flops_bad_number", "flops --parameters many --tokens 1", "many"},
    {"flops_utilisation", "flops --chip h100-sxm5 --days 1 --utilisation 1.5", "1.5"},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(usage, Fixture)

BOOST_DATA_TEST_CASE_F(Fixture, wrong_usage_ends_with_2_and_makes_nothing, kWrong, wrong) {
  CheckFailed(carnet.Run(Split(wrong.arguments, ' ')), 2, wrong.message);
  BOOST_CHECK(std::filesystem::is_empty(folder / ""));
}

// It would be signed, or kept in place of a text for good.
BOOST_AUTO_TEST_CASE(a_placeholder_is_no_text) {
  const std::string said = "a placeholder, not filled in: <reason: why>";
  CheckFailed(carnet.Run({"run", "abort", "--dir", "r", "--ledger", "l", "--key", "k", "--reason",
                          "<reason: why>"}),
              2, "--reason: " + said);
  CheckFailed(carnet.Run({"attest", "--kind", "device", "d", "--ledger", "l", "--key", "k", "--out",
                          "o", "--withhold", "<reason: why>"}),
              2, "--withhold: " + said);
  CheckFailed(
      carnet.Run({"ledger", "erase-text", "l", std::string(64, 'a'), "--reason", "<reason: why>"}),
      2, "--reason: " + said);
}

BOOST_AUTO_TEST_CASE(invalid_text_is_wrong_usage) {
  CheckFailed(carnet.Run({"ledger", "trust", "l", "--operator", "\xff"}), 2, "--operator");
  CheckFailed(carnet.Run({"run", "abort", "--dir", "r", "--ledger", "l", "--key", "k", "--reason",
                          "two\nlines"}),
              2, "--reason");
  CheckFailed(carnet.Run({"\xff"}), 2, "there is no command \"\\xff\"");
}

BOOST_AUTO_TEST_SUITE_END()
