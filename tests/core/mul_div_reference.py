#!/usr/bin/env python3
"""Prints floor(a * b / divisor) as computed with Python's integers, for flop_test.cc.

Each line is `a b divisor quotient`, where the quotient is `-` at 2^128 and above. Edge values are
combined with each other; random numbers have random lengths; and some triples are chosen so that
the quotient is next to 2^128. The lines are the same in every run. Standard library only.
"""

import random

END = 1 << 128
EDGES = sorted({0, 1, 2, 3, 7, 10, 100, 10**9, 10**26} |
               {(1 << bits) + d for bits in (63, 64, 65, 127) for d in (-1, 0, 1)} |
               {END - 2, END - 1})


def any_length(rng):
    return rng.getrandbits(rng.randint(1, 128))


def triples():
    for a in EDGES:
        for b in EDGES:
            for divisor in EDGES[1:]:
                yield a, b, divisor
    rng = random.Random(128)
    for _ in range(20_000):
        yield any_length(rng), any_length(rng), any_length(rng) or 1
    for _ in range(2_000):
        a, divisor = any_length(rng) or 1, any_length(rng) or 1
        least = -(-END * divisor // a)  # the least b whose quotient is out of range
        for b in (least - 1, least):
            if 0 <= b < END:
                yield a, b, divisor


for a, b, divisor in triples():
    quotient = a * b // divisor
    print(a, b, divisor, quotient if quotient < END else "-")
