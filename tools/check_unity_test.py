#!/usr/bin/env python3
"""One name for two things in a library, which check_unity.py is to find; and what it leaves alone."""
import json
import pathlib
import subprocess
import sys
import tempfile

TOOL = pathlib.Path(__file__).with_name("check_unity.py")
COUNT = "namespace { int Count() { return 1; } }\nint %s() { return Count(); }\n"
OTHER = "namespace { int Size() { return 1; } }\nint %s() { return Size(); }\n"
ALONE = "set_source_files_properties(a.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)\n"

# sources with their contents, flags of b.cc, CMakeLists.txt, exit status, what is printed
CASES = (
    ("one name twice", {"a.cc": COUNT % "A", "b.cc": COUNT % "B"}, "", "", 1, "redefinition of"),
    ("two names", {"a.cc": COUNT % "A", "b.cc": OTHER % "B"}, "", "", 0, "1 libraries, 2 sources"),
    ("flags of its own", {"a.cc": COUNT % "A", "b.cc": COUNT % "B", "c.cc": OTHER % "C"},
     "-DOWN", "", 0, "1 libraries, 2 sources"),
    ("compiled alone", {"a.cc": COUNT % "A", "b.cc": COUNT % "B", "c.cc": OTHER % "C"},
     "", ALONE, 0, "1 libraries, 2 sources"),
    ("a name of core", {"core/q.h": "int Quoted(int);\n", "core/a.cc": OTHER % "A", "core/b.cc": COUNT % "B",
                        "cli/c.cc": "namespace {\nint Quoted(int a) { return a; }\n}  // namespace\n"
                                    "int C() { return Quoted(1); }\n"},
     "", "", 1, "c.cc: Quoted hides the function of core/"),
    ("nothing to check", {"a.cc": COUNT % "A"}, "", "", 1, "no library with two sources"),
)

failed = 0
for name, sources, flags, lists, status, printed in CASES:
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "CMakeLists.txt").write_text(lists)
        commands = []
        for source, text in sources.items():
            (folder / source).parent.mkdir(exist_ok=True)
            (folder / source).write_text(text)
            if source.endswith(".h"):
                continue
            own = flags if source == "b.cc" else ""
            commands.append({"directory": scratch, "file": str(folder / source),
                             "command": f"c++ {own} -MD -MT x -MF x.d -o CMakeFiles/lib.dir/{source}.o"
                                        f" -c {folder / source}"})
        (folder / "compile_commands.json").write_text(json.dumps(commands))
        done = subprocess.run([TOOL, scratch], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
    text = done.stdout.decode()
    if done.returncode != status or printed not in text:
        print(f"{name}: status {done.returncode} instead of {status}, printed:\n{text}")
        failed += 1
print(f"check_unity: {len(CASES) - failed} of {len(CASES)} cases")
sys.exit(failed != 0)
