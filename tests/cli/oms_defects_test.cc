// Signatures that are good, of statements or over models that are not: each wrong in one way. Most
// are accepted by other verifiers.
#include "tests/cli/oms_model.h"

using namespace carnet::test;

namespace {

const std::string kLinks = R"("method":"files","hash_type":"sha256","allow_symlinks":true)";
const std::string kFiles = R"("method":"files","hash_type":"sha256","allow_symlinks":false)";
const std::string kShards =
    R"("method":"shards","hash_type":"sha256","shard_size":4,"allow_symlinks":false)";

std::string Shard(const OmsModel& model, const std::string& name, const std::string& bytes) {
  model.folder.Write("shard", bytes);
  return model.Resource("../shard", name);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(oms_defects, OmsModel)

BOOST_AUTO_TEST_CASE(an_honest_statement_passes) {
  Sign(Honest());
  CheckPasses();
  BOOST_CHECK_EQUAL(ListIn(Verify(), "ignored"), "");
}

BOOST_AUTO_TEST_CASE(a_name_outside_the_model_is_refused_even_where_unsigned_files_are_allowed) {
  folder.Write("outside.txt", "x");
  Sign(Statement(
      {Resource("a.bin"), Resource("sub/b.txt"), Resource("../outside.txt", "../outside.txt")}));
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--ignore-unsigned-files"}}) {
    CheckRefused("unsafe-path", "\"../outside.txt\" leads out of the model", more);
  }
}

BOOST_AUTO_TEST_CASE(a_name_twice_is_refused_whichever_digest_is_right) {
  const std::string wrong =
      R"({"name":"a.bin","digest":")" + std::string(64, '0') + R"(","algorithm":"sha256"})";
  Sign(Statement({wrong, Resource("a.bin"), Resource("sub/b.txt")}));
  CheckRefused("duplicate-name", "\"a.bin\" is there twice");
  Sign(Statement({Resource("a.bin"), wrong, Resource("sub/b.txt")}));
  CheckRefused("duplicate-name", "\"a.bin\" is there twice");
}

BOOST_AUTO_TEST_CASE(an_empty_model_is_refused) {
  MustRun("rm -r '" + (folder / "model/a.bin") + "' '" + (folder / "model/sub") + "'");
  Sign(Statement({}));
  CheckRefused("malformed-statement", "a model without files");
}

BOOST_AUTO_TEST_CASE(the_predicate_before_1_0_is_refused_although_it_is_signed_afresh) {
  Sign(Statement({Resource("a.bin")}, kFiles, "https://model_signing/Digests/v0.1"));
  CheckRefused("other-version", "is the form before 1.0");
}

BOOST_AUTO_TEST_CASE(a_root_that_is_not_of_the_resources_is_refused) {
  std::string statement = Honest();
  const size_t at = statement.find(R"("sha256":")") + 10;
  statement.replace(at, 64, std::string(64, '0'));
  Sign(statement);
  CheckRefused("wrong-root", "is not the digest of the resources");
}

BOOST_AUTO_TEST_CASE(shards_that_do_not_make_up_their_file_are_refused) {
  Sign(Statement({Shard(*this, "a.bin:0:4", "weig"), Shard(*this, "a.bin:5:7", "ts")}, kShards));
  CheckRefused("untiled-shards", "does not follow byte 4");
}

BOOST_AUTO_TEST_CASE(blake3_is_unsupported_and_says_so) {
  Sign(Statement({Resource("a.bin")},
                 R"("method":"files","hash_type":"blake3","allow_symlinks":false)"));
  CheckRefused("unsupported-hash", "blake3 is not built in");
}

BOOST_AUTO_TEST_CASE(an_unknown_field_of_the_predicate_is_refused) {
  std::string statement = Honest();
  statement.insert(statement.rfind('}') - 1, R"(,"more":1)");
  Sign(statement);
  CheckRefused("malformed-statement", "unknown field");
}

// The encoding has the declared type, so that the signature is good.
BOOST_AUTO_TEST_CASE(another_payload_type_is_refused_for_itself_and_not_as_a_bad_signature) {
  Sign(Honest(), "application/json");
  CheckRefused("wrong-payload-type", "expected application/vnd.in-toto+json");
}

BOOST_AUTO_TEST_CASE(a_payload_under_a_type_that_was_not_signed_is_a_bad_signature) {
  Sign(Honest(), "application/json");
  std::string bundle = MustRun("cat '" + (folder / "model.sig") + "'");
  const std::string declared = R"("payloadType":"application/json")";
  bundle.replace(bundle.find(declared), declared.size(),
                 R"("payloadType":"application/vnd.in-toto+json")");
  folder.Write("model.sig", bundle);
  CheckRefused("bad-signature", "P-384");
}

BOOST_AUTO_TEST_CASE(links_followed_when_signing_have_to_be_allowed) {
  Sign(Statement({Resource("a.bin"), Resource("sub/b.txt")}, kLinks));
  CheckRefused("links-not-allowed", "symbolic links followed");
  CheckPasses({"--allow-symlinks"});
}

// The reference tool neither signs nor checks what is behind such a link.
BOOST_AUTO_TEST_CASE(files_behind_a_link_to_a_folder_are_checked) {
  folder.Write("elsewhere/c.bin", "more");
  std::filesystem::create_symlink(folder.path() / "elsewhere", folder.path() / "model/far");
  Sign(Statement({Resource("a.bin"), Resource("sub/b.txt")}, kLinks));
  CheckRefused("unsigned-file", "far/c.bin", {"--allow-symlinks"});
  Sign(Statement({Resource("a.bin"), Resource("far/c.bin"), Resource("sub/b.txt")}, kLinks));
  CheckPasses({"--allow-symlinks"});
  folder.Write("elsewhere/c.bin", "evil");
  CheckRefused("changed-file", "far/c.bin", {"--allow-symlinks"});
}

BOOST_AUTO_TEST_CASE(a_link_is_refused_where_none_was_followed) {
  Sign(Honest());
  std::filesystem::create_symlink("a.bin", folder.path() / "model/link");
  CheckRefused("unsignable-entry", "link: is a symbolic link", {"--allow-symlinks"});
  CheckPasses({"--ignore-unsigned-files"});
  BOOST_CHECK_EQUAL(ListIn(Verify({"--ignore-unsigned-files"}), "unsigned"), "link");
}

BOOST_AUTO_TEST_CASE(a_link_in_the_place_of_a_signed_file_is_refused_whatever_is_allowed) {
  Sign(Honest());
  std::filesystem::rename(folder.path() / "model/a.bin", folder.path() / "a.bin");
  std::filesystem::create_symlink(folder.path() / "a.bin", folder.path() / "model/a.bin");
  CheckRefused("missing-file unsignable-entry", "a.bin", {"--ignore-unsigned-files"});
}

// Silent in the reference tool.
BOOST_AUTO_TEST_CASE(what_is_ignored_and_there_is_named) {
  Sign(Statement({Resource("a.bin"), Resource("sub/b.txt")},
                 kFiles + R"(,"ignore_paths":["logs","none"])"));
  folder.Write("model/.git/hooks/evil", "x");
  folder.Write("model/.github/evil", "x");
  folder.Write("model/logs/evil", "x");
  folder.Write("model/own/evil", "x");
  const Ran ran = Verify({"--ignore-paths", "own"});
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK_EQUAL(ListIn(ran, "ignored"), ".git/ .github/ logs/ own/");
  CheckRefused("unsigned-file unsigned-file unsigned-file", ".git/hooks/evil",
               {"--no-ignore-git-paths"});
}

BOOST_AUTO_TEST_CASE(what_was_signed_cannot_be_ignored) {
  Sign(Honest());
  folder.Write("model/sub/b.txt", "other words\n");
  const Ran ran = Verify({"--ignore-paths", "sub", "--ignore-paths", "a.bin"});
  CheckReasons(ran, "changed-file", "sub/b.txt");
  BOOST_CHECK(ListIn(ran, "warnings").find("sub: is not ignored") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(git_files_that_were_signed_are_checked_without_being_asked_for) {
  folder.Write("model/.gitignore", "*");
  Sign(Statement({Resource(".gitignore"), Resource("a.bin"), Resource("sub/b.txt")}));
  CheckPasses();
  folder.Write("model/.gitignore", "!");
  CheckRefused("changed-file", ".gitignore");
}

BOOST_AUTO_TEST_CASE(a_nested_git_folder_is_part_of_the_model) {
  Sign(Honest());
  folder.Write("model/sub/.git/config", "x");
  CheckRefused("unsigned-file", "sub/.git/config");
}

BOOST_AUTO_TEST_CASE(files_changed_added_and_removed_are_each_named) {
  folder.Write("model/c", "c");
  Sign(Statement({Resource("a.bin"), Resource("c"), Resource("sub/b.txt")}));
  folder.Write("model/a.bin", "WEIGHTS");
  folder.Write("model/d", "d");
  std::filesystem::remove(folder.path() / "model/c");
  CheckRefused("changed-file missing-file unsigned-file", "a.bin: is not what was signed");
  const Ran ran = Verify({"--ignore-unsigned-files"});
  CheckReasons(ran, "changed-file missing-file", "a.bin");
  BOOST_CHECK_EQUAL(ListIn(ran, "unsigned"), "d");
}

BOOST_AUTO_TEST_CASE(an_empty_file_beside_shards_is_named_with_a_warning) {
  Sign(Statement({Shard(*this, "a.bin:0:4", "weig"), Shard(*this, "a.bin:4:7", "hts"),
                  Shard(*this, "sub/b.txt:0:4", "word"), Shard(*this, "sub/b.txt:4:6", "s\n")},
                 kShards));
  CheckPasses();
  folder.Write("model/empty", "");
  const Ran ran = Verify();
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK_EQUAL(ListIn(ran, "unsigned"), "empty");
  BOOST_CHECK(ListIn(ran, "warnings").find("1 empty file") != std::string::npos);
  folder.Write("model/a.bin", "weights and more");
  CheckRefused("changed-file", "a.bin");
}

// The reference tool signs such a name in shards, and cannot verify it.
BOOST_AUTO_TEST_CASE(colons_in_names_are_no_trouble) {
  std::filesystem::rename(folder.path() / "model/a.bin", folder.path() / "model/a:0:9");
  Sign(Statement({Shard(*this, "a:0:9:0:4", "weig"), Shard(*this, "a:0:9:4:7", "hts"),
                  Shard(*this, "sub/b.txt:0:4", "word"), Shard(*this, "sub/b.txt:4:6", "s\n")},
                 kShards));
  CheckPasses();
}

// What the reference tool writes, and the specification does not.
BOOST_AUTO_TEST_CASE(resources_in_another_order_pass) {
  Sign(Statement({Resource("sub/b.txt"), Resource("a.bin")}));
  CheckPasses();
}

BOOST_AUTO_TEST_CASE(a_single_file_under_a_dot_is_that_file_and_no_folder) {
  Sign(Statement({Resource("a.bin", ".")}));
  CheckRefused("not-a-single-file", "this is a folder");
  const std::vector<std::string> arguments = {"oms",          "verify",      "key",
                                              "model/a.bin",  "--signature", "model.sig",
                                              "--public-key", "k.pub",       "--json"};
  BOOST_CHECK_EQUAL(carnet.Run(arguments).status, 0);
  folder.Write("model/a.bin", "WEIGHTS");
  CheckReasons(carnet.Run(arguments), "changed-file", ".");
}

BOOST_AUTO_TEST_CASE(the_hint_of_another_key_is_refused_and_an_absent_one_is_a_warning) {
  Sign(Honest(), "application/vnd.in-toto+json",
       R"("publicKey":{"hint":")" + std::string(64, '0') + R"("})");
  CheckRefused("other-key", "signed by the key with the hint");
  const std::string hint =
      MustRun("openssl pkey -pubin -in '" + (folder / "k.pub") + "' | sha256sum").substr(0, 64);
  Sign(Honest(), "application/vnd.in-toto+json", R"("publicKey":{"hint":")" + hint + R"("})");
  BOOST_CHECK_EQUAL(ListIn(Verify(), "warnings"), "");
  Sign(Honest());
  BOOST_CHECK(ListIn(Verify(), "warnings").find("does not say which key") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_signature_by_another_key_or_over_another_payload_is_bad) {
  Sign(Honest());
  const OmsModel other;
  other.Sign(other.Honest());
  const Ran ran = carnet.Run({"oms", "verify", "key", "model", "--signature", "model.sig",
                              "--public-key", other.folder / "k.pub", "--json"});
  CheckReasons(ran, "bad-signature", "is not that of the P-384 key");
}

BOOST_AUTO_TEST_CASE(a_bundle_that_cannot_be_read_is_a_no) {
  folder.Write("model.sig", "{}");
  CheckRefused("malformed-bundle", "mediaType: missing");
}

BOOST_AUTO_TEST_SUITE_END()
