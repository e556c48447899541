#!/usr/bin/env python3
"""Each violation that check_layers.py is to find, planted alone in a temporary tree; and what it
must leave alone."""
import pathlib
import subprocess
import sys
import tempfile

TOOL = pathlib.Path(__file__).with_name("check_layers.py")
NUMBER_PARSER = "numbers and hex are parsed"

# file, content, text that the one error must contain
VIOLATIONS = (
    ("core/a.cc", '#include "crypto/sha256.h"\n', "core/a.cc:1: includes upward: crypto/sha256.h"),
    ("merkle/a.h", '#pragma once\n#include "json/reader.h"\n', "merkle/a.h:2: includes upward"),
    ("artifact/a.cc", '#include "schemas/codec.h"\n', "includes sideways: schemas/codec.h"),
    ("ledger/a.cc", '#include "signer/signer.h"\n', "includes sideways: signer/signer.h"),
    ("verifier/a.cc", '#include "ledger/ledger.h"\n', "includes sideways"),
    ("pipeline/a.cc", '#include "cli/command.h"\n', "includes upward"),
    ("statements/a.cc", '#include "trust/trust.h"\n', "includes sideways: trust/trust.h"),
    ("trust/a.cc", '#include "statements/graph.h"\n', "includes sideways: statements/graph.h"),
    ("statements/a.cc", '#include "verifier/finding.h"\n', "includes upward"),
    ("pipeline/a.cc", '#include "api/verdict.h"\n', "includes upward"),
    ("api/a.cc", '#include "cli/command.h"\n', "includes upward"),
    ("pipeline/a.cc", "#include <carnet/verify.h>\n", "the public face is above this folder"),
    ("include/carnet/a.h", '#include "core/hex.h"\n', "a public header includes core/hex.h"),
    ("include/carnet/a.h", "#include <core/hex.h>\n", "a public header includes core/hex.h"),
    ("include/carnet/a.h", "#include <boost/json.hpp>\n", "a public header includes boost"),
    ("include/carnet/a.h", "#include <unistd.h>\n", "a public header includes unistd.h"),
    ("include/carnet/a.h", "#define CARNET_A 1\n", "a public header defines a macro"),
    ("cli/a.cc", '#include "tests/support/test.h"\n', "includes the outer ring"),
    ("cli/a.cc", '#include "bench/load.h"\n', "includes the outer ring"),
    ("json/a.cc", '#include <merkle/../sigstore/dsse.h>\n#include <sigstore/dsse.h>\n',
     "json/a.cc:2: includes upward"),
    ("json/a.cc", '#include "reader.h"\n', "does not begin with a folder"),
    ("verifier/bundle/a.cc", '#include "verifier/identity/verify.h"\n', "upward within verifier/"),
    ("verifier/compute/a.cc", '#include "verifier/policy/policy.h"\n', "upward within verifier/"),
    ("verifier/finding.h", '#include "verifier/bundle/verify.h"\n', "upward within verifier/"),
    ("verifier/policy/a.cc", '#include "verifier/gate.h"\n', "upward within verifier/"),
    ("verifier/policy/a.cc", '#include "verifier/judge_statement.h"\n', "upward within verifier/"),
    ("verifier/extra/a.cc", '#include "verifier/verdict.h"\n', "not one of verifier's"),
    ("json/a.cc", "#include <openssl/evp.h>\n", "OpenSSL belongs in crypto/"),
    ("signer/a.cc", "#include <sodium.h>\n", "libsodium belongs in crypto/"),
    ("pipeline/a.cc", "#include <rocksdb/db.h>\n", "RocksDB belongs in ledger/"),
    ("ledger/a.cc", "#include <capnp/message.h>\n", "Cap'n Proto belongs in schemas/"),
    ("ledger/a.cc", "#include <kj/string.h>\n", "Cap'n Proto belongs in schemas/"),
    ("ledger/a.h", '#include "schemas/record.capnp.h"\n', "in a header above schemas/"),
    ("sigstore/a.cc", "#include <boost/json.hpp>\n", "Boost.JSON belongs in json/"),
    ("sigstore/a.cc", "#include <boost/json/basic_parser.hpp>\n", "Boost.JSON belongs in json/"),
    ("core/a.cc", "#include <boost/test/unit_test.hpp>\n", "Boost.Test belongs in tests/"),
    ("verifier/policy/a.cc", "#include <toml++/toml.h>\n", "toml++ belongs in trust/toml_table.cc"),
    ("core/a.cc", "#include <utf8proc.h>\n", "utf8proc belongs in artifact/"),
    ("sigstore/a.cc", "#include <re2/re2.h>\n", "RE2 belongs in sigstore/identity_pattern.cc"),
    ("pipeline/a.cc", "#include <CLI/CLI.hpp>\n", "CLI11 belongs in cli/"),
    ("api/a.cc", "#include <nanobind/nanobind.h>\n", "nanobind belongs in python/"),
    ("python/bindings/a.cc", '#include "api/verdict.h"\n', "stands on the public headers alone"),
    ("core/a.cc", "#include <fmt/core.h>\n", "fmt belongs in .cc files above core/"),
    ("json/a.h", "#include <fmt/core.h>\n", "fmt belongs in .cc files above core/"),
    ("json/a.cc", "#include <fmt/format.h>\n", "<fmt/core.h> is enough, at a quarter of the cost"),
    ("ledger/key_helpers.cc", "\n", '"key_helpers.cc" is a name that says nothing'),
    ("ledger/types.h", "\n", '"types.h" is a name'),
    ("merkle/common/a.h", "\n", '"common" is a name'),
    ("tools/misc.py", "\n", '"misc.py" is a name'),
    ("ledger/LedgerManager.cc".lower().replace("rm", "r_m"), "\n", "is a name that says nothing"),
    ("json/a.cc", "\n" * 501, "501 lines, at most 500 are allowed"),
    ("tests/json/a_test.cc", "\n" * 501, "501 lines, at most 500 are allowed"),
    ("json/a.cc", "auto n = std::stoul(text);\n", NUMBER_PARSER),
    ("json/a.cc", "auto n = std::stoi(text);\n", NUMBER_PARSER),
    ("json/a.cc", "std::from_chars(begin, end, n);\n", NUMBER_PARSER),
    ("json/a.cc", "auto n = strtoull(text, nullptr, 10);\n", NUMBER_PARSER),
    ("json/a.cc", 'constexpr char kDigits[] = "0123456789abcdef";\n', NUMBER_PARSER),
    ("json/a.cc", "// TO" "DO: later\n", "carries the number of its issue"),
    ("tests/json/a_test.cc", "// TO" "DO(me): later\n", "carries the number of its issue"),
    ("extra/a.cc", "\n", "folder with sources that the layer table does not name"),
    ("tools/a.cc", "\n", "C++ belongs in a folder of the layer table"),
)

ALLOWED = (
    ("core/result.h", "#include <carnet/result.h>\n"),
    ("cli/a.cc", '#include "api/verdict.h"\n#include <carnet/verify.h>\n'),
    ("tests/api/a_test.cc", "#include <carnet/verify.h>\n"),
    ("python/bindings/a.cc", '#include <carnet/verify.h>\n#include <nanobind/nanobind.h>\n'
     '#include "python/bindings/times.h"\n'),
    ("include/carnet/a.h", "#include <carnet/result.h>\n#include <string>\n#include <stdint.h>\n"),
    ("include/carnet/export.h", "#define CARNET_API\n"),
    ("crypto/a.cc", '#include "core/hex.h"\n#include <openssl/evp.h>\n#include <sodium.h>\n'),
    ("ledger/a.cc", '#include "schemas/record.capnp.h"\n#include <rocksdb/db.h>\n'),
    ("pipeline/a.cc", '#include "ledger/ledger.h"\n#include <fmt/core.h>\n// TO' "DO(#7): x\n"),
    ("verifier/policy/a.cc", '#include "verifier/bundle/verify.h"\n'),
    ("artifact/a.cc", "#include <utf8proc.h>\n"),
    ("trust/toml_table.cc", "#include <toml++/toml.h>\n"),
    ("signer/a.cc", '#include "statements/graph.h"\n'),
    ("verifier/gate.cc", '#include "verifier/policy/policy.h"\n#include "verifier/verdict.h"\n'),
    ("verifier/bundle/a.cc", '#include "verifier/reject_reason.h"\n#include "sigstore/dsse.h"\n'),
    ("tests/ledger/a_test.cc", '#include "tests/support/test.h"\n#include <rocksdb/db.h>\n'
     "auto n = std::stoul(text);\n"),
    ("bench/a_bench.cc", '#include "cli/command.h"\n#include <openssl/evp.h>\n'),
    ("sigstore/media_types.h", "\n"),
    ("core/a.cc", '#include <sys/stat.h>\nstd::from_chars(b, e, n); "0123456789abcdef";\n'),
    ("build/a.cc", '#include "cli/x.h"\n' * 600),
)


def run_on(files):
    with tempfile.TemporaryDirectory() as root:
        for name, content in files:
            path = pathlib.Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        done = subprocess.run([sys.executable, TOOL, root], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr


def main():
    wrong = []
    for name, content, expected in VIOLATIONS:
        code, output = run_on([(name, content)])
        if code != 1 or expected not in output:
            wrong.append(f"{name}: not found: {expected}\n  got {code}: {output}")
    two_users = [("cli/a.cc", "#include <CLI/CLI.hpp>\n"), ("cli/b.cc", "#include <CLI/CLI.hpp>\n")]
    code, output = run_on(two_users)
    if code != 1 or "CLI11 is already included by cli/a.cc" not in output:
        wrong.append(f"second file with CLI11: not found\n  got {code}: {output}")
    code, output = run_on([("json/a.h", "\n" * 201), ("json/a.cc", "\n" * 301)])
    if code != 0 or output.count("warning:") != 2:
        wrong.append(f"soft limits: not warned\n  got {code}: {output}")
    code, output = run_on(ALLOWED)
    if code != 0 or output:
        wrong.append(f"refused what is allowed:\n{output}")
    print("\n".join(wrong) or f"check_layers: {len(VIOLATIONS) + 3} cases as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
