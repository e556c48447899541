// The root of OpenSSF Model Signing in a passport, and `model.sig` and `claims.jsonl` beside it.
// Expectations come from openssl, coreutils and Python.
#include <algorithm>
#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

constexpr char kPassport[] = "model.passport.sigstore.jsonl";

// SHA-256 over the raw digests of these files of `model`, in the order given.
std::string RootOf(const CliWorld& world, const std::vector<std::string>& files) {
  std::string command = "cd '" + (world / "model") + "' && cat /dev/null";
  for (const std::string& file : files) command += " && openssl dgst -sha256 -binary " + file;
  return MustRun("{ " + command + "; } | sha256sum").substr(0, 64);
}

std::string Text(const boost::json::value& value) { return std::string(value.as_string()); }

struct Fixture {
  CliWorld world{Stage::kCompleted};

  Fixture() { WriteDraft(""); }

  void WriteDraft(const std::string& more) {
    world.Write("passport.json",
                R"({"name":"model","intended_deployment":"research")" + more + "}");
  }
  Ran Issue(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"passport", "issue", "model", "--draft", "passport.json", "--run",
                               "run1", "--trust", "trust"});
    return world.Sign(more);
  }
  // The statement in `model.sig`, whose signature openssl finds good.
  boost::json::object SignedModel() const {
    const auto bundle = boost::json::parse(world.Read("model/model.sig")).as_object();
    const auto& envelope = bundle.at("dsseEnvelope");
    world.Write("payload.b64", Text(envelope.at("payload")));
    world.Write("sig.b64", Text(envelope.at("signatures").at(0).at("sig")));
    const std::string here = "cd '" + (world / "") + "' && ";
    MustRun(here +
            "base64 -d payload.b64 > payload && base64 -d sig.b64 > sig && { printf 'DSSEv1 28 "
            "application/vnd.in-toto+json %s ' \"$(wc -c < payload)\"; cat payload; } > pae && "
            "openssl dgst -sha256 -verify lab.pub -signature sig pae");
    BOOST_CHECK_EQUAL(Text(bundle.at("verificationMaterial").at("publicKey").at("hint")),
                      MustRun(here + "sha256sum lab.pub").substr(0, 64));
    return StatementIn(world.Read("model/model.sig"));
  }
  // Of the file that was issued.
  boost::json::object Statement() const { return StatementIn(LinesOf(world.Read(kPassport))[0]); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(oms_passport, Fixture)

BOOST_AUTO_TEST_CASE(a_passport_is_about_the_oms_root_of_its_files) {
  world.Write("model/README.md", "not covered\n");
  world.Write("model/.gitattributes", "x\n");
  CheckDone(Issue());
  const auto statement = Statement();
  std::vector<std::string> files;
  for (const auto& file : statement.at("predicate").at("files").as_array()) {
    files.emplace_back(file.at("path").as_string());
  }
  BOOST_REQUIRE(!files.empty());
  const std::string root = RootOf(world, files);
  BOOST_CHECK_EQUAL(statement.at("predicate").at("oms_root").as_string(), root);
  std::vector<std::string> names;
  for (const auto& subject : statement.at("subject").as_array()) {
    names.emplace_back(subject.at("name").as_string());
    if (names.back() != "oms") continue;
    BOOST_CHECK_EQUAL(subject.at("digest").at("sha256").as_string(), root);
  }
  const auto oms = std::find(names.begin(), names.end(), "oms");
  BOOST_REQUIRE(oms != names.end() && oms != names.begin() && oms + 1 != names.end());
  BOOST_CHECK((oms - 1)->starts_with("tensors/"));
  BOOST_CHECK((oms + 1)->starts_with("files/"));
}

BOOST_AUTO_TEST_CASE(the_root_is_what_carnet_digest_and_oms_digest_print) {
  world.Write("model/README.md", "not covered\n");
  CheckDone(Issue());
  const auto root = Statement().at("predicate").at("oms_root").as_string();
  BOOST_CHECK_EQUAL(world.Json({"digest", "model", "--json"}).at("oms_root").as_string(), root);
  const auto oms = world.Json({"oms", "digest", "model", "--ignore-paths", "README.md", "--json"});
  BOOST_CHECK_EQUAL(oms.at("root").as_string(), root);
}

BOOST_AUTO_TEST_CASE(a_draft_may_state_the_root_but_no_other_one) {
  WriteDraft(R"(,"oms_root":")" + std::string(64, '0') + '"');
  const uint64_t size = world.TreeSize();
  CheckFailed(Issue(), 1, "oms_root is sha256:00000000…, but sha256:");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  const auto digest = world.Json({"digest", "model", "--json"});
  WriteDraft(R"(,"oms_root":")" + std::string(digest.at("oms_root").as_string()) + '"');
  CheckDone(Issue());
}

BOOST_AUTO_TEST_CASE(oms_signs_what_the_passport_is_about_by_openssl) {
  world.Write("model/README.md", "not covered\n");
  const Ran ran = Issue({"--oms"});
  CheckDone(ran);
  BOOST_CHECK(ran.err.ends_with("carnet: wrote model/model.sig\n"));
  const auto statement = SignedModel();
  const auto passport = Statement();
  BOOST_CHECK(statement.at("subject").at(0).at("digest").at("sha256") ==
              passport.at("predicate").at("oms_root"));
  BOOST_CHECK_EQUAL(boost::json::serialize(statement.at("predicate").at("serialization")),
                    R"({"method":"files","hash_type":"sha256","allow_symlinks":false,)"
                    R"("ignore_paths":["README.md","claims.jsonl","model.sig"]})");
  std::string signed_files, covered_files;
  for (const auto& resource : statement.at("predicate").at("resources").as_array()) {
    signed_files += Text(resource.at("digest")) + "  " + Text(resource.at("name")) + "\n";
  }
  for (const auto& file : passport.at("predicate").at("files").as_array()) {
    covered_files += Text(file.at("sha256")) + "  " + Text(file.at("path")) + "\n";
  }
  BOOST_CHECK_EQUAL(signed_files, covered_files);
  CheckDone(world.Run({"oms", "verify", "key", "model", "--signature", "model/model.sig",
                       "--public-key", "lab.pub"}));
  world.Write("model/README.md", "another\n");
  world.Write("model/claims.jsonl", "{}\n");
  CheckDone(world.Run({"oms", "verify", "key", "model", "--signature", "model/model.sig",
                       "--public-key", "lab.pub"}));
  CheckDone(world.Run({"verify", "model", "--passport", kPassport, "--trust", "trust"}));
}

BOOST_AUTO_TEST_CASE(a_repeated_call_keeps_the_signature) {
  CheckDone(Issue({"--oms"}));
  const auto files = world.Files();
  const Ran again = Issue({"--oms"});
  CheckDone(again);
  BOOST_CHECK(again.err.find("signed before: model/model.sig") != again.err.npos);
  BOOST_CHECK(world.Files() == files);
}

BOOST_AUTO_TEST_CASE(another_signature_is_replaced_by_force_only) {
  world.Write("model/model.sig", "mine");
  const uint64_t size = world.TreeSize();
  CheckFailed(Issue({"--oms"}), 3, "model/model.sig: the file already exists");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  CheckDone(Issue({"--oms", "--force"}));
  const std::string first = world.Read("model/model.sig");
  // Good, and over the same root, but it would no longer hold beside this file.
  world.Write("model/README.md", "new\n");
  CheckFailed(Issue({"--oms"}), 3, "model/model.sig: the file already exists");
  BOOST_CHECK_EQUAL(world.Read("model/model.sig"), first);
}

BOOST_AUTO_TEST_CASE(a_dry_run_signs_no_model) {
  Issue({"--oms", "--dry-run"});
  BOOST_CHECK(!std::filesystem::exists(world / "model/model.sig"));
  BOOST_CHECK(!std::filesystem::exists(world / kPassport));
}

BOOST_AUTO_TEST_CASE(what_lies_in_the_folder_and_is_not_signed_is_ignored) {
  world.Write("model/.gitattributes", "x\n");
  CheckDone(Issue({"--oms", "--out", "model/m.passport.sigstore.jsonl"}));
  const auto statement = SignedModel();
  BOOST_CHECK_EQUAL(
      boost::json::serialize(statement.at("predicate").at("serialization").at("ignore_paths")),
      R"([".gitattributes","claims.jsonl","m.passport.sigstore.jsonl","model.sig"])");
  CheckDone(world.Run({"oms", "verify", "key", "model", "--signature", "model/model.sig",
                       "--public-key", "lab.pub"}));
}

BOOST_AUTO_TEST_CASE(json_names_the_signature) {
  const auto json = world.SignJson({"passport", "issue", "model", "--draft", "passport.json",
                                    "--run", "run1", "--trust", "trust", "--oms"});
  BOOST_CHECK_EQUAL(json.at("model_signature").as_string(), "model/model.sig");
}

BOOST_AUTO_TEST_CASE(the_reference_tool_verifies_the_signature,
                     *boost::unit_test::precondition(HasProgram("model_signing"))) {
  world.Write("model/README.md", "not covered\n");
  world.Write("model/.cache/huggingface/x", "x");
  CheckDone(Issue({"--oms", "--out", "model/m.passport.sigstore.jsonl"}));
  const std::string verify = "cd '" + (world / "") +
                             "' && model_signing verify key model --signature model/model.sig "
                             "--public_key lab.pub";
  MustRun(verify);
  world.Write("model/claims.jsonl", "{}\n");
  MustRun(verify);
  world.Write("model/config.json", "{\"changed\":1}\n");
  MustRun("! { " + verify + "; }");
}

// `model.sig` by this key, by the command of its own.
void SignBy(const CliWorld& world, const std::string& key, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"oms", "sign", "key", "model", "--private-key", key + ".key",
                             "--signature", "model/model.sig", "--force"});
  CheckDone(world.Run(more));
}

Ran VerifyModel(const CliWorld& world) {
  return world.Run({"verify", "model", "--passport", kPassport, "--trust", "trust"});
}

void CheckShows(const Ran& ran, int status, const std::string& text) {
  BOOST_CHECK_EQUAL(ran.status, status);
  BOOST_CHECK_MESSAGE(ran.out.find(text) != ran.out.npos, text << " is not in " << ran.out);
}

BOOST_AUTO_TEST_CASE(verify_says_that_the_signature_agrees) {
  CheckDone(Issue({"--oms"}));
  CheckShows(VerifyModel(world), 0, "; model.sig by lab agrees\n");
}

BOOST_AUTO_TEST_CASE(a_signature_by_the_reference_tools_way_agrees_too) {
  world.Write("model/README.md", "one\n");
  CheckDone(Issue());
  SignBy(world, "lab");
  CheckShows(VerifyModel(world), 0, "; model.sig by lab agrees\n");
  world.Write("model/README.md", "another\n");
  const Ran ran = VerifyModel(world);
  CheckShows(ran, 0, "; model.sig by lab agrees\n");
  CheckShows(ran, 0, "README.md has changed since model.sig");
}

BOOST_AUTO_TEST_CASE(a_trusted_signature_over_other_files_is_a_no) {
  CheckDone(Issue());
  const std::string config = world.Read("model/config.json");
  world.Write("model/config.json", "{\"other\":1}\n");
  SignBy(world, "lab");
  world.Write("model/config.json", config);
  CheckShows(VerifyModel(world), 1,
             "misstated-files (R18): model.sig names lab's key, but is about other files: "
             "config.json is another file here");
  world.Write("model/more.txt", "x");
  SignBy(world, "lab");
  std::filesystem::remove(world / "model/more.txt");
  CheckShows(VerifyModel(world), 1, "more.txt is not here");
  SignBy(world, "lab", {"--ignore-paths", "config.json"});
  const Ran ignored = VerifyModel(world);
  CheckShows(ignored, 0, "config.json is here, covered by the passport, and ignored by model.sig");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_added_to_what_was_signed_is_a_no) {
  std::filesystem::remove(world / "model/config.json");
  SignBy(world, "lab");
  world.Write("model/config.json", "{}\n");
  CheckDone(Issue());
  CheckShows(VerifyModel(world), 1, "config.json is here, and was not signed");
}

BOOST_AUTO_TEST_CASE(a_trusted_key_that_did_not_sign_is_a_no) {
  CheckDone(Issue({"--oms"}));
  std::string bundle = world.Read("model/model.sig");
  const size_t at = bundle.find(R"("payload":")") + 40;
  bundle[at] = bundle[at] == 'A' ? 'B' : 'A';
  world.Write("model/model.sig", bundle);
  CheckShows(VerifyModel(world), 1, "model.sig names lab's key, but is not good: ");
}

BOOST_AUTO_TEST_CASE(what_nobody_trusted_signed_is_not_checked) {
  CheckDone(Issue());
  MustRun("cd '" + (world / "") +
          "' && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out x.key && "
          "chmod 600 x.key");
  SignBy(world, "x");
  CheckShows(VerifyModel(world), 0,
             "model.sig: not checked: it is by a key that the trust directory does not list");
  SignBy(world, "cloud");
  CheckShows(VerifyModel(world), 0,
             "model.sig: not checked: it is by cloud's key, which may not sign passports");
  SignBy(world, "lab", {"--hash", "blake2b"});
  CheckShows(VerifyModel(world), 0,
             "model.sig: not checked: it is by lab's key, but over shards or other hashes");
  world.Write("model/model.sig", "garbage");
  CheckShows(VerifyModel(world), 0, "model.sig: not checked: it cannot be read: ");
}

BOOST_AUTO_TEST_CASE(a_good_signature_saves_no_bad_passport) {
  CheckDone(Issue());
  world.Write("model/config.json", "{\"other\":1}\n");
  SignBy(world, "lab");
  CheckShows(VerifyModel(world), 1, "R18");
  BOOST_CHECK(VerifyModel(world).out.find("agrees") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
