"""Building a large array of bools, then reading and writing it in loops."""

import sys


def count_primes(limit):
    flags = []
    i = 0
    while i <= limit:
        flags.append(True)
        i = i + 1
    count = 0
    p = 2
    while p <= limit:
        if flags[p]:
            count = count + 1
            multiple = p * p
            while multiple <= limit:
                flags[multiple] = False
                multiple = multiple + p
        p = p + 1
    return count


print(count_primes(int(sys.argv[1]) if len(sys.argv) > 1 else 5000000))
