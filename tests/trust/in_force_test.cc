// R10, R14 and R15: whether a key is in force, at the edges of its windows.
#include "crypto/ed25519.h"
#include "tests/support/test.h"
#include "trust/trust.h"

namespace carnet::trust {
namespace {

constexpr TimestampMs kFrom(1000), kUntil(2000);

DateWindow Dates() { return {kFrom, kUntil}; }

TrustedLog LogWith(std::vector<std::pair<DateWindow, SizeWindow>> windows) {
  TrustedLog log{"log.example", {}, "", {}};
  for (const auto& [dates, sizes] : windows) {
    const auto key = crypto::Ed25519PrivateKey::Generate().public_key();
    log.keys.push_back({merkle::NoteKey::Create("log.example", key).value(), dates, sizes});
  }
  return log;
}

TrustedKey KeyWith(DateWindow dates, const std::unordered_map<std::string, SizeWindow>& sizes) {
  const auto key = crypto::P256PrivateKey::Generate();
  auto copy = crypto::P256PublicKey::ParseSpki(key.public_key().spki());
  return {std::move(copy).value(), "lab", "", {}, dates, sizes};
}

BOOST_AUTO_TEST_SUITE(in_force)

BOOST_AUTO_TEST_CASE(windows_are_half_open) {
  const SizeWindow sizes{5, 8};
  for (const auto& [size, inside] : {std::pair(4, false), {5, true}, {7, true}, {8, false}}) {
    BOOST_CHECK_EQUAL(sizes.Contains(static_cast<uint64_t>(size)), inside);
    const TimestampMs time(static_cast<uint64_t>(size));
    BOOST_CHECK_EQUAL((DateWindow{TimestampMs(5), TimestampMs(8)}).Contains(time), inside);
  }
  BOOST_CHECK(SizeWindow{}.Contains(0) && !SizeWindow{}.IsGiven());
  BOOST_CHECK((SizeWindow{{}, 1}).IsGiven() && (SizeWindow{0, {}}).IsGiven());
}

BOOST_AUTO_TEST_CASE(sizes_alone_decide_which_log_key_is_in_force) {
  const TrustedLog log = LogWith({{{{}, kUntil}, {{}, 5}}, {{kFrom, {}}, {5, {}}}});
  const TimestampMs long_after(9000);
  BOOST_CHECK(log.KeyInForce(TreeSize(4), long_after) == &log.keys[0]);
  BOOST_CHECK(log.KeyInForce(TreeSize(5), long_after) == &log.keys[1]);
  BOOST_CHECK(!log.keys[0].MayHaveSigned(TreeSize(5), TimestampMs(1500)));
  BOOST_CHECK(log.keys[0].MayHaveSigned(TreeSize(4), TimestampMs(0)));
}

BOOST_AUTO_TEST_CASE(an_end_that_sizes_leave_open_is_the_dates) {
  const TrustedLog log = LogWith({{Dates(), {{}, 5}}, {Dates(), {5, {}}}});
  const TimestampMs long_after(9000);
  BOOST_CHECK(log.KeyInForce(TreeSize(5), TimestampMs(1500)) == &log.keys[1]);
  BOOST_CHECK(log.KeyInForce(TreeSize(5), long_after) == nullptr);
  BOOST_CHECK(log.KeyInForce(TreeSize(4), TimestampMs(999)) == nullptr);

  const TimestampMs now(1500);
  const PlaceInLog third{&log, LeafIndex(3)};
  const TrustedKey since = KeyWith(Dates(), {{"log.example", {2, {}}}});
  BOOST_CHECK(since.CheckInForce(third, TimestampMs(0), now).has_value());
  CHECK_ERROR(since.CheckInForce(third, now, long_after), ErrorCode::kRejected,
              "a date alone cannot prove when it signed");
  const TrustedKey up_to = KeyWith(Dates(), {{"log.example", {{}, 4}}});
  BOOST_CHECK(up_to.CheckInForce(third, now, long_after).has_value());
  CHECK_ERROR(up_to.CheckInForce(third, TimestampMs(999), now), ErrorCode::kRejected,
              "the key is in force from");
}

BOOST_AUTO_TEST_CASE(without_sizes_a_retired_log_key_is_not_in_force_but_may_have_signed) {
  const TrustedLog log = LogWith({{Dates(), {}}});
  const TreeSize size(7);
  BOOST_CHECK(log.KeyInForce(size, TimestampMs(999)) == nullptr);
  BOOST_CHECK(log.KeyInForce(size, kFrom) == &log.keys[0]);
  BOOST_CHECK(log.KeyInForce(size, kUntil) == nullptr);
  BOOST_CHECK(!log.keys[0].MayHaveSigned(size, TimestampMs(999)));
  BOOST_CHECK(log.keys[0].MayHaveSigned(size, kUntil));
}

BOOST_AUTO_TEST_CASE(sizes_of_the_log_are_preferred_to_dates) {
  const TrustedLog log = LogWith({{{}, {}}}), other{"other.example", {}, "", {}};
  const TrustedKey key = KeyWith(Dates(), {{"log.example", {2, 4}}});
  const TimestampMs now(1500), late(9000);
  const PlaceInLog inside{&log, LeafIndex(3)}, behind{&log, LeafIndex(4)};
  BOOST_CHECK(key.CheckInForce(inside, late, late).has_value());
  CHECK_ERROR(key.CheckInForce(behind, now, now), ErrorCode::kRejected,
              "log index 4 is outside tree sizes 2 to 4");
  const PlaceInLog elsewhere{&other, LeafIndex(3)};
  BOOST_CHECK(key.CheckInForce(elsewhere, now, now).has_value());
  CHECK_ERROR(key.CheckInForce(elsewhere, late, late), ErrorCode::kRejected, "was in force until");
  BOOST_CHECK(key.CheckInForce(std::nullopt, late, late).has_value());  // nothing is decided
}

BOOST_AUTO_TEST_CASE(a_date_holds_for_the_statement_and_for_now) {
  const TrustedKey key = KeyWith(Dates(), {});
  const TimestampMs now(1500);
  BOOST_CHECK(key.CheckInForce(std::nullopt, kFrom, now).has_value());
  CHECK_ERROR(key.CheckInForce(std::nullopt, TimestampMs(999), now), ErrorCode::kRejected,
              "the key is in force from 1970-01-01T00:00:01.000Z");
  CHECK_ERROR(key.CheckInForce(std::nullopt, kUntil, now), ErrorCode::kRejected,
              "created 1970-01-01T00:00:02.000Z, the key was in force until");
  CHECK_ERROR(key.CheckInForce(std::nullopt, now, kUntil), ErrorCode::kRejected,
              "a date alone cannot prove when it signed");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::trust
