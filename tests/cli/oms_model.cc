#include "tests/cli/oms_model.h"

#include "core/hex.h"

namespace carnet::test {
namespace {

std::string Base64ByTool(const std::string& file) { return MustRun("base64 -w0 '" + file + "'"); }

boost::json::object Parsed(const Ran& ran) {
  boost::system::error_code error;
  const auto value = boost::json::parse(ran.out, error);
  BOOST_REQUIRE_MESSAGE(!error, "not JSON: " << ran.out << ran.err);
  return value.as_object();
}

std::string Spaced(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : " ") + text;
  return all;
}

}  // namespace

OmsModel::OmsModel(const std::string& curve, const std::string& hash) : hash_(hash) {
  folder.Write("model/a.bin", "weights");
  folder.Write("model/sub/b.txt", "words\n");
  MustRun("cd '" + folder.str() + "' && openssl ecparam -name " + curve +
          " -genkey -noout -out k.pem && openssl ec -in k.pem -pubout -out k.pub 2>/dev/null && "
          "chmod 600 k.pem");
}

std::string OmsModel::Sha256(const std::string& file) const {
  return MustRun("sha256sum '" + (folder / ("model/" + file)) + "'").substr(0, 64);
}

std::string OmsModel::Resource(const std::string& file, const std::string& name) const {
  return R"({"name":")" + (name.empty() ? file : name) + R"(","digest":")" + Sha256(file) +
         R"(","algorithm":"sha256"})";
}

std::string OmsModel::Statement(const std::vector<std::string>& resources,
                                const std::string& serialization,
                                const std::string& predicate_type) const {
  std::string all, digests;
  for (const std::string& resource : resources) {
    all += (all.empty() ? "" : ",") + resource;
    digests += resource.substr(resource.find(R"("digest":")") + 10, 64);
  }
  folder.Write("digests", AsText(HexDecode(digests).value()));
  const std::string root = MustRun("sha256sum '" + (folder / "digests") + "'").substr(0, 64);
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":")" +
         root + R"("}}],"predicateType":")" + predicate_type + R"(","predicate":{"resources":[)" +
         all + R"(],"serialization":{)" + serialization + "}}}";
}

void OmsModel::Sign(const std::string& statement, const std::string& payload_type,
                    const std::string& material) const {
  const std::string payload = folder.Write("payload", statement);
  const std::string pae =
      folder.Write("pae", "DSSEv1 " + std::to_string(payload_type.size()) + " " + payload_type +
                              " " + std::to_string(statement.size()) + " " + statement);
  MustRun("cd '" + folder.str() + "' && openssl dgst -" + hash_ + " -sign k.pem -out sig pae");
  folder.Write("model.sig", R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
                            R"("verificationMaterial":{)" +
                                material + R"(},"dsseEnvelope":{"payload":")" +
                                Base64ByTool(payload) + R"(","payloadType":")" + payload_type +
                                R"(","signatures":[{"sig":")" + Base64ByTool(folder / "sig") +
                                R"("}]}})");
}

Ran OmsModel::Verify(std::vector<std::string> more) const {
  std::vector<std::string> arguments = {"oms",          "verify",      "key",
                                        "model",        "--signature", "model.sig",
                                        "--public-key", "k.pub",       "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return carnet.Run(arguments);
}

void OmsModel::CheckPasses(const std::vector<std::string>& more) const {
  const Ran ran = Verify(more);
  BOOST_CHECK_MESSAGE(ran.status == 0, ran.out << ran.err);
  BOOST_CHECK_EQUAL(ReasonsIn(ran), "");
}

void OmsModel::CheckRefused(const std::string& reasons, const std::string& message,
                            const std::vector<std::string>& more) const {
  CheckReasons(Verify(more), reasons, message);
}

std::string ListIn(const Ran& ran, const std::string& name) {
  std::vector<std::string> texts;
  const auto result = Parsed(ran);
  for (const auto& text : result.at(name).as_array()) {
    texts.emplace_back(text.as_string());
  }
  return Spaced(texts);
}

std::string ReasonsIn(const Ran& ran) {
  std::vector<std::string> reasons;
  const auto result = Parsed(ran);
  for (const auto& problem : result.at("problems").as_array()) {
    reasons.emplace_back(problem.at("reason").as_string());
  }
  return Spaced(reasons);
}

void CheckReasons(const Ran& ran, const std::string& reasons, const std::string& message) {
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK_EQUAL(ReasonsIn(ran), reasons);
  const auto problems = Parsed(ran).at("problems").as_array();
  BOOST_REQUIRE(!problems.empty());
  const std::string first(problems[0].at("message").as_string());
  BOOST_CHECK_MESSAGE(first.find(message) != first.npos,
                      "\"" << first << "\" does not contain \"" << message << "\"");
}

}  // namespace carnet::test
