"""examples/hub: what it takes, what it refuses, and what is left of either."""
import json
import os
import shutil
import socket
import time
import unittest

import carnet
from recorded import command, recorded
from served import BOUNDARY, Served, form, model_parts, part

SHOWN = ["models/{0}/model.passport.sigstore.jsonl", "models/{0}/model/config.json",
         "models/{0}/model/model.safetensors", "models/{0}/verdict.json",
         "models/{0}/verdict.sigstore.json"]


def head_of(length, more=""):
    """Of an upload, as it is sent."""
    return (f"POST /models HTTP/1.1\r\nHost: hub\r\nContent-Length: {length}\r\n{more}"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n").encode()


class HubCase(unittest.TestCase):
    options = {}

    def setUp(self):
        self.hub = Served(**self.options)
        self.addCleanup(self.hub.end)

    def refused(self, body, status, why, **headers):
        """Refused for that reason, and nothing of it is left."""
        before = self.hub.kept(), self.hub.logged()
        answer = self.hub.post(body, **headers)
        self.assertEqual(answer[0], status, answer[2])
        said = json.loads(answer[2])
        if status == 422:
            self.assertEqual(said["decision"], "fail")
            self.assertEqual(said["findings"][0]["reason"], why)
        else:
            self.assertIn(why, said["error"])
        self.assertEqual((self.hub.kept(), self.hub.logged()), before)
        self.assertEqual(os.listdir(self.hub.settings.folder / "incoming"), [])
        return said


class AcceptedTest(HubCase):
    def test_a_model_that_passes_is_shown_with_a_logged_verdict(self):
        status, headers, body = self.hub.post(form(*model_parts("tiny")))
        self.assertEqual((status, headers["Location"]), (201, "/models/tiny"))
        self.assertEqual(self.hub.kept(), [path.format("tiny") for path in SHOWN])
        said = json.loads(command("verify", self.hub.settings.folder / "models/tiny/model",
                                  "--trust", recorded().folder / "trust", "--json"))
        self.assertEqual(said["decision"], "pass")
        self.assertEqual(json.loads(body)["model"], said["model"])
        self.assertEqual(self.hub.get("/models/tiny/passport")[2], recorded().passport.read_bytes())
        self.assertEqual(self.hub.logged(), 1)
        signed = carnet.LedgerReader.open(self.hub.settings.ledger).bundle_at(0)
        self.assertEqual(json.loads(self.hub.get("/models/tiny/signed")[2]), json.loads(signed))
        self.assertEqual(command("digest", self.hub.settings.folder / "models/tiny/model",
                                 "--json").count(said["model"]), 1)
        command("ledger", "fsck", self.hub.settings.ledger)
        command("verify-all", self.hub.settings.folder / "models", "--depth", "2", "--trust",
                recorded().folder / "trust")

    def test_a_folder_as_browsers_send_it_is_the_model_in_it(self):
        status, headers, _ = self.hub.post(
            form(*model_parts("tiny", "folder", "my model/"),
                 part("folder", b"ignored", "my model/old.passport.sigstore.jsonl")),
            Accept="text/html")
        self.assertEqual((status, headers["Location"]), (303, "/models/tiny"))
        self.assertEqual(self.hub.kept(), [path.format("tiny") for path in SHOWN])

    def test_what_the_gate_does_not_look_into_is_not_stored(self):
        self.assertEqual(self.hub.post(form(
            *model_parts("tiny"), part("file", b"[core]\n\thooksPath = x\n", ".git/config"),
            part("file", b"x", ".cache/huggingface/x"), part("file", b"", "")))[0], 201)
        self.assertEqual(self.hub.kept(), [path.format("tiny") for path in SHOWN])

    def test_every_border_of_chunks_gives_the_same(self):
        body = form(*model_parts("tiny"))
        head = head_of(len(body), "Connection: close\r\n")
        with socket.create_connection(("127.0.0.1", self.hub.port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(0, len(head + body), 97):
                connection.sendall((head + body)[at:at + 97])
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        self.assertIn(b" 201 ", answer.splitlines()[0])
        self.assertEqual(self.hub.kept(), [path.format("tiny") for path in SHOWN])

    def test_a_name_is_given_once(self):
        self.assertEqual(self.hub.post(form(*model_parts("tiny")))[0], 201)
        self.refused(form(*model_parts("tiny")), 409, "there is a model tiny already")

    def test_an_upload_that_a_crash_ended_is_gone(self):
        left = self.hub.settings.folder / "incoming/left"
        left.mkdir()
        (left / "weights").write_bytes(b"x")
        self.hub.stop()
        self.hub.start()
        self.assertEqual(self.hub.kept(), [])


class RefusedTest(HubCase):
    def test_other_files_than_the_passports_are_refused(self):
        weights = (recorded().folder / "model/model.safetensors").read_bytes()
        for name, content, why in (
                ("model.safetensors", weights[:-1] + b"\1", "other-model"),
                ("model.safetensors", weights[:-1], "other-model"),
                ("model.safetensors", None, "other-model"),
                ("config.json", b"{}\n\n", "other-model"),
                ("config.json", None, "files-differ-tensors-agree"),
                ("tool.py", b"import os\n", "other-model")):
            with self.subTest(name=name, content=content and content[:9]):
                self.refused(form(*model_parts("tiny", changed={name: content})), 422, why)

    def test_a_passport_that_was_changed_is_refused(self):
        passport = bytearray(recorded().passport.read_bytes())
        passport[passport.index(b'"sig":"') + 20] ^= 1
        self.refused(form(*model_parts("tiny", passport=bytes(passport))), 422, "bad-signature")
        self.refused(form(*model_parts("tiny", passport=b"\0" * 9)), 422, "malformed-line")

    def test_no_path_leads_out_of_the_models_folder(self):
        for path in ("../x", "../../models/x", "/tmp/carnet-escaped", "a/../../x", "./config.json",
                     "a//b", "a\\..\\..\\x", ".git/../../x", "x\0y", "x" * 300, "d/" * 3000 + "x",
                     "%2e%2e/x", "config.json/x", "CONFIG.JSON", "con", "x%0Ay", b"\xff\xfe",
                     "%22; name=%22passport"):
            with self.subTest(path=path[:20]):
                answer = self.hub.post(form(*model_parts("tiny"), part("file", b"x", path)))
                self.assertIn(answer[0], (400, 422, 201), answer[2])
                if answer[0] == 201:  # .git is not looked into, wherever it leads
                    self.assertEqual(path, ".git/../../x")
                    self.assertEqual(self.hub.kept(), [one.format("tiny") for one in SHOWN])
                else:
                    self.assertEqual(self.hub.kept(), [])
                self.assertEqual(sorted(os.listdir(self.hub.folder)),
                                 ["hub", "hub.key", "hub.pub", "ledger"])
                self.assertFalse(os.path.exists("/tmp/carnet-escaped"))
                if answer[0] == 201:
                    shutil.rmtree(self.hub.settings.folder / "models/tiny")

    def test_a_file_that_is_sent_twice_is_refused(self):
        self.refused(form(*model_parts("tiny"), part("file", b"{}\n", "config.json")), 422,
                     "other-model")

    def test_a_name_is_a_name(self):
        for name in ("", "..", "../x", "A", "a b", "-a", "a\n", "a" * 64, "ä", "a/b", "\0"):
            with self.subTest(name=name):
                self.refused(form(*model_parts(name)), 413 if len(name) > 63 else 400, "name")

    def test_a_form_that_is_not_one_is_refused(self):
        parts = model_parts("tiny")
        passport = recorded().passport.read_bytes()
        for body, status, why in (
                (form(parts[0], *parts[2:]), 400, "no passport"),
                (form(parts[0], *parts[2:], parts[1]), 400, "no passport"),
                (form(parts[0], part("passport", b"", ""), *parts[2:]), 400, "no passport"),
                (form(*parts[:2], part("passport", passport, "b"), *parts[2:]), 400,
                 "two passports"),
                (form(*parts, part("other", b"x")), 400, "a field other than"),
                (form(*parts[1:]), 400, "no name"),
                (form(*parts, end=False), 400, "ended early"),
                (form(*parts)[:-20], 400, "ended early"),
                (b"", 400, "ended early"), (b"\0" * 99, 400, "cannot be read"),
                (form(parts[0].replace(b"form-data", b"attachment")), 400, "no name"),
                (form(part("x" * 9000, b"")), 400, "cannot be read"),
                (form(parts[0], part("passport", b"x" * (65 << 20), "p")), 413, "too long")):
            with self.subTest(why=why, body=body[:30]):
                self.refused(body, status, why)
        for kind in ("application/json", "multipart/form-data", "multipart/form-data; boundary=",
                     f"multipart/form-data; boundary={'x' * 300}", "x"):
            with self.subTest(kind=kind[:30]):
                status, _, body = self.hub.post(form(*parts), content_type=kind)
                self.assertIn(status, (400, 415), body)
        self.assertEqual(self.hub.kept(), [])

    def test_what_cannot_be_judged_or_logged_is_neither_shown_nor_refused(self):
        os.rename(self.hub.settings.ledger, self.hub.folder / "away")
        with self.assertRaises(carnet.NotFound):
            self.hub.logged()
        status, _, body = self.hub.post(form(*model_parts("tiny")))
        self.assertEqual((status, self.hub.kept()), (503, []))
        self.assertIn("nothing is said about it", json.loads(body)["error"])
        self.assertNotIn(b"ledger", body)
        os.rename(self.hub.folder / "away", self.hub.settings.ledger)
        self.assertEqual(self.hub.post(form(*model_parts("tiny")))[0], 201)

    def test_what_it_does_not_have_is_not_found(self):
        for path in ("/models/none", "/models/..", "/models/%2e%2e", "/models/..%2fhub/badge.svg",
                     "/models/none/passport", "/models/none/lineage.svg", "/docs", "/style.css/x"):
            with self.subTest(path=path):
                self.assertEqual(self.hub.get(path)[0], 404)


class LimitsTest(HubCase):
    options = {"max_upload": 60_000, "max_uploads": 1, "idle_s": 0.5}

    def test_an_upload_has_a_largest_size(self):
        self.refused(form(*model_parts("tiny", changed={"x": b"x" * 60_000})), 413, "larger than")

    def test_uploads_have_a_number_and_a_pace(self):
        with socket.create_connection(("127.0.0.1", self.hub.port)) as slow:
            slow.sendall(head_of(999) + b"-")
            deadline = time.monotonic() + 10
            while not os.listdir(self.hub.settings.folder / "incoming"):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            status, _, body = self.hub.post(form(*model_parts("tiny")))
            self.assertEqual((status, "no more uploads" in body.decode()), (503, True))
            self.assertIn(b" 408 ", slow.recv(4096).splitlines()[0])
        self.assertEqual(self.hub.post(form(*model_parts("tiny")))[0], 201)

    def test_a_connection_that_is_cut_leaves_nothing(self):
        body = form(*model_parts("tiny"))
        head = head_of(len(body))
        with socket.create_connection(("127.0.0.1", self.hub.port)) as cut:
            cut.sendall(head + body[:-30])
        deadline = time.monotonic() + 10
        while True:
            status = self.hub.post(form(*model_parts("other")))[0]
            if status != 503 or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        self.assertEqual(status, 201)
        self.assertEqual(self.hub.kept(), [path.format("other") for path in SHOWN])


if __name__ == "__main__":
    unittest.main()
