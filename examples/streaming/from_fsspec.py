"""Downloads a model from any file system that fsspec knows, judged while it arrives.

    python from_fsspec.py s3://bucket/model --trust trust models/model
    python from_fsspec.py https://host/model.zip --trust trust models/model
"""
import argparse
import functools
import pathlib
import sys

import carnet
import fsspec
from judged_download import download, exit_status


def main() -> carnet.Verdict:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("url", help="a folder; of a .zip, the archive")
    arguments.add_argument("out", type=pathlib.Path, help="the folder to make")
    arguments.add_argument("--trust", required=True)
    arguments.add_argument("--policy", default="hub-default")
    given = arguments.parse_args()
    url = f"zip://::{given.url}" if given.url.endswith(".zip") else given.url
    files, root = fsspec.core.url_to_fs(url)
    found = {path[len(root):].lstrip("/"): functools.partial(files.open, path, "rb")
             for path in files.find(root)}
    gate = carnet.Gate(carnet.Trust.load(given.trust),
                       carnet.Policy.find(given.policy, given.trust))
    return download(found, gate, given.out)


if __name__ == "__main__":
    sys.exit(exit_status(main))
