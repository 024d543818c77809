"""Dictionaries: counting a thousand words over and over, then filling and reading one with scattered integer keys."""

import sys


def count_words(n):
    words = []
    counts = {}
    i = 0
    while i < 1000:
        word = f"word{i}"
        words.append(word)
        counts[word] = 0
        i = i + 1
    i = 0
    while i < n:
        word = words[i * 7 % 1000]
        counts[word] = counts[word] + i % 3
        i = i + 1
    checksum = 0
    i = 0
    while i < 1000:
        checksum = (checksum * 31 + counts[words[i]]) % 1000003
        i = i + 1
    return checksum


def scattered_keys(n):
    table = {}
    i = 0
    while i < n:
        table[i * 7919 % 1000003] = i
        i = i + 1
    checksum = 0
    i = 0
    while i < n:
        checksum = (checksum + table[i * 7919 % 1000003] * 3) % 1000003
        i = i + 1
    return checksum + len(table)


n = int(sys.argv[1]) if len(sys.argv) > 1 else 1500000
print(count_words(n))
print(scattered_keys(n))
