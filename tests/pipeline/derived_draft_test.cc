// What is derived from the machine, the files and the user's own words. Of segments and passports,
// which need a run: tests/cli/draft_test.cc.
#include <boost/json.hpp>

#include "artifact/model_files.h"
#include "json/reader.h"
#include "pipeline/derive_figure.h"
#include "pipeline/derive_run.h"
#include "pipeline/derive_supplies.h"
#include "pipeline/draft.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using test::ScratchFolder;

const std::string kSigner = "key:" + std::string(64, 'a');
constexpr char kGpuOne[] = "nvidia:gpu:8a2f1c34-0b1c-4f6e-9d3a-112233445566";
constexpr char kGpuTwo[] = "nvidia:gpu:0b3f1c34-0b1c-4f6e-9d3a-112233445566";

verifier::compute::Catalogue Chips() {
  auto chips = verifier::compute::ShippedCatalogue();
  BOOST_REQUIRE(chips.has_value());
  return *std::move(chips);
}

Document Read(std::string_view text) {
  const auto tree = json::Parse(text);
  BOOST_REQUIRE_MESSAGE(tree.has_value(), text);
  return Document::CopyOf(tree->root());
}

boost::json::value Json(const DerivedDraft& draft) {
  return boost::json::parse(draft.fields.Text(json::Layout::kCompact));
}

DerivedDraft Device(const ThisMachine& machine, const char* given = "{}") {
  const auto signer = SignerId::Parse(kSigner);
  BOOST_REQUIRE(signer.has_value());
  return DeriveDevice(machine, *signer, Chips(), Read(given));
}

BOOST_AUTO_TEST_SUITE(derived_device)

BOOST_AUTO_TEST_CASE(a_cpu_is_declared_by_its_signer_under_the_hosts_name) {
  const ReportedCpu cpu{"Xeon", "GenuineIntel", 4, 16, 2, 2'000'000'000, std::nullopt};
  const DerivedDraft draft = Device({"Node_17.Example", {}, cpu});
  BOOST_CHECK_EQUAL(Json(draft).at("id").as_string(), "declared:" + kSigner + ":node-17.example");
  BOOST_CHECK_EQUAL(Json(draft).at("cpu").at("cores").to_number<int>(), 4);
  BOOST_CHECK(ReadWholeDraft(schemas::Kind::kDevice, draft.fields.Text(json::Layout::kCompact), "d")
                  .has_value());
}

BOOST_AUTO_TEST_CASE(a_gpu_has_its_own_id_and_its_chip_where_the_catalogue_knows_the_name) {
  const DerivedDraft draft = Device({"h", {{"NVIDIA A100-SXM4-80GB", kGpuOne}}, std::nullopt});
  BOOST_CHECK_EQUAL(draft.fields.Text(json::Layout::kCompact),
                    R"({"id":"nvidia:gpu:8a2f1c34-0b1c-4f6e-9d3a-112233445566","units":1,)"
                    R"("vendor":"NVIDIA","chip":"a100-sxm4-80gb"})");
}

BOOST_AUTO_TEST_CASE(several_gpus_are_a_group) {
  const DerivedDraft draft =
      Device({"h",
              {{"NVIDIA A100-SXM4-80GB", kGpuOne}, {"NVIDIA A100-SXM4-80GB", kGpuTwo}},
              std::nullopt});
  // printf '%s\n' nvidia:gpu:0b3f… nvidia:gpu:8a2f… | sha256sum
  BOOST_CHECK_EQUAL(Json(draft).at("id").as_string(),
                    "group:f89f1583066ed8aaa0997240ef081f60d672509b3e7f275f6dd7d8c5ba6c06fa");
  BOOST_CHECK_EQUAL(Json(draft).at("units").to_number<int>(), 2);
  BOOST_CHECK_EQUAL(Json(draft).at("members").as_array().at(0).as_string(), kGpuTwo);
  BOOST_CHECK(ReadWholeDraft(schemas::Kind::kDevice, draft.fields.Text(json::Layout::kCompact), "d")
                  .has_value());
}

BOOST_AUTO_TEST_CASE(a_chip_of_an_unknown_name_is_left_to_fill_in) {
  const DerivedDraft draft = Device({"h", {{"Fast <chip: x>", kGpuOne}}, std::nullopt});
  CHECK_ERROR(
      ReadWholeDraft(schemas::Kind::kDevice, draft.fields.Text(json::Layout::kIndented), "d"),
      ErrorCode::kMalformed, "chip is not filled in");
}

struct OtherDevice {
  const char* given;
  const char* derived_of_gpu;  // the names of what is derived where this machine is a GPU
  const char* derived_of_cpu;
};
std::ostream& operator<<(std::ostream& out, const OtherDevice& other) { return out << other.given; }

const OtherDevice kOtherDevices[] = {
    {R"({})", "id units vendor chip ", "id units vendor cpu "},
    {R"({"vendor":"other"})", "id units vendor chip ", "id units vendor cpu "},
    {R"({"chip":"h100-sxm5"})", "id units vendor chip ", ""},
    {R"({"cpu":{"cores":1}})", "", "id units vendor cpu "},
    {R"({"id":"declared:x","chip":"h100-sxm5"})", "", ""},
    {R"({"id":"declared:x","cpu":{"cores":1}})", "", ""},
    {R"({"id":"declared:x"})", "id units vendor chip ", "id units vendor cpu "},
    {R"({"id":"nvidia:gpu:8a2f1c34-0b1c-4f6e-9d3a-112233445566"})", "id units vendor chip ", ""},
    {R"({"id":"nvidia:gpu:0b3f1c34-0b1c-4f6e-9d3a-112233445566"})", "", ""},
};

std::string DerivedNames(const DerivedDraft& draft) {
  std::string names;
  for (size_t i = 0; i < draft.fields.size(); ++i) names += draft.fields.key(i) + " ";
  return names;
}

BOOST_DATA_TEST_CASE(nothing_of_this_machine_goes_into_another_device, kOtherDevices, other) {
  const ReportedCpu cpu{"Xeon", "GenuineIntel", 4, 16, 2, 2'000'000'000, std::nullopt};
  const DerivedDraft gpu =
      Device({"h", {{"NVIDIA A100-SXM4-80GB", kGpuOne}}, std::nullopt}, other.given);
  BOOST_CHECK_EQUAL(DerivedNames(gpu), other.derived_of_gpu);
  BOOST_CHECK_EQUAL(DerivedNames(Device({"h", {}, cpu}, other.given)), other.derived_of_cpu);
}

BOOST_AUTO_TEST_CASE(labels_are_those_of_device_ids) {
  BOOST_CHECK_EQUAL(LabelOf("Node_17.Example"), "node-17.example");
  BOOST_CHECK_EQUAL(LabelOf(""), "host");
  BOOST_CHECK_EQUAL(LabelOf("caf\xc3\xa9:1"), "caf---1");
  BOOST_CHECK_EQUAL(LabelOf(std::string(100, 'a')), std::string(64, 'a'));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(derived_dataset)

BOOST_AUTO_TEST_CASE(has_the_folders_name_and_the_files_bytes) {
  const ScratchFolder folder;
  folder.Write("texts/a.txt", "12345");
  folder.Write("texts/LICENSE", "123");
  for (const char* path : {"texts", "texts/", "texts/./"}) {
    REQUIRE_VALUE(const auto files, artifact::ListFiles(folder / path, artifact::Links::kRefuse));
    const DerivedDraft draft = DeriveDataset(folder / path, files);
    BOOST_CHECK_EQUAL(draft.fields.Text(json::Layout::kCompact),
                      R"({"name":"texts","size":{"bytes":8}})");
    BOOST_REQUIRE_EQUAL(draft.notes.size(), 1U);  // no licence is guessed
    BOOST_CHECK(draft.notes[0].starts_with("LICENSE is among the files"));
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_no_statement_may_have_is_left_out) {
  const ScratchFolder folder;
  folder.Write("<a: b>/a.txt", "1");
  REQUIRE_VALUE(const auto files, artifact::ListFiles(folder / "<a: b>", artifact::Links::kRefuse));
  BOOST_CHECK(DeriveDataset(folder / "<a: b>", files).fields.Find("name") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(derived_run)

struct Start {
  const char* name;
  const char* given;
  const char* derived;
};
std::ostream& operator<<(std::ostream& out, const Start& start) { return out << start.name; }

const Start kStarts[] = {
    {"pre_training", R"({"kind":"pre-training"})", R"({"inputs":[],"initial":"random"})"},
    {"fine_tune_without_inputs", R"({"kind":"fine-tune"})", "{}"},
    {"fine_tune", R"({"kind":"fine-tune","inputs":[{"type":"fine-tuned-from"}]})",
     R"({"initial":"inputs"})"},
    {"distilled", R"({"kind":"distillation","inputs":[{"type":"distilled-from"}]})",
     R"({"initial":"random"})"},
    {"initialised",
     R"({"kind":"pre-training","inputs":[{"type":"synthetic-data-from"},)"
     R"({"type":"initialised-from"}]})",
     R"({"initial":"inputs"})"},
    {"untyped_edge", R"({"kind":"merge","inputs":[{"model":"undisclosed"}]})", "{}"},
    {"nothing", "{}", "{}"},
};

BOOST_DATA_TEST_CASE(starts_where_its_inputs_say, kStarts, start) {
  BOOST_CHECK_EQUAL(DeriveRun(Read(start.given), std::nullopt).fields.Text(json::Layout::kCompact),
                    start.derived);
}

BOOST_AUTO_TEST_CASE(code_is_the_commit_and_a_difference_is_said) {
  const auto clean = DeriveRun(Read("{}"), "0123");
  BOOST_CHECK_EQUAL(clean.fields.Text(json::Layout::kCompact), R"({"code":{"revision":"0123"}})");
  const auto dirty = DeriveRun(Read(R"({"kind":"fine-tune"})"), "0123-dirty");
  BOOST_REQUIRE_EQUAL(dirty.notes.size(), 1U);
  BOOST_CHECK(dirty.notes[0].find("differ from its last commit") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

std::string Weights(const std::string& header, size_t bytes) {
  std::string length(8, '\0');
  for (size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> (8 * i) & 255);
  return length + header + std::string(bytes, 'x');
}

// One F32 matrix of 6 x 4 by this name.
std::string Matrix(const std::string& name) {
  return Weights(R"({")" + name + R"(":{"dtype":"F32","shape":[6,4],"data_offsets":[0,96]}})", 96);
}

struct Figured {
  Document figure;
  std::vector<std::string> notes;
};

Figured FigureOf(const ScratchFolder& folder, const Document* last = nullptr) {
  const auto names = verifier::compute::ShippedWeightNames();
  const auto model = artifact::ReadModel(folder / "");
  BOOST_REQUIRE(names.has_value() && model.has_value());
  std::vector<std::string> notes;
  Document figure = DeriveFigure(last, &*model, *names, notes);
  return {std::move(figure), std::move(notes)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(derived_figure)

BOOST_AUTO_TEST_CASE(all_parameters_of_a_header_count_as_trained) {
  const ScratchFolder folder;
  folder.Write("model.safetensors", Matrix("layer.weight"));
  const Figured figured = FigureOf(folder);
  BOOST_CHECK_EQUAL(
      figured.figure.Text(json::Layout::kCompact),
      R"({"method":"architecture","methods":[{"method":"architecture","classes":[{"treatment":)"
      R"("trained","parameters":24}]},{"method":"hardware","basis":"derived"}],)"
      R"("recomputation_excluded":true,"padding_excluded":true})");
  BOOST_CHECK(figured.notes.at(0).find("all 24 parameters") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_header_does_not_tell_is_left_to_fill_in_and_said) {
  for (const auto& [name, content, note] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"model.safetensors", Matrix("experts.0.w1.weight"), "has experts"},
           {"model.onnx", "x", "do not tell how many"}}) {
    const ScratchFolder folder;
    folder.Write(name, content);
    const Figured figured = FigureOf(folder);
    BOOST_CHECK_MESSAGE(figured.figure.is(json::Type::kString), note);
    BOOST_CHECK(figured.figure.text().starts_with("<flop: "));
    BOOST_CHECK_MESSAGE(figured.notes.at(0).find(note) != std::string::npos, figured.notes.at(0));
  }
}

BOOST_AUTO_TEST_CASE(the_last_segments_classes_go_before_the_header) {
  const ScratchFolder folder;
  folder.Write("model.safetensors", Matrix("layer.weight"));
  const Document last = Read(
      R"({"flop":{"update":{"amount":"90","method":"counter","precision":"fp32","methods":[)"
      R"({"method":"architecture","result":"80","tokens":1,"parameters":7,"attention_per_token":"2",)"
      R"("classes":[{"treatment":"trained","parameters":7}]},)"
      R"({"method":"counter","result":"90","source":"s"},)"
      R"({"method":"hardware","result":"70","basis":"mfu","terms":[{"units":1}]}],)"
      R"("recomputation_excluded":false,"padding_excluded":true,"sequence_length":64}}})");
  const Figured figured = FigureOf(folder, &last);
  BOOST_CHECK_EQUAL(
      figured.figure.Text(json::Layout::kCompact),
      R"({"method":"architecture","methods":[{"method":"architecture","parameters":7,)"
      R"("attention_per_token":"2","classes":[{"treatment":"trained","parameters":7}]}],)"
      R"("recomputation_excluded":false,"padding_excluded":true,"sequence_length":64})");
  BOOST_CHECK_EQUAL(figured.notes.size(), 2U);  // the two methods that were measured then
}

BOOST_AUTO_TEST_CASE(a_derived_utilisation_is_derived_anew) {
  const ScratchFolder folder;
  folder.Write("a", "x");
  const Document last =
      Read(R"({"flop":{"update":{"methods":[{"method":"architecture","classes":[]},)"
           R"({"method":"hardware","result":"70","basis":"derived","terms":[{"units":1}]}]}}})");
  BOOST_CHECK_EQUAL(FigureOf(folder, &last).figure.Text(json::Layout::kCompact),
                    R"({"methods":[{"method":"architecture","classes":[]},)"
                    R"({"method":"hardware","basis":"derived"}],"method":"architecture"})");
}

BOOST_AUTO_TEST_CASE(without_a_checkpoint_nothing_is_known) {
  const auto names = verifier::compute::ShippedWeightNames();
  BOOST_REQUIRE(names.has_value());
  std::vector<std::string> notes;
  BOOST_CHECK(DeriveFigure(nullptr, nullptr, *names, notes).is(json::Type::kString));
  BOOST_CHECK_EQUAL(notes.at(0), "flop: no checkpoint is given");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
