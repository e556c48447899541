// Gate::CheckModel, which does what `carnet verify` does, and what is given to people.
#include <carnet/verify.h>

#include <filesystem>

#include "tests/api/recorded.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

using namespace carnet;
using carnet::test::Must;
using carnet::test::Recorded;
using carnet::test::ScratchFolder;

namespace {

const Time kNow = Now();

Gate HubGate() {
  return Gate(Must(Trust::Load(Recorded::Get() / "trust")),
              Must(Policy::Shipped("hub-default", kNow)));
}

// A folder with the model as `m`, and nothing beside it.
struct ModelAlone : ScratchFolder {
  ModelAlone() { std::filesystem::copy(Recorded::Get() / "model", *this / "m"); }
};

std::string Passport() { return Recorded::Get().Read("passport.jsonl"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(check_model)

BOOST_AUTO_TEST_CASE(the_passport_beside_a_model_is_found_and_judged_as_when_it_is_named) {
  const ModelAlone folder;
  const std::string beside = folder.Write("m.passport.sigstore.jsonl", Passport());
  BOOST_CHECK_EQUAL(Must(FindPassport(folder / "m")), beside);
  REQUIRE_VALUE(const Verdict found, HubGate().CheckModel(folder / "m", kNow));
  BOOST_CHECK(found.passed());
  const Model model = Must(Model::Read(folder / "m"));
  BOOST_CHECK_EQUAL(found.ToJson(), Must(HubGate().CheckFile(beside, model, kNow)).ToJson());
  const std::string elsewhere = folder.Write("elsewhere", Passport());
  BOOST_CHECK_EQUAL(Must(HubGate().CheckModel(folder / "m", kNow, elsewhere)).ToJson(),
                    found.ToJson());
}

BOOST_AUTO_TEST_CASE(among_claims_the_passport_is_found_too) {
  const ModelAlone folder;
  folder.Write("m/claims.jsonl", "{}\n" + Passport());
  BOOST_CHECK(Must(HubGate().CheckModel(folder / "m", kNow)).passed());
}

BOOST_AUTO_TEST_CASE(no_passport_and_a_choice_of_passports_are_errors_and_no_verdicts) {
  const ModelAlone folder;
  CHECK_ERROR(HubGate().CheckModel(folder / "m", kNow), ErrorCode::kNotFound,
              "m: no passport: neither ");
  folder.Write("m.passport.sigstore.jsonl", Passport());
  folder.Write("m/m.passport.sigstore.jsonl", Passport());
  CHECK_ERROR(HubGate().CheckModel(folder / "m", kNow), ErrorCode::kConflict,
              "m: 2 passports, such as ");
  CHECK_ERROR(FindPassport(std::string("m\0x", 3)), ErrorCode::kMalformed, "NUL");
}

BOOST_AUTO_TEST_CASE(a_signature_in_the_models_folder_is_compared_with_the_passport) {
  const ModelAlone folder;
  const std::string passport = folder.Write("m.passport.sigstore.jsonl", Passport());
  folder.Write("m/model.sig", "no signature");
  const Verdict whole = Must(HubGate().CheckModel(folder / "m", kNow));
  const Model model = Must(Model::Read(folder / "m"));
  const Verdict files_alone = Must(HubGate().CheckFile(passport, model, kNow));
  BOOST_CHECK(whole.ToJson().find("model.sig: not checked: it ") != std::string::npos);
  BOOST_CHECK(files_alone.ToJson().find("model.sig: not checked: it ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_link_out_of_the_model_is_an_error_of_its_files) {
  const ModelAlone folder;
  folder.Write("m.passport.sigstore.jsonl", Passport());
  std::filesystem::create_symlink("/etc/hostname", folder / "m/link");
  CHECK_ERROR(HubGate().CheckModel(folder / "m", kNow), ErrorCode::kRejected,
              "link: is a symbolic link");
}

BOOST_AUTO_TEST_CASE(the_caller_can_stop_the_reading) {
  ModelOptions options;
  uint64_t asked = 0;
  options.stop = [&] { return ++asked > 0; };
  CHECK_ERROR(Model::Read(Recorded::Get() / "model", options), ErrorCode::kIo,
              "stopped by the caller");
  BOOST_CHECK_EQUAL(asked, 1u);
  options.stop = [] { return false; };
  BOOST_CHECK_EQUAL(Must(Model::Read(Recorded::Get() / "model", options)).digest(),
                    Recorded::Get().model);
}

BOOST_AUTO_TEST_CASE(the_text_ends_with_the_decision_and_names_the_reason) {
  const Recorded& recorded = Recorded::Get();
  const Model other = Must(Model::Read(recorded / "ckpt/0"));
  const std::string text = Must(HubGate().Check(Passport(), other, kNow)).ToText();
  BOOST_CHECK(text.starts_with("model        fail            "));
  BOOST_CHECK(text.find("\nfinding      other-model (R18): ") != std::string::npos);
  BOOST_CHECK(text.ends_with("; the reason: other-model (R18)\n"));
  BOOST_CHECK(text.find('\x1b') == std::string::npos);
  BOOST_CHECK(recorded.issued.verdict.ToText().ends_with("\ndecision     pass\n"));
}

BOOST_AUTO_TEST_CASE(a_trust_directory_says_which_it_is) {
  BOOST_CHECK_EQUAL(Must(Trust::Load(Recorded::Get() / "trust")).folder(),
                    Recorded::Get() / "trust");
}

BOOST_AUTO_TEST_SUITE_END()
