// The ceilings of R33: the chip catalogue, read strictly, and CPUs with their limits. Expected
// peaks are the dense ones in vendors' data sheets.
#include "tests/support/test.h"

#include "schemas/enums.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/chips.h"
#include "verifier/compute/cpu_tiles.h"

namespace carnet::verifier::compute {
namespace {

constexpr std::string_view kHeader =
    "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note\n";
constexpr std::string_view kRow = "x1,x,acme,bf16,100,dense,epoch,2026-07-06,high,\n";

schemas::Precision P(std::string_view name) { return schemas::ParsePrecision(name).value(); }

Result<Catalogue> Parse(const std::string& rows) {
  return Catalogue::Parse(std::string(kHeader) + rows, "chips.csv");
}

std::string Row(std::string_view from, std::string_view to) {
  std::string row(kRow);
  const size_t at = row.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return row.replace(at, from.size(), to);
}

BOOST_AUTO_TEST_SUITE(compute_peak)

BOOST_AUTO_TEST_CASE(shipped_catalogue_reads) {
  REQUIRE_VALUE(const Catalogue catalogue, ShippedCatalogue());
  BOOST_CHECK_GE(catalogue.ChipIds().size(), 50u);
}

struct PeakCase {
  const char* chip;
  const char* precision;
  const char* peak;
};
std::ostream& operator<<(std::ostream& out, const PeakCase& each) {
  return out << each.chip << ' ' << each.precision;
}

const std::vector<PeakCase> kPeaks = {
    {"h100-sxm5", "bf16", "989400000000000"},
    {"h100-sxm5", "fp8", "1979000000000000"},
    {"h100-pcie", "bf16", "756000000000000"},
    {"h100-nvl", "bf16", "835500000000000"},
    {"a100-sxm4-80gb", "bf16", "312000000000000"},
    {"a100-sxm4-80gb", "tf32", "156000000000000"},
    {"h20", "bf16", "148000000000000"},
    {"h800-sxm", "tf32", "494500000000000"},
    {"b200", "fp4", "9000000000000000"},
    {"b300", "int8", "157500000000000"},
    {"gb200", "bf16", "2500000000000000"},
    {"mi300x", "bf16", "1307400000000000"},
    {"mi250x-gcd", "bf16", "191500000000000"},
    {"tpu-v5p", "bf16", "459000000000000"},
    {"v100-sxm2", "fp16", "125000000000000"},
    {"gaudi3", "bf16", "1678000000000000"},
    // With sparsity NVIDIA prints twice as much; on GeForce parts BF16 is at half rate.
    {"rtx-4090", "fp32", "82600000000000"},
    {"rtx-4090", "bf16", "165200000000000"},
    {"rtx-4090", "int8", "660600000000000"},
    {"rtx-2080-ti", "fp16", "113800000000000"},
    {"rtx-a6000", "bf16", "154800000000000"},
    {"rtx-6000-ada", "fp8", "729000000000000"},
    {"quadro-rtx-8000", "fp16", "130400000000000"},
    {"l40s", "bf16", "362050000000000"},
    {"h200-nvl", "bf16", "835500000000000"},
    {"rx-7900-xtx", "fp16", "122800000000000"},
    {"k80", "fp32", "4063000000000"},
};

BOOST_DATA_TEST_CASE(shipped_peak_is_the_dense_one, boost::unit_test::data::make(kPeaks)) {
  REQUIRE_VALUE(const Catalogue catalogue, ShippedCatalogue());
  const auto peak = catalogue.Peak(sample.chip, P(sample.precision));
  BOOST_REQUIRE(peak.has_value());
  BOOST_CHECK_EQUAL(peak->ToString(), sample.peak);
}

BOOST_AUTO_TEST_CASE(variants_of_one_name_differ) {
  REQUIRE_VALUE(const Catalogue catalogue, ShippedCatalogue());
  BOOST_CHECK(!catalogue.Has("h100"));
  BOOST_CHECK(!catalogue.Peak("H100-SXM5", P("bf16")));
  BOOST_CHECK(!catalogue.Peak("v100-sxm2", P("bf16")));
  BOOST_CHECK(!catalogue.Peak("h100-sxm5", schemas::Precision{0}));
  BOOST_CHECK(!catalogue.Peak("h100-sxm5", schemas::Precision{65'535}));
}

BOOST_AUTO_TEST_CASE(highest_peak_is_that_of_the_fastest_precision_claimed) {
  REQUIRE_VALUE(const Catalogue catalogue,
                Parse("x1,x,acme,fp32,50,dense,s,2026-07-06,high,\n" + std::string(kRow) +
                      "x1,x,acme,fp8,200,dense,s,2026-07-06,high,\n"
                      "x1,x,acme,int8,900,dense,s,2026-07-06,high,\n"));
  const auto highest = [&](std::vector<schemas::Precision> precisions) {
    return catalogue.HighestPeak("x1", precisions)->ToString();
  };
  BOOST_CHECK_EQUAL(highest({P("fp32")}), "50");
  BOOST_CHECK_EQUAL(highest({P("bf16"), P("fp32")}), "100");
  BOOST_CHECK_EQUAL(highest({P("bf16"), P("fp8")}), "200");
  BOOST_CHECK_EQUAL(highest({P("int8")}), "900");
  BOOST_CHECK_EQUAL(highest({P("fp64")}), "200");  // not listed: its fastest floating-point one
  const std::vector<schemas::Precision> bf16 = {P("bf16")};
  BOOST_CHECK(!catalogue.HighestPeak("x2", bf16));
}

// A lower precision's peak would be too low a ceiling.
BOOST_AUTO_TEST_CASE(a_peak_that_nobody_knows_leaves_the_ceiling_open) {
  REQUIRE_VALUE(const Catalogue catalogue,
                Parse(std::string(kRow).append("x1,x,acme,fp8,unknown,dense,s,2026-07-06,low,\n")));
  const auto highest = [&](std::vector<schemas::Precision> precisions) {
    return catalogue.HighestPeak("x1", precisions);
  };
  BOOST_CHECK_EQUAL(highest({P("bf16")})->ToString(), "100");
  BOOST_CHECK(!highest({P("bf16"), P("fp8")}));
  BOOST_CHECK(!catalogue.Peak("x1", P("fp8")));
  REQUIRE_VALUE(const Catalogue shipped, ShippedCatalogue());
  BOOST_CHECK(!shipped.HighestPeak("maia-100", schemas::kPrecisions));
  BOOST_CHECK_EQUAL(shipped.HighestPeak("h100-nvl", schemas::kPrecisions)->ToString(),
                    "1671000000000000");
}

struct Tiles {
  const char* model;
  uint64_t bf16;
};
std::ostream& operator<<(std::ostream& out, const Tiles& each) { return out << each.model; }
const Tiles kTiles[] = {{"Intel(R) Xeon(R) Platinum 8490H", 2048},
                        {"INTEL(R) XEON(R) PLATINUM 8592+", 2048},
                        {"Intel(R) Xeon(R) Gold 6430", 2048},
                        {"Intel(R) Xeon(R) CPU Max 9480", 2048},
                        {"Intel(R) Xeon(R) w9-3495X", 2048},
                        {"Intel(R) Xeon(R) 6980P", 2048},
                        {"Intel Xeon Processor (SapphireRapids)", 2048},
                        {"Intel(R) Xeon(R) 6780E", 0},
                        {"Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz", 0},
                        {"Intel(R) Xeon(R) Gold 6254 CPU @ 3.10GHz", 0},
                        {"Intel(R) Xeon(R) W-2145 CPU @ 3.70GHz", 0},
                        {"Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz", 0},
                        {"Intel(R) Xeon(R) Processor", 0},
                        {"AMD EPYC 9454 48-Core Processor", 0},
                        {"", 0}};

BOOST_DATA_TEST_CASE(some_cpus_multiply_matrices_in_tiles, boost::unit_test::data::make(kTiles)) {
  const std::vector<schemas::Precision> bf16 = {P("fp32"), P("bf16")};
  const std::vector<schemas::Precision> int8 = {P("bf16"), P("int8")};
  const std::vector<schemas::Precision> fp32 = {P("fp64"), P("fp32")};
  BOOST_CHECK_EQUAL(TileFlopOf(sample.model, bf16), sample.bf16);
  BOOST_CHECK_EQUAL(TileFlopOf(sample.model, int8), 2 * sample.bf16);
  BOOST_CHECK_EQUAL(TileFlopOf(sample.model, fp32), 0u);
}

// Xeon Platinum 8490H: 60 cores at 1.9 GHz.
BOOST_AUTO_TEST_CASE(tiles_count_where_they_are_faster_than_vectors) {
  const auto peak = PeakOfCpu({60, 16, 2, 1'900'000'000, std::nullopt, 1'900'000'000, 2048});
  BOOST_REQUIRE(peak.has_value());
  BOOST_CHECK_EQUAL(peak->flops.ToString(), "233472000000000");
  BOOST_CHECK_EQUAL(peak->Arithmetic(),
                    "60 cores x 2048 FLOP a cycle in matrix tiles x 1.9 GHz = 2.3e14 FLOP/s");
}

BOOST_AUTO_TEST_CASE(quoted_fields_hold_commas_and_quotes) {
  REQUIRE_VALUE(const Catalogue catalogue, Parse(Row("high,", "high,\"a, \"\"b\"\" \"\"\"")));
  BOOST_CHECK_EQUAL(catalogue.Peak("x1", P("bf16"))->ToString(), "100");
  REQUIRE_VALUE(const Catalogue quoted, Parse(Row("x1,", "\"x1\",")));
  BOOST_CHECK(quoted.Has("x1"));
}

struct BadRow {
  const char* name;
  const char* from;
  const char* to;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const BadRow& each) { return out << each.name; }

const std::vector<BadRow> kBadRows = {
    {"no_chip", "x1,", ",", "line 2: column 1: chip"},
    {"upper_case_chip", "x1,", "X1,",
     "line 2: column 1: chip: expected 1 to 64 of a-z, 0-9, '.' and '-', found \"X1\""},
    {"unknown_precision", "bf16", "bf17", "line 2: column 11: precision: unknown value \"bf17\""},
    {"unset_precision", "bf16", "unset", "precision: unknown value \"unset\""},
    {"zero_peak", ",100,", ",0,", "column 16: peak_flops: expected a positive number, found zero"},
    {"peak_with_exponent", ",100,", ",1e2,", "is not a FLOP figure"},
    {"negative_peak", ",100,", ",-1,", "is not a FLOP figure"},
    {"fractional_peak", ",100,", ",1.5,", "is not a FLOP figure"},
    {"peak_beyond_128_bits", ",100,", ",340282366920938463463374607431768211456,",
     "is not a FLOP figure"},
    {"sparse", "dense", "sparse", "form: expected dense, found \"sparse\""},
    {"no_source", "epoch", "", "source"},
    {"bad_date", "2026-07-06", "2026-02-30", "as_of"},
    {"unknown_confidence", "high", "certain",
     "confidence: expected high, medium or low, found \"certain\""},
    {"missing_field", ",dense", "", "expected 10 fields"},
    {"extra_field", "high,", "high,,", "expected 10 fields"},
    {"open_quote", "high,", "high,\"a", "misplaced quotation mark"},
    {"quote_in_plain_field", "high,", "high,a\"b\"", "misplaced quotation mark"},
    {"another_family_of_one_chip", "high,\n", "high,\nx1,y,acme,fp8,1,dense,e,2026-07-06,low,\n",
     "line 3: column 4: variant_of: x1 is a variant of x above"},
    {"another_vendor_of_one_chip", "high,\n", "high,\nx1,x,emca,fp8,1,dense,e,2026-07-06,low,\n",
     "line 3: column 6: vendor: x1 is acme's above"},
    {"text_after_quote", "high,", "high,\"a\"b", "misplaced quotation mark"},
    {"carriage_return", "high,\n", "high,\r\n", "a control character"},
    {"no_line_end", "high,\n", "high,", "does not end in LF"},
    {"empty_line", "\n", "\n\n", "line 3: expected 10 fields"},
};

BOOST_DATA_TEST_CASE(refuses_bad_row, boost::unit_test::data::make(kBadRows)) {
  CHECK_ERROR(Parse(Row(sample.from, sample.to)), ErrorCode::kMalformed, sample.message);
}

BOOST_AUTO_TEST_CASE(refuses_a_peak_that_appears_more_than_once) {
  CHECK_ERROR(
      Parse(std::string(kRow) + Row(",100,", ",200,")), ErrorCode::kMalformed,
      "chips.csv: line 3: column 11: precision: chip x1, precision bf16: appears more than once");
}

BOOST_AUTO_TEST_CASE(refuses_other_columns_and_no_rows) {
  CHECK_ERROR(Catalogue::Parse("chip,precision,peak\n", "f"), ErrorCode::kMalformed,
              "f: line 1: expected \"chip,variant_of");
  CHECK_ERROR(Parse(""), ErrorCode::kMalformed, "no chip");
  CHECK_ERROR(Catalogue::Parse("", "f"), ErrorCode::kMalformed, "no chip");
}

BOOST_AUTO_TEST_CASE(refuses_bytes_that_are_not_text_and_too_many_of_them) {
  CHECK_ERROR(Parse(Row("high,", "high,\xff")), ErrorCode::kMalformed, "not UTF-8");
  CHECK_ERROR(Parse(std::string(kMaxCatalogueBytes, 'x')), ErrorCode::kMalformed,
              "larger than 1 MiB");
}

constexpr uint64_t kGhz = 1'000'000'000;

BOOST_AUTO_TEST_CASE(cpu_peak_shows_its_arithmetic) {
  const auto peak = PeakOfCpu({2, 16, 2, 2'600'000'000, std::nullopt, 2'600'000'000});
  BOOST_REQUIRE(peak.has_value());
  BOOST_CHECK_EQUAL(peak->flops.ToString(), "332800000000");
  BOOST_CHECK_EQUAL(peak->Arithmetic(),
                    "2 cores x 16 F32 lanes x 2 FMA units x 2 x 2.6 GHz = 3.3e11 FLOP/s");
}

struct CpuCase {
  const char* name;
  CpuClaim claim;
  const char* peak;
};
std::ostream& operator<<(std::ostream& out, const CpuCase& each) { return out << each.name; }

const std::vector<CpuCase> kCpus = {
    {"as_stated", {1, 4, 1, 2 * kGhz, std::nullopt, 2 * kGhz}, "16000000000"},
    {"sixteen_lanes_at_most", {1, 64, 1, kGhz, std::nullopt, kGhz}, "32000000000"},
    {"two_fma_units_at_most", {1, 1, 9, kGhz, std::nullopt, kGhz}, "4000000000"},
    {"twice_the_nominal_clock", {1, 1, 1, kGhz, std::nullopt, 2 * kGhz}, "4000000000"},
    {"no_more_than_twice_the_nominal_clock", {1, 1, 1, kGhz, std::nullopt, 9 * kGhz}, "4000000000"},
    {"reported_maximum_above_that", {1, 1, 1, kGhz, 5 * kGhz, 9 * kGhz}, "10000000000"},
    {"reported_maximum_below_that", {1, 1, 1, 2 * kGhz, 3 * kGhz, 9 * kGhz}, "8000000000"},
    {"slower_than_it_may", {1, 1, 1, 3 * kGhz, 4 * kGhz, kGhz}, "2000000000"},
    {"clock_of_64_bits",
     {1, 1, 1, ~uint64_t{0}, std::nullopt, ~uint64_t{0}},
     "36893488147419103230"},
    {"no_cores", {0, 16, 2, kGhz, std::nullopt, kGhz}, "0"},
};

BOOST_DATA_TEST_CASE(cpu_claim_is_cut_to_what_cpus_have, boost::unit_test::data::make(kCpus)) {
  const auto peak = PeakOfCpu(sample.claim);
  BOOST_REQUIRE(peak.has_value());
  BOOST_CHECK_EQUAL(peak->flops.ToString(), sample.peak);
}

BOOST_AUTO_TEST_CASE(cpu_beyond_128_bits_has_no_peak) {
  const uint64_t most = ~uint64_t{0};
  BOOST_CHECK(!PeakOfCpu({most, 16, 2, most, most, most}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::compute
