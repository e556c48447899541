"""The command under test, and which of its parts are there."""
import os

from process import run


class Carnet:
    def __init__(self, binary, home):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith("CARNET_")}
        self.binary = binary
        self.env = {**kept, "HOME": str(home), "CARNET_PASSWORD": "interop",
                    "CARNET_CONFIG": "none"}

    def run(self, *arguments, env=None):
        return run([self.binary, *arguments], env={**self.env, **(env or {})})

    def must(self, *arguments, env=None):
        done = self.run(*arguments, env=env)
        if done.verdict != "yes":
            raise RuntimeError(f"carnet {' '.join(map(str, arguments))}: {done.last_line()}")
        return done.out.strip()

    def has(self, *command, flag=""):
        """Whether it has a subcommand, and that a word in its help."""
        done = self.run(*command, "--help")
        return done.verdict == "yes" and flag in done.out
