#include "trust/load_trust.h"

#include "core/hex.h"
#include "sigstore/key_file.h"
#include "sigstore/trusted_root.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::trust {
namespace {

using carnet::test::ScratchFolder;
using schemas::Kind;

constexpr std::string_view kLab =
    "party = \"lab\"\n"
    "[[key]]\n"
    "file = \"lab.pub\"\n"
    "name = \"2026\"\n"
    "kinds = [\"run\", \"segment\"]\n"
    "from = \"2026-01-01\"\n"
    "until = \"2027-01-01\"\n"
    "[[key.sizes]]\n"
    "origin = \"log.example\"\n"
    "from = 3\n"
    "until = 500\n";

// A trust directory that loads, to be spoilt in one place by each case.
struct TrustFolder {
  TrustFolder() {
    folder.Write("trusted_root.json", sigstore::WriteTrustedRoot({{Entry(log_key)}, 0}));
    folder.Write("parties/lab.toml", kLab);
    folder.Write("parties/lab.pub", sigstore::WritePublicKey(lab.public_key().spki()));
  }

  static sigstore::TrustedLog Entry(const crypto::Ed25519PrivateKey& key, uint64_t from = 1000,
                                    std::optional<uint64_t> until = {}) {
    sigstore::TrustedLog log{"https://log.example", NoteKeyOf(key), TimestampMs(from), {}, ""};
    if (until) log.valid_until = TimestampMs(*until);
    return log;
  }
  static merkle::NoteKey NoteKeyOf(const crypto::Ed25519PrivateKey& key) {
    return merkle::NoteKey::Create("log.example", key.public_key()).value();
  }

  std::string Pin(const crypto::Ed25519PrivateKey& key, uint64_t size, uint8_t root) const {
    std::array<uint8_t, 32> bytes{};
    bytes.fill(root);
    return merkle::SignCheckpoint({"log.example", TreeSize(size), RootHash(bytes), {}},
                                  NoteKeyOf(key), key);
  }
  std::string LogId() const { return HexEncode(NoteKeyOf(log_key).id().span()); }

  Result<Trust> Load() const { return LoadTrust(folder.str()); }

  ScratchFolder folder;
  crypto::P256PrivateKey lab = crypto::P256PrivateKey::Generate();
  crypto::Ed25519PrivateKey log_key = crypto::Ed25519PrivateKey::Generate();
};

std::string Replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const size_t at = out.find(from);
  BOOST_REQUIRE(at != out.npos);
  return out.replace(at, from.size(), to);
}

BOOST_AUTO_TEST_SUITE(load_trust)

BOOST_AUTO_TEST_CASE(reads_logs_parties_pins_and_windows) {
  const TrustFolder files;
  files.folder.Write("pins/a.checkpoint", files.Pin(files.log_key, 4, 7));
  files.folder.Write("logs.toml",
                     "[[log]]\norigin = \"log.example\"\noperator = \"cloud\"\n"
                     "[[log.key]]\nid = \"" +
                         files.LogId() + "\"\nfrom = 1\nuntil = 900\n");
  files.folder.Write("README.md", "for people");
  files.folder.Write(".git/config", "");
  files.folder.Write("policies/own.toml", "read by others");
  REQUIRE_VALUE(const Trust trust, files.Load());

  BOOST_REQUIRE_EQUAL(trust.logs().size(), 1);
  const TrustedLog& log = trust.logs()[0];
  BOOST_CHECK_EQUAL(log.origin, "log.example");
  BOOST_CHECK_EQUAL(log.operator_party, "cloud");
  BOOST_REQUIRE_EQUAL(log.pins.size(), 1);
  BOOST_CHECK_EQUAL(log.pins[0].size.value(), 4);
  BOOST_CHECK_EQUAL(log.keys[0].sizes.from.value(), 1);
  BOOST_CHECK_EQUAL(log.keys[0].sizes.until.value(), 900);
  BOOST_CHECK_EQUAL(log.keys[0].dates.from.value().value(), 1000);

  const TrustedKey* key = trust.FindSigner(SignerId(files.lab.public_key().id()));
  BOOST_REQUIRE(key != nullptr);
  BOOST_CHECK_EQUAL(key->party, "lab");
  BOOST_CHECK_EQUAL(key->name, "2026");
  BOOST_CHECK((key->kinds == std::set<Kind>{Kind::kRun, Kind::kSegment}));
  BOOST_CHECK_EQUAL(key->dates.from.value().value(), 1'767'225'600'000);   // date -ud 2026-01-01
  BOOST_CHECK_EQUAL(key->dates.until.value().value(), 1'798'761'600'000);  // date -ud 2027-01-01
  BOOST_CHECK_EQUAL(key->sizes.at("log.example").from.value(), 3);
  BOOST_CHECK_EQUAL(key->sizes.at("log.example").until.value(), 500);
}

BOOST_AUTO_TEST_CASE(takes_along_its_own_chips) {
  const TrustFolder files;
  BOOST_CHECK_EQUAL(files.Load().value().chips(), "");
  files.folder.Write("chips.csv", "a catalogue");
  BOOST_CHECK_EQUAL(files.Load().value().chips(), "a catalogue");
  files.folder.Write("chips.csv", "");
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "chips.csv: is empty");
}

BOOST_AUTO_TEST_CASE(takes_along_its_own_hub_default) {
  const TrustFolder files;
  REQUIRE_VALUE(const Trust without, files.Load());
  BOOST_CHECK_EQUAL(without.hub_default(), "");
  files.folder.Write("policies/hub-default.toml", "the policy");
  REQUIRE_VALUE(const Trust with, files.Load());
  BOOST_CHECK_EQUAL(with.hub_default(), "the policy");
  files.folder.Write("policies/hub-default.toml", "");
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "policies/hub-default.toml: is empty");
}

BOOST_AUTO_TEST_CASE(keys_of_one_origin_are_one_log) {
  const TrustFolder files;
  const auto second = crypto::Ed25519PrivateKey::Generate();
  files.folder.Write(
      "trusted_root.json",
      sigstore::WriteTrustedRoot(
          {{TrustFolder::Entry(files.log_key, 1000, 2000), TrustFolder::Entry(second, 2000)}, 0}));
  // A pin may be signed by a key that has retired since.
  files.folder.Write("pins/old.checkpoint", files.Pin(files.log_key, 4, 7));
  REQUIRE_VALUE(const Trust trust, files.Load());
  BOOST_REQUIRE_EQUAL(trust.logs().size(), 1);
  BOOST_CHECK_EQUAL(trust.logs()[0].keys.size(), 2);

  files.folder.Write(
      "trusted_root.json",
      sigstore::WriteTrustedRoot(
          {{TrustFolder::Entry(files.log_key, 1000, 2001), TrustFolder::Entry(second, 2000)}, 0}));
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "overlapping validity");
}

// Who operates a log is not left to the order of its keys.
BOOST_AUTO_TEST_CASE(keys_of_one_origin_have_one_operator) {
  const TrustFolder files;
  const auto second = crypto::Ed25519PrivateKey::Generate();
  for (const auto& [first_operator, second_operator] :
       {std::pair{"cloud", "lab"}, std::pair{"cloud", ""}, std::pair{"", "cloud"}}) {
    std::vector<sigstore::TrustedLog> logs = {TrustFolder::Entry(files.log_key, 1000, 2000),
                                              TrustFolder::Entry(second, 2000)};
    logs[0].operator_name = logs[1].operator_name = first_operator;
    files.folder.Write("trusted_root.json", sigstore::WriteTrustedRoot({logs, 0}));
    REQUIRE_VALUE(const Trust trust, files.Load());
    BOOST_CHECK_EQUAL(trust.logs().at(0).operator_party, first_operator);
    logs[1].operator_name = second_operator;
    files.folder.Write("trusted_root.json", sigstore::WriteTrustedRoot({logs, 0}));
    CHECK_ERROR(files.Load(), ErrorCode::kMalformed,
                "trusted_root.json: two operators of log.example");
  }
}

BOOST_AUTO_TEST_CASE(refuses_files_that_it_does_not_know) {
  for (const std::string name : {"lab.pub", "party.toml", "pins/a.txt", "parties/other.pub",
                                 "parties/lab.toml.bak", "trusted_root.json~"}) {
    const TrustFolder files;
    files.folder.Write(name, "x");
    CHECK_ERROR(files.Load(), ErrorCode::kMalformed,
                name + ": does not belong in a trust directory");
  }
}

BOOST_AUTO_TEST_CASE(shows_a_name_that_is_not_text_printable) {
  const TrustFolder files;
  files.folder.Write("parties/\x1b[31m.toml", "x");
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed,
              "parties/\\x1b[31m.toml: does not belong in a trust directory");
}

BOOST_AUTO_TEST_CASE(names_what_is_missing) {
  CHECK_ERROR(LoadTrust("/nonexistent/trust"), ErrorCode::kNotFound, "/nonexistent/trust");
  for (const std::string name : {"trusted_root.json", "parties", "parties/lab.pub"}) {
    const TrustFolder files;
    std::filesystem::remove_all(files.folder.path() / name);
    CHECK_ERROR(files.Load(), ErrorCode::kNotFound, name);
  }
  const TrustFolder files;
  files.folder.Write("parties/lab.toml", "party = \"lab\"\n");
  std::filesystem::remove(files.folder.path() / "parties/lab.pub");
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "no party lists a key");
}

struct Spoilt {
  std::string_view from;
  std::string_view to;
  std::string_view said;
};
std::ostream& operator<<(std::ostream& out, const Spoilt& spoilt) {
  return out << spoilt.from << " -> " << spoilt.to;
}

const Spoilt kSpoilt[] = {
    {"party = \"lab\"", "", "lab.toml:1: party: is missing"},
    {"party = \"lab\"", "party = \"lab\"\ncolour = \"red\"", "lab.toml:2: colour: unknown key"},
    {"lab.pub", "../parties/lab.pub", "key[0].file: must be the name of a key file"},
    {"lab.pub", "/etc/passwd", "key[0].file: must be the name of a key file"},
    {"lab.pub", "..", "key[0].file: must be the name of a key file"},
    {"\"run\", ", "\"runs\", ", "key[0].kinds: unknown kind \"runs\""},
    {"\"run\", ", "\"segment\", ", "key[0].kinds: segment appears more than once"},
    {"[\"run\", \"segment\"]", "[]", "key[0].kinds: is empty"},
    {"\"2026-01-01\"", "\"2026-1-1\"", "key[0].from: must be a date"},
    {"\"2026-01-01\"", "2026-01-01", "key[0].from: must be a string"},
    {"\"2027-01-01\"", "\"2025-01-01\"", "dates end before they begin"},
    {"from = 3", "from = 3.0", "key[0].sizes[0].from: must be an integer"},
    {"from = 3", "from = 501", "end before they begin"},
    {"from = 3\nuntil = 500\n", "", "key[0].sizes[0].origin: has neither from nor until"},
    {"log.example", "other.example", "tree sizes of \"other.example\", which is not a trusted log"},
    {"until = 500", "until = 500\n[[key.sizes]]\norigin = \"log.example\"\nfrom = 1",
     "key[0].sizes[1].origin: appears more than once for one key"},
    {"until = 500", "until = 500\nhow = 1", "key[0].sizes[0].how: unknown key"},
};

BOOST_DATA_TEST_CASE(refuses_a_spoilt_party, boost::unit_test::data::make(kSpoilt), spoilt) {
  const TrustFolder files;
  files.folder.Write("parties/lab.toml", Replaced(kLab, spoilt.from, spoilt.to));
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, spoilt.said);
}

BOOST_AUTO_TEST_CASE(a_party_and_a_key_have_one_place) {
  const TrustFolder files;
  files.folder.Write("parties/lab2.toml", "party = \"lab\"\n");
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed,
              "lab2.toml: party \"lab\" already has another file");
  files.folder.Write("parties/lab2.toml",
                     "party = \"b\"\n[[key]]\nfile = \"b.pub\"\nkinds = [\"run\"]\n");
  files.folder.Write("parties/b.pub", sigstore::WritePublicKey(files.lab.public_key().spki()));
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "listed more than once");
}

BOOST_AUTO_TEST_CASE(refuses_keys_that_are_not_p256) {
  const TrustFolder files;
  files.folder.Write("parties/lab.pub",
                     sigstore::WritePublicKey(files.log_key.public_key().ToSpki()));
  CHECK_ERROR(files.Load(), ErrorCode::kUnsupported, "parties/lab.pub: ");
  files.folder.Write("parties/lab.pub", "no pem");
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "parties/lab.pub: ");
}

BOOST_AUTO_TEST_CASE(pins_are_signed_checkpoints_of_a_known_log) {
  const TrustFolder files;
  const auto stranger = crypto::Ed25519PrivateKey::Generate();
  files.folder.Write("pins/a.checkpoint", files.Pin(stranger, 4, 7));
  CHECK_ERROR(files.Load(), ErrorCode::kRejected, "pins/a.checkpoint: note: no signature");
  files.folder.Write("pins/a.checkpoint", "text\n");
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "pins/a.checkpoint: note");
  const auto elsewhere = merkle::NoteKey::Create("b.example", stranger.public_key()).value();
  files.folder.Write(
      "pins/a.checkpoint",
      merkle::SignCheckpoint({"b.example", TreeSize(1), RootHash(std::array<uint8_t, 32>{}), {}},
                             elsewhere, stranger));
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed,
              "checkpoint of b.example, which is not a log in trusted_root.json");
  files.folder.Write("pins/a.checkpoint", files.Pin(files.log_key, 4, 7));
  files.folder.Write("pins/b.checkpoint", files.Pin(files.log_key, 4, 8));
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "two pinned checkpoints of size 4");
}

const Spoilt kSpoiltLogs[] = {
    {"log.example", "other.example",
     "logs.toml:2: log[0].origin: is not a log in trusted_root.json"},
    {"ID", "abc", "log[0].key[0].id: must be 64 lowercase hex digits"},
    {"ID", "0000000000000000000000000000000000000000000000000000000000000000",
     "log[0].key[0].id: is not a key of log.example"},
    {"from = 1", "form = 1", "log[0].key[0].form: unknown key"},
    {"from = 1", "", "log[0].key[0].id: has neither from nor until"},
    {"[[log]]", "[[log]]\norigin = \"log.example\"\n[[log]]",
     "log[1].origin: appears more than once"},
};

BOOST_DATA_TEST_CASE(refuses_spoilt_log_notes, boost::unit_test::data::make(kSpoiltLogs), spoilt) {
  const TrustFolder files;
  const std::string notes =
      Replaced("[[log]]\norigin = \"log.example\"\n[[log.key]]\nid = \"ID\"\nfrom = 1\n",
               spoilt.from, spoilt.to);
  const size_t id = notes.find("ID");
  files.folder.Write("logs.toml", id == notes.npos ? notes : Replaced(notes, "ID", files.LogId()));
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, spoilt.said);
}

BOOST_AUTO_TEST_CASE(finds_no_error_exactly_where_it_loads) {
  const TrustFolder files;
  BOOST_CHECK(FindTrustErrors(files.folder.str()).empty());
  files.folder.Write("parties/lab.toml", "party = 1\n");
  files.folder.Write("parties/of-nobody.pub", "");
  files.folder.Write("parties/other.toml",
                     Replaced(Replaced(kLab, "\"lab\"", "\"other\""), "lab.pub", "none.pub"));
  files.folder.Write("pins/x", "");
  files.folder.Write("more", "");
  std::vector<std::string> messages;
  for (const Error& error : FindTrustErrors(files.folder.str())) messages.push_back(error.message);
  const std::vector<std::string> expected = {
      files.folder / "more" + ": does not belong in a trust directory",
      files.folder / "pins/x" + ": does not belong in a trust directory",
      files.folder / "parties/lab.toml" + ":1: party: must be a string",
      files.folder / "parties/none.pub" + ": open: No such file or directory"};
  BOOST_TEST(messages == expected, boost::test_tools::per_element());
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, expected.front());
}

// With the logs unknown, nothing is said of tree sizes that name one.
BOOST_AUTO_TEST_CASE(what_rests_on_a_broken_file_is_not_judged) {
  const TrustFolder files;
  files.folder.Write("trusted_root.json", "{}");
  const auto errors = FindTrustErrors(files.folder.str());
  BOOST_REQUIRE_EQUAL(errors.size(), 1U);
  BOOST_CHECK(errors[0].message.find("trusted_root.json:1:") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::trust
