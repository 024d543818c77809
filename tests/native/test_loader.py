"""Loading objects: linking, rights, imports, unmapping, a second process."""

import ctypes
import os
import subprocess
import sys

import pytest

from pagoda.native.elf import ElfObject
from pagoda.native.emit import emit_object
from pagoda.native.loader import LoadedUnit, LoadError, default_imports, load

TEXT = """
declare i64 @outside(i64)
declare i32 @toupper(i32)
@counter = global i64 5
@hidden = internal global [3 x i64] zeroinitializer
@words = constant [4 x i32] [i32 10, i32 20, i32 30, i32 40]
@table = constant [2 x ptr] [ptr @one, ptr @two]
define i64 @one() noinline { ret i64 1 }
define i64 @two() noinline { ret i64 2 }
define i64 @pick(i64 %i) {
  %p = getelementptr [2 x ptr], ptr @table, i64 0, i64 %i
  %f = load volatile ptr, ptr %p
  %r = call i64 %f()
  ret i64 %r
}
define i64 @count() {
  %a = load i64, ptr @counter
  %b = add i64 %a, 1
  store i64 %b, ptr @counter
  %h = getelementptr [3 x i64], ptr @hidden, i64 0, i64 2
  %c = load volatile i64, ptr %h
  %d = add i64 %c, 100
  store volatile i64 %d, ptr %h
  %r = add i64 %b, %d
  ret i64 %r
}
define i64 @call_outside(i64 %x) {
  %r = call i64 @outside(i64 %x)
  ret i64 %r
}
define ptr @where_outside() { ret ptr @outside }
define ptr @where_one() { ret ptr @one }
define i32 @upper(i32 %x) {
  %r = call i32 @toupper(i32 %x)
  ret i32 %r
}
define i32 @word(i64 %i) {
  %p = getelementptr [4 x i32], ptr @words, i64 0, i64 %i
  %r = load i32, ptr %p
  ret i32 %r
}
define i64 @many(i64 %x) {
  switch i64 %x, label %other [ i64 0, label %a
    i64 1, label %b
    i64 2, label %c
    i64 3, label %d
    i64 4, label %e ]
a: ret i64 71
b: ret i64 -4
c: ret i64 9000
d: ret i64 12
e: ret i64 1
other: ret i64 0
}
"""
I64 = ctypes.c_int64


@pytest.fixture(scope="module")
def object_bytes():
    return emit_object(TEXT)


def function(unit: LoadedUnit, name: str, result=I64, *arguments):
    return ctypes.CFUNCTYPE(result, *arguments)(unit[name])


def map_rows():
    with open("/proc/self/maps") as file:
        for row in file:
            span, rights, *_rest = row.split()
            start, end = (int(part, 16) for part in span.split("-"))
            yield start, end, rights


def test_code_data_tables_and_imports(object_bytes):
    callback = ctypes.CFUNCTYPE(I64, I64)(lambda x: x * 3)
    address = ctypes.cast(callback, ctypes.c_void_p).value
    unit = load(object_bytes, {"outside": address})
    assert [function(unit, "pick", I64, I64)(i) for i in (0, 1)] == [1, 2]
    assert [function(unit, "count")() for _ in range(3)] == [106, 207, 308]
    assert I64.from_address(unit["counter"]).value == 8
    assert function(unit, "call_outside", I64, I64)(14) == 42
    assert function(unit, "where_outside", ctypes.c_void_p)() == address
    assert function(unit, "where_one", ctypes.c_void_p)() == unit["one"]
    assert function(unit, "upper", ctypes.c_int, ctypes.c_int)(97) == 65
    assert [function(unit, "word", ctypes.c_int32, I64)(i) for i in range(4)] == [10, 20, 30, 40]
    assert [function(unit, "many", I64, I64)(i) for i in range(6)] == [71, -4, 9000, 12, 1, 0]
    assert unit["one"] in unit
    assert address not in unit
    assert "hidden" not in unit.symbols
    unit.unmap()


def test_an_import_out_of_reach_goes_through_a_stub(object_bytes):
    # A page of code far from everything: x * 3, written by hand.
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
    far = libc.mmap(0x10_0000_0000, 4096, 3, 0x22, -1, 0)
    ctypes.memmove(far, b"\x48\x8d\x04\x7f\xc3", 5)  # lea rax, [rdi + rdi * 2]; ret
    libc.mprotect(ctypes.c_void_p(far), 4096, 5)
    unit = load(object_bytes, {"outside": far})
    assert abs(unit.base - far) > 1 << 31
    assert function(unit, "call_outside", I64, I64)(14) == 42
    assert function(unit, "where_outside", ctypes.c_void_p)() == far


def test_no_memory_is_writable_and_executable(object_bytes):
    unit = load(object_bytes, {"outside": 1})
    rights_of = {}
    for start, end, rights in map_rows():
        # Other libraries may do as they like: ctypes itself makes such a page for its first callback.
        assert "wx" not in rights or not start < unit.base + unit.size or not unit.base < end
        for name, address in unit.symbols.items():
            if start <= address < end:
                rights_of[name] = rights[:3]
    assert rights_of["one"] == "r-x"
    assert rights_of["words"] == "r--"
    assert rights_of["table"] == "r--"
    assert rights_of["counter"] == "rw-"
    unit.unmap()
    assert unit.symbols == {}


def test_unmap_gives_the_memory_back_and_garbage_does_not(object_bytes):
    unit = load(object_bytes, {"outside": 1})
    base = unit.base
    unit.unmap()
    unit.unmap()
    assert not any(start <= base < end for start, end, _rights in map_rows())
    kept = load(object_bytes, {"outside": 1}).base
    assert any(start <= kept < end for start, end, _rights in map_rows())


def test_unknown_symbols_are_all_named(object_bytes):
    with pytest.raises(LoadError, match="nobody provides outside, toupper"):
        load(object_bytes, {}, defaults=False)
    with pytest.raises(LoadError, match="nobody provides outside$"):
        load(object_bytes)


def test_default_imports():
    found = default_imports(["memcpy", "fmod", "PyLong_FromLong", "_Py_NoneStruct", "pthread_create", "__divti3"])
    assert all(found.values())
    assert found["_Py_NoneStruct"] == id(None)
    with pytest.raises(LoadError, match="no nonsense_a, nonsense_b"):
        default_imports(["nonsense_b", "nonsense_a", "malloc"])


def test_wide_division_finds_the_compilers_helper():
    unit = load(emit_object("define i64 @f(i64 %x) {\n %a = sext i64 %x to i128\n %b = mul i128 %a, %a\n"
                            " %d = sdiv i128 %b, 1000003\n %r = trunc i128 %d to i64\n ret i64 %r\n}\n"))
    assert function(unit, "f", I64, I64)(10**12) == 10**24 // 1000003


def test_bss_alignment_and_common():
    unit = load(emit_object("@wide = global [1000 x i64] zeroinitializer, align 256\n@c = common global i64 0, align 64\n"
                            "define ptr @f() {\n store i64 3, ptr @c\n ret ptr @wide }"))
    assert unit["wide"] % 256 == 0
    assert unit["c"] % 64 == 0
    assert function(unit, "f", ctypes.c_void_p)() == unit["wide"]
    assert bytes((ctypes.c_char * 8000).from_address(unit["wide"])) == bytes(8000)
    assert I64.from_address(unit["c"]).value == 3


def test_what_needs_a_run_time_is_refused():
    with pytest.raises(LoadError, match="constructors"):
        load(emit_object("@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 1, ptr @f, "
                         "ptr null }]\ndeclare void @abort()\ndefine void @f() { call void @abort()\n ret void }"))
    with pytest.raises(LoadError, match="thread-local"):
        load(emit_object("@t = thread_local global i64 1\ndefine i64 @f() { %r = load i64, ptr @t\n ret i64 %r }"))
    with pytest.raises(LoadError, match="indirect"):
        load(emit_object("@f = ifunc void (), ptr @g\ndefine ptr @g() { ret ptr null }"))


def test_another_machine_is_refused(object_bytes):
    damaged = bytearray(object_bytes)
    damaged[18] = 183
    with pytest.raises(LoadError, match="aarch64"):
        load(bytes(damaged))
    for data in (b"", b"\x7fELF", b"MZ" + bytes(200), bytes(64)):
        with pytest.raises(LoadError):
            load(data)


def test_an_impossible_size_is_refused():
    with pytest.raises(LoadError, match="too large|bytes of memory"):
        load(emit_object("@b = global [4000000000 x i8] zeroinitializer"))


def test_the_object_runs_in_a_second_process(object_bytes, tmp_path):
    path = tmp_path / "unit.o"
    path.write_bytes(object_bytes)
    code = (
        "import ctypes, sys\n"
        "from pagoda.native.loader import load, default_imports\n"
        "unit = load(open(sys.argv[1], 'rb').read(), {'outside': default_imports(['labs'])['labs']})\n"
        "print(ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long)(unit['call_outside'])(-9))\n"
        "assert not any(name.startswith('llvmlite') for name in sys.modules)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=env, check=True, capture_output=True, text=True)
    assert done.stdout == "9\n"


def test_unwind_tables_are_left_out():
    image = ElfObject(emit_object("declare void @g()\ndefine void @f() uwtable { call void @g()\n ret void }"))
    assert any(section.name == ".eh_frame" for section in image.sections)
    assert not any(section.name == ".eh_frame" for section in image.loaded_sections())
