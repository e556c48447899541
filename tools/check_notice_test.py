#!/usr/bin/env python3
"""What check_notice.py is to find, planted in a copy of the files that it reads."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
FILES = ("NOTICE", "cmake/dependencies.cmake", "cli/CMakeLists.txt", "tools/notice.py",
         "tools/check_notice.py")
HEADERS = {"cli/arguments.cc": "#include <CLI/CLI.hpp>\n",
           "trust/toml_table.cc": "#include <toml++/toml.h>\n",
           "json/tree.cc": "#include <fmt/core.h>\n",
           "remote/curl_library.h": "#include <curl/curl.h>\n",
           "signer/pkcs11_header.h": "#include <p11-kit/pkcs11.h>\n"}
LINK = "build carnet: LINK main.o\n  LINK_LIBRARIES = core/libcarnet_core.a  {}  -lm  -ldl\n"

# name, file, what is replaced, by what, the line that is expected (none: no problem)
CASES = (
    ("as it is", "NOTICE", "", "", None),
    ("library not listed", "NOTICE", "  libsodium  ", "# libsodium  ", "libsodium.a is linked but not"),
    ("archive not listed", "NOTICE", " libkj.a", "", "libkj.a is linked but not listed"),
    ("listed, not linked", "cmake/dependencies.cmake", " bz2", "", "libbz2.a is listed but not linked"),
    ("header gone", "cli/arguments.cc", "CLI/CLI.hpp", "map", "CLI/CLI.hpp is listed but not linked"),
    ("header not listed", "NOTICE", "fmt/format.h", "fmt.h", "fmt/format.h is linked but not listed"),
    ("listed twice", "NOTICE", "libz.a", "libz.a libz.a", "libz.a is listed more than once"),
    ("link line", "build.ninja", "{}", "/usr/lib/libjpeg.a", "libjpeg.a is linked but not listed"),
    ("honest link line", "build.ninja", "{}", "/usr/lib/x/libz.so.1", None),
)


def problem_of(file, old, new):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in FILES:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
        for name, text in {**HEADERS, "build.ninja": LINK}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        text = (root / file).read_text()
        assert old in text, f"{file} has no {old!r}"
        (root / file).write_text(text.replace(old, new, 1))
        ninja = [root / "build.ninja"] if file == "build.ninja" else []
        done = subprocess.run([sys.executable, root / "tools/check_notice.py", *ninja], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.stdout if done.returncode else None


def main():
    failed = 0
    for name, file, old, new, expected in CASES:
        found = problem_of(file, old, new)
        fine = found is None if expected is None else found is not None and expected in found
        if not fine:
            print(f"check_notice_test: {name}: expected {expected}, found {found}")
            failed += 1
    print(f"check_notice: {len(CASES) - failed} cases as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
