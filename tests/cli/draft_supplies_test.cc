// `carnet draft` and `carnet attest` of what a run is supplied with: what is filled in, what is
// asked for, and that nothing is signed which somebody still has to fill in.
#include "tests/cli/draft_fixture.h"

using namespace carnet::test;

namespace {

constexpr char kGpu[] = "GPU-8A2F1C34-0b1c-4f6e-9d3a-112233445566";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(draft_device, DraftFixture)

BOOST_AUTO_TEST_CASE(describes_the_cpu_under_the_signers_name) {
  const auto facts = world.Json({"inspect", "lab.pub", "--json"}).at("facts").as_array();
  std::string id;
  for (const auto& fact : facts) {
    if (fact.at("name").as_string() == "key id") id = fact.at("value").as_string();
  }
  const auto machine = world.Json({"flops", "--this-machine", "--json"});
  const auto draft = Draft({"device", "--cpu", "--key", "lab.pub"});
  BOOST_CHECK(std::string(draft.at("id").as_string()).starts_with("declared:" + id + ":"));
  BOOST_CHECK_EQUAL(NamesIn(draft.at("cpu")), NamesIn(machine.at("cpu")));
  BOOST_CHECK_EQUAL(NamesIn(draft), "cpu id units vendor");
  BOOST_CHECK(Draft({"device", "--cpu", "--key", "lab.key"}).at("id") == draft.at("id"));
}

BOOST_AUTO_TEST_CASE(asks_for_the_id_where_no_key_declares_it) {
  const auto draft = Draft({"device", "--cpu"});
  BOOST_CHECK(std::string(draft.at("id").as_string()).starts_with("<id: canonical id (S7)"));
}

BOOST_AUTO_TEST_CASE(describes_what_nvidia_smi_reports) {
  FakeSmi("echo 'NVIDIA A100-SXM4-80GB, " + std::string(kGpu) + "'");
  const auto draft = Draft({"device"});
  BOOST_CHECK_EQUAL(boost::json::serialize(draft),
                    R"({"id":"nvidia:gpu:8a2f1c34-0b1c-4f6e-9d3a-112233445566","units":1,)"
                    R"("vendor":"NVIDIA","chip":"a100-sxm4-80gb"})");
  const Ran ran = world.Sign({"attest", "--kind", "device", "--set", "host=undisclosed"}, "cloud");
  CheckDone(ran);
  const auto logged = Logged(world, ran.out.substr(0, 64));
  BOOST_CHECK_EQUAL(logged.at("chip").as_string(), "a100-sxm4-80gb");
  BOOST_CHECK_EQUAL(logged.at("host").as_string(), "undisclosed");
}

BOOST_AUTO_TEST_CASE(asks_nvidia_smi_for_names_and_ids_alone) {
  FakeSmi("printf '%s\\n' \"$@\" > asked; echo 'NVIDIA A40, " + std::string(kGpu) + "'");
  Draft({"device"});
  BOOST_CHECK_EQUAL(world.Read("asked"), "--query-gpu=name,uuid\n--format=csv,noheader\n");
}

BOOST_AUTO_TEST_CASE(without_gpus_it_is_the_cpu) {
  FakeSmi("echo 'No devices were found'; exit 6");
  BOOST_CHECK(Draft({"device", "--key", "lab.pub"}).contains("cpu"));
}

BOOST_AUTO_TEST_CASE(an_nvidia_smi_that_lies_or_fails_describes_nothing) {
  const uint64_t size = world.TreeSize();
  for (const auto& [script, status, message] :
       std::vector<std::tuple<std::string, int, std::string>>{
           {"echo 'driver mismatch'; exit 9", 3, "nvidia-smi: ended with 9"},
           {"echo 'driver mismatch'", 1, "expected a name and a UUID"},
           {"printf 'X\\033[31m, " + std::string(kGpu) + "\\n'", 1, "not a name"},
           {"yes", 3, "more than 1048576 bytes of output"},
           {"kill -9 $$", 3, "ended by a signal"},
           {"echo 'A, " + std::string(kGpu) +
                "'; echo 'B, GPU-11111111-0b1c-4f6e-9d3a-112233445566'",
            1, "GPUs of several kinds"}}) {
    FakeSmi(script);
    CheckRefused(world.Sign({"attest", "--kind", "device"}, "cloud"), status, message, size);
    CheckRefused(world.Run({"draft", "device"}), status, message, size);
  }
  BOOST_CHECK(Draft({"device", "--cpu"}).contains("cpu"));
}

BOOST_AUTO_TEST_CASE(a_chip_of_an_unknown_name_is_not_signed) {
  const uint64_t size = world.TreeSize();
  FakeSmi("echo 'Fast Thing 9000, " + std::string(kGpu) + "'");
  CheckRefused(world.Sign({"attest", "--kind", "device"}, "cloud"), 1,
               "nvidia-smi says \"Fast Thing 9000\"", size);
  CheckDone(world.Sign({"attest", "--kind", "device", "--set", "chip=h100-sxm5"}, "cloud"));
}

// A control host attests machines that it is not.
BOOST_AUTO_TEST_CASE(another_machine_is_described_by_what_is_set_alone) {
  const Words gpu = {"attest",
                     "--kind",
                     "device",
                     "--set",
                     "id=nvidia:gpu:8a2f1c34-0b1c-4f6e-9d3a-112233445566",
                     "--set",
                     "chip=h100-sxm5",
                     "--set",
                     "units=1",
                     "--set",
                     "vendor=NVIDIA"};
  const std::string id = "id=aws:i-0123456789abcdef0";
  const Words cpu = {"attest",
                     "--kind",
                     "device",
                     "--set",
                     id,
                     "--set",
                     "units=1",
                     "--set",
                     "vendor=AMD",
                     "--set",
                     "cpu.model=EPYC",
                     "--set",
                     "cpu.cores=64",
                     "--set",
                     "cpu.f32_lanes=16",
                     "--set",
                     "cpu.fma_units=2",
                     "--set",
                     "cpu.nominal_hz=2000000000",
                     "--set",
                     "cpu.used_hz=3000000000"};
  for (const char* smi : {"echo 'No devices were found'; exit 6", "echo 'driver mismatch'; exit 9",
                          "echo 'NVIDIA A40, GPU-11111111-0b1c-4f6e-9d3a-112233445566'"}) {
    FakeSmi(smi);
    const Ran one = world.Sign(gpu, "cloud");
    CheckDone(one);
    const auto logged = Logged(world, one.out.substr(0, 64));
    BOOST_CHECK_EQUAL(NamesIn(logged), "chip head id units vendor");
    BOOST_CHECK_EQUAL(logged.at("chip").as_string(), "h100-sxm5");
    const Ran other = world.Sign(cpu, "cloud");
    CheckDone(other);
    const auto node = Logged(world, other.out.substr(0, 64));
    BOOST_CHECK_EQUAL(NamesIn(node), "cpu head id units vendor");
    BOOST_CHECK(!node.at("cpu").as_object().contains("maximum_hz"));  // this machine's
  }
}

// What is missing is asked for, and this machine has no part in it.
BOOST_AUTO_TEST_CASE(a_chip_on_a_host_without_gpus_is_not_this_hosts) {
  FakeSmi("echo 'No devices were found'; exit 6");
  const uint64_t size = world.TreeSize();
  CheckRefused(world.Sign({"attest", "--kind", "device", "--set", "chip=h100-sxm5"}, "cloud"), 1,
               "device: 3 fields are not filled in:\n  --set id=…", size);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(draft_supplies, DraftFixture)

BOOST_AUTO_TEST_CASE(a_draft_of_a_data_set_is_signed_once_it_is_filled_in) {
  const uint64_t size = world.TreeSize();
  CheckDone(world.Run({"draft", "dataset", "--files", "data", "--out", "data.json"}));
  CheckRefused(world.Sign({"attest", "--kind", "dataset", "data.json", "--files", "data"}), 1,
               "carnet: error: data.json:8:15: sources[0].kind is not filled in: where the data "
               "come from (one of public, licensed,",
               size);
  CheckFailed(world.Run({"draft", "dataset", "--out", "data.json"}), 3, "already exists");
  const Ran ran = world.Sign({"attest", "--kind", "dataset", "data.json", "--files", "data",
                              "--set", "sources.kind=public"});
  CheckDone(ran);
  const auto logged = Logged(world, ran.out.substr(0, 64));
  BOOST_CHECK_EQUAL(logged.at("name").as_string(), "data");
  BOOST_CHECK_EQUAL(logged.at("size").at("bytes").to_number<int>(), 9);  // "some text"
  BOOST_CHECK(!logged.contains("licence"));
}

BOOST_AUTO_TEST_CASE(without_a_file_what_is_missing_is_asked_for) {
  const uint64_t size = world.TreeSize();
  const Ran ran = world.Sign({"attest", "--kind", "dataset", "--files", "data"});
  CheckRefused(ran, 1,
               "carnet: error: dataset: 1 field is not filled in:\n"
               "  --set sources.kind=…  where the data come from (one of public, licensed, "
               "user, crawled, synthetic)\n",
               size);
  CheckDone(world.Sign({"attest", "--kind", "dataset", "--files", "data", "--set",
                        "sources=undisclosed", "--set", "name=other"}));
}

BOOST_AUTO_TEST_CASE(what_a_file_says_is_not_contradicted) {
  const uint64_t size = world.TreeSize();
  CheckRefused(world.Sign({"attest", "--kind", "dataset", "dataset.json", "--files", "data",
                           "--set", "name=other"}),
               1, "dataset.json: name is \"\\\"texts\\\"\" there, but \"\\\"other\\\"\" in --set",
               size);
  CheckRefused(world.Sign({"attest", "--kind", "dataset", "--files", "data", "--set", "nam=x"}), 1,
               "--set nam: no field \"nam\"", size);
  CheckFailed(world.Sign({"attest", "--kind", "dataset", "--set", "name"}), 2,
              "expected field=value");
}

// Nobody wrote the text that is put together, so that no line of it is named.
BOOST_AUTO_TEST_CASE(a_wrong_value_is_named_by_its_field_or_its_place_in_the_file) {
  const uint64_t size = world.TreeSize();
  const Words wrong = {"--files",           "data", "--set", "collected.from=soon", "--set",
                       "collected.to=later"};
  Words derived = {"attest", "--kind", "dataset", "--set", "sources=undisclosed"};
  derived.insert(derived.end(), wrong.begin(), wrong.end());
  CheckRefused(world.Sign(derived), 1, "carnet: error: dataset: --set collected.from: ", size);
  const Ran lacks = world.Sign(
      {"attest", "--kind", "device", "--cpu", "--set", "chip=h200-sxm", "--set", "id=undisclosed"});
  BOOST_CHECK(lacks.err.find(":1:") == std::string::npos);
  world.Write("d.json", "{\n  \"name\": \"n\", \"sources\": \"undisclosed\"\n}");
  Words beside = {"attest", "--kind", "dataset", "d.json"};
  beside.insert(beside.end(), wrong.begin(), wrong.end());
  CheckRefused(world.Sign(beside), 1, "carnet: error: d.json: --set collected.from: ", size);
  world.Write("e.json", "{\n  \"name\": \"n\", \"sources\": \"undisclosed\",\n  \"licence\": 7\n}");
  CheckRefused(world.Sign({"attest", "--kind", "dataset", "e.json", "--files", "data", "--set",
                           "modality=text"}),
               1, "carnet: error: e.json:3:3: licence: ", size);
}

BOOST_AUTO_TEST_CASE(no_placeholder_is_signed_at_any_depth) {
  const uint64_t size = world.TreeSize();
  for (const char* draft :
       {R"({"name":"<name: x>","sources":"undisclosed"})",
        R"({"name":"n","sources":[{"kind":"public","description":"<description: x>"}]})",
        R"({"name":"n","sources":"undisclosed","modality":["text","<modality: x>"]})",
        R"({"name":"n","sources":"undisclosed","collected":{"from":"<from: x>","to":"<to: x>"}})",
        R"({"name":"n","sources":"undisclosed","licence":"<anything: at all>"})"}) {
    world.Write("d.json", draft);
    CheckRefused(world.Sign({"attest", "--kind", "dataset", "d.json", "--files", "data"}), 1,
                 "is not filled in: ", size);
  }
}

BOOST_AUTO_TEST_CASE(an_allocation_is_of_the_devices_named) {
  const auto draft = Draft({"allocation", "--device", world.id("device")});
  BOOST_CHECK_EQUAL(draft.at("devices").as_array().at(0).as_string(), world.id("device"));
  BOOST_CHECK(std::string(draft.at("window").at("to").as_string()).starts_with("<to: "));
  const Ran ran = world.Sign(
      {"attest", "--kind", "allocation", "--device", world.id("device"), "--set",
       "holders=key:" + std::string(64, 'a'), "--set", "window.to=2099-01-01T00:00:00.000Z"},
      "cloud");
  CheckDone(ran);
  BOOST_CHECK(Logged(world, ran.out.substr(0, 64)).at("window").at("from").as_string() <
              "2099-01-01");
}

// Of which nobody says when it begins, and which therefore begins at another time each time.
BOOST_AUTO_TEST_CASE(a_repeated_allocation_begins_when_it_began) {
  const Words call = {"attest",
                      "--kind",
                      "allocation",
                      "--device",
                      world.id("device").substr(0, 10),
                      "--set",
                      "holders=key:" + std::string(64, 'a'),
                      "--set",
                      "window.to=2099-01-01T00:00:00.000Z",
                      "--idempotency-key",
                      "order-4711"};
  const Ran first = world.Sign(call, "cloud");
  CheckDone(first);
  const uint64_t size = world.TreeSize();
  const Ran again = world.Sign(call, "cloud");
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, first.out);
  BOOST_CHECK_EQUAL(again.err, "carnet: this allocation was already recorded\n");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  // What was stated stays content: another beginning, another end, another device.
  const auto with = [&](const Words& more) {
    Words other = call;
    other.insert(other.end(), more.begin(), more.end());
    return world.Sign(other, "cloud");
  };
  const std::string why =
      " was recorded with this nonce or idempotency key, but with other content;"
      " it differs in: ";
  CheckRefused(with({"--set", "window.from=2020-01-01T00:00:00.000Z"}), 1, why + "window", size);
  CheckRefused(with({"--set", "purpose=other"}), 1, why + "purpose", size);
  const auto began = Logged(world, first.out.substr(0, 64)).at("window").at("from").as_string();
  const Ran stated = with({"--set", "window.from=" + std::string(began)});
  CheckDone(stated);
  BOOST_CHECK_EQUAL(stated.out, first.out);
  CheckDone(world.Sign(call, "lab"));  // another signer's, with a nonce of its own
  BOOST_CHECK_EQUAL(world.TreeSize(), size + 1);
}

BOOST_AUTO_TEST_CASE(everything_is_offered_with_its_meaning) {
  const Ran required = world.Run({"draft", "dataset", "--files", "data"});
  CheckHas(required.err,
           "carnet: may also be stated: licence: SPDX id, or what the licence is "
           "called (or undisclosed)\n");
  const auto all = Draft({"dataset", "--files", "data", "--all"});
  BOOST_CHECK_EQUAL(all.at("licence").as_string(),
                    "<licence: SPDX id, or what the licence is called (or undisclosed) (optional: "
                    "fill it in, or delete it)>");
}

BOOST_AUTO_TEST_SUITE_END()
