#!/usr/bin/env python3
"""What make_chips.py is to refuse, planted in a table of two accelerators and its choices."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
HALF, INT8 = "Tensor-FP16/BF16 performance (FLOP/s)", "INT8 performance (OP/s)"
COLUMNS = ("Hardware name", HALF, "FP16 (half precision) performance (FLOP/s)",
           "FP64 (double precision) performance (FLOP/s)",
           "FP32 (single precision) performance (FLOP/s)",
           "TF32 (TensorFloat-32) performance (FLOP/s)", "FP8 performance (FLOP/s)",
           "FP4 performance (FLOP/s)", INT8)
TABLE = ",".join(COLUMNS) + "\nCard,,,,10000000000000,,,,80000000000000\nOther,1e12,,,,,,,\n"
CHOICES = """[card]
family = "card"
vendor = "acme"
epoch = "Card"
half = []
rates = "ampere"
confidence = "low"
[left-out]
Other = "no variant"
"""
ROWS = """card,card,acme,fp32,10000000000000,dense,epoch,2026-07-06,low,
card,card,acme,tf32,20000000000000,dense,derived,2026-07-06,low,2 x FP32: the rate of ampere
card,card,acme,bf16,40000000000000,dense,derived,2026-07-06,low,4 x FP32: the rate of ampere
card,card,acme,fp16,40000000000000,dense,derived,2026-07-06,low,4 x FP32: the rate of ampere
card,card,acme,int8,80000000000000,dense,epoch,2026-07-06,low,
"""

# name, file, what is replaced, by what, a part of the message (none: ROWS are written)
CASES = (
    ("as it is", "tools/chips.toml", "", "", None),
    ("a sparse figure", "table", ",80000000000000", ",160000000000000",
     "card int8: 160000000000000 is not 8 x FP32 = 80000000000000: sparse"),
    ("half of a figure", "table", ",80000000000000", ",40000000000000", "card int8: 40000000000000"),
    ("a row nobody chose", "table", "Other,", "New,", "left out, but not in the table: ['Other']"),
    ("a row not accounted for", "tools/chips.toml", 'Other = "no variant"', "",
     "neither used nor left out: ['Other']"),
    ("a row of another name", "tools/chips.toml", '"Card"', '"Cart"', "not in the table: ['Cart']"),
    ("an unknown key", "tools/chips.toml", "confidence", "certainty", "card: unknown key"),
    ("omits what is not there", "tools/chips.toml", "[left-out]", 'omit.fp8 = "x"\n[left-out]',
     "card: omits fp8, which it does not have"),
    ("a fraction of an operation", "tools/chips.toml", "[left-out]",
     'peaks.fp8 = { tflops = "0.0000000000001", confidence = "low", why = "x" }\n[left-out]',
     "is not a whole number of FLOP/s"),
)


def made_of(file, old, new):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        files = {"tools/chips.toml": CHOICES, "table": TABLE, "data/chips.csv": ""}
        assert old in files[file], f"{file} has no {old!r}"
        files[file] = files[file].replace(old, new, 1)
        files["vectors/chips/epoch_ml_hardware_2026.csv"] = files.pop("table")
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        shutil.copy(ROOT / "tools/make_chips.py", root / "tools")
        done = subprocess.run([sys.executable, root / "tools/make_chips.py"], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={"CARNET_VECTORS": str(root / "vectors")})
        return done.stdout, (root / "data/chips.csv").read_text()


def main():
    failed = 0
    for name, file, old, new, expected in CASES:
        message, rows = made_of(file, old, new)
        written = rows.partition("\n")[2]
        fine = written == ROWS if expected is None else expected in message and not rows
        if not fine:
            print(f"make_chips_test: {name}: expected {expected}, found {message}{rows}")
            failed += 1
    print(f"make_chips: {len(CASES) - failed} cases as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
