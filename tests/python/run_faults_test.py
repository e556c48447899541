"""carnet.Run where something goes wrong: no sum is ever too small, and training goes on."""
import errno
import json
import os
import shutil
import sys
import threading
import time
import unittest
from unittest import mock

import carnet
import carnet._queue
import carnet._ranks
import carnet._run
from recorded import PASSWORD, write_weights
from run_test import STEP_S, Project


def full_disk(*ignored, **named):
    raise OSError(errno.ENOSPC, "No space left on device")


class Index:
    """A number of a framework, such as a tensor of one element."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class TokensTest(Project):
    def test_tokens_that_could_not_be_handed_over_are_the_next_segments_however_they_are_told(self):
        run = self.make()
        run.start()
        self.train(run, 1, tokens=1)
        with mock.patch.object(carnet._queue, "write_atomic", full_disk):
            write_weights(self.folder / "two", 2)
            run.checkpoint(self.folder / "two", 20, tokens=20, precision=["fp32"])
        self.assertIn("No space left", run.problems[0])
        time.sleep(STEP_S)
        write_weights(self.folder / "three", 3)
        run.checkpoint(self.folder / "three", 30, tokens=300, precision=["fp32"])
        run.complete(self.folder / "three")
        self.assertEqual([one["tokens"] for one in self.segments()], [1, 320])

    def test_tokens_of_other_ranks_are_not_lost_with_a_checkpoint_that_could_not_be_queued(self):
        run = self.make()
        run.start()

        class Two:
            rank, size, attempt, reached = 0, 2, "one", 0

            def share(self, name, value):
                self.reached += 1000  # since its start, as every rank tells it
                return lambda: [value, self.reached]

        run._ranks = Two()
        self.train(run, 1, tokens=1)
        with mock.patch.object(carnet._queue, "write_atomic", full_disk):
            self.train(run, 2, tokens=1)
        self.train(run, 3, tokens=1)
        run.wait()
        self.assertEqual([one["tokens"] for one in self.segments()], [1001, 2002])
        self.assertEqual(os.listdir("run1/queue"), [])

    def test_tokens_are_counted_whole_by_several_threads(self):
        run = self.make()

        def count():
            for _ in range(20000):
                run.count(Index(1))

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        self.addCleanup(sys.setswitchinterval, before)
        run.start()
        threads = [threading.Thread(target=count) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.train(run, 1, tokens=0)
        run.close()
        self.assertEqual([one["tokens"] for one in self.segments()], [80000])

    def test_a_number_of_a_framework_is_a_number_of_tokens(self):
        run = self.make()
        run.start()
        self.train(run, 1, tokens=Index(7))
        run.close()
        self.assertEqual(run.problems, [])
        self.assertEqual([one["tokens"] for one in self.segments()], [7])

    def test_a_job_of_several_that_cannot_tell_its_attempts_apart_records_no_sum_of_one(self):
        os.environ.update(RANK="0", WORLD_SIZE="2")
        run = self.make()
        run.start()
        model = self.train(run, 1)
        with self.assertRaises(carnet.Error):
            run.complete(model)
        with self.assertRaises(carnet.Error):
            run.issue_passport(model)


class NeverRaisesTest(Project):
    def test_fields_that_no_draft_can_have_are_a_problem_and_no_exception(self):
        run = self.make()
        run.start()
        self.train(run, 1, metrics=[{"name": "loss", "value": object()}])
        self.assertEqual(len(run.problems), 1)
        model = self.train(run, 2)
        run.complete(model)
        self.assertEqual([one["tokens"] for one in self.segments()], [200])

    def test_a_field_of_another_type_is_told_by_its_name(self):
        run = self.make()
        run.start()
        write_weights(self.folder / "one", 1)
        run.checkpoint(self.folder / "one", 10, tokens=100, precision="fp32")
        run.wait()
        self.assertIn("precision: expected an array, found string", run.problems[0])

    def test_a_damaged_queue_is_a_problem_and_no_exception(self):
        run = self.make()
        run.start()
        run.close()
        (self.folder / "run1/queue").mkdir(exist_ok=True)
        (self.folder / "run1/queue/00000000.json").write_text("{")
        again = self.make()
        again.start()
        self.assertIn("00000000.json", again.problems[0])
        model = self.train(again, 1)
        with self.assertRaises(carnet.Error):
            again.complete(model)

    def test_an_unforeseen_error_of_the_recording_thread_is_told(self):
        run = self.make()
        run.start()
        with mock.patch.object(run, "_record", side_effect=KeyError("odd")):
            self.train(run, 1, tokens=1)
            run.wait()
        self.assertIn("odd", run.problems[0])
        run.complete(self.train(run, 2, tokens=2))
        self.assertEqual([one["tokens"] for one in self.segments()], [1, 2])

    def test_after_close_a_checkpoint_is_a_problem_and_no_exception(self):
        run = self.make()
        with run:
            self.train(run, 1)
        self.train(run, 2)
        self.assertIn("closed", run.problems[0])
        with self.assertRaisesRegex(carnet.Error, "closed"):
            run.complete(self.folder / "checkpoints/1")


class FilesTest(Project):
    def test_a_checkpoint_overwritten_in_place_is_noticed(self):
        run = self.make()
        run.start()
        self.train(run, 1, tokens=1)
        run.wait()
        overwritten, fetch = threading.Event(), carnet._queue.Queue.fetch

        def fetch_late(*given):
            overwritten.wait(10)
            return fetch(*given)

        with mock.patch.object(carnet._queue.Queue, "fetch", fetch_late):
            path = self.folder / "last"
            write_weights(path, 2)
            run.checkpoint(path, 20, tokens=20, precision=["fp32"])
            time.sleep(0.02)  # times of files have steps of some milliseconds
            with open(path / "model.safetensors", "r+b") as file:  # the same inode, the same size
                file.seek(-4, os.SEEK_END)
                file.write(b"\1\2\3\4")
            overwritten.set()
            run.wait()
        self.assertIn("changed", "".join(run.problems))
        model = self.train(run, 3, tokens=300)
        run.complete(model)
        self.assertEqual([one["tokens"] for one in self.segments()], [1, 320])

    def test_where_no_links_are_possible_training_does_not_wait_for_a_copy(self):
        run = self.make()
        run.start()
        no_link = OSError(errno.EXDEV, "Invalid cross-device link")
        copying, copied = shutil.copyfile, []

        def copy(*paths):
            copied.append(threading.current_thread())
            return copying(*paths)

        with mock.patch("os.link", side_effect=no_link), mock.patch("shutil.copyfile", copy):
            self.train(run, 1)
            run.close()
        self.assertEqual(len(copied), 2)
        self.assertNotIn(threading.current_thread(), copied)
        self.assertEqual(run.problems, [])
        self.assertEqual([one["tokens"] for one in self.segments()], [100])


class ResumedTest(Project):
    def test_steps_that_go_back_without_saying_so_are_told_and_not_recorded_as_going_on(self):
        run = self.make()
        run.start()
        self.train(run, 1)
        self.train(run, 2)
        run.close()
        again = self.make()
        again.start()
        self.train(again, 11, step=15)  # went back to step 10, and nobody said so
        model = self.train(again, 12, step=30)
        with self.assertRaises(carnet.Error):
            again.complete(model)
        self.assertEqual([one["steps"]["to"] for one in self.segments()], [10, 20])
        self.assertIn("start(", again.problems[0])

    def test_steps_that_go_back_and_say_so_start_from_that_segments_weights(self):
        run = self.make()
        run.start()
        self.train(run, 1)
        self.train(run, 2)
        run.close()
        again = self.make()
        again.start(10)
        model = self.train(again, 11, step=15)
        again.complete(model)
        again.issue_passport(name="tiny")
        self.assertEqual(again.problems, [])
        self.assertEqual([(one["steps"]["from"], one["steps"]["to"], one["tokens"])
                          for one in self.segments()], [(0, 10, 100), (10, 20, 100), (10, 15, 100)])
        self.assertIn("weights_from", self.segments()[2])

    def test_going_on_from_a_checkpoint_that_was_never_handed_over_is_told_at_start(self):
        run = self.make()
        run.start()
        self.train(run, 1)
        run.close()  # and training wrote another checkpoint before it was killed
        again = self.make()
        again.start(20)
        self.assertIn("step 20, where no recorded checkpoint of this run ended; one did at 10",
                      again.problems[0])
        again.start(10)
        again.complete(self.train(again, 2))
        self.assertEqual([one["steps"] for one in self.segments()],
                         [{"from": 0, "to": 10}, {"from": 10, "to": 20}])

    def test_what_an_earlier_job_left_unrecorded_keeps_its_own_times(self):
        run = self.make()
        run.start()
        self.train(run, 1)
        run.wait()
        os.rename("ledger", "away")
        self.train(run, 2)
        run.close()
        os.rename("away", "ledger")
        ended = self.segments()[0]["time"]["to"]
        shutil.rmtree(next((self.folder / "run1/queue").glob("[0-9]*[0-9]")))
        time.sleep(1.5)  # nobody's device time
        again = self.make()
        again.start()
        model = self.train(again, 3)
        again.complete(model)
        last = self.segments()[-1]
        self.assertEqual((last["tokens"], last["steps"]), (200, {"from": 10, "to": 30}))
        self.assertLessEqual(last["time"]["from"], ended)
        self.assertGreaterEqual(last["usage"][0]["ms"], 1000 * 2 * STEP_S)
        self.assertLess(last["usage"][0]["ms"], 1500)

    def test_data_that_changed_between_two_jobs_are_told_and_nothing_is_recorded(self):
        run = self.make()
        run.start()
        self.train(run, 1)
        run.close()
        (self.folder / "data/a.txt").write_text("other text\n")
        again = self.make()
        again.start()
        self.assertIn("data: is not the data set that the run was opened with", again.problems[0])
        model = self.train(again, 2)
        with self.assertRaises(carnet.Error):
            again.complete(model)
        self.assertEqual(len(self.segments()), 1)
        (self.folder / "data/a.txt").write_text("some text\n")
        again.complete(model)
        self.assertEqual(len(self.segments()), 2)

    def test_the_same_step_twice_is_no_second_segment(self):
        run = self.make()
        run.start()
        model = self.train(run, 1)
        run.wait()
        run.checkpoint(model, 10, tokens=0, precision=["fp32"])
        run.complete(model)
        self.assertEqual([one["tokens"] for one in self.segments()], [100])

    def test_tokens_after_the_last_checkpoint_are_not_passed_over(self):
        run = self.make()
        run.start()
        model = self.train(run, 1)
        run.count(5)
        with self.assertRaisesRegex(carnet.Rejected, "5 tokens"):
            run.complete(model)

    def test_two_jobs_on_one_directory_count_nothing_twice(self):
        runs = [self.make(), self.make()]
        runs[0].start()
        runs[1].start()
        self.train(runs[0], 1)
        self.train(runs[1], 2)
        for one in runs:
            one.close()
        self.assertTrue(runs[1].problems)
        self.assertEqual([one["tokens"] for one in self.segments()], [100])


class DeadRankTest(Project):
    def setUp(self):
        super().setUp()
        os.environ.update(RANK="0", WORLD_SIZE="2", CARNET_JOB="a")

    def told(self, name, value):
        folder = next((self.folder / "run1/ranks").iterdir())
        (folder / f"{name}.1.json").write_text(json.dumps(value))

    def started(self, **options):
        with carnet.Ledger.open("ledger") as ledger:
            machine = carnet.attest_machine(ledger, carnet.Key.load("lab.key", PASSWORD),
                                            carnet.report_machine()).statement
        run = self.make(devices=[machine], **options)
        with mock.patch.object(carnet._ranks, "_LONGEST_WAIT_S", 0.2):
            run.start()
        return run

    def test_a_rank_that_told_nothing_is_told_and_makes_no_sum(self):
        run = self.started()
        with mock.patch.object(carnet._ranks, "_LONGEST_WAIT_S", 0.2):
            model = self.train(run, 1)
            run.wait()
            self.assertIn("rank 1 of 2", "".join(run.problems))
            with self.assertRaisesRegex(carnet.Rejected, "rank 1 of 2"):
                run.complete(model)
        self.assertEqual(self.segments(), [])

    def test_a_job_that_goes_on_does_not_wait_for_a_rank_of_the_dead_one(self):
        run = self.started()
        with mock.patch.object(carnet._ranks, "_LONGEST_WAIT_S", 0.2):
            self.train(run, 1)
            run.close()
        os.environ["CARNET_JOB"] = "b"
        began = time.monotonic()
        again = self.make(devices=[])
        with mock.patch.object(carnet._ranks, "_LONGEST_WAIT_S", 60.0):
            again.start()
        self.assertLess(time.monotonic() - began, 20)

    def test_one_segment_that_failed_becomes_part_of_the_next_with_the_tokens_of_all_ranks(self):
        run = self.started()
        with mock.patch.object(carnet._ranks, "_LONGEST_WAIT_S", 5.0):
            os.rename("ledger", "away")
            self.train(run, 1, tokens=1)
            self.told("step-10", 10)
            run.wait()
            os.rename("away", "ledger")
            shutil.rmtree(next((self.folder / "run1/queue").glob("[0-9]*[0-9]")))
            model = self.train(run, 2, tokens=100)
            self.told("step-20", 1010)  # since its start
            run.complete(model)
        self.assertEqual([one["tokens"] for one in self.segments()], [1111])


class CollectiveTest(Project):
    def test_a_rank_whose_machine_cannot_be_read_still_takes_part_in_the_collective(self):
        run, calls = self.make(), []

        class Two:
            rank, size = 1, 2

            def share(self, name, value):
                calls.append(name)
                return lambda: [value, value]

        with mock.patch.object(carnet._run, "ranks_of", lambda folder: Two()), \
                mock.patch.object(carnet._run, "report_machine",
                                  side_effect=carnet.Malformed("nvidia-smi: odd")):
            run.start()
        self.assertEqual(calls, ["machine"])
        self.assertIn("nvidia-smi", run.problems[0])


if __name__ == "__main__":
    unittest.main()
