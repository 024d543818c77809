"""Native functions called as Python functions, and Python objects called from native code."""

import gc
import subprocess
import sys

import pytest

from pagoda.native.emit import emit_object
from pagoda.native.entry import FAST, FAST_KEYWORDS, NOARGS, ONE, Held, callable_at
from pagoda.native.loader import load

TEXT = """
declare ptr @PyLong_FromLongLong(i64)
declare i64 @PyLong_AsLongLong(ptr)
declare ptr @PyErr_Occurred()
declare ptr @PyObject_CallOneArg(ptr, ptr)
declare void @Py_IncRef(ptr)
@_Py_NoneStruct = external global i8

define ptr @none(ptr %bound, ptr %unused) {
  call void @Py_IncRef(ptr @_Py_NoneStruct)
  ret ptr @_Py_NoneStruct
}
define ptr @next(ptr %bound, ptr %a) {
  %v = call i64 @PyLong_AsLongLong(ptr %a)
  %e = call ptr @PyErr_Occurred()
  %bad = icmp ne ptr %e, null
  br i1 %bad, label %fail, label %good
good:
  %r = add i64 %v, 1
  %o = call ptr @PyLong_FromLongLong(i64 %r)
  ret ptr %o
fail:
  ret ptr null
}
define ptr @count(ptr %bound, ptr %arguments, i64 %n) {
  %o = call ptr @PyLong_FromLongLong(i64 %n)
  ret ptr %o
}
define ptr @names(ptr %bound, ptr %arguments, i64 %n, ptr %names) {
  %none = icmp eq ptr %names, null
  %given = select i1 %none, ptr @_Py_NoneStruct, ptr %names
  call void @Py_IncRef(ptr %given)
  ret ptr %given
}
define ptr @through(ptr %bound, ptr %a) {
  %r = call ptr @PyObject_CallOneArg(ptr %bound, ptr %a)
  ret ptr %r
}
define ptr @null_bound(ptr %bound, ptr %unused) {
  %null = icmp eq ptr %bound, null
  %n = zext i1 %null to i64
  %o = call ptr @PyLong_FromLongLong(i64 %n)
  ret ptr %o
}
"""


@pytest.fixture(scope="module")
def unit():
    return load(emit_object(TEXT))


def test_every_convention(unit):
    assert callable_at(unit["none"], "none", NOARGS)() is None
    assert callable_at(unit["null_bound"], "null_bound", NOARGS)() == 1
    assert callable_at(unit["next"], "next", ONE)(41) == 42
    assert callable_at(unit["count"], "count", FAST)(1, "two", None) == 3
    names = callable_at(unit["names"], "names", FAST_KEYWORDS)
    assert names(1, b=2, c=3) == ("b", "c")
    assert names(1) is None


def test_errors_come_through(unit):
    function = callable_at(unit["next"], "next", ONE, doc="next($module, value, /)\n--\n\nThe number after.", module="pagoda.x")
    with pytest.raises(TypeError):
        function("text")
    with pytest.raises(OverflowError):
        function(1 << 70)
    with pytest.raises(TypeError, match="takes exactly one argument"):
        function()
    assert (function.__name__, function.__module__, function.__doc__) == ("next", "pagoda.x", "The number after.")
    with pytest.raises(ValueError, match="convention"):
        callable_at(unit["next"], "next", 1)
    with pytest.raises(ValueError, match="no address"):
        callable_at(0, "next")


def test_native_code_calls_python(unit):
    through = callable_at(unit["through"], "through", ONE, bound=lambda x: x * 2)
    assert through(21) == 42

    def fails(value):
        raise KeyError(value)
    with pytest.raises(KeyError):
        callable_at(unit["through"], "through", ONE, bound=fails)(1)


def test_the_function_keeps_what_it_needs(unit):
    class Kept:
        pass
    kept = Kept()
    before = sys.getrefcount(kept)
    functions = [callable_at(unit["count"], f"count{i}", keep=(kept,)) for i in range(1000)]
    gc.collect()
    assert [function.__name__ for function in functions] == [f"count{i}" for i in range(1000)]
    assert all(function(1, 2) == 2 for function in functions)
    assert sys.getrefcount(kept) > before
    functions.clear()
    gc.collect()
    assert sys.getrefcount(kept) == before


def test_held_objects():
    value = [1, 2, 3]
    held = Held(value)
    assert held.address == id(value)
    held.release()
    assert held.address == 0


def test_functions_alive_at_exit_do_no_harm(tmp_path):
    path = tmp_path / "unit.o"
    path.write_bytes(emit_object(TEXT))
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from pagoda.native.entry import callable_at, ONE\n"
        "from pagoda.native.loader import load\n"
        f"unit = load(open({str(path)!r}, 'rb').read())\n"
        "sys.kept = [callable_at(unit['next'], 'next', ONE) for _ in range(100)]\n"
        "cycle = [callable_at(unit['next'], 'next', ONE)]; cycle.append(cycle)\n"
        "print(sys.kept[5](1))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2\n"
