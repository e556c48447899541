#!/usr/bin/env python3
"""Loads each file of a folder as a pickle, by both readers of Python's, where every name leads to
one harmless class that notes whether it is called or changed. Prints `<file> runs` or
`<file> harmless`, sorted. Loads again as long as a pickle follows.

usage: unpickle_reference.py FOLDER
"""
import pathlib
import pickle
import sys


class Used(BaseException):
    pass


def use(*_, **__):
    raise Used


class Meta(type):
    __call__ = append = extend = add = __setitem__ = __setstate__ = use


class Named(metaclass=Meta):
    __new__ = use


def reader(base):
    return type("Reader", (base,), {"find_class": lambda self, module, name: Named,
                                    "persistent_load": lambda self, pid: None})


def runs(path, base):
    with path.open("rb") as file:
        try:
            while True:
                value = reader(base)(file).load()
                if file.tell() == path.stat().st_size and value is not Named:
                    return False
        except Used:
            return True
        except Exception:
            return False


for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    is_run = runs(path, pickle.Unpickler) or runs(path, pickle._Unpickler)
    print(path.name, "runs" if is_run else "harmless")
