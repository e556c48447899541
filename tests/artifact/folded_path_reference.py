#!/usr/bin/env python3
"""Prints what paths become without case and normalisation, for path_collisions_test.cc.

A line is `<hex of the text> <hex of NFD(casefold(NFD(text)))>`, by Python's unicodedata. First
every assigned character, then random strings of letters and marks, in which the order of the marks
matters. The lines are the same at every run. Standard library only.
"""

import random
import sys
import unicodedata

SKIPPED = {"Cn", "Co", "Cs"}  # unassigned in Python's tables, private use, surrogates
CASED = {"Ll", "Lt", "Lu"}
MARKS = {"Mn", "Mc"}


def nfd(text):
    return unicodedata.normalize("NFD", text)


def show(text):
    print(text.encode().hex(), nfd(nfd(text).casefold()).encode().hex())


assigned = [c for c in map(chr, range(1, sys.maxunicode + 1))
            if unicodedata.category(c) not in SKIPPED]
for character in assigned:
    show(character)

rng = random.Random(145)
cased = [c for c in assigned if unicodedata.category(c) in CASED]
marks = [c for c in assigned if unicodedata.category(c) in MARKS]
decomposing = [c for c in assigned if nfd(c) != c]
for _ in range(20_000):
    show("".join(rng.choice(rng.choice((assigned, cased, marks, marks, decomposing)))
                 for _ in range(rng.randint(2, 8))))
