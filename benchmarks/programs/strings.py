"""Building text: lines made of numbers and words, what is picked out of each character by character, all joined."""

import sys


def line_of(number, words):
    price = number * 37 % 1000 + 0.5
    return f"{number}: {words[number % len(words)]} at {price} ({number % 7} left)"


def picked(line):
    digits = ""
    others = 0
    for character in line:
        if "0" <= character <= "9":
            digits += character
        else:
            others += 1
    return f"{digits}/{others}"


def build(count):
    words = ["apple", "pear", "plum", "quince", "fig"]
    lines = []
    index = ""
    for number in range(count):
        line = line_of(number, words)
        lines.append(line)
        index += picked(line) + "\n"
    text = "\n".join(lines)
    print(f"{len(text)} {len(index)}")
    print(lines[count - 1])
    print(picked(lines[count // 2]))


build(int(sys.argv[1]) if len(sys.argv) > 1 else 80000)
