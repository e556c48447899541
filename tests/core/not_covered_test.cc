#include "core/not_covered.h"

#include <fnmatch.h>

#include <algorithm>

#include "tests/support/test.h"

namespace carnet {
namespace {

namespace data = boost::unit_test::data;

using Views = std::vector<std::string_view>;

Result<NotCovered> Of(const char* pattern) { return NotCovered::Of(Views{pattern}); }

// What a model is made of: weights, configuration, tokenizers, templates, prompts, code.
const std::vector<std::string> kContent = {"model.safetensors",
                                           "model.safetensors.index.json",
                                           "pytorch_model.bin",
                                           "x.pt",
                                           "x.pth",
                                           "x.ckpt",
                                           "x.gguf",
                                           "x.onnx",
                                           "x.h5",
                                           "x.npz",
                                           "x.pkl",
                                           "weights",
                                           "config.json",
                                           "generation_config.json",
                                           "tokenizer.json",
                                           "tokenizer.model",
                                           "tokenizer_config.json",
                                           "spiece.model",
                                           "vocab.txt",
                                           "merges.txt",
                                           "special_tokens_map.json",
                                           "chat_template.jinja",
                                           "chat_template.json",
                                           "SYSTEM_PROMPT.txt",
                                           "prompt"
                                           ".md",
                                           "AGENTS"
                                           ".md",
                                           "modeling_x.py",
                                           "__init__.py",
                                           "custom.so",
                                           "run.sh",
                                           "Makefile",
                                           "pyproject.toml",
                                           "recipe.yaml",
                                           "setup.cfg",
                                           "params.ini",
                                           "a.zip",
                                           "readme.md",
                                           "README.MD",
                                           "Readme.md",
                                           "README",
                                           "README.txt",
                                           "README.md.py",
                                           "xREADME"
                                           ".md",
                                           "README-x"
                                           ".md",
                                           ".gitattributes.json",
                                           ".gitmodules",
                                           "_x",
                                           "x._y",
                                           "thumbs.db",
                                           "LICENSE.py",
                                           "LICENSE2",
                                           "licence",
                                           "NOTICE.json",
                                           "logo.png.safetensors",
                                           "logo.PNG",
                                           "logo.tiff",
                                           "logo.bmp",
                                           "png",
                                           ".",
                                           "README.md/x",
                                           ".DS_Store/x",
                                           ""};

// Any name that a pattern of the list matches.
const std::vector<std::string> kLeavable = {"._config.json", "._",
                                            ".DS_Store",     ".gitattributes",
                                            ".gitignore",    "README.md",
                                            "README_zh.md",  "README_.md",
                                            "Thumbs.db",     "desktop.ini",
                                            "LICENSE",       "LICENSE.md",
                                            "LICENSE.txt",   "NOTICE",
                                            "NOTICE.md",     "NOTICE.txt",
                                            "USE_POLICY.md", "a.gif",
                                            "a b.jpeg",      ".jpg",
                                            "x/y/z.pdf",     "logo.png",
                                            "a*b.svg",       "sub/logo.webp",
                                            "sub/README.md", "README.md/README.md"};

BOOST_AUTO_TEST_SUITE(not_covered)

BOOST_DATA_TEST_CASE(never_matches_what_a_model_is_made_of, data::make(kContent), path) {
  BOOST_CHECK(NotCovered::Matching(path).empty());
  BOOST_CHECK(NotCovered::Matching("folder/" + path).empty());
  BOOST_CHECK(!NotCovered::All().Matches(path));
}

BOOST_DATA_TEST_CASE(matches_documents_pictures_and_system_files, data::make(kLeavable), path) {
  BOOST_CHECK(NotCovered::All().Matches(path));
  BOOST_CHECK(!NotCovered().Matches(path));
}

// The C library's matcher, as `find -name` uses it.
BOOST_AUTO_TEST_CASE(matches_as_find_does) {
  std::vector<std::string> paths = kContent;
  paths.insert(paths.end(), kLeavable.begin(), kLeavable.end());
  size_t matches = 0;
  for (const std::string_view pattern : NotCovered::All().patterns()) {
    const auto alone = Of(std::string(pattern).c_str());
    BOOST_REQUIRE(alone.has_value());
    for (const std::string& path : paths) {
      const std::string name = path.substr(path.rfind('/') + 1);
      const bool expected = ::fnmatch(std::string(pattern).c_str(), name.c_str(), 0) == 0;
      BOOST_CHECK_MESSAGE(alone->Matches(path) == expected, pattern << " and " << path);
      matches += expected ? 1 : 0;
    }
  }
  BOOST_CHECK_GE(matches, kLeavable.size());
}

BOOST_DATA_TEST_CASE(refuses_every_pattern_that_is_not_in_the_list,
                     data::make({"",           "*",           "**",           "*.*",
                                 "*.md",       "*.txt",       "*.json",       "*.safetensors",
                                 "*.py",       "*.jinja",     "*.model",      "*.bin",
                                 "*.PNG",      "*.pn?",       "*.[p]ng",      "README*",
                                 "README.m*",  "readme.md",   "README.md ",   " README.md",
                                 "/README.md", "./README.md", "**/README.md", "docs/*.png",
                                 "._",         "*/README.md", "LICENSE*",     ".*",
                                 "config.json"}),
                     pattern) {
  CHECK_ERROR(Of(pattern), ErrorCode::kMalformed,
              "[0]: not a pattern of files that may be left out");
}

BOOST_AUTO_TEST_CASE(refuses_a_pattern_with_a_nul) {
  CHECK_ERROR(NotCovered::Of(Views{std::string_view("README.md\0", 10)}), ErrorCode::kMalformed,
              "not a pattern");
}

BOOST_AUTO_TEST_CASE(refuses_a_pattern_stated_twice) {
  CHECK_ERROR(NotCovered::Of(Views{"README.md", "*.png", "README.md"}), ErrorCode::kMalformed,
              "[2]: appears more than once");
}

BOOST_AUTO_TEST_CASE(gives_back_what_it_was_made_of_in_order) {
  const auto some = NotCovered::Of(Views{"README.md", "*.png", ".DS_Store"});
  BOOST_REQUIRE(some.has_value());
  BOOST_CHECK(some->patterns() == (Views{"*.png", ".DS_Store", "README.md"}));
  BOOST_CHECK(some->With(*Of("*.pdf")).patterns() ==
              (Views{"*.pdf", "*.png", ".DS_Store", "README.md"}));
  BOOST_CHECK(some->InBoth(*Of("*.png")).patterns() == (Views{"*.png"}));
}

// Nobody has to ask for these: hubs and systems add them by themselves. A licence is not among
// them, as somebody chose it.
BOOST_AUTO_TEST_CASE(leaves_out_by_default_only_what_is_added_unasked) {
  BOOST_CHECK(NotCovered::Shipped().patterns() ==
              (Views{".DS_Store", "._*", ".gitattributes", ".gitignore", "README.md", "Thumbs.db",
                     "desktop.ini"}));
}

BOOST_AUTO_TEST_CASE(a_name_has_one_kind_whatever_is_asked_for) {
  BOOST_CHECK(LeavableKindOf("._logo.png") == LeavableKind::kAppleDouble);
  BOOST_CHECK(LeavableKindOf("sub/logo.png") == LeavableKind::kPng);
  BOOST_CHECK(LeavableKindOf("README.md") == LeavableKind::kText);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
