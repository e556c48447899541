// A ledger on a disk of its own: 48 MiB, mounted where nobody else sees it.
#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace ut = boost::unit_test;

constexpr char kOnDisk[] =
    "mkdir -p disk; unshare -m sh -c 'mount -t tmpfs -o size=48m none disk && sh script.sh'";

boost::test_tools::assertion_result CanMount(ut::test_unit_id /*unit*/) {
  if (::system("unshare -m mount -t tmpfs none /mnt 2> /dev/null") == 0) return true;
  boost::test_tools::assertion_result skipped(false);
  skipped.message() << "no file system can be mounted here";
  return skipped;
}

struct Fixture {
  CliWorld world{Stage::kAttested};

  Fixture() {
    // 1 MB of text, which no table stores in less.
    std::string places;
    for (int i = 0; i < 1'000; ++i)
      places +=
          (i == 0 ? "\"" : ",\"") + std::string(1'000, static_cast<char>('a' + i % 26)) + "\"";
    world.Write("large.json", R"({"name":"large","size":{"bytes":1},"sources":"undisclosed",)"
                              R"("data":")" +
                                  std::string(64, '1') +
                                  R"(","data_basis":"manifest",)"
                                  R"("geography":[)" +
                                  places + "]}");
    world.Write("disk.sh", R"(
large() { carnet attest --kind dataset large.json --ledger disk/ledger --key lab.key; }
small() { carnet attest --kind device device.json --ledger disk/ledger --key cloud.key; }
used() { df --output=used disk | tail -1; }
cp -a ledger disk/ledger
)");
  }
  Ran OnDisk(const std::string& script) {
    std::string whole = "set -e\n. ./disk.sh\n";
    whole += script;
    world.Write("script.sh", whole);
    return world.carnet().Shell(kOnDisk);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(disk_full, Fixture, *ut::precondition(CanMount))

// No command needs the space of a second ledger.
BOOST_AUTO_TEST_CASE(a_ledger_takes_entries_with_far_less_space_free_than_it_has) {
  const Ran ran = OnDisk(R"sh(
while [ $(used) -lt 33900 ]; do large > /dev/null; done   # of 49152: 31 % are free
for i in $(seq 20); do small > /dev/null; done            # what grows by single commands is merged
carnet ledger fsck disk/ledger
)sh");
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK_EQUAL(ran.err, "");
}

BOOST_AUTO_TEST_CASE(a_full_disk_loses_nothing_and_is_named) {
  const Ran ran = OnDisk(R"sh(
head -c 8M /dev/zero > disk/ballast
count=0
while large > last 2> why; do count=$((count + 1)); done
cat why >&2
carnet ledger info disk/ledger > /dev/null                # it can be read
rm disk/ballast
small > /dev/null                                         # goes on by itself
carnet ledger fsck disk/ledger > /dev/null && echo "whole with $count more"
)sh");
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK(ran.err.find("No space left on device") != std::string::npos);
  BOOST_CHECK_MESSAGE(ran.out.starts_with("whole with "), ran.out + ran.err);
}

BOOST_AUTO_TEST_SUITE_END()
