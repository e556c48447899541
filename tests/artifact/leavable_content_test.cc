#include "artifact/leavable_content.h"

#include <algorithm>

#include "artifact/text_pickle.h"
#include "tests/support/command.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

namespace data = boost::unit_test::data;
using namespace std::string_literals;

Result<std::string> WhyNot(std::string_view path, const std::string& content) {
  const auto read = [&](uint64_t offset, std::span<uint8_t> into) -> Result<> {
    BOOST_REQUIRE_LE(offset + into.size(), content.size());
    std::copy_n(content.begin() + static_cast<ptrdiff_t>(offset), into.size(), into.begin());
    return Ok();
  };
  return WhyNotLeavable(path, read, content.size());
}

struct Sample {
  const char* label;
  const char* path;
  std::string content;
  const char* why;  // a part of it; empty: it may be left out
};
std::ostream& operator<<(std::ostream& out, const Sample& sample) { return out << sample.label; }

const std::string kPng = "\x89PNG\r\n\x1a\n" + std::string(600, 'p');
const std::string kPdf = "%PDF-1.7\n" + std::string(600, ' ');
// Of formats that are found anywhere: the end of a zip archive's directory, an HDF5 file behind a
// block of the user's, the magic of a tar archive's first header.
const std::string kZipEnd = "PK\x05\x06" + std::string(18, '\0');
const std::string kHdf5 = "\x89HDF\r\n\x1a\n";

std::string At(size_t place, std::string content, const std::string& mark) {
  content.resize(std::max(content.size(), place + mark.size()), ' ');
  return content.replace(place, mark.size(), mark);
}

const std::vector<Sample> kSamples = {
    {"front_matter", "README.md", "---\nlicense: mit\n---\n# A model \u00fcber alles\n", ""},
    {"with_a_mark", "README.md", "\xef\xbb\xbf# A model\r\n", ""},
    {"empty", "README.md", "", ""},
    {"form_feed", "LICENSE", "1.\tGrant\n\f2. More\n", ""},
    {"latin_1", "README.md", "caf\xe9\n", "is not UTF-8"},
    {"a_nul", "README.md", "text\0text"s, "contains a control character"},
    {"an_escape", "README.md", "\x1b[2Jtext", "contains a control character"},
    {"script", "README.md", "#!/bin/sh\n", "is a script"},
    {"script_behind_a_mark", "README.md", "\xef\xbb\xbf#!/bin/sh\n", "is a script"},
    {"elf", "README.md",
     "\x7f"
     "ELF\x02\x01\x01",
     "contains a control character"},
    {"safetensors", "README.md", "\x02\0\0\0\0\0\0\0{}"s, "contains a control character"},
    {"gguf", "README.md", "GGUF\x03\0\0\0"s, "contains a control character"},
    {"zip", "README.md", "PK\x03\x04", "contains a control character"},
    {"binary_pickle", "README.md", "\x80\x02}q\0."s, "is not UTF-8"},
    {"onnx", "README.md", "\x08\x07\x12\x07pytorch", "contains a control character"},
    {"text_pickle", "README.md", "cposix\nsystem\np0\n(S'id'\ntR.", "is a pickle"},
    {"long_text", "README.md", std::string((1 << 20) + 1, 'x'), "has over 1048576 bytes"},
    {"tar", "README.md", At(257, "name", "ustar"), "is a tar archive"},

    {"png", "logo.png", kPng, ""},
    {"jpeg", "logo.jpg", "\xff\xd8\xff\xe0 JFIF", ""},
    {"jpeg_of_another_ending", "logo.jpeg", "\xff\xd8\xff\xe1 Exif", ""},
    {"gif", "logo.gif", "GIF89a, and more", ""},
    {"webp", "logo.webp", "RIFF\x10\0\0\0WEBPVP8 "s, ""},
    {"svg", "logo.svg", "\n<svg xmlns='http://www.w3.org/2000/svg'/>", ""},
    {"pdf", "paper.pdf", kPdf, ""},
    {"jpeg_called_png", "logo.png", "\xff\xd8\xff\xe0 JFIF", "is not a PNG picture"},
    {"empty_png", "logo.png", "", "is not a PNG picture"},
    {"wave_called_webp", "logo.webp", "RIFF\x10\0\0\0WAVEfmt "s, "is not a WebP picture"},
    {"short_webp", "logo.webp", "RIFF", "is not a WebP picture"},
    {"safetensors_called_png", "logo.png", "\x02\0\0\0\0\0\0\0{}"s, "is not a PNG picture"},
    {"gguf_called_jpeg", "logo.jpeg", "GGUF\x03\0\0\0"s, "is not a JPEG picture"},
    {"python_called_svg", "logo.svg", "import os\n", "is not an SVG picture"},
    {"pdf_that_begins_later", "paper.pdf", "x" + kPdf, "is not a PDF document"},
    {"zip_behind_a_picture", "logo.png", kPng + kZipEnd, "is a zip archive"},
    {"zip_with_a_comment", "logo.png", kPng + kZipEnd + std::string(65'535, 'c'),
     "is a zip archive"},
    {"zip_behind_a_page", "paper.pdf", kPdf + kZipEnd, "is a zip archive"},
    {"hdf5_behind_a_picture", "logo.png", At(512, kPng, kHdf5), "is an HDF5 file"},
    {"hdf5_far_behind_a_picture", "logo.png", At(4096, kPng, kHdf5), "is an HDF5 file"},
    {"hdf5_at_the_very_end", "logo.png", At(1024, kPng, kHdf5), "is an HDF5 file"},
    {"tar_that_begins_as_a_picture", "logo.png", At(257, kPng, "ustar\0"s), "is a tar archive"},
    {"large_picture", "logo.png", At(16 << 20, kPng, "x"), "has over 16777216 bytes"},

    {"apple_double", "._model.safetensors", "\0\x05\x16\x07\0\x02\0\0Mac OS X"s, ""},
    {"weights_called_apple_double", "._model.safetensors", "\x02\0\0\0\0\0\0\0{}"s,
     "is not an AppleDouble file"},
    {"code_called_apple_double", "._x.py", "import os\n", "is not an AppleDouble file"},
    {"picture_called_apple_double", "._logo.png", kPng, "is not an AppleDouble file"},
    {"finder_store", "sub/.DS_Store",
     "\0\0\0\x01"
     "Bud1\0\0"s,
     ""},
    {"text_called_finder_store", ".DS_Store", "Bud1", "is not a .DS_Store file"},
    {"thumbnails", "Thumbs.db", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 pictures", ""},
    {"sqlite_called_thumbnails", "Thumbs.db", "SQLite format 3\0"s, "is not a Thumbs.db file"},
    {"settings", "desktop.ini", "[.ShellClassInfo]\r\n", ""},
    {"settings_in_utf_16", "desktop.ini", "\xff\xfe[\0.\0\r\0\n\0"s, ""},
    {"half_a_character", "desktop.ini", "\xff\xfe[\0."s, "is not UTF-8"},
    {"utf_16_with_a_nul", "desktop.ini", "\xff\xfe[\0\0\0"s, "is not UTF-8"},
    {"utf_16_elsewhere", "README.md", "\xff\xfe[\0"s, "is not UTF-8"},
};

BOOST_AUTO_TEST_SUITE(leavable_content)

BOOST_DATA_TEST_CASE(is_what_the_name_promises_or_must_be_covered, data::make(kSamples)) {
  REQUIRE_VALUE(const std::string why, WhyNot(sample.path, sample.content));
  if (*sample.why == '\0') {
    BOOST_CHECK_EQUAL(why, "");
  } else {
    BOOST_CHECK_MESSAGE(why.find(sample.why) != why.npos, "\"" << why << "\"");
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_an_error) {
  const auto fails = [](uint64_t, std::span<uint8_t>) -> Result<> { return Io("gone"); };
  CHECK_ERROR(WhyNotLeavable("README.md", fails, 5), ErrorCode::kIo, "gone");
}

// What Python itself takes for a pickle, and runs.
BOOST_AUTO_TEST_CASE(text_that_python_unpickles_is_a_pickle) {
  for (const char* program :
       {"os.system", "collections.OrderedDict(a=1, b=[2.5, None, 'text', 2**70, (1, 2)])",
        "[collections.deque([1]), {'k': True}]", "argparse.Namespace(x='\\u00fc')"}) {
    const std::string text = test::MustRun(
        "python3 -c \"import argparse, collections, os, pickle, sys; "
        "sys.stdout.buffer.write(pickle.dumps(" +
        std::string(program) + ", 0))\"");
    BOOST_CHECK_MESSAGE(BeginsWithTextPickle(text), program << ": " << text);
    BOOST_CHECK(BeginsWithTextPickle(text + "# A model\n"));
  }
}

BOOST_AUTO_TEST_CASE(opcodes_of_later_protocols_inside_characters_count) {
  // K and a byte, NEWOBJ's kin and STACK_GLOBAL as continuation bytes: valid UTF-8.
  BOOST_CHECK(BeginsWithTextPickle("S'os'\nS'system'\nK\xc2\x93."));
}

BOOST_DATA_TEST_CASE(prose_is_no_pickle,
                     data::make({"# A model\n", "A model.\n", "I love it.\n", "Llama 3.\n",
                                 "Fine-tuned.\n", "(see below)\n.", "cats and dogs\nlive here\n.",
                                 "c\n\n.", "it is a\nmodel.\n", "2.\n", "N.", "(.", "---\na: b\n"}),
                     text) {
  BOOST_CHECK(!BeginsWithTextPickle(text));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
