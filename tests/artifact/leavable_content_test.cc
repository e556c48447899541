#include "artifact/leavable_content.h"

#include <fmt/core.h>

#include <algorithm>

#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
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

const std::string kPickle = "cos\nsystem\n(S'id'\ntR";

std::string At(size_t place, std::string content, const std::string& mark) {
  content.resize(std::max(content.size(), place + mark.size()), ' ');
  return content.replace(place, mark.size(), mark);
}

// A header as before POSIX, without a magic: only its checksum tells. Its name may begin a picture.
std::string OldTar(const std::string& name, bool with_signs = false) {
  std::string header = At(0, std::string(512, '\0'), name);
  header = At(100, header, "0000644");
  header = At(124, header, "00000000004");
  header = At(148, header, std::string(8, ' '));
  int sum = 0;
  for (const char c : header) sum += with_signs ? c : static_cast<unsigned char>(c);
  return At(148, header, fmt::format("{:06o}", sum) + '\0');
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
    {"pickle_that_goes_on_as_a_page", "README.md", "cposix\nsystem\n(S'id'\ntR# A model\n",
     "is a pickle"},
    {"pickle_with_blanks_in_a_number", "README.md", "I 5\n0cposix\nsystem\n(S'id'\ntR.",
     "is a pickle"},
    {"pickle_called_svg", "logo.svg", "cposix\nsystem\n(S'<svg/>'\ntR", "is a pickle"},
    {"control_of_two_bytes", "README.md", "text \u009b31m", "contains a control character"},
    {"the_first_control_of_two_bytes", "README.md", "\u0080", "contains a control character"},
    {"the_last_control_of_two_bytes", "README.md", "\u009f", "contains a control character"},
    {"next_line", ".gitignore", "a\u0085b", "contains a control character"},
    {"what_follows_the_controls", "README.md", "\u00a0\u00a9 \u0410\u041f \u2018x\u2019", ""},
    {"emoji", "README.md", "\U0001f469\u200d\U0001f4bb \u2764\ufe0f", ""},
    {"text_from_right_to_left", "README.md", "\u202b\u05d0\u202c \u200f", ""},
    {"long_text", "README.md", std::string((1 << 20) + 1, 'x'), "has over 1048576 bytes"},
    {"tar", "README.md", At(257, "name", "ustar"), "is a tar archive"},

    {"png", "logo.png", kPng, ""},
    {"jpeg", "logo.jpg", "\xff\xd8\xff\xe0 JFIF", ""},
    {"jpeg_of_another_ending", "logo.jpeg", "\xff\xd8\xff\xe1 Exif", ""},
    {"gif", "logo.gif", "GIF89a, and more", ""},
    {"real_gif", "logo.gif", "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!"s, ""},
    {"gif_as_tall_as_an_opcode", "logo.gif", "GIF89a\1\0\1(\xf7\0\0"s, ""},
    {"pickle_called_gif", "logo.gif", "GIF89a\0\0\0"s + kPickle, "is a pickle"},
    {"pickle_called_gif_87", "logo.gif", "GIF87a\0\0\0"s + kPickle + ".", "is a pickle"},
    {"pickle_behind_many_bytes_of_a_gif", "logo.gif",
     "GIF89a\1\0\1B\0\x10\0\0"s + std::string(4096, 'x') + kPickle, "is a pickle"},
    {"bytes_that_are_not_there", "logo.gif", "GIF89a\1\0\1B\xff\x10\0\0"s + kPickle, ""},
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
    {"old_tar_called_png", "logo.png", OldTar("\x89PNG\r\n\x1a\n"), "is a tar archive"},
    {"old_tar_called_gif", "logo.gif", OldTar("GIF89a"), "is a tar archive"},
    {"old_tar_called_pdf", "paper.pdf", OldTar("%PDF-1.7"), "is a tar archive"},
    {"old_tar_called_apple_double", "._x", OldTar("\0\5\x16\7"s), "is a tar archive"},
    {"old_tar_summed_with_signs", "logo.jpg", OldTar("\xff\xd8\xff", true), "is a tar archive"},
    {"old_tar_behind_a_picture", "logo.png", At(1024, kPng, OldTar("model.bin")),
     "is a tar archive"},
    {"old_tar_at_the_end", "logo.png", At(256 * 512, kPng, OldTar("model.bin")),
     "is a tar archive"},
    {"old_tar_of_another_sum", "logo.png", At(200, OldTar("\x89PNG\r\n\x1a\n"), "x"), ""},
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

// The octal number 10 is written in all these ways, and more than one program reads each.
BOOST_AUTO_TEST_CASE(a_tar_header_is_found_however_its_checksum_is_written) {
  const std::string header = OldTar("GIF89a");
  const std::string octal = header.substr(150, 4);
  BOOST_CHECK_EQUAL(header.substr(148, 6), "00" + octal);
  const long sum = std::stol(octal, nullptr, 8);
  const std::string binary =
      "\x80\0\0\0\0\0"s + static_cast<char>(sum >> 8) + static_cast<char>(sum & 0xff);
  for (const std::string& field :
       {"0000" + octal, octal + " \0  "s, "    " + octal, "\0\0\0\0"s + octal, "+000" + octal,
        "0o00" + octal, " 0O" + octal + " ", octal.substr(0, 2) + "_" + octal.substr(2) + " \0 "s,
        octal + "xyz ", binary}) {
    BOOST_REQUIRE_EQUAL(field.size(), 8u);
    REQUIRE_VALUE(const std::string why, WhyNot("logo.gif", At(148, header, field)));
    BOOST_CHECK_MESSAGE(why == "is a tar archive", field);
  }
  for (const std::string& field : {std::string(8, ' '), std::string(8, '\0'), "0001" + octal,
                                   octal + "7   ", "-000" + octal, "x000" + octal}) {
    REQUIRE_VALUE(const std::string why, WhyNot("logo.gif", At(148, header, field)));
    BOOST_CHECK_MESSAGE(why.empty(), field << ": " << why);
  }
}

// As tar itself writes them, with every format that it has.
BOOST_DATA_TEST_CASE(what_tar_writes_is_found, data::make({"v7", "oldgnu", "gnu", "ustar", "pax"}),
                     format) {
  test::ScratchFolder folder;
  folder.Write("GIF89a", "weights");
  const std::string archive =
      test::MustRun("tar -C " + folder.str() + " -c --format=" + format + " GIF89a");
  REQUIRE_VALUE(const std::string why, WhyNot("logo.gif", archive));
  const bool begins_otherwise = std::string_view(format) == "pax";  // with a header of its own
  BOOST_CHECK_EQUAL(why, begins_otherwise && !archive.starts_with("GIF89a") ? "is not a GIF picture"
                                                                            : "is a tar archive");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_an_error) {
  const auto fails = [](uint64_t, std::span<uint8_t>) -> Result<> { return Io("gone"); };
  CHECK_ERROR(WhyNotLeavable("README.md", fails, 5), ErrorCode::kIo, "gone");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
