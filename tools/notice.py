"""The table of NOTICE: what the release binary holds of others."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
LINE = re.compile(r"  (\S.*?)  +(\S.*?)  +((?:\S+\.(?:a|h|hpp) ?)+)")


def table(text):
    """[(name, licence, [archive or header])]"""
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    return [(match[1], match[2], match[3].split()) for match in found if match]
