#include "sigstore/oms_statement.h"

#include <openssl/sha.h>

#include <array>
#include <functional>

#include "core/base64.h"
#include "core/hex.h"
#include "json/reader.h"
#include "sigstore/oms_bundle.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {

std::ostream& operator<<(std::ostream& out, OmsFault fault) {
  return out << "fault " << static_cast<int>(fault);
}

namespace {

namespace data = boost::unit_test::data;

const std::string kA(64, 'a'), kB(64, 'b');

// By OpenSSL, of the raw digests one after the other.
std::string Root(const std::vector<std::string>& digests) {
  Bytes raw;
  for (const std::string& digest : digests) {
    const Bytes bytes = HexDecode(digest).value();
    raw.insert(raw.end(), bytes.begin(), bytes.end());
  }
  std::array<uint8_t, 32> root{};
  SHA256(raw.data(), raw.size(), root.data());
  return HexEncode(root);
}

// The parts of a statement, each of which a case may change.
struct Draft {
  std::string type = "https://in-toto.io/Statement/v1";
  std::string predicate_type = "https://model_signing/signature/v1.0";
  std::string subject = "";  // "": by the digests
  std::vector<std::string> resources = {Resource("a.bin", kA), Resource("b/c.txt", kB)};
  std::vector<std::string> digests = {kA, kB};
  std::string serialization = R"("method":"files","hash_type":"sha256","allow_symlinks":false)";
  std::string more = "";  // beside the predicate's members

  static std::string Resource(const std::string& name, const std::string& digest,
                              const std::string& algorithm = "sha256") {
    return R"({"name":")" + name + R"(","digest":")" + digest + R"(","algorithm":")" + algorithm +
           R"("})";
  }

  std::string Text() const {
    std::string all;
    for (const std::string& resource : resources) all += (all.empty() ? "" : ",") + resource;
    const std::string one = R"({"name":"model","digest":{"sha256":")" + Root(digests) + R"("}})";
    return R"({"_type":")" + type + R"(","subject":[)" + (subject.empty() ? one : subject) +
           R"(],"predicateType":")" + predicate_type + R"(","predicate":{"resources":[)" + all +
           R"(],"serialization":{)" + serialization + "}" + more + "}}";
  }
};

const std::string kShards =
    R"("method":"shards","hash_type":"sha256","shard_size":10,"allow_symlinks":false)";

// Shards of one size, each with the digest kA.
Draft Sharded(const std::vector<std::string>& names, const std::string& algorithm = "sha256") {
  Draft draft;
  draft.serialization = kShards;
  draft.resources.clear();
  draft.digests.clear();
  for (const std::string& name : names) {
    draft.resources.push_back(Draft::Resource(name, kA, algorithm));
    draft.digests.push_back(kA);
  }
  return draft;
}

Draft Named(const std::vector<std::string>& names) {
  Draft draft = Sharded(names);
  draft.serialization = Draft().serialization;
  return draft;
}

OmsStatement Read(const std::string& text) {
  auto read = ReadOmsStatement(AsBytes(text));
  if (const auto* error = std::get_if<OmsStatementError>(&read)) BOOST_FAIL(error->message);
  return std::get<OmsStatement>(std::move(read));
}

void CheckFault(const std::string& text, OmsFault fault, std::string_view why) {
  const auto read = ReadOmsStatement(AsBytes(text));
  const auto* error = std::get_if<OmsStatementError>(&read);
  BOOST_REQUIRE_MESSAGE(error != nullptr, "accepted: " << text);
  BOOST_CHECK_EQUAL(error->fault, fault);
  BOOST_CHECK_MESSAGE(error->message.find(why) != std::string::npos,
                      "message \"" << error->message << "\" lacks \"" << why << "\"");
}

struct Refusal {
  const char* name;
  OmsFault fault;
  const char* why;
  Draft (*draft)();
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

Draft With(void (*change)(Draft&)) {
  Draft draft;
  change(draft);
  return draft;
}

const Refusal kRefusals[] = {
    {"another_type", OmsFault::kMalformed, "_type: expected",
     [] { return With([](Draft& d) { d.type = "https://in-toto.io/Statement/v0.1"; }); }},
    {"the_predicate_before_1_0", OmsFault::kOtherVersion, "is the form before 1.0",
     [] {
       return With([](Draft& d) { d.predicate_type = "https://model_signing/Digests/v0.1"; });
     }},
    {"version_2", OmsFault::kOtherVersion, "signature/v2.0",
     [] {
       return With([](Draft& d) { d.predicate_type = "https://model_signing/signature/v2.0"; });
     }},
    {"a_version_that_is_no_number", OmsFault::kOtherVersion, "v1.x",
     [] {
       return With([](Draft& d) { d.predicate_type = "https://model_signing/signature/v1.x"; });
     }},
    {"no_subject", OmsFault::kMalformed, "subject: must be exactly one",
     [] { return With([](Draft& d) { d.subject = " "; }); }},
    {"two_subjects", OmsFault::kMalformed, "subject: must be exactly one",
     [] { return With([](Draft& d) { d.subject = "{},{}"; }); }},
    {"a_subject_without_name", OmsFault::kMalformed, "name must be a string",
     [] {
       return With([](Draft& d) {
         d.subject = R"({"name":"","digest":{"sha256":")" + Root(d.digests) + R"("}})";
       });
     }},
    {"a_subject_without_sha256", OmsFault::kMalformed, "digest.sha256 is missing",
     [] { return With([](Draft& d) { d.subject = R"({"name":"m","digest":{"sha512":"00"}})"; }); }},
    {"a_root_in_capitals", OmsFault::kMalformed, "64 lowercase hex digits",
     [] {
       return With([](Draft& d) {
         d.subject = R"({"name":"m","digest":{"sha256":")" + std::string(64, 'A') + R"("}})";
       });
     }},
    {"a_root_of_other_resources", OmsFault::kWrongRoot, "not the digest of the resources",
     [] { return With([](Draft& d) {
            d.digests = {kB, kA};
          }); }},
    {"an_empty_model", OmsFault::kMalformed, "a model without files", [] { return Named({}); }},
    {"a_field_beside_the_predicates", OmsFault::kMalformed, "predicate.extra: unknown field",
     [] { return With([](Draft& d) { d.more = R"(,"extra":1)"; }); }},
    {"a_field_beside_the_serializations", OmsFault::kMalformed, "serialization.x: unknown field",
     [] { return With([](Draft& d) { d.serialization += R"(,"x":1)"; }); }},
    {"another_hash", OmsFault::kMalformed, "expected sha256 or blake2b, found \"md5\"",
     [] {
       return With([](Draft& d) {
         d.serialization = R"("method":"files","hash_type":"md5","allow_symlinks":false)";
       });
     }},
    {"blake3", OmsFault::kUnsupported, "blake3 is not built in",
     [] {
       return With([](Draft& d) {
         d.serialization = R"("method":"files","hash_type":"blake3","allow_symlinks":false)";
       });
     }},
    {"another_method", OmsFault::kMalformed, "expected files or shards",
     [] {
       return With([](Draft& d) {
         d.serialization = R"("method":"tensors","hash_type":"sha256","allow_symlinks":false)";
       });
     }},
    {"no_word_on_links", OmsFault::kMalformed, "allow_symlinks: missing",
     [] {
       return With([](Draft& d) { d.serialization = R"("method":"files","hash_type":"sha256")"; });
     }},
    {"a_word_on_links_that_is_no_bool", OmsFault::kMalformed, "allow_symlinks: expected true",
     [] {
       return With([](Draft& d) {
         d.serialization = R"("method":"files","hash_type":"sha256","allow_symlinks":"false")";
       });
     }},
    {"a_shard_size_of_files", OmsFault::kMalformed, "belongs to the method",
     [] { return With([](Draft& d) { d.serialization += R"(,"shard_size":10)"; }); }},
    {"no_shard_size", OmsFault::kMalformed, "shard_size: missing",
     [] {
       return With([](Draft& d) {
         d.serialization = R"("method":"shards","hash_type":"sha256","allow_symlinks":false)";
       });
     }},
    {"a_shard_size_of_0", OmsFault::kMalformed, "must be a positive integer",
     [] {
       Draft draft = Sharded({"a:0:1"});
       draft.serialization.replace(draft.serialization.find("10"), 2, "0");
       return draft;
     }},
    {"a_shard_size_with_a_fraction", OmsFault::kMalformed, "must be a positive integer",
     [] {
       Draft draft = Sharded({"a:0:1"});
       draft.serialization.replace(draft.serialization.find("10"), 2, "10.5");
       return draft;
     }},
    {"an_ignored_path_outside", OmsFault::kUnsafePath, "leads out of the model",
     [] { return With([](Draft& d) { d.serialization += R"(,"ignore_paths":["../x"])"; }); }},
    {"an_absolute_ignored_path", OmsFault::kUnsafePath, "is absolute",
     [] { return With([](Draft& d) { d.serialization += R"(,"ignore_paths":["/x"])"; }); }},
    {"a_file_that_is_signed_and_ignored", OmsFault::kMalformed, "\"b/c.txt\" is signed, and below",
     [] { return With([](Draft& d) { d.serialization += R"(,"ignore_paths":["b"])"; }); }},
    {"a_path_outside", OmsFault::kUnsafePath, "\"../outside.txt\" leads out of the model",
     [] { return Named({"../outside.txt"}); }},
    {"an_absolute_path", OmsFault::kUnsafePath, "is absolute",
     [] { return Named({"/etc/passwd"}); }},
    {"a_path_with_a_dot", OmsFault::kUnsafePath, "component \".\"", [] { return Named({"./a"}); }},
    {"a_path_with_two_slashes", OmsFault::kUnsafePath, "an empty component",
     [] { return Named({"a//b"}); }},
    {"a_path_that_ends_in_a_slash", OmsFault::kUnsafePath, "an empty component",
     [] { return Named({"a/"}); }},
    {"an_empty_path", OmsFault::kUnsafePath, "is empty", [] { return Named({""}); }},
    {"a_path_twice", OmsFault::kDuplicate, "\"a\" is there twice",
     [] {
       return Named({"a", "a"});
     }},
    {"a_single_file_beside_another", OmsFault::kMalformed, "a model of one file, beside other",
     [] {
       return Named({".", "a"});
     }},
    {"another_algorithm", OmsFault::kMalformed, "\"sha512\" is not the hash_type sha256",
     [] {
       return With([](Draft& d) { d.resources[0] = Draft::Resource("a.bin", kA, "sha512"); });
     }},
    {"an_algorithm_of_shards_for_files", OmsFault::kMalformed, "is not the hash_type",
     [] {
       return With(
           [](Draft& d) { d.resources[0] = Draft::Resource("a.bin", kA, "sha256-sharded-10"); });
     }},
    {"an_algorithm_of_other_shards", OmsFault::kMalformed, "is not the hash_type",
     [] { return Sharded({"a:0:1"}, "sha256-sharded-11"); }},
    {"a_digest_in_capitals", OmsFault::kMalformed, "digest: must be 64 lowercase",
     [] {
       return With(
           [](Draft& d) { d.resources[0] = Draft::Resource("a.bin", std::string(64, 'A')); });
     }},
    {"a_digest_that_is_short", OmsFault::kMalformed, "digest: must be 64 lowercase",
     [] { return With([](Draft& d) { d.resources[0] = Draft::Resource("a.bin", "aa"); }); }},
    {"a_resource_without_digest", OmsFault::kMalformed, "resources[0]: digest is missing",
     [] {
       return With([](Draft& d) { d.resources[0] = R"({"name":"a.bin","algorithm":"sha256"})"; });
     }},
    {"a_shard_without_range", OmsFault::kMalformed, "expected <path>:<start>:<end>",
     [] { return Sharded({"a"}); }},
    {"a_shard_of_one_number", OmsFault::kMalformed, "expected <path>:<start>:<end>",
     [] { return Sharded({"a:10"}); }},
    {"a_shard_with_a_leading_zero", OmsFault::kMalformed, "must be decimal integers",
     [] { return Sharded({"a:0:01"}); }},
    {"a_shard_twice", OmsFault::kDuplicate, "\"a:0:10\" is there twice",
     [] {
       return Sharded({"a:0:10", "a:0:10"});
     }},
    {"a_shard_missing_at_the_beginning", OmsFault::kUntiledShards, "does not follow byte 0",
     [] { return Sharded({"a:10:20"}); }},
    {"a_shard_missing_in_the_middle", OmsFault::kUntiledShards, "does not follow byte 10",
     [] {
       return Sharded({"a:0:10", "a:20:30"});
     }},
    {"shards_that_overlap", OmsFault::kUntiledShards, "does not follow byte 10",
     [] {
       return Sharded({"a:0:10", "a:5:15"});
     }},
    {"two_ends_of_one_shard", OmsFault::kUntiledShards, "shard 0 to 5",
     [] {
       return Sharded({"a:0:10", "a:0:5"});
     }},
    {"a_short_shard_before_the_last", OmsFault::kUntiledShards, "shard 0 to 5",
     [] {
       return Sharded({"a:0:5", "a:5:10"});
     }},
    {"a_last_shard_that_is_too_long", OmsFault::kUntiledShards, "shard 0 to 11",
     [] { return Sharded({"a:0:11"}); }},
    {"an_empty_shard", OmsFault::kUntiledShards, "shard 0 to 0", [] { return Sharded({"a:0:0"}); }},
    {"a_shard_that_runs_backwards", OmsFault::kUntiledShards, "shard 10 to 5",
     [] {
       return Sharded({"a:0:10", "a:10:5"});
     }},
    {"a_shard_outside", OmsFault::kUnsafePath, "leads out", [] { return Sharded({"../a:0:1"}); }},
};

BOOST_AUTO_TEST_SUITE(oms_statement)

BOOST_AUTO_TEST_CASE(reads_files_and_their_digests) {
  const OmsStatement read = Read(Draft().Text());
  BOOST_CHECK_EQUAL(read.model_name, "model");
  BOOST_CHECK_EQUAL(HexEncode(read.root.span()), Root({kA, kB}));
  BOOST_REQUIRE_EQUAL(read.manifest.resources.size(), 2u);
  BOOST_CHECK_EQUAL(read.manifest.resources[1].path, "b/c.txt");
  BOOST_CHECK_EQUAL(HexEncode(read.manifest.resources[1].digest), kB);
  BOOST_CHECK(!read.manifest.allow_symlinks);
  BOOST_CHECK(!read.manifest.method.shard_bytes.has_value());
}

BOOST_DATA_TEST_CASE(refuses, data::make(kRefusals), refusal) {
  CheckFault(refusal.draft().Text(), refusal.fault, refusal.why);
}

BOOST_AUTO_TEST_CASE(refuses_a_field_beside_the_statements) {
  std::string text = Draft().Text();
  text.insert(1, R"("extra":1,)");
  CheckFault(text, OmsFault::kMalformed, "extra: unknown field");
  CheckFault("[]", OmsFault::kMalformed, "expected object");
  CheckFault("{", OmsFault::kMalformed, "");
}

BOOST_AUTO_TEST_CASE(reads_minor_versions_any_order_and_unknown_fields_of_resource_and_subject) {
  Draft draft;
  draft.predicate_type = "https://model_signing/signature/v1.17";
  draft.resources = {Draft::Resource("b", kB), R"({"name":"a","digest":")" + kA +
                                                   R"(","algorithm":"sha256","size":{"bytes":1}})"};
  draft.digests = {kB, kA};
  draft.subject = R"({"name":"m","annotations":{},"digest":{"sha512":"","sha256":")" +
                  Root(draft.digests) + R"("}})";
  draft.serialization += R"(,"ignore_paths":[".git","model.sig"])";
  const OmsStatement read = Read(draft.Text());
  BOOST_CHECK_EQUAL(read.manifest.resources.front().path, "b");
  BOOST_CHECK_EQUAL(read.manifest.ignore_paths.size(), 2u);
}

BOOST_AUTO_TEST_CASE(reads_shards_by_the_last_two_colons_in_either_spelling) {
  Draft draft = Sharded({"a:1:2:0:10", "a:1:2:10:13", ".b:0:10"}, "sha256-sharded-10");
  draft.serialization.replace(draft.serialization.find("10"), 2, "10.0");  // as Python writes it
  const OmsStatement read = Read(draft.Text());
  BOOST_CHECK_EQUAL(read.manifest.resources[1].path, "a:1:2");
  BOOST_CHECK_EQUAL(read.manifest.resources[1].begin, 10u);
  BOOST_CHECK_EQUAL(read.manifest.resources[1].end, 13u);
  BOOST_CHECK_EQUAL(read.manifest.method.shard_bytes.value(), 10u);
}

BOOST_AUTO_TEST_CASE(reads_a_single_file_under_the_name_of_older_signers) {
  BOOST_CHECK_EQUAL(Read(Named({"."}).Text()).manifest.resources.front().path, ".");
  BOOST_CHECK_EQUAL(Read(Sharded({".:0:10", ".:10:11"}).Text()).manifest.resources.size(), 2u);
}

BOOST_AUTO_TEST_CASE(reads_blake2b_with_a_root_in_sha256) {
  Draft draft;
  const std::string digest(128, 'c');
  draft.serialization = R"("method":"files","hash_type":"blake2b","allow_symlinks":true)";
  draft.resources = {Draft::Resource("a", digest, "blake2b")};
  draft.digests = {digest};
  const OmsStatement read = Read(draft.Text());
  BOOST_CHECK_EQUAL(read.manifest.resources.front().digest.size(), 64u);
  BOOST_CHECK(read.manifest.allow_symlinks);
}

// The specification's form, spelt out.
BOOST_AUTO_TEST_CASE(writes_the_two_members_of_the_predicate_and_no_other) {
  artifact::OmsManifest manifest;
  manifest.resources = {{"a \"b\"", 0, 0, HexDecode(kA).value()}};
  BOOST_CHECK_EQUAL(
      WriteOmsStatement("m", manifest),
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":")" +
          Root({kA}) +
          R"("}}],"predicateType":"https://model_signing/signature/v1.0","predicate":{"resources":)"
          R"([{"name":"a \"b\"","digest":")" +
          kA +
          R"(","algorithm":"sha256"}],"serialization":{"method":"files","hash_type":"sha256",)"
          R"("allow_symlinks":false}}})");
  manifest.method.shard_bytes = 5;
  manifest.resources[0].end = 5;
  manifest.ignore_paths = {".git"};
  const std::string sharded = WriteOmsStatement("m", manifest);
  BOOST_CHECK(sharded.find(R"("name":"a \"b\":0:5")") != std::string::npos);
  BOOST_CHECK(sharded.find(R"("shard_size":5,"allow_symlinks":false,"ignore_paths":[".git"])") !=
              std::string::npos);
  BOOST_CHECK(Read(sharded).manifest == manifest);
}

// Twelve by specification 1.0, signed by other programs, and one from before.
BOOST_AUTO_TEST_CASE(reads_the_signatures_of_other_programs,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  size_t read = 0, older = 0;
  const auto bundles = test::VectorsFolder() / "model-signing/bundles";
  for (const auto& entry : std::filesystem::directory_iterator(bundles)) {
    const std::string text = test::Slurp(entry.path() / "model.sig");
    REQUIRE_VALUE(const OmsBundle bundle, ReadOmsBundle(text));
    const std::string payload(AsText(bundle.envelope.payload));
    if (entry.path().filename() == "v0.2.0-certificate") {
      CheckFault(payload, OmsFault::kOtherVersion, "is the form before 1.0");
      ++older;
    } else {
      BOOST_CHECK_GE(Read(payload).manifest.resources.size(), 1u);
      ++read;
    }
  }
  BOOST_CHECK_EQUAL(read, 12u);
  BOOST_CHECK_EQUAL(older, 1u);
}

BOOST_AUTO_TEST_CASE(refuses_the_wrong_predicate_of_the_specifications_tests,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  const auto file =
      test::VectorsFolder() / "model-signing/spec-v1.0/invalid-payload/wrong-predicate.bundle.json";
  REQUIRE_VALUE(const OmsBundle bundle, ReadOmsBundle(test::Slurp(file)));
  CheckFault(std::string(AsText(bundle.envelope.payload)), OmsFault::kOtherVersion,
             "wrong-predicate");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
