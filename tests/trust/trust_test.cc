#include "trust/trust.h"

#include "tests/support/test.h"

namespace carnet::trust {
namespace {

using schemas::Kind;

TrustedKey KeyOf(crypto::P256PublicKey key) {
  return {std::move(key), "lab", "", {Kind::kRun}, {}, {}};
}
crypto::P256PublicKey FreshKey() {
  return crypto::P256PublicKey::ParseSpki(crypto::P256PrivateKey::Generate().public_key().spki())
      .value();
}

TrustedLogKey LogKey(const std::string& origin) {
  const auto key = crypto::Ed25519PrivateKey::Generate().public_key();
  return {merkle::NoteKey::Create(origin, key).value(), {}, {}};
}
TrustedLogKey LogKey(const std::string& origin, DateWindow dates, SizeWindow sizes = {}) {
  TrustedLogKey key = LogKey(origin);
  key.dates = dates;
  key.sizes = sizes;
  return key;
}

merkle::Checkpoint Pin(const std::string& origin, uint64_t size, uint8_t root) {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(root);
  return {origin, TreeSize(size), RootHash(bytes), {}};
}

Result<Trust> OfKeys(TrustedKey a, std::optional<TrustedKey> b = {}) {
  std::vector<TrustedKey> keys;
  keys.push_back(std::move(a));
  if (b) keys.push_back(*std::move(b));
  return Trust::Create(std::move(keys), {});
}
Result<Trust> OfLog(std::vector<TrustedLogKey> keys, std::vector<merkle::Checkpoint> pins = {}) {
  return Trust::Create({}, {{"log.example", std::move(keys), "", std::move(pins)}});
}

DateWindow Dates(std::optional<uint64_t> from, std::optional<uint64_t> until) {
  DateWindow window;
  if (from) window.from = TimestampMs(*from);
  if (until) window.until = TimestampMs(*until);
  return window;
}

BOOST_AUTO_TEST_SUITE(trust)

BOOST_AUTO_TEST_CASE(finds_keys_and_logs_by_their_ids) {
  TrustedKey key = KeyOf(FreshKey());
  const SignerId id = key.signer();
  std::vector<TrustedKey> keys;
  keys.push_back(std::move(key));
  const TrustedLogKey first = LogKey("log.example", Dates({}, 10));
  const TrustedLogKey second = LogKey("log.example", Dates(10, {}));
  REQUIRE_VALUE(const Trust trust,
                Trust::Create(std::move(keys), {{"log.example", {first, second}, "", {}}}));
  BOOST_REQUIRE(trust.FindSigner(id) != nullptr);
  BOOST_CHECK_EQUAL(trust.FindSigner(id)->party, "lab");
  BOOST_CHECK(trust.FindSigner(SignerId(FreshKey().id())) == nullptr);
  // An identity of the same bytes is another signer.
  BOOST_CHECK(trust.FindSigner(SignerId(Retag<IdentityDigest>(*id.key()))) == nullptr);
  BOOST_CHECK(trust.FindLog(first.key.id()) == &trust.logs()[0]);
  BOOST_CHECK(trust.FindLog(second.key.id()) == &trust.logs()[0]);
  BOOST_CHECK(trust.FindLog(LogKey("log.example").key.id()) == nullptr);
}

BOOST_AUTO_TEST_CASE(refuses_a_key_listed_more_than_once) {
  const Bytes spki = FreshKey().spki();
  const auto again = [&spki] { return KeyOf(crypto::P256PublicKey::ParseSpki(spki).value()); };
  TrustedKey other = again();
  other.party = "cloud";
  CHECK_ERROR(OfKeys(again(), std::move(other)), ErrorCode::kMalformed, "listed more than once");
}

BOOST_AUTO_TEST_CASE(refuses_a_key_without_party_or_kinds_or_with_an_empty_window) {
  TrustedKey nobody = KeyOf(FreshKey());
  nobody.party = "";
  CHECK_ERROR(OfKeys(std::move(nobody)), ErrorCode::kMalformed, "no party");
  TrustedKey nothing = KeyOf(FreshKey());
  nothing.kinds = {};
  CHECK_ERROR(OfKeys(std::move(nothing)), ErrorCode::kMalformed, "has no kind that it may sign");
  TrustedKey never = KeyOf(FreshKey());
  never.dates = Dates(5, 5);
  CHECK_ERROR(OfKeys(std::move(never)), ErrorCode::kMalformed, "dates end before they begin");
  TrustedKey no_sizes = KeyOf(FreshKey());
  no_sizes.sizes["log.example"] = {7, 3};
  CHECK_ERROR(OfKeys(std::move(no_sizes)), ErrorCode::kMalformed, "tree sizes of log.example");
}

BOOST_AUTO_TEST_CASE(refuses_two_logs_of_one_origin_or_one_log_key_in_two_logs) {
  const TrustedLogKey key = LogKey("log.example");
  CHECK_ERROR(Trust::Create({}, {{"log.example", {key}, "", {}},
                                 {"log.example", {LogKey("log.example")}, "", {}}}),
              ErrorCode::kMalformed, "log log.example: listed more than once");
  CHECK_ERROR(OfLog({LogKey("log.example", Dates({}, 4)), LogKey("other.example")}),
              ErrorCode::kMalformed, "a key of other.example");
  CHECK_ERROR(OfLog({}), ErrorCode::kMalformed, "no key");
}

struct Overlap {
  std::string_view name;
  DateWindow a_dates;
  SizeWindow a_sizes;
  DateWindow b_dates;
  SizeWindow b_sizes;
  std::string_view refused;  // empty: accepted
};
std::ostream& operator<<(std::ostream& out, const Overlap& overlap) { return out << overlap.name; }

const Overlap kOverlaps[] = {
    {"dates one after the other", Dates(1, 5), {}, Dates(5, {}), {}, ""},
    {"later listed first", Dates(5, {}), {}, Dates(1, 5), {}, ""},
    {"dates that share a millisecond", Dates(1, 6), {}, Dates(5, {}), {}, "overlapping validity"},
    {"open dates", {}, {}, {}, {}, "overlapping validity"},
    {"inside the other", Dates(1, 9), {}, Dates(3, 4), {}, "overlapping validity"},
    {"sizes one after the other", {}, {{}, 8}, {}, {8, {}}, ""},
    {"sizes that share one", {}, {{}, 9}, {}, {8, {}}, "overlapping validity"},
    {"sizes decide where given", Dates(1, 9), {0, 8}, Dates(2, 9), {8, {}}, ""},
    {"sizes for one only", Dates(1, 5), {0, 8}, Dates(5, 9), {}, "only some of its keys"},
    {"an empty window", Dates(5, 4), {}, Dates(5, 9), {}, "ends before it begins"},
};

BOOST_DATA_TEST_CASE(keys_of_a_log_are_in_force_one_after_the_other,
                     boost::unit_test::data::make(kOverlaps), overlap) {
  const auto trust = OfLog({LogKey("log.example", overlap.a_dates, overlap.a_sizes),
                            LogKey("log.example", overlap.b_dates, overlap.b_sizes)});
  if (overlap.refused.empty()) {
    BOOST_CHECK(trust.has_value());
  } else {
    CHECK_ERROR(trust, ErrorCode::kMalformed, overlap.refused);
  }
}

BOOST_AUTO_TEST_CASE(pins_are_of_their_log_and_agree_with_each_other) {
  BOOST_CHECK(OfLog({LogKey("log.example")},
                    {Pin("log.example", 4, 1), Pin("log.example", 4, 1), Pin("log.example", 5, 2)})
                  .has_value());
  CHECK_ERROR(OfLog({LogKey("log.example")}, {Pin("log.example", 4, 1), Pin("log.example", 4, 2)}),
              ErrorCode::kMalformed, "two pinned checkpoints of size 4");
  CHECK_ERROR(OfLog({LogKey("log.example")}, {Pin("other.example", 4, 1)}), ErrorCode::kMalformed,
              "pinned checkpoint is of other.example");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::trust
