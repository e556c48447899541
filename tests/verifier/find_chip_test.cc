// What a text names in a catalogue. Names: as nvidia-smi, rocm-smi and JAX print them, and machine
// types as AWS, Google Cloud and Azure list them.
#include "verifier/compute/find_chip.h"
#include "tests/support/test.h"

namespace carnet::verifier::compute {
namespace {

Catalogue Shipped() { return *ShippedCatalogue(); }

std::string Joined(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id;
  return text;
}

BOOST_AUTO_TEST_SUITE(find_chip)

struct Named {
  const char* text;
  const char* chip;
  uint64_t units;  // 0: no machine
};
std::ostream& operator<<(std::ostream& out, const Named& each) { return out << each.text; }

const std::vector<Named> kNamed = {
    {"h200-sxm", "h200-sxm", 0},
    {"H200-SXM", "h200-sxm", 0},
    {"NVIDIA H200", "h200-sxm", 0},
    {"  nvidia h200 ", "h200-sxm", 0},
    {"NVIDIA H200 NVL", "h200-nvl", 0},
    {"NVIDIA H100 80GB HBM3", "h100-sxm5", 0},
    {"NVIDIA H100 PCIe", "h100-pcie", 0},
    {"NVIDIA A100-SXM4-80GB", "a100-sxm4-80gb", 0},
    {"A100-SXM4-40GB", "a100-sxm4-40gb", 0},
    {"Tesla V100-SXM2-32GB", "v100-sxm2", 0},
    {"NVIDIA GeForce RTX 4090", "rtx-4090", 0},
    {"GeForce RTX 3090", "rtx-3090", 0},
    {"NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada", 0},
    {"Quadro RTX 6000", "quadro-rtx-6000", 0},
    {"AMD Instinct MI300X", "mi300x", 0},
    {"AMD Instinct MI250X", "mi250x-gcd", 0},  // a device each, half of the package
    {"TPU v5 lite", "tpu-v5e", 0},
    {"TPU v5", "tpu-v5p", 0},
    {"trn2", "trainium2", 0},
    {"Ascend910B3", "ascend-910b3", 0},
    {"p5.48xlarge", "h100-sxm5", 8},
    {"P5e.48xlarge", "h200-sxm", 8},
    {"p4d.24xlarge", "a100-sxm4-40gb", 8},
    {"p4de.24xlarge", "a100-sxm4-80gb", 8},
    {"p3dn.24xlarge", "v100-sxm2", 8},
    {"g5.12xlarge", "a10g", 4},
    {"trn1.32xlarge", "trainium1", 16},
    {"trn2.48xlarge", "trainium2", 16},
    {"a3-highgpu-8g", "h100-sxm5", 8},
    {"a2-megagpu-16g", "a100-sxm4-40gb", 16},
    {"v4-8", "tpu-v4", 4},  // cores, of which a chip has two
    {"v5litepod-8", "tpu-v5e", 8},
    {"v5p-8", "tpu-v5p", 4},
    {"v6e-256", "tpu-v6e", 256},
    {"Standard_ND96isr_H100_v5", "h100-sxm5", 8},
    {"nd96isr_h100_v5", "h100-sxm5", 8},
    {"Standard_NC24ads_A100_v4", "a100-pcie-80gb", 1},
};

BOOST_DATA_TEST_CASE(a_name_leads_to_its_chip, boost::unit_test::data::make(kNamed)) {
  const FoundChips found = FindChip(Shipped(), sample.text);
  BOOST_CHECK_EQUAL(Joined(found.ids), sample.chip);
  BOOST_CHECK_EQUAL(found.units.value_or(0), sample.units);
}

BOOST_AUTO_TEST_CASE(a_name_of_several_variants_leads_to_all_of_them) {
  const Catalogue catalogue = Shipped();
  for (const char* text : {"NVIDIA H100", "h100", "H100"}) {
    BOOST_CHECK_EQUAL(Joined(FindChip(catalogue, text).ids), "h100-nvl h100-pcie h100-sxm5");
  }
  BOOST_CHECK_EQUAL(Joined(FindChip(catalogue, "NVIDIA A100").ids),
                    "a100-pcie-40gb a100-pcie-80gb a100-sxm4-40gb a100-sxm4-80gb");
  BOOST_CHECK_EQUAL(Joined(FindChip(catalogue, "Apple M1").ids), "apple-m1-7c apple-m1-8c");
  BOOST_CHECK_EQUAL(OneOf({"a", "b", "c"}), "a, b or c");
}

BOOST_DATA_TEST_CASE(other_texts_name_nothing,
                     boost::unit_test::data::make({"", " ", "H200 ", "NVIDIA", "H2000",
                                                   "nvidia-h200", "NVIDIA  H200", "p5", "sxm",
                                                   "\xff"})) {
  const bool is_trimmed_id = std::string_view(sample) == "H200 ";  // a family, of two
  BOOST_CHECK_EQUAL(FindChip(Shipped(), sample).ids.size(), is_trimmed_id ? 2u : 0u);
}

BOOST_AUTO_TEST_CASE(spaces_and_punctuation_do_not_hide_a_chip) {
  const Catalogue catalogue = Shipped();
  for (const char* text :
       {"nvidia-h200", "NVIDIA  H200", "(NVIDIA) H200", "Nvidia_H200", "h200 sxm", "H200.SXM"}) {
    BOOST_CHECK_EQUAL(Joined(FindMisspeltChip(catalogue, text).ids), "h200-sxm");
  }
  BOOST_CHECK_EQUAL(FindMisspeltChip(catalogue, "P5 48xlarge").units.value_or(0), 8u);
  for (const char* text : {"", "--", "acme-x1", "\xff\xfe"}) {
    BOOST_CHECK(FindMisspeltChip(catalogue, text).ids.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_is_only_too_near_is_not_found_as_a_name) {
  const Catalogue catalogue = Shipped();
  for (const char* text : {"NVIDIA H100 SXM5", "GRID H100-SXM5", "H100 SXM5 80GB HBM3e"}) {
    BOOST_CHECK(FindChip(catalogue, text).ids.empty());
    BOOST_CHECK(FindMisspeltChip(catalogue, text).too_near);
  }
  BOOST_CHECK(!FindMisspeltChip(catalogue, "nvidia-h200").too_near);
  BOOST_CHECK(!FindMisspeltChip(catalogue, "p5-48xlarge").too_near);
  for (const char* text : {"NVIDIA", "8x", "sxm5", "80GB", "x", "GPU", "NVIDIA GPU 80GB"}) {
    BOOST_CHECK_EQUAL(Joined(FindMisspeltChip(catalogue, text).ids), "");
  }
}

BOOST_AUTO_TEST_CASE(a_search_takes_parts_of_ids_names_and_vendors) {
  const Catalogue catalogue = Shipped();
  const auto has = [&](const char* text, const char* chip) {
    const auto ids = SearchChips(catalogue, text);
    return std::find(ids.begin(), ids.end(), chip) != ids.end();
  };
  BOOST_CHECK(has("geforce", "rtx-4090"));
  BOOST_CHECK(has("HBM3", "h100-sxm5"));
  BOOST_CHECK(has("google", "tpu-v5p"));
  BOOST_CHECK(has("p5", "h100-sxm5"));
  BOOST_CHECK_EQUAL(Joined(SearchChips(catalogue, "l4")), "l4");  // and not the l40
  BOOST_CHECK_EQUAL(SearchChips(catalogue, "").size(), catalogue.ChipIds().size());
  BOOST_CHECK(SearchChips(catalogue, "no such chip").empty());
}

BOOST_AUTO_TEST_CASE(close_names_are_offered_the_closest_first) {
  const Catalogue catalogue = Shipped();
  BOOST_CHECK_EQUAL(ClosestNames(catalogue, "h200-sxn").front(), "h200-sxm");
  BOOST_CHECK_EQUAL(ClosestNames(catalogue, "RTX 4091", 1).front(), "RTX 4090");
  BOOST_CHECK_LE(ClosestNames(catalogue, "rtx-40", 2).size(), 2u);
  BOOST_CHECK(ClosestNames(catalogue, "an abacus of the second dynasty").empty());
  BOOST_CHECK(ClosestNames(catalogue, "").empty());
  BOOST_CHECK(ClosestNames(catalogue, std::string(5000, 'h')).empty());
}

constexpr std::string_view kHeader =
    "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note\n";

BOOST_AUTO_TEST_CASE(an_own_catalogue_adds_chips_and_replaces_them_whole) {
  Catalogue catalogue = Shipped();
  std::string csv(kHeader);
  csv.append("acme-x1,acme-x1,acme,bf16,1000,dense,acme,2026-01-01,low,\n");
  csv.append("h200-sxm,h200,nvidia,bf16,5,dense,measured,2026-01-01,low,\n");
  BOOST_REQUIRE(catalogue.Add(csv, "own.csv", "caller").has_value());
  const auto peak = [&](const char* chip, const char* precision) {
    const auto found = catalogue.Peak(chip, schemas::ParsePrecision(precision).value());
    return found ? found->ToString() : "";
  };
  BOOST_CHECK_EQUAL(peak("acme-x1", "bf16"), "1000");
  BOOST_CHECK_EQUAL(peak("h200-sxm", "bf16"), "5");
  BOOST_CHECK_EQUAL(peak("h200-sxm", "fp8"), "");
  BOOST_CHECK_EQUAL(peak("h100-sxm5", "bf16"), "989400000000000");
  BOOST_CHECK_EQUAL(Joined(FindChip(catalogue, "ACME-X1").ids), "acme-x1");
  BOOST_CHECK_EQUAL(Joined(FindChip(catalogue, "NVIDIA H200").ids), "h200-sxm");
  BOOST_REQUIRE_EQUAL(catalogue.own().size(), 1u);
  BOOST_CHECK_EQUAL(catalogue.own()[0].of, "caller");
  BOOST_CHECK_EQUAL(catalogue.own()[0].digest.size(), 64u);
  CHECK_ERROR(catalogue.Add("x\n", "own.csv", "caller"), ErrorCode::kMalformed, "own.csv: line 1");
}

BOOST_AUTO_TEST_CASE(the_shipped_file_given_again_is_no_other) {
  Catalogue catalogue = Shipped();
  BOOST_REQUIRE(catalogue.Add(ChipsCsv(), "again.csv", "caller").has_value());
  BOOST_CHECK(catalogue.own().empty());
}

struct BadNames {
  const char* name;
  const char* rows;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const BadNames& each) { return out << each.name; }

const std::vector<BadNames> kBadNames = {
    {"twice", "A B,x,\na b,y,\n",
     "names.csv: line 3: column 1: alias: \"a b\" appears more than once"},
    {"empty", " ,x,\n", "line 2: column 1: alias: has neither letter nor digit"},
    {"no_units", "a,x,0\n", "line 2: column 5: units: expected a positive number or nothing"},
    {"no_number", "a,x,many\n", "line 2: column 5: units: expected a positive number"},
    {"too_few", "a,x\n", "line 2: expected 3 fields"},
};

BOOST_DATA_TEST_CASE(refuses_a_table_of_names_with, boost::unit_test::data::make(kBadNames)) {
  CHECK_ERROR(ChipNames::Parse(std::string("alias,chip,units\n") + sample.rows, "names.csv"),
              ErrorCode::kMalformed, sample.message);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::compute
