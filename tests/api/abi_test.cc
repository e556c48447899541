#include <carnet/carnet.h>

#include <cstring>

#include "tests/api/recorded.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

using carnet::test::Recorded;

namespace {

constexpr int64_t kTooEarly = -1;

int64_t NowMs() { return carnet::Now().time_since_epoch().count(); }

// Handles as C holds them, freed at the end.
struct Handles {
  ~Handles() {
    carnet_message_free(message);
    carnet_verdict_free(verdict);
    carnet_gate_free(gate);
    carnet_model_free(model);
    carnet_policy_free(policy);
    carnet_trust_free(trust);
  }
  void Load(const std::string& model_name) {
    const Recorded& recorded = Recorded::Get();
    const std::string trust_path = recorded / "trust", model_path = recorded / model_name;
    BOOST_REQUIRE_EQUAL(carnet_trust_load(trust_path.c_str(), &trust, nullptr), CARNET_OK);
    BOOST_REQUIRE_EQUAL(carnet_policy_shipped("hub-default", NowMs(), &policy, nullptr), CARNET_OK);
    BOOST_REQUIRE_EQUAL(carnet_model_read(model_path.c_str(), 0, &model, nullptr), CARNET_OK);
    BOOST_REQUIRE_EQUAL(carnet_gate_new(trust, policy, 1, &gate, nullptr), CARNET_OK);
  }
  // That a call failed so, and left nothing behind but this message.
  void CheckFailed(carnet_status status, carnet_status expected, const std::string& text) {
    BOOST_CHECK_EQUAL(status, expected);
    BOOST_REQUIRE(message != nullptr);
    BOOST_CHECK_MESSAGE(std::strstr(message, text.c_str()) != nullptr,
                        "\"" << message << "\" lacks \"" << text << "\"");
    carnet_message_free(message);
    message = nullptr;
  }

  carnet_trust* trust = nullptr;
  carnet_policy* policy = nullptr;
  carnet_model* model = nullptr;
  carnet_gate* gate = nullptr;
  carnet_verdict* verdict = nullptr;
  char* message = nullptr;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(c_abi, Handles)

BOOST_AUTO_TEST_CASE(a_model_is_read_with_or_without_its_page) {
  carnet::test::ScratchFolder folder;
  folder.Write("config.json", "{}");
  folder.Write("README.md", "# A model\n");
  BOOST_REQUIRE_EQUAL(carnet_model_read(folder.str().c_str(), 0, &model, nullptr), CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_model_file_count(model), 1U);
  BOOST_CHECK_EQUAL(carnet_model_bytes(model), 2U);
  const std::string without = carnet_model_digest(model);
  carnet_model_free(model);
  BOOST_REQUIRE_EQUAL(carnet_model_read(folder.str().c_str(), CARNET_COVER_ALL, &model, nullptr),
                      CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_model_file_count(model), 2U);
  BOOST_CHECK_EQUAL(std::string(carnet_model_file_path(model, 0)), "README.md");
  BOOST_CHECK(without != carnet_model_digest(model));
}

BOOST_AUTO_TEST_CASE(the_library_has_the_version_of_its_header) {
  BOOST_CHECK_EQUAL(carnet_abi_version(), CARNET_ABI_VERSION);
  BOOST_CHECK(std::string(carnet_version()).starts_with("0."));
}

BOOST_AUTO_TEST_CASE(a_gate_outlives_what_it_was_made_of) {
  Load("model");
  carnet_trust_free(std::exchange(trust, nullptr));
  carnet_policy_free(std::exchange(policy, nullptr));
  const std::string passport = Recorded::Get().Read("passport.jsonl");
  BOOST_REQUIRE_EQUAL(
      carnet_gate_check(gate, passport.data(), passport.size(), model, NowMs(), &verdict, &message),
      CARNET_OK);
  BOOST_CHECK(message == nullptr);
  BOOST_CHECK_EQUAL(carnet_verdict_passed(verdict), 1);
  BOOST_CHECK_EQUAL(carnet_verdict_reason(verdict), std::string());
  BOOST_CHECK_EQUAL(carnet_verdict_message(verdict), std::string());
  size_t size = 0;
  const char* json = carnet_verdict_json(verdict, &size);
  BOOST_CHECK_EQUAL(std::strlen(json), size);
  BOOST_CHECK(std::strstr(json, "\"decision\": \"pass\"") != nullptr);
}

BOOST_AUTO_TEST_CASE(another_model_is_a_no_and_not_a_failure) {
  Load("ckpt/0");
  const std::string path = Recorded::Get() / "passport.jsonl";
  BOOST_REQUIRE_EQUAL(carnet_gate_check_file(gate, path.c_str(), model, NowMs(), &verdict, nullptr),
                      CARNET_OK);
  BOOST_CHECK_EQUAL(carnet_verdict_passed(verdict), 0);
  BOOST_CHECK_NE(carnet_verdict_reason(verdict), std::string());
  BOOST_CHECK_NE(carnet_verdict_message(verdict), std::string());
}

BOOST_AUTO_TEST_CASE(a_model_tells_its_files) {
  Load("model");
  BOOST_CHECK_EQUAL(carnet_model_digest(model), Recorded::Get().model);
  BOOST_CHECK_EQUAL(carnet_model_file_count(model), 2U);
  BOOST_CHECK_EQUAL(carnet_model_file_path(model, 0), std::string("config.json"));
  BOOST_CHECK_EQUAL(std::strlen(carnet_model_file_sha256(model, 1)), 64U);
  BOOST_CHECK(carnet_model_file_path(model, 2) == nullptr);
  BOOST_CHECK(carnet_model_file_sha256(model, SIZE_MAX) == nullptr);
  BOOST_CHECK_GT(carnet_model_bytes(model), 304U);
}

BOOST_AUTO_TEST_CASE(errors_are_a_status_and_a_message) {
  CheckFailed(carnet_trust_load("/nowhere", &trust, &message), CARNET_NOT_FOUND, "/nowhere");
  BOOST_CHECK(trust == nullptr);
  CheckFailed(carnet_policy_shipped("nonsense", NowMs(), &policy, &message), CARNET_NOT_FOUND,
              "nonsense");
  CheckFailed(carnet_policy_shipped("hub-default", kTooEarly, &policy, &message), CARNET_MALFORMED,
              "1970");
  CheckFailed(carnet_policy_load("/nowhere.toml", NowMs(), &policy, &message), CARNET_NOT_FOUND,
              "/nowhere.toml");
  CheckFailed(carnet_model_read("/nowhere", 0, &model, &message), CARNET_NOT_FOUND, "/nowhere");
  BOOST_CHECK_EQUAL(carnet_status_name(CARNET_NOT_FOUND), std::string("not-found"));
  BOOST_CHECK_EQUAL(carnet_status_name(static_cast<carnet_status>(10)), std::string("unknown"));
}

BOOST_AUTO_TEST_CASE(callers_mistakes_are_told_and_never_followed) {
  const char* null = "a NULL argument";
  CheckFailed(carnet_trust_load(nullptr, &trust, &message), CARNET_INVALID_ARGUMENT, null);
  CheckFailed(carnet_trust_load("x", nullptr, &message), CARNET_INVALID_ARGUMENT, null);
  CheckFailed(carnet_policy_shipped(nullptr, 0, &policy, &message), CARNET_INVALID_ARGUMENT, null);
  CheckFailed(carnet_model_read(nullptr, 0, &model, &message), CARNET_INVALID_ARGUMENT, null);
  CheckFailed(carnet_model_read("x", 8, &model, &message), CARNET_INVALID_ARGUMENT, "flag");
  CheckFailed(carnet_gate_new(nullptr, nullptr, 1, &gate, &message), CARNET_INVALID_ARGUMENT, null);
  CheckFailed(carnet_gate_check(nullptr, nullptr, 0, nullptr, 0, &verdict, &message),
              CARNET_INVALID_ARGUMENT, null);
  CheckFailed(carnet_gate_check_file(nullptr, "x", nullptr, 0, &verdict, &message),
              CARNET_INVALID_ARGUMENT, null);
  Load("model");
  carnet_gate* none = nullptr;
  CheckFailed(carnet_gate_new(trust, policy, 0, &none, &message), CARNET_INVALID_ARGUMENT,
              "expected 1 to 256");
  BOOST_CHECK(none == nullptr);
  BOOST_CHECK_EQUAL(carnet_trust_load(nullptr, nullptr, nullptr), CARNET_INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(nothing_may_be_asked_of_and_freed) {
  carnet_trust_free(nullptr);
  carnet_policy_free(nullptr);
  carnet_model_free(nullptr);
  carnet_gate_free(nullptr);
  carnet_verdict_free(nullptr);
  carnet_message_free(nullptr);
  BOOST_CHECK(carnet_model_digest(nullptr) == nullptr);
  BOOST_CHECK_EQUAL(carnet_model_bytes(nullptr), 0U);
  BOOST_CHECK_EQUAL(carnet_model_file_count(nullptr), 0U);
  BOOST_CHECK(carnet_model_file_path(nullptr, 0) == nullptr);
  BOOST_CHECK_EQUAL(carnet_verdict_passed(nullptr), 0);
  BOOST_CHECK(carnet_verdict_reason(nullptr) == nullptr);
  size_t size = 1;
  BOOST_CHECK(carnet_verdict_json(nullptr, &size) == nullptr);
  BOOST_CHECK_EQUAL(size, 0U);
}

BOOST_AUTO_TEST_SUITE_END()
