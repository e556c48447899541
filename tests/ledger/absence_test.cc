// Statements that are logged and whose text is not in the ledger: withheld from the start, or
// erased. Tree, receipts, index and the rules of appending are as if it were there.
#include "ledger/erase.h"

#include <algorithm>

#include "ledger/keyspace.h"
#include "schemas/stored.h"
#include "tests/ledger/ledger_world.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr TimestampMs kNow(1'790'000'000'000);  // 2026-09-21T14:13:20Z
const std::string kReason = "order of a court";

std::string TextOf(const Submission& submission) {
  return std::string(AsText(submission.payload()));
}

// 0 run, 1 segment, 2 completion, 3 passport, 4 verdict, 5 the same verdict by a stranger, then
// devices.
struct AbsenceWorld : LedgerWorld {
  AbsenceWorld()
      : run(lab.Submit(lab.Run())),
        segment(lab.Submit(lab.Segment({run.id(), 0, 0, {}}))),
        completion(lab.Submit(lab.Completion(run.id(), segment.id()))),
        passport(lab.Submit(lab.Passport(completion.id(), "weights"))),
        verdict(lab.Submit(lab.Verdict(StatementMaker::ModelOf("weights"), passport.id()))),
        same_verdict(
            stranger.Submit(stranger.Verdict(StatementMaker::ModelOf("weights"), passport.id()))),
        all({run, segment, completion, passport, verdict, same_verdict}) {
    for (int i = 0; i < 10; ++i) all.push_back(lab.Submit(lab.Device()));
  }

  void AppendAll() { BOOST_REQUIRE(Open()->Append(all).has_value()); }
  ReferenceTree Tree() const {
    std::vector<std::string> leaves;
    for (const Submission& submission : all) leaves.push_back(ExpectedLeaf(submission));
    return ReferenceTree(leaves);
  }
  void CheckWhole() const {
    CheckClean();
    REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
    CheckReceipts(*reader, Tree(), note_key());
  }
  // Of the quarters of its text those that no other statement contains. More than one, as RocksDB's
  // log cuts rows at the borders of its blocks.
  std::vector<std::string> PartsOf(const Submission& submission) const {
    const std::string text = TextOf(submission);
    const size_t quarter = text.size() / 4;
    std::vector<std::string> parts;
    for (size_t i = 0; i < 4; ++i) {
      std::string part = text.substr(i * quarter, quarter);
      const bool shared = std::any_of(all.begin(), all.end(), [&](const Submission& other) {
        return other.id() != submission.id() && TextOf(other).find(part) != std::string::npos;
      });
      if (!shared) parts.push_back(std::move(part));
    }
    BOOST_REQUIRE_GE(parts.size(), 2u);
    return parts;
  }
  std::vector<LeafIndex> EraseText(const Submission& of) const {
    REQUIRE_VALUE(auto erased, Erase(folder(), of.id(), kNow, kReason));
    BOOST_CHECK(!erased.already);
    return erased.entries;
  }

  Submission run;
  Submission segment;
  Submission completion;
  Submission passport;
  Submission verdict;
  Submission same_verdict;
  std::vector<Submission> all;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(absence, AbsenceWorld)

BOOST_AUTO_TEST_CASE(a_withheld_text_is_nowhere_and_its_receipt_is_good) {
  all[1].Withhold(kNow, "under contract");
  AppendAll();
  CheckWhole();
  BOOST_CHECK_EQUAL(Fsck().withheld, 1u);
  BOOST_CHECK_EQUAL(Fsck().erased, 0u);
  const RawDatabase rows(folder());
  BOOST_CHECK(!rows.FilesContain(PartsOf(segment)));
  BOOST_CHECK(rows.FilesContain(PartsOf(run)));
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  CHECK_ERROR(reader->BundleAt(LeafIndex(1)), ErrorCode::kNotFound,
              "entry 1: its text is withheld since 2026-09-21T14:13:20.000Z: under contract");
  REQUIRE_VALUE(const StoredEntry entry, reader->EntryAt(LeafIndex(1)));
  BOOST_CHECK(entry.payload() == nullptr);
  BOOST_CHECK(entry.id == segment.id());
}

BOOST_AUTO_TEST_CASE(the_index_knows_a_withheld_statement_as_any_other) {
  all[0].Withhold(kNow, "under contract");
  all[1].Withhold(kNow, "under contract");
  AppendAll();
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  REQUIRE_VALUE(const auto found, reader->Find(segment.id()));
  BOOST_CHECK_EQUAL(found.index.value(), 1u);
  BOOST_REQUIRE_EQUAL(found.references.size(), 1u);
  BOOST_CHECK(found.references[0] == run.id());
  REQUIRE_VALUE(const auto members, reader->ByRun(run.id(), 10));
  BOOST_CHECK_EQUAL(members.size(), 2u);
  const auto ledger = Open();
  const Submission second = lab.Submit(lab.Segment({run.id(), 0, 0, {}}));
  CHECK_ERROR(ledger->Append({&second, 1}), ErrorCode::kConflict,
              "a second segment (lane 0, seq 0)");
  const Appended again = AppendOne(*ledger, segment);
  BOOST_CHECK(again.duplicate);
  BOOST_CHECK_EQUAL(again.index.value(), 1u);
}

BOOST_AUTO_TEST_CASE(an_erased_text_is_in_no_file_and_the_tree_is_as_before) {
  AppendAll();
  const RawDatabase rows(folder());
  BOOST_REQUIRE(rows.FilesContain(PartsOf(segment)));
  const auto entries = EraseText(segment);
  BOOST_REQUIRE_EQUAL(entries.size(), 1u);
  BOOST_CHECK_EQUAL(entries[0].value(), 1u);
  BOOST_CHECK(!rows.FilesContain(PartsOf(segment)));
  BOOST_CHECK(rows.FilesContain(PartsOf(run)));
  CheckWhole();
  BOOST_CHECK_EQUAL(Fsck().erased, 1u);
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  CHECK_ERROR(reader->BundleAt(LeafIndex(1)), ErrorCode::kNotFound,
              "entry 1: its text is erased since 2026-09-21T14:13:20.000Z: order of a court");
}

BOOST_AUTO_TEST_CASE(a_text_in_a_settled_table_is_erased_too) {
  AppendAll();
  const RawDatabase rows(folder());
  rows.Settle();
  EraseText(segment);
  BOOST_CHECK(!rows.FilesContain(PartsOf(segment)));
  rows.Settle();
  EraseText(completion);
  BOOST_CHECK(!rows.FilesContain(PartsOf(completion)));
  CheckWhole();
}

BOOST_AUTO_TEST_CASE(a_ledger_grows_after_an_erasure) {
  AppendAll();
  EraseText(run);
  EraseText(segment);
  const auto ledger = Open();
  const Submission next = lab.Submit(lab.Segment({run.id(), 0, 1, segment.id()}));
  all.push_back(next);
  BOOST_CHECK_EQUAL(AppendOne(*ledger, next).index.value(), 16u);
  const Submission repeated = lab.Submit(lab.Segment({run.id(), 0, 0, {}}));
  CHECK_ERROR(ledger->Append({&repeated, 1}), ErrorCode::kConflict, "a second segment");
  CheckReceipts(**ledger->Read(), Tree(), note_key());
}

BOOST_AUTO_TEST_CASE(a_rebuild_that_was_cut_short_keeps_no_text) {
  AppendAll();
  const std::string left = folder() + "/rebuilding";
  std::filesystem::create_directories(left);
  std::filesystem::copy(folder() + "/db", left + "/db", std::filesystem::copy_options::recursive);
  EraseText(segment);
  BOOST_CHECK(!std::filesystem::exists(left));
}

BOOST_AUTO_TEST_CASE(every_entry_of_a_statement_is_erased) {
  AppendAll();
  const auto entries = EraseText(verdict);
  BOOST_REQUIRE_EQUAL(entries.size(), 2u);
  BOOST_CHECK_EQUAL(entries[1].value(), 5u);
  BOOST_CHECK(!RawDatabase(folder()).FilesContain(PartsOf(verdict)));
  CheckWhole();
}

BOOST_AUTO_TEST_CASE(erasing_again_changes_nothing) {
  AppendAll();
  EraseText(segment);
  const auto before = RawDatabase(folder()).All();
  REQUIRE_VALUE(const auto erased,
                Erase(folder(), segment.id(), TimestampMs(kNow.value() + 1), "another reason"));
  BOOST_CHECK_EQUAL(erased.entries.size(), 1u);
  BOOST_CHECK(erased.already);
  BOOST_CHECK(RawDatabase(folder()).All() == before);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_erased_is_refused) {
  all[1].Withhold(kNow, "under contract");
  AppendAll();
  CHECK_ERROR(Erase(folder(), segment.id(), kNow, kReason), ErrorCode::kConflict,
              "entry 1: its text is withheld since");
  const Submission elsewhere = lab.Submit(lab.Device());
  CHECK_ERROR(Erase(folder(), elsewhere.id(), kNow, kReason), ErrorCode::kNotFound,
              "is not logged");
  const auto writer = Open();
  CHECK_ERROR(Erase(folder(), run.id(), kNow, kReason), ErrorCode::kConflict, "another writer");
  BOOST_CHECK(RawDatabase(folder()).FilesContain(PartsOf(run)));
}

BOOST_AUTO_TEST_CASE(a_text_that_is_given_back_is_what_it_was) {
  all[1].Withhold(kNow, "under contract");
  AppendAll();
  EraseText(verdict);
  const auto restored = Restore(folder(), {segment.payload(), verdict.payload(), run.payload(),
                                           lab.Submit(lab.Device()).payload()});
  REQUIRE_VALUE(const auto texts, restored);
  BOOST_REQUIRE_EQUAL(texts.size(), 2u);  // the run's is there, the device is not logged
  BOOST_CHECK(texts[0].id == segment.id());
  BOOST_CHECK_EQUAL(texts[1].entries.size(), 2u);
  CheckWhole();
  BOOST_CHECK_EQUAL(Fsck().withheld + Fsck().erased, 0u);
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  REQUIRE_VALUE(const auto bundle, reader->BundleAt(LeafIndex(1)));
  BOOST_CHECK(bundle.envelope.payload == segment.payload());
  BOOST_CHECK(bundle.envelope.signature == segment.signature());
}

BOOST_AUTO_TEST_CASE(a_bundle_is_made_with_the_text_from_elsewhere_and_no_other) {
  all[1].Withhold(kNow, "under contract");
  AppendAll();
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  REQUIRE_VALUE(const auto bundle, reader->BundleAt(LeafIndex(1), segment.payload()));
  BOOST_CHECK(bundle.envelope.signature == segment.signature());
  CHECK_ERROR(reader->BundleAt(LeafIndex(1), run.payload()), ErrorCode::kRejected,
              "entry 1: the text given is another statement's");
}

BOOST_AUTO_TEST_CASE(fsck_names_a_missing_row_of_a_statement_without_its_text) {
  AppendAll();
  EraseText(segment);
  const RawDatabase rows(folder());
  for (const std::string& key : {ReferrerKey(run.id(), LeafIndex(1)), SegmentKey({run.id(), 0, 0}),
                                 StatementKey(segment.id())}) {
    const std::string value = rows.Get(key);
    rows.Delete(key);
    const auto findings = Fsck().findings;
    BOOST_REQUIRE(!findings.empty());
    BOOST_CHECK_EQUAL(findings[0], DescribeRow(key) + ": is missing");
    rows.Put(key, value);
  }
  CheckClean();
}

BOOST_AUTO_TEST_CASE(terms_that_are_not_the_statements_are_damage) {
  AppendAll();
  EraseText(segment);
  const RawDatabase rows(folder());
  REQUIRE_VALUE(auto stored, schemas::DecodeStored(AsBytes(rows.Get(EntryKey(LeafIndex(1))))));
  auto& absence = std::get<schemas::Absence>(stored.content);
  REQUIRE_VALUE(IndexTerms terms, DecodeTerms(absence.terms));
  terms.seq = 7;
  absence.terms = EncodeTerms(terms);
  rows.Put(EntryKey(LeafIndex(1)), schemas::EncodeStored(stored));
  BOOST_CHECK(!Fsck().findings.empty());
  // The text is proved by its id, the terms by nothing: it is put back.
  const std::string erased = rows.Get(EntryKey(LeafIndex(1)));
  REQUIRE_VALUE(const auto restored, Restore(folder(), {segment.payload(), segment.payload()}));
  BOOST_REQUIRE_EQUAL(restored.size(), 1u);
  BOOST_CHECK(restored[0].index_differs);
  CheckClean();  // the index rows had not been changed
  rows.Put(EntryKey(LeafIndex(1)), erased);
  absence.terms.pop_back();
  rows.Put(EntryKey(LeafIndex(1)), schemas::EncodeStored(stored));
  BOOST_REQUIRE(!Fsck().findings.empty());
  BOOST_CHECK_EQUAL(Fsck().findings[0], "entry 1: index terms: not what was written");
}

BOOST_AUTO_TEST_SUITE_END()
