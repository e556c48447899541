#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  Fixture() {
    std::filesystem::create_directories(folder / "model/.git");
    folder.Write("model/model.safetensors", TinyWeights('x'));
    folder.Write("model/config.json", "{}\n");
    folder.Write("model/.git/HEAD", "ref");
  }
  // The command as docs/formats.md states it.
  std::string DigestByCoreutils() const {
    return MustRun("cd " + (folder / "model") +
                   " && find . -type f -not -path './.git/*' | LC_ALL=C sort | "
                   "xargs -d '\\n' sha256sum | sed 's|  \\./|  |' | sha256sum")
        .substr(0, 64);
  }
  boost::json::object Json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "digest");
    arguments.push_back("--json");
    const Ran ran = carnet.Run(arguments);
    CheckDone(ran);
    return boost::json::parse(ran.out).as_object();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(digest, Fixture)

BOOST_AUTO_TEST_CASE(prints_the_model_digest_and_its_files) {
  const Ran ran = carnet.Run({"digest", "model"});
  CheckDone(ran);
  BOOST_CHECK(
      ran.out.starts_with("model       sha256:" + DigestByCoreutils() + "\nfiles       2, "));
  BOOST_CHECK(ran.out.find("not covered .git/\n") != std::string::npos);
  const std::string sums =
      MustRun("cd " + (folder / "model") + " && sha256sum config.json model.safetensors");
  BOOST_CHECK(ran.out.ends_with(sums));
}

// The printed command is a way to the same number without Carnet.
BOOST_AUTO_TEST_CASE(prints_how_coreutils_reproduce_the_digest) {
  folder.Write("model/README.md", "# A model\n");
  folder.Write("model/sub/._x", std::string("\0\5\x16\7", 4));
  folder.Write("model/logo.png", "\x89PNG\r\n\x1a\n");
  folder.Write("model/sub/model.sig", "x");
  folder.Write("model/model.sig", "x");
  folder.Write("model/claims.jsonl", "{}\n");
  folder.Write("model/sub/claims.jsonl", "{}\n");
  folder.Write("model/m.passport.sigstore.jsonl", "x");
  folder.Write("model/.cache/huggingface/x", "x");
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{}, {"--cover-all"}, {"--not-covered", "*.png"}}) {
    std::vector<std::string> arguments = {"digest", "model"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Ran ran = carnet.Run(arguments);
    CheckDone(ran);
    const size_t at = ran.out.find("by hand     ") + 12;
    const std::string command = ran.out.substr(at, ran.out.find('\n', at) - at);
    BOOST_CHECK_EQUAL(ran.out.substr(19, 64),
                      MustRun("cd " + (folder / "model") + " && " + command).substr(0, 64));
  }
}

// A bare `-t` would be an option of sha256sum, and `-` its standard input: code in a file of such a
// name would not be in the digest of who checks by hand.
BOOST_DATA_TEST_CASE(the_printed_command_reads_files_whose_names_look_like_options,
                     boost::unit_test::data::make({"-t", "--text", "--", "-", "-x", "--tag"}),
                     name) {
  const auto by_hand = [&] {
    const Ran ran = carnet.Run({"digest", "model"});
    CheckDone(ran);
    const size_t at = ran.out.find("by hand     ") + 12;
    const std::string command = ran.out.substr(at, ran.out.find('\n', at) - at);
    const std::string digest = MustRun("cd " + (folder / "model") + " && " + command).substr(0, 64);
    BOOST_CHECK_EQUAL(ran.out.substr(19, 64), digest);
    return digest;
  };
  folder.Write("model/\xff.passport.sigstore.jsonl", "");  // never counts, whatever the locale
  const std::string before = by_hand();
  folder.Write(std::string("model/") + name, "import os\n");
  const std::string added = by_hand();
  BOOST_CHECK(added != before);
  folder.Write(std::string("model/") + name, "import sys\n");
  BOOST_CHECK(by_hand() != added);
}

BOOST_AUTO_TEST_CASE(shows_what_the_digest_leaves_out_and_the_one_with_it) {
  folder.Write("model/README.md", "# A model\n");
  const Ran ran = carnet.Run({"digest", "model"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("\nfiles       2, ") != ran.out.npos);
  BOOST_CHECK(ran.out.find("\nnot covered README.md, 10 B\n") != ran.out.npos);
  BOOST_CHECK(ran.out.find("\nall files   sha256:" + DigestByCoreutils()) != ran.out.npos);
  const auto json = Json({"model"});
  BOOST_CHECK_EQUAL(json.at("all_files").as_string(), DigestByCoreutils());
  BOOST_CHECK_EQUAL(json.at("files").as_array().size(), 2U);
  BOOST_CHECK_EQUAL(json.at("not_covered").at(1).as_string(), "README.md");
  const auto all = Json({"model", "--cover-all"});
  BOOST_CHECK_EQUAL(all.at("model").as_string(), DigestByCoreutils());
  BOOST_CHECK_EQUAL(all.at("files").as_array().size(), 3U);
  BOOST_CHECK(!all.contains("all_files"));
}

BOOST_AUTO_TEST_CASE(tensors_are_counted_when_asked_for) {
  const Ran ran = carnet.Run({"digest", "model", "--tensors"});
  BOOST_CHECK(ran.out.find("model.safetensors: 2 tensors, 76 parameters "
                           "(element counts of the header: F32)") != std::string::npos);
  BOOST_CHECK(carnet.Run({"digest", "model"}).out.find("tensors") == ran.out.npos ||
              carnet.Run({"digest", "model"}).out.find("tensors     ") == ran.out.npos);
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const auto plain = Json({"model"});
  BOOST_CHECK_EQUAL(NamesIn(plain), "bytes files model not_covered oms_root warnings");
  BOOST_CHECK_EQUAL(plain.at("model").as_string(), DigestByCoreutils());
  BOOST_CHECK_EQUAL(NamesIn(plain.at("files").at(0)), "bytes path sha256");
  BOOST_CHECK_EQUAL(plain.at("not_covered").at(0).as_string(), ".git/");
  const auto tensors = Json({"model", "--tensors"});
  BOOST_CHECK_EQUAL(NamesIn(tensors),
                    "bytes executable_pickles files model not_covered oms_root unread_weights "
                    "warnings weight_sets");
  const auto& set = tensors.at("weight_sets").at(0);
  BOOST_CHECK_EQUAL(NamesIn(set), "dtypes elements packed parameters root set tensors");
  BOOST_CHECK_EQUAL(set.at("elements").to_number<int>(), 76);
  BOOST_CHECK_EQUAL(NamesIn(set.at("parameters")), "basis least most");
  BOOST_CHECK_EQUAL(set.at("parameters").at("least").to_number<int>(), 76);
  BOOST_CHECK_EQUAL(set.at("dtypes").at("F32").to_number<int>(), 76);
}

BOOST_AUTO_TEST_CASE(a_file_counts_under_its_name) {
  const auto json = Json({"model/config.json"});
  BOOST_CHECK_EQUAL(json.at("files").at(0).at("path").as_string(), "config.json");
}

BOOST_AUTO_TEST_CASE(links_count_only_when_followed) {
  std::filesystem::create_symlink("config.json", folder / "model/link.json");
  CheckFailed(carnet.Run({"digest", "model"}), 1, "link.json: is a symbolic link");
  BOOST_CHECK_EQUAL(Json({"model", "--follow"}).at("files").as_array().size(), 3U);
  std::filesystem::create_symlink("/etc/hostname", folder / "model/outside");
  CheckFailed(carnet.Run({"digest", "model", "--follow"}), 1, "outside the model");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_could_not_be_done) {
  CheckFailed(carnet.Run({"digest", "missing"}), 3, "missing");
  std::filesystem::create_directory(folder / "empty");
  CheckFailed(carnet.Run({"digest", "empty"}), 1, "empty: contains no files");
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_text_is_shown_as_bytes) {
  folder.Write("model/\xff.passport.sigstore.jsonl", "");
  const auto json = Json({"model"});
  BOOST_CHECK_EQUAL(json.at("not_covered").at(1).as_string(), "\\xff.passport.sigstore.jsonl");
  folder.Write("model/\xfe", "");
  CheckFailed(carnet.Run({"digest", "model"}), 1, "\\xfe\": is not UTF-8");
}

BOOST_AUTO_TEST_CASE(a_broken_weight_file_is_a_warning) {
  folder.Write("model/broken.safetensors", "short");
  const Ran ran = carnet.Run({"digest", "model", "--tensors"});
  CheckDone(ran);
  BOOST_CHECK(ran.err.find("carnet: warning: broken.safetensors: no tensor root") !=
              std::string::npos);
  BOOST_CHECK_EQUAL(Json({"model", "--tensors"}).at("warnings").as_array().size(), 1U);
}

// What `pickle.dumps(os.system)` gives, in a zip archive as PyTorch writes it.
BOOST_AUTO_TEST_CASE(an_executable_pickle_is_named_and_not_run) {
  MustRun("cd " + (folder / "model") +
          " && python3 -c \"import os, pickle, zipfile; "
          "zipfile.ZipFile('evil.pt', 'w').writestr('a/data.pkl', pickle.dumps(os.system, 2))\"");
  const Ran ran = carnet.Run({"digest", "model", "--tensors"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("not read    evil.pt, ") != std::string::npos);
  BOOST_CHECK(ran.out.find("executable  evil.pt: calls posix.system when it is loaded\n") !=
              std::string::npos);
  const auto json = Json({"model", "--tensors"});
  BOOST_CHECK_EQUAL(json.at("executable_pickles").at(0).as_string(), "evil.pt: calls posix.system");
  BOOST_CHECK_EQUAL(NamesIn(json.at("unread_weights").at(0)), "bytes path reason");
}

BOOST_AUTO_TEST_SUITE_END()
