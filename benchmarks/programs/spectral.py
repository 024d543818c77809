"""The largest eigenvalue of an endless matrix, by the power method: small calls and float arithmetic over arrays."""

import math
import sys


def element(row, column):
    return 1.0 / ((row + column) * (row + column + 1) // 2 + row + 1)


def times(v):
    result = []
    for row in range(len(v)):
        sum_of_row = 0.0
        for column in range(len(v)):
            sum_of_row = sum_of_row + element(row, column) * v[column]
        result.append(sum_of_row)
    return result


def times_transposed(v):
    result = []
    for row in range(len(v)):
        sum_of_row = 0.0
        for column in range(len(v)):
            sum_of_row = sum_of_row + element(column, row) * v[column]
        result.append(sum_of_row)
    return result


def spectral_norm(n):
    u = [1.0 for _ in range(n)]
    v = []
    for _ in range(10):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    uv = 0.0
    vv = 0.0
    for i in range(n):
        uv = uv + u[i] * v[i]
        vv = vv + v[i] * v[i]
    return math.sqrt(uv / vv)


print(math.floor(spectral_norm(int(sys.argv[1]) if len(sys.argv) > 1 else 350) * 1000000000.0))
