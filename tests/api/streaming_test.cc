// Oracle: Gate::Check about Model::Read of the same files in a folder, JSON for JSON.
#include <carnet/streaming.h>

#include <random>
#include <thread>
#include <tuple>

#include "tests/api/recorded.h"
#include "tests/api/streamed_models.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

using namespace carnet;
using carnet::test::Files;
using carnet::test::HubGate;
using carnet::test::Must;
using carnet::test::PassportedModel;
using carnet::test::PassportedModels;
using carnet::test::ScratchFolder;
using carnet::test::Send;

namespace {

const char* const kNames[] = {"safetensors", "sharded", "gguf", "torch", "no-weights", "tuned"};
const StreamingOptions kToTheEnd{.refuse_early = false};

Time NowThatAllIsRecorded() {
  PassportedModels();
  return Now();
}
const PassportedModel& Of(const std::string& name) { return PassportedModels().at(name); }
Files FilesOf(const std::string& name) { return test::FilesIn(Of(name).folder); }

// A gate that was opened for the passport of this model.
struct Opened {
  explicit Opened(const std::string& name, const StreamingOptions& options = {})
      : now(NowThatAllIsRecorded()),
        gate(Must(StreamingGate::Open(HubGate(), Of(name).passport, now, options))) {}
  // What the gate says of these files in a folder.
  Verdict OnDisk(const std::string& name, const Files& files) const {
    const ScratchFolder folder;
    for (const auto& [path, content] : files) folder.Write(path, content);
    return Must(HubGate().Check(Of(name).passport, Must(Model::Read(folder.str())), now));
  }

  const Time now;
  StreamingGate gate;
};

// That it is refused now, for this reason and in these words.
void CheckRefused(const StreamingGate& gate, const std::string& reason, const std::string& words) {
  const auto verdict = gate.refusal();
  BOOST_REQUIRE_MESSAGE(verdict.has_value(), "not refused: " << words);
  BOOST_CHECK(!verdict->passed());
  BOOST_CHECK_EQUAL(verdict->reason, reason);
  BOOST_REQUIRE(!verdict->findings.empty());
  BOOST_CHECK_MESSAGE(verdict->findings[0].message.find(words) != std::string::npos,
                      verdict->findings[0].message << " lacks " << words);
}

Intake Taken(Result<Intake> intake) { return Must(std::move(intake)); }

}  // namespace

namespace carnet {
std::ostream& operator<<(std::ostream& out, Intake intake) {
  return out << (intake == Intake::kTaken ? "taken" : "refused");
}
}  // namespace carnet

BOOST_AUTO_TEST_SUITE(streaming)

BOOST_DATA_TEST_CASE(an_honest_upload_has_the_verdict_of_its_folder,
                     boost::unit_test::data::make(kNames) *
                         boost::unit_test::data::make({0, 1, 7, 4096}) *
                         boost::unit_test::data::make({true, false}),
                     name, chunk, early) {
  Opened opened(name, {.refuse_early = early});
  const Files files = FilesOf(name);
  REQUIRE_VALUE(const Verdict verdict, Send(opened.gate, files, static_cast<size_t>(chunk)));
  BOOST_CHECK(verdict.passed());
  BOOST_CHECK_EQUAL(verdict.ToJson(), opened.OnDisk(name, files).ToJson());
  BOOST_CHECK(!opened.gate.refusal());
  BOOST_REQUIRE(opened.gate.model().has_value());
  BOOST_CHECK_EQUAL(opened.gate.model()->digest(), Must(Model::Read(Of(name).folder)).digest());
}

BOOST_AUTO_TEST_CASE(files_may_be_interleaved_and_come_from_several_threads) {
  for (const char* name : kNames) {
    Opened opened(name);
    const Files files = FilesOf(name);
    std::vector<std::thread> threads;
    std::atomic<int> refused = 0;
    for (const auto& each : files) {
      threads.emplace_back([&, &path = each.first, &content = each.second] {
        StreamedFile file = Must(opened.gate.Add(path, content.size()));
        for (const char& byte : content) {
          refused += Taken(file.Write(&byte, 1)) == Intake::kRefused ? 1 : 0;
        }
        refused += Taken(file.Close()) == Intake::kRefused ? 1 : 0;
      });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_CHECK_EQUAL(refused.load(), 0);
    BOOST_CHECK_EQUAL(Must(opened.gate.Finish()).ToJson(), opened.OnDisk(name, files).ToJson());
  }
}

// Every tenth byte or so of each file, in both ways of judging.
BOOST_DATA_TEST_CASE(a_changed_byte_is_refused_as_on_disk, boost::unit_test::data::make(kNames)) {
  std::mt19937_64 random(13);
  const Files honest = FilesOf(sample);
  for (const auto& [path, content] : honest) {
    for (int round = 0; round < 12; ++round) {
      Files files = honest;
      files[path][random() % content.size()] ^= static_cast<char>(1 << (random() % 8));
      Opened late(sample, kToTheEnd), early(sample);
      const Verdict on_disk = late.OnDisk(sample, files);
      REQUIRE_VALUE(const Verdict at_the_end, Send(late.gate, files, random() % 300));
      BOOST_CHECK_EQUAL(at_the_end.ToJson(), on_disk.ToJson());
      REQUIRE_VALUE(const Verdict refused, Send(early.gate, files, random() % 300));
      BOOST_CHECK_EQUAL(refused.passed(), on_disk.passed());
      if (on_disk.passed()) continue;  // of a file that the passport leaves out
      BOOST_CHECK_EQUAL(refused.findings.at(0).rule, on_disk.findings.at(0).rule);
      if (on_disk.reason != "files-differ-tensors-agree") {
        BOOST_CHECK_EQUAL(refused.reason, on_disk.reason);
      }
    }
  }
}

BOOST_DATA_TEST_CASE(cut_longer_missing_renamed_and_extra_files_are_refused_as_on_disk,
                     boost::unit_test::data::make(kNames)) {
  const Files honest = FilesOf(sample);
  std::vector<Files> uploads;
  for (const auto& [path, content] : honest) {
    for (int change = 0; change < 5; ++change) {
      Files files = honest;
      if (change == 0) files[path] = content.substr(0, content.size() / 2);
      if (change == 1) files[path] += '\0';
      if (change >= 2) files.erase(path);
      if (change == 3) files["other/" + path] = content;
      if (change == 4) files["x" + path] = content;
      if (!files.empty()) uploads.push_back(std::move(files));
    }
  }
  for (const char* extra : {"more.txt", "code.py", "NOTICE", "sub/README.md", "more.safetensors",
                            "CONFIG.JSON", ".git/HEAD", "model.sig", "training_args.bin"}) {
    uploads.push_back(honest);
    uploads.back()[extra] = "plain text";
  }
  for (const Files& files : uploads) {
    Opened late(sample, kToTheEnd), early(sample);
    const Verdict on_disk = late.OnDisk(sample, files);
    REQUIRE_VALUE(const Verdict at_the_end, Send(late.gate, files, 100));
    BOOST_CHECK_EQUAL(at_the_end.ToJson(), on_disk.ToJson());
    REQUIRE_VALUE(const Verdict refused, Send(early.gate, files, 100));
    BOOST_CHECK_EQUAL(refused.passed(), on_disk.passed());
    if (on_disk.passed()) {
      BOOST_CHECK_EQUAL(refused.ToJson(), early.OnDisk(sample, files).ToJson());
    } else {
      BOOST_CHECK_EQUAL(refused.findings.at(0).rule, on_disk.findings.at(0).rule);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_passport_of_another_model_refuses_every_upload_but_its_own) {
  for (const char* passport : kNames) {
    for (const char* name : kNames) {
      Opened late(passport, kToTheEnd), early(passport);
      const Files files = FilesOf(name);
      const Verdict on_disk = late.OnDisk(passport, files);
      BOOST_CHECK_EQUAL(on_disk.passed(), passport == name);
      BOOST_CHECK_EQUAL(Must(Send(late.gate, files, 0)).ToJson(), on_disk.ToJson());
      BOOST_CHECK_EQUAL(Must(Send(early.gate, files, 0)).passed(), on_disk.passed());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_name_outside_the_passport_is_refused_before_its_first_byte) {
  Opened opened("safetensors");
  StreamedFile file = Must(opened.gate.Add("evil.py"));
  CheckRefused(opened.gate, "other-model", "evil.py is in the model, but not in the passport");
  BOOST_CHECK_EQUAL(Taken(file.Write("x")), Intake::kRefused);
  BOOST_CHECK_EQUAL(Taken(Must(opened.gate.Add("config.json")).Write("x")), Intake::kRefused);
  BOOST_CHECK(!Must(opened.gate.Finish()).passed());
  BOOST_CHECK(!opened.gate.model());
}

BOOST_AUTO_TEST_CASE(another_size_is_refused_when_it_is_announced) {
  Opened opened("safetensors");
  Must(opened.gate.Add("config.json", 4));
  CheckRefused(opened.gate, "other-model",
               "config.json has 3 bytes in the passport, but 4 as announced");
}

BOOST_AUTO_TEST_CASE(the_first_byte_too_many_is_refused) {
  Opened opened("safetensors");
  StreamedFile file = Must(opened.gate.Add("config.json"));
  for (const char* byte : {"{", "}", "\n"}) {
    BOOST_CHECK_EQUAL(Taken(file.Write(byte)), Intake::kTaken);
  }
  BOOST_CHECK(!opened.gate.refusal());
  BOOST_CHECK_EQUAL(Taken(file.Write(" ")), Intake::kRefused);
  CheckRefused(opened.gate, "other-model",
               "config.json has 3 bytes in the passport, but more in the model");
}

BOOST_AUTO_TEST_CASE(a_digest_is_held_against_the_passport_at_the_last_byte_of_its_file) {
  Opened opened("safetensors");
  StreamedFile file = Must(opened.gate.Add("config.json"));
  BOOST_CHECK_EQUAL(Taken(file.Write("[]\n")), Intake::kTaken);
  BOOST_CHECK(!opened.gate.refusal());
  BOOST_CHECK_EQUAL(Taken(file.Close()), Intake::kRefused);
  // printf '{}\n' | sha256sum, printf '[]\n' | sha256sum
  CheckRefused(
      opened.gate, "other-model",
      "config.json is sha256:ca3d163b… in the passport, but sha256:37517e5f… in the model");
}

// Of other tensors in a file of the same size, as long as the header says so.
BOOST_AUTO_TEST_CASE(a_header_of_another_file_is_refused_with_its_last_byte) {
  const std::string honest = FilesOf("safetensors").at("model.safetensors");
  std::string other = honest;
  const size_t shape = other.find("[6,6]");
  BOOST_REQUIRE(shape != other.npos);
  other[shape + 1] = '7';
  const size_t header_end = 8 + static_cast<unsigned char>(other[0]);
  Opened opened("safetensors");
  StreamedFile file = Must(opened.gate.Add("model.safetensors"));
  for (size_t i = 0; i + 1 < header_end; ++i) {
    BOOST_REQUIRE_EQUAL(Taken(file.Write(&other[i], 1)), Intake::kTaken);
  }
  BOOST_CHECK(!opened.gate.refusal());
  BOOST_CHECK_EQUAL(Taken(file.Write(&other[header_end - 1], 1)), Intake::kRefused);
  CheckRefused(opened.gate, "other-model", "its header is not that of such a file: tensor");
}

BOOST_AUTO_TEST_CASE(what_is_left_out_is_refused_for_its_content_when_it_is_closed) {
  Opened opened("safetensors");
  StreamedFile file = Must(opened.gate.Add("README.md"));
  BOOST_CHECK_EQUAL(Taken(file.Write("#!/bin/sh\n")), Intake::kTaken);
  BOOST_CHECK(!opened.gate.refusal());
  BOOST_CHECK_EQUAL(Taken(file.Close()), Intake::kRefused);
  CheckRefused(opened.gate, "must-be-covered", "README.md: is a script, and must be covered");
}

// `._*` may be left out, and has tensors where it ends in `.bin`.
BOOST_AUTO_TEST_CASE(a_large_weight_file_that_is_left_out_is_refused_as_on_disk) {
  const ScratchFolder spool;
  Files files = FilesOf("safetensors");
  files["._model.bin"] = "PK\3\4" + std::string(17 << 20, '\0');
  Opened late("safetensors", {.refuse_early = false, .spool_folder = spool.str()});
  Opened early("safetensors", {.spool_folder = spool.str()});
  const Verdict on_disk = late.OnDisk("safetensors", files);
  REQUIRE_VALUE(const Verdict at_the_end, Send(late.gate, files, 1 << 20));
  BOOST_CHECK_EQUAL(at_the_end.ToJson(), on_disk.ToJson());
  REQUIRE_VALUE(const Verdict refused, Send(early.gate, files, 1 << 20));
  BOOST_CHECK_EQUAL(refused.reason, on_disk.reason);
  CheckRefused(early.gate, "must-be-covered", "._model.bin: has over 16777216 bytes");
}

BOOST_AUTO_TEST_CASE(what_is_left_out_is_limited) {
  Opened many("safetensors");
  for (int i = 0; i < 1000; ++i) {
    StreamedFile page = Must(many.gate.Add(std::to_string(i) + "/README.md"));
    BOOST_REQUIRE_EQUAL(Taken(page.Close()), Intake::kTaken);
  }
  BOOST_CHECK(!many.gate.refusal());
  Must(many.gate.Add("1000/README.md"));
  CheckRefused(many.gate, "must-be-covered", "1001 files would be left out, but at most 1000");
  Opened large("safetensors");
  StreamedFile page = Must(large.gate.Add("README.md"));
  BOOST_CHECK_EQUAL(Taken(page.Write(std::string(64 << 20, 'r'))), Intake::kTaken);
  BOOST_CHECK_EQUAL(Taken(page.Write("r")), Intake::kRefused);
  CheckRefused(large.gate, "must-be-covered", "files of 67108865 bytes would be left out");
}

BOOST_AUTO_TEST_CASE(hostile_names_are_a_no_whether_early_or_not) {
  for (const bool early : {true, false}) {
    for (const char* path : {"../README.md", "/README.md", "a\\README.md", ".git/../config.json",
                             "a/./README.md", "", "a\x7f/README.md"}) {
      Opened opened("safetensors", {.refuse_early = early});
      StreamedFile file = Must(opened.gate.Add(path));
      BOOST_CHECK_EQUAL(Taken(file.Write("x")), Intake::kRefused);
      BOOST_CHECK(opened.gate.refusal().has_value());
      BOOST_CHECK_EQUAL(Must(opened.gate.Finish()).reason, "other-model");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_comes_twice_is_refused) {
  for (const bool early : {true, false}) {
    Opened opened("safetensors", {.refuse_early = early});
    StreamedFile first = Must(opened.gate.Add("config.json"));
    StreamedFile second = Must(opened.gate.Add("config.json"));
    CheckRefused(opened.gate, "other-model", "config.json is there more than once");
    BOOST_CHECK_EQUAL(Taken(first.Write("{}\n")), Intake::kRefused);
  }
}

BOOST_AUTO_TEST_CASE(an_upload_that_is_cut_off_is_never_a_pass) {
  for (const bool early : {true, false}) {
    for (const bool all_bytes : {true, false}) {
      Opened opened("gguf", {.refuse_early = early});
      const std::string content = FilesOf("gguf").at("model.gguf");
      StreamedFile file = Must(opened.gate.Add("model.gguf"));
      Taken(file.Write(std::string_view(content).substr(0, all_bytes ? content.npos : 100)));
      REQUIRE_VALUE(const Verdict verdict, opened.gate.Finish());
      BOOST_CHECK(!verdict.passed());
      CheckRefused(opened.gate, "other-model", "model.gguf did not arrive whole");
    }
    Opened dropped("gguf", {.refuse_early = early});
    { StreamedFile file = Must(dropped.gate.Add("model.gguf")); }
    BOOST_CHECK(!Must(dropped.gate.Finish()).passed());
    Opened nothing("gguf", {.refuse_early = early});
    BOOST_CHECK_EQUAL(Must(nothing.gate.Finish()).reason, "other-model");
  }
}

BOOST_AUTO_TEST_CASE(a_size_that_was_announced_is_held_to) {
  for (const size_t size : {99U, 101U}) {
    Opened opened("safetensors", kToTheEnd);
    StreamedFile file = Must(opened.gate.Add("any.txt", 100));
    Taken(file.Write(std::string(size, 'x')));
    Taken(file.Close());
    CheckRefused(opened.gate, "other-model",
                 size < 100 ? "any.txt ended after 99 of the 100 bytes that were announced"
                            : "any.txt has more than the 100 bytes that were announced");
    BOOST_CHECK(!Must(opened.gate.Finish()).passed());
  }
}

BOOST_AUTO_TEST_CASE(calls_out_of_order_are_errors_and_change_nothing) {
  Opened opened("gguf");
  const std::string content = FilesOf("gguf").at("model.gguf");
  StreamedFile file = Must(opened.gate.Add("model.gguf"));
  Taken(file.Write(content));
  BOOST_CHECK_EQUAL(Taken(file.Close()), Intake::kTaken);
  CHECK_ERROR(file.Write("x"), ErrorCode::kConflict, "model.gguf is closed already");
  CHECK_ERROR(file.Close(), ErrorCode::kConflict, "model.gguf is closed already");
  const StreamedFile moved = std::move(file);
  CHECK_ERROR(file.Write("x"), ErrorCode::kConflict,
              "moved from");  // NOLINT(bugprone-use-after-move)
  REQUIRE_VALUE(const Verdict verdict, opened.gate.Finish());
  BOOST_CHECK(verdict.passed());
  CHECK_ERROR(opened.gate.Add("config.json"), ErrorCode::kConflict, "has given its verdict");
  BOOST_CHECK_EQUAL(Must(opened.gate.Finish()).ToJson(), verdict.ToJson());
  CHECK_ERROR(StreamingGate::Open(HubGate(), "", Time(std::chrono::milliseconds(-1))),
              ErrorCode::kMalformed, "1970 to 9999");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_kept_is_an_error_and_stays_one) {
  const std::string large(17 << 20, '\0');
  Opened opened("torch", kToTheEnd);
  StreamedFile file = Must(opened.gate.Add("pytorch_model.bin"));
  CHECK_ERROR(file.Write(large), ErrorCode::kUnsupported, "pytorch_model.bin: has to be kept");
  CHECK_ERROR(file.Write("x"), ErrorCode::kUnsupported, "has to be kept");
  CHECK_ERROR(opened.gate.Add("config.json"), ErrorCode::kUnsupported, "has to be kept");
  CHECK_ERROR(opened.gate.Finish(), ErrorCode::kUnsupported, "has to be kept");
  const ScratchFolder spool;
  Opened with_folder("torch", {.refuse_early = false, .spool_folder = spool.str()});
  const Files files{{"pytorch_model.bin", large}};
  REQUIRE_VALUE(const Verdict verdict, Send(with_folder.gate, files, 1 << 20));
  BOOST_CHECK_EQUAL(verdict.ToJson(), with_folder.OnDisk("torch", files).ToJson());
}

// The error comes while the file is looked into, which takes a while.
BOOST_AUTO_TEST_CASE(what_is_refused_after_an_error_of_another_thread_is_that_error) {
  const std::string page = std::string("\0\0\0\x01", 4) + "Bud1" +
                           std::string((16 << 20) - 100, 'p') + "PK\5\6" + std::string(18, '\0');
  for (int round = 0; round < 5; ++round) {
    Opened opened("safetensors");
    std::vector<StreamedFile> files;
    for (int i = 0; i < 1023; ++i) {
      files.push_back(Must(opened.gate.Add(".git/" + std::to_string(i))));
    }
    StreamedFile file = Must(opened.gate.Add(".DS_Store"));
    Taken(file.Write(page));
    std::thread other([&] { std::ignore = opened.gate.Add(".git/one-too-many"); });
    const auto closed = file.Close();
    other.join();
    BOOST_CHECK_EQUAL(closed.has_value(), opened.gate.refusal().has_value());
    if (!closed) CHECK_ERROR(closed, ErrorCode::kUnsupported, "1024 files are open");
    BOOST_CHECK_EQUAL(closed.has_value(), opened.gate.Finish().has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_file_may_outlive_its_gate) {
  std::optional<StreamedFile> file;
  {
    Opened opened("safetensors");
    file = Must(opened.gate.Add("config.json"));
  }
  BOOST_CHECK_EQUAL(Taken(file->Write("{}\n")), Intake::kTaken);
  BOOST_CHECK_EQUAL(Taken(file->Close()), Intake::kTaken);
}

BOOST_AUTO_TEST_SUITE_END()
