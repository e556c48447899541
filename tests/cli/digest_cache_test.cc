// --digest-cache as a user has it: the same digests, a key that is the user's alone, and a cache
// that is never believed without it.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/cli/cli_world.h"
#include "tests/support/vectors.h"

using namespace carnet::test;

namespace {

struct Fixture {
  Fixture() {
    folder.Write("model/weights.dat", std::string(3'000'000, 'w'));
    folder.Write("model/config.json", "{}");
    carnet.Set("XDG_STATE_HOME", folder / "state");
    carnet.Set("HOME", folder / "home");
  }

  Ran Digest(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"digest", "model", "--digest-cache", "cache"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return carnet.Run(arguments);
  }

  // Old enough to be remembered.
  static void GrowOld() { std::this_thread::sleep_for(std::chrono::milliseconds(2'100)); }

  std::string key() const { return folder / "state/carnet/digest-cache.key"; }
  static mode_t ModeOf(const std::string& path) {
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777;
  }

  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
};

bool IsTold(const Ran& ran, const std::string& text) { return ran.err.find(text) != ran.err.npos; }

BOOST_FIXTURE_TEST_SUITE(digest_cache_command, Fixture)

BOOST_AUTO_TEST_CASE(digests_are_those_without_it_and_a_change_of_the_same_size_and_time_shows) {
  GrowOld();
  const Ran plain = carnet.Run({"digest", "model"});
  CheckDone(plain);
  const Ran first = Digest({"-v"});
  CheckDone(first);
  BOOST_CHECK_EQUAL(first.out, plain.out);
  BOOST_CHECK(!IsTold(first, "recalled from cache"));
  const Ran second = Digest({"-v"});
  BOOST_CHECK_EQUAL(second.out, plain.out);
  BOOST_CHECK_MESSAGE(IsTold(second, "recalled from cache: digests of 3.0 MB"), second.err);

  const auto path = folder.path() / "model/weights.dat";
  const auto before = std::filesystem::last_write_time(path);
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).put('x');
  std::filesystem::last_write_time(path, before);
  const Ran changed = Digest({"-v"});
  CheckDone(changed);
  BOOST_CHECK(!IsTold(changed, "recalled from cache"));
  BOOST_CHECK_EQUAL(changed.out, carnet.Run({"digest", "model"}).out);
  BOOST_CHECK_NE(changed.out, plain.out);
}

BOOST_AUTO_TEST_CASE(key_and_cache_are_their_owners_alone) {
  CheckDone(Digest());
  BOOST_CHECK_EQUAL(ModeOf(key()), 0600);
  BOOST_CHECK_EQUAL(ModeOf(folder / "state/carnet"), 0700);
  BOOST_CHECK_EQUAL(ModeOf(folder / "cache"), 0600);
  BOOST_CHECK_EQUAL(std::filesystem::file_size(key()), 32);
}

BOOST_AUTO_TEST_CASE(key_lies_below_home_where_no_state_folder_is_set) {
  for (const char* state : {"", "relative"}) {
    carnet.Set("XDG_STATE_HOME", state);
    CheckDone(Digest());
    BOOST_CHECK(std::filesystem::exists(folder / "home/.local/state/carnet/digest-cache.key"));
  }
  carnet.Unset("XDG_STATE_HOME");
  carnet.Unset("HOME");
  CheckFailed(Digest(), 3, "no place for its key: neither XDG_STATE_HOME nor HOME is set");
}

BOOST_AUTO_TEST_CASE(key_that_is_not_the_users_alone_is_refused) {
  CheckDone(Digest());
  BOOST_REQUIRE_EQUAL(::chmod(key().c_str(), 0640), 0);
  CheckFailed(Digest(), 3, "others than its owner can read or write it");
  BOOST_REQUIRE_EQUAL(::chmod(key().c_str(), 0600), 0);
  std::ofstream(key(), std::ios::app) << "x";
  CheckFailed(Digest(), 3, "does not have 32 bytes");
  std::filesystem::remove(key());
  std::filesystem::create_directory(key());
  CheckFailed(Digest(), 3, "is not a regular file");
}

BOOST_AUTO_TEST_CASE(entries_of_another_key_are_not_believed_and_told) {
  GrowOld();
  const Ran first = Digest();
  std::filesystem::remove(key());
  const Ran second = Digest({"-v"});
  CheckDone(second);
  BOOST_CHECK_EQUAL(second.out, first.out);
  BOOST_CHECK_MESSAGE(IsTold(second, "entries that were edited, or made with another key: 1"),
                      second.err);
  BOOST_CHECK(!IsTold(second, "recalled from cache"));
}

BOOST_AUTO_TEST_CASE(file_that_is_not_a_cache_is_refused_and_kept) {
  folder.Write("cache", "my notes");
  CheckFailed(Digest(), 1, "cache: is not a digest cache");
  BOOST_CHECK_EQUAL(Slurp(folder / "cache"), "my notes");
  folder.Write("cache", "carnet-digest-cache-v2\n");
  CheckFailed(Digest(), 3, "cache: is a digest cache of another version");
}

BOOST_AUTO_TEST_CASE(cache_in_the_model_whose_digest_would_have_it_is_refused) {
  for (const char* cache : {"model/cache", "model/../model/cache", "model/weights.dat"}) {
    CheckFailed(carnet.Run({"digest", "model", "--digest-cache", cache}), 3,
                "a digest cache must not lie in model");
  }
  BOOST_CHECK(!std::filesystem::exists(folder / "model/cache"));
  CheckDone(carnet.Run({"digest", "model", "--digest-cache", "model-cache"}));
}

BOOST_AUTO_TEST_CASE(cache_that_cannot_be_written_is_a_warning) {
  const Ran ran = carnet.Run({"digest", "model", "--digest-cache", "nowhere/cache"});
  CheckDone(ran);
  BOOST_CHECK_MESSAGE(IsTold(ran, "digest cache not saved: nowhere/cache"), ran.err);
  BOOST_CHECK_EQUAL(ran.out, carnet.Run({"digest", "model"}).out);
}

BOOST_AUTO_TEST_CASE(verify_takes_none) {
  for (const char* command : {"verify", "verify-all", "admit", "check"}) {
    const Ran ran = carnet.Run({command, "model", "--digest-cache", "cache"});
    BOOST_CHECK_EQUAL(ran.status, 2);
    BOOST_CHECK_MESSAGE(IsTold(ran, "--digest-cache"), command << ": " << ran.err);
  }
  BOOST_CHECK(!std::filesystem::exists(folder / "cache"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
