#!/usr/bin/env python3
"""Each mention that check_mentions.py is to refuse, planted alone in a temporary repository; and
what it must leave alone."""
import pathlib
import subprocess
import sys
import tempfile

TOOL = pathlib.Path(__file__).with_name("check_mentions.py")
END = ".m" "d"  # so that this file mentions nothing itself

# In every repository of a case.
DOCUMENTS = {
    f"README{END}": "", f"docs/formats{END}": "", f"docs/design/0001-tree{END}": "",
    f"tests/vectors/README{END}": "", ".gitignore": "build/\n"}

# file, content, mention that the one error must name
REFUSED = (
    ("core/a.h", f"// see statements{END}\n", f"core/a.h:1: statements{END} is not"),
    ("core/a.h", f"\n\n// (docs/rules{END} R5)\n", f"core/a.h:3: docs/rules{END} is not"),
    ("tools/a.py", f'"""As formats{END} has it, not as format{END}."""\n',
     f"tools/a.py:1: format{END} is not"),
    (f"docs/threats{END}", f"[one](design/0002-leaf{END})\n", f"design/0002-leaf{END} is not"),
    (f"docs/threats{END}", f"[one](../formats{END})\n", f"../formats{END} is not"),
    ("core/a.h", f"// 0001-tree{END}, without its folder\n", f"core/a.h:1: 0001-tree{END} is not"),
    ("core/a.h", f"// ../README{END} is beside core, ../../README{END} is outside\n",
     f"../../README{END} is not"),
    ("dev", f"cat CHANGES{END}\n", f"dev:1: CHANGES{END} is not"),
    ("schemas/a.capnp", f"# rules{END}.\n", f"schemas/a.capnp:1: rules{END} is not"),
    ("core/a.h", f"// build/notes{END} is ignored\n", f"build/notes{END} is not"),
    ("core/a.h", f"// https://c2sp.org/tlog{END} and tlog{END}\n", f"core/a.h:1: tlog{END} is not"),
)

ALLOWED = {
    "core/a.h": f"// docs/formats{END}, formats{END}; README{END}; design/0001-tree{END}.\n",
    "core/b.h": f"// `formats{END}`, \"README{END}\", (docs/design/0001-tree{END})\n",
    "core/c.h": f"// https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint{END}\n"
                f"// any *{END}, <title>{END}, {END}, .{END}x, name{END}x\n",
    "tests/vectors/make.py": f"# README{END} beside it\n",
    f"docs/design/0002-leaf{END}": f"[before](0001-tree{END}), [up](../formats{END}), "
                                   f"[root](../../README{END})\n",
    f"build/junk{END}": f"nothing{END}\n",
    "tools/vectors.tsv": f"path\ntlog/gone{END}\n",
    "tests/fuzz/corpus/bytes": f"\udcff gone{END}",
}


def run_on(files):
    with tempfile.TemporaryDirectory() as root:
        subprocess.run(["git", "init", "-q", root], check=True)
        for name, content in {**DOCUMENTS, f"build/notes{END}": "", **files}.items():
            path = pathlib.Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode(errors="surrogateescape"))
        done = subprocess.run([sys.executable, TOOL, root], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr


def main():
    wrong = []
    for name, content, expected in REFUSED:
        code, output = run_on({name: content})
        if code != 1 or expected not in output or output.count("\n") != 1:
            wrong.append(f"{name}: not found: {expected}\n  got {code}: {output}")
    code, output = run_on(ALLOWED)
    if code != 0 or output:
        wrong.append(f"refused what is allowed:\n{output}")
    print("\n".join(wrong) or f"check_mentions: {len(REFUSED) + 1} cases as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
