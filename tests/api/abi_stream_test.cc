#include <carnet/carnet.h>

#include <cstring>

#include "tests/api/recorded.h"
#include "tests/support/test.h"

using carnet::test::Recorded;

namespace {

int64_t NowMs() { return carnet::Now().time_since_epoch().count(); }

struct StreamHandles {
  StreamHandles() {
    const std::string trust_path = Recorded::Get() / "trust";
    carnet_trust* trust = nullptr;
    carnet_policy* policy = nullptr;
    BOOST_REQUIRE_EQUAL(carnet_trust_load(trust_path.c_str(), &trust, nullptr), CARNET_OK);
    BOOST_REQUIRE_EQUAL(carnet_policy_shipped("hub-default", NowMs(), &policy, nullptr), CARNET_OK);
    BOOST_REQUIRE_EQUAL(carnet_gate_new(trust, policy, 1, &gate, nullptr), CARNET_OK);
    carnet_trust_free(trust);
    carnet_policy_free(policy);
  }
  ~StreamHandles() {
    carnet_message_free(message);
    carnet_stream_file_free(file);
    carnet_stream_free(stream);
    carnet_verdict_free(verdict);
    carnet_gate_free(gate);
  }
  carnet_status Open(uint32_t flags = 0) {
    return carnet_stream_open(gate, passport.data(), passport.size(), NowMs(), nullptr, flags,
                              &stream, &message);
  }
  // Returns whether it was refused.
  int Send(const char* path, const std::string& content) {
    carnet_stream_file* sent = nullptr;
    BOOST_REQUIRE_EQUAL(carnet_stream_add(stream, path, content.size(), &sent, nullptr), CARNET_OK);
    int refused = -1;
    BOOST_CHECK_EQUAL(carnet_stream_write(sent, content.data(), content.size(), &refused, &message),
                      CARNET_OK);
    BOOST_CHECK_EQUAL(carnet_stream_close(sent, &refused, &message), CARNET_OK);
    BOOST_CHECK(message == nullptr);
    carnet_stream_file_free(sent);
    return refused;
  }
  void CheckFailed(carnet_status status, const std::string& text) {
    BOOST_CHECK_EQUAL(status, CARNET_INVALID_ARGUMENT);
    BOOST_REQUIRE(message != nullptr);
    BOOST_CHECK_EQUAL(message, text);
    carnet_message_free(message);
    message = nullptr;
  }

  const std::string passport = Recorded::Get().Read("passport.jsonl");
  carnet_gate* gate = nullptr;
  carnet_stream* stream = nullptr;
  carnet_stream_file* file = nullptr;
  carnet_verdict* verdict = nullptr;
  char* message = nullptr;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(c_abi_stream, StreamHandles)

BOOST_AUTO_TEST_CASE(an_honest_upload_passes_after_its_gate_is_gone) {
  BOOST_REQUIRE_EQUAL(Open(), CARNET_OK);
  carnet_gate_free(std::exchange(gate, nullptr));
  for (const char* path : {"model.safetensors", "config.json"}) {
    BOOST_CHECK_EQUAL(Send(path, Recorded::Get().Read(std::string("model/") + path)), 0);
  }
  BOOST_CHECK_EQUAL(carnet_stream_refused(stream), 0);
  BOOST_REQUIRE_EQUAL(carnet_stream_finish(stream, &verdict, &message), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_verdict_passed(verdict), 1);
  BOOST_CHECK(std::strstr(carnet_verdict_json(verdict, nullptr), Recorded::Get().model.c_str()) !=
              nullptr);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_model_is_a_no_and_not_a_failure) {
  BOOST_REQUIRE_EQUAL(Open(), CARNET_OK);
  BOOST_CHECK_EQUAL(Send("model.safetensors", Recorded::Get().Read("ckpt/0/model.safetensors")), 1);
  BOOST_CHECK_EQUAL(carnet_stream_refused(stream), 1);
  BOOST_REQUIRE_EQUAL(carnet_stream_finish(stream, &verdict, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_verdict_passed(verdict), 0);
  BOOST_CHECK_EQUAL(carnet_verdict_reason(verdict), std::string("other-model"));
}

BOOST_AUTO_TEST_CASE(all_is_digested_where_that_is_wanted) {
  BOOST_REQUIRE_EQUAL(Open(CARNET_REFUSE_AT_THE_END), CARNET_OK);
  BOOST_CHECK_EQUAL(Send("other.txt", "text"), 0);
  BOOST_CHECK_EQUAL(carnet_stream_refused(stream), 0);
  BOOST_REQUIRE_EQUAL(carnet_stream_finish(stream, &verdict, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_verdict_passed(verdict), 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_freed_before_it_is_closed_was_cut_off) {
  BOOST_REQUIRE_EQUAL(Open(), CARNET_OK);
  Send("model.safetensors", Recorded::Get().Read("model/model.safetensors"));
  BOOST_REQUIRE_EQUAL(carnet_stream_add(stream, "config.json", CARNET_UNKNOWN_SIZE, &file, nullptr),
                      CARNET_OK);
  int refused = -1;
  BOOST_CHECK_EQUAL(carnet_stream_write(file, "{}\n", 3, &refused, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(refused, 0);
  carnet_stream_file_free(std::exchange(file, nullptr));
  BOOST_REQUIRE_EQUAL(carnet_stream_finish(stream, &verdict, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_verdict_passed(verdict), 0);
}

BOOST_AUTO_TEST_CASE(mistakes_of_streams_are_told_and_never_followed) {
  const char* null = "a NULL argument";
  CheckFailed(carnet_stream_open(nullptr, "", 0, 0, nullptr, 0, &stream, &message), null);
  CheckFailed(carnet_stream_open(gate, nullptr, 0, 0, nullptr, 0, &stream, &message), null);
  CheckFailed(carnet_stream_open(gate, "", 0, 0, nullptr, 0, nullptr, &message), null);
  CheckFailed(Open(2), "flags: a flag that this version does not know");
  CheckFailed(carnet_stream_add(nullptr, "x", 0, &file, &message), null);
  int refused = -1;
  CheckFailed(carnet_stream_write(nullptr, "", 0, &refused, &message), null);
  BOOST_CHECK_EQUAL(refused, 0);
  CheckFailed(carnet_stream_close(nullptr, &refused, &message), null);
  CheckFailed(carnet_stream_finish(nullptr, &verdict, &message), null);
  BOOST_CHECK_EQUAL(carnet_stream_refused(nullptr), 0);
  carnet_stream_file_free(nullptr);
  carnet_stream_free(nullptr);
  BOOST_REQUIRE_EQUAL(Open(), CARNET_OK);
  CheckFailed(carnet_stream_add(stream, nullptr, 0, &file, &message), null);
  BOOST_REQUIRE_EQUAL(carnet_stream_add(stream, "config.json", 3, &file, nullptr), CARNET_OK);
  CheckFailed(carnet_stream_write(file, nullptr, 1, nullptr, &message), null);
  BOOST_CHECK_EQUAL(carnet_stream_write(file, nullptr, 0, nullptr, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_stream_write(file, "{}\n", 3, nullptr, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_stream_close(file, nullptr, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_stream_close(file, nullptr, &message), CARNET_CONFLICT);
  BOOST_CHECK_EQUAL(std::string(message), "config.json is closed already");
}

BOOST_AUTO_TEST_SUITE_END()
