// Expected of pickles: what Python's two readers do with them (unpickle_reference.py).
#include "artifact/runnable_pickle.h"

#include <filesystem>
#include <sstream>

#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {

std::ostream& operator<<(std::ostream& out, PickleScan scan) {
  return out << (scan == PickleScan::kRuns       ? "runs"
                 : scan == PickleScan::kHarmless ? "harmless"
                                                 : "wants more");
}

namespace {

namespace data = boost::unit_test::data;
using namespace std::string_literals;

PickleScan Whole(std::string_view content) { return ScanForPickle(content, Extent::kWholeFile); }

struct Program {
  const char* label;
  std::string content;
};
std::ostream& operator<<(std::ostream& out, const Program& each) { return out << each.label; }

const std::string kCall = "cos\nsystem\n(S'id'\ntR";

// Python 3 runs each of these.
const std::vector<Program> kRun = {
    {"whole", kCall + "."},
    {"without_stop", kCall},
    {"before_a_page", kCall + "# A model\n\nIt is a model.\n"},
    {"before_no_opcode", kCall + "\xff"},
    {"blank_before_a_number", "I 5\n0" + kCall},
    {"blank_after_a_number", "I5 \n0" + kCall},
    {"other_blanks", "I\t\v\f5\r\n0" + kCall},
    {"number_with_a_sign", "I+5\n0" + kCall},
    {"number_with_underscores", "I1_000\n0" + kCall},
    {"hexadecimal", "I0xFf\n0" + kCall},
    {"octal", "I0o17\n0" + kCall},
    {"binary", "I0b101\n0" + kCall},
    {"long", "L-12345678901234567890123L\n0" + kCall},
    {"long_with_a_base", "L0xdeadbeefL\n0" + kCall},
    {"boolean", "I01\n0" + kCall},
    {"number_before_a_nul", "I5\0 and a sentence\n0"s + kCall},
    {"float_of_digits", "F 1_0.5e-3 \n0" + kCall},
    {"float_infinity", "F-iNfInItY\n0" + kCall},
    {"float_nan", "Fnan\n0" + kCall},
    {"float_of_a_point", "F.5\n0" + kCall},
    {"text", "Va page of text\n0" + kCall},
    {"persistent_id", "Pa page of text\n0" + kCall},
    {"memo", "I1\np 7 \n0g 7 \n0" + kCall},
    {"instance", "(S'id'\nios\nsystem\n"},
    {"instance_at_the_very_end", "(S'id'\nios\nsystem;"},
    {"object", "(cos\nsystem\nS'id'\no"},
    {"new_object", "cos\nsystem\n)\x81"},
    {"new_object_with_keywords", "cos\nsystem\n)}\x92"},
    {"state_of_a_class", "cos\nsystem\n}S'a'\nS'b'\nsb"},
    {"append_to_a_named_list", "csys\npath\nS'/tmp'\na"},
    {"appends_to_a_named_list", "csys\npath\n(S'/tmp'\ne"},
    {"item_of_a_named_dict", "cos\nenviron\nS'PATH'\nS'/tmp'\ns"},
    {"items_of_a_named_dict", "cos\nenviron\n(S'PATH'\nS'/tmp'\nu"},
    {"member_of_a_named_set", "cos\nx\n(S'a'\n\x90"},
    {"name_from_the_stack", "S'os'\nS'system'\n\x93(S'id'\ntR"},
    {"opcode_inside_a_character", "S'os'\nS'system'\nq\xc2\x93(S'id'\ntR"},
    {"name_from_the_memo", "cos\nsystem\np0\n0g0\n(tR"},
    {"name_twice", "cos\nsystem\n2(tR"},
    {"name_below_dropped_things", "cos\nsystem\n(N1(S'id'\ntR"},
    {"second_pickle", "I1\n." + kCall},
    {"third_pickle", "(d.N." + kCall},
    {"pickle_after_a_name", "cos\nsystem\n." + kCall},
    {"protocol_and_frame", "\x80\4\x95\x10\0\0\0\0\0\0\0"s + "cos\nsystem\n)R.  "},
    {"frame_beyond_the_end", "\x95\x7f\0\0\0\0\0\0\0"s + kCall},
    {"picture", "GIF89a\1\0\1"s + kCall},
    {"long_picture", "GIF89a\1\0\1X\0\2\0\0"s + std::string(512, 'x') + kCall},
};

// Python 3 fails before anything runs, or nothing is named.
const std::vector<Program> kHarmless = {
    {"nothing", ""},
    {"value", "I5\n."},
    {"name", "cos\nsystem\n"},
    {"name_and_stop", "cos\nsystem\n."},
    {"call_of_a_text", "S'os.system'\n(S'id'\ntR."},
    {"call_without_arguments", "cos\nsystem\nR"},
    {"call_without_mark", "cos\nsystem\nS'id'\nt"},
    {"state_of_nothing", "build\nios\nsystem\n"},
    {"instance_without_mark", "ios\nsystem\n"},
    {"object_without_class", "cos\nsystem\n(o"},
    {"append_to_nothing", "archive\n" + kCall},
    {"list_of_names", "(cos\nsystem\nlcos\npath\na"},
    {"number_in_words", "Ifive\n0" + kCall},
    {"float_in_words", "Finance\n0" + kCall},
    {"two_numbers", "I5 6\n0" + kCall},
    {"text_without_quotation", "Some\n0" + kCall},
    {"text_beyond_the_end", "X\xff\0\0\0"s + kCall},
    {"no_opcode", "# " + kCall},
    {"mark_of_utf_8", "\xef\xbb\xbf" + kCall},
    {"png", "\x89PNG\r\n\x1a\n" + kCall},
    {"jpeg", "\xff\xd8\xff" + kCall},
    {"pdf", "%PDF-1.7\n" + kCall},
    {"webp", "RIFF....WEBP" + kCall},
    {"gif", "GIF89a\xff\0\xff\0\xf7\0\0"s},
};

std::vector<std::string> LinesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

BOOST_AUTO_TEST_SUITE(runnable_pickle)

BOOST_DATA_TEST_CASE(what_python_runs_is_found, data::make(kRun)) {
  BOOST_CHECK_EQUAL(Whole(sample.content), PickleScan::kRuns);
}

BOOST_DATA_TEST_CASE(what_python_does_not_run_is_none, data::make(kHarmless)) {
  BOOST_CHECK_EQUAL(Whole(sample.content), PickleScan::kHarmless);
}

BOOST_AUTO_TEST_CASE(python_says_the_same_of_each) {
  test::ScratchFolder folder;
  for (const auto* programs : {&kRun, &kHarmless}) {
    for (const Program& each : *programs) {
      folder.Write(std::string(programs == &kRun ? "runs_" : "harmless_") + each.label,
                   each.content);
    }
  }
  const auto script = test::SourceFolder() / "tests/artifact/unpickle_reference.py";
  const auto lines =
      LinesOf(test::MustRun("python3 -W ignore " + script.string() + " " + folder.str()));
  BOOST_CHECK_EQUAL(lines.size(), kRun.size() + kHarmless.size());
  for (const std::string& line : lines) {
    const std::string verdict = line.substr(line.find(' ') + 1);
    BOOST_CHECK_MESSAGE(line.starts_with(verdict + "_"), line);
  }
}

// What Python itself writes.
BOOST_AUTO_TEST_CASE(objects_that_python_pickles_are_found) {
  for (const char* program :
       {"os.system", "collections.OrderedDict(a=1, b=[2.5, None, 'text', 2**70, (1, 2)])",
        "[collections.deque([1]), {'k': True}]", "argparse.Namespace(x='\\u00fc')"}) {
    const std::string text = test::MustRun(
        "python3 -c \"import argparse, collections, os, pickle, sys; "
        "sys.stdout.buffer.write(pickle.dumps(" +
        std::string(program) + ", 0))\"");
    BOOST_CHECK_EQUAL(Whole(text), PickleScan::kRuns);
    BOOST_CHECK_EQUAL(Whole(text + "# A model\n"), PickleScan::kRuns);
  }
}

// Texts are places in the memo of Python 2, and a call may reach below a mark.
BOOST_AUTO_TEST_CASE(what_only_python_2_runs_is_found) {
  BOOST_CHECK_EQUAL(Whole("I1\npa place\n0" + kCall), PickleScan::kRuns);
  BOOST_CHECK_EQUAL(Whole("I5L\n0" + kCall), PickleScan::kRuns);
  BOOST_CHECK_EQUAL(Whole("cos\nsystem\n(R"), PickleScan::kRuns);
  BOOST_CHECK_EQUAL(Whole("S'x' \n0" + kCall), PickleScan::kRuns);
}

// Nothing runs, but the program that reads it is given what the pickle names.
BOOST_AUTO_TEST_CASE(a_whole_pickle_that_holds_a_name_is_found) {
  BOOST_CHECK_EQUAL(Whole("(cos\nsystem\nl."), PickleScan::kRuns);
  BOOST_CHECK_EQUAL(Whole("cos\nsystem\np0\n."), PickleScan::kRuns);
}

// Read from memory, C takes eight bytes of its float from behind the frame, and then sets an item.
BOOST_AUTO_TEST_CASE(a_frame_that_is_read_in_two_ways_is_found) {
  const std::string frame = "\x95\5\0\0\0\0\0\0\0"s;
  BOOST_CHECK_EQUAL(Whole("cos\nsystem\n" + frame + "2G12345678\x90" + "cosystem\n"),
                    PickleScan::kRuns);
}

BOOST_AUTO_TEST_CASE(a_head_wants_more_wherever_it_ends) {
  const std::string program =
      "I5\n0\x8c\3abc0X\2\0\0\0ab0G\0\0\0\0\0\0\0\0"s
      "0cos\nsystem\n(S'id'\nt";
  for (size_t size = 0; size <= program.size(); ++size) {
    BOOST_CHECK_EQUAL(ScanForPickle(program.substr(0, size), Extent::kHead),
                      PickleScan::kWantsMore);
  }
  BOOST_CHECK_EQUAL(ScanForPickle(program + "R", Extent::kHead), PickleScan::kRuns);
  BOOST_CHECK_EQUAL(ScanForPickle("GIF89a\xff\0\xff\0\xf7"s, Extent::kHead), PickleScan::kHarmless);
}

// How real pages, licences and lists of files begin, and what looks like one.
const std::vector<std::string> kHonest = {
    "coverage.html\ncoverage.txt\ncoverage.out\n.DS_Store\n.history/\ngo.sum",  // Go's tea
    "coverage\nnode_modules\n.env\n",
    "build\nios\nandroid\n.gradle\n",
    "Pods/\nPackages/\nbuild/\n.swiftpm\n",
    "lib/\nbin/\ndist/\n",
    "a.out\n*.o\n",
    "tmp\nlog\n",
    "*.safetensors filter=lfs diff=lfs merge=lfs -text\n",
    "* text=auto\n",
    "(The MIT License)\n\nCopyright (c) 2009-2014 TJ Holowaychuk\n",
    "(i) The licensee may\nnot\n",
    "Copyright 2008 Google Inc.  All rights reserved.\n",
    "Copyright (c) 2012-2013\nThe Go Authors\n",
    "                                 Apache License\n                           Version 2.0\n",
    "                    GNU GENERAL PUBLIC LICENSE\n",
    "This is the Debian GNU/Linux prepackaged version of\nTar.\n",
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n",
    "Metadata-Version: 2.1\nName: pip\n",
    "pip - The Python Package Installer\n==================================\n",
    "colorama\n========\n\nMakes ANSI escape sequences work\n",
    "certifi\nis a bundle\n",
    "google/jax\n\nReference implementation\n",
    "V100 benchmarks\nResults\n",
    "I\nRead\n",
    "Project\nNotes\nbuild\n",
    "}\n",
    "]\n",
    "))\n",
    "1. One\n2. Two\n",
    "N/A\n",
    "TBD\n",
    "UNLICENSED\n",
    "Licence\n",
    "License\n",
    "LICENSE\n",
    "Index\n",
    "Introduction\n",
    "Features\n",
    "Finance\n",
    "# A model\n",
    "A model.\n",
    "I love it.\n",
    "Llama 3.\n",
    "Fine-tuned.\n",
    "(see below)\n.",
    "cats and dogs\nlive here\n.",
    "c\n\n.",
    "it is a\nmodel.\n",
    "2.\n",
    "N.",
    "(.",
    "---\na: b\n",
};

BOOST_DATA_TEST_CASE(prose_is_no_pickle, data::make(kHonest)) {
  BOOST_CHECK_EQUAL(Whole(sample), PickleScan::kHarmless);
}

// Those of the Debian system that the tests run on, whole.
BOOST_AUTO_TEST_CASE(no_licence_is_a_pickle) {
  size_t licences = 0;
  for (const auto& file : std::filesystem::directory_iterator("/usr/share/common-licenses")) {
    BOOST_CHECK_EQUAL(Whole(test::Slurp(file.path())), PickleScan::kHarmless);
    ++licences;
  }
  BOOST_CHECK_GE(licences, 10u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
