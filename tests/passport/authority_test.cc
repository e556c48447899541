// R5 of lines with a certificate: whose authority issued it, and for whose key.
#include "tests/passport/attack.h"
#include "tests/support/certified.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;

// Besides jane's own authority, which her entry names, the cloud's: it could write her name too.
World WorldOfTwoAuthorities() {
  World world = FineTuneWorld();
  world.certificates = TrustInPki();
  world.certificates.identities.push_back(Jane());
  world.certificates.identities.front().authority = world.certificates.authorities.front().name;
  world.certificates.authorities.push_back(AuthorityNamed("https://ca.cloud.example", "cloud"));
  world.At("texts").certified.emplace();
  return world;
}

std::function<void(World&)> In(std::function<void(World&)> edit) {
  return [edit = std::move(edit)](World& world) {
    world = WorldOfTwoAuthorities();
    edit(world);
  };
}

}  // namespace

const std::vector<Attack>& AuthorityAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"a_certificate_by_the_authority_of_another_party", 5, R::kUntrustedCertificate,
       "no trusted authority has issued the certificate as of",
       In([](World& w) { w.At("texts").certified->pki = "cloud"; })},
      {"a_certificate_for_a_key_that_is_listed_for_another_party", 5, R::kUntrustedCertificate,
       ", which it lists for cloud", In([](World& w) { w.At("texts").key = "cloud"; })},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(authority)

BOOST_DATA_TEST_CASE(refuses, data::make(AuthorityAttacks()), attack) { CheckRefused(attack); }

BOOST_AUTO_TEST_CASE(a_line_by_its_own_authority_passes) {
  CheckPasses(WorldOfTwoAuthorities().Judge());
}

BOOST_AUTO_TEST_CASE(a_certificate_for_a_key_that_is_listed_for_the_same_party_passes) {
  World world = WorldOfTwoAuthorities();
  BOOST_REQUIRE_EQUAL(world.At("texts").key, "lab");
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
