// transparency-dev/merkle's proofs, each mutated in one way that its `desc` names.
#include <boost/json.hpp>

#include "core/base64.h"
#include "crypto/sha256.h"
#include "merkle/check_proof.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::merkle {
namespace {

namespace json = boost::json;

// Absent for a hash of another length, which no proof of ours can hold: such a case is refused
// where the proof is read.
template <typename Hash>
std::optional<Hash> HashOf(const json::value& text) {
  if (!text.is_string()) return std::nullopt;
  const auto bytes = Base64Decode(text.as_string().c_str());
  return bytes ? Hash::FromSpan(*bytes) : std::nullopt;
}

// Some roots are text of another length, "don't care" for one: any stand-in does that is equal for
// equal texts only and is no root of the others.
RootHash RootOf(const json::value& text) {
  const auto root = HashOf<RootHash>(text);
  return root ? *root : Retag<RootHash>(crypto::Sha256Of("root " + json::serialize(text)));
}

std::optional<std::vector<NodeHash>> HashesOf(const json::value& list) {
  std::vector<NodeHash> hashes;
  if (list.is_null()) return hashes;
  for (const json::value& text : list.as_array()) {
    const auto hash = HashOf<NodeHash>(text);
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}

uint64_t NumberOf(const json::value& file, const char* name) {
  return file.at(name).to_number<uint64_t>();
}

// What reading and checking say; absent where reading already refuses.
std::optional<Result<>> CheckInclusionCase(const json::value& file) {
  const auto root = RootOf(file.at("root"));
  const auto leaf = HashOf<LeafHash>(file.at("leafHash"));
  const auto hashes = HashesOf(file.at("proof"));
  if (!leaf || !hashes) return std::nullopt;
  return CheckInclusion(LeafIndex(NumberOf(file, "leafIdx")), TreeSize(NumberOf(file, "treeSize")),
                        *leaf, {*hashes}, root);
}

std::optional<Result<>> CheckConsistencyCase(const json::value& file) {
  const auto from_root = RootOf(file.at("root1"));
  const auto to_root = RootOf(file.at("root2"));
  const auto hashes = HashesOf(file.at("proof"));
  if (!hashes) return std::nullopt;
  return CheckConsistency(TreeSize(NumberOf(file, "size1")), from_root,
                          TreeSize(NumberOf(file, "size2")), to_root, {*hashes});
}

struct Counts {
  size_t accepted = 0;
  size_t refused_by_check = 0;
  size_t refused_by_reading = 0;
};

template <typename CheckCase>
Counts CheckFolder(const char* folder, CheckCase check_case) {
  Counts counts;
  const auto path = test::VectorsFolder() / "merkle" / folder;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.path().extension() != ".json") continue;
    const json::value file = json::parse(test::Slurp(entry.path()));
    const auto answer = check_case(file);
    const bool accepted = answer && answer->has_value();
    BOOST_CHECK_MESSAGE(accepted == !file.at("wantErr").as_bool(),
                        entry.path() << ": " << file.at("desc").as_string().c_str());
    if (answer && !accepted) BOOST_CHECK_EQUAL(answer->error().code, ErrorCode::kRejected);
    ++(accepted ? counts.accepted : answer ? counts.refused_by_check : counts.refused_by_reading);
  }
  return counts;
}

BOOST_AUTO_TEST_SUITE(proof_vectors, *boost::unit_test::precondition(test::HasVectors("merkle")))

BOOST_AUTO_TEST_CASE(answers_all_98_inclusion_proofs) {
  const Counts counts = CheckFolder("inclusion", CheckInclusionCase);
  BOOST_CHECK_EQUAL(counts.accepted, 6u);
  BOOST_CHECK_EQUAL(counts.refused_by_check + counts.refused_by_reading, 92u);
}

BOOST_AUTO_TEST_CASE(answers_all_98_consistency_proofs) {
  const Counts counts = CheckFolder("consistency", CheckConsistencyCase);
  BOOST_CHECK_EQUAL(counts.accepted, 6u);
  BOOST_CHECK_EQUAL(counts.refused_by_check + counts.refused_by_reading, 92u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
