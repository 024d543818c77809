"""Flipping pancakes: for each of the first permutations of ten numbers, how many prefixes are turned until a 0 lies on top."""

import sys


def flips_of(original):
    permutation = original[:]
    flips = 0
    first = permutation[0]
    while first != 0:
        low = 0
        high = first
        while low < high:
            permutation[low], permutation[high] = permutation[high], permutation[low]
            low = low + 1
            high = high - 1
        flips = flips + 1
        first = permutation[0]
    return flips


def fannkuch(permutations):
    size = 10
    permutation = list(range(size))
    counts = list(range(1, size + 1))
    most = 0
    checksum = 0
    for number in range(permutations):
        flips = flips_of(permutation)
        if flips > most:
            most = flips
        if number % 2 == 0:
            checksum = checksum + flips
        else:
            checksum = checksum - flips

        # The next permutation: turn ever longer prefixes by one place, until one has not come round yet.
        place = 1
        turning = True
        while turning and place < size:
            first = permutation[0]
            for i in range(place):
                permutation[i] = permutation[i + 1]
            permutation[place] = first
            counts[place] = counts[place] - 1
            if counts[place] == 0:
                counts[place] = place + 1
                place = place + 1
            else:
                turning = False
    print(f"{checksum} {most}")


fannkuch(int(sys.argv[1]) if len(sys.argv) > 1 else 150000)
