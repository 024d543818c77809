"""A loop that does nothing but count and add."""

import sys


def sum_below(n):
    total = 0
    i = 0
    while i < n:
        total = total + i
        i = i + 1
    return total


print(sum_below(int(sys.argv[1]) if len(sys.argv) > 1 else 50000000))
