"""Runs one command to its end, and says what its exit status means."""
import dataclasses
import subprocess

SECONDS = 120  # a verification; fetching has its own limit


@dataclasses.dataclass
class Done:
    status: int
    out: str
    err: str
    verdict: str  # "yes", "no" or, where it could not tell, "broken"

    def last_line(self):
        lines = [line for line in (self.err + "\n" + self.out).splitlines() if line.strip()]
        return lines[-1].strip() if lines else "" if self.verdict == "yes" else (
            f"exit status {self.status}, and no word")


def run(command, *, env=None, folder=None, text=None, seconds=SECONDS):
    """Exit status 0 is yes, 1 is no; anything else, or no end, is broken."""
    try:
        done = subprocess.run([str(word) for word in command], env=env, cwd=folder, input=text,
                              capture_output=True, text=True, errors="replace", check=False,
                              timeout=seconds,
                              **({"stdin": subprocess.DEVNULL} if text is None else {}))
    except subprocess.TimeoutExpired:
        return Done(124, "", f"no answer within {seconds} s", "broken")
    except OSError as error:
        return Done(127, "", str(error), "broken")
    verdict = {0: "yes", 1: "no"}.get(done.returncode, "broken")
    return Done(done.returncode, done.stdout, done.stderr, verdict)
