"""examples/hub in headless Chromium: what people see, and what a hostile passport cannot
do there."""
import os
import pathlib
import shutil
import unittest
from unittest import mock

import recorded as recording
from recorded import recorded
from served import Served, form, model_parts

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell")
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'
# Where the screenshots of examples/hub are kept, by who makes them anew.
SHOTS = os.environ.get("CARNET_SCREENSHOTS")


@unittest.skipUnless(CHROMIUM, "no chromium, which ./dev setup installs")
class BrowserTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from playwright.sync_api import sync_playwright
        playwright = sync_playwright().start()
        cls.addClassCleanup(playwright.stop)
        cls.browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"])  # the tests' own pages, as any user
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.hub = Served()
        self.addCleanup(self.hub.end)
        self.page = self.browser.new_page(viewport={"width": 1000, "height": 900})
        self.addCleanup(self.page.close)
        self.heard = []  # what a page must not do
        self.page.on("dialog", lambda dialog: (self.heard.append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda message: self.heard.append(message.text))
        self.page.on("request", lambda request: self.heard.append(request.url)
                     if not request.url.startswith(self.url("")) else None)
        self.page.goto(self.url("/"))

    def url(self, path):
        return f"http://127.0.0.1:{self.hub.port}{path}"

    def upload(self, name, passport, folder):
        self.page.fill("#name", name)
        self.page.set_input_files("#passport", passport)
        self.page.set_input_files("#folder", folder)
        self.page.click("button")

    def shoot(self, name):
        if SHOTS:
            self.page.screenshot(path=pathlib.Path(SHOTS) / f"{name}.png", full_page=True)

    def text(self):
        return self.page.inner_text("body")

    def test_a_model_that_passes_gets_its_page(self):
        self.assertIn("There are none yet.", self.text())
        self.upload("tiny", recorded().passport, recorded().folder / "model")
        self.assertEqual(self.page.url, self.url("/models/tiny"))
        for words in ("tiny", "pass", "level 2 (complete)", "Not checked", "Lineage"):
            self.assertIn(words, self.text())
        self.page.wait_for_load_state("load")
        for _ in range(100):  # the page forbids scripts to wait
            drawn = self.page.evaluate("[...document.images].map(one => one.naturalWidth)")
            if drawn and all(drawn):
                break
            self.page.wait_for_timeout(50)
        self.assertEqual(len(drawn), 2)
        self.assertTrue(all(drawn), drawn)  # the badge and the lineage
        self.shoot("model")
        self.page.click("text=All models")
        self.assertIn("912000 FLOP", self.text())
        self.shoot("index")
        self.assertEqual(self.heard, [])

    def test_a_model_that_does_not_pass_is_told_why(self):
        changed = self.hub.folder / "changed"
        shutil.copytree(recorded().folder / "model", changed)
        with open(changed / "model.safetensors", "r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"\1")
        self.upload("tiny", recorded().passport, changed)
        for words in ("Not accepted", "other-model", "rule R18", "model.safetensors is sha256:",
                      "Nothing of the upload was kept"):
            self.assertIn(words, self.text())
        self.shoot("refused")
        # the status is no page's that was found
        self.assertEqual([text for text in self.heard if "422" not in text], [])
        self.assertEqual(self.hub.kept(), [])

    def test_what_a_passport_says_is_text(self):
        with mock.patch.dict(recording.PASSPORT_DRAFT, name=HOSTILE):
            hostile = recording.Recorded()
        with mock.patch.object(recording, "recorded", lambda: hostile):
            self.hub.end()
            import served
            with mock.patch.object(served, "recorded", lambda: hostile):
                self.hub.__init__()
                answer = self.hub.post(form(*model_parts("tiny")))
        self.assertEqual(answer[0], 201, answer[2])
        self.page.goto(self.url("/models/tiny"))
        self.assertIn(HOSTILE, self.text())
        self.page.goto(self.url("/models/tiny/lineage.svg"))
        self.page.goto(self.url("/"))
        self.assertEqual(self.heard, [])


if __name__ == "__main__":
    unittest.main()
