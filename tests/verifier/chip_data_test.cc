// The shipped catalogue and its names as data, read here with nothing but commas: what must hold of
// any table of dense peaks, whoever made it.
#include <map>
#include <set>
#include <sstream>

#include "tests/support/test.h"
#include "verifier/compute/chips.h"

namespace carnet::verifier::compute {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> RowsOf(std::string_view csv) {
  std::istringstream lines{std::string(csv)};
  std::vector<Row> rows;
  for (std::string line; std::getline(lines, line);) {
    BOOST_REQUIRE_MESSAGE(line.find('"') == line.npos, line);
    Row row(1);
    for (const char c : line) {
      if (c == ',') {
        row.emplace_back();
      } else {
        row.back() += c;
      }
    }
    rows.push_back(row);
  }
  rows.erase(rows.begin());  // the header
  return rows;
}

// In FLOP/s by chip and precision; without those that are unknown.
std::map<std::string, std::map<std::string, double>> Peaks() {
  std::map<std::string, std::map<std::string, double>> peaks;
  for (const Row& row : RowsOf(ChipsCsv())) {
    if (row[4] != "unknown") peaks[row[0]][row[3]] = std::stod(row[4]);
  }
  return peaks;
}

std::string LettersAndDigits(const std::string& text) {
  std::string folded;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      folded += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return folded;
}

BOOST_AUTO_TEST_SUITE(chip_data)

BOOST_AUTO_TEST_CASE(each_chip_has_each_precision_once_and_one_maker) {
  std::set<std::pair<std::string, std::string>> seen;
  std::map<std::string, std::pair<std::string, std::string>> chips;
  for (const Row& row : RowsOf(ChipsCsv())) {
    BOOST_REQUIRE_EQUAL(row.size(), 10u);
    BOOST_CHECK_MESSAGE(seen.emplace(row[0], row[3]).second, row[0] << ' ' << row[3]);
    const auto chip = chips.try_emplace(row[0], row[1], row[2]).first->second;
    BOOST_CHECK_MESSAGE(chip == std::make_pair(row[1], row[2]), row[0]);
  }
  BOOST_CHECK_GE(chips.size(), 180u);
}

// Fewer bits are never slower, and two of the same width differ by a known factor at most: a sparse
// figure beside a dense one, or a vector unit's beside a matrix unit's, would not fit.
BOOST_AUTO_TEST_CASE(peaks_of_one_chip_fit_each_other) {
  struct Step {
    const char* wide;
    const char* narrow;
    double most;  // times
  };
  constexpr Step kSteps[] = {{"fp64", "fp32", 64.1}, {"fp32", "tf32", 18.2}, {"tf32", "bf16", 4.01},
                             {"bf16", "fp16", 2.01}, {"bf16", "fp8", 4.01},  {"fp16", "fp8", 3.76},
                             {"fp8", "fp6", 2.02},   {"fp8", "fp4", 3.2},    {"bf16", "int8", 4.01},
                             {"fp16", "int8", 4.01}};
  const std::set<std::string> few_integer_units = {"b300", "gb300"};
  size_t compared = 0;
  for (const auto& [chip, peaks] : Peaks()) {
    for (const Step& step : kSteps) {
      const auto wide = peaks.find(step.wide);
      const auto narrow = peaks.find(step.narrow);
      if (wide == peaks.end() || narrow == peaks.end()) continue;
      const bool integers = std::string(step.narrow) == "int8";
      if (integers && few_integer_units.contains(chip)) continue;
      ++compared;
      const double times = narrow->second / wide->second;
      // Data sheets round.
      BOOST_CHECK_MESSAGE(times >= 0.985 && times <= step.most,
                          chip << ": " << step.narrow << " is " << times << " x " << step.wide);
    }
  }
  BOOST_CHECK_GE(compared, 400u);
}

BOOST_AUTO_TEST_CASE(nothing_is_faster_than_what_is_built) {
  for (const auto& [chip, peaks] : Peaks()) {
    for (const auto& [precision, peak] : peaks) {
      BOOST_CHECK_MESSAGE(peak >= 1e10 && peak <= 2e16, chip << ' ' << precision << ' ' << peak);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_alias_leads_somewhere_and_to_one_place) {
  std::set<std::string> ids;
  std::set<std::string> families;
  for (const Row& row : RowsOf(ChipsCsv())) {
    ids.insert(row[0]);
    families.insert(row[1]);
  }
  std::map<std::string, std::string> led_to;  // by letters and digits
  for (const std::string& id : ids) led_to.emplace(LettersAndDigits(id), id);
  BOOST_CHECK_EQUAL(led_to.size(), ids.size());
  // A family's own name is for all of its variants.
  for (const std::string& family : families) led_to.try_emplace(LettersAndDigits(family), family);
  std::set<std::string> lower;
  const auto rows = RowsOf(ChipAliasesCsv());
  BOOST_CHECK_GE(rows.size(), 450u);
  for (const Row& row : rows) {
    BOOST_REQUIRE_EQUAL(row.size(), 3u);
    BOOST_CHECK_MESSAGE(ids.contains(row[1]) || families.contains(row[1]), row[1]);
    const std::string folded = LettersAndDigits(row[0]);
    const auto first = led_to.try_emplace(folded, row[1]).first;
    BOOST_CHECK_MESSAGE(first->second == row[1], row[0] << " is " << first->second << " too");
    BOOST_CHECK_MESSAGE(!ids.contains(row[0]), row[0]);
    std::string small = row[0];
    for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    BOOST_CHECK_MESSAGE(lower.insert(small).second, row[0]);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::compute
