// `carnet oms`: what it signs, openssl and coreutils and the reference tool verify.
#include "tests/cli/oms_model.h"
#include "tests/support/vectors.h"

using namespace carnet::test;

namespace {

namespace data = boost::unit_test::data;

struct Curve {
  const char* name;
  const char* hash;
  const char* shown;
};
std::ostream& operator<<(std::ostream& out, const Curve& curve) { return out << curve.name; }

const Curve kCurves[] = {{"prime256v1", "sha256", "P-256"},
                         {"secp384r1", "sha384", "P-384"},
                         {"secp521r1", "sha512", "P-521"}};

void Shell(const OmsModel& model, const std::string& command) {
  MustRun("cd '" + model.folder.str() + "' && { " + command + "; } 2>&1");
}

// The payload of `model.sig`, and whether openssl finds the signature good.
boost::json::object SignedBy(const OmsModel& model, const std::string& public_key) {
  const std::string text = MustRun("cat '" + (model.folder / "model.sig") + "'");
  const auto envelope = boost::json::parse(text).at("dsseEnvelope").as_object();
  model.folder.Write("payload.b64", std::string(envelope.at("payload").as_string()));
  model.folder.Write("sig.b64",
                     std::string(envelope.at("signatures").as_array()[0].at("sig").as_string()));
  Shell(model,
        "base64 -d payload.b64 > payload && base64 -d sig.b64 > sig && "
        "{ printf 'DSSEv1 28 application/vnd.in-toto+json %s ' \"$(wc -c < payload)\"; cat "
        "payload; } > pae && openssl dgst -" +
            model.hash_ + " -verify " + public_key + " -signature sig pae");
  return boost::json::parse(MustRun("cat '" + (model.folder / "payload") + "'")).as_object();
}

// An authority, and a leaf for `k.pem` with these extensions.
void MakeCertificates(const OmsModel& model, const std::string& extensions,
                      const std::string& days = "10") {
  model.folder.Write("ext", extensions + "\n");
  Shell(
      model,
      "openssl ecparam -name prime256v1 -genkey -noout -out ca.key && "
      "openssl req -x509 -new -key ca.key -subj /CN=authority -days 10 -out ca.pem "
      "-addext keyUsage=critical,keyCertSign && "
      "openssl req -new -key k.pem -subj /CN=lab -out leaf.csr && "
      "openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 5 -extfile ext -days " +
          days + " -out leaf.pem");
}

std::string Leaf(const OmsModel& model) {
  return R"("x509CertificateChain":{"certificates":[{"rawBytes":")" +
         MustRun("openssl x509 -in '" + (model.folder / "leaf.pem") +
                 "' -outform DER | base64 -w0") +
         R"("}]})";
}

Ran VerifyCertificate(const OmsModel& model, const std::string& anchors = "ca.pem") {
  return model.carnet.Run({"oms", "verify", "certificate", "model", "--signature", "model.sig",
                           "--certificate-chain", anchors, "--json"});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oms)

BOOST_DATA_TEST_CASE(a_signature_on_this_curve_is_good_by_openssl, data::make(kCurves), curve) {
  const OmsModel model(curve.name, curve.hash);
  const Ran ran = model.carnet.Run({"oms", "sign", "key", "model", "--private-key", "k.pem"});
  CheckDone(ran);
  const auto statement = SignedBy(model, "k.pub");
  auto expected = boost::json::parse(model.Honest()).as_object();
  expected["subject"].as_array()[0].as_object()["name"] = "model";
  expected["predicate"].as_object()["serialization"].as_object()["ignore_paths"] = {"claims.jsonl"};
  BOOST_CHECK_EQUAL(boost::json::serialize(statement), boost::json::serialize(expected));
  const Ran verified = model.Verify();
  BOOST_CHECK_EQUAL(verified.status, 0);
  BOOST_CHECK(verified.out.find(curve.shown) != std::string::npos);
}

// Plain, and under a password.
BOOST_DATA_TEST_CASE(a_key_file_of_this_form_signs,
                     data::make({"openssl pkcs8 -topk8 -nocrypt -in k.pem -out x.pem",
                                 "openssl pkcs8 -topk8 -passout pass:secret -in k.pem -out x.pem",
                                 "openssl ec -aes256 -passout pass:secret -in k.pem -out x.pem"}),
                     command) {
  const OmsModel model("secp521r1", "sha512");
  Shell(model, command);
  CheckDone(model.carnet.Run({"oms", "sign", "key", "model", "--private_key", "x.pem"}));
  model.CheckPasses();
}

BOOST_AUTO_TEST_CASE(a_key_in_cosigns_form_signs) {
  OmsModel model("prime256v1", "sha256");
  CheckDone(model.carnet.Run({"keygen", "--out", "lab"}));
  CheckDone(model.carnet.Run({"oms", "sign", "key", "model", "--private-key", "lab.key"}));
  SignedBy(model, "lab.pub");
  model.carnet.Set("CARNET_PASSWORD", "wrong");
  CheckFailed(
      model.carnet.Run({"oms", "sign", "key", "model", "--private-key", "lab.key", "--force"}), 3,
      "lab.key");
}

BOOST_AUTO_TEST_CASE(says_what_was_signed_and_what_was_not) {
  const OmsModel model;
  model.folder.Write("model/.git/HEAD", "x");
  model.folder.Write("model/logs/x", "x");
  const Ran ran =
      model.carnet.Run({"oms", "sign", "key", "model", "--private-key", "k.pem", "--signature",
                        "model/model.sig", "--ignore-paths", "logs/", "--ignore-paths", "none"});
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK(
      ran.out.ends_with("signed      2 files or shards\nignored     .git/\n"
                        "ignored     logs/\n"));
  BOOST_CHECK_EQUAL(ran.err,
                    "carnet: warning: none: is not there, so nothing is ignored for it\n"
                    "carnet: wrote model/model.sig\n");
  const Ran verified = model.carnet.Run(
      {"oms", "verify", "key", "model", "--signature", "model/model.sig", "--public-key", "k.pub"});
  BOOST_CHECK_EQUAL(verified.status, 0);
  BOOST_CHECK_EQUAL(verified.err, "");
  BOOST_CHECK(verified.out.starts_with("signer      key sha256:"));
  BOOST_CHECK(
      verified.out.ends_with("signed      2 files or shards\nignored     .git/\n"
                             "ignored     logs/\nPASS\n"));
  model.folder.Write("model/a.bin", "WEIGHTS");
  const Ran refused = model.carnet.Run(
      {"oms", "verify", "key", "model", "--signature", "model/model.sig", "--public-key", "k.pub"});
  BOOST_CHECK_EQUAL(refused.status, 1);
  BOOST_CHECK(refused.out.starts_with("refused     changed-file: a.bin: is not what was signed\n"));
  BOOST_CHECK(refused.out.ends_with("\nFAIL\n"));
}

BOOST_AUTO_TEST_CASE(shards_and_blake2b_are_signed_and_verified) {
  const OmsModel model;
  model.folder.Write("model/empty", "");
  const Ran ran = model.carnet.Run({"oms", "sign", "key", "model", "--private-key", "k.pem",
                                    "--shard-size", "4", "--hash", "blake2b", "--json"});
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK(ListIn(ran, "warnings").find("1 empty file: no shard says") != std::string::npos);
  const auto statement = SignedBy(model, "k.pub");
  const auto first = statement.at("predicate").at("resources").as_array()[0].as_object();
  BOOST_CHECK_EQUAL(first.at("name").as_string(), "a.bin:0:4");
  BOOST_CHECK_EQUAL(first.at("algorithm").as_string(), "blake2b");
  BOOST_CHECK_EQUAL(first.at("digest").as_string(), MustRun("printf weig | b2sum").substr(0, 128));
  model.CheckPasses();
  model.folder.Write("model/a.bin", "weighty");
  model.CheckRefused("changed-file", "a.bin");
}

BOOST_AUTO_TEST_CASE(digest_prints_the_root_without_a_key) {
  const OmsModel model;
  const Ran ran = model.carnet.Run({"oms", "digest", "model"});
  CheckDone(ran);
  const std::string statement = model.Honest();
  const std::string root = statement.substr(statement.find(R"("sha256":")") + 10, 64);
  BOOST_CHECK_EQUAL(ran.out, "root        sha256:" + root + "\n" + model.Sha256("a.bin") +
                                 "  a.bin\n" + model.Sha256("sub/b.txt") + "  sub/b.txt\n");
  const Ran json = model.carnet.Run({"oms", "digest", "model", "--json"});
  BOOST_CHECK_EQUAL(boost::json::parse(json.out).at("root").as_string(), root);
}

BOOST_AUTO_TEST_CASE(refuses_to_sign_what_cannot_be_signed) {
  const OmsModel model;
  std::filesystem::create_symlink("a.bin", model.folder.path() / "model/link");
  const std::vector<std::string> sign = {"oms", "sign", "key", "model", "--private-key", "k.pem"};
  CheckFailed(model.carnet.Run(sign), 1, "link: is a symbolic link");
  std::filesystem::create_directories(model.folder.path() / "nothing");
  CheckFailed(model.carnet.Run({"oms", "sign", "key", "nothing", "--private-key", "k.pem"}), 1,
              "contains no files to sign");
  CheckFailed(model.carnet.Run({"oms", "sign", "key", "none", "--private-key", "k.pem"}), 3,
              "none");
  BOOST_CHECK(!std::filesystem::exists(model.folder.path() / "model.sig"));
  model.folder.Write("model.sig", "mine");
  CheckFailed(model.carnet.Run(sign), 3, "already exists");
}

BOOST_AUTO_TEST_CASE(wrong_usage_says_what_is_wrong) {
  const OmsModel model;
  CheckFailed(model.carnet.Run({"oms", "sign", "key", "model", "--private-key", "k.pem",
                                "--ignore-paths", "../x"}),
              2, "--ignore-paths: \"../x\": not a path in the model");
  CheckFailed(model.carnet.Run(
                  {"oms", "sign", "key", "model", "--private-key", "k.pem", "--shard-size", "0"}),
              2, "shard-size");
  CheckFailed(model.carnet.Run({"oms", "verify", "key", "model", "--public-key", "k.pub"}), 2,
              "--signature is required");
  CheckFailed(model.carnet.Run({"oms", "verify", "certificate", "model", "--signature", "x"}), 2,
              "--certificate-chain");
  CheckFailed(model.carnet.Run({"oms", "verify", "key", "model", "--signature", "none",
                                "--public-key", "k.pub"}),
              3, "none");
  CheckFailed(model.carnet.Run({"oms", "verify", "key", "model", "--signature", "model.sig",
                                "--public-key", "k.pem"}),
              3, "k.pem");
}

BOOST_AUTO_TEST_CASE(a_certificate_signs_and_verifies_at_todays_date) {
  const OmsModel model;
  MakeCertificates(model, "keyUsage=critical,digitalSignature");
  const Ran ran =
      model.carnet.Run({"oms", "sign", "certificate", "model", "--private-key", "k.pem",
                        "--signing_certificate", "leaf.pem", "--certificate_chain", "ca.pem"});
  CheckDone(ran);
  SignedBy(model, "k.pub");
  const Ran verified = VerifyCertificate(model);
  BOOST_CHECK_EQUAL(verified.status, 0);
  const auto result = boost::json::parse(verified.out);
  BOOST_CHECK_EQUAL(result.at("signer").as_string(), "certificate of \"CN=lab\" (P-384)");
  const std::string at(result.at("checked_at").as_string());
  BOOST_CHECK_MESSAGE(at.ends_with("(now: the signature has no trusted time)"), at);
  model.CheckRefused("other-method", "expected a signature by a key, found one by a certificate");
}

BOOST_AUTO_TEST_CASE(code_signing_will_do_for_a_certificate) {
  const OmsModel model;
  MakeCertificates(model, "extendedKeyUsage=codeSigning");
  model.Sign(model.Honest(), "application/vnd.in-toto+json", Leaf(model));
  BOOST_CHECK_EQUAL(VerifyCertificate(model).status, 0);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_for_signing_is_refused_on_both_sides) {
  const OmsModel model;
  MakeCertificates(model, "keyUsage=keyEncipherment");
  model.Sign(model.Honest(), "application/vnd.in-toto+json", Leaf(model));
  CheckReasons(VerifyCertificate(model), "certificate-not-for-signing",
               "allows neither digitalSignature");
  CheckFailed(model.carnet.Run({"oms", "sign", "certificate", "model", "--private-key", "k.pem",
                                "--signing-certificate", "leaf.pem", "--force"}),
              1, "allows neither digitalSignature");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_has_expired_is_refused_on_both_sides) {
  const OmsModel model;
  MakeCertificates(model, "keyUsage=digitalSignature", "-1");
  model.Sign(model.Honest(), "application/vnd.in-toto+json", Leaf(model));
  CheckReasons(VerifyCertificate(model), "certificate-not-valid", "is valid from");
  CheckFailed(model.carnet.Run({"oms", "sign", "certificate", "model", "--private-key", "k.pem",
                                "--signing-certificate", "leaf.pem", "--force"}),
              1, "and not now");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_authority_is_refused) {
  const OmsModel model, other;
  MakeCertificates(model, "keyUsage=digitalSignature");
  MakeCertificates(other, "keyUsage=digitalSignature");
  model.Sign(model.Honest(), "application/vnd.in-toto+json", Leaf(model));
  CheckReasons(VerifyCertificate(model, other.folder / "ca.pem"), "untrusted-certificate",
               "no path from the certificate of \"CN=lab\"");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_key_is_refused_by_the_signer_and_the_verifier) {
  const OmsModel model, other;
  MakeCertificates(other, "keyUsage=digitalSignature");
  CheckFailed(model.carnet.Run({"oms", "sign", "certificate", "model", "--private-key", "k.pem",
                                "--signing-certificate", other.folder / "leaf.pem"}),
              1, "is not that of the private key");
  model.Sign(model.Honest(), "application/vnd.in-toto+json", Leaf(other));
  CheckReasons(VerifyCertificate(model, other.folder / "ca.pem"), "bad-signature", "P-384");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(oms_vectors, OmsModel)

// Thirteen models that other programs signed. What is signed by Sigstore's rules is another method.
BOOST_AUTO_TEST_CASE(judges_the_published_signatures,
                     *boost::unit_test::precondition(HasVectors("model-signing"))) {
  const auto vectors = VectorsFolder() / "model-signing";
  std::map<std::string, int> counts;
  for (const auto& entry : std::filesystem::directory_iterator(vectors / "bundles")) {
    const std::string name = entry.path().filename().string();
    const std::string method = name.substr(name.find('-') + 1);
    const bool key = method == "elliptic-key";
    const bool single = name == "v0.3.1-elliptic-key" || name == "v1.0.0-elliptic-key";
    const std::string model = entry.path().string() + (single ? "/signme-1" : "");
    std::vector<std::string> arguments = {
        "oms",
        "verify",
        key ? "key" : "certificate",
        model,
        "--signature",
        entry.path().string() + "/model.sig",
        key ? "--public-key" : "--certificate-chain",
        (vectors / "keys" / (key ? "signing-key-pub.pem" : "ca-cert.pem")).string(),
        "--json"};
    if (name.starts_with("v1.0.1")) {
      arguments.insert(arguments.end(), {"--ignore-paths", "ignore-me"});
    }
    const Ran ran = carnet.Run(arguments);
    if (method == "sigstore") {
      CheckReasons(ran, "other-method", "found one by Sigstore");
    } else if (name == "v0.2.0-certificate") {
      CheckReasons(ran, "bad-signature", "is the form before 1.0");
    } else {
      BOOST_CHECK_MESSAGE(ran.status == 0, name << ": " << ran.out << ran.err);
    }
    ++counts[method];
  }
  BOOST_CHECK_EQUAL(counts["certificate"], 5);
  BOOST_CHECK_EQUAL(counts["elliptic-key"], 4);
  BOOST_CHECK_EQUAL(counts["sigstore"], 4);
}

// The reference tool, where there is one: each verifies what the other signs.
BOOST_AUTO_TEST_CASE(agrees_with_the_reference_tool_by_key,
                     *boost::unit_test::precondition(HasProgram("model_signing"))) {
  for (const char* name : {"a-b", "a.txt", "a/b", ".hidden", ".git/config", "sub/.git/x"}) {
    folder.Write(std::string("model/") + name, name);
  }
  const std::string here = "cd '" + folder.str() + "' && ";
  CheckDone(carnet.Run({"oms", "sign", "key", "model", "--private-key", "k.pem"}));
  MustRun(here + "model_signing verify key model --signature model.sig --public_key k.pub");
  MustRun(here + "model_signing sign key model --signature model.sig --private_key k.pem");
  CheckPasses();
  folder.Write("model/a/b", "other");
  CheckRefused("changed-file", "a/b");
}

BOOST_AUTO_TEST_CASE(agrees_with_the_reference_tool_by_certificate,
                     *boost::unit_test::precondition(HasProgram("model_signing"))) {
  MakeCertificates(*this, "keyUsage=critical,digitalSignature");
  const std::string here = "cd '" + folder.str() + "' && model_signing ";
  CheckDone(carnet.Run({"oms", "sign", "certificate", "model", "--private-key", "k.pem",
                        "--signing-certificate", "leaf.pem", "--certificate-chain", "ca.pem"}));
  MustRun(here + "verify certificate model --signature model.sig --certificate_chain ca.pem");
  MustRun(here +
          "sign certificate model --signature model.sig --private_key k.pem --signing_certificate "
          "leaf.pem --certificate_chain ca.pem");
  BOOST_CHECK_EQUAL(VerifyCertificate(*this).status, 0);
}

BOOST_AUTO_TEST_SUITE_END()
