// Conflicts, duplicates and what the index finds (docs/rules.md, "Cases").
#include "ledger/index.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

using Indices = std::vector<LeafIndex>;

// A world with a run at index 0: by the lab, with the site's key among its recorders.
struct RunWorld : LedgerWorld {
  RunWorld()
      : ledger(Open()),
        run(lab.Submit(lab.Run({{SignerId(SiteKey().public_key().id())}, {}, {}}))) {
    AppendOne(*ledger, run);
  }

  Submission Segment(StatementMaker& maker, uint64_t lane, uint64_t seq) {
    const std::optional<StatementId> previous = seq > 0 ? std::optional(run.id()) : std::nullopt;
    return maker.Submit(maker.Segment({run.id(), lane, seq, previous}));
  }
  std::optional<LeafIndex> SegmentAt(uint64_t lane, uint64_t seq) const {
    REQUIRE_VALUE(const auto reader, ledger->Read());
    REQUIRE_VALUE(const auto index, reader->SegmentAt(run.id(), lane, seq));
    return index;
  }
  uint64_t Size() const {
    REQUIRE_VALUE(const auto reader, ledger->Read());
    return reader->size().value();
  }

  std::unique_ptr<Ledger> ledger;
  Submission run;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_index)

BOOST_AUTO_TEST_CASE(second_statement_for_run_lane_and_seq_is_a_conflict) {
  RunWorld world;
  AppendOne(*world.ledger, world.Segment(world.lab, 0, 0));
  const Submission second = world.Segment(world.lab, 0, 0);
  CHECK_ERROR(world.ledger->Append({&second, 1}), ErrorCode::kConflict,
              "a second segment (lane 0, seq 0) of run " + HexEncode(world.run.id().span()) +
                  ": the first is entry 1");
  // Not by another key of the same run either.
  const Submission sites = world.Segment(world.site, 0, 0);
  CHECK_ERROR(world.ledger->Append({&sites, 1}), ErrorCode::kConflict, "a second segment");
  AppendOne(*world.ledger, world.Segment(world.lab, 0, 1));
  AppendOne(*world.ledger, world.Segment(world.site, 1, 0));
  BOOST_CHECK_EQUAL(world.Size(), 4u);
  BOOST_CHECK(world.SegmentAt(1, 0) == LeafIndex(3));
  BOOST_CHECK(!world.SegmentAt(1, 1));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(second_completion_of_a_run_is_a_conflict) {
  RunWorld world;
  const Submission segment = world.Segment(world.lab, 0, 0);
  AppendOne(*world.ledger, segment);
  const auto complete = [&](StatementMaker& maker) {
    return maker.Submit(maker.Completion(world.run.id(), segment.id()));
  };
  AppendOne(*world.ledger, complete(world.site));
  const Submission second = complete(world.lab);
  CHECK_ERROR(world.ledger->Append({&second, 1}), ErrorCode::kConflict, "a second completion");
  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  REQUIRE_VALUE(const auto completion, reader->CompletionOf(world.run.id()));
  BOOST_CHECK(completion == LeafIndex(2));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(second_passport_needs_supersedes) {
  RunWorld world;
  const auto passport = [&](StatementMaker& maker, std::string_view content,
                            std::optional<StatementId> supersedes = std::nullopt) {
    return maker.Submit(maker.Passport(world.run.id(), content, supersedes));
  };
  const Submission first = passport(world.lab, "weights");
  AppendOne(*world.ledger, first);
  const Submission second = passport(world.lab, "weights");
  CHECK_ERROR(world.ledger->Append({&second, 1}), ErrorCode::kConflict, "without `supersedes`");
  AppendOne(*world.ledger, passport(world.lab, "other weights"));
  AppendOne(*world.ledger, passport(world.stranger, "weights"));
  AppendOne(*world.ledger, passport(world.lab, "weights", first.id()));
  const Submission third = passport(world.lab, "weights");
  CHECK_ERROR(world.ledger->Append({&third, 1}), ErrorCode::kConflict, "the first is entry 1");
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(strangers_statement_is_logged_but_blocks_nothing) {
  RunWorld world;
  const Submission strangers = world.Segment(world.stranger, 0, 0);
  AppendOne(*world.ledger, strangers);
  BOOST_CHECK(!world.SegmentAt(0, 0));
  AppendOne(*world.ledger,
            world.stranger.Submit(world.stranger.Completion(world.run.id(), strangers.id())));
  AppendOne(*world.ledger, world.Segment(world.lab, 0, 0));
  BOOST_CHECK(world.SegmentAt(0, 0) == LeafIndex(3));
  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  REQUIRE_VALUE(const auto completion, reader->CompletionOf(world.run.id()));
  BOOST_CHECK(!completion);
  REQUIRE_VALUE(const auto by_run, reader->ByRun(world.run.id(), 10));
  BOOST_CHECK(by_run == Indices{LeafIndex(3)});
  REQUIRE_VALUE(const auto referrers, reader->ReferrersOf(world.run.id(), 10));
  BOOST_CHECK((referrers == Indices{LeafIndex(1), LeafIndex(2), LeafIndex(3)}));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(an_identity_among_the_recorders_is_not_the_key_of_its_bytes) {
  RunWorld world;
  const KeyId site = SiteKey().public_key().id();
  const Submission run =
      world.lab.Submit(world.lab.Run({{SignerId(Retag<IdentityDigest>(site))}, {}, {}}));
  AppendOne(*world.ledger, run);
  const auto segment = [&](StatementMaker& maker) {
    return maker.Submit(maker.Segment({run.id(), 0, 0, {}}));
  };
  AppendOne(*world.ledger, segment(world.site));
  REQUIRE_VALUE(const auto before, world.ledger->Read());
  REQUIRE_VALUE(const auto strangers, before->SegmentAt(run.id(), 0, 0));
  BOOST_CHECK(!strangers);
  AppendOne(*world.ledger, segment(world.lab));
  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  REQUIRE_VALUE(const auto found, reader->SegmentAt(run.id(), 0, 0));
  BOOST_CHECK(found == LeafIndex(3));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(segment_of_a_run_that_is_not_logged_enters_no_index) {
  RunWorld world;
  const Submission later = world.lab.Submit(world.lab.Run());
  const auto segment = [&] { return world.lab.Submit(world.lab.Segment({later.id(), 0, 0, {}})); };
  AppendOne(*world.ledger, segment());
  AppendOne(*world.ledger, later);
  AppendOne(*world.ledger, segment());
  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  REQUIRE_VALUE(const auto found, reader->SegmentAt(later.id(), 0, 0));
  BOOST_CHECK(found == LeafIndex(3));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(run_and_segment_may_come_in_one_call) {
  RunWorld world;
  const Submission run = world.lab.Submit(world.lab.Run());
  const std::vector<Submission> batch = {run,
                                         world.lab.Submit(world.lab.Segment({run.id(), 0, 0, {}})),
                                         world.lab.Submit(world.lab.Segment({run.id(), 0, 0, {}}))};
  CHECK_ERROR(world.ledger->Append(batch), ErrorCode::kConflict, "submission 2: a second segment");
  BOOST_CHECK_EQUAL(world.Size(), 1u);
  BOOST_CHECK(world.ledger->Append({batch.data(), 2}).has_value());
  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  REQUIRE_VALUE(const auto found, reader->SegmentAt(run.id(), 0, 0));
  BOOST_CHECK(found == LeafIndex(2));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(refused_call_leaves_nothing_behind) {
  RunWorld world;
  const Submission device = world.lab.Submit(world.lab.Device());
  const std::vector<Submission> batch = {device, world.Segment(world.lab, 0, 0),
                                         world.Segment(world.lab, 0, 0)};
  CHECK_ERROR(world.ledger->Append(batch), ErrorCode::kConflict, "submission 2");
  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  CHECK_ERROR(reader->Find(device.id()), ErrorCode::kNotFound, "is not logged");
  BOOST_CHECK(!world.SegmentAt(0, 0));
  AppendOne(*world.ledger, batch[2]);
  BOOST_CHECK(world.SegmentAt(0, 0) == LeafIndex(1));
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(entries_are_found_by_subject_signer_reference_model_and_run) {
  RunWorld world;
  const Submission device = world.lab.Submit(world.lab.Device());
  AppendOne(*world.ledger, device);  // 1
  const auto parent = StatementMaker::ModelOf("parent");
  const Submission child = world.site.Submit(world.site.Run({{}, {parent, parent}, {device.id()}}));
  AppendOne(*world.ledger, child);                           // 2
  AppendOne(*world.ledger, world.Segment(world.lab, 1, 0));  // 3
  AppendOne(*world.ledger, world.Segment(world.lab, 0, 0));  // 4
  AppendOne(*world.ledger, world.Segment(world.lab, 0, 1));  // 5
  AppendOne(*world.ledger,
            world.lab.Submit(world.lab.Completion(world.run.id(), device.id())));          // 6
  AppendOne(*world.ledger, world.lab.Submit(world.lab.Passport(device.id(), "weights")));  // 7

  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  const auto model = Retag<SubjectDigest>(StatementMaker::ModelOf("weights"));
  REQUIRE_VALUE(const auto by_subject, reader->BySubject(model, 10));
  BOOST_CHECK(by_subject == Indices{LeafIndex(7)});
  REQUIRE_VALUE(const auto by_signer, reader->BySigner(SignerId(SiteKey().public_key().id()), 10));
  BOOST_CHECK(by_signer == Indices{LeafIndex(2)});
  const SignerId lab(LabKey().public_key().id());
  REQUIRE_VALUE(const auto page, reader->BySigner(lab, 2, LeafIndex(3)));
  BOOST_CHECK((page == Indices{LeafIndex(3), LeafIndex(4)}));
  REQUIRE_VALUE(const auto none, reader->BySigner(lab, 0));
  BOOST_CHECK(none.empty());
  const SignerId other_form(Retag<IdentityDigest>(*lab.key()));
  REQUIRE_VALUE(const auto of_identity, reader->BySigner(other_form, 10));
  BOOST_CHECK(of_identity.empty());
  REQUIRE_VALUE(const auto referrers, reader->ReferrersOf(device.id(), 10));
  BOOST_CHECK((referrers == Indices{LeafIndex(2), LeafIndex(6), LeafIndex(7)}));
  REQUIRE_VALUE(const auto children, reader->RunsFromModel(parent, 10));
  BOOST_CHECK(children == Indices{LeafIndex(2)});
  REQUIRE_VALUE(const auto by_run, reader->ByRun(world.run.id(), 10));
  BOOST_CHECK((by_run == Indices{LeafIndex(4), LeafIndex(5), LeafIndex(3), LeafIndex(6)}));
  REQUIRE_VALUE(const auto first_two, reader->ByRun(world.run.id(), 2));
  BOOST_CHECK((first_two == Indices{LeafIndex(4), LeafIndex(5)}));
  REQUIRE_VALUE(const auto row, reader->Find(child.id()));
  BOOST_CHECK(row.kind == schemas::Kind::kRun);
  BOOST_CHECK_EQUAL(row.index.value(), 2u);
  BOOST_CHECK(row.references == std::vector<StatementId>{device.id()});
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(submission_checks_type_signature_and_signer) {
  RunWorld world;
  const auto good = world.lab.Device();
  const auto& key = LabKey().public_key();
  auto other_type = good;
  other_type.payload_type = "text/plain";
  CHECK_ERROR(Submission::Verify(other_type, key), ErrorCode::kRejected, "payload type");
  auto changed = good;
  changed.signature = world.lab.Device().signature;
  CHECK_ERROR(Submission::Verify(changed, key), ErrorCode::kRejected, "signature");
  BOOST_CHECK(Submission::InsecureAssumeVerified(changed, key).has_value());
  CHECK_ERROR(Submission::Verify(good, SiteKey().public_key()), ErrorCode::kRejected,
              "head.signer: names " + SignerId(key.id()).ToString());
  const std::string identity = "identity:" + HexEncode(key.id().span());
  auto by_identity = good;
  std::string text(AsText(good.payload));
  const std::string head = R"("signer":"key:)" + HexEncode(key.id().span());
  BOOST_REQUIRE(text.find(head) != std::string::npos);
  text.replace(text.find(head), head.size(), R"("signer":")" + identity);
  const std::string declared = "declared:key:";
  text.replace(text.find(declared), declared.size(), "declared:identity:");
  // The subject follows the device id (S3), so that the signer is all that is wrong.
  const size_t id = text.find("declared:identity:");
  const auto subject =
      crypto::Sha256Of("carnet-device-id-v1\n" + text.substr(id, text.find('"', id) - id));
  const size_t digest = text.find(R"("sha256":")") + 10;
  text.replace(digest, 64, HexEncode(subject.span()));
  by_identity.payload = ToBytes(AsBytes(text));
  CHECK_ERROR(Submission::InsecureAssumeVerified(by_identity, key), ErrorCode::kRejected,
              "head.signer: names " + identity + ", not the signer, key:");
  auto no_statement = good;
  no_statement.payload = ToBytes(AsBytes("{}"));
  CHECK_ERROR(Submission::Verify(no_statement, key), ErrorCode::kMalformed, "");
}

BOOST_AUTO_TEST_CASE(a_statement_that_was_read_before_is_verified_all_the_same) {
  RunWorld world;
  const auto envelope = world.lab.Device();
  const auto& key = LabKey().public_key();
  const auto parsed = [&] { return sigstore::ParsedStatement::Parse(envelope.payload).value(); };
  REQUIRE_VALUE(const Submission from_bytes, Submission::Verify(envelope, key));
  REQUIRE_VALUE(const Submission submission,
                Submission::VerifyParsed(parsed(), envelope.signature, key));
  BOOST_CHECK(submission.id() == from_bytes.id());
  BOOST_CHECK(submission.signer() == SignerId(key.id()));
  BOOST_CHECK(submission.payload() == envelope.payload);
  BOOST_CHECK(submission.signature() == envelope.signature);
  BOOST_CHECK(submission.spki() == key.spki());
  BOOST_CHECK(submission.terms().subjects == from_bytes.terms().subjects);
  CHECK_ERROR(Submission::VerifyParsed(parsed(), world.lab.Device().signature, key),
              ErrorCode::kRejected, "signature");
  CHECK_ERROR(Submission::VerifyParsed(parsed(), envelope.signature, SiteKey().public_key()),
              ErrorCode::kRejected, "head.signer");
}

BOOST_AUTO_TEST_SUITE_END()
