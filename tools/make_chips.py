#!/usr/bin/env python3
"""Writes data/chips.csv, the catalogue of accelerators' peaks, from Epoch AI's table of hardware.

usage: make_chips.py          write data/chips.csv
       make_chips.py --check  exit 1 if it differs from what would be written

Reads chips/epoch_ml_hardware_2026.csv in the folder that CARNET_VECTORS names, or in
../shared/vectors beside the checkout. A peak is a ceiling for dense matrix products: where Epoch's
column is for the vector units although the part has matrix units for the precision, is for sparse
matrices, or is a slip, CORRECTIONS says what is used instead and why; None omits the figure.
"""
import csv
import decimal
import io
import os
import pathlib
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[1]
AS_OF = "2026-07-06"  # of Epoch's table
PRECISIONS = ("fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "fp6", "fp4", "int8")
COLUMNS = ("chip", "variant_of", "vendor", "precision", "peak_flops", "form", "source", "as_of",
           "confidence", "note")

MATRIX_HALF = "Tensor-FP16/BF16 performance (FLOP/s)"
VECTOR_HALF = "FP16 (half precision) performance (FLOP/s)"
OTHER_PEAKS = {
    "fp64": "FP64 (double precision) performance (FLOP/s)",
    "fp32": "FP32 (single precision) performance (FLOP/s)",
    "tf32": "TF32 (TensorFloat-32) performance (FLOP/s)",
    "fp8": "FP8 performance (FLOP/s)",
    "fp4": "FP4 performance (FLOP/s)",
    "int8": "INT8 performance (OP/s)",
}


class Chip(NamedTuple):
    chip: str
    family: str
    vendor: str
    epoch_name: str
    half: tuple = ("bf16", "fp16")  # the 16-bit formats that its matrix units take
    half_column: str = MATRIX_HALF
    confidence: str = "high"  # high: a second public table says the same
    note: str = ""
    divisor: int = 1  # devices that the operating system shows for one part of the table


FP16, BF16 = ("fp16",), ("bf16",)
PER_GPU = "per GPU; a superchip has two"
PARTITIONS = "one device; partitioned modes show several that share this peak"

CHIPS = (
    Chip("p100-sxm2", "p100", "nvidia", "NVIDIA Tesla P100 SXM2", FP16, VECTOR_HALF, "medium"),
    Chip("p100-pcie", "p100", "nvidia", "NVIDIA Tesla P100 PCIe 16GB", FP16, VECTOR_HALF, "medium"),
    Chip("v100-sxm2", "v100", "nvidia", "NVIDIA Tesla V100 SXM2 32 GB", FP16),
    Chip("v100-pcie", "v100", "nvidia", "NVIDIA Tesla V100 PCIe 32 GB", FP16),
    Chip("v100s", "v100", "nvidia", "NVIDIA Tesla V100S PCIe 32 GB", FP16),
    Chip("t4", "t4", "nvidia", "NVIDIA Tesla T4", FP16, VECTOR_HALF, "medium"),
    Chip("a40", "a40", "nvidia", "NVIDIA A40 PCIe", confidence="medium"),
    Chip("a100-sxm4-40gb", "a100", "nvidia", "NVIDIA A100 SXM4 40 GB"),
    Chip("a100-sxm4-80gb", "a100", "nvidia", "NVIDIA A100 SXM4 80 GB"),
    Chip("a100-pcie-40gb", "a100", "nvidia", "NVIDIA A100 PCIe"),
    Chip("a100-pcie-80gb", "a100", "nvidia", "NVIDIA A100 PCIe",
         note="same peaks as the 40 GB board"),
    Chip("a800", "a800", "nvidia", "NVIDIA A800 SXM"),
    Chip("l2", "l2", "nvidia", "NVIDIA L2 PCle", confidence="medium"),
    Chip("l4", "l4", "nvidia", "NVIDIA L4", confidence="medium"),
    Chip("l20", "l20", "nvidia", "NVIDIA L20 PCle", confidence="medium"),
    Chip("l40", "l40", "nvidia", "NVIDIA L40", confidence="medium"),
    Chip("h20", "h20", "nvidia", "NVIDIA HGX H20"),
    Chip("h100-sxm5", "h100", "nvidia", "NVIDIA H100 SXM5 80GB"),
    Chip("h100-pcie", "h100", "nvidia", "NVIDIA H100 PCIe"),
    Chip("h100-nvl", "h100", "nvidia", "NVIDIA H100 NVL", half_column=VECTOR_HALF),
    Chip("h200-sxm", "h200", "nvidia", "NVIDIA H200 SXM"),
    Chip("gh200", "gh200", "nvidia", "NVIDIA GH200", note="sold in several variants"),
    Chip("h800-sxm", "h800", "nvidia", "NVIDIA H800 SXM5"),
    Chip("b100", "b100", "nvidia", "NVIDIA B100"),
    Chip("b200", "b200", "nvidia", "NVIDIA B200"),
    Chip("gb200", "gb200", "nvidia", "NVIDIA GB200", note=PER_GPU),
    Chip("b300", "b300", "nvidia", "NVIDIA B300 (Blackwell Ultra)"),
    Chip("gb300", "gb300", "nvidia", "NVIDIA GB300 (Blackwell Ultra)", note=PER_GPU),
    Chip("mi250x", "mi250x", "amd", "AMD Radeon Instinct MI250X",
         note="two dies: the operating system shows two devices; see mi250x-gcd"),
    Chip("mi250x-gcd", "mi250x", "amd", "AMD Radeon Instinct MI250X", divisor=2,
         note="one of the two devices that the operating system shows for an mi250x"),
    Chip("mi300a", "mi300a", "amd", "AMD Instinct MI300A", confidence="medium", note=PARTITIONS),
    Chip("mi300x", "mi300x", "amd", "AMD Instinct MI300X", note=PARTITIONS),
    Chip("mi308x", "mi308x", "amd", "AMD Radeon Instinct MI308X", confidence="medium",
         note=PARTITIONS),
    Chip("mi325x", "mi325x", "amd", "AMD Instinct MI325X", note=PARTITIONS),
    Chip("mi355x", "mi355x", "amd", "AMD Instinct MI355X", note=PARTITIONS),
    Chip("tpu-v2", "tpu-v2", "google", "Google TPU v2", BF16, confidence="medium",
         note="per chip; each of its two cores is shown as a device"),
    Chip("tpu-v3", "tpu-v3", "google", "Google TPU v3", BF16,
         note="per chip; each of its two cores is shown as a device"),
    Chip("tpu-v4", "tpu-v4", "google", "Google TPU v4", BF16),
    Chip("tpu-v4i", "tpu-v4i", "google", "Google TPU v4i", BF16, confidence="medium"),
    Chip("tpu-v5e", "tpu-v5e", "google", "Google TPU v5e", BF16),
    Chip("tpu-v5p", "tpu-v5p", "google", "Google TPU v5p", BF16),
    Chip("tpu-v6e", "tpu-v6e", "google", "Google TPU v6e Trillium", BF16),
    Chip("tpu-v7", "tpu-v7", "google", "Google TPU v7 Ironwood", BF16,
         note="per chip; each of its two dies is shown as a device"),
    Chip("gaudi2", "gaudi2", "intel", "Intel Habana Gaudi2"),
    Chip("gaudi3", "gaudi3", "intel", "Intel Habana Gaudi3", note="1835e12 is quoted too"),
    Chip("inferentia2", "inferentia2", "aws", "AWS Inferentia2", confidence="medium"),
    Chip("trainium1", "trainium1", "aws", "Amazon Trainium1"),
    Chip("trainium2", "trainium2", "aws", "Amazon Trainium2",
         note="per chip; its cores are shown as devices"),
    Chip("trainium3", "trainium3", "aws", "Amazon Trainium3",
         note="per chip; its cores are shown as devices"),
    Chip("maia-100", "maia-100", "microsoft", "Maia 100 (M100)", BF16, confidence="medium"),
    Chip("mtia-200", "mtia-200", "meta", "Meta MTIA v2 (MTIA 200)", confidence="medium"),
    Chip("mtia-300", "mtia-300", "meta", "Meta MTIA 300", confidence="medium"),
    Chip("dojo-d1", "dojo-d1", "tesla", "Tesla D1 Dojo", BF16, confidence="medium"),
    Chip("ascend-910a", "ascend-910", "huawei", "Huawei Ascend 910A", FP16, VECTOR_HALF),
    Chip("ascend-910b", "ascend-910b", "huawei", "Huawei Ascend 910B", half_column=VECTOR_HALF,
         confidence="low", note="no official sheet; variants b1 to b4 differ"),
    Chip("ascend-910b1", "ascend-910b", "huawei", "Huawei Ascend 910B1 (v1)",
         half_column=VECTOR_HALF, confidence="low", note="no official sheet"),
    Chip("ascend-910b2", "ascend-910b", "huawei", "Huawei Ascend 910B2",
         half_column=VECTOR_HALF, confidence="low", note="no official sheet"),
    Chip("ascend-910b3", "ascend-910b", "huawei", "Huawei Ascend 910B3",
         half_column=VECTOR_HALF, confidence="low", note="no official sheet"),
    Chip("ascend-910b4", "ascend-910b", "huawei", "Huawei Ascend 910B4",
         half_column=VECTOR_HALF, confidence="low", note="no official sheet"),
    Chip("ascend-910c", "ascend-910c", "huawei", "Huawei Ascend 910C", confidence="low",
         note="no official sheet; two dies: may be shown as two devices of half this peak"),
)

HOPPER_FP8 = ("1979", "high", "absent in Epoch; as H100 SXM5")
TWICE_BF16 = "absent in Epoch; twice BF16"
BY_TPP = "absent in Epoch; the most that its TPP allows: twice FP16"
NARROWER = ("unknown", "low", "has narrower formats of its own; no figure")
NO_VECTOR_FP64 = (None, "", "Epoch's is the vector units'; the matrix units do more")
NO_VECTOR_FP32 = (None, "", "Epoch's is the vector units'; the matrix units do more")

# (chip, precision): (peak in TFLOP/s, "unknown" or None, confidence, reason). Without a row a chip
# has no units for the precision; with units of which nobody states the peak, it is unknown.
CORRECTIONS = {
    ("h100-pcie", "fp8"): ("1513", "high", "absent in Epoch; twice BF16"),
    ("h100-pcie", "int8"): ("1513", "low", "absent in Epoch; taken as FP8"),
    ("h200-sxm", "fp8"): HOPPER_FP8,
    ("gh200", "fp8"): HOPPER_FP8,
    ("h800-sxm", "tf32"): ("494.5", "medium", "Epoch's 454.5 is a slip: half of BF16 is 494.5"),
    ("h800-sxm", "fp8"): ("1979", "low", "absent in Epoch; taken as INT8"),
    ("h20", "fp8"): ("296", "low", "absent in Epoch; taken as INT8"),
    ("mi300x", "fp8"): ("2614.9", "high", "absent in Epoch; twice BF16"),
    ("mi325x", "fp8"): ("2615", "low", "absent in Epoch; as MI300X"),
    ("mi355x", "fp8"): ("5000", "low", "Epoch's 4600 is below twice BF16; printed as about 5 PFLOP/s"),
    ("mi250x", "fp32"): ("95.7", "medium", "Epoch's 47.87 is the vector units'; its 95.7 stands as TF32"),
    ("mi250x-gcd", "fp32"): ("47.85", "medium", "Epoch's is the vector units'"),
    ("h100-nvl", "fp8"): ("1671", "medium", TWICE_BF16 + ": its TPP is 13368"),
    ("h100-nvl", "int8"): ("1671", "medium", TWICE_BF16 + ": its TPP is 13368"),
    ("t4", "int8"): ("130.26", "low", "absent in Epoch; twice FP16"),
    ("mi308x", "fp8"): ("1307.4", "low", TWICE_BF16 + " as of its family"),
    ("mi308x", "int8"): ("1307.4", "low", TWICE_BF16 + " as of its family"),
    ("maia-100", "fp8"): NARROWER,
    ("maia-100", "int8"): NARROWER,
    ("ascend-910b", "int8"): ("752", "low", BY_TPP),
    ("ascend-910b1", "int8"): ("800", "low", BY_TPP),
    ("ascend-910b2", "int8"): ("752", "low", BY_TPP),
    ("ascend-910b3", "int8"): ("626", "low", BY_TPP),
    ("ascend-910b4", "int8"): ("560", "low", BY_TPP),
    ("ascend-910c", "int8"): ("1600", "low", BY_TPP),
    ("ascend-910a", "int8"): ("512", "medium", "from Epoch's row of the Ascend 910"),
    ("gaudi3", "fp32"): NO_VECTOR_FP32,
    ("trainium3", "fp32"): (None, "", "vector or matrix units: not said"),
    ("tpu-v2", "fp32"): NO_VECTOR_FP32,
    ("mtia-200", "fp32"): NO_VECTOR_FP32,
    ("dojo-d1", "fp32"): NO_VECTOR_FP32,
    ("ascend-910b", "fp32"): (None, "", "vector or matrix units: not said"),
    ("ascend-910b4", "fp32"): (None, "", "vector or matrix units: not said"),
    **{(chip.chip, "fp64"): NO_VECTOR_FP64 for chip in CHIPS
       if chip.family in ("a100", "a800", "h100", "h200", "gh200", "h800", "b100", "b200", "gb200",
                          "b300", "gb300", "mi250x", "mi300a", "mi300x", "mi308x", "mi325x")},
}


def integer(value, what):
    """A whole number of FLOP/s; undoes the table's binary fractions (65129999999999.9)."""
    exact = decimal.Context(prec=6).plus(decimal.Decimal(value))
    if exact <= 0 or exact != exact.to_integral_value() or abs(exact - value) > 1:
        sys.exit(f"make_chips: {what}: {value} is not a whole number of FLOP/s")
    return int(exact)


def epoch_peaks(chip, row):
    columns = {**{precision: chip.half_column for precision in chip.half}, **OTHER_PEAKS}
    for precision, column in columns.items():
        if row[column]:
            peak = decimal.Decimal(row[column]) / chip.divisor
            yield precision, integer(peak, f"{chip.chip} {precision}")


def chip_lines(chip, row):
    """One line per precision, in the order of PRECISIONS."""
    lines = {precision: (peak, "epoch", chip.confidence, chip.note)
             for precision, peak in epoch_peaks(chip, row)}
    for (corrected, precision), (peak, confidence, reason) in CORRECTIONS.items():
        if corrected != chip.chip:
            continue
        lines.pop(precision, None)
        if peak is not None:
            exact = peak if peak == "unknown" else integer(
                decimal.Decimal(peak).scaleb(12), f"{corrected} {precision}")
            note = "; ".join(filter(None, (reason, chip.note)))
            lines[precision] = (exact, "epoch-corrected", confidence, note)
    for precision in PRECISIONS:
        if precision in lines:
            peak, source, confidence, note = lines[precision]
            yield (chip.chip, chip.family, chip.vendor, precision, peak, "dense", source, AS_OF,
                   confidence, note)


def catalogue():
    vectors = os.environ.get("CARNET_VECTORS") or ROOT.parent / "shared" / "vectors"
    path = pathlib.Path(vectors) / "chips" / "epoch_ml_hardware_2026.csv"
    if not path.is_file():
        sys.exit(f"make_chips: {path} does not exist; set CARNET_VECTORS to the folder of vectors")
    with path.open(newline="", encoding="utf-8") as file:
        rows = {row["Hardware name"]: row for row in csv.DictReader(file)}
    out = io.StringIO()
    out.write(",".join(COLUMNS) + "\n")
    for chip in sorted(CHIPS):
        for line in chip_lines(chip, rows[chip.epoch_name]):
            fields = [str(field) for field in line]
            assert not any(set(field) & set(',"\n') for field in fields), fields  # plain for readers
            out.write(",".join(fields) + "\n")
    return out.getvalue()


def main(arguments):
    target = ROOT / "data" / "chips.csv"
    if arguments == ["--check"]:
        return 0 if target.read_text(encoding="utf-8") == catalogue() else 1
    if arguments:
        sys.exit(__doc__)
    target.write_text(catalogue(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
