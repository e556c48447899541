"""Times are moments: with a time zone, in UTC on the way out, cut to milliseconds."""
import datetime
import unittest

import carnet
from recorded import recorded

UTC = datetime.timezone.utc


class NoOffset(datetime.tzinfo):
    def utcoffset(self, dt):
        return None


class TimesTest(unittest.TestCase):
    def judged_at(self, now):
        return recorded().gate().check(recorded().issued.passport, recorded().model, now).now

    def test_a_time_without_a_zone_is_refused_with_the_parameters_name(self):
        naive = datetime.datetime(2026, 11, 23, 12)
        for wrong in (naive, naive.replace(tzinfo=NoOffset())):
            with self.assertRaisesRegex(ValueError, "^now: a datetime without a time zone"):
                self.judged_at(wrong)
        with self.assertRaisesRegex(ValueError, "^at: a datetime without a time zone"):
            carnet.Policy.shipped("eu-gpai", at=naive)
        with self.assertRaisesRegex(ValueError, "^now: "):
            carnet.verify(recorded().folder / "model", recorded().passport,
                          trust=recorded().trust, at=datetime.datetime.now(UTC), now=naive)

    def test_what_is_no_datetime_is_a_type_error(self):
        for wrong in (1, 1.5, "2026-11-23", datetime.date(2026, 11, 23)):
            with self.subTest(wrong=wrong), self.assertRaises(TypeError):
                self.judged_at(wrong)

    def test_any_zone_is_the_same_moment_in_utc(self):
        east = datetime.timezone(datetime.timedelta(hours=5, minutes=45))
        moment = datetime.datetime(2026, 11, 23, 1, 2, 3, 456_000, tzinfo=UTC)
        for given in (moment, moment.astimezone(east)):
            judged = self.judged_at(given)
            self.assertEqual(judged, moment)
            self.assertEqual(judged.utcoffset(), datetime.timedelta(0))

    def test_what_is_finer_than_a_millisecond_is_cut_off(self):
        for microsecond in (0, 1, 999, 1000, 999_999):
            moment = datetime.datetime(2026, 1, 1, 0, 0, 0, microsecond, tzinfo=UTC)
            self.assertEqual(self.judged_at(moment),
                             moment.replace(microsecond=microsecond // 1000 * 1000))

    def test_the_calendar_ends(self):
        first = datetime.datetime(1970, 1, 1, tzinfo=UTC)
        last = datetime.datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
        self.assertEqual([self.judged_at(each) for each in (first, last)], [first, last])
        with self.assertRaisesRegex(carnet.Malformed, "1970 to 9999"):
            self.judged_at(first - datetime.timedelta(milliseconds=1))

    def test_without_one_it_is_now(self):
        before = datetime.datetime.now(UTC)
        judged = recorded().gate().check(b"", recorded().model).now
        after = datetime.datetime.now(UTC)
        millisecond = datetime.timedelta(milliseconds=1)
        self.assertTrue(before - millisecond <= judged <= after)
