// What is kept of a statement whose text is absent: its index rows are those of the text.
#include "ledger/index_terms.h"

#include <map>

#include "core/byte_writer.h"
#include "ledger/index.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

using Rows = std::map<std::string, std::string>;

Rows RowsOf(const Submission& submission, const IndexTerms& terms) {
  Rows rows;
  ForEachOwnRow(submission.id(), submission.signer(), terms, LeafIndex(5),
                [&](std::string key, std::string value) { rows.emplace(key, value); });
  return rows;
}

std::vector<Submission> OneOfEachKind(LedgerWorld& world) {
  StatementMaker& lab = world.lab;
  const SignerId site(SiteKey().public_key().id());
  const Submission device = lab.Submit(lab.Device());
  const Submission run = lab.Submit(lab.Run(
      {{site}, {StatementMaker::ModelOf("a"), StatementMaker::ModelOf("b")}, {device.id()}}));
  const Submission segment = lab.Submit(lab.Segment({run.id(), 3, 17, device.id()}));
  const Submission completion = lab.Submit(lab.Completion(run.id(), segment.id()));
  const Submission passport = lab.Submit(lab.Passport(completion.id(), "m", device.id()));
  return {device,
          lab.Submit(lab.Dataset({device.id()})),
          run,
          segment,
          completion,
          passport,
          lab.Submit(lab.Verdict(StatementMaker::ModelOf("m"), passport.id()))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(index_terms)

BOOST_AUTO_TEST_CASE(terms_of_every_kind_come_back) {
  LedgerWorld world;
  for (const Submission& submission : OneOfEachKind(world)) {
    const IndexTerms& terms = submission.terms();
    REQUIRE_VALUE(const IndexTerms kept, DecodeTerms(EncodeTerms(terms)));
    BOOST_CHECK(kept.kind == terms.kind);
    BOOST_CHECK(kept.references == terms.references);
    BOOST_CHECK(kept.run == terms.run);
    BOOST_CHECK_EQUAL(kept.lane, terms.lane);
    BOOST_CHECK_EQUAL(kept.seq, terms.seq);
    BOOST_CHECK(kept.model == terms.model);
    BOOST_CHECK_EQUAL(kept.supersedes, terms.supersedes);
    BOOST_CHECK(!kept.ledger);
    BOOST_CHECK(RowsOf(submission, kept) == RowsOf(submission, terms));
  }
}

BOOST_AUTO_TEST_CASE(refuses_terms_that_are_cut_lengthened_or_changed_in_form) {
  LedgerWorld world;
  for (const Submission& submission : OneOfEachKind(world)) {
    const Bytes encoded = EncodeTerms(submission.terms());
    for (size_t size = 1; size < encoded.size(); ++size)
      CHECK_ERROR(DecodeTerms(ByteSpan(encoded).first(size)), ErrorCode::kCorruption,
                  "index terms: not what was written");
    Bytes changed = encoded;
    changed.push_back(0);
    CHECK_ERROR(DecodeTerms(changed), ErrorCode::kCorruption, "not what was written");
    changed = encoded;
    changed.back() = 2;  // the flag `supersedes`
    CHECK_ERROR(DecodeTerms(changed), ErrorCode::kCorruption, "not what was written");
    changed = encoded;
    changed[0] = 99;
    CHECK_ERROR(DecodeTerms(changed), ErrorCode::kCorruption, "unknown kind");
    changed = encoded;
    changed[1] = 0xff;  // of the number of subjects
    CHECK_ERROR(DecodeTerms(changed), ErrorCode::kCorruption, "not what was written");
  }
  CHECK_ERROR(DecodeTerms({}), ErrorCode::kCorruption, "unknown kind");
}

// Form on disk, by hand: a device has a subject and nothing else.
BOOST_AUTO_TEST_CASE(form_on_disk_is_fixed) {
  IndexTerms terms{};
  terms.kind = schemas::Kind::kSegment;
  terms.run = StatementId(std::array<uint8_t, 32>{});
  terms.lane = 2;
  terms.seq = 0x0103;
  ByteWriter expected;
  expected.U8(5);                                        // the number of the kind
  expected.U32Be(0).U32Be(0).U32Be(0);                   // subjects, references, parents
  expected.U8(1).Append(std::string(32, '\0'));          // the run
  expected.U64Be(2).U64Be(0x0103).U32Be(0).U8(0).U8(0);  // no recorders, no model
  BOOST_CHECK(AsText(EncodeTerms(terms)) == expected.text());
}

BOOST_AUTO_TEST_SUITE_END()
