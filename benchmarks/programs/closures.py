"""Calling closures: one that keeps a count, one that reads a captured value, one through a higher-order function."""

import sys


def make_counter():
    count = 0

    def tick():
        nonlocal count
        count = count + 1
        return count

    return tick


def make_adder(amount):
    def add(x):
        return x + amount

    return add


def apply(f, x):
    return f(x)


def run(n):
    tick = make_counter()
    add_three = make_adder(3)
    total = 0
    i = 0
    while i < n:
        total = (total + apply(add_three, i) + add_three(tick())) % 1000003
        i = i + 1
    return total


print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 5000000))
