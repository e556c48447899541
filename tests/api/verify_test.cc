#include <carnet/verify.h>

#include <boost/json.hpp>
#include <thread>

#include "tests/api/recorded.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

using namespace carnet;
using carnet::test::Must;
using carnet::test::Recorded;

namespace {

Gate HubGate(const Recorded& recorded) {
  return Gate(Must(Trust::Load(recorded / "trust")), Must(Policy::Shipped("hub-default", Now())));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verify)

BOOST_AUTO_TEST_CASE(an_honest_passport_passes_with_its_figures) {
  const Recorded& recorded = Recorded::Get();
  const Model model = Must(Model::Read(recorded / "model"));
  REQUIRE_VALUE(const Verdict verdict,
                HubGate(recorded).CheckFile(recorded / "passport.jsonl", model, Now()));
  BOOST_CHECK(verdict.passed());
  BOOST_CHECK_EQUAL(verdict.reason, "");
  BOOST_CHECK(verdict.findings.empty());
  BOOST_CHECK_EQUAL(verdict.model, recorded.model);
  BOOST_CHECK_EQUAL(verdict.passport, recorded.passport);
  BOOST_CHECK_EQUAL(verdict.name, "model");
  BOOST_REQUIRE(verdict.parameter_update && verdict.checkpoint);
  BOOST_CHECK_EQUAL(verdict.parameter_update->amount, "912000");  // 2 x 6 x 76 x 1,000
  BOOST_CHECK_EQUAL(verdict.checkpoint->origin, "log.example.org");
  BOOST_CHECK(!verdict.not_checked.empty());
  BOOST_REQUIRE(!verdict.rows.empty());
  BOOST_CHECK_EQUAL(verdict.rows.front().name, "model");
  BOOST_CHECK_EQUAL(verdict.rows.front().status, "pass");
}

BOOST_AUTO_TEST_CASE(a_passport_is_found_among_the_claims) {
  const Recorded& recorded = Recorded::Get();
  const Model model = Must(Model::Read(recorded / "model"));
  const Gate gate = HubGate(recorded);
  const std::string claims = "{}\n" + recorded.Read("passport.jsonl");
  REQUIRE_VALUE(const Verdict verdict, gate.CheckClaims(claims, model, Now()));
  BOOST_CHECK(verdict.passed());
  BOOST_CHECK_EQUAL(verdict.passport, recorded.passport);
  BOOST_CHECK(verdict.not_checked.back().starts_with("claims.jsonl: 1 unreadable line, not "));
  const test::ScratchFolder folder;
  REQUIRE_VALUE(const Verdict by_name,
                gate.CheckFile(folder.Write("claims.jsonl", claims), model, Now()));
  BOOST_CHECK(by_name.passed());
  REQUIRE_VALUE(const Verdict as_passport, gate.Check(claims, model, Now()));
  BOOST_CHECK(!as_passport.passed());
  const auto none = gate.CheckClaims("{}\n", model, Now());
  BOOST_REQUIRE(!none.has_value());
  BOOST_CHECK(none.error().code == ErrorCode::kNotFound);
}

BOOST_AUTO_TEST_CASE(another_model_is_a_no_with_its_reason) {
  const Recorded& recorded = Recorded::Get();
  const Model other = Must(Model::Read(recorded / "ckpt/0"));
  REQUIRE_VALUE(const Verdict verdict,
                HubGate(recorded).Check(recorded.Read("passport.jsonl"), other, Now()));
  BOOST_CHECK(verdict.decision == Decision::kFail);
  BOOST_REQUIRE(!verdict.findings.empty());
  BOOST_CHECK_EQUAL(verdict.findings.front().rule, 18);
  BOOST_CHECK_EQUAL(verdict.reason, verdict.findings.front().reason);
  BOOST_CHECK(!verdict.findings.front().message.empty());
}

BOOST_AUTO_TEST_CASE(the_json_says_what_the_value_says) {
  const Recorded& recorded = Recorded::Get();
  const Model other = Must(Model::Read(recorded / "ckpt/0"));
  REQUIRE_VALUE(const Verdict verdict,
                HubGate(recorded).Check(recorded.Read("passport.jsonl"), other, Now()));
  const auto json = boost::json::parse(verdict.ToJson()).as_object();
  BOOST_CHECK(json.at("decision") == "fail");
  BOOST_CHECK(json.at("reason") == boost::json::string(verdict.reason));
  BOOST_CHECK(json.at("model") == boost::json::string(other.digest()));
  BOOST_CHECK_EQUAL(json.at("rows").as_array().size(), verdict.rows.size());
  const auto& finding = json.at("findings").at(0).as_object();
  BOOST_CHECK(finding.at("rule") == "R18");
  BOOST_CHECK(finding.at("message") == boost::json::string(verdict.findings.front().message));
}

BOOST_AUTO_TEST_CASE(an_own_catalogue_of_chips_is_named_in_the_verdict) {
  const Recorded& recorded = Recorded::Get();
  const carnet::test::ScratchFolder folder;
  const Trust trust = Must(Trust::Load(recorded / "trust"));
  const std::string own =
      folder.Write("own.csv",
                   "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note\n"
                   "acme-x1,acme-x1,acme,bf16,2500000000000,dense,acme,2026-01-01,low,a sheet\n");
  const Gate gate(trust, Must(Policy::Shipped("hub-default", Now())),
                  Must(Chips::Load(own, trust)));
  const Model model = Must(Model::Read(recorded / "model"));
  REQUIRE_VALUE(const Verdict verdict, gate.CheckFile(recorded / "passport.jsonl", model, Now()));
  BOOST_CHECK(verdict.passed());
  BOOST_REQUIRE_EQUAL(verdict.chips.size(), 1u);
  BOOST_CHECK_EQUAL(verdict.chips[0].of, "caller");
  const auto json = boost::json::parse(verdict.ToJson()).as_object();
  BOOST_CHECK(json.at("chips").at(0).at("sha256") == boost::json::string(verdict.chips[0].sha256));
  CHECK_ERROR(Chips::Load(folder.Write("bad.csv", "x\n"), trust), ErrorCode::kMalformed,
              "bad.csv: line 1: expected \"chip,variant_of,");
  CHECK_ERROR(Chips::Load(folder / "none.csv", trust), ErrorCode::kNotFound, "none.csv");
}

BOOST_AUTO_TEST_CASE(a_gate_keeps_what_it_was_made_of) {
  const Recorded& recorded = Recorded::Get();
  const Model model = Must(Model::Read(recorded / "model"));
  const Gate gate = HubGate(recorded);  // trust and policy are gone
  const Gate copy = gate;
  std::vector<std::thread> threads;
  std::atomic<int> passed = 0;
  for (const Gate* each : {&gate, &copy, &gate}) {
    threads.emplace_back([&, each] {
      passed += Must(each->CheckFile(recorded / "passport.jsonl", model, Now())).passed() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_CHECK_EQUAL(passed.load(), 3);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_loaded_is_an_error_that_names_it) {
  const Recorded& recorded = Recorded::Get();
  const Model model = Must(Model::Read(recorded / "model"));
  CHECK_ERROR(Trust::Load(recorded / "nowhere"), ErrorCode::kNotFound, "nowhere");
  CHECK_ERROR(Policy::Shipped("nonsense", Now()), ErrorCode::kNotFound, "nonsense");
  CHECK_ERROR(Policy::Load(recorded / "nowhere.toml", Now()), ErrorCode::kNotFound, "nowhere.toml");
  CHECK_ERROR(Policy::Load(recorded / "passport.jsonl", Now()), ErrorCode::kMalformed,
              "passport.jsonl");
  CHECK_ERROR(Model::Read(recorded / "nowhere"), ErrorCode::kNotFound, "nowhere");
  CHECK_ERROR(HubGate(recorded).CheckFile(recorded / "nowhere", model, Now()), ErrorCode::kNotFound,
              "nowhere");
}

BOOST_AUTO_TEST_CASE(times_outside_the_calendar_are_errors) {
  const Time before(std::chrono::milliseconds(-1));
  const Time after(std::chrono::milliseconds(253'402'300'800'000));
  for (const Time time : {before, after}) {
    CHECK_ERROR(Policy::Shipped("hub-default", time), ErrorCode::kMalformed, "1970 to 9999");
  }
}

BOOST_AUTO_TEST_CASE(a_model_has_its_files_and_tensor_roots) {
  const Recorded& recorded = Recorded::Get();
  const Model model = Must(Model::Read(recorded / "model"));
  BOOST_REQUIRE_EQUAL(model.files().size(), 2U);
  BOOST_CHECK_EQUAL(model.files()[0].path, "config.json");
  // printf '{}\n' | sha256sum
  BOOST_CHECK_EQUAL(model.files()[0].sha256,
                    "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356");
  BOOST_REQUIRE_EQUAL(model.weight_sets().size(), 1U);
  BOOST_CHECK_EQUAL(model.weight_sets()[0].elements, 76U);
  ModelOptions without;
  without.tensors = false;
  BOOST_CHECK(Must(Model::Read(recorded / "model", without)).weight_sets().empty());
}

BOOST_AUTO_TEST_SUITE_END()
