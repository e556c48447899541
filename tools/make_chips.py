#!/usr/bin/env python3
"""Writes data/chips.csv, the catalogue of accelerators' peaks, from Epoch AI's table of hardware.

usage: make_chips.py             write data/chips.csv
       make_chips.py --check     exit 1 if it differs from what would be written
       make_chips.py --left-out  list the rows of the table that are not in the catalogue, and why

Reads tools/chips.toml, which is written by hand, and chips/epoch_ml_hardware_2026.csv in the folder
that CARNET_VECTORS names, or in ../shared/vectors beside the checkout. A peak is a ceiling for
dense matrix products: chips.toml says where a column of Epoch's is for vector units, for sparse
matrices, or a slip, and what is used instead. Every row is in the catalogue, or left out there for
a reason.
"""
import csv
import decimal
import io
import os
import pathlib
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
AS_OF = "2026-07-06"  # of Epoch's table
PRECISIONS = ("fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "fp6", "fp4", "int8")
COLUMNS = ("chip", "variant_of", "vendor", "precision", "peak_flops", "form", "source", "as_of",
           "confidence", "note")
KEYS = {"family", "vendor", "epoch", "divisor", "half", "half_column", "lanes", "ghz", "rates",
        "confidence", "note", "source", "peaks", "omit"}

HALF_COLUMNS = {"matrix": "Tensor-FP16/BF16 performance (FLOP/s)",
                "vector": "FP16 (half precision) performance (FLOP/s)"}
OTHER_PEAKS = {
    "fp64": "FP64 (double precision) performance (FLOP/s)",
    "fp32": "FP32 (single precision) performance (FLOP/s)",
    "tf32": "TF32 (TensorFloat-32) performance (FLOP/s)",
    "fp8": "FP8 performance (FLOP/s)",
    "fp4": "FP4 performance (FLOP/s)",
    "int8": "INT8 performance (OP/s)",
}

# Dense rates of a generation's matrix units as multiples of FP32 on its vector units. On GeForce
# parts whatever accumulates in FP32 runs at half rate: BF16 and TF32 always do, FP16 and FP8 at
# their peak do not.
RATES = {
    "pascal": {"int8": 4},
    "volta": {"fp16": 8},
    "turing": {"fp16": 8, "int8": 16},
    "ampere": {"tf32": 2, "bf16": 4, "fp16": 4, "int8": 8},
    "ampere-geforce": {"tf32": 1, "bf16": 2, "fp16": 4, "int8": 8},
    "ada": {"tf32": 2, "bf16": 4, "fp16": 4, "fp8": 8, "int8": 8},
    "ada-geforce": {"tf32": 1, "bf16": 2, "fp16": 4, "fp8": 8, "int8": 8},
    "blackwell-geforce": {"tf32": 1, "bf16": 2, "fp16": 4, "fp8": 8, "fp4": 16, "int8": 8},
    "rdna3": {"bf16": 2, "fp16": 2, "int8": 2},
    "ponte-vecchio": {"tf32": 8, "bf16": 16, "fp16": 16, "int8": 32},
    "apple": {"fp16": 1},
}
WITH_FP16_ACCUMULATION = "with FP16 accumulation: half of it with FP32"
AGREEMENT = decimal.Decimal("0.015")  # data sheets round


def stop(why):
    sys.exit(f"make_chips: {why}")


def integer(value, what):
    """A whole number of FLOP/s; undoes the table's binary fractions (65129999999999.9)."""
    exact = decimal.Context(prec=6).plus(decimal.Decimal(value))
    if exact <= 0 or exact != exact.to_integral_value() or abs(exact - value) > 1:
        stop(f"{what}: {value} is not a whole number of FLOP/s")
    return int(exact)


def columns_of(chip):
    half = HALF_COLUMNS[chip.get("half_column", "matrix")]
    return {**{precision: half for precision in chip.get("half", ("bf16", "fp16"))}, **OTHER_PEAKS}


def stated_peaks(name, chip, row):
    """What Epoch's row states, and FP32 by count and clock of the lanes where there is no row."""
    peaks = {}
    for precision, column in columns_of(chip).items() if row else ():
        if row[column]:
            peak = decimal.Decimal(row[column]) / chip.get("divisor", 1)
            peaks[precision] = (integer(peak, f"{name} {precision}"), "epoch", "")
    if "lanes" in chip:
        peak = chip["lanes"] * 2 * decimal.Decimal(chip["ghz"]).scaleb(9)
        peaks["fp32"] = (int(peak), "derived", f"{chip['lanes']} lanes x 2 x {chip['ghz']} GHz")
    return peaks


def with_rates(name, chip, peaks):
    """Fills what the rates of its matrix units tell; what is stated must agree with them."""
    for precision, factor in RATES[chip["rates"]].items() if "rates" in chip else ():
        by_rate = peaks["fp32"][0] * factor
        if precision not in peaks:
            rule = f"{factor} x FP32: the rate of {chip['rates']}"
            peaks[precision] = (by_rate, "derived", rule)
        elif abs(peaks[precision][0] - by_rate) > AGREEMENT * by_rate:
            stop(f"{name} {precision}: {peaks[precision][0]} is not {rule_text(factor, by_rate)}")
    return peaks


def rule_text(factor, by_rate):
    return f"{factor} x FP32 = {by_rate}: sparse, of the vector units, or a slip?"


def chip_lines(name, chip, row):
    """One line per precision, in the order of PRECISIONS."""
    if not chip.keys() <= KEYS:
        stop(f"{name}: unknown key {sorted(chip.keys() - KEYS)}")
    confidence = chip.get("confidence", "high")
    peaks = with_rates(name, chip, stated_peaks(name, chip, row))
    lines = {precision: (peak, source, confidence, why)
             for precision, (peak, source, why) in peaks.items()}
    for precision, peak in chip.get("peaks", {}).items():
        tflops = peak["tflops"]
        exact = tflops if tflops == "unknown" else integer(
            decimal.Decimal(tflops).scaleb(12), f"{name} {precision}")
        source = chip.get("source", "epoch-corrected")
        lines[precision] = (exact, source, peak["confidence"], peak["why"])
    for precision in chip.get("omit", {}):
        if lines.pop(precision, None) is None:
            stop(f"{name}: omits {precision}, which it does not have")
    for precision in PRECISIONS:
        if precision in lines:
            peak, source, sure, why = lines[precision]
            halved = chip.get("rates", "").endswith("-geforce") and precision in ("fp16", "fp8")
            also = WITH_FP16_ACCUMULATION if halved else ""
            note = "; ".join(filter(None, (why, also, chip.get("note"))))
            yield (name, chip["family"], chip["vendor"], precision, peak, "dense", source, AS_OF,
                   sure, note)


def read_choices():
    with (ROOT / "tools" / "chips.toml").open("rb") as file:
        chips = tomllib.load(file)
    return chips.pop("left-out"), chips


def read_table():
    vectors = os.environ.get("CARNET_VECTORS") or ROOT.parent / "shared" / "vectors"
    path = pathlib.Path(vectors) / "chips" / "epoch_ml_hardware_2026.csv"
    if not path.is_file():
        stop(f"{path} does not exist; set CARNET_VECTORS to the folder of vectors")
    with path.open(newline="", encoding="utf-8") as file:
        return {row["Hardware name"].strip(): row for row in csv.DictReader(file)}


def check_every_row_is_accounted_for(left_out, chips, rows):
    used = {chip["epoch"] for chip in chips.values() if "epoch" in chip}
    for names, complaint in ((used - rows.keys(), "not in the table"),
                             (left_out.keys() - rows.keys(), "left out, but not in the table"),
                             (left_out.keys() & used, "used, and left out too"),
                             (rows.keys() - used - left_out.keys(), "neither used nor left out")):
        if names:
            stop(f"{complaint}: {sorted(names)}")


def catalogue():
    left_out, chips = read_choices()
    rows = read_table()
    check_every_row_is_accounted_for(left_out, chips, rows)
    out = io.StringIO()
    out.write(",".join(COLUMNS) + "\n")
    for name in sorted(chips):
        for line in chip_lines(name, chips[name], rows.get(chips[name].get("epoch"))):
            fields = [str(field) for field in line]
            assert not any(set(field) & set(',"\n') for field in fields), fields  # plain for readers
            out.write(",".join(fields) + "\n")
    return out.getvalue()


def main(arguments):
    target = ROOT / "data" / "chips.csv"
    if arguments == ["--check"]:
        return 0 if target.read_text(encoding="utf-8") == catalogue() else 1
    if arguments == ["--left-out"]:
        for name, reason in sorted(read_choices()[0].items()):
            print(f"{name}: {reason}")
        return 0
    if arguments:
        sys.exit(__doc__)
    target.write_text(catalogue(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
