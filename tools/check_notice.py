#!/usr/bin/env python3
"""Holds NOTICE to what is really linked: each library of the release binary, and nothing else.

usage: check_notice.py [BUILD_NINJA ...]

Read from cmake/dependencies.cmake (static archives), cli/CMakeLists.txt (the compiler's runtime)
and the includes of header-only libraries; a build.ninja of a release build may be given as well,
whose link line is then compared too.
"""
import re
import sys

import notice

# Header-only libraries: what their includes begin with, and the header that names them in NOTICE.
HEADER_ONLY = {"CLI/": "CLI/CLI.hpp", "toml++/": "toml++/toml.h", "fmt/": "fmt/format.h",
               "p11-kit/": "p11-kit-1/p11-kit/pkcs11.h", "curl/": "curl/curl.h"}
FOLDERS = ("core", "crypto", "merkle", "json", "artifact", "schemas", "sigstore", "trust", "statements",
           "ledger", "signer", "verifier", "remote", "pipeline", "api", "cli")
C_LIBRARY = {"libm", "libpthread", "libdl", "librt", "libc"}


def archives_of_the_build():
    text = (notice.ROOT / "cmake/dependencies.cmake").read_text()
    names = [name for call in re.findall(r"carnet_static_archives\(\w+ ([^)]+)\)", text)
             for name in call.split() if not name.startswith("$")]
    return {f"lib{name}.a" for name in names}


def headers_of_the_sources():
    found = set()
    for folder in FOLDERS:
        for path in (notice.ROOT / folder).rglob("*"):
            if path.suffix in (".h", ".cc"):
                for included in re.findall(r"^#include <([^>]+)>", path.read_text(), re.MULTILINE):
                    found |= {header for begin, header in HEADER_ONLY.items()
                              if included.startswith(begin)}
    return found


def runtime_of_the_build():
    text = (notice.ROOT / "cli/CMakeLists.txt").read_text()
    return {f"lib{name}.a" for name in re.findall(r"-static-lib(stdc\+\+|gcc)", text)}


def archives_on_the_link_line(build_ninja):
    """Of the command carnet: every library that is not made by the build itself."""
    with open(build_ninja, encoding="utf-8") as lines:
        text = lines.read()
    block = re.search(r"^build carnet: .*\n((?:  .*\n)+)", text, re.MULTILINE)
    if not block:
        raise SystemExit(f"{build_ninja}: no link line of carnet")
    line = re.search(r"LINK_LIBRARIES = (.*)", block[1])[1]
    names = {re.sub(r".*/|\.(a|so)[.\d]*$", "", word) for word in line.split()
             if re.search(r"^/.*\.(a|so)[.\d]*$", word)}
    names |= {f"lib{word[2:]}" for word in line.split() if word.startswith("-l")}
    return {f"{name}.a" for name in names - C_LIBRARY}


def main(build_ninjas):
    stated = [origin for _, _, origins in notice.table((notice.ROOT / "NOTICE").read_text())
              for origin in origins]
    linked = archives_of_the_build() | headers_of_the_sources() | runtime_of_the_build()
    for path in build_ninjas:
        linked |= archives_on_the_link_line(path)
    problems = [f"NOTICE: {name} is linked but not listed" for name in sorted(linked - set(stated))]
    problems += [f"NOTICE: {name} is listed but not linked" for name in sorted(set(stated) - linked)]
    problems += [f"NOTICE: {name} is listed more than once"
                 for name in sorted({name for name in stated if stated.count(name) > 1})]
    print("\n".join(problems) or f"check_notice: {len(stated)} origins, all listed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
