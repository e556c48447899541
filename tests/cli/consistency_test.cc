// Proofs that leave the ledger, checked by hand and by the commands that check them offline.
#include <filesystem>

#include "core/base64.h"
#include "crypto/ed25519.h"
#include "merkle/checkpoint.h"
#include "tests/cli/cli_world.h"
#include "tests/support/drafts.h"
#include "tests/support/party_keys.h"
#include "tests/support/reference_tree.h"

using namespace carnet;
using namespace carnet::test;

namespace {

struct Fixture {
  CliWorld world{Stage::kCompleted};
  std::string old_note = world.Must({"ledger", "checkpoint", "ledger"});
  uint64_t old_size = world.TreeSize();
  std::string new_note = Grow();

  std::string Grow() {
    world.Write("old.checkpoint", old_note);
    const Ran ran = world.Sign({"attest", "--kind", "dataset", "dataset.json", "--files", "data",
                                "--nonce", "00000000000000000000000000000001"});
    if (ran.status != 0) GiveUp(ran.err);
    world.Write("new.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
    return world.Read("new.checkpoint");
  }
  Ran Prove(std::vector<std::string> more = {"old.checkpoint", "new.checkpoint"}) {
    more.insert(more.begin(), {"ledger", "consistency", "--ledger", "ledger"});
    return world.Run(more);
  }
  std::string Vkey() {
    return std::string(world.Json({"ledger", "info", "ledger", "--json"}).at("vkey").as_string());
  }
  // The leaves, as the bundles of the ledger's own entries have them.
  ReferenceTree Tree() {
    std::vector<std::string> leaves(world.TreeSize());
    const auto found = world.Json({"find", "--since-size", "0", "--ledger", "ledger", "--json"});
    for (const auto& each : found.at("statements").as_array()) {
      const std::string id(each.at("statement").as_string());
      const std::string lines = world.Must({"passport", "collect", id, "--ledger", "ledger"});
      const auto entry = boost::json::parse(lines.substr(0, lines.find('\n')))
                             .at("verificationMaterial")
                             .at("tlogEntries")
                             .at(0);
      const auto body = Base64Decode(std::string(entry.at("canonicalizedBody").as_string()));
      leaves.at(each.at("index").to_number<size_t>()) = std::string(AsText(*body));
    }
    return ReferenceTree(leaves);
  }
  // A checkpoint of that size by the log's own key, of another history.
  std::string ForkedNote(uint64_t size) {
    const std::string pem = world.Read("ledger/key.pem");
    const auto key = ValueOf(crypto::Ed25519PrivateKey::FromSeed(SeedIn(pem)), "key");
    const auto name = ValueOf(merkle::NoteKey::Create("log.example.org", key.public_key()), "name");
    const RootHash root(std::array<uint8_t, 32>{9});
    return merkle::SignCheckpoint({"log.example.org", TreeSize(size), root, {}}, name, key);
  }
  // Tree sizes at which the trust directory says that the log's only key signs.
  void LimitKey(uint64_t until) {
    const auto info = world.Json({"ledger", "info", "ledger", "--json"});
    world.Write("trust/logs.toml", "[[log]]\norigin = \"log.example.org\"\n[[log.key]]\nid = \"" +
                                       std::string(info.at("log_id").as_string()) +
                                       "\"\nfrom = 0\nuntil = " + std::to_string(until) + "\n");
  }
  void EndKeyIn2020() {
    std::filesystem::remove(world / "trust/logs.toml");
    auto root = boost::json::parse(world.Read("trust/trusted_root.json"));
    auto& key = root.at("tlogs").at(0).at("publicKey").as_object();
    key["validFor"] = {{"start", "2019-01-01T00:00:00.000Z"}, {"end", "2020-01-01T00:00:00.000Z"}};
    world.Write("trust/trusted_root.json", boost::json::serialize(root));
  }
  void Pin(const std::string& note) {
    std::filesystem::create_directories(world / "trust/pins");
    world.Write("trust/pins/known.checkpoint", note);
  }
  // That an entry is the last of a tree that the log's key signed beside the ledger's.
  std::string ForgedProof(uint64_t size) {
    const std::string leaf = "never logged";
    ReferenceTree tree(std::vector<std::string>(size, leaf));
    const std::string pem = world.Read("ledger/key.pem");
    const auto key = ValueOf(crypto::Ed25519PrivateKey::FromSeed(SeedIn(pem)), "key");
    const auto name = ValueOf(merkle::NoteKey::Create("log.example.org", key.public_key()), "name");
    std::string proof = "c2sp.org/tlog-proof@v1\nextra " + Base64Encode(AsBytes(leaf)) +
                        "\nindex " + std::to_string(size - 1) + "\n";
    for (const std::string& hash : Base64Of(tree.Inclusion(size - 1, 0, size)))
      proof += hash + "\n";
    return proof + "\n" +
           merkle::SignCheckpoint({"log.example.org", TreeSize(size), tree.Root(size), {}}, name,
                                  key);
  }
  // RFC 8410: the seed is the end of the file.
  static crypto::SecretBytes SeedIn(const std::string& pem) {
    std::string base64;
    for (const std::string& line : LinesIn(pem))
      if (!line.starts_with("-----")) base64 += line;
    const auto der = Base64Decode(base64);
    return crypto::SecretBytes::CopyOf(ByteSpan(*der).last(32));
  }
  static std::vector<std::string> LinesIn(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  static std::vector<std::string> Base64Of(const std::vector<NodeHash>& hashes) {
    std::vector<std::string> lines;
    for (const NodeHash& hash : hashes) lines.push_back(Base64Encode(hash.span()));
    return lines;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(consistency, Fixture)

BOOST_AUTO_TEST_CASE(the_proof_is_that_of_rfc_6962_in_the_form_that_witnesses_take) {
  const Ran ran = Prove({"old.checkpoint", "new.checkpoint", "--out", "proof"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.starts_with("consistent: the older tree (size " + std::to_string(old_size) +
                                  ") is the start of the newer one (size " +
                                  std::to_string(old_size + 1) + "): "));
  BOOST_CHECK(ran.out.find("signed by log.example.org, this ledger's own key") != ran.out.npos);
  std::vector<std::string> expected = {"old " + std::to_string(old_size)};
  for (const std::string& hash : Base64Of(Tree().Consistency(0, old_size, old_size + 1)))
    expected.push_back(hash);
  expected.emplace_back();
  for (const std::string& line : LinesIn(new_note)) expected.push_back(line);
  BOOST_CHECK(LinesIn(world.Read("proof")) == expected);
  CheckFailed(Prove({"old.checkpoint", "new.checkpoint", "--out", "proof"}), 3, "already exists");
}

BOOST_AUTO_TEST_CASE(sizes_stand_for_what_the_ledger_had_then) {
  const auto json = boost::json::parse(Prove({"3", std::to_string(old_size + 1), "--json"}).out);
  BOOST_CHECK_EQUAL(NamesIn(json), "consistent hashes newer older");
  BOOST_CHECK_EQUAL(NamesIn(json.at("older")), "root signed_by size");
  BOOST_CHECK_EQUAL(json.at("older").at("root").as_string(), drafts::Hex(Tree().Root(3)));
  BOOST_CHECK_EQUAL(json.at("older").at("signed_by").as_string(), "");
  CheckDone(Prove({"0", "new.checkpoint"}));
  CheckDone(Prove({"new.checkpoint", "new.checkpoint"}));
  CheckFailed(Prove({"5", "3"}), 2, "size 5 is later than size 3");
  CheckFailed(Prove({"3", "5", "--out", "proof"}), 2, "--out needs a newer end that is signed");
  CheckFailed(Prove({"3", "999"}), 3, "no tree of size 999");
}

BOOST_AUTO_TEST_CASE(another_root_under_the_logs_own_signature_is_a_fork) {
  world.Write("forked.checkpoint", ForkedNote(old_size));
  const std::string forked = "09" + std::string(62, '0');
  const Ran ran = Prove({"forked.checkpoint", "new.checkpoint"});
  CheckFailed(ran, 1,
              "log fork: at size " + std::to_string(old_size) + " forked.checkpoint has root " +
                  forked + ", this ledger has root " + drafts::Hex(Tree().Root(old_size)));
  CheckFailed(Prove({"3", "forked.checkpoint"}), 1, "log fork: ");
  world.Write("ahead.checkpoint", ForkedNote(old_size + 7));
  const std::string rolled_back =
      "the ledger has " + std::to_string(old_size + 1) + " entries, fewer than the " +
      std::to_string(old_size + 7) +
      " that its checkpoint ahead.checkpoint states: it was rolled back, or this is an older copy";
  CheckFailed(Prove({"old.checkpoint", "ahead.checkpoint"}), 1, rolled_back);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_key_is_refused) {
  std::string other = old_note;
  const size_t at = other.rfind('=');
  other[at - 10] = other[at - 10] == 'A' ? 'B' : 'A';
  world.Write("other.checkpoint", other);
  CheckFailed(Prove({"other.checkpoint", "new.checkpoint"}), 1,
              "other.checkpoint: not signed by this ledger's own key");
  world.Write("no.checkpoint", "text");
  CheckFailed(Prove({"no.checkpoint", "new.checkpoint"}), 1, "no");
  CheckFailed(Prove({"nowhere.checkpoint", "new.checkpoint"}), 3, "nowhere.checkpoint");
}

BOOST_AUTO_TEST_CASE(the_trust_directory_may_say_whose_signature_counts) {
  const Ran ran = Prove({"old.checkpoint", "new.checkpoint", "--trust", "trust"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("log.example.org, a key that the trust directory lists") !=
              ran.out.npos);
}

// What the gate says of the same checkpoint, so that nobody is told two things under one trust.
BOOST_AUTO_TEST_CASE(a_key_whose_sizes_are_over_signs_nothing_more) {
  CheckDone(Prove({"old.checkpoint", "new.checkpoint", "--out", "proof"}));
  LimitKey(old_size + 1);
  const std::string over =
      ": bad-checkpoint: no key of log.example.org is in force for tree size " +
      std::to_string(old_size + 1);
  CheckFailed(
      world.Run({"verify-consistency", "old.checkpoint", "--proof", "proof", "--trust", "trust"}),
      1, "proof" + over);
  CheckFailed(Prove({"old.checkpoint", "new.checkpoint", "--trust", "trust"}), 1,
              "new.checkpoint" + over);
  CheckFailed(Prove({"old.checkpoint", std::to_string(old_size + 1), "--trust", "trust"}), 1,
              "size " + std::to_string(old_size + 1) + over);
  CheckDone(Prove({"3", "old.checkpoint", "--trust", "trust"}));
  LimitKey(old_size + 2);
  CheckDone(Prove({"old.checkpoint", "new.checkpoint", "--trust", "trust"}));
}

BOOST_AUTO_TEST_CASE(a_key_whose_time_is_over_needs_pins_for_what_it_signed) {
  CheckDone(Prove({"old.checkpoint", "new.checkpoint", "--out", "proof"}));
  const auto check = [&] {
    return world.Run(
        {"verify-consistency", "old.checkpoint", "--proof", "proof", "--trust", "trust"});
  };
  EndKeyIn2020();
  CheckFailed(check(), 1,
              "old.checkpoint: bad-checkpoint: no key of log.example.org is in force for tree "
              "size " +
                  std::to_string(old_size));
  Pin(old_note);
  CheckFailed(check(), 1,
              "proof: bad-checkpoint: no key of log.example.org is in force for tree size " +
                  std::to_string(old_size + 1));
  world.Write("trust/pins/newer.checkpoint", new_note);
  CheckDone(check());
}

BOOST_AUTO_TEST_CASE(another_root_than_the_pinned_one_is_a_fork) {
  Pin(ForkedNote(old_size));
  const std::string found = "log-fork: the checkpoint of log.example.org has size " +
                            std::to_string(old_size) + " and root ";
  CheckFailed(Prove({"old.checkpoint", "new.checkpoint", "--trust", "trust"}), 1,
              "old.checkpoint: " + found);
  CheckFailed(Prove({std::to_string(old_size), "new.checkpoint", "--trust", "trust"}), 1,
              "size " + std::to_string(old_size) + ": log-fork: this ledger has size ");
  CheckDone(Prove({"old.checkpoint", "new.checkpoint"}));
  Pin(ForkedNote(old_size + 1));
  CheckFailed(Prove({"old.checkpoint", std::to_string(old_size + 1), "--trust", "trust"}), 1,
              "but the trust directory pins size " + std::to_string(old_size + 1) + " and root ");
}

BOOST_AUTO_TEST_CASE(the_proof_is_checked_offline) {
  CheckDone(Prove({"old.checkpoint", "new.checkpoint", "--out", "proof"}));
  const std::string vkey = Vkey();
  std::filesystem::remove_all(world / "ledger");
  for (const std::vector<std::string>& key :
       {std::vector<std::string>{"--vkey", vkey}, {"--trust", "trust"}}) {
    std::vector<std::string> check = {"verify-consistency", "old.checkpoint", "--proof", "proof"};
    check.insert(check.end(), key.begin(), key.end());
    const Ran ran = world.Run(check);
    CheckDone(ran);
    BOOST_CHECK(ran.out.starts_with("consistent: "));
  }
  CheckFailed(world.Run({"verify-consistency", "old.checkpoint", "--proof", "proof"}), 2,
              "a key of the log is required: --vkey, --trust, CARNET_TRUST");
  CheckFailed(
      world.Run({"verify-consistency", "new.checkpoint", "--proof", "proof", "--vkey", "nonsense"}),
      3, "--vkey");
}

BOOST_AUTO_TEST_CASE(a_proof_of_another_history_is_refused_offline) {
  CheckDone(Prove({"old.checkpoint", "new.checkpoint", "--out", "proof"}));
  const auto check = [&](const std::string& older, const std::string& proof) {
    return world.Run({"verify-consistency", older, "--proof", proof, "--trust", "trust"});
  };
  world.Write("forked.checkpoint", ForkedNote(old_size));
  CheckFailed(check("forked.checkpoint", "proof"), 1, "is not shown to be the start of");
  world.Write("same-size.checkpoint", ForkedNote(old_size + 1));
  CheckFailed(check("same-size.checkpoint", "proof"), 1, "log fork: at size ");
  world.Write("smaller.checkpoint", ForkedNote(2));
  CheckFailed(check("smaller.checkpoint", "proof"), 1, "is a proof from size ");
  auto lines = LinesIn(world.Read("proof"));
  std::swap(lines.at(1), lines.at(2));
  std::string swapped;
  for (const std::string& line : lines) swapped += line + "\n";
  world.Write("swapped", swapped);
  CheckFailed(check("old.checkpoint", "swapped"), 1, "is not shown to be the start of");
  world.Write("empty", "");
  CheckFailed(check("old.checkpoint", "empty"), 1, "first line must be `old` and a size");
}

BOOST_AUTO_TEST_CASE(inspect_tells_what_a_proof_file_is) {
  CheckDone(Prove({"old.checkpoint", "new.checkpoint", "--out", "proof"}));
  const std::string text = world.Must({"inspect", "proof"});
  BOOST_CHECK(text.starts_with("file        proof of consistency (C2SP tlog-witness)\n"));
  BOOST_CHECK(text.find("older size  " + std::to_string(old_size) + "\n") != text.npos);
  BOOST_CHECK(text.find("origin      log.example.org\n") != text.npos);
  world.Must({"ledger", "proof", world.id("run"), "--ledger", "ledger", "--out", "x.tlog-proof"});
  const std::string receipt = world.Must({"inspect", "x.tlog-proof"});
  BOOST_CHECK(receipt.starts_with("file        proof of inclusion (C2SP tlog-proof)\n"));
  BOOST_CHECK(receipt.find("statement   " + world.id("run") + "\n") != receipt.npos);
  BOOST_CHECK(receipt.ends_with("nothing was verified\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(proof_of_inclusion, Fixture)

BOOST_AUTO_TEST_CASE(the_file_is_a_tlog_proof_with_the_leaf_in_it) {
  const std::string text =
      world.Must({"ledger", "proof", world.id("run").substr(0, 8), "--ledger", "ledger"});
  const auto tree = Tree();
  const auto shown = world.Json({"show", world.id("run"), "--ledger", "ledger", "--json"});
  const uint64_t index = shown.at("index").to_number<uint64_t>();
  const auto lines = LinesIn(text);
  BOOST_CHECK_EQUAL(lines.at(0), "c2sp.org/tlog-proof@v1");
  BOOST_REQUIRE(lines.at(1).starts_with("extra "));
  BOOST_CHECK_EQUAL(lines.at(2), "index " + std::to_string(index));
  const auto path = Base64Of(tree.Inclusion(index, 0, tree.size()));
  for (size_t i = 0; i < path.size(); ++i) BOOST_CHECK_EQUAL(lines.at(3 + i), path[i]);
  BOOST_CHECK_EQUAL(lines.at(3 + path.size()), "");
  BOOST_CHECK(text.ends_with("\n\n" + new_note));
  const auto leaf = Base64Decode(lines[1].substr(6));
  BOOST_REQUIRE(leaf);
  BOOST_CHECK(tree.Leaf(index) == ReferenceTree({std::string(AsText(*leaf))}).Leaf(0));
}

BOOST_AUTO_TEST_CASE(the_file_alone_shows_offline_that_the_statement_is_logged) {
  world.Must({"ledger", "proof", world.id("run"), "--ledger", "ledger", "--out", "x.tlog-proof"});
  const std::string vkey = Vkey();
  std::filesystem::remove_all(world / "ledger");
  for (const std::vector<std::string>& key :
       {std::vector<std::string>{"--vkey", vkey}, {"--trust", "trust"}}) {
    std::vector<std::string> check = {"verify-proof", "x.tlog-proof"};
    check.insert(check.end(), key.begin(), key.end());
    const Ran ran = world.Run(check);
    CheckDone(ran);
    BOOST_CHECK(ran.out.find("statement   sha256:" + world.id("run") + "\n") != ran.out.npos);
    BOOST_CHECK(ran.out.find("(its signature was not verified)") != ran.out.npos);
  }
  const auto json = world.Json({"verify-proof", "x.tlog-proof", "--trust", "trust", "--json"});
  BOOST_CHECK_EQUAL(NamesIn(json),
                    "entry_sha256 index logged root signed_by signer statement tree_size");
}

BOOST_AUTO_TEST_CASE(an_entry_of_ones_own_is_compared_with_the_leaf) {
  world.Must({"ledger", "proof", world.id("run"), "--ledger", "ledger", "--out", "x.tlog-proof"});
  const auto check = [&](const std::string& entry) {
    return world.Run({"verify-proof", "x.tlog-proof", "--trust", "trust", "--entry", entry});
  };
  for (const char* name : {"run", "device"}) {
    const std::string lines =
        world.Must({"passport", "collect", world.id(name), "--ledger", "ledger"});
    world.Write(std::string(name) + ".bundle", lines.substr(0, lines.find('\n')));
  }
  CheckDone(check("run.bundle"));
  CheckFailed(check("device.bundle"), 1, "the entry is not shown to be number ");
  world.Write("leaf", "something else");
  CheckFailed(check("leaf"), 1, "the entry is not shown to be number ");
}

BOOST_AUTO_TEST_CASE(who_has_a_log_key_whose_time_is_over_can_show_nothing_with_it) {
  const auto check = [&](uint64_t size) {
    world.Write("forged", ForgedProof(size));
    return world.Run({"verify-proof", "forged", "--trust", "trust"});
  };
  CheckDone(check(old_size + 4));  // else this would show nothing
  LimitKey(old_size + 2);
  CheckFailed(check(old_size + 4), 1,
              "forged: checkpoint: bad-checkpoint: no key of log.example.org is in force for tree "
              "size " +
                  std::to_string(old_size + 4));
  Pin(new_note);
  CheckFailed(check(old_size + 1), 1,
              "forged: checkpoint: log-fork: the checkpoint of log.example.org has size " +
                  std::to_string(old_size + 1) + " and root ");
  EndKeyIn2020();
  CheckFailed(check(old_size), 1, "bad-checkpoint: no key of log.example.org is in force");
  world.Must({"ledger", "proof", world.id("run"), "--ledger", "ledger", "--out", "x.tlog-proof"});
  CheckDone(world.Run({"verify-proof", "x.tlog-proof", "--trust", "trust"}));  // it is pinned
}

BOOST_AUTO_TEST_CASE(an_altered_proof_is_refused) {
  const std::string text = world.Must({"ledger", "proof", world.id("run"), "--ledger", "ledger"});
  const auto check = [&](const std::string& altered) {
    world.Write("altered", altered);
    return world.Run({"verify-proof", "altered", "--trust", "trust"});
  };
  auto lines = LinesIn(text);
  const auto joined = [](const std::vector<std::string>& all) {
    std::string whole;
    for (const std::string& line : all) whole += line + "\n";
    return whole;
  };
  auto moved = lines;
  moved.at(2) = "index 0";
  CheckFailed(check(joined(moved)), 1, "the entry is not shown to be number 0 of ");
  auto bare = lines;
  bare.erase(bare.begin() + 1);
  CheckFailed(check(joined(bare)), 1, "--entry names it");
  CheckFailed(check("c2sp.org/tlog-proof@v2\n"), 1, "first line must be");
  const Ran stranger = world.Run({"verify-proof", "altered", "--vkey",
                                  "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx28"
                                  "0NI+oO5xCFkkSx"});
  BOOST_CHECK_EQUAL(stranger.status, 1);
  world.Write("good", text);
  CheckFailed(world.Run({"verify-proof", "good", "--vkey",
                         "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xC"
                         "FkkSx"}),
              1, "checkpoint: not signed by the key given");
}

BOOST_AUTO_TEST_SUITE_END()
