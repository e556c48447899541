#!/usr/bin/env python3
"""Runs a command on a terminal of its own and answers its questions for passwords.

    on_terminal.py COMMAND [ANSWER…]

Before each answer it waits for a question with the echo off. An answer is typed with Enter, unless
it is `signal:NAME` (sent to the command) or `key:x` (the control character ^X, typed alone). The
last line says how the command ended and whether the terminal echoes: `exit 0, echo on`."""

import os
import pty
import select
import signal
import sys
import termios
import time

DEADLINE = time.monotonic() + 60


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def main(command, answers):
    leader, follower = pty.openpty()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        import fcntl

        fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(follower, fd)
        os.closerange(3, 64)
        # Whoever started the tests in the background had these ignored.
        for ended_by in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
            signal.signal(ended_by, signal.SIG_DFL)
        os.execvp("sh", ["sh", "-c", "exec " + command])
    shown = b""
    answered = 0  # how much was shown when the last question was answered
    status = None

    def read_some():
        nonlocal shown
        if time.monotonic() > DEADLINE:
            os.kill(pid, signal.SIGKILL)
            sys.exit("no question and no end: " + repr(shown))
        if select.select([leader], [], [], 0.02)[0]:
            shown += os.read(leader, 4096)

    def ended():
        nonlocal status
        if status is None:
            done, waited = os.waitpid(pid, os.WNOHANG)
            status = waited if done else None
        return status is not None

    def asks():
        return not echoes(leader) and shown[answered:].endswith(b": ")

    for answer in answers:
        while not asks() and not ended():
            read_some()
        answered = len(shown)
        if answer.startswith("signal:"):
            os.kill(pid, getattr(signal, answer[7:]))
        elif answer.startswith("key:"):
            os.write(leader, bytes([ord(answer[4:].upper()) - 64]))
        else:
            os.write(leader, answer.encode() + b"\n")
    while not ended():
        read_some()
    while select.select([leader], [], [], 0.05)[0]:
        try:
            shown += os.read(leader, 4096)
        except OSError:
            break
    print(shown.decode(errors="replace").replace("\r", ""), end="")
    how = (
        f"signal {signal.Signals(os.WTERMSIG(status)).name}"
        if os.WIFSIGNALED(status)
        else f"exit {os.WEXITSTATUS(status)}"
    )
    print(f"\n{how}, echo {'on' if echoes(leader) else 'off'}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
