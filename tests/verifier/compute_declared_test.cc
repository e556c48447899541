// R33: peaks that a device's own statement declares. The cheapest lies: a catalogued chip under a
// name that nobody lists; a declared peak so low that little can have been done, or so high that
// anything can.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

void Declare(ComputeFile& file, const std::string& chip,
             const std::vector<std::pair<wire::Precision, std::string>>& peaks) {
  file.AddChip("gpu", "nvidia:gpu:1", chip, 1);
  auto declared = file.Device("gpu").initDeclaredPeaks();
  declared.setSource("a data sheet");
  auto list = declared.initPeaks(static_cast<unsigned>(peaks.size()));
  for (unsigned i = 0; i < peaks.size(); ++i) {
    list[i].setPrecision(peaks[i].first);
    schemas::SetFlop(list[i].initFlops(), F(peaks[i].second));
  }
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"gpu", 1, 1000}});
    file.Segment(segment).initPrecision(1).set(0, wire::Precision::BF16);
  }
}

// Both segments do 6.1e10 FLOP in a second.
ComputeFile With(const std::string& chip, const std::string& bf16) {
  ComputeFile file;
  Declare(file, chip, {{wire::Precision::BF16, bf16}});
  return file;
}

BOOST_AUTO_TEST_SUITE(compute_declared)

BOOST_AUTO_TEST_CASE(a_declared_peak_is_unattested_and_names_its_source) {
  const auto outcome = Passes(With("acme-x1", "100000000000"));
  BOOST_CHECK(outcome.status == RowStatus::kUnattested);
  CheckText(outcome, "nobody vouches for peaks: segment 0 (");
  CheckText(outcome,
            "the peaks of chip \"acme-x1\", which is not in the catalogue, are declared by device "
            "nvidia:gpu:1 (");
  CheckText(outcome, "(\"a data sheet\") and 1 more");
}

BOOST_AUTO_TEST_CASE(nothing_does_more_than_it_declares) {
  Passes(With("acme-x1", "66000000000"));
  CheckOnly(With("acme-x1", "60000000000"), "33 beyond-physics",
            "on 1 x \"acme-x1\" (peak 6.0e10 FLOP/s)");
}

BOOST_AUTO_TEST_CASE(a_precision_that_is_not_declared_counts_as_the_fastest_that_is) {
  ComputeFile file;
  Declare(file, "acme-x1",
          {{wire::Precision::FP32, "1000"}, {wire::Precision::FP8, "100000000000"}});
  Passes(file);
  for (const char* segment : {"m.0", "m.1"}) {
    file.Segment(segment).initPrecision(1).set(0, wire::Precision::FP32);
  }
  CheckOnly(file, "33 beyond-physics", "(peak 1.0e3 FLOP/s)");
}

// Who declares little would seem to have had little time, and to be below every threshold.
BOOST_AUTO_TEST_CASE(a_declared_peak_bounds_no_sum_from_above) {
  const ComputeFile file = With("acme-x1", "66000000000");
  BOOST_CHECK(!file.Bounds().upper.amount.has_value());
  BOOST_CHECK(file.Bounds().upper.unknown_because.find("acme-x1") != std::string::npos);
}

struct Spelling {
  const char* chip;
  const char* ids;
};
std::ostream& operator<<(std::ostream& out, const Spelling& each) { return out << each.chip; }
constexpr Spelling kSpellings[] = {
    {"NVIDIA H200", "h200-sxm"},
    {"nvidia h200", "h200-sxm"},
    {"H200-SXM", "h200-sxm"},
    {"NVIDIA-H200", "h200-sxm"},
    {"h200_sxm", "h200-sxm"},
    {"p5e.48xlarge", "h200-sxm"},
    {"h200", "h200-nvl or h200-sxm"},
    {"NVIDIA H100", "h100-nvl, h100-pcie or h100-sxm5"},
    {"RTX 4090", "rtx-4090"},
    {"TPU v5", "tpu-v5p"},  // as JAX prints it
    {"trn2", "trainium2"},
};

BOOST_DATA_TEST_CASE(a_catalogued_chip_is_declared_under_no_other_name,
                     boost::unit_test::data::make(kSpellings)) {
  CheckOnly(With(sample.chip, "989500000000000"), "33 catalogued-chip",
            std::string("which the catalogue has as ") + sample.ids);
}

// Names that no table has, but everybody takes for the chip.
constexpr Spelling kTooNear[] = {
    {"NVIDIA H100 SXM5", "h100-sxm5"},
    {"NVIDIA A800", "a800"},
    {"NVIDIA H800 PCIe", "h800-sxm"},
    {"NVIDIA H20-3e", "h20"},
    {"GRID A100-SXM4-40GB", "a100-sxm4-40gb"},
    {"Nvidia Tesla A100 SXM4 40GB", "a100-sxm4-40gb"},
    {"NVIDIA A100-SXM-64GB", "a100-pcie-40gb, a100-pcie-80gb, a100-sxm4-40gb or a100-sxm4-80gb"},
    {"NVIDIA GB200 NVL72", "gb200"},
    {"H200 141GB HBM3e", "h200-nvl or h200-sxm"},
    {"8x NVIDIA H200 SXM", "h200-sxm"},
    {"8xH200-SXM", "h200-sxm"},
    {"H800PCIe", "h800-sxm"},
    {"NVIDIA DGX H800", "h800-sxm"},
    {"NVIDIA(R) H800(TM)", "h800-sxm"},
    {"NVIDIA Corporation Hopper H800", "h800-sxm"},
    {"A6000", "rtx-a6000"},
    {"NVIDIA Tesla T4", "t4"},
    {"Google Cloud TPU v5p", "tpu-v5p"},
    {"Amazon Trainium2", "trainium2"},
    {"Huawei Ascend 910B3", "ascend-910b3"},
    {"AMD MI300X OAM", "mi300x"},
    {"M3 Max GPU", "apple-m3-max-30c or apple-m3-max-40c"},
};

BOOST_DATA_TEST_CASE(a_chip_is_declared_under_no_name_that_is_too_near,
                     boost::unit_test::data::make(kTooNear)) {
  CheckOnly(With(sample.chip, "989500000000000"), "33 catalogued-chip",
            std::string("which is too near to the catalogue's ") + sample.ids);
}

// Chips that are not in the catalogue, whatever they have in common with one that is.
BOOST_DATA_TEST_CASE(another_chip_may_be_declared,
                     boost::unit_test::data::make({"NVIDIA A2", "NVIDIA A16", "NVIDIA A100X",
                                                   "NVIDIA RTX 4000 Ada Generation",
                                                   "NVIDIA RTX PRO 6000 Blackwell", "Tesla M2090",
                                                   "GTX TITAN Z", "AMD Radeon RX 7900 XT",
                                                   "NVIDIA T4G", "Apple M5 Max", "NVIDIA H100A",
                                                   "NVIDIA", "GPU", "acme-x1 80GB"}),
                     chip) {
  BOOST_CHECK(Passes(With(chip, "100000000000")).status == RowStatus::kUnattested);
}

BOOST_AUTO_TEST_CASE(the_catalogue_wins_over_what_is_declared) {
  CheckOnly(
      With("h200-sxm", "1979000000000000"), "33 catalogued-chip",
      "declares a peak of 2.0e15 FLOP/s in bf16 for chip \"h200-sxm\", of which the catalogue "
      "has 9.9e14");
  const auto outcome = Passes(With("h200-sxm", "989000000000000"));  // as a data sheet rounds it
  BOOST_CHECK(outcome.status == RowStatus::kPass);
}

BOOST_AUTO_TEST_CASE(a_methods_peak_is_the_declared_one_and_no_evidence) {
  const auto file_with = [](const char* peak) {
    ComputeFile file = With("acme-x1", "100000000000");
    UpdateOf(file, "m.0").setPrecision(wire::Precision::BF16);
    auto update = UpdateOf(file, "m.0");
    auto methods = update.getMethods();
    auto hardware = methods[1];  // in place of the counter
    hardware.setMethod(wire::FlopMethod::HARDWARE);
    hardware.disownSource();
    hardware.setBasis(wire::UtilisationBasis::MFU);
    auto term = hardware.initTerms(1)[0];
    term.initUnits().setValue(1);
    term.initMs().setValue(1000);
    schemas::SetFlop(term.initPeak(), F(peak));
    term.initUtilisationPpm().setValue(600'000);
    schemas::SetFlop(hardware.initResult(), Flop(F(peak).value() * 6 / 10));
    return file;
  };
  CheckText(Passes(file_with("100000000000")), "hardware is not evidence in 1 figure");
  CheckOnly(file_with("105000000000"), "31 flop-arithmetic", "has 100000000000");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
