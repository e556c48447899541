#include "artifact/oms_root.h"

#include <algorithm>

#include "artifact/model_files.h"
#include "core/base64.h"
#include "core/hex.h"
#include "crypto/sha256.h"
#include "json/reader.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {
namespace {

using test::ScratchFolder;

// Signatures that other programs made: the subject of each is the root.
constexpr const char* kSigned[] = {"v0.3.1-certificate", "v0.3.1-elliptic-key", "v0.3.1-sigstore",
                                   "v1.0.0-certificate", "v1.0.0-elliptic-key", "v1.0.0-sigstore",
                                   "v1.0.1-certificate", "v1.0.1-elliptic-key", "v1.0.1-sigstore",
                                   "v1.1.0-certificate", "v1.1.0-elliptic-key", "v1.1.0-sigstore"};

constexpr json::Limits kProtoJson{.allow_null = true};  // null is "absent" there

std::filesystem::path Bundles() { return test::VectorsFolder() / "model-signing/bundles"; }

// The digest that the statement in `signature` has as its one subject.
std::string SubjectOf(const std::filesystem::path& signature) {
  const std::string text = test::Slurp(signature);
  REQUIRE_VALUE(const json::Tree bundle, json::Parse(text, kProtoJson));
  const auto payload = bundle.root().Find("dsseEnvelope").value().Find("payload").value();
  const auto statement_text = Base64Decode(payload.string());
  BOOST_REQUIRE(statement_text.has_value());
  REQUIRE_VALUE(const json::Tree statement, json::Parse(AsText(*statement_text)));
  const auto subject = statement.root().Find("subject").value().first_child().value();
  return std::string(subject.Find("digest").value().Find("sha256").value().string());
}

std::string RootOfFolder(const std::string& path) {
  REQUIRE_VALUE(const ModelFiles model, ReadModel(path));
  const auto root = OmsRootOf(model.files);
  BOOST_REQUIRE(root.has_value());
  return HexEncode(root->span());
}

FileEntry File(const std::string& path) { return {path, 1, crypto::Sha256Of(path)}; }

BOOST_AUTO_TEST_SUITE(oms_root)

BOOST_AUTO_TEST_CASE(is_the_subject_of_signatures_of_other_programs,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  for (const std::string name : kSigned) {
    ScratchFolder folder;
    size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(Bundles() / name)) {
      const std::string base = file.path().filename().string();
      if (base == "ignore-me") continue;  // not signed: its signer left it out by hand
      folder.Write(base, test::Slurp(file.path()));
      ++files;
    }
    BOOST_REQUIRE_GE(files, 2u);
    BOOST_CHECK_MESSAGE(RootOfFolder(folder.str()) == SubjectOf(Bundles() / name / "model.sig"),
                        name);
  }
}

BOOST_AUTO_TEST_CASE(of_a_single_file_is_the_digest_of_its_digest) {
  ScratchFolder folder;
  folder.Write("weights", "abc");
  // printf abc | sha256sum | cut -c1-64 | xxd -r -p | sha256sum
  BOOST_CHECK_EQUAL(RootOfFolder(folder / "weights"),
                    "4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358");
}

BOOST_AUTO_TEST_CASE(leaves_out_git_files_at_top_level_only) {
  const std::vector<FileEntry> plain = {File("a"), File("sub/.gitignore"), File(".gitmodules")};
  std::vector<FileEntry> files = plain;
  for (const char* path : {".gitignore", ".gitattributes", ".github/workflows/x"}) {
    files.push_back(File(path));
  }
  BOOST_CHECK(OmsRootOf(files) == OmsRootOf(plain));
  files.push_back(File("sub/.gitattributes"));
  BOOST_CHECK(OmsRootOf(files) != OmsRootOf(plain));
}

BOOST_AUTO_TEST_CASE(orders_by_the_whole_path_whatever_the_order_given) {
  std::vector<FileEntry> files = {File("a-b"), File("a.txt"), File("a/b"), File("\u00fc")};
  crypto::Sha256 expected;
  for (const FileEntry& file : files) expected.Update(file.sha256.span());
  const Sha256Digest root = expected.Finish();
  std::reverse(files.begin(), files.end());
  BOOST_CHECK(OmsRootOf(files) == root);
}

BOOST_AUTO_TEST_CASE(there_is_none_of_no_files) {
  BOOST_CHECK(!OmsRootOf({}).has_value());
  const std::vector<FileEntry> files = {File(".gitattributes")};
  BOOST_CHECK(!OmsRootOf(files).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
