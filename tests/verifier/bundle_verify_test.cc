// R5-R11 and R15 on lines that contain only devices.
#include "verifier/bundle/verify.h"

#include <functional>

#include "core/base64.h"
#include "tests/support/test.h"
#include "tests/verifier/device_passport.h"
#include "verifier/bundle/read_passport.h"
#include "verifier/identity/verify.h"

namespace carnet::verifier {
namespace {

using test::DevicePassport;
using test::LabKey;
using test::LogOf;
using test::LogSigner;
using test::TrustOf;

const TimestampMs kNow(1'772'323'200'000);  // date -ud 2026-03-01

// Three devices in one log, and what a case may change before the rules run.
struct World {
  World() : passport(3, key, log), lab(LabKey(key.public_key())), logs({LogOf(log)}) {}

  sigstore::LogEntry& entry(size_t line) { return passport.bundles[line].entries[0]; }
  RootHash root() const { return passport.tree().Root(3); }

  Findings Verify(unsigned threads = 1) {
    const trust::Trust trust = TrustOf(std::move(lab), logs);
    Findings findings;
    PassportFile file = bundle::ReadPassport(passport.Text(), 1, findings);
    BOOST_REQUIRE(findings.empty());
    if (after_reading) after_reading(file);
    bundle::VerifySignatures(file, trust, kNow, threads, findings);
    bundle::VerifyLogEntries(file, trust, kNow, threads, findings);
    identity::VerifyIdentity(file, trust, kNow, findings);
    for (const Attestation& each : file.attestations) positions += each.position ? "+" : "-";
    return findings;
  }

  crypto::P256PrivateKey key = crypto::P256PrivateKey::Generate();
  LogSigner log;
  LogSigner second_log{"other.example"};
  DevicePassport passport;
  trust::TrustedKey lab;
  std::vector<trust::TrustedLog> logs;
  std::function<void(PassportFile&)> after_reading;  // for what the writer never writes
  std::string positions;                             // filled by Verify: one sign per line
};

struct Case {
  std::string_view name;
  std::function<void(World&)> spoil;
  int rule;  // 0: no finding
  std::string_view reason;
  std::string_view text;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

std::string SignedText(const LogSigner& log, std::string text) {
  return merkle::SignNote(text, log.key, log.private_key);
}

RootHash OtherRoot() {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(9);
  return RootHash(bytes);
}

void LogAgain(World& world, size_t line, const std::string& payload) {
  auto& bundle = world.passport.bundles[line];
  const std::string pae =
      "DSSEv1 28 application/vnd.in-toto+json " + std::to_string(payload.size()) + " " + payload;
  bundle.envelope.payload = ToBytes(AsBytes(payload));
  bundle.envelope.signature = world.key.Sign(AsBytes(pae));
}

std::vector<Case> Cases() {
  return {
      {"honest", [](World&) {}, 0, "", ""},
      {"hint of no key",
       [](World& w) { w.passport.bundles[1].material = sigstore::PublicKeyHint{"lab"}; }, 5,
       "unknown-key", "\"lab\""},
      {"hint of an unknown key",
       [](World& w) {
         w.passport.bundles[1].material =
             sigstore::HintOf(crypto::P256PrivateKey::Generate().public_key().id());
       },
       5, "unknown-key", "which the trust directory does not list"},
      {"bytes that are not a certificate",
       [](World& w) {
         w.after_reading = [](PassportFile& file) {
           file.attestations[1].bundle.material = sigstore::Certificate{{0x30, 0x00}};
         };
       },
       5, "untrusted-certificate", "certificate: not a certificate: field missing"},
      {"head of another signer",
       [](World& w) {
         const auto other = crypto::P256PrivateKey::Generate();
         LogAgain(w, 1, DevicePassport::Payload(1, other.public_key().id(), w.log.key.id()));
       },
       6, "signer-mismatch", "head.signer"},
      {"signature of another statement",
       [](World& w) {
         w.passport.bundles[1].envelope.signature = w.passport.bundles[0].envelope.signature;
       },
       7, "bad-signature", "lab"},
      {"signature with a trailing byte",
       [](World& w) { w.passport.bundles[1].envelope.signature.push_back(0); }, 7, "bad-signature",
       "lab"},
      {"kind that the key may not sign",
       [](World& w) { w.lab.kinds = {schemas::Kind::kAllocation}; }, 8, "key-not-for-kind",
       "may not sign statements of kind device"},
      {"no entry", [](World& w) { w.passport.bundles[1].entries.clear(); }, 9, "not-logged",
       "no log entry from log.example"},
      {"entry of an unknown log only",
       [](World& w) { w.entry(1).log_id = LogSigner("x.example").key.id(); }, 9, "not-logged",
       "no log entry from log.example"},
      {"entry of another trusted log only",
       [](World& w) {
         w.logs.push_back(LogOf(w.second_log));
         w.entry(1).log_id = w.second_log.key.id();
       },
       9, "wrong-ledger", "names log.example, but the entry is from other.example"},
      {"head of an unknown log",
       [](World& w) {
         LogAgain(w, 1, DevicePassport::Payload(1, w.key.public_key().id(), w.second_log.key.id()));
       },
       9, "wrong-ledger", "names no trusted log"},
      {"two entries of the log",
       [](World& w) { w.passport.bundles[1].entries.push_back(w.entry(1)); }, 9,
       "duplicate-log-entry", "expected one log entry from log.example, found 2"},
      {"entries of other logs beside",
       [](World& w) {
         w.logs.push_back(LogOf(w.second_log));
         auto& entries = w.passport.bundles[1].entries;
         entries.insert(entries.begin(), entries[0]);
         entries.insert(entries.begin(), entries[0]);
         entries[0].log_id = w.second_log.key.id();
         entries[0].checkpoint = w.second_log.Checkpoint(3, w.root());
         entries[1].log_id = LogSigner("x.example").key.id();
       },
       0, "", ""},
      {"checkpoint of an unknown key",
       [](World& w) { w.entry(1).checkpoint = LogSigner().Checkpoint(3, w.root()); }, 10,
       "bad-checkpoint", "no signature by a known key"},
      {"checkpoint with a flipped root",
       [](World& w) {
         const std::string root = Base64Encode(w.root().span());
         auto& note = w.entry(1).checkpoint;
         note.replace(note.find(root), root.size(), Base64Encode(OtherRoot().span()));
       },
       10, "bad-checkpoint", "bad signature by log.example"},
      {"checkpoint of another origin",
       [](World& w) {
         w.entry(1).checkpoint =
             SignedText(w.log, "other.example\n3\n" + Base64Encode(w.root().span()) + "\n");
       },
       10, "bad-checkpoint", "origin"},
      {"no checkpoint", [](World& w) { w.entry(1).checkpoint = "3\n"; }, 10, "bad-checkpoint",
       "note"},
      {"log key no longer in force", [](World& w) { w.logs[0].keys[0].dates.until = kNow; }, 10,
       "bad-checkpoint", "no key of log.example is in force for tree size 3"},
      {"log key not yet in force",
       [](World& w) { w.logs[0].keys[0].dates.from = TimestampMs(kNow.value() + 1); }, 10,
       "bad-checkpoint", "no key of log.example is in force for tree size 3"},
      {"log key in force from now on", [](World& w) { w.logs[0].keys[0].dates.from = kNow; }, 0, "",
       ""},
      {"log key not in force at this size", [](World& w) { w.logs[0].keys[0].sizes.until = 3; }, 10,
       "bad-checkpoint", "no key of log.example is in force for tree size 3"},
      {"retired log key in force at this size",
       [](World& w) {
         w.logs[0].keys[0].dates.until = TimestampMs(1);
         w.logs[0].keys[0].sizes.until = 4;
       },
       0, "", ""},
      {"checkpoint greased with an unknown key",
       [](World& w) {
         const std::string grease = LogSigner("grease.example").Checkpoint(3, w.root());
         w.entry(1).checkpoint += grease.substr(grease.find("\n\n") + 2);
       },
       0, "", ""},
      {"another size of the same log",
       [](World& w) { w.entry(1).checkpoint = w.log.Checkpoint(4, OtherRoot()); }, 10,
       "log-views-differ", "while other lines show size 3"},
      {"another root of the same size",
       [](World& w) { w.entry(2).checkpoint = w.log.Checkpoint(3, OtherRoot()); }, 10,
       "log-views-differ", "while other lines show size 3"},
      {"extension line in one checkpoint",
       [](World& w) {
         w.entry(2).checkpoint =
             SignedText(w.log, "log.example\n3\n" + Base64Encode(w.root().span()) + "\nmore\n");
       },
       10, "log-views-differ", "while other lines show"},
      {"pinned with another root",
       [](World& w) {
         w.logs[0].pins = {{"log.example", TreeSize(3), OtherRoot(), {}}};
       },
       10, "log-fork", "but the trust directory pins size 3"},
      {"pinned at another size",
       [](World& w) {
         w.logs[0].pins = {{"log.example", TreeSize(4), OtherRoot(), {}}};
       },
       0, "", ""},
      {"body of another statement",
       [](World& w) { w.entry(1).canonicalized_body = w.entry(0).canonicalized_body; }, 11,
       "wrong-log-body", "canonicalizedBody"},
      {"body with a trailing space", [](World& w) { w.entry(1).canonicalized_body.push_back(' '); },
       11, "wrong-log-body", "canonicalizedBody"},
      {"other kind", [](World& w) { w.entry(1).kind = "dsse"; }, 11, "wrong-log-body",
       "kindVersion: expected hashedrekord 0.0.2, found dsse 0.0.2"},
      {"other version", [](World& w) { w.entry(1).version = "0.0.1"; }, 11, "wrong-log-body",
       "kindVersion: expected hashedrekord 0.0.2, found hashedrekord 0.0.1"},
      {"a time from the log", [](World& w) { w.entry(1).integrated_time = 1; }, 11,
       "wrong-log-body", "integratedTime"},
      {"a promise",
       [](World& w) {
         w.after_reading = [](PassportFile& file) {
           file.attestations[1].bundle.entries[0].signed_entry_timestamp = {1};
         };
       },
       11, "wrong-log-body", "inclusionPromise"},
      {"indices that differ", [](World& w) { w.entry(1).proof_log_index = 2; }, 11,
       "bad-inclusion-proof", "inclusionProof.logIndex is 2, but logIndex is 1"},
      {"index of another leaf",
       [](World& w) { w.entry(1).log_index = w.entry(1).proof_log_index = 0; }, 11,
       "bad-inclusion-proof", "inclusionProof: "},
      {"index outside the tree",
       [](World& w) { w.entry(1).log_index = w.entry(1).proof_log_index = 3; }, 11,
       "bad-inclusion-proof", "inclusionProof: "},
      {"tree size of another checkpoint", [](World& w) { w.entry(1).proof_tree_size = 4; }, 11,
       "bad-inclusion-proof", "treeSize is 4, but the checkpoint's size is 3"},
      {"root hash of another checkpoint",
       [](World& w) { w.entry(1).proof_root_hash = ToBytes(OtherRoot().span()); }, 11,
       "bad-inclusion-proof", "rootHash"},
      {"root hash one byte short", [](World& w) { w.entry(1).proof_root_hash.pop_back(); }, 11,
       "bad-inclusion-proof", "rootHash"},
      {"proof one hash short", [](World& w) { w.entry(1).proof.hashes.pop_back(); }, 11,
       "bad-inclusion-proof", "inclusionProof: "},
      {"proof one hash long",
       [](World& w) { w.entry(1).proof.hashes.push_back(Retag<NodeHash>(OtherRoot())); }, 11,
       "bad-inclusion-proof", "inclusionProof: "},
      {"proof with another hash",
       [](World& w) { w.entry(1).proof.hashes[0] = Retag<NodeHash>(OtherRoot()); }, 11,
       "bad-inclusion-proof", "inclusionProof: "},
      {"created before the key was in force",
       [](World& w) { w.lab.dates.from = TimestampMs(1'767'225'600'001); }, 15, "key-not-in-force",
       "in force from 2026-01-01T00:00:00.001Z"},
      {"created when the key's time was over",
       [](World& w) { w.lab.dates.until = TimestampMs(1'767'225'600'000); }, 15, "key-not-in-force",
       "was in force until"},
      {"the key's time is over now", [](World& w) { w.lab.dates.until = kNow; }, 15,
       "key-not-in-force", "cannot prove when it signed"},
      {"the key's time is over in a moment",
       [](World& w) { w.lab.dates.until = TimestampMs(kNow.value() + 1); }, 0, "", ""},
      {"logged after the key's sizes",
       [](World& w) {
         w.lab.sizes["log.example"] = {{}, 2};
       },
       15, "key-not-in-force", "log index 2 is outside tree sizes 0 to 2"},
      {"logged before the key's sizes",
       [](World& w) {
         w.lab.sizes["log.example"] = {1, {}};
       },
       15, "key-not-in-force", "log index 0 is outside tree sizes 1 to any"},
      {"sizes are preferred to dates",
       [](World& w) {
         w.lab.dates.until = TimestampMs(1);
         w.lab.sizes["log.example"] = {0, 3};
       },
       0, "", ""},
      {"sizes of another log say nothing",
       [](World& w) {
         w.lab.dates.until = TimestampMs(1);
         w.lab.sizes["other.example"] = {0, 3};
       },
       15, "key-not-in-force", "was in force until"},
  };
}

BOOST_AUTO_TEST_SUITE(bundle_verify)

BOOST_DATA_TEST_CASE(one_fault_has_one_reason, boost::unit_test::data::make(Cases()), c) {
  World world;
  c.spoil(world);
  const Findings findings = world.Verify();
  if (c.rule == 0) {
    for (const Finding& finding : findings.Sorted()) BOOST_ERROR(finding.message);
    BOOST_CHECK_EQUAL(world.positions, "+++");
    return;
  }
  BOOST_REQUIRE(!findings.empty());
  const Finding first = findings.Sorted().front();
  BOOST_CHECK_EQUAL(first.rule(), c.rule);
  BOOST_CHECK_EQUAL(RejectReasonName(first.reason()), c.reason);
  BOOST_CHECK_MESSAGE(first.message.find(c.text) != std::string::npos,
                      "message \"" << first.message << "\" does not contain \"" << c.text << "\"");
  BOOST_CHECK_EQUAL(world.positions.find('-') != std::string::npos,
                    c.rule == 5 || c.rule == 6 || c.rule == 7 || (c.rule >= 9 && c.rule <= 11));
}

BOOST_AUTO_TEST_CASE(findings_do_not_depend_on_threads) {
  const auto key = crypto::P256PrivateKey::Generate();
  const LogSigner log;
  DevicePassport passport(100, key, log);
  for (const size_t bad : {size_t{0}, size_t{13}, size_t{57}, size_t{99}})
    passport.bundles[bad].envelope.signature = {1};
  const trust::Trust trust = TrustOf(LabKey(key.public_key()), {LogOf(log)});
  for (const unsigned threads : {0U, 1U, 2U, 7U, 1000U}) {
    Findings findings;
    PassportFile file = bundle::ReadPassport(passport.Text(), 1, findings);
    bundle::VerifySignatures(file, trust, kNow, threads, findings);
    std::vector<size_t> lines;
    for (const Finding& finding : findings.Sorted()) lines.push_back(finding.line.value());
    BOOST_CHECK((lines == std::vector<size_t>{1, 14, 58, 100}));
  }
}

BOOST_AUTO_TEST_CASE(the_view_of_a_log_is_its_checkpoint) {
  World world;
  const trust::Trust trust = TrustOf(std::move(world.lab), world.logs);
  Findings findings;
  PassportFile file = bundle::ReadPassport(world.passport.Text(), 1, findings);
  bundle::VerifySignatures(file, trust, kNow, 1, findings);
  bundle::VerifyLogEntries(file, trust, kNow, 1, findings);
  BOOST_REQUIRE_EQUAL(file.views.size(), 1);
  BOOST_CHECK(file.views[0].log == &trust.logs()[0]);
  BOOST_CHECK_EQUAL(file.views[0].checkpoint.size.value(), 3);
  BOOST_CHECK(file.views[0].checkpoint.root == world.root());
  BOOST_REQUIRE(file.attestations[2].position.has_value());
  BOOST_CHECK_EQUAL(file.attestations[2].position->index.value(), 2);
  BOOST_CHECK(file.attestations[2].position->leaf == world.passport.tree().Leaf(2));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier
