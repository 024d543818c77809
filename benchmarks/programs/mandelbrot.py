"""Float arithmetic in nested loops: how many points of a grid stay bounded for fifty steps."""

import sys


def points_inside(size):
    inside = 0
    row = 0
    while row < size:
        ci = 2.0 * row / size - 1.0
        column = 0
        while column < size:
            cr = 2.0 * column / size - 1.5
            zr = 0.0
            zi = 0.0
            steps = 0
            while steps < 50 and zr * zr + zi * zi <= 4.0:
                following = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = following
                steps = steps + 1
            if steps == 50:
                inside = inside + 1
            column = column + 1
        row = row + 1
    return inside


print(points_inside(int(sys.argv[1]) if len(sys.argv) > 1 else 700))
