"""Other Python threads run while the library works, and it may be called from several."""
import concurrent.futures
import functools
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest

import carnet
from recorded import DEVICE, recorded, utc_now


class Counting:
    """Counts what another Python thread gets done meanwhile."""

    def __enter__(self):
        self.count, self.ended = 0, False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def run(self):
        while not self.ended:
            self.count += 1
            time.sleep(0.001)

    def __exit__(self, *_):
        self.ended = True
        self.thread.join()


class ThreadsTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def others_ran_during(self, call):
        """Whether another thread could run Python while `call` was at work."""
        switch = sys.getswitchinterval()
        sys.setswitchinterval(100)  # nobody takes the interpreter from a thread: it must let go
        self.addCleanup(sys.setswitchinterval, switch)
        with Counting() as counting:
            time.sleep(0.01)
            before = counting.count
            call()
            return counting.count - before  # before this thread lets go: else it says nothing

    def test_the_interpreter_is_free_during_digests(self):
        with open(self.folder / "a.bin", "wb") as file:
            file.truncate(256 << 20)
        self.assertGreater(self.others_ran_during(lambda: carnet.digest(self.folder, threads=1)), 0)

    def test_the_interpreter_is_free_while_a_gate_judges(self):
        gate, lines = recorded().gate(), recorded().issued.passport.splitlines(keepends=True)
        # Many signed lines: the gate reads and verifies each before it says that one is surplus.
        passport = b"".join(lines) + lines[1].replace(b"\n", b" \n") * 2000
        self.assertGreater(
            self.others_ran_during(lambda: gate.check(passport, recorded().model)), 0)

    def test_the_interpreter_is_free_while_a_ledger_appends(self):
        carnet.Ledger.create(self.folder / "ledger", "log.example.org")
        with carnet.Ledger.open(self.folder / "ledger") as ledger:
            def append():
                for number in range(20):
                    carnet.attest(ledger, recorded().cloud, "device",
                                  {**DEVICE, "id": f"tpm:ek:{number:064x}"})
            self.assertGreater(self.others_ran_during(append), 0)

    def test_one_gate_serves_many_threads(self):
        gate, now = recorded().gate(), utc_now()
        other = carnet.digest(recorded().folder / "ckpt/0")

        def judge(number):
            model = recorded().model if number % 2 else other
            return gate.check(recorded().issued.passport, model, now).passed

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertEqual(list(pool.map(judge, range(100))),
                             [bool(number % 2) for number in range(100)])

    def test_one_ledger_takes_from_many_threads(self):
        carnet.Ledger.create(self.folder / "ledger", "log.example.org")
        with carnet.Ledger.open(self.folder / "ledger") as ledger:
            def attest(number):
                return carnet.attest(ledger, recorded().cloud, "device",
                                     {**DEVICE, "id": f"tpm:ek:{number:064x}"}).index
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                self.assertEqual(sorted(pool.map(attest, range(40))), list(range(40)))
        self.assertEqual(carnet.fsck(self.folder / "ledger").findings, ())

    def test_one_recorder_called_from_many_threads_records_once(self):
        ledger = carnet.Ledger.open(recorded().folder / "ledger")
        with ledger, carnet.RunRecorder.open(recorded().folder / "run", recorded().lab,
                                             ledger) as recorder:
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                steps = list(pool.map(lambda _: recorder.complete({}, recorded().model), range(8)))
        self.assertEqual({step.statement for step in steps}, {recorded().completion.statement})
        self.assertTrue(all(step.repeated for step in steps))

    def test_ctrl_c_ends_a_long_digest(self):
        with open(self.folder / "a.bin", "wb") as file:
            file.truncate(1 << 40)  # an hour of zeros
        script = textwrap.dedent("""
            import carnet, sys
            def progress(done, total):
                if not progress.said:
                    print("reading", flush=True)
                    progress.said = True
            progress.said = False
            try:
                carnet.digest(sys.argv[1], progress=progress)
            except KeyboardInterrupt:
                print("interrupted", flush=True)
            """)
        heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        with subprocess.Popen([sys.executable, "-c", script, str(self.folder)], text=True,
                              stdout=subprocess.PIPE, preexec_fn=heard) as process:
            self.assertEqual(process.stdout.readline(), "reading\n")
            process.send_signal(signal.SIGINT)
            try:
                self.assertEqual(process.communicate(timeout=60)[0], "interrupted\n")
            finally:
                process.kill()

    def test_a_fork_in_between_does_no_harm(self):
        """As PyTorch's data loaders do: the child digests too."""
        carnet.digest(recorded().folder / "model")
        child = os.fork()
        if child == 0:
            same = carnet.digest(recorded().folder / "model").digest == recorded().model.digest
            os._exit(0 if same else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
