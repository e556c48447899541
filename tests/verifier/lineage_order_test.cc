// R12-R14 on a log made by the reference tree, with checkpoints that are really signed.
#include <algorithm>
#include <map>
#include <set>

#include "crypto/ed25519.h"
#include "schemas/subjects.h"
#include "tests/support/reference_tree.h"
#include "tests/support/test.h"
#include "tests/verifier/lineage_file.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::BuilderOf;
using schemas::SetDigest;
using test::kOpened;
using test::LineageFile;
using test::Named;
using wire::EdgeType;
using wire::RunKind;

constexpr TimestampMs kNow(kOpened + 2'000'000);
const std::vector<std::string> kInLog = {"text",    "b.run", "b0", "b1",     "b.done", "b",
                                         "padding", "c.run", "c0", "c.done", "c"};
const std::vector<std::string> kEnclosed = {"text", "b.run", "b0",  "b1",     "b.done",
                                            "b",    "c.run", "c.0", "c.done", "c"};

struct LogSigner {
  crypto::Ed25519PrivateKey private_key = crypto::Ed25519PrivateKey::Generate();
  merkle::NoteKey key = merkle::NoteKey::Create("log.example", private_key.public_key()).value();
};

// base `b` and its fine-tune `c`, logged in the order of kInLog.
class LoggedFile {
 public:
  LoggedFile() : tree_(kInLog) {
    world_.AddDataset("text");
    world_.AddRun("b.run", RunKind::PRE_TRAINING, {}, {"text"});
    world_.AddSegment("b0", "b.run", {});
    world_.AddSegment("b1", "b.run", {.seq = 1, .previous = "b0", .model = "b"});
    world_.AddCompletion("b.done", "b.run", {"b1"}, {2}, "b");
    world_.AddPassport("b", "b.done", "b");
    world_.AddModel("c", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "b", "b"}});
    SetSeen("b.run", 1);
    SetSeen("c.run", 7);
    SetAfter<wire::Segment>("b0", 1);
    SetAfter<wire::Segment>("b1", 2);
    SetAfter<wire::Completion>("b.done", 3);
    SetAfter<wire::Passport>("b", 4);
    SetAfter<wire::Segment>("c.0", 7);
    SetAfter<wire::Completion>("c.done", 8);
    SetAfter<wire::Passport>("c", 9);
  }

  LineageFile& world() { return world_; }
  template <typename T>
  typename T::Builder Of(const char* name) {
    return BuilderOf<T>(world_.At(name).predicate);
  }

  std::string Checkpoint(uint64_t size, const LogSigner& signer, const RootHash& root) const {
    return merkle::SignCheckpoint({"log.example", TreeSize(size), root, {}}, signer.key,
                                  signer.private_key);
  }
  void SetSeen(const char* run, uint64_t size) {
    Of<wire::Run>(run).setSeen(Checkpoint(size, new_key_, tree_.Root(size)).c_str());
  }
  template <typename T>
  void SetAfter(const char* name, uint64_t index) {
    auto after = Of<T>(name).initAfter();
    after.initIndex().setValue(index);
    SetDigest(after.initRoot(), tree_.Root(index + 1));
  }

  // For a case to set: log indices other than the honest ones, and what trust pins.
  std::map<std::string, uint64_t> index_of;
  std::vector<merkle::Checkpoint> pins;

  std::string Verify() {
    std::vector<trust::TrustedLog> logs;
    logs.push_back({.origin = "log.example",
                    .keys = {{old_key_.key, {}, {.from = {}, .until = 1}},
                             {new_key_.key, {}, {.from = 1, .until = {}}}},
                    .operator_party = {},
                    .pins = pins});
    logs.push_back({.origin = "other.example",
                    .keys = {{other_key_.key, {}, {}}},
                    .operator_party = {},
                    .pins = {}});
    auto trust = trust::Trust::Create({}, std::move(logs));
    BOOST_REQUIRE(trust.has_value());
    SetLedgers();
    PassportFile file;
    std::swap(file.lines, world_.set());
    Place(*trust, file);
    Findings findings;
    VerifyOrder(file, *trust, kNow, 2, findings);
    std::swap(file.lines, world_.set());
    return test::FirstReason(findings);
  }

  void MoveTo(const char* name, const LogId& log) {
    auto head = *world_.At(name).predicate.head();
    head.ledger = log;
    world_.At(name).predicate.SetHead(head);
    moved_.insert(name);
  }

  const carnet::test::ReferenceTree& tree() const { return tree_; }
  const LogSigner& old_key() const { return old_key_; }
  const LogSigner& new_key() const { return new_key_; }
  const LogId& other_log() const { return other_key_.key.id(); }

 private:
  void SetLedgers() {
    for (const std::string& name : kEnclosed) {
      if (moved_.contains(name)) continue;
      auto head = *world_.At(name).predicate.head();
      head.ledger = new_key_.key.id();
      world_.At(name).predicate.SetHead(head);
    }
  }

  void Place(const trust::Trust& trust, PassportFile& file) {
    const uint64_t size = tree_.size();
    for (uint64_t index = 0; index < size; ++index) {
      proofs_[index].hashes = tree_.Inclusion(index, 0, size);
    }
    file.attestations.resize(file.lines.size());
    for (const std::string& name : kEnclosed) {
      const Statement& line = *file.lines.Find(Named<StatementId>(name));
      const std::string entry = name == "c.0" ? "c0" : name;
      const auto place = std::find(kInLog.begin(), kInLog.end(), entry);
      uint64_t index = static_cast<uint64_t>(place - kInLog.begin());
      if (index_of.contains(name)) index = index_of[name];
      file.Of(line).position.emplace(LogPosition{trust.FindLog(line.predicate.head()->ledger),
                                                 LeafIndex(index), TreeSize(size),
                                                 tree_.Leaf(index), &proofs_[index]});
      file.Of(line).place = {file.Of(line).position->log, LeafIndex(index)};
    }
  }

  LineageFile world_;
  carnet::test::ReferenceTree tree_;
  LogSigner old_key_, new_key_;
  LogSigner other_key_ = OtherKey();
  std::map<uint64_t, merkle::InclusionProof> proofs_;
  std::set<std::string> moved_;

  static LogSigner OtherKey() {
    LogSigner other;
    other.key = merkle::NoteKey::Create("other.example", other.private_key.public_key()).value();
    return other;
  }
};

struct OrderCase {
  const char* name;
  void (*make)(LoggedFile&);
  const char* reason;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const OrderCase& c) { return out << c.name; }

const OrderCase kOrderCases[] = {
    {"segment_for_another_log", [](LoggedFile& f) { f.MoveTo("b1", f.other_log()); },
     "12 wrong-ledger", "is meant for log other.example"},
    {"passport_for_another_log", [](LoggedFile& f) { f.MoveTo("c", f.other_log()); },
     "12 wrong-ledger", "passport of \"c\""},
    {"segment_logged_before_its_run", [](LoggedFile& f) { f.index_of["c.run"] = 8; },
     "12 logged-out-of-order", "refers in run to run"},
    {"passport_without_after", [](LoggedFile& f) { f.Of<wire::Passport>("c").disownAfter(); },
     "13 not-anchored", "passport of \"c\""},
    {"completion_without_after",
     [](LoggedFile& f) { f.Of<wire::Completion>("c.done").disownAfter(); }, "13 not-anchored",
     "completion"},
    {"first_segment_without_after", [](LoggedFile& f) { f.Of<wire::Segment>("c.0").disownAfter(); },
     "13 not-anchored", "segment 0"},
    {"after_another_index", [](LoggedFile& f) { f.SetAfter<wire::Segment>("b1", 1); },
     "13 log-fork", "has after.index 1"},
    {"after_another_root",
     [](LoggedFile& f) {
       SetDigest(f.Of<wire::Segment>("b1").getAfter().initRoot(), Named<RootHash>("fork"));
     },
     "13 log-fork", "has after.root"},
    {"seen_of_a_fork",
     [](LoggedFile& f) {
       f.Of<wire::Run>("c.run").setSeen(
           f.Checkpoint(6, f.new_key(), Named<RootHash>("fork")).c_str());
     },
     "13 log-fork", "according to `seen` of run"},
    {"pin_of_a_fork",
     [](LoggedFile& f) {
       f.pins.push_back({"log.example", TreeSize(3), Named<RootHash>("fork"), {}});
     },
     "13 log-fork", "pinned in the trust directory"},
    {"seen_against_a_pin_of_a_leaf_that_is_not_enclosed",
     [](LoggedFile& f) {
       f.pins.push_back({"log.example", TreeSize(7), Named<RootHash>("fork"), {}});
     },
     "14 log-fork", "according to the pin in the trust directory"},
    {"seen_without_signature",
     [](LoggedFile& f) { f.Of<wire::Run>("c.run").setSeen("log.example\n7\n"); },
     "14 bad-seen-checkpoint", "seen: "},
    {"seen_by_a_key_retired_before",
     [](LoggedFile& f) {
       f.Of<wire::Run>("c.run").setSeen(f.Checkpoint(7, f.old_key(), f.tree().Root(7)).c_str());
     },
     "14 bad-seen-checkpoint", "not in force at tree size 7"},
    {"seen_by_a_key_retired_at_that_size",
     [](LoggedFile& f) {
       f.Of<wire::Run>("b.run").setSeen(f.Checkpoint(1, f.old_key(), f.tree().Root(1)).c_str());
     },
     "14 bad-seen-checkpoint", "not in force at tree size 1"},
    {"seen_after_the_run", [](LoggedFile& f) { f.SetSeen("c.run", 8); }, "14 bad-seen-checkpoint",
     "tree size 8 is beyond the run's own log index 7"},
    {"seen_before_the_parent", [](LoggedFile& f) { f.SetSeen("c.run", 5); },
     "14 bad-seen-checkpoint", "does not include passport of \"b\""},
};

BOOST_AUTO_TEST_SUITE(lineage_order)

BOOST_AUTO_TEST_CASE(passes_an_honest_log) {
  LoggedFile file;
  BOOST_CHECK_EQUAL(file.Verify(), "");
}

BOOST_DATA_TEST_CASE(refuses_order, kOrderCases, c) {
  LoggedFile file;
  c.make(file);
  const std::string reason = file.Verify();
  BOOST_CHECK_MESSAGE(reason.starts_with(std::string(c.reason) + ": "), reason);
  BOOST_CHECK_MESSAGE(reason.find(c.message) != std::string::npos, reason);
}

BOOST_AUTO_TEST_CASE(lets_later_segments_go_unanchored) {
  LoggedFile file;
  file.Of<wire::Segment>("b1").disownAfter();
  BOOST_CHECK_EQUAL(file.Verify(), "");
}

BOOST_AUTO_TEST_CASE(takes_a_retired_key_at_sizes_of_its_own) {
  LoggedFile file;
  file.Of<wire::Run>("b.run").setSeen(
      file.Checkpoint(0, file.old_key(), file.tree().Root(0)).c_str());
  // Refused for what it does not include, not for its key.
  const std::string reason = file.Verify();
  BOOST_CHECK_MESSAGE(
      reason.find("tree size 0 does not include dataset \"text\"") != std::string::npos, reason);
}

BOOST_AUTO_TEST_CASE(takes_an_agreeing_pin) {
  LoggedFile file;
  file.pins.push_back({"log.example", TreeSize(7), file.tree().Root(7), {}});
  file.pins.push_back({"log.example", TreeSize(3), file.tree().Root(3), {}});
  BOOST_CHECK_EQUAL(file.Verify(), "");
}

BOOST_AUTO_TEST_CASE(compares_the_run_id_of_an_aborted_completion) {
  LoggedFile file;
  auto completion = file.Of<wire::Completion>("c.done");
  completion.setOutcome(wire::Outcome::ABORTED);
  SetDigest(completion.initRunId(), Named<SubjectDigest>("carnet-run-id-v1\nc.run"));
  BOOST_CHECK_EQUAL(file.Verify(), "");
  SetDigest(completion.initRunId(), Named<SubjectDigest>("carnet-run-id-v1\nb.run"));
  const std::string reason = file.Verify();
  BOOST_CHECK_MESSAGE(reason.starts_with("3 wrong-subjects: completion"), reason);
  BOOST_CHECK_MESSAGE(reason.find("has run_id sha256:") != std::string::npos, reason);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::lineage
