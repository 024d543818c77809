"""Quicksort with an explicit stack, in place on an array."""

import sys


def make_numbers(n):
    numbers = []
    seed = 42
    i = 0
    while i < n:
        seed = (seed * 16807) % 2147483647
        numbers.append(seed % 1000000)
        i = i + 1
    return numbers


def quicksort(a):
    lows = [0]
    highs = [len(a) - 1]
    depth = 1
    while depth > 0:
        depth = depth - 1
        low = lows[depth]
        high = highs[depth]
        while low < high:
            pivot = a[(low + high) // 2]
            i = low
            j = high
            while i <= j:
                while a[i] < pivot:
                    i = i + 1
                while pivot < a[j]:
                    j = j - 1
                if i <= j:
                    held = a[i]
                    a[i] = a[j]
                    a[j] = held
                    i = i + 1
                    j = j - 1
            if depth == len(lows):
                lows.append(i)
                highs.append(high)
            else:
                lows[depth] = i
                highs[depth] = high
            depth = depth + 1
            high = j
    return a


def checksum(a):
    result = 0
    i = 0
    while i < len(a):
        result = (result * 31 + a[i]) % 1000003
        i = i + 1
    return result


print(checksum(quicksort(make_numbers(int(sys.argv[1]) if len(sys.argv) > 1 else 700000))))
