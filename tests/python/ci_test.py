"""examples/ci: what the action answers, and that no name or text of a model is obeyed by GitHub."""
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from recorded import recorded

ACTION = pathlib.Path(__file__).resolve().parents[2] / "examples/ci"
HOSTILE = "</code><img src=x onerror=a>`|*@octocat*\n\n# h\r\n::set-output name=a,b::##[error]%0A"
COMMANDS = re.compile(r"^\s*::|##\[")  # as GitHub's runner looks for them, line by line
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"


class Answer:
    """What GitHub makes of a step: its commands, summary and outputs."""

    def __init__(self, done, summary, output):
        self.status, self.log, self.summary = done.returncode, done.stdout + done.stderr, summary
        self.commands, self.outputs, stopped = [], {}, None
        for line in re.split(r"\r\n|\r|\n", done.stdout + done.stderr):
            if stopped is not None:
                stopped = None if line == f"::{stopped}::" else stopped
            elif line.startswith("::stop-commands::"):
                stopped = line[len("::stop-commands::"):]
            elif COMMANDS.search(line):
                self.commands.append(line)
        lines = iter(output.split("\n")[:-1])
        for line in lines:
            name, end = line.split("<<")
            self.outputs[name] = "\n".join(iter(lambda end=end: next(lines), end))

    @property
    def errors(self):
        """(file, message) of each annotation."""
        found = []
        for command in self.commands:
            _, kind, message = command.split("::", 2)
            kind, _, properties = kind.partition(" ")
            assert kind == "error", command
            file = dict(one.split("=", 1) for one in properties.split(",")).get("file")
            found.append((file and self.plain(file), self.plain(message)))
        return found

    @staticmethod
    def plain(text):
        return re.sub("%(0A|0D|25|3A|2C)", lambda code: chr(int(code[1], 16)), text)


class CheckTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="carnet-ci-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.work = self.folder / "work"
        self.work.mkdir()

    def write_model(self, name, passport=True):
        shutil.copytree(recorded().folder / "model", self.work / name, dirs_exist_ok=True)
        if passport:
            shutil.copy(recorded().passport, self.work / name / "m.passport.sigstore.jsonl")
        return self.work / name

    def check(self, status, decision, reason, environment=None, **inputs):
        inputs = {"trust": recorded().folder / "trust", "carnet": os.environ["CARNET_BINARY"],
                  "policy": "hub-default", "model": ".", "passport": "", "all": "", **inputs}
        summary, output = self.folder / "summary", self.folder / "output"
        summary.write_text("")
        output.write_text("")
        done = subprocess.run(
            ["bash", ACTION / "check.sh"], cwd=self.work, capture_output=True, text=True,
            check=False, env={**os.environ, "GITHUB_WORKSPACE": str(self.work),
                              "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output),
                              "RUNNER_TEMP": str(self.folder), **(environment or {}),
                              **{f"INPUT_{key.upper()}": str(value)
                                 for key, value in inputs.items()}})
        answer = Answer(done, summary.read_text(), output.read_text())
        self.assertEqual(answer.status, status, answer.log)
        self.assertEqual((answer.outputs.get("decision"), answer.outputs.get("reason")),
                         (decision, reason), answer.log)
        self.assertEqual(bool(answer.errors), status != 0)
        return answer

    def test_a_model_that_passes_says_what_was_found(self):
        self.write_model("model")
        for model in ("model", "./model/", self.work / "model"):
            answer = self.check(0, "pass", "", model=model)
        self.assertIn("### Carnet: pass", answer.summary)
        self.assertIn("<td>signatures</td><td>pass</td>", answer.summary)
        self.assertIn("Not checked: ", answer.summary)
        verdict = json.loads(pathlib.Path(answer.outputs["verdict"]).read_text())
        self.assertEqual(verdict["decision"], "pass")

    def test_a_repository_whose_top_is_the_model_passes(self):
        self.write_model(".")
        (self.work / ".git").mkdir()
        self.check(0, "pass", "")

    def test_a_changed_model_is_refused_with_its_reason_at_the_line_of_the_passport(self):
        (self.write_model("model") / "config.json").write_text("[]\n")
        answer = self.check(1, "fail", "files-differ-tensors-agree", model="model")
        (file, message), = answer.errors
        self.assertEqual(file, "model/m.passport.sigstore.jsonl")
        self.assertIn("line=1", answer.commands[0])
        self.assertIn("config.json is sha256:", message)
        self.assertIn("### Carnet: refused", answer.summary)

    def test_a_model_without_a_passport_is_refused_and_that_is_said(self):
        self.write_model("model", passport=False)
        answer = self.check(1, "fail", "no-passport", model="model")
        self.assertIn("no passport", answer.errors[0][1])

    def test_a_passport_is_found_by_its_input(self):
        self.write_model("model", passport=False)
        shutil.copy(recorded().passport, self.work / "-p.jsonl")
        self.check(0, "pass", "", model="model", passport="-p.jsonl")
        self.check(2, "not-judged", "not-found", model="model", passport="none.jsonl")
        self.check(2, "not-judged", "not-found", model="model", passport="-")

    def test_a_link_in_place_of_the_model_is_refused(self):
        (self.work / "there").symlink_to(recorded().folder)
        for model in ("there/model", "there/model/"):
            answer = self.check(1, "fail", "rejected", model=model, passport=recorded().passport)
            self.assertIn("has a symbolic link in it", answer.errors[0][1])
        (self.write_model("model") / "link").symlink_to("config.json")
        answer = self.check(1, "fail", "rejected", model="model")
        self.assertIn("links are not followed", answer.errors[0][1])

    def test_what_cannot_be_told_is_never_a_pass(self):
        self.write_model("model")
        for said, reason, inputs in (
                ("the input trust is missing", "not-judged", {"trust": ""}),
                ("no trust directory at no-folder", "not-judged", {"trust": "no-folder"}),
                ("does not belong in a trust directory", "io", {"trust": "model"}),
                ("there is no command no-command", "not-judged", {"carnet": "no-command"}),
                ("there is nothing at ./no-model", "not-judged", {"model": "no-model"}),
                ("passport is for one model", "not-judged", {"all": ".", "passport": "p"}),
                ("--follow", "not-found", {"policy": "--follow"}),
                ("no-policy", "not-found", {"policy": "no-policy"})):
            with self.subTest(said=said):
                answer = self.check(2, "not-judged", reason, **{"model": "model", **inputs})
                self.assertIn(said, answer.errors[0][1])
                self.assertIn("### Carnet: could not tell", answer.summary)

    def test_a_command_that_contradicts_itself_or_crashes_is_never_a_pass(self):
        self.write_model("model")
        everything = '{"decision":"pass","rows":[],"findings":[]}'
        summary = '{"summary":{"models":%d,"complete":%s},"exit":%d}'
        one = '{"path":"model","outcome":"%s","passport_file":"p","verdict":' + everything + "}"
        for script, all_of in (
                ("exit 0", ""), ("exit 1", ""), (f"echo '{everything}'; exit 1", ""),
                (f"echo '{everything}'; exit 3", ""), (f"echo '{everything}'; kill -SEGV $$", ""),
                (f"echo '{everything[:-1]}'", ""), ('echo "[]"', ""), ('echo "{}"', ""),
                (f"echo '{one % 'pass'}'", "."), (f"echo '{one % 'fail'}'; exit 1", "."),
                (f"echo '{summary % (0, 'true', 0)}'", "."),
                (f"echo '{one % 'pass'}'; echo '{summary % (1, 'false', 0)}'", "."),
                (f"echo '{one % 'pass'}'; echo '{summary % (2, 'true', 0)}'", "."),
                (f"echo '{one % 'pass'}'; echo '{summary % (1, 'true', 1)}'; exit 1", "."),
                (f"echo '{one % 'pass'}'; echo '{summary % (1, 'true', 0)}'; exit 3", ".")):
            with self.subTest(script=script):
                fake = self.folder / "fake"
                fake.write_text(f"#!/bin/sh\n{script}\n")
                fake.chmod(0o755)
                self.check(2, "not-judged", "not-judged", model="model", all=all_of, carnet=fake)

    def test_a_report_that_cannot_be_written_is_never_a_pass(self):
        self.write_model("model")
        answer = self.check(2, None, None, model="model",
                            environment={"GITHUB_STEP_SUMMARY": str(self.folder)})
        self.assertIn("the report could not be made", answer.errors[0][1])

    def test_pointers_of_git_lfs_are_named_and_are_not_the_files(self):
        model = self.write_model("model")
        (model / "model.safetensors").write_text(POINTER)
        answer = self.check(2, "not-judged", "lfs-pointer", model="model")
        self.assertEqual(answer.errors, [(
            "model/model.safetensors", "model/model.safetensors is a Git LFS pointer, not the "
            "file: check out with lfs: true")])
        answer = self.check(2, "not-judged", "lfs-pointer", all=".")
        self.assertEqual(len(answer.errors), 1)
        model = self.write_model("other", passport=False)
        (self.work / "other.passport.sigstore.jsonl").write_text(POINTER)
        answer = self.check(2, "not-judged", "lfs-pointer", model="other")
        self.assertEqual(answer.errors[0][0], "other.passport.sigstore.jsonl")

    def test_one_bad_model_of_a_folder_is_a_no_and_is_named(self):
        self.write_model("all/good")
        self.write_model("all/other")
        self.assertIn("2 of 2 pass", self.check(0, "pass", "", all="all").summary)
        self.write_model("all/unpassported", passport=False)
        self.check(1, "fail", "no-passport", all="all")
        (self.write_model("all/bad") / "config.json").write_text("[]\n")
        answer = self.check(1, "fail", "files-differ-tensors-agree", all="all")
        self.assertEqual([file for file, _ in answer.errors],
                         ["all/bad/m.passport.sigstore.jsonl", "all/unpassported"])
        self.assertIn("### Carnet: refused, 2 of 4 pass", answer.summary)
        (self.work / "all/link").symlink_to("good")
        self.check(2, "not-judged", "io", all="all")

    def test_a_folder_without_models_is_never_a_pass(self):
        (self.work / "all").mkdir()
        answer = self.check(2, "not-judged", "not-judged", all="all")
        self.assertIn("there is no model in the folder", answer.errors[0][1])

    def assert_tame(self, answer):
        for command in answer.commands:
            self.assertRegex(command, r"^::error title=Carnet(,file=[^:,]*)?(,line=\d+)?::")
        for obeyed in ("\r", "##["):
            self.assertNotIn(obeyed, answer.log + answer.summary)
        self.assertLessEqual(
            set(re.findall(r"<[^>]*>?", answer.summary)),
            {f"<{end}{tag}>" for end in ("", "/") for tag in
             ("p", "b", "code", "ul", "li", "table", "tr", "th", "td")})
        self.assertEqual(re.findall(r"[`|*@\[\]_#]", re.sub(r"&#\d+;", "", answer.summary)),
                         ["#"] * 3)  # of the title
        _, _, body = answer.summary.partition("### ")
        self.assertEqual(body.count("\n\n"), 1)  # after it, no line begins Markdown again

    def test_hostile_names_reach_nobody_as_commands_or_markup(self):
        name = HOSTILE.replace("/", "\u2215")  # no name of a file has a slash
        for where in (name, f"x{name}", "\u202egnp", "##[error]x", "::error::x"):
            for kind in ("model", "all"):
                with self.subTest(where=where, kind=kind):
                    shutil.rmtree(self.work)
                    self.work.mkdir()
                    (self.write_model(f"all/{where}") / "config.json").write_text("[]\n")
                    path = {"model": f"all/{where}"} if kind == "model" else {"all": "all"}
                    answer = self.check(1, "fail", "files-differ-tensors-agree", **path)
                    self.assert_tame(answer)
                    (file, _), = answer.errors
                    self.assertRegex(file, "^all/.*/m.passport.sigstore.jsonl$")
                    self.assertNotIn("\u202e", answer.log + answer.summary)

    def test_hostile_texts_of_a_command_reach_nobody_as_commands_or_markup(self):
        self.write_model("model")
        finding = {"rule": HOSTILE, "reason": HOSTILE, "message": HOSTILE, "line": 1}
        document = json.dumps({
            "decision": "fail", "reason": HOSTILE, "name": HOSTILE, "findings": [finding] * 50,
            "rows": [{"name": HOSTILE, "status": HOSTILE, "text": HOSTILE}],
            "not_checked": [HOSTILE], "warnings": [HOSTILE + "\ud800\u2028"]})
        (self.folder / "document").write_text(document)
        fake = self.folder / "fake"
        fake.write_text(f"#!/bin/sh\ncat '{self.folder}/document'\nexit 1\n")
        fake.chmod(0o755)
        shown = HOSTILE.replace("##", "## ").replace("\n", r"\u{a}").replace("\r", r"\u{d}")
        answer = self.check(1, "fail", shown, model="model", carnet=fake)
        self.assert_tame(answer)
        self.assertEqual(len(answer.errors), 10)
        self.assertEqual(answer.errors[-1][1], "41 more errors are in the log")
        self.assertIn("%250A", answer.commands[0])
        self.assertIn(f"Warnings: <code>{shown}\\u{{d800}}\\u{{2028}}</code>",
                      html.unescape(answer.summary))

    def test_a_large_folder_has_a_summary_that_github_shows(self):
        rows = [{"name": "n", "status": "s", "text": "<" * 5000}] * 10
        verdict = {"decision": "pass", "rows": rows, "findings": []}
        lines = [{"path": str(at), "outcome": "pass", "passport_file": "p", "verdict": verdict}
                 for at in range(200)]
        lines.append({"summary": {"models": 200, "complete": True}, "exit": 0})
        (self.folder / "document").write_text("".join(json.dumps(line) + "\n" for line in lines))
        fake = self.folder / "fake"
        fake.write_text(f"#!/bin/sh\ncat '{self.folder}/document'\n")
        fake.chmod(0o755)
        answer = self.check(0, "pass", "", all=".", carnet=fake)
        self.assertLess(len(answer.summary.encode()), 1 << 20)
        self.assertIn("more models are in the log", answer.summary)


class ActionTest(unittest.TestCase):
    def setUp(self):
        self.text = (ACTION / "action.yml").read_text()
        self.inputs = re.findall(r"^  (\w+):$", self.text.partition("outputs:")[0], re.MULTILINE)

    def test_no_input_is_in_the_text_that_is_run(self):
        for line in self.text.splitlines():
            if "${{" in line:
                self.assertRegex(line, r"^\s+(INPUT_\w+|value): \$\{\{ [\w.]+ \}\}$")
        self.assertRegex(self.text, r'run: bash "\$GITHUB_ACTION_PATH/check.sh"\n')

    def test_each_input_reaches_the_script(self):
        self.assertEqual(len(self.inputs), 6)
        script = (ACTION / "check.sh").read_text()
        for name in self.inputs:
            self.assertIn(f"INPUT_{name.upper()}: ${{{{ inputs.{name} }}}}", self.text)
            self.assertIn(f"INPUT_{name.upper()}:-", script)

    def test_the_workflow_in_the_readme_has_inputs_of_the_action(self):
        readme = (ACTION / "README.md").read_text()
        steps = re.findall(r"uses: example-org/carnet/examples/ci@\S+\n +with:\n((?: +\w+: .*\n)+)",
                           readme)
        self.assertEqual(len(steps), 1)
        given = re.findall(r"^ +(\w+):", steps[0], re.MULTILINE)
        self.assertLessEqual(set(given), set(self.inputs))
        self.assertIn("trust", given)
