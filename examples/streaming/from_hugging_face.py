"""Downloads a model from the Hugging Face hub, judged while it arrives.

    python from_hugging_face.py example-lab/model --trust trust models/model

HF_ENDPOINT and HF_TOKEN are those of huggingface_hub. The revision is resolved once, so that all
files are of one commit.
"""
import argparse
import contextlib
import functools
import pathlib
import sys

import carnet
import urllib3
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.utils import build_hf_headers, get_session
from judged_download import download, exit_status


@contextlib.contextmanager
def opened(repository: str, revision: str, name: str):
    """The file's bytes, undecoded: the passport is about what the hub stores."""
    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    with get_session().get(hf_hub_url(repository, name, revision=revision), headers=headers,
                           stream=True, timeout=60) as response:
        response.raise_for_status()
        yield Body(response)


class Body:
    """Raises OSError where the connection ends before the announced length."""

    def __init__(self, response) -> None:
        self._raw = response.raw
        self._left = int(response.headers["Content-Length"])

    def read(self, size: int) -> bytes:
        try:
            chunk = self._raw.read(min(size, self._left))
        except urllib3.exceptions.HTTPError as error:
            raise OSError(str(error)) from error
        self._left -= len(chunk)
        if not chunk and self._left:
            raise OSError(f"the connection ended {self._left} bytes before the file")
        return chunk


def main() -> carnet.Verdict:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("repository")
    arguments.add_argument("out", type=pathlib.Path, help="the folder to make")
    arguments.add_argument("--revision", default="main")
    arguments.add_argument("--trust", required=True)
    arguments.add_argument("--policy", default="hub-default")
    given = arguments.parse_args()
    info = HfApi().model_info(given.repository, revision=given.revision)
    files = {one.rfilename: functools.partial(opened, given.repository, info.sha, one.rfilename)
             for one in info.siblings}
    gate = carnet.Gate(carnet.Trust.load(given.trust),
                       carnet.Policy.find(given.policy, given.trust))
    return download(files, gate, given.out)


if __name__ == "__main__":
    sys.exit(exit_status(main))
