// Every proof of a tree of 300 leaves, against the recursion of RFC 6962.
#include <map>

#include "merkle/build_proof.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr uint64_t kSize = 300;

struct GrownWorld : LedgerWorld {
  GrownWorld() : ledger(Open()) {
    std::vector<Submission> batch;
    for (uint64_t i = 0; i < kSize; ++i) {
      batch.push_back(lab.Submit(lab.Device()));
      tree.Append(ExpectedLeaf(batch.back()));
      if (i % 61 == 0 || i + 1 == kSize) {
        BOOST_REQUIRE(ledger->Append(batch).has_value());
        batch.clear();
      }
    }
  }

  ReferenceTree tree{std::vector<std::string>{}};
  std::unique_ptr<Ledger> ledger;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(proofs, GrownWorld)

BOOST_AUTO_TEST_CASE(every_inclusion_proof_is_the_reference_trees,
                     *carnet::test::LongOnOneThread()) {
  REQUIRE_VALUE(const auto reader, ledger->Read());
  for (uint64_t size = 1; size <= kSize; ++size)
    for (uint64_t index = 0; index < size; ++index) {
      REQUIRE_VALUE(const auto proof, reader->Inclusion(LeafIndex(index), TreeSize(size)));
      BOOST_REQUIRE(proof.hashes == tree.Inclusion(index, 0, size));
    }
}

BOOST_AUTO_TEST_CASE(every_consistency_proof_is_the_reference_trees,
                     *carnet::test::LongOnOneThread()) {
  REQUIRE_VALUE(const auto reader, ledger->Read());
  for (uint64_t to = 0; to <= kSize; ++to)
    for (uint64_t from = 0; from <= to; ++from) {
      REQUIRE_VALUE(const auto proof, reader->Consistency(TreeSize(from), TreeSize(to)));
      if (from == 0 || from == to) {
        BOOST_REQUIRE(proof.hashes.empty());
      } else {
        BOOST_REQUIRE(proof.hashes == tree.Consistency(0, from, to));
      }
    }
}

BOOST_AUTO_TEST_CASE(every_root_is_the_reference_trees) {
  REQUIRE_VALUE(const auto reader, ledger->Read());
  for (uint64_t size = 0; size <= kSize; ++size) {
    REQUIRE_VALUE(const RootHash root, reader->RootAt(TreeSize(size)));
    BOOST_REQUIRE(root == tree.Root(size));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_proved_above_the_checkpoint) {
  REQUIRE_VALUE(const auto reader, ledger->Read());
  AppendOne(*ledger, lab.Submit(lab.Device()));
  CHECK_ERROR(reader->Inclusion(LeafIndex(kSize), TreeSize(kSize + 1)), ErrorCode::kNotFound,
              "no tree of size 301");
  CHECK_ERROR(reader->Inclusion(LeafIndex(kSize), TreeSize(kSize)), ErrorCode::kNotFound,
              "index 300");
  CHECK_ERROR(reader->Consistency(TreeSize(1), TreeSize(kSize + 1)), ErrorCode::kNotFound,
              "no tree of size 301");
  CHECK_ERROR(reader->Consistency(TreeSize(3), TreeSize(2)), ErrorCode::kNotFound, "");
  CHECK_ERROR(reader->RootAt(TreeSize(kSize + 1)), ErrorCode::kNotFound, "no tree of size 301");
  CHECK_ERROR(reader->Receipt(LeafIndex(kSize)), ErrorCode::kNotFound, "no entry 300");
  CHECK_ERROR(reader->EntryAt(LeafIndex(kSize)), ErrorCode::kNotFound, "no entry 300");
}

BOOST_AUTO_TEST_SUITE_END()
