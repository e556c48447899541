// What is left when the program dies between two files: the files after that moment are missing.
#include <fstream>
#include <map>

#include "ledger/fsck/fsck.h"
#include "tests/pipeline/recorder_at_work.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(crash_points, RecorderAtWork)

// Steps, and the call that performs each.
const char* const kSteps[] = {"run", "segment-0-0", "completion"};

struct Story : RecorderAtWork {
  std::string draft;
  std::map<std::string, Recorded> done;

  Recorded Take(const std::string& step) {
    if (step == "run") return OpenRun();
    if (step == "completion") return ValueOf(TryComplete("a"), step);
    if (draft.empty()) draft = Draft(0);
    return ValueOf(TrySegment(draft, "a"), step);
  }
  void TakeUntil(const std::string& last) {
    for (const char* step : kSteps) {
      done.emplace(step, Take(step));
      if (step == last) return;
    }
  }
  void CheckClean() {
    world.Close();
    BOOST_CHECK(ValueOf(ledger::Fsck(world.folder()), "fsck").findings.empty());
    world.Open();
  }
};

BOOST_DATA_TEST_CASE_F(Story, a_request_without_signature_is_written_again, kSteps, step) {
  if (std::string(step) != "run") TakeUntil("run");
  if (std::string(step) == "completion") TakeUntil("segment-0-0");
  fs::create_directories(folder);
  std::ofstream(folder + "/" + step + ".request") << "left by a crash";
  const uint64_t size = world.size();
  const Recorded taken = Take(step);
  BOOST_CHECK(!taken.repeated);
  BOOST_CHECK_EQUAL(world.size(), size + 1);
  CheckSame(Take(step), taken);
}

// The lab's key in a token that is pulled out when the case says so.
class TokenOfLab final : public signer::AttestationKey {
 public:
  explicit TokenOfLab(const bool& pulled_out) : pulled_out_(pulled_out) {}
  const crypto::P256PublicKey& public_key() const override { return key_.public_key(); }
  Result<Bytes> SignDigest(const Sha256Digest& digest) const override {
    if (pulled_out_) return Io("the token is gone");
    return key_.SignDigest(digest);
  }
  Result<Sha256Digest> Derive(ByteSpan) const override { return Unsupported("it only signs"); }

 private:
  const bool& pulled_out_;
  crypto::P256PrivateKey key_ =
      ValueOf(crypto::P256PrivateKey::ParsePkcs8(KeyNamed("lab").key.ToPkcs8()), "the lab's key");
};

struct StoryOfToken : Story {
  bool pulled_out = false;
  signer::Signer token{std::make_unique<TokenOfLab>(pulled_out)};

  void OpenWithToken() {
    recorder.reset();
    recorder = ValueOf(Recorder::Open(folder, token, world.ledger()), "recorder");
  }
  Result<Recorded> Try(const std::string& step) {
    if (step == "run") return TryOpen();
    if (step == "completion") return TryComplete("a");
    return TrySegment(Draft(0), "a");
  }
};

BOOST_DATA_TEST_CASE_F(StoryOfToken, a_step_that_the_key_did_not_sign_is_not_taken, kSteps, step) {
  if (std::string(step) != "run") TakeUntil("run");
  if (std::string(step) == "completion") TakeUntil("segment-0-0");
  OpenWithToken();
  pulled_out = true;
  const uint64_t size = world.size();
  CHECK_ERROR(Try(step), ErrorCode::kIo, "the token is gone");
  BOOST_CHECK_EQUAL(world.size(), size);
  for (const char* ending : {".request", ".signed.sigstore.json", ".sigstore.json"}) {
    BOOST_CHECK_MESSAGE(!Has(std::string(step) + ending), ending);
  }
  pulled_out = false;
  const Recorded taken = Take(step);
  BOOST_CHECK(!taken.repeated);
  BOOST_CHECK_EQUAL(world.size(), size + 1);
  Reopen();
  CheckSame(Take(step), taken);
  CheckClean();
}

BOOST_DATA_TEST_CASE_F(Story, a_signed_step_that_never_reached_the_ledger_is_logged_as_it_is,
                       kSteps, step) {
  for (const char* before : kSteps) {
    if (before == std::string(step)) break;
    Take(before);
  }
  recorder.reset();
  world.Close();
  fs::copy(world.folder(), world / "before", fs::copy_options::recursive);
  world.Open();
  Reopen();
  const Recorded lost = Take(step);
  recorder.reset();
  world.Close();
  fs::remove_all(world.folder());
  fs::rename(world / "before", world.folder());
  world.Open();
  Reopen();
  Remove(std::string(step) + ".sigstore.json");
  const uint64_t size = world.size();
  const Recorded logged = Take(step);
  BOOST_CHECK(logged.repeated);
  BOOST_CHECK(logged.id == lost.id);
  BOOST_CHECK_EQUAL(world.size(), size + 1);
  BOOST_CHECK(Has(std::string(step) + ".sigstore.json"));
  recorder.reset();
  CheckClean();
}

BOOST_DATA_TEST_CASE_F(Story, a_logged_step_without_receipt_gets_the_one_of_its_first_index, kSteps,
                       step) {
  TakeUntil("completion");
  const uint64_t size = world.size();
  Remove(std::string(step) + ".sigstore.json");
  Reopen();
  CheckSame(Take(step), done.at(step));
  BOOST_CHECK_EQUAL(world.size(), size);
  BOOST_CHECK(Has(std::string(step) + ".sigstore.json"));
}

BOOST_AUTO_TEST_CASE(a_later_step_fetches_the_receipts_that_are_missing) {
  OpenRun();
  Segment(0, "a");
  Segment(1, "b");
  const uint64_t size = world.size();
  for (const char* step : {"run", "segment-0-0", "segment-0-1"}) {
    Remove(std::string(step) + ".sigstore.json");
  }
  Reopen();
  REQUIRE_VALUE(const Recorded done, TryComplete("b"));
  BOOST_CHECK_EQUAL(world.size(), size + 1);
  BOOST_CHECK_EQUAL(done.index.value(), size);
  for (const char* step : {"run", "segment-0-0", "segment-0-1"}) {
    BOOST_CHECK(Has(std::string(step) + ".sigstore.json"));
  }
}

BOOST_AUTO_TEST_CASE(a_lost_signature_is_not_made_again) {
  OpenRun();
  const std::string draft = Draft(0);
  REQUIRE_VALUE(const Recorded first, TrySegment(draft, "a"));
  static_cast<void>(first);
  Remove("run.signed.sigstore.json");
  CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, "run.signed.sigstore.json is missing");
  CHECK_ERROR(TrySegment(Draft(1), "b"), ErrorCode::kCorruption, "run.signed.sigstore.json");
}

BOOST_AUTO_TEST_CASE(a_second_run_directory_of_one_run_cannot_sign_into_its_place) {
  OpenRun();
  recorder.reset();
  fs::copy(folder, world / "copy");
  recorder = OpenRecorder("lab");
  Segment(0, "a");
  recorder.reset();
  folder = world / "copy";
  recorder = OpenRecorder("lab");
  CHECK_ERROR(TrySegment(Draft(0), "other"), ErrorCode::kConflict, "a second segment");
}

BOOST_AUTO_TEST_SUITE_END()
