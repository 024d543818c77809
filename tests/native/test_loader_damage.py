"""Damaged objects: every truncation and thousands of flipped bytes end in LoadError or in a unit, never in a crash.

The loads run in a child process that only loads and never calls what it loaded; its exit status is the proof.
"""

import os
import subprocess
import sys

import pytest

from pagoda.native.elf import ElfObject
from pagoda.native.emit import emit_object

TEXT = """
declare i64 @labs(i64)
@state = global i64 5
@table = constant [2 x ptr] [ptr @f, ptr @labs]
@common = common global i64 0
define i64 @f(i64 %x) {
  %r = call i64 @labs(i64 %x)
  %s = load i64, ptr @state
  %t = add i64 %r, %s
  ret i64 %t
}
"""
CHILD = """
import random, sys
from pagoda.native.loader import LoadError, load

data = open(sys.argv[1], "rb").read()
places = eval(sys.argv[3])
random.seed(7)
loaded = refused = 0

def attempt(damaged):
    global loaded, refused
    try:
        load(bytes(damaged)).unmap()
        loaded += 1
    except LoadError:
        refused += 1

if sys.argv[2] == "cut":
    for size in range(len(data)):
        attempt(data[:size])
elif sys.argv[2] == "flip":
    for place in places:
        for value in {0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF, data[place] ^ 1, data[place] ^ 0x80, random.randrange(256)}:
            damaged = bytearray(data)
            damaged[place] = value
            attempt(damaged)
else:
    for _ in range(6000):
        damaged = bytearray(data)
        for _ in range(random.randrange(1, 6)):
            place = random.choice(places)
            width = random.choice((1, 2, 4, 8))
            damaged[place:place + width] = random.choice((b"\\xff", b"\\0", b"\\x7f", random.randbytes(1))) * width
        attempt(damaged)
print(loaded, refused)
"""


@pytest.mark.parametrize("how", ["cut", "flip", "many"])
def test_damage_never_crashes(how, tmp_path):
    data = emit_object(TEXT)
    image = ElfObject(data)
    # Headers and tables: everything but the contents of code and data, which the loader copies without looking.
    places = list(range(64)) + list(range(len(data) - 64 * len(image.sections), len(data)))
    for section in image.sections:
        if section.name == ".symtab" or section.name.startswith((".rela", ".strtab")):
            places += range(section.offset, section.offset + section.size)
    path = tmp_path / "unit.o"
    path.write_bytes(data)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), how, repr(places)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded, refused = map(int, done.stdout.split())
    assert refused > 300
    assert loaded > 0 or how == "cut"
