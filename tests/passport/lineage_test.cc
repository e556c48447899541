// R18-R22: which passport, and whether everything that it rests on is there.
#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/passport/attack.h"
#include "tests/support/memory_model.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;
using schemas::Kind;

// A statement that says the same as another, under a name and nonce of its own.
void AddTwin(World& w, const std::string& name, const std::string& twin) {
  Statement copy = w.At(name);
  copy.name = twin;
  copy.nonce = std::string(32, 'd');
  for (auto at = w.story.begin(); at != w.story.end(); ++at) {
    if (at->name != name) continue;
    w.story.insert(std::next(at), copy);
    return;
  }
}

void UseBesideBase(World& w, const std::string& model, const std::string& statement) {
  w.Set("chat.run", "/inputs",
        "[" + Edge("fine-tuned-from", "base", "base") + "," +
            Edge("distilled-from", model, statement) + "]");
}

void Abort(World& w, const std::string& completion, const std::string& run) {
  w.Drop(completion, "/model");
  w.Drop(completion, "/tensor_roots");
  w.Set(completion, "/outcome", R"("aborted")");
  w.Set(completion, "/reason", R"("power cut")");
  w.Set(completion, "/run_id", "\"@id:" + run + "\"");
}

std::string FalseRoots() {
  return R"([{"set":"model.safetensors","root":")" + std::string(64, '7') + R"("}])";
}

const std::string kWeights("\x02\0\0\0\0\0\0\0{}", 10);
const std::string kPicture = "\x89PNG\r\n\x1a\n";

// The hub serves one more file, of a name that the passport leaves out.
void Serve(World& w, const std::string& path, const std::string& content) {
  w.Set("chat", "/not_covered", R"(["._*","*.png","README.md"])");
  w.given = WithLeavable(*w.given, path, content);
}

}  // namespace

const std::vector<Attack>& LineageAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"weights_that_were_changed", 18, R::kOtherModel, "model.safetensors is",
       [](World& w) {
         w.given = MakeModel("changed");
         w.given->files.front() = w.model("chat").files.front();
       }},
      {"a_file_added", 18, R::kFilesDifferTensorsAgree, "extra.py is in the model, but not",
       [](World& w) { w.given = WithFile(*w.given, "extra.py", "import os"); }},
      {"another_configuration", 18, R::kFilesDifferTensorsAgree, "config.json is",
       [](World& w) { w.given = Reconfigured(*w.given); }},
      {"resharded_weights", 18, R::kFilesDifferTensorsAgree, "the tensors are the same",
       [](World& w) { w.given = Resharded(*w.given); }},
      {"no_passport_statement", 18, R::kOtherModel, "no passport statement",
       [](World& w) {
         w.At("chat").enclosed = false;
         w.At("base").enclosed = false;
       }},
      {"a_tensor_root_of_the_passport_that_is_not_the_files", 18, R::kMisstatedFiles,
       "tensor_roots: model.safetensors is ",
       [](World& w) {
         for (const char* name : {"chat", "chat.done"}) w.Set(name, "/tensor_roots", FalseRoots());
       }},
      {"a_tensor_root_of_a_segment_that_is_not_the_files", 18, R::kMisstatedFiles, "segment 1 (",
       [](World& w) { w.Set("chat.1", "/tensor_roots", FalseRoots()); }},
      {"a_size_that_is_not_the_files", 18, R::kMisstatedFiles, "files: config.json has ",
       [](World& w) {
         w.At("chat").edit_payload = Replacing(R"("bytes":11},{"path":"model.safetensors")",
                                               R"("bytes":12},{"path":"model.safetensors")");
       }},
      {"an_oms_root_that_is_not_the_files", 18, R::kWrongOmsRoot, "oms_root is ",
       [](World& w) { w.Set("chat", "/oms_root", R"("@sha:another")"); }},
      {"an_oms_root_of_zeros", 18, R::kWrongOmsRoot, "oms_root is ",
       [](World& w) { w.Set("chat", "/oms_root", '"' + std::string(64, '0') + '"'); }},
      {"an_oms_root_of_a_parent_whose_files_nobody_has", 18, R::kWrongOmsRoot,
       "passport of \"base\"", [](World& w) { w.Set("base", "/oms_root", R"("@sha:another")"); }},
      {"weights_left_out_as_a_page", 18, R::kMustBeCovered,
       "leaves out what no passport may: README.md: contains a control character",
       [](World& w) { Serve(w, "README.md", kWeights); }},
      {"a_script_left_out_as_a_page", 18, R::kMustBeCovered, "README.md: is a script",
       [](World& w) { Serve(w, "README.md", "#!/usr/bin/python3\n"); }},
      {"a_pickle_left_out_as_a_page", 18, R::kMustBeCovered, "README.md: is a pickle",
       [](World& w) { Serve(w, "README.md", "cposix\nsystem\n(S'id'\ntR."); }},
      {"an_archive_left_out_as_a_picture", 18, R::kMustBeCovered, "logo.png: is a zip archive",
       [](World& w) { Serve(w, "logo.png", kPicture + "PK\x05\x06" + std::string(18, '\0')); }},
      {"weights_left_out_as_what_macos_adds", 18, R::kMustBeCovered,
       "._model.safetensors: is not an AppleDouble file",
       [](World& w) { Serve(w, "._model.safetensors", kWeights); }},
      {"a_page_that_takes_the_place_of_a_covered_file", 18, R::kMustBeCovered,
       "README.md: differs only in case or normalisation",
       [](World& w) {
         w.models.insert_or_assign("chat", WithFile(w.model("chat"), "readme.md", "the prompt"));
         w.given = w.model("chat");
         Serve(w, "README.md", "# Chat\n");
       }},
      {"a_page_of_which_nobody_looked_into_the_content", 18, R::kFilesDifferTensorsAgree,
       "README.md is in the model, but not in the passport",
       [](World& w) {
         Serve(w, "README.md", "# Chat\n");
         w.given->leavable.clear();
       }},
      {"a_page_that_the_passport_covers", 18, R::kFilesDifferTensorsAgree,
       "README.md is in the model, but not in the passport",
       [](World& w) {
         Serve(w, "README.md", "# Chat\n");
         w.Set("chat", "/not_covered", R"(["*.png"])");
       }},
      {"code_beside_what_is_left_out", 18, R::kFilesDifferTensorsAgree,
       "modeling.py is in the model, but not in the passport",
       [](World& w) {
         Serve(w, "README.md", "# Chat\n");
         w.given = WithFile(*w.given, "modeling.py", "import os");
       }},
      {"two_passports_of_one_model", 18, R::kTwoPassports, "is a second passport of model",
       [](World& w) { AddTwin(w, "chat", "chat.again"); }},
      {"the_parents_passport_withheld", 19, R::kMissingStatement, "refers in inputs[].statement to",
       [](World& w) { w.At("base").enclosed = false; }},
      {"a_statement_too_many", 19, R::kSurplusStatement,
       "is not a statement that the passport rests on", [](World& w) { AddDataset(w, "unused"); }},
      {"a_verdict_on_another_passport", 19, R::kSurplusStatement, "is not a statement",
       [](World& w) { AddVerdict(w, "vsa", "chat", "@sha:another"); }},
      {"a_data_set_as_device", 20, R::kWrongKindReference,
       "refers in usage[].device to dataset \"texts\"",
       [](World& w) { w.Set("chat.0", "/usage/0/device", R"("@texts")"); }},
      {"a_run_as_parent", 20, R::kWrongKindReference, "expected passport, completion or segment",
       [](World& w) { UseBesideBase(w, "base", "base.run"); }},
      {"a_data_set_used_twice", 20, R::kDuplicateReference, "more than once in datasets",
       [](World& w) {
         w.Set("chat.run", "/datasets", R"([{"statement":"@chats"},{"statement":"@chats"}])");
       }},
      {"a_parent_named_twice_as_one_type", 20, R::kDuplicateReference, "more than once in inputs",
       [](World& w) {
         const std::string edge = Edge("distilled-from", "base", "base");
         w.Set("chat.run", "/inputs",
               "[" + Edge("fine-tuned-from", "base", "base") + "," + edge + "," + edge + "]");
       }},
      {"one_device_as_two_chips", 21, R::kEquivocation, "it is cpu \"Xeon\", cores 2",
       [](World& w) {
         AddTwin(w, "cpu", "cpu.again");
         w.Set("cpu.again", "/cpu/cores", "4");
         w.Drop("lease", "/devices");
         w.Set("chat.0", "/usage/0/device", R"("@cpu.again")");
       }},
      {"two_segments_of_one_place",
       21,
       R::kEquivocation,
       "claims lane 0, seq 1",
       [](World& w) {
         AddTwin(w, "base.1", "base.1b");
         UseBesideBase(w, "base", "base.1b");
       },
       {23}},
      {"a_run_completed_twice", 21, R::kEquivocation, "completes run",
       [](World& w) {
         AddTwin(w, "base.done", "base.done2");
         UseBesideBase(w, "base", "base.done2");
       }},
      {"two_runs_of_one_nonce", 21, R::kEquivocation, "has the nonce, and so the id, of another",
       [](World& w) { w.At("chat.run").nonce = w.At("base.run").nonce; }},
      {"two_allocations_of_one_nonce", 21, R::kEquivocation,
       "has the nonce, and so the id, of another",
       [](World& w) {
         AddTwin(w, "lease", "lease.again");
         w.At("lease.again").nonce = w.At("lease").nonce;
         w.Set("lease.again", "/purpose", R"("another")");
         w.Set("chat.0", "/usage/0/allocation", R"("@lease.again")");
       }},
      {"a_completion_of_another_model", 22, R::kCompletionOfAnotherModel, "is about model",
       [](World& w) {
         for (const char* name : {"chat.1", "chat.done"}) {
           w.Set(name, "/model", R"("@model:other")");
           w.Set(name, "/tensor_roots", R"("@roots:other")");
         }
       }},
      {"a_completion_of_other_tensors", 22, R::kCompletionOfAnotherModel,
       "has tensor_roots that differ from those of completion",
       [](World& w) { w.Set("base.done", "/tensor_roots", R"("@roots:other")"); }},
      {"a_passport_of_an_aborted_run", 22, R::kRunAborted, "whose run was aborted",
       [](World& w) { Abort(w, "chat.done", "chat.run"); }},
      {"an_aborted_completion_as_input", 22, R::kRunAborted,
       "as an input, but that run was aborted",
       [](World& w) {
         Abort(w, "base.done", "base.run");
         w.Remove("base");
         w.Set("chat.run", "/inputs/0/statement", R"("@base.done")");
       }},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(lineage)

BOOST_DATA_TEST_CASE(refuses, data::make(LineageAttacks()), attack) { CheckRefused(attack); }

BOOST_AUTO_TEST_CASE(the_oms_root_of_its_files_is_no_reproach) {
  World world = BaseWorld();
  crypto::Sha256 root;
  for (const auto& file : world.model("base").files) root.Update(file.sha256.span());
  world.Set("base", "/oms_root", '"' + HexEncode(root.Finish().span()) + '"');
  CheckPasses(world.Judge());
}

// S3: a file subject may equal another model's digest.
BOOST_AUTO_TEST_CASE(the_sums_file_of_a_big_model_in_a_small_one_counts_for_nothing) {
  World world = BaseWorld();
  std::string sums;
  for (const auto& file : world.model("big").files) {
    sums += HexEncode(file.sha256.span()) + "  " + file.path + "\n";
  }
  world.models.insert_or_assign("base", WithFile(MakeModel("base"), "sums.txt", sums));
  const std::string passport = world.Issue();
  BOOST_CHECK(passport.find(HexEncode(world.model("big").digest.span())) == std::string::npos);
  world.given = world.model("base");
  BOOST_REQUIRE(std::any_of(world.given->files.begin(), world.given->files.end(),
                            [&](const artifact::FileEntry& file) {
                              return Retag<ModelDigest>(file.sha256) == world.model("big").digest;
                            }));
  CheckPasses(world.Judge(passport));
  world.given = world.model("big");
  CheckRefused(world.Judge(passport), 18, RejectReason::kOtherModel, "is about model");
}

BOOST_AUTO_TEST_CASE(a_verdict_on_the_passport_may_be_enclosed) {
  World world = FineTuneWorld();
  AddVerdict(world, "vsa", "chat", "@chat");
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(a_parent_may_lend_its_weights_and_generate_the_data) {
  for (const char* type : {"synthetic-data-from", "distilled-from"}) {
    World world = FineTuneWorld();
    world.Set(
        "chat.run", "/inputs",
        "[" + Edge("fine-tuned-from", "base", "base") + "," + Edge(type, "base", "base") + "]");
    CheckPasses(world.Judge());
  }
}

// A nonce makes an id only together with its kind (S3).
BOOST_AUTO_TEST_CASE(a_run_may_have_the_nonce_of_an_allocation) {
  World world = FineTuneWorld();
  world.At("chat.run").nonce = world.At("lease").nonce;
  CheckPasses(world.Judge());
}

// Every statement except the root left out: its referrer is named, with the id that is missing.
BOOST_AUTO_TEST_CASE(every_statement_removed_is_missed_by_who_refers_to_it) {
  World world = FineTuneWorld();
  const std::vector<std::string> lines = LinesOf(world.Issue());
  BOOST_REQUIRE_EQUAL(lines.size(), 14u);
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string name = world.story[i].name;
    BOOST_TEST_CONTEXT(name) {
      std::vector<std::string> rest = lines;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      const auto verdict = world.Judge(Joined(rest));
      if (name == "chat") {
        CheckRefused(verdict, 18, RejectReason::kOtherModel, "is about model");
        continue;
      }
      CheckRefused(verdict, 19, RejectReason::kMissingStatement, world.HexIdOf(name));
      const auto& referrer = verdict.findings.front().statement;
      BOOST_REQUIRE(referrer.has_value());
      BOOST_CHECK(*referrer != world.IdOf(name));
    }
  }
}

// Every statement replaced by one of the same words and another nonce, signed and logged.
BOOST_AUTO_TEST_CASE(every_statement_replaced_by_a_twin_is_missed) {
  const World honest = FineTuneWorld();
  for (const Statement& statement : honest.story) {
    BOOST_TEST_CONTEXT(statement.name) {
      World world = honest;
      AddTwin(world, statement.name, "twin");
      world.At(statement.name).enclosed = false;
      const auto verdict = world.Judge();
      if (statement.name == "chat") {  // a passport of the same model is another passport
        CheckPasses(verdict);
        BOOST_CHECK(verdict.passport == world.IdOf("twin"));
        continue;
      }
      CheckRefused(verdict, 19, RejectReason::kMissingStatement, world.HexIdOf(statement.name));
    }
  }
}

// The root replaced by a passport of another model, of the same run.
BOOST_AUTO_TEST_CASE(a_passport_of_another_model_is_not_a_substitute) {
  World world = FineTuneWorld();
  AddTwin(world, "chat", "twin");
  world.Set("twin", "/model", R"("@model:other")");
  world.Set("twin", "/files", R"("@files:other")");
  world.Set("twin", "/tensor_roots", R"("@roots:other")");
  world.At("chat").enclosed = false;
  CheckRefused(world.Judge(), 18, RejectReason::kOtherModel, "is about model");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
