"""What a Verdict is to a program, to a reader and to a notebook."""
import html.parser
import json
import unittest

import carnet
from recorded import recorded

HOSTILE = '<img src=x onerror="alert(1)">&amp;</td></table><script>alert(2)</script>'


class Tags(html.parser.HTMLParser):
    """The tags and attributes of a piece of HTML, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


class VerdictTest(unittest.TestCase):
    def no(self):
        return recorded().gate().check(b"{}", recorded().model)

    def test_it_has_no_truth_value(self):
        for verdict in (self.no(), recorded().issued.verdict):
            with self.assertRaisesRegex(TypeError, r"neither true nor false: use \.passed"):
                bool(verdict)
            with self.assertRaises(TypeError):
                _ = "host it" if verdict else "do not"

    def test_it_cannot_be_made_or_changed(self):
        with self.assertRaises(TypeError):
            carnet.Verdict()
        with self.assertRaises(AttributeError):
            self.no().passed = True
        with self.assertRaises(TypeError):
            type("Lenient", (carnet.Verdict,), {})

    def test_equal_verdicts_are_equal_and_hash_alike(self):
        now = recorded().issued.verdict.now
        gate = recorded().gate()
        one, same = (gate.check(b"{}", recorded().model, now) for _ in range(2))
        self.assertEqual(one, same)
        self.assertEqual(hash(one), hash(same))
        self.assertNotEqual(one, recorded().issued.verdict)
        self.assertNotEqual(one, "fail")
        self.assertEqual(len({one.findings[0], same.findings[0]}), 1)

    def test_its_repr_is_one_line(self):
        self.assertRegex(repr(self.no()), r"^Verdict\(decision='fail', reason='[a-z-]+', .*\)$")
        self.assertLess(len(repr(recorded().issued.verdict)), 300)

    def test_its_json_is_what_its_attributes_are(self):
        verdict = self.no()
        document = json.loads(verdict.to_json())
        self.assertEqual(document["decision"], verdict.decision)
        self.assertEqual([row["text"] for row in document["rows"]],
                         [row.text for row in verdict.rows])
        self.assertEqual(document["findings"][0]["message"], verdict.findings[0].message)
        self.assertEqual(document["now"][:19], verdict.now.isoformat()[:19])
        self.assertNotIn("passport", document)
        self.assertIsNone(verdict.passport)

    def test_a_notebook_shows_its_reasons(self):
        shown = Tags(self.no()._repr_html_())
        self.assertEqual(shown.tags, {"table", "tr", "td", "span"})
        self.assertEqual(shown.attributes, {"style"})
        self.assertIn(self.no().findings[0].message, shown.text)
        self.assertIn("decision", shown.text)

    def test_a_notebook_runs_nothing_that_a_passport_says(self):
        """A field's name is the publisher's, and the finding quotes it."""
        bundle = json.loads(recorded().issued.passport.splitlines()[0])
        bundle[HOSTILE] = 1
        verdict = recorded().gate().check(json.dumps(bundle).encode() + b"\n", recorded().model)
        self.assertIn("<script>", str(verdict))
        shown = verdict._repr_html_()
        self.assertEqual(Tags(shown).tags, {"table", "tr", "td", "span"})
        self.assertNotIn("<script", shown)
        self.assertNotIn("<img", shown)
        self.assertIn("<script>", Tags(shown).text)
