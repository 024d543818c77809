"""A loop that does nothing but count and add.

In rounds: the sum of one round is exact in a float too, for peers that count in floats.
"""

import sys


def sum_below(n):
    total = 0
    i = 0
    while i < n:
        total = total + i
        i = i + 1
    return total


def sum_in_rounds(n):
    check = 0
    left = n
    while left > 0:
        size = left
        if size > 100000000:
            size = 100000000
        check = (check + sum_below(size)) % 1000003
        left = left - size
    return check


print(sum_in_rounds(int(sys.argv[1]) if len(sys.argv) > 1 else 50000000))
